"""`POST /read`: the numbers in a picture or in each of a batch, digit by digit, and how their ink was cut."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Request
from PIL import Image
from starlette.responses import Response

from app.api import schemas
from app.api.openapi import NUMBERS, REFUSALS, Replies
from app.api.parameters import ABLATED, SelectedNetwork, parse_ablated
from app.api.replies import JSON, activation_fields, prediction_fields, require_json_accepted
from app.input.bodies import read_images
from app.middleware.problems import Problem
from model.network import Ablated
from model.reading.fields import numbered, reading_fields
from model.reading.read import TooManyDigits, read_numbers
from model.reading.reading import UNREADABLE, Line, Reading
from model.recognize import Prediction, Recognizer
from model.rejection import Verdict

router = APIRouter(tags=["read"])
MAX_BATCH_DIGITS: Final = 1024  # together: with their activations they are 10 MB of JSON
REPLIES: Final[Replies] = {200: {"model": schemas.one_or_batch(schemas.Reading, "readings")}, **REFUSALS}
WithActivations = Annotated[bool, Query(description="whether the layers and the input are in the answer")]
WithSegmentation = Annotated[bool, Query(description="whether the ways to cut the ink are in the answer")]


@router.post("/read", openapi_extra={"requestBody": NUMBERS}, responses=REPLIES)
async def read(
    request: Request,
    served: SelectedNetwork,
    *,
    ablated: Annotated[str, ABLATED] = "",
    activations: WithActivations = False,
    segmentation: WithSegmentation = False,
) -> Response:
    """Read the numbers in a picture: lines from top to bottom, each digit with its box; `?` stands for what is none.

    A box is x, y, width and height in pixels of the picture that was sent. Neurons that are switched off change what
    the digits are, not where they stand.
    """
    require_json_accepted(request)
    reader = _Reader(served.recognizer, parse_ablated(ablated, served.recognizer.network), activations, segmentation)
    readings, batch = await read_images(request, request.app.state.admission, reader)
    request.app.state.metrics.read(reader.verdicts)
    content = b'{"readings":[%s]}' % b",".join(readings) if batch else readings[0]
    return Response(content, media_type=JSON)


@dataclass
class _Reader:
    """Reads the pictures of a request; what it says of each is JSON at once, so that no arrays pile up."""

    recognizer: Recognizer
    ablated: Ablated
    activations: bool
    segmentation: bool
    verdicts: list[Verdict] = field(default_factory=list)  # of all digits so far

    def __call__(self, image: Image.Image, scale: int) -> bytes:
        """The reading of an image; that which was sent is larger by a scale."""
        try:
            reading = read_numbers(image, self.recognizer)
        except TooManyDigits as error:
            raise Problem(422, str(error)) from None
        if self.ablated:
            reading = _with_ablated(reading, self.recognizer, self.ablated)
        self.verdicts += reading.prediction.verdicts
        if len(self.verdicts) > MAX_BATCH_DIGITS:
            raise Problem(422, f"The pictures hold more than {MAX_BATCH_DIGITS} digits together: send fewer")
        return orjson.dumps(self._fields(reading, scale), option=orjson.OPT_SERIALIZE_NUMPY)

    def _fields(self, reading: Reading, scale: int) -> dict[str, Any]:
        def digit(i: int) -> dict[str, Any]:
            more = activation_fields(reading.prediction, i) if self.activations else {}
            return prediction_fields(reading.prediction, i) | more

        fields = reading_fields(reading, digit, scale, segmentation=self.segmentation)
        return fields | {"model": self.recognizer.network.name}


def _with_ablated(reading: Reading, recognizer: Recognizer, ablated: Ablated) -> Reading:
    """The same digits, answered with these neurons switched off; the other readings were those of the whole network."""
    prediction = recognizer.read(reading.prediction.pictures, ablated)
    lines = [_reread(line, prediction, [i for i, _ in digits]) for line, digits in numbered(reading)]
    return replace(reading, lines=tuple(lines), prediction=prediction, alternatives=())


def _reread(line: Line, prediction: Prediction, numbers: list[int]) -> Line:
    """A line with the text of these digits."""
    refused = [prediction.verdicts[i] == "not-a-digit" for i in numbers]
    digits = [UNREADABLE if no else str(prediction.digit(i)) for i, no in zip(numbers, refused, strict=True)]
    return line._replace(text="".join(digits), confidence=float(prediction.probabilities[numbers].max(axis=1).prod()))
