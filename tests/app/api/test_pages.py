"""The drawing page and the probes."""

import re

import pytest

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


def test_every_file_that_the_page_names_is_there(client):
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/").text):
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert reply.headers["cache-control"] == "no-cache"
