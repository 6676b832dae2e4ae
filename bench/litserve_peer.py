"""LitServe, as its documentation has it: one worker, one drawing a request. Its workers import this module.

`python -m bench.litserve_peer PORT`; POST {"image": base64} to /predict.
"""

import base64
import sys
from typing import Any

import litserve

from bench.peers import WEIGHTS, as_lists, predict
from model import Recognizer


class Digits(litserve.LitAPI):  # type: ignore[misc]  # without types
    """What LitServe calls in turn."""

    def setup(self, device: str) -> None:  # noqa: ARG002 - LitServe's signature
        """Once a worker."""
        self.recognizer = Recognizer.load(WEIGHTS)

    def decode_request(self, request: dict[str, str]) -> bytes:
        """The image file."""
        return base64.b64decode(request["image"])

    def predict(self, content: bytes) -> Any:  # noqa: ANN401
        """The prediction."""
        return predict(self.recognizer, content)

    def encode_response(self, prediction: Any) -> dict[str, Any]:  # noqa: ANN401
        """The reply of POST /predict."""
        return as_lists(prediction, self.recognizer.network.name)


if __name__ == "__main__":
    server = litserve.LitServer(Digits(), accelerator="cpu", workers_per_device=1)
    server.run(port=int(sys.argv[1]), log_level="warning", generate_client_file=False)
