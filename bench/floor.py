"""What an answer costs at least: a bare ASGI application that decodes, reads and writes, and looks at nothing else.

`python -m bench.floor PORT` serves it on the same uvicorn as the product.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import orjson
import uvicorn
from PIL import Image

from app.settings import ROOT
from model import Recognizer, preprocess

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

recognizer = Recognizer.load(ROOT / "weights" / "digits.npz")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Any request is taken for a picture."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    content = answer(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def answer(body: bytes) -> bytes:
    """The answer of POST /predict, to the byte."""
    prediction = recognizer.read(preprocess(Image.open(io.BytesIO(body))).reshape(1, 784))
    content = {
        "digit": prediction.digit(0),
        "confidence": prediction.probabilities[0].max(),
        "probabilities": prediction.probabilities[0],
        "verdict": prediction.verdicts[0],
        "novelty": prediction.novelty[0],
        "activations": [
            {"layer": f"hidden{k}", "values": values[0]} for k, values in enumerate(prediction.activations, start=1)
        ],
        "input": prediction.pictures[0],
        "model": recognizer.network.name,
    }
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
