"""Pictures as files, to be sent."""

import io

from PIL import Image


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """The content of a picture's file."""
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()
