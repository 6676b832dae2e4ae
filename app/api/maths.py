"""The mathematics as a page: its text was made from docs/maths.md, its numbers are the loaded network's own."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.api.modules import modules_of
from model.lecture import example as lecture
from model.lecture import learning
from model.storage import lookup

if TYPE_CHECKING:
    from jinja2 import Environment

    from model.network import Network

router = APIRouter()
TINY: Final = 1e-12  # below it a number is rounding and differs from machine to machine
MISSING: Final = "–"
BOUNDLESS: Final = "beyond all numbers"  # what weights far too large lead to: the page still comes
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def numbers(network: Network, report: dict[str, Any] | None) -> dict[str, Any]:
    """Every number that the text states, by section and name, for this network and the report of its training."""
    example = lecture.Example.of(network)
    found: dict[str, Any] = {
        "model": {"name": network.name, "activation": network.activation},
        "forward": lecture.forward(example),
        "softmax": lecture.softmax_numbers(example),
        "entropy": lecture.cross_entropy_numbers(example),
        "backprop": lecture.backpropagation(example),
        "activation": lecture.activation_numbers(example),
        "batches": learning.batches(example),
        "descents": learning.descents(),
        "momentum": learning.momentum_sum(),
        "adam": learning.adam_start(),
        "muon": learning.orthogonalization(example),
        "schedule": learning.schedule(),
        "decay": learning.decay(example),
        "dropout": learning.dropout_numbers(example),
        "start": learning.initialisation(),
        "elastic": learning.elastic_distortion(example),
        "smoothing": learning.label_smoothing(),
        "recipe": learning.train_config(network.meta),
        "calibration": lecture.calibration(example),
        "rejection": lecture.rejection_numbers(example),
        "report": report or {},
        "picture": example.x[0].tolist(),
    }
    if network.activation == "relu":
        found["explain"] = lecture.explanation(example)
    return found


def said(value: Any, form: str = "") -> str:  # noqa: ANN401 - whatever there is
    """A number as the text says it; `form` is its number of significant figures, f2 for two decimals, or %.

    >>> said(109386), said(-0.138282), said(-0.138282, "2"), said(0.138282, "%"), said(2.0, "f2"), said(2.0)
    ('109,386', '−0.1383', '−0.14', '13.83%', '2.00', '2')
    >>> said(4.64e-10), said(3e-15), said((784, 10)), said("he"), said(None)
    ('4.64·10⁻¹⁰', 'less than 10⁻¹²', '784 → 10', 'he', '–')
    >>> said(2981.0, "3"), said(44362.0)
    ('2,980', '44,360')
    >>> said(float("inf")), said(float("nan"), "%")
    ('beyond all numbers', 'beyond all numbers')
    """
    if isinstance(value, list | tuple):
        return " → ".join(said(part, form) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float):
        return _said_float(value, form).replace("-", "−")
    return MISSING if value is None else str(value)


def _said_float(value: float, form: str) -> str:
    if not math.isfinite(value):
        return BOUNDLESS
    if form == "%":
        return f"{value:.2%}"
    if form.startswith("f"):
        return f"{value:.{form[1:]}f}"
    if 0 < abs(value) < TINY:
        return "less than 10⁻¹²"
    if value and not 0.001 <= abs(value) < 1e6:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{float(mantissa):g}·10{str(int(exponent)).translate(_RAISED)}"
    return f"{float(f'{value:.{form or 4}g}'):,.15g}"  # rounded first: `g` alone says 2981 to three figures as 2.98e+03


class MathsPage:
    """The page, written once."""

    def __init__(self, templates: Environment, network: Network, report: dict[str, Any] | None) -> None:
        with np.errstate(over="ignore", invalid="ignore"):  # `said` tells of what overflows
            live = numbers(network, report)
        template = templates.get_template("maths.html")
        self.content = template.render(
            live=live, lookup=lookup, said=said, modules=modules_of("maths.js"), here="/maths"
        ).encode()
        self.headers = {"ETag": f'"{hashlib.sha256(self.content).hexdigest()[:16]}"', "Cache-Control": "no-cache"}


@router.head("/maths", include_in_schema=False)
@router.get("/maths", include_in_schema=False)
async def maths(request: Request) -> Response:
    """The page, or the news that it is still the same."""
    page: MathsPage = request.app.state.maths
    if request.headers.get("if-none-match") == page.headers["ETag"]:
        return Response(status_code=304, headers=page.headers)
    return HTMLResponse(page.content, headers=page.headers)
