"""Actions of a person: digits as people write them, drawn with a real mouse or a real finger, and panels opened."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

Point = tuple[float, float]


# The points of a pen, stroke by stroke, in hundredths of the digit's own box.
DIGITS = {
    0: [[(55, 2), (30, 8), (14, 30), (12, 58), (24, 88), (48, 98), (72, 90), (86, 64), (84, 32), (70, 8), (52, 3)]],
    1: [[(52, 0), (51, 25), (50, 50), (49, 75), (48, 100)]],
    2: [[(14, 24), (24, 7), (46, 0), (70, 8), (77, 28), (66, 50), (40, 74), (12, 96), (45, 95), (86, 97)]],
    3: [[(18, 10), (42, 0), (68, 8), (70, 28), (42, 45), (72, 56), (80, 76), (62, 95), (36, 100), (12, 90)]],
    4: [[(34, 2), (24, 30), (12, 58), (45, 58), (86, 56)], [(66, 18), (64, 50), (63, 76), (62, 100)]],
    5: [[(24, 4), (22, 24), (19, 44), (46, 38), (72, 50), (78, 72), (62, 94), (36, 99), (12, 90)], [(24, 4), (78, 2)]],
    6: [[(66, 0), (42, 14), (24, 40), (18, 70), (30, 94), (54, 99), (74, 86), (76, 66), (58, 54), (34, 60), (20, 76)]],
    7: [[(12, 6), (46, 4), (84, 3), (68, 30), (54, 62), (44, 100)]],
    8: [[(70, 12), (48, 0), (26, 10), (28, 30), (74, 66), (70, 90), (46, 100), (24, 90), (22, 70), (66, 34), (68, 8)]],
    9: [[(74, 20), (54, 2), (30, 8), (22, 30), (36, 48), (58, 44), (74, 24), (76, 12), (72, 46), (68, 74), (64, 100)]],
}
# A seven in two strokes, in fractions of the pad.
SEVEN = [[(0.27, 0.25), (0.5, 0.235), (0.73, 0.23), (0.6, 0.5), (0.46, 0.82)], [(0.4, 0.54), (0.72, 0.51)]]
WIDTH, HEIGHT, GAP = 0.34, 0.55, 0.12  # of a digit of a number, and between two, in heights of the sheet
OVERLAID = "document.querySelector('.pad-frame').hasAttribute('data-overlay')"
FAILED = "Failed to load resource"  # Chromium's console message for a failed request
FRAMES = 900  # to wait for
FRAME = "() => new Promise(requestAnimationFrame)"
STEPS = 2  # moves between two of these points


def placed(
    digit: int, left: float = 0.25, top: float = 0.2, width: float = 0.5, height: float = 0.6
) -> list[list[Point]]:
    """A digit's strokes where it is to be drawn, in fractions of the pad."""
    return [[(left + width * x / 100, top + height * y / 100) for x, y in stroke] for stroke in DIGITS[digit]]


def written(
    text: str, *, left: float = 0.2, top: float = 0.22, height: float = HEIGHT, gap: float = GAP
) -> list[list[Point]]:
    """The strokes of a number, in heights of the sheet; its sevens are crossed."""
    strokes = []
    for digit in text:
        crossed = DIGITS[7] + [[(30, 50), (85, 48)]] if digit == "7" else DIGITS[int(digit)]
        width = height / HEIGHT * WIDTH
        strokes += [[(left + width * x / 100, top + height * y / 100) for x, y in stroke] for stroke in crossed]
        left += width * (0.35 if digit == "1" else 1) + height / HEIGHT * gap
    return strokes


def box_of(element: Locator) -> FloatRect:
    """The element's place and size in the window."""
    box = element.bounding_box()
    assert box is not None, "not shown"
    return box


def scroll_width(page: Page) -> int:
    """The width of all that is on the page; larger than the window's if it scrolls sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def on_screen(page: Page, points: Iterable[Point]) -> list[Point]:
    """Points of the pad as points of the window."""
    box = box_of(page.locator("#pad"))
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def press(page: Page, points: Iterable[Point], *, lift: bool = True) -> None:
    """One stroke with the mouse."""
    first, *rest = on_screen(page, points)
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=STEPS)
    if lift:
        page.mouse.up()
        page.evaluate(FRAME)  # until then the preview shows the stroke, too


def draw(page: Page, strokes: Iterable[Iterable[Point]]) -> None:
    """A whole drawing with the mouse."""
    for stroke in strokes:
        press(page, stroke)


def draw_answered(page: Page, strokes: Iterable[Iterable[Point]], answer: str) -> Page:
    """A whole drawing, and the answer to it."""
    draw(page, strokes)
    assert final_answer(page) == answer
    return page


def unfold(page: Page, panel: str) -> Locator:
    """A panel, opened or folded."""
    page.locator(f"#{panel} > summary").click()
    return page.locator(f"#{panel}")


class Fingers:
    """Fingers on a touch screen, through the browser's own input."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def send(self, kind: str, *points: Point) -> None:
        """One touch event with all the fingers that are down, in fractions of the pad."""
        self.dispatch(kind, on_screen(self.page, points))

    def dispatch(self, kind: str, window: Iterable[Point]) -> None:
        """The same in points of the window."""
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(window)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def draw(self, strokes: Iterable[list[Point]]) -> None:
        """A whole drawing with one finger."""
        for stroke in strokes:
            points = on_screen(self.page, stroke)
            self.dispatch("touchStart", points[:1])
            for start, end in pairwise(points):
                for step in range(1, STEPS + 1):
                    part = step / STEPS
                    x, y = (a + (b - a) * part for a, b in zip(start, end, strict=True))
                    self.dispatch("touchMove", [(x, y)])
            self.dispatch("touchEnd", [])


def choose_photo_of_a_one(page: Page) -> None:
    """A 1 in a corner of a photo, chosen as a file."""
    picture = Image.new("L", (120, 60), 230)
    picture.paste(20, (80, 10, 86, 52))
    file = io.BytesIO()
    picture.save(file, "PNG")
    page.locator("#photo").set_input_files({"name": "1.png", "mimeType": "image/png", "buffer": file.getvalue()})


def until(page: Page, expression: str) -> None:
    """Waits, a frame at a time, for something to be true: `wait_for_function` needs the eval that the page forbids."""
    for _ in range(FRAMES):
        if page.evaluate(expression):
            return
        page.evaluate(FRAME)
    pytest.fail(f"never true: {expression}")


def install_clock(page: Page) -> None:
    """Before the page is opened: its time can be held."""
    page.clock.install()


def hold_clock(page: Page) -> None:
    """From now on time passes by `page.clock.run_for` alone, frames included, however slow the machine is."""
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))


def first(page: Page, held: list[Route]) -> Route:
    """The request that a test holds back, once the page has sent it."""
    for _ in range(FRAMES):
        if held:
            return held[0]
        page.evaluate(FRAME)
    pytest.fail("the page sends no request")


def final_answer(page: Page) -> str:
    """The digit on the page once the answer about the finished stroke is there."""
    until(page, "document.querySelector('#announcer').textContent !== ''")
    return page.locator("#answer").inner_text()


def start_anew(page: Page) -> None:
    """Clears the pad and the announcer: the next announcement is about the next drawing."""
    page.locator("#clear").click()
    expect(page.locator("#announcer")).to_have_text("The pad is clear.")
    page.evaluate("() => void (document.querySelector('#announcer').textContent = '')")


def inked(page: Page, left: float = 0.0, top: float = 0.0, right: float = 1.0, bottom: float = 1.0) -> float:
    """The share of a part of the pad that shows ink, the stroke under the pen included."""
    share: float = page.evaluate(
        """([left, top, right, bottom]) => {
            const layers = ["#pad", "#preview"].map((id) => document.querySelector(id));
            const { width } = layers[0];
            const [x, y] = [Math.round(left * width), Math.round(top * width)];
            const [w, h] = [Math.round(right * width) - x, Math.round(bottom * width) - y];
            const shown = new OffscreenCanvas(w, h).getContext("2d", { willReadFrequently: true });
            layers.forEach((layer) => shown.drawImage(layer, -x, -y));
            const alpha = shown.getImageData(0, 0, w, h).data.filter((_, i) => i % 4 === 3);
            return alpha.filter((value) => value > 127).length / alpha.length;
        }""",
        [left, top, right, bottom],
    )
    return share


def clean(page: Page) -> None:
    """Waits for the pad to show nothing at all."""
    for _ in range(FRAMES):
        if inked(page) == 0:
            return
    pytest.fail("there is ink left")


def opened(page: Page, panel: str, digit: int = 7) -> Locator:
    """A panel, opened with a sample on the pad. The page has to be still, else the sample writes itself."""
    page.get_by_role("button", name=f"Write a {digit}").click()
    final_answer(page)
    body = unfold(page, panel).locator(".body")
    expect(body.locator(".sentence:visible").first).not_to_be_empty()
    return body


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-").replace("±", "").replace("+", "").replace(",", ""))
