"""The Open Inference Protocol: a published client works unchanged, numbers are /predict's, errors have its shape."""

import base64
import tracemalloc

import numpy as np
import orjson
import pytest
import tritonclient.http as triton

from model.preprocess import preprocess
from tests.app.api.test_predict import FORMS
from tests.app.conftest import seven

SEVEN = preprocess(seven())
BLANK = np.zeros_like(SEVEN)
BATCH = np.stack([SEVEN, BLANK, SEVEN.T])
INFER = "/v2/models/digits/infer"


def ask(client, tensor, datatype="UINT8", path=INFER, **more):
    given = {
        "name": "pixels",
        "datatype": datatype,
        "shape": list(np.shape(tensor)),
        "data": np.asarray(tensor).tolist(),
    }
    reply = client.post(path, json={"inputs": [given], **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_the_server_describes_itself_as_the_protocol_has_it(client, recognizer):
    version = recognizer.network.fingerprint
    assert client.get("/v2").json()["extensions"] == ["binary_tensor_data"]
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"ready": True}
    for path in ("/v2/models/digits", f"/v2/models/digits/versions/{version}"):
        about = client.get(path).json()
        assert about["name"] == "digits"
        assert about["versions"][0] == version
        assert [tensor["name"] for tensor in about["outputs"]] == ["probabilities", "hidden1", "hidden2"]
        assert client.get(f"{path}/ready").json() == {"name": "digits", "ready": True}


@pytest.mark.parametrize(
    ("tensor", "datatype"),
    [
        (SEVEN, "UINT8"),
        (SEVEN[None], "UINT8"),
        (SEVEN.reshape(1, 784), "UINT8"),
        (SEVEN.ravel(), "UINT8"),
        (SEVEN.reshape(1, 1, 28, 28), "UINT8"),
        (SEVEN.reshape(1, 28, 28, 1), "FP32"),
        (SEVEN / np.float32(255), "FP32"),
        (SEVEN[None].astype(np.float32), "FP32"),
    ],
)
def test_every_shape_and_type_gives_the_numbers_of_predict(client, tensor, datatype):
    expected = client.post("/predict", **FORMS["raw"]).json()
    names = [{"name": name} for name in ("probabilities", "hidden1", "hidden2")]
    answer = ask(client, tensor, datatype, outputs=names, id="mine")
    assert (answer["id"], f"@{answer['model_version']}") == ("mine", f"@{expected['model'].split('@')[1]}")
    probabilities, *hidden = answer["outputs"]
    assert probabilities["data"] == expected["probabilities"]
    assert probabilities["shape"] == [1, 10]
    assert [layer["data"] for layer in hidden] == [layer["values"] for layer in expected["activations"]]


def test_a_batch_is_answered_in_its_order_and_names_only_what_was_asked_for(client):
    answer = ask(client, BATCH)
    assert [tensor["name"] for tensor in answer["outputs"]] == ["probabilities"]
    rows = np.reshape(answer["outputs"][0]["data"], (3, 10))
    assert rows[0].argmax() == 7
    np.testing.assert_array_equal(rows[1], 0.1)
    np.testing.assert_array_equal(rows[0], ask(client, SEVEN)["outputs"][0]["data"])


def test_data_may_be_flat_or_nested(client):
    given = {"name": "x", "datatype": "UINT8", "shape": [3, 28, 28], "data": BATCH.ravel().tolist()}
    flat = client.post(INFER, json={"inputs": [given]}).json()
    assert flat == ask(client, BATCH)


@pytest.mark.parametrize("datatype", ["UINT8", "FP32"])
@pytest.mark.parametrize("binary", [True, False])
def test_a_published_client_works_unchanged(live_server, client, datatype, binary):
    pictures = BATCH if datatype == "UINT8" else (BATCH / np.float32(255)).astype(np.float32)
    tensor = triton.InferInput("pixels", pictures.shape, datatype)
    tensor.set_data_from_numpy(pictures, binary_data=binary)
    outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("probabilities", "hidden1")]
    with triton.InferenceServerClient(live_server.removeprefix("http://")) as published:
        assert published.is_server_live()
        assert published.is_server_ready()
        assert published.is_model_ready("digits")
        assert published.get_server_metadata()["name"] == "inkscope"
        version = published.get_model_metadata("digits")["versions"][0]
        asked = published.infer("digits", [tensor], outputs=outputs, request_id="one")
        rest = published.infer("digits", [tensor], model_version=version)
        with pytest.raises(triton.InferenceServerException, match="There is no model letters"):
            published.get_model_metadata("letters")
    assert asked.get_response()["id"] == "one"
    expected = client.post("/predict", json={"image": base64.b64encode(FORMS["raw"]["content"]).decode()}).json()
    for result in (asked, rest):
        assert result.as_numpy("probabilities").shape == (3, 10)
        np.testing.assert_array_equal(result.as_numpy("probabilities")[0], expected["probabilities"])
    hidden = asked.as_numpy("hidden1")[0]
    np.testing.assert_allclose(hidden, np.float32(expected["activations"][0]["values"]), rtol=1e-7)


def wrong(shape=(1, 784), datatype="UINT8", data=None, **more):
    return {"inputs": [{"name": "x", "shape": list(shape), "datatype": datatype, "data": data or [0] * 784, **more}]}


DEEP = "DEEP"  # stands for lists in lists, 900 of them
BINARY = {"parameters": {"binary_data_size": 784}}
REFUSED = {
    "no inputs": {},
    "a list": [],
    "two inputs": {"inputs": wrong()["inputs"] * 2},
    "inputs of another kind": {"inputs": ["pixels"]},
    "another datatype": wrong(datatype="INT64"),
    "another shape": wrong(shape=(1, 783)),
    "a shape of words": wrong(shape=("a", 784)),
    "a shape that is true": wrong(shape=(True, 784)),
    "a negative shape": wrong(shape=(-1, 784)),
    "none": wrong(shape=(0, 784)),
    "more than may come at once": wrong(shape=(257, 784)),
    "too few numbers": wrong(data=[0] * 783),
    "numbers too deep": wrong(shape=(784,), data=[[0] * 784]),
    "rows of different lengths": wrong(shape=(28, 28), data=[[0] * 28] * 27 + [[0] * 27]),
    "words": wrong(data=["a"] * 784),
    "numbers as words": wrong(data=["1"] * 784),
    "truths": wrong(data=[True] * 784),
    "numbers that are far too large": wrong(data=[1e300] * 784),
    "nulls": wrong(datatype="FP32", data=[None] * 784),
    "a fraction in UINT8": wrong(data=[0.5] + [0] * 783),
    "256 in UINT8": wrong(data=[256] + [0] * 783),
    "256 in FP32": wrong(datatype="FP32", data=[256] + [0] * 783),
    "a negative": wrong(datatype="FP32", data=[-1] + [0] * 783),
    "binary that did not come": wrong(**BINARY),
    "an output that is not there": {**wrong(), "outputs": [{"name": "hidden3"}]},
    "an output without a name": {**wrong(), "outputs": ["hidden1"]},
    "outputs that are no list": {**wrong(), "outputs": 3},
    "a shape that is deep": wrong(shape=[DEEP]),
    "outputs that are deep": {**wrong(), "outputs": [DEEP]},
    "an output that is deep": {**wrong(), "outputs": [{"name": DEEP}]},
    "data that is deep": wrong(data=DEEP),
    "one list among numbers": wrong(data=[[0]] + [0] * 783),
    "one number among lists": wrong(shape=(28, 28), data=[[0] * 28] * 27 + [0] * 28),
    "no data": {"inputs": [{"name": "x", "shape": [1, 784], "datatype": "UINT8"}]},
    "too many outputs": {**wrong(), "outputs": [{"name": "hidden1"}] * 4},
}


def written(document):
    """As JSON, however deep: orjson writes 254 levels."""
    return orjson.dumps(document).replace(b'"DEEP"', b"[" * 900 + b"]" * 900)


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_request_is_refused_in_the_protocols_shape(client, case):
    reply = client.post(INFER, content=written(REFUSED[case]))
    assert reply.status_code == 400, reply.text
    assert reply.headers["content-type"] == "application/json"
    assert list(reply.json()) == ["error"]


HUGE = b'{"inputs":[{"name":"x","shape":[256,784],"datatype":"FP32","data":[%s]}]}'


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b",".join([b"1"] * 700_000), 413),
        (b",".join([b"[1]"] * 200_704), 413),
        (b'"' + b"a" * 70_000 + b'",' + b",".join([b"0"] * 200_703), 400),
        (b",".join([b'"%s"' % (b"a" * 2000)] * 700), 400),
    ],
    ids=["far too many numbers", "a list for each", "one long string among them", "long strings"],
)
def test_much_that_is_no_tensor_is_refused_without_an_array_of_it(client, data, status):
    tracemalloc.start()
    reply = client.post(INFER, content=HUGE % data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reply.status_code == status
    assert peak < 40_000_000


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/v2/models/letters", {}, 404),
        ("GET", "/v2/models/digits/versions/2", {}, 404),
        ("GET", "/v2/repository", {}, 404),
        ("GET", INFER, {}, 405),
        ("POST", "/v2/models/letters/infer", {"json": {}}, 404),
        ("POST", INFER, {"content": b"{"}, 400),
        ("POST", INFER, {"content": b""}, 400),
        ("POST", INFER, {"content": bytes(3_000_000)}, 413),
        ("POST", INFER, {"content": b"{}", "headers": {"content-encoding": "gzip"}}, 415),
        *(
            ("POST", INFER, {"content": b"{}", "headers": {"inference-header-content-length": length}}, 400)
            for length in ("3", "-1", "1e1", "", "9" * 5000)
        ),
    ],
)
def test_every_error_under_v2_has_the_protocols_shape(client, method, path, options, status):
    reply = client.request(method, path, **options)
    assert reply.status_code == status
    assert list(reply.json()) == ["error"]


def test_binary_tensors_have_to_be_as_long_as_they_are_said_to_be(client):
    head = orjson.dumps({"inputs": [{"name": "x", "shape": [1, 784], "datatype": "FP32", **BINARY}]})
    headers = {"inference-header-content-length": str(len(head))}
    reply = client.post(INFER, content=head + bytes(784), headers=headers)
    assert reply.status_code == 400
    assert "3136 bytes" in reply.json()["error"]
    nan = np.full(784, np.nan, dtype="<f4").tobytes()
    head = head.replace(b"784}", b"3136}")
    headers["inference-header-content-length"] = str(len(head))
    assert "0–255" in client.post(INFER, content=head + nan, headers=headers).json()["error"]


def test_a_version_is_a_part_of_the_path_alone(client):
    """As a query parameter it would answer by another network than the path says."""
    paths = client.get("/openapi.json").json()["paths"]
    places = {
        path: [q["in"] for q in next(iter(paths[path].values()))["parameters"]] for path in paths if "{model}" in path
    }
    assert len(places) == 6
    assert all("query" not in where for where in places.values())
    assert client.get("/v2/models/digits?version=2").status_code == 200
    assert client.get("/v2/models/digits/versions/2").status_code == 404
