"""The kinds of pictures on which reading is measured, each with its group. None of them is learned from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PIL import Image

from model.data.pendigits import PenDigit
from model.data.photographs.light import (
    Camera,
    blinds,
    crumpled,
    dark_corners,
    glare,
    hand_shadow,
    hard_shadow,
    lamp,
    soft_shadow,
    very_crumpled,
)
from model.data.photographs.papers import (
    FAINT,
    STRONG,
    TILTED,
    Rng,
    chalkboard,
    cloth,
    dotted,
    green_paper,
    light_desk,
    ruled,
    squared,
    sticky_note,
    whiteboard,
    wooden_desk,
)
from model.data.photographs.photograph import (
    Photograph,
    cell_size,
    fixed_size,
    in_perspective,
    note_on_a_page,
    on_desk,
    strip_of_desk,
)
from model.data.photographs.writing import (
    BOARD_MARKER,
    FAINT_PENCIL,
    FELT,
    PENCIL,
    YELLOW_MARKER,
    box,
    chalk,
    circle,
    coloured_pen,
    palm_smear,
    rounded_box,
    stray_dots,
    sudoku_lines,
    underline,
    with_pen,
)


@dataclass(frozen=True)
class Kind:
    """A kind of pictures: its group, and what makes one from a written digit."""

    group: str
    make: Callable[[PenDigit, Rng], Image.Image]
    has_digit: bool = True  # False: whatever is on it, it is not one digit
    share: float = 1.0  # of the usual number of pictures, for those that take long


PHOTOGRAPHS: Final[dict[str, Kind]] = {
    "plain": Kind("plain", Photograph()),
    "faint_pencil": Kind("plain", Photograph(pen=with_pen(FAINT_PENCIL))),
    "ruled_faint": Kind("ruled", Photograph(partial(ruled, rules=FAINT))),
    "ruled_strong": Kind("ruled", Photograph(partial(ruled, rules=STRONG))),
    "ruled_tilted": Kind("ruled", Photograph(partial(ruled, rules=TILTED))),
    "ruled_margin": Kind("ruled", Photograph(partial(ruled, margin=True))),
    "squared_faint": Kind("squared", Photograph(partial(squared, rules=FAINT))),
    "squared_strong": Kind("squared", Photograph(partial(squared, rules=STRONG))),
    "dot_grid": Kind("squared", Photograph(dotted)),
    "soft_shadow": Kind("light", Photograph(light=soft_shadow)),
    "hard_shadow": Kind("light", Photograph(light=hard_shadow)),
    "hand_shadow": Kind("light", Photograph(light=hand_shadow)),
    "blinds": Kind("light", Photograph(light=blinds)),
    "dark_corners": Kind("light", Photograph(light=dark_corners)),
    "lamp": Kind("light", Photograph(light=lamp)),
    "glare": Kind("light", Photograph(veil=glare)),
    "crumpled": Kind("light", Photograph(light=crumpled)),
    "very_crumpled": Kind("light", Photograph(light=very_crumpled)),
    "dark_desk": Kind("desk", Photograph(layout=on_desk, region=0.66)),
    "dark_desk_straight": Kind("desk", Photograph(layout=partial(on_desk, tilt=0), region=0.66)),
    "dark_desk_blurred": Kind("desk", Photograph(layout=on_desk, camera=Camera(blur=(1.5, 3)), region=0.66)),
    "wooden_desk": Kind("desk", Photograph(layout=partial(on_desk, desk=wooden_desk), region=0.66)),
    "light_desk": Kind("desk", Photograph(layout=partial(on_desk, desk=light_desk), region=0.66)),
    "cloth": Kind("desk", Photograph(layout=partial(on_desk, desk=cloth), region=0.66)),
    "strip_of_desk": Kind("desk", Photograph(layout=strip_of_desk, region=0.66)),
    "ruled_on_desk": Kind("desk", Photograph(ruled, layout=partial(on_desk, tilt=15), region=0.66)),
    "squared_on_wood": Kind(
        "desk", Photograph(squared, layout=partial(on_desk, desk=wooden_desk, tilt=15), region=0.66)
    ),
    "desk_in_shadow": Kind("desk", Photograph(layout=on_desk, light=hard_shadow, region=0.66)),
    "perspective": Kind("desk", Photograph(layout=in_perspective, region=0.66)),
    "sticky_note": Kind("desk", Photograph(sticky_note, layout=note_on_a_page, region=0.66)),
    "whiteboard": Kind(
        "board", Photograph(whiteboard, lambda rng: coloured_pen(rng) if rng.random() < 0.5 else BOARD_MARKER)
    ),
    "whiteboard_glare": Kind("board", Photograph(whiteboard, with_pen(BOARD_MARKER), veil=glare)),
    "whiteboard_lamp": Kind("board", Photograph(whiteboard, with_pen(BOARD_MARKER), light=lamp)),
    "chalkboard": Kind("board", Photograph(chalkboard, chalk)),
    "chalkboard_glare": Kind("board", Photograph(chalkboard, chalk, veil=glare)),
    "circled": Kind("frame", Photograph(share=(0.25, 0.45), beside=circle, region=0.7)),
    "boxed": Kind("frame", Photograph(share=(0.25, 0.45), beside=box, region=0.7)),
    "boxed_by_hand": Kind("frame", Photograph(share=(0.25, 0.45), beside=partial(box, wobble=0.05), region=0.7)),
    "rounded_box": Kind("frame", Photograph(share=(0.25, 0.45), beside=rounded_box, region=0.7)),
    "underlined": Kind("frame", Photograph(share=(0.25, 0.5), beside=underline, region=0.7)),
    "sudoku_cell": Kind("frame", Photograph(share=(0.45, 0.7), region=0.76, beside=sudoku_lines, size=cell_size)),
    "stray_dots": Kind("plain", Photograph(share=(0.2, 0.4), beside=stray_dots)),
    "palm_smear": Kind("plain", Photograph(pen=with_pen(PENCIL), beside=palm_smear)),
    "blurred": Kind("camera", Photograph(camera=Camera(blur=(1.5, 3.5)))),
    "noisy": Kind("camera", Photograph(camera=Camera(noise=(0.04, 0.09)))),
    "jpeg": Kind("camera", Photograph(camera=Camera(quality=(30, 60)))),
    "coloured_pen": Kind("colour", Photograph(pen=coloured_pen)),
    "yellow_marker": Kind("colour", Photograph(pen=with_pen(YELLOW_MARKER))),
    "red_on_green": Kind("colour", Photograph(green_paper, with_pen(FELT._replace(colour=(0.72, 0.32, 0.22))))),
    "small_digit": Kind("small", Photograph(share=(0.06, 0.09), size=fixed_size(1200, 1600))),
    "twelve_megapixels": Kind(
        "small", Photograph(share=(0.2, 0.5), size=fixed_size(1500, 2000), enlarged=2), share=0.1
    ),
}
KINDS: Final = PHOTOGRAPHS
