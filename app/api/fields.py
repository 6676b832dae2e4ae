"""Fields that schemas take over from the model's dataclasses: an array becomes a list of numbers."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, create_model

from model.network import Floats

Schema = TypeVar("Schema", bound=BaseModel)

# Of keys that have one meaning wherever they occur.
LENGTHS: Final = {"parts": 784, "logit_parts": 784, "picture": 784, "logits": 10, "biases": 10, "votes": 10}
DESCRIPTIONS: Final = {
    "alternatives": "boxes of other places where a digit may stand, as `box`",
    "answers": "what the network took them for",
    "biases": "of each logit, what no pixel has a part in",
    "box": "of the ink: left, top, right, bottom",
    "certainty": "that it is this digit, by all ways of seeing or of cutting the ink; if low, one digit is `unsure`",
    "confidence": "in the answers",
    "digits": "how many stand in the image; with more than one, the verdict is `several`",
    "fitted": "left and top, before the ink was centred",
    "ground": "how the ink stands out from what it is on",
    "hypotheses": "ways of seeing the image that were read",
    "log_odds": "log p_target / p_against",
    "logit_parts": "each pixel's part in the target's logit",
    "numbers": "their places in the test set, from 0",
    "parts": "each pixel's part in the log-odds",
    "picture": "what a pixel of full ink adds to the total",
    "removed": "what was there beside the drawing and is left out: lines, edge, frame, outline, underline, other, gaps",
    "rotation": "degrees clockwise that the picture is turned about its middle, where it is read better so",
    "slant": "cells to the right, for each cell up, that it is slanted about its middle",
    "total": "its pre-activation",
    "value": "its activation: max(0, total)",
    "values": "the neuron's activation on each; empty for typical ones",
    "votes": "what it adds to each logit at an activation of 1",
}


def with_fields_of(source: type, *without: str, **keys: str) -> Callable[[type[Schema]], type[Schema]]:
    """Adds the fields of a model's dataclass or NamedTuple to a schema, except what it has itself or goes without.

    A field has its own name as its key, or another that is given.
    """
    hints = get_type_hints(source, localns={"NDArray": NDArray, "Floats": Floats})
    types = {keys.get(name, name): json_type(hint) for name, hint in hints.items() if name not in without}

    def extended(schema: type[Schema]) -> type[Schema]:
        added = [name for name in types if name not in schema.model_fields]
        fields: dict[str, Any] = {name: (types[name], _field(name)) for name in added}
        return create_model(schema.__name__, __base__=schema, __module__=__name__, __doc__=schema.__doc__, **fields)

    return extended


def json_type(hint: Any) -> Any:  # noqa: ANN401 - types
    """The type of a value once it is JSON: an array is a list of numbers.

    >>> json_type(NDArray[np.uint8]), json_type(Floats), json_type(str)
    (list[int], list[float], <class 'str'>)
    """
    if get_origin(hint) is not np.ndarray:
        return hint
    number = get_args(get_args(hint)[1])[0]
    return list[int] if issubclass(getattr(number, "__origin__", number), np.integer) else list[float]


def _field(name: str) -> Any:  # noqa: ANN401 - as pydantic types it
    length = LENGTHS.get(name)
    return Field(description=DESCRIPTIONS.get(name), min_length=length, max_length=length)


def optional(description: str) -> Any:  # noqa: ANN401 - as pydantic types it
    """A key that some replies lack; it is never null."""
    return Field(default_factory=dict, description=description)
