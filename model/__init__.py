"""The network, written from scratch: everything but HTTP.

>>> from pathlib import Path
>>> from PIL import Image
>>> from model import Recognizer, preprocess
>>> recognizer = Recognizer.load(Path("weights/digits.npz"))
>>> picture = preprocess(Image.new("L", (280, 280), "white"))  # or Image.open("photo.png")
>>> reading = recognizer.read(picture.reshape(1, 784))
>>> reading.digit(0), reading.verdicts[0], reading.probabilities[0].sum().round(6).item()
(None, 'blank', 1.0)
"""

import os

# Before NumPy is imported. Two BLAS threads on matrices as small as ours wait for each other more than they work: a
# training beside other work took ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from model.preprocess import preprocess
from model.recognize import Prediction, Recognizer

__all__ = ["Prediction", "Recognizer", "preprocess"]
