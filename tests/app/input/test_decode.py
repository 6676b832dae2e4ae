"""From bytes to pixels: every mode is the same drawing, every EXIF orientation upright, every damage a 400, soon."""

import io
import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from app.input.decode import MAX_EXIF, decode, inspect_image
from app.input.jpeg import MAX_SCANS, MAX_SEGMENTS, read_frame
from app.input.metadata import CHUNKS, MAX_CHUNKS, PNG, strip_metadata
from app.middleware.problems import Problem
from model.preprocess import preprocess
from tests.app.conftest import encoded, seven

MOST = 4_000_000
SEEN = preprocess(seven())


def saved(image, form="PNG", **options):
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def read(content):
    return decode(inspect_image(content, MOST))


def refused(content, status=400):
    with pytest.raises(Problem) as problem:
        read(content)
    assert problem.value.status == status
    return problem.value.detail


def chunk(kind, content=b""):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png16(bands, colour_type):
    """A 16-bit PNG of planes (height, width, bands): Pillow writes only grey ones."""
    height, width = bands.shape[:2]
    rows = bands.astype(">u2").reshape(height, -1)
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    head = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND")


def wide(*bands):
    """Planes of 16 bits, a third as dark as can be: clipped to 8 bits they would be white all over."""
    grey = 20_000 + 131 * np.asarray(seven(), dtype=np.int64)
    return np.stack([grey if band else np.full_like(grey, 65535) for band in bands], axis=2)


def on_nothing():
    image = Image.new("RGBA", (280, 280), (200, 30, 30, 0))
    image.putalpha(ImageOps.invert(seven()))
    return image


MODES = {
    "grey": saved(seven()),
    "grey and alpha": saved(seven().convert("LA")),
    "1 bit": saved(seven().convert("1")),
    "a palette": saved(seven().convert("P")),
    "a palette of 4 colours": saved(seven().convert("RGB").quantize(4), bits=2),
    "a palette with a transparent colour": saved(seven().convert("P"), transparency=255),
    "a grey that is transparent": saved(seven(), transparency=255),
    "a colour that is transparent": saved(seven().convert("RGB"), transparency=(255, 255, 255)),
    "RGB": saved(seven().convert("RGB")),
    "RGBA on nothing": saved(on_nothing()),
    "16-bit grey": saved(Image.fromarray(wide(1)[:, :, 0].astype(np.uint16))),
    "16-bit grey and alpha": png16(wide(1, 0), 4),
    "16-bit RGB": png16(wide(1, 1, 1), 2),
    "16-bit RGBA": png16(wide(1, 1, 1, 0), 6),
    "CMYK": saved(seven().convert("CMYK"), "JPEG", quality=95),
    "JPEG": saved(seven(), "JPEG", quality=95),
    "progressive JPEG": saved(seven().convert("RGB"), "JPEG", quality=95, progressive=True),
    "WebP": saved(seven(), "WEBP", quality=95),
    "lossless WebP on nothing": saved(on_nothing(), "WEBP", lossless=True),
    "an animation's first frame": saved(seven(), save_all=True, append_images=[Image.new("L", (280, 280))]),
    "a WebP animation's first frame": saved(
        seven(), "WEBP", save_all=True, lossless=True, append_images=[Image.new("L", (280, 280))]
    ),
}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_the_same_drawing(mode):
    np.testing.assert_allclose(preprocess(read(MODES[mode])).astype(int), SEEN.astype(int), atol=12)


def with_exif(form, orientation, image):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, form, exif=exif)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_exif_is_turned_upright_as_pillow_turns_it(form, orientation):
    content = with_exif(form, orientation, seven())
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    np.testing.assert_array_equal(np.asarray(read(content)), np.asarray(expected))


@pytest.mark.parametrize(
    "exif",
    [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12", b"Exif\0\0junk", bytes(9), b"Exif\0\0" + bytes(MAX_EXIF)],
    ids=["cut short", "no TIFF", "zeros", "too large"],
)
def test_exif_that_cannot_be_read_turns_nothing(exif):
    np.testing.assert_array_equal(np.asarray(read(saved(seven(), exif=exif))), np.asarray(seven()))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_file_cut_short_anywhere_is_refused(form):
    content = encoded(seven(), form)
    cuts = range(0, len(content), 7 if form == "JPEG" else 3)
    end = len(content) - 2 if form == "JPEG" else len(content)  # a JPEG's end marker is no loss
    for cut in [*cuts, *range(end - 40, end)]:
        refused(content[:cut])


def noise(side):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8))


JPEGS = {
    "plain": saved(seven(), "JPEG"),
    "fine": saved(noise(97), "JPEG", quality=100, subsampling=0),
    "progressive": saved(seven().convert("RGB"), "JPEG", progressive=True),
    "CMYK": saved(seven().convert("CMYK"), "JPEG"),
    "with restarts": saved(seven(), "JPEG", restart_marker_blocks=3),
    "with restarts, noise": saved(noise(40), "JPEG", restart_marker_rows=1),
    "with a thumbnail": saved(seven(), "JPEG", exif=b"Exif\0\0" + saved(noise(20), "JPEG")),
}


@pytest.mark.parametrize("form", JPEGS)
def test_a_jpeg_that_lacks_only_its_end_marker_is_read(form):
    content = JPEGS[form]
    for cut in (1, 2):
        np.testing.assert_array_equal(np.asarray(read(content[:-cut])), np.asarray(read(content)))


def outcome(content):
    try:
        return np.asarray(read(content)).tobytes()
    except Problem as problem:
        return problem.status


@pytest.mark.parametrize("form", JPEGS)
def test_a_jpeg_cut_in_its_scans_is_refused(form):
    content = JPEGS[form]
    scan = content.rindex(b"\xff\xda")
    last_bytes = range(len(content) - 24, len(content) - 3)
    between_scans = [at.start() for at in re.finditer(b"\xff[\xda\xc4]", content)]
    for cut in [*last_bytes, *np.linspace(scan + 10, len(content) - 24, 20).astype(int), *between_scans]:
        seen = outcome(content[:cut])
        # What changes no pixel is not missed: a progressive file's last bits.
        assert seen == 400 or seen == outcome(content), cut


def test_a_jpeg_without_end_is_worth_three_passes():
    content = saved(Image.new("RGB", (999, 999), "white"), "JPEG", progressive=True)
    assert inspect_image(content[:-2], MOST).work == 3 * inspect_image(content, MOST).work
    large = saved(Image.new("RGB", (3800, 3800), "white"), "JPEG", progressive=True)
    assert read(large).size == (1900, 1900)
    assert "too many scans for its size and no end" in refused(large[:-2], 413)


def test_a_jpeg_of_nothing_but_scans_is_no_work():
    head = saved(Image.new("L", (8, 8)), "JPEG")
    scans = head[: head.index(b"\xff\xda")] + b"\xff\xda\0\x08\1\1\0\0\x3f\0" * 5000
    assert "segments" in refused(scans)


def test_a_bit_that_flipped_anywhere_in_a_png_is_noticed():
    content = encoded(seven())
    for i in range(len(content)):
        broken = bytearray(content)
        broken[i] ^= 1
        refused(bytes(broken))


def test_a_wrong_checksum_is_named():
    content = bytearray(encoded(seven()))
    content[content.index(b"IDAT") + 20] ^= 255
    assert "checksum of its chunk IDAT" in refused(bytes(content))


def test_of_a_png_only_what_its_pixels_need_is_read():
    plain = encoded(seven())
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000))) * 60
    with_metadata = plain[:33] + text + chunk(b"iCCP", b"no profile") + plain[33:]
    assert strip_metadata(with_metadata) == plain
    assert strip_metadata(plain) is plain
    np.testing.assert_array_equal(np.asarray(read(with_metadata)), np.asarray(seven()))
    assert b"eXIf" in CHUNKS


def test_of_a_jpeg_only_what_its_pixels_need_is_read():
    plain = encoded(seven(), "JPEG").replace(encoded(seven(), "JPEG")[2:20], b"", 1)  # without JFIF's own segment
    photoshop = b"\xff\xed" + struct.pack(">H", 20) + b"Photoshop 3.0\0" + bytes(4)
    comment, fill = b"\xff\xfe\0\4hi", b"\xff\xff"
    with_metadata = plain[:2] + photoshop + comment + fill + plain[2:]
    assert strip_metadata(with_metadata) == plain
    assert strip_metadata(plain) is plain


@pytest.mark.parametrize(
    "content",
    [
        PNG + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT") * (MAX_CHUNKS + 1),
        b"\xff\xd8" + b"\xff\xfe\0\2" * (MAX_SEGMENTS + 1),
        b"\xff\xd8" + b"\xff" * 9999,
        b"\xff\xd8\xff\xfe\0\2rubbish",
        b"\xff\xd8\xff",
        PNG,
    ],
    ids=["many chunks", "many segments", "much fill", "bytes between", "no segment", "no chunk"],
)
def test_a_file_of_nothing_but_parts_is_refused(content):
    refused(content)


def photo(width=3200, height=2400):
    """As large as a phone's, of light that changes slowly and a stroke."""
    y, x = np.mgrid[:height, :width]
    image = Image.fromarray((200 - 60 * x / width - 40 * y / height).astype(np.uint8))
    ImageDraw.Draw(image).line(((width / 3, height / 4), (width / 2, height / 2)), fill=20, width=width // 20)
    return image


@pytest.mark.parametrize("turned", [1, 6])
@pytest.mark.parametrize(("width", "scale"), [(1999, 1), (2000, 2), (4000, 4), (8000, 8)])
def test_a_large_jpeg_is_decoded_at_a_part_of_its_size(width, scale, turned):
    image = photo(width, width // 8 - 1)
    decoded = read(with_exif("JPEG", turned, image))
    expected = image.reduce(scale)
    if turned == 6:
        expected = expected.transpose(Image.Transpose.ROTATE_270)
    assert decoded.size == expected.size
    difference = np.abs(np.asarray(decoded, dtype=int) - np.asarray(expected, dtype=int))
    assert difference.mean() < 1.5


def test_a_large_jpeg_of_more_pixels_than_are_read_is_refused_with_its_size():
    content = saved(Image.new("L", (17000, 17000)), "JPEG")
    assert "17000×17000 pixels, read at 1/8 of its size" in refused(content, 413)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_large_jpeg_cut_in_its_scans_is_refused(progressive):
    content = saved(photo(), "JPEG", progressive=progressive)
    np.testing.assert_array_equal(np.asarray(read(content[:-2])), np.asarray(read(content)))
    for cut in np.linspace(content.index(b"\xff\xda") + 20, 0.8 * len(content), 5).astype(int):
        refused(content[:cut])


def test_what_follows_the_end_of_a_jpeg_is_not_read():
    content = saved(seven(), "JPEG")
    film = b"\0\0\0\x18ftypmp42" + np.random.default_rng(0).bytes(1 << 18) + content
    assert strip_metadata(content + film) == strip_metadata(content)
    np.testing.assert_array_equal(np.asarray(read(content + film)), np.asarray(read(content)))


@pytest.mark.parametrize("content", JPEGS.values(), ids=JPEGS)
def test_the_frame_of_a_jpeg_counts_the_samples_and_coefficients_that_it_stores(content):
    frame, image = read_frame(strip_metadata(content)), Image.open(io.BytesIO(content))
    stored = sum(frame.components.values())
    assert (frame.width, frame.height) == image.size
    assert len(image.getbands()) == len(frame.components)
    assert image.width * image.height <= stored < len(frame.components) * (image.width + 15) * (image.height + 15)
    passes = 6 if "progression" in image.info else 1
    assert frame.samples == stored * passes if len(frame.components) == 1 else stored <= frame.samples <= 6 * stored
    assert (frame.coefficient_bytes == 2 * stored) == ("progression" in image.info)
    assert frame.has_every_scan


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"\x02\x11\x01", b"\x01\x11\x01"), (b"\x01\x22\x00", b"\x01\x20\x00")],
    ids=["two components of one number", "no rows"],
)
def test_a_jpeg_of_a_broken_frame_is_refused(old, new):
    content = saved(noise(40), "JPEG")
    assert "its frame is broken" in refused(content.replace(old, new, 1))


def test_a_jpeg_of_two_frames_is_refused():
    content = saved(seven(), "JPEG")
    start = content.index(b"\xff\xc0")
    frame = content[start : start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")]
    assert "it has 2 frames" in refused(content[:start] + frame + content[start:])


def test_a_jpeg_of_more_scans_than_any_encoder_writes_is_refused():
    head = saved(Image.new("L", (8, 8)), "JPEG")
    scan = head[head.index(b"\xff\xda") : -2]
    assert f"more than {MAX_SCANS}" in refused(head[:-2] + MAX_SCANS * scan + head[-2:])


def test_a_jpeg_of_many_scans_is_refused_unless_it_is_small():
    def scanned(side, times):
        content = saved(Image.new("RGB", (side, side), "white"), "JPEG", progressive=True)
        last = content[content.rindex(b"\xff\xda") : -2]
        return content[:-2] + times * last + content[-2:]

    assert "scans" in refused(scanned(1900, 50), 413)
    assert read(scanned(1900, 0)).size == (1900, 1900)
    assert read(scanned(100, 30)).size == (100, 100)


def test_a_webp_that_claims_to_be_huge_is_refused_before_it_is_decoded():
    frame = encoded(Image.new("L", (20, 20)), "WEBP")[12:]
    side = (16383).to_bytes(3, "little") * 2
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes([2, 0, 0, 0]) + side
    part = bytes(6) + (19).to_bytes(3, "little") * 2 + bytes(4) + frame
    body = b"WEBP" + canvas + b"ANIM" + struct.pack("<I", 6) + bytes(6) + b"ANMF" + struct.pack("<I", len(part)) + part
    refused(b"RIFF" + struct.pack("<I", len(body)) + body, 413)
