"""`/training`: the checkpoints of a training, the answer at each to a drawing, its history and its mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api import schemas
from app.api.openapi import BYTES_REPLY, DRAWINGS, REFUSALS, Replies, example, refusals
from app.api.parameters import SelectedNetwork
from app.api.replies import BYTES, cacheable_reply, page_reply, reply_to_each, require_json_accepted
from app.input.bodies import Drawings, read_drawings
from app.middleware.problems import Problem
from app.networks import ServedNetwork, load_once
from model.checkpoints import CheckpointReplay, Checkpoints
from model.mistakes import Mistakes
from model.network import Network
from model.storage import checkpoints_path, lookup, mistakes_path, short_sha256

router = APIRouter()
api = APIRouter(prefix="/training", tags=["training"])
REPLAYS: Final[Replies] = {
    200: {"model": schemas.one_or_batch(schemas.Judgement, "judgements")},
    **refusals({404: "No checkpoints of the training are stored"}),
    **REFUSALS,
}
HISTORY: Final = {
    200: {"model": schemas.History},
    **refusals({404: "Nothing is known of the training", 422: "No such network"}),
}
WEIGHTS: Final = BYTES_REPLY | refusals({404: "No such checkpoint", 422: "The checkpoint is no number"})
MISTAKES: Final = {
    200: {"model": schemas.Mistakes},
    **refusals({404: "No test pictures are stored", 422: "Not two digits"}),
}
LOSS_REASONS: Final = {  # what raises the loss in learning and not in validation, by its place in the report
    "training.amounts.outliers": "some pictures are no digit, and the right answer to them, all ten alike, costs a lot",
    "training.recipe.variation": "every picture is turned, stretched and bent a little, differently each time",
    "training.recipe.dropout": "some neurons are switched off at random",
    "training.recipe.label_smoothing": "no answer may be quite certain",
    "training.teacher": "it learns its teacher’s doubts too",
}
Stage = Annotated[int, Path(openapi_examples=example(0))]
Digit = Annotated[int, Path(ge=0, le=9, openapi_examples=example(9, 4))]


@dataclass(frozen=True)
class Training:
    """What the files beside the weights say of a network's training; each part is None where there is no file."""

    replay: CheckpointReplay | None
    mistakes: Mistakes | None
    history: bytes | None  # JSON
    loss_reasons: list[str]  # why the loss in learning is above that in validation

    @classmethod
    def of(cls, served: ServedNetwork) -> Training:
        """Of a served network."""
        return cls.load(served.recognizer.network, served.weights, served.report)

    @classmethod
    def load(cls, network: Network, weights: FilePath, report: dict[str, Any] | None) -> Training:
        """From those files that are about this very network, and its report."""
        checkpoints = Checkpoints.load(checkpoints_path(weights), network)
        replay = CheckpointReplay.of(checkpoints, network) if checkpoints else None
        mistakes = Mistakes.load(mistakes_path(weights), network)
        return cls(replay, mistakes, _history(network, report, checkpoints), _loss_reasons(report))

    def require_replay(self) -> CheckpointReplay:
        """The checkpoints.

        Raises:
            Problem: 404 there are none.
        """
        if self.replay is None:
            raise Problem(
                404, "No stages of training are stored beside these weights: python -m model.train stores them"
            )
        return self.replay


def _history(network: Network, report: dict[str, Any] | None, checkpoints: Checkpoints | None) -> bytes | None:
    found = lookup(report, "history")
    epochs = found if isinstance(found, list) else []
    moments = zip(checkpoints.steps.tolist(), checkpoints.epochs.tolist(), strict=True) if checkpoints else ()
    stages = [{"steps": steps, "epochs": passed} for steps, passed in moments]
    batch_size = lookup(report, "training.recipe.batch_size")
    content = {"model": network.name, "batch_size": batch_size, "epochs": epochs, "stages": stages}
    return orjson.dumps(content) if epochs or stages else None


def _loss_reasons(report: dict[str, Any] | None) -> list[str]:
    """From the recipe; none where learning was not harder in the end."""
    history = lookup(report, "history")
    last = len(history) - 1 if isinstance(history, list) else 0
    losses = [lookup(report, f"history.{last}.{name}") for name in ("validation_loss", "loss")]
    harder = all(isinstance(loss, float) for loss in losses) and losses[0] < losses[1]
    return [words for name, words in LOSS_REASONS.items() if harder and lookup(report, name)]


@api.post("/judge", openapi_extra={"requestBody": DRAWINGS}, responses=REPLAYS)
async def replay_checkpoints(request: Request, served: SelectedNetwork) -> Response:
    """The answer to a drawing at every stage of the training, the earliest first."""
    require_json_accepted(request)
    replay = (await _training(request, served)).require_replay()
    drawings = await read_drawings(request, request.app.state.admission, served.recognizer)
    return await reply_to_each(request, drawings, "judgements", replay.multiplications, _replay, replay)


def _replay(drawings: Drawings, replay: CheckpointReplay) -> list[dict[str, Any]]:
    blank = (drawings.pictures.max(axis=1) == 0).tolist()
    return [
        {"probabilities": probabilities, "blank": is_blank, "model": replay.network.name}
        for probabilities, is_blank in zip(replay.probabilities(drawings.pictures), blank, strict=True)
    ]


@api.get("/history", responses=HISTORY)
async def history(request: Request, served: SelectedNetwork) -> Response:
    """Every epoch's loss and accuracy, and after how many steps and epochs each stage was kept."""
    content = (await _training(request, served)).history
    if content is None:
        raise Problem(404, "Nothing is known of these weights' training: python -m model.train writes it down")
    return cacheable_reply(request, short_sha256(content), content)


@api.get("/weights/{stage}", responses=WEIGHTS, response_class=Response)
async def weights(request: Request, served: SelectedNetwork, stage: Stage) -> Response:
    """The weights into layer 1 at stage 0, 1, …: float16, little-endian, row by row, inputs × outputs."""
    replay = (await _training(request, served)).require_replay()
    if not 0 <= stage < len(replay):
        raise Problem(404, f"There is no stage {stage}: the training has stages 0 to {len(replay) - 1}")
    content = replay.first_layer(stage).astype("<f2").tobytes()
    tag = f"{replay.network.fingerprint}-step-{replay.checkpoints.steps[stage]}"
    return cacheable_reply(request, tag, content, BYTES)


@api.get("/mistakes/{true}/{answer}", responses=MISTAKES)
async def mistakes(request: Request, served: SelectedNetwork, true: Digit, answer: Digit) -> Response:
    """MNIST's test pictures of one digit that were taken for another, the surest first.

    Where both are the same: the pictures read right with the least confidence.
    """
    kept = (await _training(request, served)).mistakes
    if kept is None:
        raise Problem(404, "No test pictures are stored beside these weights: python -m model.evaluate stores them")
    content = orjson.dumps(vars(kept.cell(true, answer)), option=orjson.OPT_SERIALIZE_NUMPY)
    return cacheable_reply(request, short_sha256(content), content)


@router.head("/training", include_in_schema=False)
@router.get("/training", include_in_schema=False)
async def page(request: Request, served: SelectedNetwork) -> Response:
    """The page that shows how the network learned."""
    state = request.app.state
    context = {"training": await _training(request, served)} | state.networks.context(served)
    return page_reply(request, "training.html", "/training", context)


router.include_router(api)


async def _training(request: Request, served: ServedNetwork) -> Training:
    return await load_once(request.app.state.training, served, lambda: Training.of(served))
