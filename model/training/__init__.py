"""Training: its configuration, loop, state, selection of the model, charts and comparisons."""
