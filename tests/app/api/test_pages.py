"""The drawing page and the probes."""

import io
import re

import pytest
from PIL import Image

from app.assets import Assets
from app.middleware.startup import StartupError
from tests.app.conftest import serving


def test_health_and_readiness(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/model"])
def test_a_probe_may_ask_for_the_head_alone(client, path):
    reply = client.head(path)
    assert reply.status_code == 200
    assert not reply.content


def test_before_the_weights_are_loaded_the_server_is_not_ready():
    reply = serving().get("/readyz")
    assert reply.status_code == 503
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_page_is_served_with_the_models_own_figures(client, recognizer):
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert recognizer.network.name in page.text
    assert len(re.findall(r'<script[^>]*type="module"', page.text)) == 1


PAGES = ["/", "/training", "/maths"]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there_and_may_be_kept_for_good_if_its_name_has_a_hash(client, page):
    paths = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(page).text)
    assert len(paths) > 3
    for path in paths:
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert ("immutable" in reply.headers["cache-control"]) == path.startswith("/static/assets/")


@pytest.mark.parametrize("page", ["/", "/training"])
def test_a_link_to_a_page_is_shown_with_its_picture(client, page):
    address = re.findall(r'<meta property="og:image" content="(http://testserver/[^"]+)">', client.get(page).text)[0]
    assert client.get(address).headers["content-type"] == "image/png"
    assert "manifest-src 'self'" in client.get(page).headers["content-security-policy"]


def test_the_manifest_names_icons_that_are_there(client):
    reply = client.get("/static/manifest.webmanifest")
    assert reply.headers["content-type"].startswith("application/manifest+json")
    for icon in reply.json()["icons"]:
        found = client.get(f"/static/{icon['src']}")
        assert found.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            assert "{}x{}".format(*Image.open(io.BytesIO(found.content)).size) == icon["sizes"]


@pytest.mark.parametrize("page", PAGES)
def test_a_browser_keeps_a_page_for_five_minutes_and_then_asks_whether_it_has_changed(client, page):
    first = client.get(page)
    assert first.headers["cache-control"] == "private, max-age=300"
    again = client.get(page, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_scripts_are_sent_as_the_browser_can_read_them(client, encoding):
    script = client.get(client.app.state.templates.env.globals["assets"].url("js/main.js"))
    reply = client.get(script.url.path, headers={"accept-encoding": encoding})
    assert reply.headers.get("content-encoding", "identity") == encoding
    assert "Accept-Encoding" in reply.headers["vary"]
    assert reply.content == script.content  # the client has decompressed it
    assert encoding == "identity" or int(reply.headers["content-length"]) < len(script.content) / 2


@pytest.mark.parametrize("path", ["/", "/model", "/openapi.json"])
def test_what_is_long_is_compressed_for_whoever_asks(client, path):
    plain = client.get(path, headers={"accept-encoding": "identity"})
    reply = client.get(path, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers["content-length"]) < len(plain.content) / 2
    assert reply.content == plain.content


def test_what_is_short_is_not_compressed_and_neither_are_weights(client):
    for path in ("/healthz", "/model/weights/1"):
        assert "content-encoding" not in client.get(path, headers={"accept-encoding": "gzip"}).headers


def test_without_the_pages_files_the_server_does_not_start_and_says_how_to_make_them(tmp_path):
    with pytest.raises(StartupError, match="make static"):
        Assets.load(tmp_path)


def test_a_script_is_fetched_with_all_that_it_imports():
    def chunk(name, *imports):
        return {"file": f"assets/{name}-0.js", "imports": list(imports)}

    assets = Assets(
        {"a.js": chunk("a", "b", "c"), "b": chunk("b", "d"), "c": chunk("c", "d"), "d": chunk("d"), "e": chunk("e")}
    )
    assert sorted(assets.imports("a.js")) == [f"/static/assets/{name}-0.js" for name in "bcd"]
