"""`/training`: the answer at every checkpoint, its weights, the mistakes; and a sentence where there are none."""

import base64
import json
import threading

import numpy as np
import pytest
from PIL import Image

from app.api.training import Training
from app.settings import Settings
from model.checkpoints import CheckpointReplay, Checkpoints
from model.network import scale_pixels
from model.preprocess import preprocess
from model.storage import checkpoints_path
from tests.app.api.test_predict import FORMS, PNG, raw
from tests.app.conftest import encoded, serving, seven
from tests.checkpoints import EPOCHS, STEPS, weights_with_checkpoints
from tests.conftest import WEIGHTS


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return weights_with_checkpoints(tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="module")
def client(weights):
    with serving(weights=weights) as client:
        yield client


@pytest.fixture(scope="module")
def bare(tmp_path_factory, recognizer):
    """A server with nothing beside its weights."""
    path = tmp_path_factory.mktemp("alone") / "digits.npz"
    path.write_bytes(WEIGHTS.read_bytes())
    with serving(weights=path) as client:
        yield client


@pytest.fixture(scope="module")
def stages(weights, recognizer):
    checkpoints = Checkpoints.load(checkpoints_path(weights), recognizer.network)
    assert checkpoints is not None
    return checkpoints.networks(recognizer.network)


@pytest.mark.parametrize("form", FORMS)
def test_every_checkpoint_answers_every_form_as_its_own_network_would(client, stages, form):
    replayed = client.post("/training/judge", **FORMS[form]).json()
    alone = [network.probabilities(scale_pixels(preprocess(seven()).reshape(1, 784)))[0] for network in stages]
    np.testing.assert_allclose(replayed["probabilities"], alone, rtol=1e-3, atol=1e-7)
    assert replayed["blank"] is False


def test_the_last_checkpoint_answers_as_the_network_does(client):
    last = client.post("/training/judge", **raw(PNG)).json()["probabilities"][-1]
    answer = client.post("/predict", **raw(PNG)).json()
    assert last == pytest.approx(answer["probabilities"], abs=1e-2)  # the stage is kept in half the bits
    assert np.argmax(last) == answer["digit"] == 7


def test_a_batch_is_answered_in_its_order_and_a_blank_drawing_is_every_digit_alike(client):
    images = [base64.b64encode(encoded(image)).decode() for image in (seven(), Image.new("L", (9, 9)))]
    replays = client.post("/training/judge", json={"images": images}).json()["judgements"]
    assert replays[0] == client.post("/training/judge", **raw(PNG)).json()
    assert replays[1]["blank"] is True
    assert replays[1]["probabilities"] == [[0.1] * 10] * len(STEPS)


@pytest.mark.parametrize(("inline", "elsewhere"), [(1, True), (10**9, False)])
def test_checkpoints_too_large_for_the_event_loop_answer_in_a_thread(client, monkeypatch, inline, elsewhere):
    threads, probabilities = [], CheckpointReplay.probabilities

    def replayed(replay, pictures):
        threads.append(threading.get_ident())
        return probabilities(replay, pictures)

    async def loop():
        return threading.get_ident()

    monkeypatch.setattr(CheckpointReplay, "probabilities", replayed)
    monkeypatch.setattr("app.api.replies.INLINE_MULTIPLICATIONS", inline)
    assert client.post("/training/judge", **raw(PNG)).json()["probabilities"]
    assert (threads != [client.portal.call(loop)]) == elsewhere


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, raw(b"no picture")),
        (413, raw(PNG + bytes(Settings().max_body_bytes))),
        (415, raw(PNG, "text/plain")),
        (422, {"json": {}}),
    ],
)
def test_what_is_no_drawing_is_a_problem(client, status, sent):
    reply = client.post("/training/judge", **sent)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_history_tells_every_epoch_and_every_stage(client):
    history = client.get("/training/history").json()
    report = json.loads((WEIGHTS.parent / "report.json").read_text())
    assert history["epochs"] == report["history"]
    assert history["batch_size"] == report["training"]["recipe"]["batch_size"]
    assert [stage["steps"] for stage in history["stages"]] == list(STEPS)
    assert history["stages"][-1]["epochs"] == EPOCHS


@pytest.mark.parametrize(
    "report", [{}, {"training": None, "history": None}, {"training": {"recipe": None}, "history": 3}]
)
def test_a_report_that_lacks_what_it_should_tell_stops_nothing(recognizer, tmp_path, report):
    assert Training.load(recognizer.network, tmp_path / "digits.npz", report) == Training(None, None, None, [])


def test_the_page_tells_from_the_recipe_why_the_loss_in_learning_is_higher(client, recognizer, tmp_path):
    assert "every picture is turned, stretched and bent" in client.get("/training").text

    def loss_reasons(recipe, loss=0.4):
        report = {"training": {"recipe": recipe}, "history": [{"loss": loss, "validation_loss": 0.1}]}
        return Training.load(recognizer.network, tmp_path / "digits.npz", report).loss_reasons

    assert loss_reasons({"dropout": 0.0, "variation": None}) == []
    assert loss_reasons({"dropout": 0.1}) == ["some neurons are switched off at random"]
    assert loss_reasons({"dropout": 0.1}, loss=0.05) == []


def test_the_first_layer_of_a_stage_comes_as_bytes(client, stages):
    for stage, network in enumerate(stages):
        values = np.frombuffer(client.get(f"/training/weights/{stage}").content, dtype="<f2").reshape(784, 128)
        np.testing.assert_array_equal(values.astype(np.float32), network.weights[0])
    assert 'route="/training/weights/{stage}"' in client.get("/metrics").text


def test_each_stage_has_a_tag_of_its_own(client, stages):
    tags = {client.get(f"/training/weights/{stage}").headers["etag"] for stage in range(len(stages))}
    assert len(tags) == len(stages)


@pytest.mark.parametrize("path", ["history", "weights/2", "mistakes/4/9"])
def test_what_a_client_holds_already_is_not_sent_again(client, path):
    first = client.get(f"/training/{path}")
    assert first.status_code == 200
    again = client.get(f"/training/{path}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_cell_of_the_confusion_matrix_holds_as_many_pictures_as_it_counts(client):
    confusion = client.get("/model").json()["report"]["mnist_test"]["confusion"]
    for true, answer in ((4, 9), (7, 2), (3, 8), (0, 4)):
        cell = client.get(f"/training/mistakes/{true}/{answer}").json()
        assert len(cell["pictures"]) == len(cell["numbers"]) == confusion[true][answer]
        assert cell["labels"] == [true] * len(cell["pictures"])
        assert cell["answers"] == [answer] * len(cell["pictures"])
        assert cell["confidence"] == sorted(cell["confidence"], reverse=True)


@pytest.mark.parametrize(
    ("status", "path"),
    [(404, "weights/5"), (404, "weights/-1"), (422, "weights/last"), (422, "mistakes/4/10"), (422, "mistakes/four/9")],
)
def test_what_is_not_there_is_a_problem(client, status, path):
    reply = client.get(f"/training/{path}")
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["history", "weights/0", "mistakes/4/9"])
def test_without_the_files_a_sentence_says_what_writes_them(bare, path):
    reply = bare.get(f"/training/{path}")
    assert reply.status_code == 404
    assert "python -m model." in reply.json()["detail"]


def test_without_checkpoints_no_drawing_is_answered_and_the_page_is_there(bare):
    assert bare.post("/training/judge", **raw(PNG)).status_code == 404
    assert bare.get("/training").status_code == 200


def test_the_page_is_served_and_a_probe_may_ask_for_its_head(client):
    page = client.get("/training")
    assert page.headers["content-type"].startswith("text/html")
    head = client.head("/training")
    assert (head.status_code, head.content) == (200, b"")


def test_the_document_of_the_api_describes_the_training(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {path for path in paths if path.startswith("/training")} == {
        "/training/judge",
        "/training/history",
        "/training/weights/{stage}",
        "/training/mistakes/{true}/{answer}",
    }
    assert {"200", "400", "404", "413", "415", "422"} <= set(paths["/training/judge"]["post"]["responses"])
