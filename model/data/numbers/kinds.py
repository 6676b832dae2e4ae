"""The kinds of pictures on which the reading of numbers is measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from model.data.numbers import pages, pictures
from model.data.numbers.pictures import DigitOnPad, NumberDrawing, NumberPhotograph, NumberPicture
from model.data.pendigits import PenDigit
from model.data.photographs import drawings, light, papers, photograph, writing
from model.data.photographs.kinds import WITHOUT_DIGIT
from model.data.photographs.papers import Rng
from model.data.unipen import UnipenDrawing

Make = Callable[[Sequence[PenDigit], Rng], NumberPicture]  # from digits by one writer


@dataclass(frozen=True)
class Kind:
    """A kind of pictures: its group, and what makes one."""

    group: str
    make: Make
    share: float = 1.0  # of the usual number of pictures


ROOM: Final = (0.5, 1.2)  # margins with room for a line, in heights of a digit
KINDS: Final[dict[str, Kind]] = {
    "apart": Kind("apart", NumberDrawing(partial(pages.number, spacing="apart"))),
    "overlapping": Kind("overlapping", NumberDrawing(partial(pages.number, spacing="overlapping"))),
    "touching": Kind("touching", NumberDrawing(partial(pages.number, spacing="touching"))),
    "variants": Kind("variants", NumberDrawing(partial(pages.number, variants=0.5))),
    "plain_ones": Kind("plain ones", NumberDrawing(pages.plain_ones), 0.5),
    "separators": Kind("marks", NumberDrawing(pages.separated), 0.5),
    "dates": Kind("marks", NumberDrawing(pages.date), 0.5),
    "underlined": Kind("marks", NumberDrawing(pages.number, drawings.line_below, ROOM), 0.5),
    "margin_line": Kind("marks", NumberDrawing(pages.number, pictures.margin_line, ROOM), 0.5),
    "sides": Kind("marks", NumberDrawing(pages.number, pictures.sides, ROOM), 0.5),
    "framed": Kind("marks", NumberDrawing(pages.number, drawings.sharp_frame, ROOM), 0.5),
    "specks": Kind("marks", NumberDrawing(pages.number, pictures.specks), 0.5),
    "two_lines": Kind("lines", NumberDrawing(pages.two_lines)),
    "column": Kind("lines", NumberDrawing(pages.column), 0.5),
    "phone": Kind("phone", NumberDrawing(pages.phone), 0.5),
    "photographed_plain": Kind("photographs", NumberPhotograph(pages.number)),
    "photographed_ruled": Kind("photographs", NumberPhotograph(pages.number, papers.ruled)),
    "photographed_squared": Kind("photographs", NumberPhotograph(pages.number, papers.squared)),
    "photographed_lines": Kind("photographed lines", NumberPhotograph(pages.two_lines, papers.ruled)),
    "photographed_shadow": Kind("photographed elsewhere", NumberPhotograph(pages.number, light=light.hard_shadow), 0.5),
    "photographed_desk": Kind(
        "photographed elsewhere", NumberPhotograph(pages.number, share=(0.4, 0.6), layout=photograph.on_desk), 0.5
    ),
    "photographed_chalk": Kind(
        "photographed elsewhere", NumberPhotograph(pages.number, papers.chalkboard, pen=writing.chalk), 0.5
    ),
    "single": Kind("single", DigitOnPad(), 3),
    "single_variant": Kind("single", DigitOnPad(variants=True)),
    "single_on_a_sheet": Kind("single", NumberDrawing(pages.one_digit)),
    "single_photographed": Kind("single", NumberPhotograph(pages.one_digit, share=(0.25, 0.6)), 0.5),
}


def without_number(letters: Sequence[UnipenDrawing]) -> dict[str, Kind]:
    """Pictures of what is no number."""
    empty = [kind.make for kind in WITHOUT_DIGIT.values() if kind.group.startswith("empty")]

    def empty_sheet(people: Sequence[PenDigit], rng: Rng) -> NumberPicture:
        return NumberPicture("", empty[rng.integers(len(empty))](people[0], rng), [], people[0].writer)

    return {
        "words": Kind("no number", NumberDrawing(partial(pages.word, letters=letters))),
        "font_words": Kind("no number", NumberDrawing(pages.font_word), 0.5),
        "scribbles": Kind("no number", NumberDrawing(pages.scribbles), 0.5),
        "signs": Kind("no number", NumberDrawing(pages.signs), 0.5),
        "empty": Kind("no number", empty_sheet, 0.5),
    }
