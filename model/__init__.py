"""The network and all that it needs: NumPy and Pillow alone, and nothing of HTTP."""
