"""The same answer as tutorials serve it: a FastAPI `def` endpoint with an UploadFile, and a plain dict.

`python -m bench.tutorial_peer PORT`; POST a form with a file to /predict.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, UploadFile
from PIL import Image

from app.settings import ROOT
from bench.plain import plain_answer
from model import Recognizer, preprocess

app = FastAPI()
recognizer = Recognizer.load(ROOT / "weights" / "digits.npz")


@app.post("/predict", response_model=None)  # as without an annotation: tutorials have none
def predict(image: UploadFile) -> dict[str, Any]:
    """The answer of POST /predict, as lists of Python's numbers."""
    picture = preprocess(Image.open(io.BytesIO(image.file.read())))
    return plain_answer(recognizer.read(picture.reshape(1, 784)), recognizer.network.name)


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
