"""The metrics count requests, their sizes and verdicts, and no client can make them grow."""

import base64

from prometheus_client.parser import text_string_to_metric_families

from tests.app.api.test_predict import FORMS, PNG, raw


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
    assert seen["inkscope_reply_bytes_sum", "/predict"] > int(reply.headers["content-length"])
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
