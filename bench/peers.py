"""The servers that ours is measured against, each answering as `POST /predict` does: `python -m bench.peers NAME PORT`.

`floor` is the least an answer can cost: a bare ASGI application on the same uvicorn, which decodes, crops, shrinks,
centres, predicts and replies, and checks nothing. `tutorial` is what tutorials show: a FastAPI `def` endpoint with an
UploadFile, squashed to 28×28, that returns a plain dict. Both take each picture for one that is dark on white. LitServe
has a file of its own, and our preprocessing.
"""

import io
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import uvicorn
from fastapi import FastAPI, UploadFile
from numpy.typing import NDArray
from PIL import Image, ImageOps
from starlette.types import Receive, Scope, Send

from app.settings import ROOT
from model import Prediction, Recognizer, preprocess

WEIGHTS = ROOT / "weights" / "digits.npz"
Picture = NDArray[np.uint8]  # (28, 28)


def crop_shrink_and_centre(image: Image.Image) -> Picture:
    """MNIST's steps, to whole pixels: the ink's box shrunk to 20×20, its centre of mass in the middle of the 28×28."""
    grey = ImageOps.invert(image.convert("L"))
    digit = grey.crop(grey.getbbox())
    digit.thumbnail((20, 20), Image.Resampling.BOX)
    ink = np.asarray(digit, dtype=np.float32)
    x, y = (ink.sum(axis=axis) @ np.arange(ink.shape[1 - axis]) / ink.sum() for axis in (0, 1))
    picture = Image.new("L", (28, 28))
    picture.paste(digit, (round(13.5 - x), round(13.5 - y)))
    return np.asarray(picture)


def squash(image: Image.Image) -> Picture:
    """The whole image in 28×28 pixels."""
    return np.asarray(ImageOps.invert(image.convert("L").resize((28, 28))))


def predict(recognizer: Recognizer, content: bytes, see: Callable[[Image.Image], Picture] = preprocess) -> Prediction:
    """The prediction for one image file."""
    return recognizer.read(see(Image.open(io.BytesIO(content))).reshape(1, 784))


def as_arrays(prediction: Prediction, model: str) -> dict[str, Any]:
    """The reply of `POST /predict` to one drawing, with NumPy arrays."""
    return {
        "digit": prediction.digit(0),
        "confidence": prediction.probabilities[0].max(),
        "probabilities": prediction.probabilities[0],
        "verdict": prediction.verdicts[0],
        "novelty": prediction.novelty[0],
        "activations": [
            {"layer": f"hidden{k}", "values": values[0]} for k, values in enumerate(prediction.activations, start=1)
        ],
        "input": prediction.pictures[0],
        "model": model,
    }


def as_lists(prediction: Prediction, model: str) -> dict[str, Any]:
    """The same with lists and Python's numbers, which every JSON encoder takes."""
    content = as_arrays(prediction, model)
    return content | {
        "confidence": float(content["confidence"]),
        "probabilities": content["probabilities"].tolist(),
        "novelty": float(content["novelty"]),
        "activations": [layer | {"values": layer["values"].tolist()} for layer in content["activations"]],
        "input": content["input"].tolist(),
    }


def floor(port: int) -> None:
    """Any request is taken for a picture; the reply is ours, without the placement."""
    recognizer = Recognizer.load(WEIGHTS)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        reply = as_arrays(predict(recognizer, body, crop_shrink_and_centre), recognizer.network.name)
        content = orjson.dumps(reply, option=orjson.OPT_SERIALIZE_NUMPY)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    uvicorn.run(app, port=port, access_log=False, log_level="warning")


def tutorial(port: int) -> None:
    """A form with a file, posted to /predict."""
    app, recognizer = FastAPI(), Recognizer.load(WEIGHTS)

    def endpoint(image: UploadFile) -> dict[str, Any]:
        return as_lists(predict(recognizer, image.file.read(), squash), recognizer.network.name)

    endpoint.__annotations__["image"] = UploadFile  # the module's annotations are strings, unknown inside a function
    app.post("/predict", response_model=None)(endpoint)
    uvicorn.run(app, port=port, log_level="warning")


if __name__ == "__main__":
    {"floor": floor, "tutorial": tutorial}[sys.argv[1]](int(sys.argv[2]))
