"""The kinds of pictures on which reading is measured, each with its group. The networks learn from none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PIL import Image

from model.data.pendigits import PenDigit
from model.data.photographs import drawings, light, marks, no_digit, papers, photograph, shapes, writing
from model.data.photographs.drawings import Drawing
from model.data.photographs.papers import Rng
from model.data.photographs.photograph import Photograph
from model.data.photographs.shapes import PenStrokes
from model.data.printed import block_digit, pixel_digit, segment_digit


@dataclass(frozen=True)
class Kind:
    """A kind of pictures: its group, and what makes one from a written digit."""

    group: str
    make: Callable[[PenDigit, Rng], Image.Image]
    has_digit: bool = True  # False: whatever is on it, it is not one digit
    share: float = 1.0  # of the usual number of pictures, for those that take long


SEGMENTS: Final = partial(shapes.printed, form=segment_digit)
PIXELS: Final = partial(shapes.printed, form=pixel_digit)
SHEET: Final = photograph.fixed_size(1200, 1600)
ON_A_CARD: Final = PenStrokes(share=(0.4, 0.6), region=0.7)
ON_A_DISC: Final = PenStrokes(share=(0.35, 0.55), region=0.6)

PHOTOGRAPHS: Final[dict[str, Kind]] = {
    "plain": Kind("plain", Photograph()),
    "faint_pencil": Kind("plain", Photograph(pen=writing.with_pen(writing.FAINT_PENCIL))),
    "ruled_faint": Kind("ruled", Photograph(partial(papers.ruled, rules=papers.FAINT))),
    "ruled_strong": Kind("ruled", Photograph(partial(papers.ruled, rules=papers.STRONG))),
    "ruled_tilted": Kind("ruled", Photograph(partial(papers.ruled, rules=papers.TILTED))),
    "ruled_margin": Kind("ruled", Photograph(partial(papers.ruled, margin=True))),
    "squared_faint": Kind("squared", Photograph(partial(papers.squared, rules=papers.FAINT))),
    "squared_strong": Kind("squared", Photograph(partial(papers.squared, rules=papers.STRONG))),
    "dot_grid": Kind("squared", Photograph(papers.dotted)),
    "soft_shadow": Kind("light", Photograph(light=light.soft_shadow)),
    "hard_shadow": Kind("light", Photograph(light=light.hard_shadow)),
    "hand_shadow": Kind("light", Photograph(light=light.hand_shadow)),
    "blinds": Kind("light", Photograph(light=light.blinds)),
    "dark_corners": Kind("light", Photograph(light=light.dark_corners)),
    "lamp": Kind("light", Photograph(light=light.lamp)),
    "glare": Kind("light", Photograph(veil=light.glare)),
    "ruled_in_shadow": Kind("light", Photograph(papers.ruled, light=light.soft_shadow)),
    "crumpled": Kind("light", Photograph(light=light.crumpled)),
    "very_crumpled": Kind("light", Photograph(light=light.very_crumpled)),
    "dark_desk": Kind("desk", Photograph(layout=photograph.on_desk, region=0.66)),
    "dark_desk_straight": Kind("desk", Photograph(layout=partial(photograph.on_desk, tilt=0), region=0.66)),
    "dark_desk_blurred": Kind(
        "desk", Photograph(layout=photograph.on_desk, camera=light.Camera(blur=(1.5, 3)), region=0.66)
    ),
    "wooden_desk": Kind("desk", Photograph(layout=partial(photograph.on_desk, desk=papers.wooden_desk), region=0.66)),
    "light_desk": Kind("desk", Photograph(layout=partial(photograph.on_desk, desk=papers.light_desk), region=0.66)),
    "cloth": Kind("desk", Photograph(layout=partial(photograph.on_desk, desk=papers.cloth), region=0.66)),
    "strip_of_desk": Kind("desk", Photograph(layout=photograph.strip_of_desk, region=0.66)),
    "ruled_on_desk": Kind("desk", Photograph(papers.ruled, layout=partial(photograph.on_desk, tilt=15), region=0.66)),
    "squared_on_wood": Kind(
        "desk",
        Photograph(papers.squared, layout=partial(photograph.on_desk, desk=papers.wooden_desk, tilt=15), region=0.66),
    ),
    "desk_in_shadow": Kind("desk", Photograph(layout=photograph.on_desk, light=light.hard_shadow, region=0.66)),
    "perspective": Kind("desk", Photograph(layout=photograph.in_perspective, region=0.66)),
    "sticky_note": Kind("desk", Photograph(papers.sticky_note, layout=photograph.note_on_a_page, region=0.66)),
    "whiteboard": Kind("board", Photograph(papers.whiteboard, pen=writing.coloured_pen)),
    "whiteboard_glare": Kind(
        "board", Photograph(papers.whiteboard, pen=writing.with_pen(writing.BOARD_MARKER), veil=light.glare)
    ),
    "whiteboard_lamp": Kind(
        "board", Photograph(papers.whiteboard, pen=writing.with_pen(writing.BOARD_MARKER), light=light.lamp)
    ),
    "chalkboard": Kind("board", Photograph(papers.chalkboard, pen=writing.chalk)),
    "chalkboard_glare": Kind("board", Photograph(papers.chalkboard, pen=writing.chalk, veil=light.glare)),
    "circled": Kind("frame", Photograph(share=(0.25, 0.45), beside=marks.circle, region=0.7)),
    "boxed": Kind("frame", Photograph(share=(0.25, 0.45), beside=marks.box, region=0.7)),
    "boxed_by_hand": Kind("frame", Photograph(share=(0.25, 0.45), beside=partial(marks.box, wobble=0.05), region=0.7)),
    "rounded_box": Kind("frame", Photograph(share=(0.25, 0.45), beside=marks.rounded_box, region=0.7)),
    "underlined": Kind("frame", Photograph(share=(0.25, 0.5), beside=marks.underline, region=0.7)),
    "sudoku_cell": Kind(
        "frame", Photograph(share=(0.45, 0.7), region=0.76, beside=marks.sudoku_lines, size=photograph.cell_size)
    ),
    "stray_dots": Kind("plain", Photograph(share=(0.2, 0.4), beside=marks.stray_dots)),
    "specks": Kind("plain", Photograph(beside=marks.specks)),
    "palm_smear": Kind("plain", Photograph(pen=writing.with_pen(writing.PENCIL), beside=marks.palm_smear)),
    "blurred": Kind("camera", Photograph(camera=light.Camera(blur=(1.5, 3.5)))),
    "noisy": Kind("camera", Photograph(camera=light.Camera(noise=(0.04, 0.09)))),
    "jpeg": Kind("camera", Photograph(camera=light.Camera(quality=(30, 60)))),
    "coloured_pen": Kind("colour", Photograph(pen=writing.coloured_pen)),
    "yellow_marker": Kind("colour", Photograph(pen=writing.with_pen(writing.YELLOW_MARKER))),
    "red_on_green": Kind(
        "colour", Photograph(papers.green_paper, pen=writing.with_pen(writing.FELT._replace(colour=(0.72, 0.32, 0.22))))
    ),
    "small_digit": Kind("small", Photograph(share=(0.06, 0.09), size=SHEET)),
    "small_and_faint": Kind(
        "small",
        Photograph(pen=writing.with_pen(writing.FAINT_PENCIL), share=(0.06, 0.09), size=SHEET),
    ),
    "small_on_ruled": Kind("small", Photograph(papers.ruled, share=(0.06, 0.09), size=SHEET)),
    "twelve_megapixels": Kind(
        "small", Photograph(share=(0.2, 0.5), size=photograph.fixed_size(1500, 2000), enlarged=2), share=0.1
    ),
}
DRAWINGS: Final[dict[str, Kind]] = {
    "black_on_white": Kind("pen", Drawing()),
    "white_on_black": Kind("pen", Drawing(colours=drawings.white_on_black)),
    "thick_pen": Kind("pen", Drawing(shapes.THICK)),
    "one_pixel_pen": Kind("pen", Drawing(shapes.hair_thin, size=photograph.fixed_size(600, 600))),
    "jagged": Kind("pen", Drawing(shapes.jagged)),
    "dashed": Kind("pen", Drawing(shapes.dashed)),
    "dotted": Kind("pen", Drawing(shapes.dotted)),
    "sprayed": Kind("pen", Drawing(shapes.sprayed)),
    "hollow": Kind("pen", Drawing(shapes.hollow)),
    "rotated": Kind("pen", Drawing(PenStrokes(turn=(15, 30)))),
    "tightly_cropped": Kind("pen", Drawing(PenStrokes(share=(0.95, 1), region=1))),
    "small_in_a_corner": Kind(
        "pen", Drawing(PenStrokes(share=(0.08, 0.15), region=0.95), size=photograph.fixed_size(600, 600))
    ),
    "seven_segment": Kind("printed", Drawing(SEGMENTS)),
    "seven_segment_lit": Kind("printed", Drawing(SEGMENTS, drawings.light_on_dark)),
    "pixel_font": Kind("printed", Drawing(PIXELS)),
    "blocks": Kind("printed", Drawing(partial(shapes.printed, form=block_digit))),
    "printed": Kind("printed", Drawing(shapes.printed)),
    "printed_in_a_box": Kind("printed", Drawing(shapes.printed, beside=drawings.sharp_frame)),
    "coloured_drawing": Kind("coloured", Drawing(colours=drawings.coloured)),
    "light_on_dark": Kind("coloured", Drawing(colours=drawings.light_on_dark)),
    "low_contrast": Kind("coloured", Drawing(colours=drawings.low_contrast)),
    "gradient": Kind("coloured", Drawing(colours=drawings.coloured, ground=drawings.gradient)),
    "checkerboard": Kind("coloured", Drawing(ground=drawings.checkerboard)),
    "transparent": Kind("coloured", Drawing(colours=drawings.coloured, transparent=True)),
    "cast_shadow": Kind("coloured", Drawing(finish=drawings.cast_shadow)),
    "badge_disc": Kind("card", Drawing(shapes.printed, drawings.white_on_colour, card=drawings.disc)),
    "badge_disc_transparent": Kind(
        "card", Drawing(shapes.printed, drawings.white_on_colour, card=drawings.disc, transparent=True)
    ),
    "written_disc": Kind("card", Drawing(ON_A_DISC, drawings.white_on_colour, card=drawings.disc)),
    "light_disc_on_black": Kind("card", Drawing(ON_A_DISC, card=drawings.disc, page=drawings.BLACK)),
    "dark_disc_on_white": Kind("card", Drawing(ON_A_DISC, drawings.light_on_dark, card=drawings.disc)),
    "tile": Kind("card", Drawing(shapes.printed, drawings.white_on_colour, card=drawings.tile)),
    "tile_transparent": Kind(
        "card", Drawing(shapes.printed, drawings.white_on_colour, card=drawings.tile, transparent=True)
    ),
    "written_tile": Kind("card", Drawing(ON_A_CARD, drawings.white_on_colour, card=drawings.tile)),
    "sharp_frame": Kind("outline", Drawing(ON_A_CARD, beside=drawings.sharp_frame)),
    "rounded_frame": Kind("outline", Drawing(ON_A_CARD, beside=drawings.rounded_frame)),
    "ring": Kind("outline", Drawing(ON_A_DISC, beside=drawings.ring)),
    "line_below": Kind("outline", Drawing(ON_A_CARD, beside=drawings.line_below)),
    "black_canvas_on_white_page": Kind(
        "screenshot", Drawing(colours=drawings.white_on_black, finish=drawings.on_a_page)
    ),
    "coloured_canvas_on_white_page": Kind(
        "screenshot", Drawing(colours=drawings.white_on_colour, finish=drawings.on_a_page)
    ),
    "canvas_with_toolbar": Kind("screenshot", Drawing(finish=drawings.with_toolbar)),
    "black_canvas_with_toolbar": Kind(
        "screenshot", Drawing(colours=drawings.white_on_black, finish=drawings.with_toolbar)
    ),
    "dithered": Kind("pixels", Drawing(colours=drawings.coloured, ground=drawings.gradient, finish=drawings.dithered)),
    "enlarged_icon": Kind("pixels", Drawing(finish=drawings.enlarged)),
    "blurred_icon": Kind("pixels", Drawing(finish=drawings.blurry)),
    "icon": Kind("pixels", Drawing(colours=drawings.white_on_black, finish=drawings.icon)),
    "bad_jpeg": Kind("pixels", Drawing(colours=drawings.coloured, finish=drawings.bad_jpeg)),
    "palette": Kind("pixels", Drawing(colours=drawings.coloured, ground=drawings.gradient, finish=drawings.palette)),
}
WITHOUT_DIGIT: Final[dict[str, Kind]] = {
    "empty_sheet": Kind("empty sheet", Photograph(written=False), False),
    "empty_ruled": Kind("empty sheet", Photograph(papers.ruled, written=False), False),
    "empty_ruled_margin": Kind(
        "empty sheet", Photograph(partial(papers.ruled, rules=papers.STRONG, margin=True), written=False), False
    ),
    "empty_squared": Kind("empty sheet", Photograph(papers.squared, written=False), False),
    "empty_dot_grid": Kind("empty sheet", Photograph(papers.dotted, written=False), False),
    "empty_crumpled": Kind("empty sheet", Photograph(light=light.crumpled, written=False), False),
    "empty_very_crumpled": Kind("empty sheet", Photograph(light=light.very_crumpled, written=False), False),
    "soft_shadow_alone": Kind("empty light", Photograph(light=light.soft_shadow, written=False), False),
    "hard_shadow_alone": Kind("empty light", Photograph(light=light.hard_shadow, written=False), False),
    "hand_shadow_alone": Kind("empty light", Photograph(light=light.hand_shadow, written=False), False),
    "lamp_alone": Kind("empty light", Photograph(light=light.lamp, written=False), False),
    "glare_alone": Kind("empty light", Photograph(veil=light.glare, written=False), False),
    "empty_whiteboard": Kind("empty board", Photograph(papers.whiteboard, veil=light.glare, written=False), False),
    "empty_chalkboard": Kind("empty board", Photograph(papers.chalkboard, written=False), False),
    "desk_alone": Kind("empty desk", Photograph(papers.dark_desk, written=False), False),
    "wooden_desk_alone": Kind("empty desk", Photograph(papers.wooden_desk, written=False), False),
    "cloth_alone": Kind("empty desk", Photograph(papers.cloth, written=False), False),
    "empty_sheet_on_desk": Kind("empty desk", Photograph(layout=photograph.on_desk, written=False), False),
    "empty_ruled_on_wood": Kind(
        "empty desk",
        Photograph(papers.ruled, layout=partial(photograph.on_desk, desk=papers.wooden_desk), written=False),
        False,
    ),
    "empty_sheet_in_perspective": Kind(
        "empty desk", Photograph(layout=photograph.in_perspective, written=False), False
    ),
    "empty_sticky_note": Kind(
        "empty desk", Photograph(papers.sticky_note, layout=photograph.note_on_a_page, written=False), False
    ),
    "text_page": Kind("scene", Photograph(no_digit.text_page, written=False), False),
    "text_page_on_desk": Kind("scene", Photograph(no_digit.text_page, layout=photograph.on_desk, written=False), False),
    "hand": Kind("scene", Photograph(no_digit.hand, written=False), False),
    "face": Kind("scene", Photograph(no_digit.face, written=False), False),
    "one_over_another": Kind("scene", Drawing(shapes.one_over_another), False),
}
SETS: Final = {"photographs": PHOTOGRAPHS, "drawings": DRAWINGS, "without_digit": WITHOUT_DIGIT}
KINDS: Final = PHOTOGRAPHS | DRAWINGS | WITHOUT_DIGIT
