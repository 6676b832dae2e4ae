"""Sizes are read as Pillow reads them, and no picture takes more memory than its header lets expect."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.input.header import read_header
from app.input.metadata import strip_metadata
from bench.mutations import pictures
from model.image_file import open_image
from tests.app.input.test_decode import MODES
from tests.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("content", [*MODES.values(), *pictures()])
def test_the_size_is_the_one_that_pillow_reads(content):
    header = read_header(strip_metadata(content))
    assert header is not None
    assert (header.width, header.height) == Image.open(io.BytesIO(content)).size
    assert header.size == open_image(io.BytesIO(content)).size


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(20), b"RIFF" + bytes(4) + b"WAVE" + bytes(20)])
def test_another_file_has_no_header(content):
    assert read_header(content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"RIFF" + bytes(4) + b"WEBPVP8L",
        b"RIFF" + bytes(4) + b"WEBPICCP" + bytes(20),
        b"\xff\xd8\xff\xda" + bytes(20),
        b"\xff\xd8\xff\xe0\0\2xyz" + bytes(20),
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["cut short", "an unknown first chunk", "a scan first", "bytes between", "nothing"],
)
def test_a_broken_header_is_an_error(content):
    with pytest.raises((SyntaxError, struct.error)):
        read_header(content)


# Each in a process of its own: what an earlier one freed would hide what the next one takes.
PEAK = r"""
import io, os, re, sys
from pathlib import Path
import numpy as np
from PIL import Image
from app.input.container import return_freed_memory
from app.input.decode import decode, inspect_image
from model.reading.several import look
from model.recognize import Recognizer

recognizer = Recognizer.load(Path('weights/digits.npz'))

def picture(form, kind, mode, side):
    options = {  # PNG and WebP as they are written most quickly
        "PNG": {"compress_level": 1},
        "JPEG": {"progressive": kind != "plain", "subsampling": 0 if kind == "fine" else 2},
        "WEBP": {"lossless": mode == "RGBA", "method": 0},
    }[form]
    exif = Image.Exif()
    exif[0x0112] = 6
    # Light that falls off from the middle, and grain: the longest way through the preprocessing.
    y, x = np.meshgrid(*[np.linspace(-1, 1, side)] * 2, indexing="ij")
    light = 200 - 90 * (x * x + y * y) / 2 + np.random.default_rng(0).normal(0, 3, (side, side))
    image = Image.fromarray(light.astype(np.uint8)).convert("RGB").convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.fromarray(light.astype(np.uint8)))
    content = io.BytesIO()
    image.save(content, form, exif=exif, **options)
    return content.getvalue()[: -2 if kind == "unended" else None]

def status(key):
    return 1024 * int(re.search(key + r":\s+(\d+)", Path("/proc/self/status").read_text())[1])

def peak(form, kind, mode, side):
    content = picture(form, kind, mode, int(side))
    return_freed_memory()
    small = io.BytesIO()
    Image.new(mode, (64, 64), 100).save(small, form)
    look(decode(inspect_image(small.getvalue(), 10**9)), recognizer)
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    file = inspect_image(content, 10**9)
    look(decode(file), recognizer)  # for one digit, and as it finds none, for a number
    return status("VmHWM") - before, file.peak_bytes

for line in sys.stdin:
    if os.fork() == 0:
        print(*peak(*line.split()), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(1)
"""


@pytest.fixture(scope="module")
def measuring():
    """A process that has loaded all it needs, and measures what pictures take in forks of itself."""
    with subprocess.Popen(
        [sys.executable, "-c", PEAK], cwd=ROOT, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process


FORMS = [
    ("PNG", "1"),
    ("PNG", "L"),
    ("PNG", "P"),
    ("PNG", "RGBA"),
    ("JPEG plain", "RGB"),
    ("JPEG", "RGB"),
    ("JPEG fine", "RGB"),
    ("JPEG", "CMYK"),
    ("JPEG unended", "CMYK"),
    ("WEBP", "RGB"),
    ("WEBP", "RGBA"),
]
LARGEST = [("PNG", "1"), ("PNG", "RGBA"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]  # of each, the modes that grow most


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux says what a process took")
@pytest.mark.parametrize(
    ("form", "mode", "side"),
    [
        *((form, mode, 1023) for form, mode in LARGEST),
        *((form, mode, 1999) for form, mode in FORMS),
        *((form, mode, side) for side in (2000, 3500) for form, mode in FORMS if form.startswith("JPEG")),
    ],
)
def test_no_picture_takes_more_memory_than_its_header_lets_expect(form, mode, side, measuring):
    name, _, kind = form.partition(" ")
    measuring.stdin.write(f"{name} {kind or '-'} {mode} {side}\n")
    taken, expected = map(int, measuring.stdout.readline().split())
    assert taken <= expected + (2 << 20)  # libraries' own tables
