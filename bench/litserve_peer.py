"""The same answer by a serving framework, LitServe, as its documentation has it: one worker, one drawing a request.

`python -m bench.litserve_peer PORT`; POST {"image": base64} to /predict.
"""

from __future__ import annotations

import base64
import io
import sys
from typing import Any

import litserve
from PIL import Image

from app.settings import ROOT
from bench.plain import plain_answer
from model import Recognizer, preprocess


class Digits(litserve.LitAPI):  # type: ignore[misc]  # without types
    """What LitServe calls in turn."""

    def setup(self, device: str) -> None:  # noqa: ARG002 - LitServe's signature
        """Once a worker."""
        self.recognizer = Recognizer.load(ROOT / "weights" / "digits.npz")

    def decode_request(self, request: dict[str, str]) -> Any:  # noqa: ANN401
        """A picture."""
        return preprocess(Image.open(io.BytesIO(base64.b64decode(request["image"]))))

    def predict(self, picture: Any) -> Any:  # noqa: ANN401
        """What the network says of it."""
        return self.recognizer.read(picture.reshape(1, 784))

    def encode_response(self, prediction: Any) -> dict[str, Any]:  # noqa: ANN401
        """The answer of POST /predict."""
        return plain_answer(prediction, self.recognizer.network.name)


if __name__ == "__main__":
    server = litserve.LitServer(Digits(), accelerator="cpu", workers_per_device=1)
    server.run(port=int(sys.argv[1]), log_level="warning", generate_client_file=False)
