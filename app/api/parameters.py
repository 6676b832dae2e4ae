"""Query parameters shared by several routes."""

import re
from typing import Annotated, Final, get_args

from fastapi import Depends, Query, Request

from app.middleware.problems import Problem
from app.networks import Networks, ServedNetwork
from model.explain import Unit
from model.network import Ablated, Network
from model.preprocess import Step

ABLATED: Final = Query(
    alias="off", description="hidden neurons that are switched off", examples=["hidden1.17,hidden2.3"]
)
SKIP: Final = Query(
    description="steps of the preprocessing that are left out; then nothing is turned, either",
    examples=["fit,centre"],
)
UNIT: Final = Query(description="a hidden neuron to take apart too", examples=["hidden1.17"])
NETWORK: Final = Query(
    description="`small`, `wide` or the name of one; the settings choose where none is named", examples=["small"]
)
STEPS: Final[tuple[Step, ...]] = get_args(Step)
_FLAGS: Final = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)
_UNIT: Final = re.compile(r"hidden([1-9]\d{0,3})\.(\d{1,5})", re.ASCII)


def parse_flag(text: str, name: str) -> bool:
    """A switch, in the words that FastAPI takes for one elsewhere.

    >>> parse_flag("false", "activations"), parse_flag("1", "activations")
    (False, True)

    Raises:
        Problem: 422 it is neither.
    """
    if (word := text.lower()) in _FLAGS:
        return _FLAGS[word]
    raise Problem(422, f"{name}: {text[:40]!r} is neither true nor false")


def parse_unit(text: str, network: Network) -> Unit:
    """The hidden neuron `hidden1.17`: number 17, from 0, of the first hidden layer.

    Raises:
        Problem: 422 the network has none of that name.
    """
    widths = network.sizes[1:-1]
    if match := _UNIT.fullmatch(text):
        unit = Unit(int(match[1]), int(match[2]))
        if unit.layer <= len(widths) and unit.number < widths[unit.layer - 1]:
            return unit
    there = ", ".join(f"hidden{k}.0 to hidden{k}.{width - 1}" for k, width in enumerate(widths, start=1))
    raise Problem(422, f"{text!r} is no neuron of this network: there are {there}")


def parse_ablated(text: str, network: Network) -> Ablated:
    """The neurons in `hidden1.17,hidden2.3`, by layer; nothing for the whole network."""
    ablated: list[list[int]] = [[] for _ in network.sizes[1:-1]]
    for name in filter(None, text.split(",")):
        layer, number = parse_unit(name, network)
        ablated[layer - 1].append(number)
    return ablated if any(ablated) else ()


def parse_skipped_steps(text: str) -> frozenset[Step]:
    """The steps of the preprocessing in `fit,centre`.

    Raises:
        Problem: 422 there is no such step.
    """
    names = set(filter(None, text.split(",")))
    if unknown := names.difference(STEPS):
        raise Problem(422, f"skip: {min(unknown)!r} is no step that can be left out: there are {', '.join(STEPS)}")
    return frozenset(step for step in STEPS if step in names)


async def selected_network(request: Request, network: Annotated[str, NETWORK] = "") -> ServedNetwork:
    """The network that a request is for.

    Raises:
        Problem: 422 it names one that is not served.
    """
    networks: Networks = request.app.state.networks
    return networks.named(network)


SelectedNetwork = Annotated[ServedNetwork, Depends(selected_network)]
