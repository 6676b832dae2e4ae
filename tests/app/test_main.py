"""The application as a whole: its version, and pages of other sites that ask."""

import app as package
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
    ):
        with serving(cors_origins=origins) as client:
            reply = client.options("/predict", headers=preflight)
            assert reply.status_code == status
            assert reply.headers.get("access-control-allow-origin") == allowed
            answer = client.post(
                "/predict", content=PNG, headers={"content-type": "image/png", "origin": "https://c.example"}
            )
            assert "access-control-allow-origin" not in answer.headers
