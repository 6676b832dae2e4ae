"""Two networks: each answers where it is named, and else the one that the settings choose."""

import base64
import dataclasses
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.api.training import Training
from app.networks import Networks
from app.settings import Settings
from model.network import Network, WeightsError
from tests.app.conftest import encoded, serving, seven
from tests.conftest import WEIGHTS, untrained_rejection

PNG = {"content-type": "image/png"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the network that ships, and beside it a wide one that has learned nothing."""
    folder = tmp_path_factory.mktemp("two")
    shutil.copy(WEIGHTS, folder)
    wide = Network.create((784, 200, 30, 10), np.random.default_rng(0))
    dataclasses.replace(wide, extras=untrained_rejection(wide.sizes)).save(folder / "digits-wide.npz")
    return folder


@pytest.fixture(scope="module")
def client(folder):
    with serving(weights=folder / "digits.npz") as client:
        yield client


def ask(client, query="", path="/predict"):
    return client.post(f"{path}{query}", content=encoded(seven()), headers=PNG).json()


def test_the_one_that_is_named_answers_and_the_small_one_where_none_is(client):
    small, wide = ask(client, "?network=small"), ask(client, "?network=wide")
    assert small == ask(client)
    assert [len(layer["values"]) for layer in wide["activations"]] == [200, 30]
    assert wide["model"] != small["model"]
    assert ask(client, f"?network={wide['model']}") == wide


def test_the_settings_may_let_the_wide_one_answer(folder, client):
    with serving(weights=folder / "digits.npz", network="wide") as other:
        assert ask(other) == ask(client, "?network=wide")
        assert ask(other, "?network=small") == ask(client)


def test_everything_else_is_about_the_one_that_is_named_too(client):
    wide = ask(client, "?network=wide")["model"]
    assert ask(client, "?network=wide", "/explain")["model"] == wide
    ends = {"from": [0] * 784, "to": [255] * 784}
    assert client.post("/explain/path?network=wide", json=ends).json()["model"] == wide
    assert client.get("/model?network=wide").json()["sizes"] == [784, 200, 30, 10]
    assert len(client.get("/model/weights/2?network=wide").content) == 4 * 200 * 30
    assert len(client.get("/model/biases/2?network=wide").content) == 4 * 30
    refused = client.get("/model/gallery/hidden1.200?network=wide")
    assert "hidden1.0 to hidden1.199" in refused.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/predict", "/explain", "/model", "/", "/model/weights/1", "/training", "/training/history", "/maths"]
)
def test_a_network_that_is_not_served_is_refused_in_a_sentence(client, path):
    method = client.post if path in {"/predict", "/explain"} else client.get
    reply = method(f"{path}?network=huge")
    assert reply.status_code == 422
    assert reply.json()["detail"] == "network: 'huge' is not served: there is small and wide."


def test_the_pages_are_about_the_one_that_is_named_lead_on_to_it_and_say_what_is_not_stored(client):
    name = ask(client, "?network=wide")["model"]
    for path in ("/", "/training", "/maths"):
        page = client.get(f"{path}?network=wide").text
        assert name in page
        assert ask(client)["model"] not in page
        assert all(f'href="{other}?network=wide"' in page for other in ("/", "/training", "/maths", "/model"))
        assert f'<a href="{path}?network=small">' in page
        assert '"/training"' in client.get(path).text  # the default one needs no name
    assert "No stages of this network’s training are stored" in client.get("/training?network=wide").text
    assert "numbers of the network that is loaded are still to be worked out" in client.get("/maths?network=wide").text
    assert client.get("/training/history?network=wide").status_code == 404


def test_a_batch_too_large_for_the_event_loop_has_the_numbers_of_each_drawing_alone(client):
    drawing = base64.b64encode(encoded(seven().resize((120, 120)))).decode()
    batch = client.post("/predict?network=wide", json={"images": [drawing] * 70}).json()["predictions"]
    assert len(batch) == 70
    alone = client.post("/predict?network=wide", json={"image": drawing}).json()
    assert all(answer == alone for answer in batch)


def test_the_protocol_has_them_as_versions_of_one_model(client):
    small, wide = ask(client)["model"][-8:], ask(client, "?network=wide")["model"][-8:]
    assert client.get("/v2/models/digits").json()["versions"] == [small, wide]
    tensor = {"name": "pixels", "datatype": "UINT8", "shape": [1, 784], "data": [0] * 784}
    content = {"inputs": [tensor], "outputs": [{"name": "hidden2"}]}
    for version, width in (("", 64), (f"/versions/{small}", 64), (f"/versions/{wide}", 30)):
        reply = client.post(f"/v2/models/digits{version}/infer", json=content).json()
        assert reply["outputs"][0]["shape"] == [1, width]
    missing = client.get("/v2/models/digits/versions/none").json()
    assert f"versions {small} and {wide}" in str(missing)


def test_metrics_name_both(client):
    text = client.get("/metrics").text
    assert 'inkscope_model_info{name="digits-784-200-30-10@' in text
    assert 'network="wide"' in text


def test_the_page_lets_one_choose_where_there_are_two(client, folder, tmp_path):
    page = client.get("/?network=wide").text
    assert 'data-sizes="784,200,30,10"' in page
    assert 'data-network="wide"' in page
    assert 'href="/?network=small"' in page
    shutil.copy(folder / "digits.npz", tmp_path)
    with serving(weights=tmp_path / "digits.npz") as alone:
        assert "sharper eye" not in alone.get("/").text
        assert "there is small" in alone.get("/model?network=wide").json()["detail"]


def test_to_answer_by_a_wide_one_that_is_not_there_stops_the_start(folder, tmp_path):
    shutil.copy(folder / "digits.npz", tmp_path)
    with pytest.raises(WeightsError, match=r"digits-wide\.npz: there is no such weights file"):
        Networks.load(Settings(weights=tmp_path / "digits.npz", network="wide"))


@pytest.fixture
def unread(client):
    """A client of a server that has not read about the training. By hand: pytest would delete what it replaced."""
    known, client.app.state.training = client.app.state.training, {}
    yield client
    client.app.state.training = known


def test_what_few_ask_for_is_read_once_when_it_is_first_asked_for(unread, monkeypatch):
    read = []

    def nothing(served):
        read.append(served.variant)
        time.sleep(0.05)  # meanwhile, the others ask
        return Training(None, None, None, [])

    monkeypatch.setattr("app.api.training.Training.of", nothing)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(unread.get, ["/training/history"] * 4))
    assert {reply.status_code for reply in replies} == {404}
    assert read == ["small"]


def test_what_could_not_be_read_is_read_again_by_the_next_who_asks(unread, monkeypatch):
    found = [OSError("Too many open files"), Training(None, None, b"{}", [])]

    def once_in_vain(_):
        if isinstance(next_one := found.pop(0), OSError):
            raise next_one
        return next_one

    monkeypatch.setattr("app.api.training.Training.of", once_in_vain)
    assert [unread.get("/training/history").status_code for _ in range(3)] == [500, 200, 200]
