"""Replies are JSON for who accepts it, and a 406 for who does not."""

import pytest

from tests.app.api.test_predict import PNG


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html, application/*;q=0.2", "text/html,*/*;q=0.8", "Application/JSON"]
)
def test_who_takes_json_gets_it(client, accept):
    assert client.post("/predict", content=PNG, headers={"content-type": "image/png", "accept": accept}).is_success


@pytest.mark.parametrize("path", ["/predict", "/explain"])
@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0, */*", "application/json; q=0.000"])
def test_who_does_not_is_told(client, path, accept):
    reply = client.post(path, content=PNG, headers={"content-type": "image/png", "accept": accept})
    assert reply.status_code == 406
    assert reply.headers["content-type"] == "application/problem+json"
