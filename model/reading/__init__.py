"""Whole numbers in a picture: lines, where their ink is cut into digits, and what those are."""
