"""A large JPEG is opened smaller; a large picture of another format, or a small JPEG, as it is."""

import io

import pytest
from PIL import Image, UnidentifiedImageError

from model.image_file import MIN_LONGER_SIDE, jpeg_scale, open_image


def saved(size, form):
    file = io.BytesIO()
    Image.new("L", size, 100).save(file, form)
    return file


@pytest.mark.parametrize("size", [(1999, 7), (2000, 10), (10, 4000), (8000, 7), (8000, 8), (3999, 3999), (1, 9000)])
def test_the_scale_is_the_one_that_the_decoder_takes(size):
    scale = jpeg_scale(*size)
    assert open_image(saved(size, "JPEG")).size == tuple(-(-side // scale) for side in size)
    assert max(size) / scale >= MIN_LONGER_SIDE or scale == 1


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_another_format_is_opened_as_it_is(form):
    assert open_image(saved((4000, 3000), form)).size == (4000, 3000)


def test_another_file_is_no_image():
    with pytest.raises(UnidentifiedImageError):
        open_image(saved((10, 10), "BMP"))
