"""The application as a whole: its version, and pages of other sites that ask."""

import threading

import pytest

import app as package
from app.main import create_app
from app.settings import Settings, read_settings
from tests.app.api.test_predict import PNG
from tests.app.conftest import serving
from tests.conftest import ROOT


def test_the_version_is_the_same_everywhere():
    assert f'version = "{package.__version__}"' in (ROOT / "pyproject.toml").read_text()
    assert f"## {package.__version__} " in (ROOT / "CHANGELOG.md").read_text()


def test_pages_of_other_sites_may_ask_only_if_they_are_named():
    preflight = {"origin": "https://a.example", "access-control-request-method": "POST"}
    for origins, status, allowed in (
        ("", 405, None),
        ("https://a.example, https://b.example", 200, preflight["origin"]),
        ("https://b.example https://A.example:443/", 200, preflight["origin"]),
        ("*", 200, "*"),
    ):
        with serving(cors_origins=origins) as client:
            reply = client.options("/predict", headers=preflight)
            assert reply.status_code == status
            assert reply.headers.get("access-control-allow-origin") == allowed
            answer = client.post(
                "/predict", content=PNG, headers={"content-type": "image/png", "origin": "https://c.example"}
            )
            assert answer.headers.get("access-control-allow-origin") == ("*" if origins == "*" else None)


@pytest.mark.parametrize(
    "origins",
    ["a.example", "https://a.example/app", "https://*.example", "https://a.example,b", "https://", "null", "http//a"],
)
def test_origins_that_no_browser_sends_end_the_start_with_a_sentence(monkeypatch, origins):
    monkeypatch.setenv("INKSCOPE_CORS_ORIGINS", origins)
    with pytest.raises(SystemExit, match=r"INKSCOPE_CORS_ORIGINS: .* is no site: write https://a\.example"):
        read_settings()


def test_the_document_of_the_api_is_made_off_the_event_loop(monkeypatch):
    """Its first reader held the event loop for 70 ms."""
    application, threads = create_app(Settings(access_log=False)), []
    make = application.openapi

    def openapi():
        threads.append(threading.current_thread())
        return make()

    monkeypatch.setattr(application, "openapi", openapi)

    @application.get("/loop")
    async def loop() -> None:
        threads.append(threading.current_thread())

    with serving(application) as client:
        assert client.get("/openapi.json").json()["info"]["title"] == "Inkscope"
        client.get("/loop")
    assert len(set(threads)) == 2
