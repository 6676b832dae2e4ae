"""POST /explain and /explain/path: the same forms as /predict, numbers that add up, and a 4xx for what is wrong."""

import base64

import numpy as np
import pytest

from app.input.admission import Admission
from model.network import Network
from model.preprocess import preprocess_with_placement
from tests.app.api.test_predict import FORMS, PNG, raw
from tests.app.conftest import encoded, serving, seven
from tests.conftest import untrained_rejection
from tests.model.localization.test_locate import drawing
from tests.model.localization.test_turns import ONE, tilted

PIXELS = preprocess_with_placement(seven()).picture.ravel().tolist()
BASE64 = base64.b64encode(PNG).decode()


def explained(client, query="", **form):
    reply = client.post(f"/explain{query}", **(form or raw(PNG)))
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_seven_is_explained_with_the_same_numbers(client, form):
    explanation = explained(client, **FORMS[form])
    placement = explanation.pop("placement")
    assert explanation == {k: v for k, v in explained(client).items() if k != "placement"}
    assert (placement is None) == (form == "pixels")


def test_the_parts_close_and_agree_with_the_answer(client):
    explanation, answer = explained(client), client.post("/predict", **raw(PNG)).json()
    assert {key: explanation[key] for key in ("digit", "probabilities", "verdict", "model")} == {
        key: answer[key] for key in ("digit", "probabilities", "verdict", "model")
    }
    assert explanation["target"] == 7
    assert sum(explanation["parts"]) == pytest.approx(explanation["ink"], abs=1e-9)
    assert explanation["bias"] + explanation["ink"] == pytest.approx(explanation["log_odds"], abs=1e-9)
    assert sum(explanation["logit_parts"]) + explanation["biases"][7] == pytest.approx(
        explanation["logits"][7], abs=1e-9
    )
    p = explanation["probabilities"]
    assert explanation["log_odds"] == pytest.approx(np.log(p[7] / p[explanation["against"]]), abs=1e-4)  # p: float32
    assert [part == 0 for part in explanation["parts"]] == [
        part == 0 or pixel == 0 for part, pixel in zip(explanation["parts"], answer["input"], strict=True)
    ]


def test_a_chosen_digit_is_weighed_against_the_answer_or_another(client):
    assert (explained(client, "?target=1")["target"], explained(client, "?target=1")["against"]) == (1, 7)
    assert (explained(client, "?target=1&against=4")["against"]) == 4
    assert explained(client, "?target=1")["log_odds"] < 0


@pytest.mark.parametrize(("layer", "width"), [(1, 128), (2, 64)])
def test_a_knockout_says_what_a_run_without_that_neuron_says(client, layer, width):
    explanation = explained(client)
    ablations = explanation["knockouts"][layer - 1]
    assert ablations["layer"] == f"hidden{layer}"
    assert len(ablations["digits"]) == len(ablations["log_odds"]) == width
    strongest = int(np.argmin(ablations["log_odds"]))
    without = explained(client, f"?off=hidden{layer}.{strongest}&target=7&against={explanation['against']}")
    assert without["log_odds"] == pytest.approx(ablations["log_odds"][strongest], abs=1e-9)
    assert without["digit"] == ablations["digits"][strongest]


def test_neurons_that_are_switched_off_are_off_in_the_answer_too(client):
    answer = client.post("/predict?off=hidden1.0,hidden1.5,hidden2.63", **raw(PNG)).json()
    hidden1, hidden2 = (layer["values"] for layer in answer["activations"])
    assert hidden1[0] == hidden1[5] == hidden2[63] == 0
    everything = ",".join(f"hidden2.{j}" for j in range(64))
    blind = [client.post(f"/predict?off={everything}", json={"pixels": [0] * 783 + [i]}).json() for i in (1, 255)]
    assert blind[0]["probabilities"] == blind[1]["probabilities"]


def test_a_step_left_out_changes_what_is_seen(client):
    small = seven().resize((70, 70))
    corner = seven().point(lambda _: 255)
    corner.paste(small, (10, 10))
    sent = raw(encoded(corner))
    whole = client.post("/predict?skip=fit,centre", **sent).json()["input"]
    assert whole == preprocess_with_placement(corner, {"fit", "centre"}).picture.ravel().tolist()
    assert whole != client.post("/predict", **sent).json()["input"]
    placement = explained(client, "?skip=fit,centre", **sent)["placement"]
    assert (placement["left"], placement["top"], placement["cell"]) == (0, 0, 10)


def test_the_placement_on_a_jpeg_that_is_decoded_smaller_is_in_the_pixels_of_its_file(client):
    drawing, scale = seven(), 20
    whole = raw(encoded(drawing.resize((scale * drawing.width, scale * drawing.height)), "JPEG"), "image/jpeg")
    found, expected = explained(client, **whole)["placement"], explained(client)["placement"]
    np.testing.assert_allclose(found["box"], scale * np.array(expected["box"]), atol=scale)
    np.testing.assert_allclose(found["fitted"], scale * np.array(expected["fitted"]), atol=scale)
    where, sought = ([each[key] for key in ("left", "top", "cell")] for each in (found, expected))
    np.testing.assert_allclose(where, scale * np.array(sought), atol=scale)


def test_a_drawing_that_is_turned_to_be_read_is_explained_as_it_is_read(client):
    every = [raw(encoded(drawing(tilted(ONE, lean)))) for lean in np.arange(20, 30, 0.5)]
    answers = [client.post("/predict", **each).json() for each in every]
    turned = [each["placement"]["rotation"] != 0 or each["placement"]["slant"] != 0 for each in answers]
    leaning, answer = every[turned.index(True)], answers[turned.index(True)]
    placement, explanation = answer["placement"], explained(client, **leaning)
    assert explanation["placement"] == placement
    assert explanation["probabilities"] == answer["probabilities"]
    upright = client.post("/predict?skip=centre", **leaning).json()["placement"]
    assert (upright["rotation"], upright["slant"]) == (0, 0)


def test_a_neuron_is_taken_apart_when_asked_for(client, recognizer):
    explanation = explained(client, "?unit=hidden2.7")
    unit = explanation["unit"]
    assert (unit["layer"], unit["number"], len(unit["votes"])) == ("hidden2", 7, 10)
    assert unit["constant"] + np.dot(unit["picture"], np.array(PIXELS) / 255) == pytest.approx(unit["total"], abs=1e-9)
    assert unit["bias"] == pytest.approx(float(recognizer.network.biases[1][7]))
    assert {feed["layer"] for feed in unit["feeds"]} == {"hidden1"}
    assert {feed["layer"] for feed in explained(client, "?unit=hidden1.3")["unit"]["feeds"]} == {"input"}
    assert "unit" not in explained(client)


def test_a_batch_is_explained_in_its_order(client):
    images = [BASE64, base64.b64encode(encoded(seven().rotate(0).point(lambda _: 255))).decode()]
    first, second = explained(client, json={"images": images})["explanations"]
    assert first == explained(client)
    assert second["digit"] is None
    assert second["placement"] is None
    assert second["ink"] == 0
    assert second["bias"] == pytest.approx(second["log_odds"])


def test_a_path_from_a_drawing_to_nothing_ends_in_the_answer_to_nothing(client):
    way = client.post("/explain/path", json={"from": BASE64, "to": [0] * 784}).json()
    assert way == client.post("/explain/path", json={"from": PIXELS, "to": [0] * 784}).json()
    assert (way["at"][0], way["at"][-1]) == (0, 1)
    assert len(way["logits"]) == len(way["at"])
    assert way["flips"][0]["before"] == 7
    assert way["flips"][-1]["after"] == np.argmax(way["logits"][-1])
    for flip in way["flips"]:
        lines = [np.interp(flip["at"], way["at"], np.array(way["logits"])[:, d]) for d in range(10)]
        assert lines[flip["before"]] == pytest.approx(lines[flip["after"]], abs=1e-9)


def test_a_path_may_begin_at_black_on_white_or_in_0_to_1(client):
    way = client.post("/explain/path", json={"from": PIXELS, "to": [0] * 784}).json()
    unit = client.post("/explain/path", json={"from": [value / 255 for value in PIXELS], "to": [0] * 784}).json()
    assert unit["logits"][0] == pytest.approx(way["logits"][0], abs=1e-6)
    low = client.post("/explain/path", json={"from": [255 - value for value in PIXELS], "to": [255] * 784}).json()
    assert np.argmax(low["logits"][0]) == 7
    assert low["logits"][-1] == pytest.approx(way["logits"][-1])


def test_a_path_takes_greys_between_the_whole_numbers(client):
    half = [value / 2.001 for value in PIXELS]
    reply = client.post("/explain/path", json={"from": half, "to": PIXELS})
    x = np.array(half)[None] / 255
    network = client.app.state.networks.named("small").explainer.network
    np.testing.assert_allclose(reply.json()["logits"][0], network.forward(x)[-1][0], atol=1e-9)


@pytest.mark.parametrize(
    ("path", "form", "status", "words"),
    [
        ("/explain?target=10", raw(PNG), 422, "target"),
        ("/explain?target=4&against=4", raw(PNG), 422, "same digit"),
        ("/explain?off=hidden3.0", raw(PNG), 422, "hidden2.0 to hidden2.63"),
        ("/explain?unit=hidden1.128", raw(PNG), 422, "hidden1.128"),
        ("/predict?off=17", raw(PNG), 422, "hidden1.0 to hidden1.127"),
        ("/predict?off=hidden1.%D9%A3", raw(PNG), 422, "no neuron"),
        ("/predict?skip=everything", raw(PNG), 422, "fit, centre"),
        ("/explain", raw(b"no picture"), 400, "PNG, JPEG or WebP"),
        ("/explain", raw(PNG, "text/plain"), 415, "text/plain"),
        ("/explain/path", raw(PNG), 415, "application/json"),
        ("/explain/path", {"content": b"", "headers": {"content-type": "application/json"}}, 400, "empty"),
        ("/explain/path", {"json": {"from": PIXELS}}, 422, '"to"'),
        ("/explain/path", {"json": {"from": PIXELS, "to": PIXELS, "by": 3}}, 422, '"to"'),
        ("/explain/path", {"json": {"from": PIXELS, "to": [1, 2]}}, 422, "to: pixels holds 2"),
        ("/explain/path", {"json": {"from": "@", "to": PIXELS}}, 400, "from: "),
        ("/explain/path", {"json": {"from": PIXELS, "to": 5}}, 422, "to is neither"),
    ],
)
def test_what_cannot_be_explained_gets_its_4xx(client, path, form, status, words):
    reply = client.post(path, **form)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert words in reply.json()["detail"]


def test_a_network_that_bends_smoothly_answers_and_says_that_it_cannot_explain(tmp_path):
    network = Network.create((784, 12, 10), np.random.default_rng(0), "tanh")
    network.extras = untrained_rejection(network.sizes)
    network.save(tmp_path / "w.npz")
    with serving(weights=tmp_path / "w.npz") as client:
        assert client.post("/predict", **raw(PNG)).status_code == 200
        reply = client.post("/explain", **raw(PNG))
    assert reply.status_code == 404
    assert "tanh" in reply.json()["detail"]


@pytest.mark.parametrize(("sizes", "elsewhere"), [((784, 128, 64, 10), 0), ((784, 1024, 10), 1)])
def test_a_network_that_takes_long_to_explain_leaves_the_event_loop(tmp_path, sizes, elsewhere):
    network = Network.create(sizes, np.random.default_rng(0))
    network.extras = untrained_rejection(network.sizes)
    network.save(tmp_path / "w.npz")
    with serving(weights=tmp_path / "w.npz") as client:
        admission, threads = client.app.state.admission, []

        async def run(work, *of, **client):
            if work.__name__ == "_encoded":  # decoding goes elsewhere by its own rule
                threads.append(work)
            return await Admission.run(admission, work, *of, **client)

        admission.run = run
        explanation = explained(client)
        assert len(threads) == elsewhere
        assert [len(found["digits"]) for found in explanation["knockouts"]] == list(sizes[1:-1])
        assert explained(client, json={"images": [BASE64]}) == {"explanations": [explanation]}
        assert len(threads) == elsewhere + 1


def test_a_batch_that_would_take_too_long_to_explain_is_refused(client, monkeypatch):
    monkeypatch.setattr("app.api.explain.MAX_MULTIPLICATIONS", 10_000_000)
    assert client.post("/explain", json={"images": [BASE64] * 3}).status_code == 200
    reply = client.post("/explain", json={"images": [BASE64] * 4})
    assert reply.status_code == 413
    assert "at most 3" in reply.json()["detail"]
