"""`/model`: the network's description, its parameters as bytes, and the gallery of its neurons."""

import json

import numpy as np

from tests.app.conftest import serving
from tests.conftest import ROOT


def test_the_model_describes_itself_from_the_file(client, recognizer):
    about = client.get("/model").json()
    report = json.loads((ROOT / "weights" / "report.json").read_text())
    assert about["model"] == recognizer.network.name == report["model"]
    assert about["sizes"] == list(recognizer.network.sizes)
    assert about["layers"] == [{"layer": "hidden1", "width": 128}, {"layer": "hidden2", "width": 64}]
    assert about["parameters"] == 109386
    assert about["report"]["mnist_test"]["accuracy"] == report["mnist_test"]["accuracy"]
    assert "history" not in about["report"]


def test_a_browser_gets_a_page_with_the_same_figures_and_a_program_data(client):
    page = client.get("/model", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    report = json.loads((ROOT / "weights" / "report.json").read_text())
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"{100 * report['mnist_test']['accuracy']:.2f}%" in page.text
    assert f"{len(report['history'])} times" in page.text
    assert "109,386" in page.text
    assert "UNIPEN" in page.text
    assert '<th scope="row">hidden 2 (relu)</th><td>64</td><td>8,256</td>' in page.text
    data = client.get("/model", headers={"accept": "*/*"})
    assert data.headers["content-type"] == "application/json"
    assert all("Accept" in reply.headers["vary"].split(", ") for reply in (page, data))


def test_a_page_about_a_network_without_a_report_says_so(tmp_path, recognizer):
    recognizer.network.save(tmp_path / "w.npz")
    with serving(weights=tmp_path / "w.npz") as client:
        page = client.get("/model", headers={"accept": "text/html"}).text
    assert page.count("python -m model.evaluate") == 2


def test_a_report_about_other_weights_is_not_shown(tmp_path, recognizer):
    recognizer.network.save(tmp_path / "w.npz")
    (tmp_path / "report.json").write_text('{"model": "another"}')
    with serving(weights=tmp_path / "w.npz") as client:
        assert client.get("/model").json()["report"] is None


def test_weights_come_as_bytes_and_once(client, recognizer):
    reply = client.get("/model/weights/2")
    values = np.frombuffer(reply.content, dtype="<f4").reshape(128, 64)
    np.testing.assert_array_equal(values, recognizer.network.weights[1])
    again = client.get("/model/weights/2", headers={"if-none-match": reply.headers["etag"]})
    assert again.status_code == 304
    assert not again.content


def test_weights_of_a_network_that_is_named_in_full_may_be_kept_for_good(client, recognizer):
    by_name = client.get("/model/weights/2", params={"network": recognizer.network.name})
    assert "immutable" in by_name.headers["cache-control"]
    for other in ({}, {"network": "small"}):  # tomorrow's may be others
        assert client.get("/model/weights/2", params=other).headers["cache-control"] == "no-cache"


def test_weights_of_half_the_bytes_are_right_to_three_figures(client, recognizer):
    reply = client.get("/model/weights/1?bits=16")
    exact = recognizer.network.weights[0].ravel()
    np.testing.assert_allclose(np.frombuffer(reply.content, dtype="<f2"), exact, rtol=1e-3, atol=1e-7)
    assert reply.headers["etag"] != client.get("/model/weights/1").headers["etag"]
    assert client.get("/model/weights/1?bits=8").status_code == 422


def test_biases_come_as_bytes(client, recognizer):
    reply = client.get("/model/biases/2")
    np.testing.assert_array_equal(np.frombuffer(reply.content, dtype="<f4"), recognizer.network.biases[1])
    assert reply.headers["etag"] != client.get("/model/weights/2").headers["etag"]
    assert client.get("/model/biases/4").status_code == 404


def test_the_gallery_shows_what_lights_a_neuron(client, recognizer):
    examples = client.get("/model/gallery/hidden2.7").json()
    activations = recognizer.network.forward(np.array(examples["pictures"], dtype=np.float32) / 255)[2][:, 7]
    np.testing.assert_allclose(activations, examples["values"], rtol=1e-3)
    assert len(examples["labels"]) == len(examples["pictures"]) > 0
    typical = client.get("/model/gallery/typical").json()
    assert typical["labels"] == list(range(10))
    answers = [client.post("/predict", json={"pixels": pixels}).json()["digit"] for pixels in typical["pictures"]]
    assert answers == list(range(10))


def test_a_neuron_that_is_not_there_has_no_gallery(client, tmp_path, recognizer):
    assert client.get("/model/gallery/hidden9.0").status_code == 422
    recognizer.network.save(tmp_path / "w.npz")
    with serving(weights=tmp_path / "w.npz") as bare:
        reply = bare.get("/model/gallery/hidden1.0")
    assert reply.status_code == 404
    assert "model.evaluate" in reply.json()["detail"]
