"""The server: HTTP in, the model's answer out."""

import os

__version__ = "1.0.0"

# Before NumPy is imported: the matrices of one drawing are tiny, and two BLAS threads on one of them lose to one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
