"""Scenes without a digit: a page of text, a hand, a face. Sheets and desks alone are in `papers.py`."""

import string
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.data.photographs.papers import (
    Picture,
    Plane,
    Rng,
    Size,
    blurred,
    coordinates,
    dark_desk,
    light_desk,
    over,
    plain,
    smooth_noise,
    wooden_desk,
)
from model.data.photographs.writing import coverage

SKIN: Final = ((0.93, 0.76, 0.65), (0.8, 0.6, 0.46), (0.55, 0.38, 0.27), (0.36, 0.24, 0.18))
GROUNDS: Final = (plain, dark_desk, light_desk, wooden_desk)


def text_page(size: Size, rng: Rng) -> Picture:
    """Paper with lines of printed words, without digits."""
    image = Image.new("L", size[::-1])
    letter = size[0] * rng.uniform(0.02, 0.06)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(letter)
    left, line = size[1] * rng.uniform(0.03, 0.12), letter * rng.uniform(1.3, 1.8)
    for top in np.arange(letter, size[0] - letter, line):
        if rng.random() < 0.9:
            draw.text((left, top), _words(int((size[1] - 2 * left) / letter * 1.7), rng), fill=255, font=font)
    share = np.asarray(image, dtype=np.float32) / np.float32(255)
    return over(plain(size, rng), (0.12, 0.12, 0.13), share)


def _words(letters: int, rng: Rng) -> str:
    chosen = rng.choice(list(string.ascii_lowercase), letters)
    gaps = rng.random(letters) < 0.18
    return "".join(" " if gap else str(letter) for letter, gap in zip(chosen, gaps, strict=True)).capitalize()


def hand(size: Size, rng: Rng) -> Picture:
    """A hand on a sheet or desk."""
    side = min(size) * rng.uniform(0.7, 1.1)
    palm = np.array([size[1] * rng.uniform(0.35, 0.65), size[0] * rng.uniform(0.5, 0.75)])
    angles = -np.pi / 2 + rng.uniform(-0.4, 0.4) + np.array([-1.2, -0.45, -0.15, 0.15, 0.45])
    reach = side * np.array([0.35, 0.5, 0.56, 0.53, 0.45])[:, None]
    tips = palm + reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    fingers = coverage([np.stack([palm, tip]) for tip in tips], side * 0.09, size)
    arm = coverage([palm + side * np.array([(0, 0), (0, 1)])], side * 0.3, size)
    return _of_skin(np.maximum(fingers, arm), side * 0.05, size, rng)


def face(size: Size, rng: Rng) -> Picture:
    """A face with hair, eyes and a mouth."""
    side = min(size) * rng.uniform(0.5, 0.9)
    y, x = coordinates(size)
    middle = np.array([size[1], size[0]]) * rng.uniform(0.42, 0.58, 2)
    far = np.hypot((x - middle[0]) / (side * 0.36), (y - middle[1]) / (side * 0.47))
    edge = np.asarray(np.clip((1 - far) * side * 0.4, 0, 1), dtype=np.float32)
    head = _of_skin(edge, side * 0.12, size, rng)
    hair = edge * np.asarray(y < middle[1] - side * 0.25, dtype=np.float32)
    eyes = [middle[None] + side * np.array([(sign * 0.14, -0.08)]) for sign in (-1, 1)]
    mouth = middle + side * np.array([(-0.12, 0.2), (0, 0.23), (0.12, 0.2)])
    head = over(head, (0.15, 0.1, 0.07), blurred(hair, side * 0.01))
    head = over(head, (0.12, 0.1, 0.1), coverage(eyes, side * 0.07, size))
    return over(head, (0.6, 0.25, 0.25), coverage([mouth], side * 0.04, size))


def _of_skin(share: Plane, soft: float, size: Size, rng: Rng) -> Picture:
    """Skin on a ground, darker towards its edges."""
    light = 0.65 + 0.35 * blurred(share, soft) + 0.02 * smooth_noise(size, soft, rng)
    skin = np.asarray(SKIN[rng.integers(len(SKIN))], dtype=np.float32) * light[:, :, None]
    return over(GROUNDS[rng.integers(len(GROUNDS))](size, rng), skin, share)
