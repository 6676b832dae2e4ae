"""The numbers of the mathematics (docs/maths.md), computed by the project's own code."""
