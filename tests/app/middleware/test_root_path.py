"""Under a path, whether a proxy takes it off or not, every address on every page is below it and leads somewhere."""

import io
import json
import re

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.middleware.proxy_headers import ProxyHeaders
from app.middleware.request_log import RequestLog
from app.settings import Settings, read_settings
from tests.app.conftest import serving

PAGES = ["/", "/training", "/maths", "/model", "/docs", "/nothing"]
HTML = {"accept": "text/html"}
ADDRESS = re.compile(r'(?:src|href|content)="(?:http://testserver)?(/[^"#]*)')


@pytest.fixture(scope="module")
def below():
    with serving(root_path="/digits/") as client:
        yield client


@pytest.fixture(scope="module")
def behind_a_proxy(client):
    """Asks the application as a proxy at an address, which is trusted or not."""

    def ask(path, headers, address="10.0.0.1"):
        application = ProxyHeaders(client.app, "10.0.0.1")
        return TestClient(application, client=(address, 1), headers=HTML).get(path, headers=headers)

    return ask


@pytest.mark.parametrize("page", PAGES)
def test_every_address_on_a_page_is_below_the_path_and_leads_somewhere(below, page):
    reply = below.get(f"/digits{page}", headers=HTML)
    assert 'data-root="/digits"' in reply.text or page == "/docs"
    for address in ADDRESS.findall(reply.text):
        assert address.startswith("/digits/"), address
        assert below.get(address).status_code == 200, address
    relative = re.findall(r'(?:src|href)="(?:\./)?(\w[^":#]*)', reply.text)
    assert all(below.get(f"/digits/{each}").status_code == 200 for each in relative)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_same_whether_the_proxy_takes_the_path_off_or_leaves_it_on(below, page):
    assert below.get(page, headers=HTML).text == below.get(f"/digits{page}", headers=HTML).text.replace(
        "<code>/digits/digits", "<code>/digits"
    )


def test_the_path_itself_is_the_first_page(below):
    assert below.get("/digits").text == below.get("/digits/").text
    assert below.get("/digitsandmore").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_picture_of_every_page_has_a_whole_address(below, client, page):
    for server, place in ((below, "http://testserver/digits"), (client, "http://testserver")):
        found = re.findall('og:image" content="(.*?)"', server.get(page, headers=HTML).text)
        assert found == ([] if page == "/docs" else [f"{place}/static/preview.png"])


def test_the_api_answers_below_the_path_and_its_document_says_so(below, client):
    assert below.get("/digits/openapi.json").json()["servers"] == [{"url": "/digits"}]
    assert "servers" not in client.get("/openapi.json").json()
    assert below.get("/digits/v2/health/live").json() == {"live": True}
    assert below.get("/digits/v2/nothing").json().keys() == {"error"}
    assert below.get("/digits/healthz").json() == below.get("/healthz").json()
    assert "/digits/docs lists" in below.get("/digits/nothing").json()["detail"]
    assert below.get("/digits/static-offline-docs/swagger-ui.css").status_code == 200


def test_limits_know_a_probe_under_a_path():
    with serving(root_path="/digits", allowed_hosts="a.example") as client:
        assert client.get("/digits/readyz").status_code == 200
        assert client.get("/digits/model").status_code == 421


@pytest.mark.parametrize("page", ["/training", "/maths", "/model", "/docs"])
def test_a_slash_after_a_pages_address_leads_to_the_page(below, client, page):
    for server, root in ((client, ""), (below, "/digits")):
        reply = server.get(f"{page}/?network=wide&a=%0d", follow_redirects=False)
        assert (reply.status_code, reply.headers["location"]) == (307, f"{root}{page}?network=wide&a=%0d")


def test_a_trusted_proxy_says_under_which_path_it_was_asked(behind_a_proxy):
    for path in ("/training", "/digits/training"):
        page = behind_a_proxy(path, {"x-forwarded-prefix": "/digits/", "x-forwarded-proto": "https"}).text
        assert '<a href="/digits/maths"' in page
        assert 'content="https://testserver/digits/static/preview.png"' in page


def test_nobody_else_says_so(behind_a_proxy):
    page = behind_a_proxy("/training", {"x-forwarded-prefix": "/digits"}, address="192.0.2.1").text
    assert '<a href="/maths"' in page


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "https://evil.example", '/"onload="', "/a\x0b", "/..", "/a//b", "/%2f", "a", "/" * 300]
)
def test_what_is_no_path_is_not_believed(behind_a_proxy, prefix):
    assert '<html lang="en" data-root="">' in behind_a_proxy("/", {"x-forwarded-prefix": prefix}).text


def test_a_page_kept_under_one_path_is_not_shown_under_another(behind_a_proxy):
    for page in ("/", "/training", "/maths"):
        kept = behind_a_proxy(page, {"x-forwarded-prefix": "/a"}).headers
        assert kept["cache-control"] == "private, max-age=300"
        again = {"x-forwarded-prefix": "/b", "if-none-match": kept["etag"]}
        assert behind_a_proxy(page, again).status_code == 200


def test_the_request_log_and_the_metrics_name_what_was_asked_for_without_the_path():
    application = create_app(Settings(root_path="/digits", access_log=False))
    application.state.observers.append(log := RequestLog(lines := io.BytesIO()))
    with serving(application) as client:
        for path in ("/digits/healthz", "/healthz"):
            client.get(path)
        assert 'inkscope_requests_total{method="GET",route="/healthz",status="200"} 2.0' in client.get("/metrics").text
    log.writer.finish()
    assert [json.loads(line)["path"] for line in lines.getvalue().splitlines()] == ["/healthz", "/healthz", "/metrics"]


@pytest.mark.parametrize("path", ["digits", "//digits", "/a b", "https://a.example"])
def test_a_setting_that_is_no_path_ends_the_start_with_a_sentence(monkeypatch, path):
    monkeypatch.setenv("INKSCOPE_ROOT_PATH", path)
    with pytest.raises(SystemExit, match="INKSCOPE_ROOT_PATH: write /digits"):
        read_settings()
