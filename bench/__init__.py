"""Benchmarks: each a ratio or a rate measured in one run, since machines are shared and noisy."""
