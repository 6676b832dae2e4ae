"""The page /maths: its text comes from docs/maths.md, its numbers from the file beside the loaded network's weights.

The numbers of a person's own drawing take the place of the example's; they are computed when they are asked for.
"""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from fastapi import APIRouter, Request
from jinja2 import Environment
from markupsafe import Markup
from numpy.typing import NDArray
from starlette.responses import HTMLResponse, Response

from app.api.parameters import SelectedNetwork
from app.api.replies import page_reply
from app.input.admission import client_of
from app.input.bodies import read_drawings
from app.middleware.problems import Problem
from app.networks import Networks, ServedNetwork
from model.network import Network
from model.storage import lookup, read_numbers
from model.worked_example import example_numbers

router = APIRouter()
TINY: Final = 1e-12  # below it a number is rounding and differs from machine to machine
MISSING: Final = "–"
BOUNDLESS: Final = "beyond all numbers"  # what weights far too large lead to: the page still comes
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def live_numbers(network: Network, weights: Path, report: dict[str, Any] | None) -> dict[str, Any]:
    """What the page states of the loaded network: with no file about this very network, its name alone."""
    model = {"name": network.name, "activation": network.activation}
    return {"model": model, "report": report or {}, **(read_numbers(weights, network.name) or {})}


def format_number(value: Any, form: str = "") -> str:  # noqa: ANN401 - whatever there is
    """A number as the text writes it; `form` is its number of significant figures, f2 for two decimals, or %.

    >>> format_number(109386), format_number(-0.138282), format_number(-0.138282, "2")
    ('109,386', '−0.1383', '−0.14')
    >>> format_number(0.138282, "%"), format_number(2.0, "f2"), format_number(2.0)
    ('13.83%', '2.00', '2')
    >>> format_number(4.64e-10), format_number(4.641589e-10, "6"), format_number(3e-15), format_number((784, 10))
    ('4.64·10⁻¹⁰', '4.64159·10⁻¹⁰', 'less than 10⁻¹²', '784 → 10')
    >>> format_number("he"), format_number(None), format_number(2981.0, "3"), format_number(44362.0)
    ('he', '–', '2,980', '44,360')
    >>> format_number(float("inf")), format_number(float("nan"), "%")
    ('beyond all numbers', 'beyond all numbers')
    """
    match value:
        case list() | tuple():
            return " → ".join(format_number(part, form) for part in value)
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}".replace("-", "−")
        case float():
            return _format_float(value, form).replace("-", "−")
    return MISSING if value is None else str(value)


def _format_float(value: float, form: str) -> str:
    if not math.isfinite(value):
        return BOUNDLESS
    if form == "%":
        return f"{value:.2%}"
    if form.startswith("f"):
        return f"{value:.{form[1:]}f}"
    if 0 < abs(value) < TINY:
        return "less than 10⁻¹²"
    if value and not 0.001 <= abs(value) < 1e6:
        mantissa, exponent = f"{value:.{int(form or 3) - 1}e}".split("e")
        return f"{float(mantissa):.15g}·10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return (
        f"{float(f'{value:.{form or 4}g}'):,.15g}"  # rounded first: `g` alone writes 2981 to three figures as 2.98e+03
    )


class MathsPage:
    """The page with its numbers; its text is rendered when it is first asked for."""

    def __init__(self, templates: Environment, live: dict[str, Any], context: dict[str, Any]) -> None:
        self.templates, self.live, self.context = templates, live, context

    @classmethod
    def of(cls, served: ServedNetwork, networks: Networks, templates: Environment) -> MathsPage:
        """About a served network."""
        live = live_numbers(served.recognizer.network, served.weights, served.report)
        return cls(templates, live, networks.context(served))

    @cached_property
    def text(self) -> Markup:
        """The text with the numbers of the example, HTML without the page around it."""
        return self._text_with(self.live)

    def text_about(self, network: Network, picture: NDArray[np.uint8]) -> str:
        """The same with the numbers of a drawing (784,)."""
        return self._text_with(self.live | example_numbers(network, picture) | {"own": True})

    def _text_with(self, live: dict[str, Any]) -> Markup:
        template = self.templates.get_template("maths_text.html")
        return Markup(template.render(self.context, live=live, lookup=lookup, format_number=format_number))  # noqa: S704 - a template's


@router.head("/maths", include_in_schema=False)
@router.get("/maths", include_in_schema=False)
def maths(request: Request, served: SelectedNetwork) -> Response:
    """The page, or 304 where the browser has it; in a thread, since rendering takes a tenth of a second."""
    page: MathsPage = request.app.state.maths[served.variant]
    return page_reply(request, "maths.html", "/maths", page.context | {"live": page.live, "text": page.text})


@router.post("/maths", include_in_schema=False)
async def maths_of_drawing(request: Request, served: SelectedNetwork) -> Response:
    """The text of the page with the numbers of the drawing that is sent."""
    state, recognizer = request.app.state, served.recognizer
    page: MathsPage = state.maths[served.variant]
    drawings = await read_drawings(request, state.admission, recognizer)
    if not page.live.get("forward") or not drawings.pictures[0].any():
        raise Problem(422, "Nothing can be told of it: send a drawing with ink, or run python -m model.lecture first")
    own = recognizer.network, drawings.pictures[0]
    return HTMLResponse(await state.admission.run(page.text_about, *own, client=client_of(request)))
