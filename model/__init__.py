"""A neural network for handwritten digits, written from scratch in NumPy.

>>> from pathlib import Path
>>> from PIL import Image
>>> from model import Recognizer, preprocess
>>> recognizer = Recognizer.load(Path("weights/digits.npz"))
>>> picture = preprocess(Image.new("L", (280, 280), "white"))  # or Image.open("photo.png")
>>> prediction = recognizer.read(picture.reshape(1, 784))
>>> prediction.digit(0), prediction.verdicts[0], prediction.probabilities[0].sum().round(6).item()
(None, 'blank', 1.0)

That is the network alone. `model.reading.several.look` gives the picture that `/predict` answers: it searches
photographs, and turns a little what the network is not sure of.
"""

import os

# Before NumPy is imported. With matrices this small, BLAS threads mostly wait for each other: a training beside other
# work took ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from model.preprocess import preprocess
from model.recognize import Prediction, Recognizer

__all__ = ["Prediction", "Recognizer", "preprocess"]
