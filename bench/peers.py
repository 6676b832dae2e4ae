"""The servers that ours is measured against, each answering as `POST /predict` does: `python -m bench.peers NAME PORT`.

`floor` is the least an answer can cost: a bare ASGI application on the same uvicorn, which decodes, predicts and
replies, and checks nothing. `tutorial` is what tutorials show: a FastAPI `def` endpoint with an UploadFile that returns
a plain dict. LitServe has a file of its own.
"""

import io
import sys
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, UploadFile
from PIL import Image
from starlette.types import Receive, Scope, Send

from app.settings import ROOT
from model import Prediction, Recognizer, preprocess

WEIGHTS = ROOT / "weights" / "digits.npz"


def predict(recognizer: Recognizer, content: bytes) -> Prediction:
    """The prediction for one image file."""
    return recognizer.read(preprocess(Image.open(io.BytesIO(content))).reshape(1, 784))


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
    """Any request is taken for a picture; the reply equals ours to the byte."""
    recognizer = Recognizer.load(WEIGHTS)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        reply = as_arrays(predict(recognizer, body), recognizer.network.name)
        content = orjson.dumps(reply, option=orjson.OPT_SERIALIZE_NUMPY)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    uvicorn.run(app, port=port, access_log=False, log_level="warning")


def tutorial(port: int) -> None:
    """A form with a file, posted to /predict."""
    app, recognizer = FastAPI(), Recognizer.load(WEIGHTS)

    def endpoint(image: UploadFile) -> dict[str, Any]:
        return as_lists(predict(recognizer, image.file.read()), recognizer.network.name)

    endpoint.__annotations__["image"] = UploadFile  # the module's annotations are strings, unknown inside a function
    app.post("/predict", response_model=None)(endpoint)
    uvicorn.run(app, port=port, log_level="warning")


if __name__ == "__main__":
    {"floor": floor, "tutorial": tutorial}[sys.argv[1]](int(sys.argv[2]))
