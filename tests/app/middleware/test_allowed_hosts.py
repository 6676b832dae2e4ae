"""The names that the server goes by are the settings'; no redirect leads elsewhere, since there is none."""

import pytest

from tests.app.conftest import serving


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("a.example", 200),
        ("A.Example:8000", 200),
        ("a.example.", 200),
        ("x.b.example", 200),
        ("[::1]:8000", 200),
        ("b.example", 421),
        ("evil.example", 421),
        ("a.example.evil", 421),
        ("xb.example", 421),
        ("", 421),
    ],
)
def test_another_host_than_the_settings_name_is_refused(host, status):
    with serving(allowed_hosts="a.example, *.b.example,[::1]") as client:
        reply = client.get("/model", headers={"host": host})
        assert reply.status_code == status
        if status == 421:
            assert reply.json()["status"] == 421
        for probe in ("/healthz", "/readyz"):
            assert client.get(probe, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/predict/",
        "/static",
        "/training/",
        "/maths/",
        "/v2/",
        "/docs/",
        "//evil.example/predict/",
        "/model/",
        "/static/assets",
    ],
)
def test_nothing_redirects_to_where_the_host_header_says(client, path):
    for method in ("GET", "POST", "HEAD"):
        reply = client.request(method, path, headers={"host": "evil.example"}, follow_redirects=False)
        assert reply.status_code in {307, 404, 405}
        assert reply.headers.get("location", path.removesuffix("/")) == path.removesuffix("/")
