"""A client that calls the application in this process, and a seven to send."""

import io

import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings


def seven():
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line(((80, 60), (200, 60), (120, 230)), fill=0, width=20, joint="curve")
    return image


def encoded(image, form="PNG"):
    content = io.BytesIO()
    image.save(content, form)
    return content.getvalue()


def serving(application=None, **settings):
    """A client of an application, by default one with these settings."""
    application = application or create_app(Settings(access_log=False, **settings))
    return TestClient(application, raise_server_exceptions=False)


@pytest.fixture(scope="package")
def client():
    with serving() as client:
        yield client


@pytest.fixture
def fresh():
    """A client of an application of its own, which has a route that fails."""
    application = create_app(Settings(access_log=False))

    @application.get("/fault")
    async def fault() -> None:
        raise RuntimeError("a secret")

    with serving(application) as client:
        yield client
