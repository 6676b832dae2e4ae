"""Schemas of the replies, for the OpenAPI document; what the model computes is described by its own dataclasses.

No reply passes through these: routes write what the model returns, and a test compares both.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.api.fields import optional, with_fields_of
from model import explain, gallery, mistakes
from model.preprocess import Placement as PlacementOnImage
from model.reading import reading
from model.reading.assemble import MAX_MARKS
from model.rejection import Verdict

Picture = Annotated[list[Annotated[int, Field(ge=0, le=255)]], Field(min_length=784, max_length=784)]
Layer = Annotated[str, Field(examples=["hidden1"])]
Probability = Annotated[float, Field(ge=0, le=1)]
Rectangle = Annotated[
    list[float], Field(min_length=4, max_length=4, description="x, y, width and height, in the image's pixels")
]
Model = Annotated[str, Field(examples=["digits-784-128-64-10@1f3a9c2e"])]
TenNumbers = Annotated[list[float], Field(min_length=10, max_length=10)]
# A neuron's keys in the API, where the model has other names.
NEURON_KEYS: Final = {"pre_activation": "total", "activation": "value", "slopes": "picture", "logit_weights": "votes"}
ON_REQUEST: Final = "with ?activations=true"
SEEN: Final = "the 28×28 that the network saw, row by row, 255 = ink"
NO_PLACEMENT: Final = "null for a blank drawing and for pixels of ink on black"


class Activations(BaseModel):
    """What one hidden layer did."""

    layer: Layer
    values: list[float]


@with_fields_of(PlacementOnImage)
class Placement(BaseModel):
    """Where the 28×28 cells lie on the image, in its pixels."""


class Recognition(BaseModel):
    """What the network makes of one 28×28 picture."""

    digit: int | None = Field(ge=0, le=9, description="null if there is no ink")
    confidence: float = Field(ge=0, le=1, description="the largest probability")
    probabilities: TenNumbers = Field(description="of 0 to 9; they sum to 1")
    verdict: Verdict
    novelty: float = Field(ge=0, le=1, description="0: like the training digits; 1: unlike them")


class Answer(Recognition):
    """What the network makes of one drawing."""

    placement: Placement | None = Field(description=NO_PLACEMENT)
    model: Model
    hint: str = optional("with the verdict `several`: how many digits there are, and what reads them")


class Prediction(Answer):
    """The answer to one drawing."""

    activations: list[Activations] = optional("left out by ?activations=false")
    input: Picture = optional(f"{SEEN}; left out with the activations")


class Digit(Recognition):
    """One digit of a number."""

    box: Rectangle
    placement: Placement
    activations: list[Activations] = optional(ON_REQUEST)
    input: Picture = optional(f"{SEEN}; {ON_REQUEST}")


@with_fields_of(reading.Cut)
class Cut(BaseModel):
    """A way from the top of a line to its bottom, on which its ink may be cut."""


@with_fields_of(reading.Group)
class Group(BaseModel):
    """The ink between two cuts, read as one digit."""

    box: Rectangle


@with_fields_of(reading.Segmentation)
class Segmentation(BaseModel):
    """The ways to cut a line: a reading is a way from its first cut to its last, from group to group."""

    cuts: list[Cut]
    groups: list[Group]


class Line(BaseModel):
    """A line of digits, from left to right."""

    text: str = Field(examples=["42"], description="`?` stands for ink that is no digit")
    box: Rectangle
    confidence: Probability
    digits: list[Digit]
    segmentation: Segmentation = optional("with ?segmentation=true")


class Alternative(BaseModel):
    """Another reading of the picture."""

    text: str
    confidence: Probability


class Mark(BaseModel):
    """Ink that is no part of a digit, such as a comma or an underline."""

    box: Rectangle


class Reading(BaseModel):
    """The numbers in a picture."""

    text: str = Field(examples=["42"], description="of the lines, separated by newlines; empty if nothing is written")
    confidence: Probability = Field(description="that the text is right")
    lines: list[Line] = Field(description="from top to bottom")
    alternatives: list[Alternative] = Field(description="the likeliest first")
    marks: list[Mark] = Field(description=f"the largest ones, at most {MAX_MARKS}")
    model: Model


@with_fields_of(explain.Ablations)
class Ablations(BaseModel):
    """The answer with each neuron of a layer switched off alone."""

    layer: Layer


@with_fields_of(explain.Dab)
class Dab(BaseModel):
    """A little ink on a blank pixel, tried: what the answer and the log-odds are with it."""


class Feed(BaseModel):
    """What one neuron or pixel below adds to a neuron's total."""

    layer: Layer
    number: int
    part: float


@with_fields_of(explain.NeuronAttribution, "unit", "inputs", "input_parts", **NEURON_KEYS)
class Inspection(BaseModel):
    """A neuron, and what this drawing does to it: total = constant + Σ pixel · picture."""

    layer: Layer
    number: int
    feeds: list[Feed] = Field(description="the largest parts of the total")


@with_fields_of(explain.Attribution, "slopes")
class Explanation(Answer):
    """Why the target and not the other digit: log_odds = bias + ink, ink the sum of the 784 parts."""

    temperature: float
    knockouts: list[Ablations]
    helpful_ink: list[Dab]
    unit: Inspection = optional("where ?unit= names one")


@with_fields_of(explain.ClassChange)
class Flip(BaseModel):
    """The answer changes."""


@with_fields_of(explain.Path, "changes")
class Path(BaseModel):
    """Between two neighbours of `at`, every logit is a straight line."""

    logits: list[TenNumbers]
    flips: list[Flip]
    temperature: float
    model: str


@with_fields_of(gallery.NeuronExamples)
class Gallery(BaseModel):
    """Training pictures."""

    pictures: list[Picture] = Field(description="28×28 each, row by row, 255 = ink")


class Judgement(BaseModel):
    """The answer to one drawing at every checkpoint of the training."""

    probabilities: list[TenNumbers] = Field(description="at each checkpoint, the earliest first: of 0 to 9")
    blank: bool = Field(description="there is no ink: every digit is as probable as any other")
    model: str


class Stage(BaseModel):
    """A moment of the training at which the parameters were kept."""

    steps: int
    epochs: float = Field(description="passes over the training pictures")


class Epoch(BaseModel):
    """One pass over the training pictures; those are varied and mixed with scribbles, validation digits are not.

    Beside these keys there is `validation_accuracy_…` for each validation set.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "patternProperties": {"^validation_accuracy_": {"type": "number"}},
            "additionalProperties": False,
        }
    )

    number: int
    steps: int = Field(description="taken by then")
    rate: float
    loss: float
    accuracy: float
    gradient_norm: float = Field(description="mean over the steps")
    validation_loss: float
    validation_accuracy: float = Field(description="mean over the validation sets")
    dead_neurons: float = Field(description="share of the hidden neurons that no picture activates")


class History(BaseModel):
    """How the training went."""

    model: str
    batch_size: int | None = Field(description="pictures a step; 0: all of them")
    epochs: list[Epoch]
    stages: list[Stage]


@with_fields_of(mistakes.Mistakes)
class Mistakes(BaseModel):
    """Pictures of MNIST's test set."""

    pictures: list[Picture] = Field(description="28×28 each, row by row, 255 = ink")


class Reliability(BaseModel):
    """Answers in bins of confidence; null where a bin has none."""

    counts: list[int]
    confidence: list[float | None] = Field(description="mean of each bin")
    right: list[float | None] = Field(description="share of each bin")


class Writers(BaseModel):
    """The shares of right answers to single writers."""

    writers: int
    worst: float
    median: float
    best: float


class Figures(BaseModel):
    """How well a network reads a test set."""

    digits: int
    accuracy: float
    standard_error: float = Field(description="of the accuracy: over writers where they are known, else over digits")
    accuracy_per_writer: Writers | None = Field(description="null where the writers are not known")
    accuracy_per_digit: TenNumbers
    loss: float
    calibration_error: float
    reliability: Reliability
    verdicts: dict[Verdict, float] = Field(description="share of each")
    confusion: list[list[int]] = Field(description="rows: what a digit is; columns: what it was taken for")


class Report(BaseModel):
    """What training wrote about a network, without the history of its epochs."""

    model_config = ConfigDict(extra="allow")

    model: str
    mnist_test: Figures = optional("where it was measured")
    pen_test: Figures = optional("where it was measured")


class LayerWidth(BaseModel):
    """A hidden layer."""

    layer: Layer
    width: int


class About(BaseModel):
    """A network."""

    model: str
    sizes: list[int]
    layers: list[LayerWidth]
    activation: str
    parameters: int
    temperature: float
    training: dict[str, Any] = Field(description="what the weights file says of its making")
    report: Report | None


class Health(BaseModel):
    """What a probe is told."""

    status: Literal["alive", "ready"]


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str = optional("where the fault is the server's: leads to its lines in the log")


def one_or_batch(schema: type[BaseModel], key: str) -> Any:  # noqa: ANN401 - a union of types
    """The reply to a drawing, or to a batch: a list in its order, under a key."""
    answers: Any = Annotated[list[schema], Field(description="in the order of the batch")]  # type: ignore[valid-type]
    return schema | create_model(key.capitalize(), __module__=__name__, **{key: answers})
