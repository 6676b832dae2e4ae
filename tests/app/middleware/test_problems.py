"""Every error is a problem with a sentence, and a fault of the server names its request."""

import pytest

from tests.app.conftest import serving


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (404, "/model/weights/0"),
        (404, "/model/weights/4"),
        (404, "/nothing"),
        (404, "/static/none.js"),
        (404, "/static/../app/main.py"),
        (405, "/predict"),
        (422, "/model/weights/two"),
        (500, "/fault"),
    ],
)
def test_an_error_is_a_problem(fresh, status, path):
    reply = fresh.get(path, headers={"x-request-id": "find.me"})
    assert reply.status_code == reply.json()["status"] == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json().get("request_id") == ("find.me" if status == 500 else None)
    assert "secret" not in reply.text


@pytest.mark.parametrize("path", ["/nothing", "/static/none.js", "/<script>"])
def test_a_browser_that_follows_a_link_to_nowhere_gets_a_page(client, path):
    reply = client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert '<a href="/">Draw a digit</a>' in reply.text
    assert "<code>/&lt;script&gt;</code>" in reply.text or path in reply.text


def test_a_browsers_other_errors_are_pages_that_say_what_is_wrong(client):
    for path, status, words in (("/?network=nonsense", 422, "nonsense"), ("/predict", 405, "use POST")):
        reply = client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
        assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert words in reply.text


def test_a_wrong_parameter_is_named_as_it_is_written(client):
    detail = client.post("/explain?target=10&against=x").json()["detail"]
    assert [sentence.split(":")[0] for sentence in detail.split("; ")] == ["target", "against"]


def test_who_takes_json_too_gets_the_problem(client):
    reply = client.get("/?network=nonsense", headers={"accept": "application/json, text/html;q=0.1"})
    assert reply.headers["content-type"] == "application/problem+json"


def test_before_the_pages_files_are_known_a_browser_gets_the_problem():
    reply = serving().get("/nothing", headers={"accept": "text/html"})
    assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")


def test_a_wrong_method_is_a_problem_that_names_the_right_one(client):
    reply = client.get("/predict")
    assert reply.headers["allow"] == "POST"
    assert reply.json()["title"] == "Method Not Allowed"
    assert "use POST" in reply.json()["detail"]
