"""Headers of every reply, the metrics, the Accept header, and CORS."""

import base64
import hashlib
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.middleware.security_headers import SECURITY
from tests.app.api.test_predict import FORMS, PNG, raw
from tests.app.conftest import serving

REPLIES = {
    "the page": ("GET", "/", 200),
    "a file": ("GET", "/static/js/main.js", 200),
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
    for name, value in SECURITY:
        if (what, name) != ("the docs", b"content-security-policy"):
            assert reply.headers.get_list(name.decode()) == [value.decode()]
    assert reply.headers.get_list("x-request-id") == ["a-1"]
    assert len(reply.headers.get_list("cache-control")) == 1


def test_a_304_has_them_too(client):
    tag = client.get("/static/js/main.js").headers["etag"]
    reply = client.get("/static/js/main.js", headers={"if-none-match": tag})
    assert reply.status_code == 304
    assert {name.decode() for name, _ in SECURITY} <= set(reply.headers)


def test_answers_are_not_stored_and_files_are_asked_about_each_time(client):
    assert client.post("/predict", **FORMS["raw"]).headers["cache-control"] == "no-store"
    assert client.get("/static-offline-docs/swagger-ui.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_no_policy_allows_what_stands_inline(client, path):
    assert "unsafe" not in client.get(path).headers["content-security-policy"]


def test_the_docs_run_no_script_but_files_and_the_one_that_their_policy_names(client):
    reply = client.get("/docs")
    assert client.head("/docs").status_code == 200
    scripts = re.findall(r"<script>(.*?)</script>", reply.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert len(scripts) == 1
    assert f"script-src 'self' 'sha256-{digest}';" in reply.headers["content-security-policy"]
    for path in re.findall(r'(?:src|href)="([^"]+)"', reply.text):
        assert client.get(f"/{path}").status_code == 200, path


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", 'a"b', "\x7f", "ä"])
def test_an_id_that_is_not_fit_for_logs_is_replaced(client, given):
    made = [client.get("/healthz", headers=[(b"x-request-id", given.encode())]).headers["x-request-id"] for _ in "ab"]
    assert given not in made
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in made)
    assert made[0] != made[1]


def test_a_fault_names_its_request(fresh):
    reply = fresh.get("/fault", headers={"x-request-id": "find.me"})
    assert reply.json()["request_id"] == "find.me"
    assert "secret" not in reply.text


def metrics(client):
    reply = client.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def test_the_metrics_count_requests_sizes_and_verdicts(fresh):
    reply = fresh.post("/predict", **FORMS["raw"])
    fresh.post("/predict", json={"images": [base64.b64encode(PNG).decode()] * 3})
    fresh.post("/predict", **raw(b"no picture"))
    fresh.get("/model/weights/2")
    fresh.get("/model/weights/3")
    fresh.get("/fault")
    seen = metrics(fresh)
    assert seen["inkscope_requests_total", "/predict", "200", "POST"] == 2
    assert seen["inkscope_requests_total", "/predict", "400", "POST"] == 1
    assert seen["inkscope_requests_total", "/fault", "500", "GET"] == 1
    assert seen["inkscope_requests_total", "/model/weights/{layer}", "200", "GET"] == 2
    assert seen["inkscope_drawings_total", "digit"] == 4
    assert seen["inkscope_request_seconds_count", "/predict"] == 3
    assert seen["inkscope_request_bytes_sum", "/predict"] > len(PNG)
    assert seen["inkscope_reply_bytes_sum", "/predict"] > len(reply.content)
    assert seen["inkscope_model_info", *sorted(["small", reply.json()["model"], "109386"])] == 1


def test_no_client_can_make_the_metrics_grow(fresh):
    fresh.get("/nothing/0")
    before = len(metrics(fresh))
    for i in range(30):
        fresh.request(f"GET{i}", f"/nothing/{i}", headers={"x-request-id": str(i)})
        fresh.get(f"/nothing/{i}")
        fresh.get(f"/model/weights/{i}a")
    again = len(metrics(fresh))
    assert again - before < 80
    fresh.get("/nothing/else")
    fresh.get("/model/weights/else")
    assert len(metrics(fresh)) == again


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


def test_pages_of_other_sites_may_ask_only_if_they_are_named():
    preflight = {"origin": "https://a.example", "access-control-request-method": "POST"}
    for origins, status, allowed in (
        ("", 405, None),
        ("https://a.example, https://b.example", 200, preflight["origin"]),
    ):
        with serving(cors_origins=origins) as client:
            reply = client.options("/predict", headers=preflight)
            assert reply.status_code == status
            assert reply.headers.get("access-control-allow-origin") == allowed
            answer = client.post(
                "/predict", content=PNG, headers={"content-type": "image/png", "origin": "https://c.example"}
            )
            assert "access-control-allow-origin" not in answer.headers
