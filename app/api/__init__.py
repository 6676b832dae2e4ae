"""The routes: each file translates HTTP into calls of the model."""
