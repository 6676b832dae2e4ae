"""Every reply has the security headers, a rule for caches and an id."""

import re

import pytest

from app.middleware.security_headers import DATA, SECURITY
from tests.app.api.test_predict import FORMS

REPLIES = {
    "the page": ("GET", "/", 200),
    "a file": ("GET", "/static/favicon.svg", 200),
    "the docs": ("GET", "/docs", 200),
    "the document": ("GET", "/openapi.json", 200),
    "a probe": ("HEAD", "/healthz", 200),
    "an empty body": ("POST", "/predict", 415),
    "nothing there": ("GET", "/nothing", 404),
    "no such file": ("GET", "/static/none.js", 404),
    "a wrong method": ("PUT", "/predict", 405),
    "a fault": ("GET", "/fault", 500),
}


@pytest.mark.parametrize("what", REPLIES)
def test_every_reply_has_the_security_headers_once_and_an_id(fresh, what):
    method, path, status = REPLIES[what]
    reply = fresh.request(method, path, headers={"x-request-id": "a-1"})
    assert reply.status_code == status
    json = reply.headers.get("content-type", "").endswith("json")
    for name, value in DATA if json else SECURITY:
        if (what, name) != ("the docs", b"content-security-policy"):
            assert reply.headers.get_list(name.decode()) == [value.decode()]
    assert reply.headers.get_list("x-request-id") == ["a-1"]
    assert len(reply.headers.get_list("cache-control")) == 1


def test_an_answer_allows_nothing_in_few_bytes(client):
    policy = client.post("/predict", **FORMS["raw"]).headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_a_304_has_them_too(client):
    tag = client.get("/static/favicon.svg").headers["etag"]
    reply = client.get("/static/favicon.svg", headers={"if-none-match": tag})
    assert reply.status_code == 304
    assert {name.decode() for name, _ in SECURITY} <= set(reply.headers)


def test_answers_are_not_stored_and_files_are_asked_about_each_time(client):
    assert client.post("/predict", **FORMS["raw"]).headers["cache-control"] == "no-store"
    assert client.get("/static-offline-docs/swagger-ui.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_no_policy_allows_what_stands_inline(client, path):
    assert "unsafe" not in client.get(path).headers["content-security-policy"]


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", 'a"b', "\x7f", "ä"])
def test_an_id_that_is_not_fit_for_logs_is_replaced(client, given):
    made = [client.get("/healthz", headers=[(b"x-request-id", given.encode())]).headers["x-request-id"] for _ in "ab"]
    assert given not in made
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in made)
    assert made[0] != made[1]
