"""Replies: JSON by orjson, which writes NumPy arrays as they are, and what a client may cache."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.input.admission import INLINE_MULTIPLICATIONS, client_of
from app.input.bodies import Drawings
from app.middleware.problems import Problem
from app.middleware.root_path import root_path
from model.preprocess import Placement
from model.recognize import Prediction
from model.storage import short_sha256

JSON: Final = "application/json"
# What a client may do with a reply that it has: ask about it each time, use it for seconds, or for good (a year).
ASKED_ABOUT: Final = "no-cache"
FOR_A_WHILE: Final = "private, max-age=300"  # a page depends on the path that a proxy gives it, in no address
FOR_GOOD: Final = "public, max-age=31536000, immutable"
BYTES: Final = "application/octet-stream"


def json_reply(content: object) -> Response:
    """A reply with this content."""
    return Response(orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY), media_type=JSON)


def cacheable_reply(
    request: Request, tag: str, content: bytes, media_type: str = JSON, kept: str = ASKED_ABOUT
) -> Response:
    """A reply that a client may cache, in the way that `kept` says: the content with an ETag, or 304 if it has that."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": kept}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type)


def page_reply(request: Request, template: str, path: str, context: dict[str, Any]) -> Response:
    """A page, made of a template. Whoever goes from page to page and back waits for it once; a reload asks again."""
    place = {"here": path, "root": root_path(request.scope), "base_url": request.base_url}
    content = request.app.state.templates.get_template(template).render(context | place).encode()
    return cacheable_reply(request, short_sha256(content), content, "text/html", FOR_A_WHILE)


async def reply_to_each(
    request: Request,
    drawings: Drawings,
    key: str,
    multiplications: int,
    answer: Callable[..., Iterable[object]],
    *of: object,
) -> Response:
    """The `answer` to the drawings: a list under a key for a batch. What takes long leaves the event loop."""
    if drawings.batch or multiplications > INLINE_MULTIPLICATIONS:
        admission, client = request.app.state.admission, client_of(request)
        encoded = await admission.run(_encoded, answer, drawings, *of, client=client)
    else:
        encoded = _encoded(answer, drawings, *of)
    content = b'{"%s":[%s]}' % (key.encode(), b",".join(encoded)) if drawings.batch else encoded[0]
    return Response(content, media_type=JSON)


def _encoded(answer: Callable[..., Iterable[object]], *of: object) -> list[bytes]:
    """Each as JSON as soon as there is one: orjson lets no other thread run meanwhile, and all take 11 MB."""
    return [orjson.dumps(each, option=orjson.OPT_SERIALIZE_NUMPY) for each in answer(*of)]


def prediction_fields(prediction: Prediction, i: int) -> dict[str, Any]:
    """The answer to picture i, without the layers."""
    return {
        "digit": prediction.digit(i),
        "confidence": prediction.probabilities[i].max(),
        "probabilities": prediction.probabilities[i],
        "verdict": prediction.verdicts[i],
        "novelty": prediction.novelty[i],
    }


def answer_fields(prediction: Prediction, i: int, placement: Placement | None, name: str) -> dict[str, Any]:
    """The answer to drawing i by the network of this name, without the layers; of several digits, what reads them."""
    fields = prediction_fields(prediction, i) | {"placement": placement and placement._asdict(), "model": name}
    if placement and prediction.verdicts[i] == "several":
        fields["hint"] = f"{placement.digits} digits are written here: POST /read reads them all"
    return fields


def activation_fields(prediction: Prediction, i: int) -> dict[str, Any]:
    """The layers and the input of picture i."""
    layers = enumerate(prediction.activations, start=1)
    values = [{"layer": f"hidden{k}", "values": values[i]} for k, values in layers]
    return {"activations": values, "input": prediction.pictures[i]}


def accepts_json(accept: str) -> bool:
    """Whether JSON is among what is accepted: the most specific range that covers it decides.

    >>> accepts_json("text/html, */*;q=0.1"), accepts_json("application/json;q=0, */*"), accepts_json("text/html")
    (True, False, False)
    """
    wanted = {}
    for entry in accept.lower().split(","):
        media, *parameters = (part.strip() for part in entry.split(";"))
        wanted[media] = not any(parameter.rstrip("0.") == "q=" for parameter in parameters)
    ranges = ("application/json", "application/*", "*/*")
    return next((wanted[media] for media in ranges if media in wanted), not accept.strip())


def require_json_accepted(request: Request) -> None:
    """Make sure that the client accepts JSON.

    Raises:
        Problem: 406 it does not.
    """
    accept = request.headers.get("accept", "*/*")
    if accept != "*/*" and not accepts_json(accept):
        raise Problem(406, f"The answer is application/json, which Accept: {accept[:200]} leaves out: accept it")
