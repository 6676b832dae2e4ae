"""The page of the API: it needs no other host, obeys the policy, and its examples run unchanged."""

import json

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def docs(browser, live_server):
    """Opened once: `(page, hosts that were asked)`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(f"{error}"))
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.goto(f"{live_server}/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    yield page
    assert [url for url in asked if not url.startswith((live_server, "data:", "blob:"))] == []
    assert complaints == []
    context.close()


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ("predict-predict_predict_post", "probabilities"),
        ("explain-explain_explain_post", "parts"),
        ("explain-path_explain_path_post", "flips"),
        ("Open_Inference_Protocol_v2-infer_v2_models__model__infer_post", "outputs"),
    ],
)
def test_an_example_runs_unchanged(docs, operation, told):
    block = docs.locator(f"#operations-{operation}")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    kind = block.locator(".opblock-section-request-body .content-type")
    if kind.locator("option").count() > 1:
        kind.select_option("application/json")
    block.get_by_role("button", name="Execute").click()
    reply = block.locator(".live-responses-table")
    expect(reply.locator(".response-col_status").last).to_contain_text("200")
    assert told in json.loads(reply.locator(".response-col_description pre").first.inner_text())
