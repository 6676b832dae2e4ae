"""The subset of a mathematical font that the page's formulas need: many systems have no font with roots and sums.

A formula is laid out by the font's own measures (OpenType MATH): the distance of a sum's limits, the parts of a tall
bracket. STIX Two Math has one; cut to our characters it is a twentieth as large.
"""

import html
import io
import re
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter, load_font, save_font

ROOT: Final = Path(__file__).resolve().parent.parent
FULL_FONT: Final = ROOT / "node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2"
SUBSET: Final = ROOT / "static" / "fonts" / "stix-two-math.woff2"
INVISIBLE: Final = {0x2061, 0xA0}  # signs that only say how others are set
IMPLIED: Final = {ord("√")}  # drawn for an element, never written
PANEL: Final = {*map(ord, "0123456789.,·")}  # any number in a formula on the drawing page
UPPER, LOWER, GREEK, SMALL_H = 0x1D434, 0x1D44E, 0x1D6FC, 0x210E  # where the italic letters begin; h has its own place
GREEK_LETTERS: Final = "αβγδεζηθικλμνξοπρςστυφχψω"


def characters(page: str) -> set[int]:
    """The characters that the formulas of a page show: a single letter is shown in italics."""
    formulas = re.findall(r"<math.*?</math>", page, re.DOTALL)
    letters = {letter for formula in formulas for letter in re.findall(r"<mi>(.)</mi>", formula)}
    written = {ord(sign) for formula in formulas for sign in html.unescape(re.sub(r"<[^>]*>|\s", "", formula))}
    return (written - INVISIBLE) | {italic(letter) for letter in letters} | IMPLIED | PANEL


def italic(letter: str) -> int:
    """The place of a letter's italic form, or the letter's own.

    >>> [f"{italic(letter):X}" for letter in "WhzβΔ"]
    ['1D44A', '210E', '1D467', '1D6FD', '394']
    """
    if letter in GREEK_LETTERS:
        return GREEK + GREEK_LETTERS.index(letter)
    if not (letter.isascii() and letter.isalpha()):
        return ord(letter)
    if letter == "h":
        return SMALL_H
    return UPPER + ord(letter) - ord("A") if letter.isupper() else LOWER + ord(letter) - ord("a")


def subset(page: str) -> bytes:
    """The font cut to a page's formulas, as WOFF2."""
    options = Options(flavor="woff2", layout_features=["ssty", "dtls", "flac"])
    font = load_font(io.BytesIO(FULL_FONT.read_bytes()), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters(page))
    subsetter.subset(font)
    written = io.BytesIO()
    save_font(font, written, options)
    return written.getvalue()


def covered_characters() -> set[int]:
    """The characters that the subset has."""
    return set(load_font(io.BytesIO(SUBSET.read_bytes()), Options()).getBestCmap())
