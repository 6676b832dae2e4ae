"""Under a path and behind TLS, through a real nginx that takes the path off: no request of any page goes astray."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from bench.nginx import nginx
from bench.servers import free_port
from tests.conftest import Server
from tests.e2e.actions import FAILED, SEVEN, draw, final_answer

# Beside lines of what ships: TLS, and the path, which is taken off and told, as deploy/README.md says.
LINES = {
    "client_max_body_size 8m;": """listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    rewrite ^/digits(/.*)$ $1;""",
    "proxy_set_header X-Request-ID $request_id;": "proxy_set_header X-Forwarded-Prefix /digits;",
}
CERTIFY = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=127.0.0.1 -days 2"


@pytest.fixture(scope="module")
def site(tmp_path_factory, needs_nginx):
    """The address of the first page."""
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    subprocess.run([*CERTIFY.split(), *files], check=True, capture_output=True)
    server = Server(FORWARDED_ALLOW_IPS="127.0.0.1", INKSCOPE_ACCESS_LOG="false").wait()
    lines = {line: f"{line} {added.format(port=port, folder=folder)}" for line, added in LINES.items()}
    with nginx(server.port, **lines):
        yield f"https://127.0.0.1:{port}/digits"
    server.stop()


@pytest.fixture
def visit(open_page, site):
    """Opens a page below the site's address; at the end, no request must have failed or left the path."""
    asked, astray = [], []

    def note(response):
        asked.append(response.url)
        if response.status >= 400 or not f"{response.url}/".startswith((f"{site}/", "blob:", "data:")):
            astray.append(f"{response.status} {response.url}")

    def note_failure(request):
        if request.failure != "net::ERR_ABORTED":  # of a page that is left
            astray.append(f"{request.failure} {request.url}")

    def listen(page):
        page.on("response", note)
        page.on("requestfailed", note_failure)

    yield lambda path: open_page(url=site + path, before=listen, ignore_https_errors=True, may_fail=FAILED)
    assert any("/request-worker-" in url for url in asked)
    assert astray == [f"404 {site}/nothing"]


def test_pages_panels_links_and_problems_work_under_a_path_and_behind_tls(visit, site):
    page = visit("")
    draw(page, SEVEN)
    assert final_answer(page) == "7"
    for panel in page.locator("#panels details:visible").all():
        panel.locator("summary").press("Enter")  # what grows above would move it away from a mouse
        expect(panel.locator(".body > *").first).to_be_attached()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#export textarea")).to_have_value(re.compile(f"^curl '{re.escape(site)}/predict"))
    page.get_by_role("button", name="Copy a link").click()
    expect(page.locator("#export textarea")).to_have_value(re.compile(f"^{re.escape(site)}/?#d="))
    link = page.locator("#export textarea").input_value()

    page.get_by_role("link", name="Training", exact=True).click()
    expect(page.locator("#answer")).to_have_text("7")
    expect(page.locator("#confusion button").first).to_be_attached()
    page.get_by_role("link", name="Maths", exact=True).click()
    expect(page.locator("#sample figcaption")).to_contain_text("Your drawing")
    page.get_by_role("link", name="API").click()
    expect(page.locator(".opblock").first).to_be_visible()
    expect(page.locator(".servers select")).to_have_value("/digits")
    page.goto(f"{site}/nothing")
    page.get_by_role("link", name="Draw a digit").click()
    expect(page).to_have_url(f"{site}/")

    page.goto("about:blank")
    page.goto(link)
    assert final_answer(page) == "7"
