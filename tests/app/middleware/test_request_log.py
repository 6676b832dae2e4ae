"""The log has one JSON line for each request."""

import orjson

from app.main import create_app
from app.middleware.request_log import RequestLog, RequestObserver
from app.middleware.security_headers import SecurityHeaders
from app.settings import Settings
from tests.app.conftest import encoded, serving, seven


def test_each_request_is_one_json_line(tmp_path):
    application = create_app(Settings(access_log=False))
    with (tmp_path / "log").open("wb") as stream:
        application.add_middleware(RequestObserver, observers=[RequestLog(stream)])
        application.add_middleware(SecurityHeaders)
        with serving(application) as client:
            reply = client.post(
                "/predict?activations=false",
                content=encoded(seven()),
                headers={"content-type": "image/png", "x-request-id": "mine-1"},
            )
            client.get("/nothing")
    first, second = (orjson.loads(line) for line in (tmp_path / "log").read_bytes().splitlines())
    assert (first["method"], first["path"], first["status"]) == ("POST", "/predict", 200)
    assert first["id"] == "mine-1"
    assert first["bytes"] == len(reply.content)
    assert first["ms"] > 0
    assert first["time"].endswith("Z")
    assert second["status"] == 404
