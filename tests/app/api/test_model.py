"""The other routes, their errors, and the API document."""

import json
import re

import numpy as np
import orjson
import pytest
from starlette.testclient import TestClient

import app as package
from app.main import create_app
from app.middleware.request_log import RequestLog, RequestObserver
from app.middleware.security_headers import SecurityHeaders
from app.settings import Settings
from tests.app.conftest import encoded, seven
from tests.conftest import ROOT
from tools.readme import REPORTS, updated


def test_health_and_readiness(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/model"])
def test_a_probe_may_ask_for_the_head_alone(client, path):
    reply = client.head(path)
    assert reply.status_code == 200
    assert not reply.content


def test_before_the_weights_are_loaded_the_server_is_not_ready():
    unstarted = TestClient(create_app(Settings(access_log=False)))
    reply = unstarted.get("/readyz")
    assert reply.status_code == 503
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_model_describes_itself_from_the_file(client, recognizer):
    about = client.get("/model").json()
    report = json.loads((ROOT / "weights" / "report.json").read_text())
    assert about["model"] == recognizer.network.name == report["model"]
    assert about["sizes"] == list(recognizer.network.sizes)
    assert about["layers"] == [{"layer": "hidden1", "width": 128}, {"layer": "hidden2", "width": 64}]
    assert about["parameters"] == 109386
    assert about["report"]["mnist_test"]["accuracy"] == report["mnist_test"]["accuracy"]
    assert "history" not in about["report"]


def test_a_report_about_other_weights_is_not_shown(tmp_path, recognizer):
    recognizer.network.save(tmp_path / "w.npz")
    (tmp_path / "report.json").write_text('{"model": "another"}')
    with TestClient(create_app(Settings(weights=tmp_path / "w.npz", access_log=False))) as client:
        assert client.get("/model").json()["report"] is None


def test_weights_come_as_bytes_and_once(client, recognizer):
    reply = client.get("/model/weights/2")
    values = np.frombuffer(reply.content, dtype="<f4").reshape(128, 64)
    np.testing.assert_array_equal(values, recognizer.network.weights[1])
    again = client.get("/model/weights/2", headers={"if-none-match": reply.headers["etag"]})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    "path", ["/model/weights/0", "/model/weights/4", "/nothing", "/static/none.js", "/static/../app/main.py"]
)
def test_what_is_not_there_is_a_problem(client, path):
    reply = client.get(path)
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == 404


def test_a_wrong_method_is_a_problem_that_names_the_right_one(client):
    reply = client.get("/predict")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"
    assert reply.json()["title"] == "Method Not Allowed"
    assert "use POST" in reply.json()["detail"]


def test_a_layer_that_is_no_number_is_a_problem(client):
    assert client.get("/model/weights/two").status_code == 422


def test_a_fault_of_ours_is_a_500_without_its_traceback(fresh):
    reply = fresh.get("/fault")
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert "secret" not in reply.text


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


def test_the_docs_load_nothing_from_another_host(client):
    page = client.get("/docs").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert client.get(path).status_code == 200, path


def test_the_document_of_the_api_describes_every_form_and_error(client):
    document = client.get("/openapi.json").json()
    predict = document["paths"]["/predict"]["post"]
    kinds = {"image/png", "image/jpeg", "image/webp", "multipart/form-data", "application/json"}
    assert set(predict["requestBody"]["content"]) == kinds
    assert {"200", "400", "413", "415", "422"} <= set(predict["responses"])
    schema = predict["responses"]["400"]["content"]["application/problem+json"]["schema"]
    assert schema["required"] == ["type", "title", "status", "detail"]
    assert document["info"]["version"] == package.__version__


def test_the_version_is_the_same_everywhere():
    assert f'version = "{package.__version__}"' in (ROOT / "pyproject.toml").read_text()
    assert f"## {package.__version__} " in (ROOT / "CHANGELOG.md").read_text()


def test_each_request_is_one_json_line(tmp_path):
    application = create_app(Settings(access_log=False))
    with (tmp_path / "log").open("wb") as stream:
        application.add_middleware(RequestObserver, observers=[log := RequestLog(stream)])
        application.add_middleware(SecurityHeaders)
        with TestClient(application) as client:
            reply = client.post(
                "/predict?activations=false",
                content=encoded(seven()),
                headers={"content-type": "image/png", "x-request-id": "mine-1"},
            )
            client.get("/nothing")
        log.writer.finish()
    first, second = (orjson.loads(line) for line in (tmp_path / "log").read_bytes().splitlines())
    assert (first["method"], first["path"], first["status"]) == ("POST", "/predict", 200)
    assert first["id"] == "mine-1"
    assert first["bytes"] == len(reply.content)
    assert first["ms"] > 0
    assert first["time"].endswith("Z")
    assert second["status"] == 404


def test_the_readme_says_what_the_report_and_the_settings_say():
    text = (ROOT / "README.md").read_text()
    reports = {network: json.loads((ROOT / "weights" / name).read_text()) for network, name in REPORTS.items()}
    assert text == updated(text, reports)
    assert all(f"{report['mnist_test']['accuracy']:.2%}" in text for report in reports.values())


def test_every_refusal_is_documented_as_a_problem(client):
    """Where a route says nothing, FastAPI documents a shape of its own, which no reply of ours has."""
    paths = client.get("/openapi.json").json()["paths"]
    told = [
        (path, status, list(reply["content"]))
        for path, operations in paths.items()
        for operation in operations.values()
        for status, reply in operation["responses"].items()
        if not path.startswith("/v2") and int(status) >= 400
    ]
    assert len(told) > 20
    assert [where for where in told if where[2] != ["application/problem+json"]] == []
