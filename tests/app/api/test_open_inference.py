"""The Open Inference Protocol: a published client works unchanged, numbers are /predict's, errors have its shape."""

import base64
import gzip
import tracemalloc
import zlib
from typing import Any

import numpy as np
import orjson
import pytest
import tritonclient.http as triton

from app.settings import Settings
from model.preprocess import preprocess
from tests.app.api.test_predict import FORMS
from tests.app.conftest import serving, seven

SEVEN = preprocess(seven())
BLANK = np.zeros_like(SEVEN)
BATCH = np.stack([SEVEN, BLANK, SEVEN.T])
INFER = "/v2/models/digits/infer"
# Each datatype, as NumPy has it, and how far its ink goes.
TYPES = {
    "BOOL": ("?", 1),
    "UINT8": ("u1", 255),
    "UINT16": ("<u2", 255),
    "UINT32": ("<u4", 255),
    "UINT64": ("<u8", 255),
    "INT8": ("i1", 127),
    "INT16": ("<i2", 255),
    "INT32": ("<i4", 255),
    "INT64": ("<i8", 255),
    "FP16": ("<f2", 255),
    "FP32": ("<f4", 255),
    "FP64": ("<f8", 255),
}
ALL = ["probabilities", "hidden1", "hidden2"]


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
    extensions = ["binary_tensor_data", "classification", "model_configuration", "statistics"]
    assert client.get("/v2").json()["extensions"] == extensions
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"ready": True}
    for path in ("/v2/models/digits", f"/v2/models/digits/versions/{version}"):
        about = client.get(path).json()
        assert about["name"] == "digits"
        assert about["versions"][0] == version
        assert [tensor["name"] for tensor in about["outputs"]] == ["probabilities", "hidden1", "hidden2"]
        assert client.get(f"{path}/ready").json() == {"name": "digits", "ready": True}
        (pixels,) = about["inputs"]
        assert (pixels["name"], pixels["datatype"], pixels["shape"]) == ("pixels", "UINT8", [-1, 28, 28])
        assert pixels["parameters"]["datatypes"].split(", ") == list(TYPES)
        assert pixels["parameters"]["shapes"].startswith("[-1, 28, 28], [-1, 784]")
        assert "a drawing with nothing above 1.5 is of 0-1" in pixels["parameters"]["values"]


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


@pytest.mark.parametrize("datatype", TYPES)
@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("full", [1, 255])
def test_every_datatype_is_read_of_0_to_1_and_of_0_to_255_in_json_and_in_bytes(client, datatype, binary, full):
    kind, most = TYPES[datatype]
    picture = ((SEVEN > 100) * min(full, most)).astype(kind)
    same = np.uint8((SEVEN > 100) * 255) if full == 1 or most == 1 else picture.astype(np.uint8)
    expected = client.post("/predict", json={"pixels": same.ravel().tolist()}).json()["probabilities"]
    if binary:
        given = tensor(datatype, parameters={"binary_data_size": picture.nbytes})
        answer = client.post(INFER, **framed({"inputs": [given]}, picture.tobytes()))
        answer = answer.json()
    else:
        answer = ask(client, picture.reshape(1, 784), datatype)
    assert answer["outputs"][0]["data"] == expected


def test_what_is_asked_for_comes_and_without_outputs_everything(client):
    one = ask(client, SEVEN, outputs=[{"name": "hidden2"}])
    assert [tensor["name"] for tensor in one["outputs"]] == ["hidden2"]
    requests: list[dict[str, Any]] = [{"id": "1"}, {"outputs": []}, {"outputs": None, "parameters": None, "id": None}]
    for asked in requests:
        answer = ask(client, SEVEN, **asked)
        assert [tensor["name"] for tensor in answer["outputs"]] == ALL
        assert [tensor["shape"] for tensor in answer["outputs"]] == [[1, 10], [1, 128], [1, 64]]


def test_the_scale_of_a_drawing_is_its_own_whatever_is_beside_it(client):
    """Beside one of 0–255 a drawing of 0–1 was blank."""
    for datatype, faint in (("FP32", SEVEN / 255), ("UINT8", np.uint8(SEVEN > 100))):
        drawings = np.stack([faint, SEVEN, BLANK, faint])
        rows = np.reshape(ask(client, drawings, datatype)["outputs"][0]["data"], (4, 10))
        each = [ask(client, drawing, datatype)["outputs"][0]["data"] for drawing in drawings]
        np.testing.assert_array_equal(rows, each)
        assert list(rows[[0, 1, 3]].argmax(axis=1)) == [7, 7, 7]


def test_dark_on_light_is_read_as_in_predict(client):
    for drawing in (255 - SEVEN, 1 - SEVEN / 255):
        alone = client.post("/predict", json={"pixels": drawing.ravel().tolist()}).json()
        rows = np.reshape(ask(client, np.stack([SEVEN, drawing]), "FP64")["outputs"][0]["data"], (2, 10))
        assert rows[1].tolist() == alone["probabilities"]
        assert list(rows.argmax(axis=1)) == [7, 7]


def test_a_drawing_too_faint_for_either_scale_is_refused_by_its_number(client):
    given = {"name": "pixels", "datatype": "FP32", "shape": [2, 784], "data": [0.5] * 784 + [5] + [0] * 783}
    reply = client.post(INFER, json={"inputs": [given]})
    assert reply.status_code == 400
    assert "pixels (drawing 1) holds nothing above 5 of 255" in reply.json()["error"]


def test_an_answer_has_an_id_even_if_its_request_has_none(client):
    """KServe's type of an answer needs one."""
    assert ask(client, SEVEN, id="mine")["id"] == "mine"
    reply = client.post(INFER, json={"inputs": [tensor("UINT8", data=[0] * 784)]}, headers={"X-Request-ID": "theirs"})
    assert reply.json()["id"] == "theirs"


@pytest.mark.parametrize("where", ["classification", "class_count"])
def test_a_classification_lists_the_largest_values_with_their_places_and_digits(client, where):
    wanted = [{"name": "probabilities", "parameters": {where: 3}}, {"name": "hidden2", "parameters": {where: 1000}}]
    whole = ask(client, BATCH, outputs=[{"name": output["name"]} for output in wanted])["outputs"]
    best, every = ask(client, BATCH, outputs=wanted)["outputs"]
    assert (best["datatype"], best["shape"], every["shape"]) == ("BYTES", [3, 3], [3, 64])
    probabilities = np.reshape(whole[0]["data"], (3, 10))
    first = [text.split(":") for text in best["data"][:3]]
    assert [int(index) for _, index, _ in first] == list(np.argsort(-probabilities[0])[:3])
    assert all(index == digit for _, index, digit in first)
    assert float(first[0][0]) == pytest.approx(probabilities[0].max(), abs=1e-6)
    assert best["data"][3:6] == ["0.100000:0:0", "0.100000:1:1", "0.100000:2:2"]
    hidden = np.float32(whole[1]["data"][:64])
    assert every["data"][0] == f"{hidden.max():f}:{hidden.argmax()}"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_request_is_answered_as_it_is_uncompressed(client, coding):
    plain = orjson.dumps({"inputs": [tensor("UINT8", data=SEVEN.ravel().tolist())], "id": "1"})
    body = gzip.compress(plain) if coding == "gzip" else zlib.compress(plain)
    reply = client.post(INFER, content=body, headers={"content-encoding": coding})
    assert reply.json() == client.post(INFER, content=plain).json()


LIMIT = Settings().max_body_bytes
BOMB = gzip.compress(bytes(200_000_000), 9)


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (BOMB, 413, f"larger than {LIMIT:,} bytes"),
        (b"{}", 400, "The body is not gzip"),
        (gzip.compress(b"{}")[:-1], 400, "ends before its gzip does"),
        (gzip.compress(b"{}") * 2, 400, "goes on after the end"),
        (b"", 400, "ends before"),
    ],
    ids=["a bomb", "no gzip", "half", "two", "nothing"],
)
def test_a_wrong_compression_is_refused_and_none_takes_more_than_a_body_may(client, body, status, sentence):
    tracemalloc.start()
    reply = client.post(INFER, content=body, headers={"content-encoding": "gzip"})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (reply.status_code, sentence in reply.json()["error"]) == (status, True), reply.text
    assert peak < 2 * LIMIT


def test_bytes_alone_are_drawings_and_everything_comes_back_in_bytes(client):
    headers = {"inference-header-content-length": "0"}
    reply = client.post(INFER, content=BATCH.tobytes(), headers=headers)
    result = triton.InferResult.from_response_body(
        reply.content, header_length=int(reply.headers["inference-header-content-length"])
    )
    assert result.as_numpy("probabilities").argmax(axis=1)[0] == 7
    assert result.as_numpy("hidden2").shape == (3, 64)
    assert client.post(INFER, content=bytes(783), headers=headers).status_code == 400


def test_a_batch_is_answered_in_its_order(client):
    answer = ask(client, BATCH)
    rows = np.reshape(answer["outputs"][0]["data"], (3, 10))
    assert rows[0].argmax() == 7
    np.testing.assert_array_equal(rows[1], 0.1)
    np.testing.assert_array_equal(rows[0], ask(client, SEVEN)["outputs"][0]["data"])


def test_data_may_be_flat_or_nested(client):
    given = {"name": "pixels", "datatype": "UINT8", "shape": [3, 28, 28], "data": BATCH.ravel().tolist()}
    flat = client.post(INFER, json={"inputs": [given], "id": "1"}).json()
    assert flat == ask(client, BATCH, id="1")


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


def test_what_stock_clients_ask_beside_inference_is_answered(live_server):
    picture = triton.InferInput("pixels", (1, 28, 28), "UINT8")
    picture.set_data_from_numpy(SEVEN[None])
    best = triton.InferRequestedOutput("probabilities", class_count=2)
    with triton.InferenceServerClient(live_server.removeprefix("http://")) as published:
        config = published.get_model_config("digits")
        assert config["max_batch_size"] == 256
        assert config["input"] == [{"name": "pixels", "data_type": "TYPE_UINT8", "dims": [28, 28]}]
        assert config["output"][0] == {"name": "probabilities", "data_type": "TYPE_FP64", "dims": [10]}
        index = published.get_model_repository_index()
        assert [row["version"] for row in index] == published.get_model_metadata("digits")["versions"]
        assert {(row["name"], row["state"]) for row in index} == {("digits", "READY")}
        for compression in ("gzip", "deflate", None):
            result = published.infer("digits", [picture], outputs=[best], request_compression_algorithm=compression)
            assert result.as_numpy("probabilities")[0][0].decode().endswith(":7:7")
        for about in (published.get_inference_statistics(), published.get_inference_statistics("digits")):
            assert [row["version"] for row in about["model_stats"]] == [row["version"] for row in index]
        (about,) = published.get_inference_statistics("digits", index[0]["version"])["model_stats"]
    assert about["inference_stats"]["success"]["count"] >= 3


def test_statistics_count_drawings_requests_and_refusals(recognizer):
    version = recognizer.network.fingerprint
    with serving() as client:
        ask(client, BATCH)
        ask(client, SEVEN)
        ask(client, BATCH)
        client.post(INFER, json={})
        (about, *_) = client.get("/v2/models/stats").json()["model_stats"]
        (named,) = client.get(f"/v2/models/digits/versions/{version}/stats").json()["model_stats"]
        assert client.get("/v2/models/digits/stats").json()["model_stats"][0] == about == named
    assert (about["version"], about["inference_count"], about["execution_count"]) == (version, 7, 3)
    counts = {name: duration["count"] for name, duration in about["inference_stats"].items()}
    steps = ("success", "queue", "compute_input", "compute_infer", "compute_output")
    assert counts == {"fail": 1, "cache_hit": 0, "cache_miss": 0, **dict.fromkeys(steps, 3)}
    assert [(batch["batch_size"], batch["compute_infer"]["count"]) for batch in about["batch_stats"]] == [
        (1, 1),
        (3, 2),
    ]
    took = about["inference_stats"]
    assert took["success"]["ns"] == sum(took[name]["ns"] for name in steps[1:]) > 0


def tensor(datatype, **more):
    return {"name": "pixels", "shape": [1, 784], "datatype": datatype, **more}


def framed(content, binary):
    """A request's JSON, and bytes behind it."""
    head = orjson.dumps(content)
    return {"content": head + binary, "headers": {"inference-header-content-length": str(len(head))}}


def wrong(shape=(1, 784), datatype="UINT8", data=None, **more):
    return {"inputs": [tensor(datatype, data=data or [0] * 784, **{"shape": list(shape), **more})]}


DEEP = "DEEP"  # stands for lists in lists, 900 of them
BINARY = {"parameters": {"binary_data_size": 784}}
REFUSED = {
    "no inputs": {},
    "a list": [],
    "two inputs": {"inputs": wrong()["inputs"] * 2},
    "inputs of another kind": {"inputs": ["pixels"]},
    "another datatype": wrong(datatype="BYTES"),
    "another input": wrong(name="x"),
    "no input's name": {"inputs": [{"shape": [1, 784], "datatype": "UINT8", "data": [0] * 784}]},
    "an id that is no text": {**wrong(), "id": 7},
    "parameters that are no object": {**wrong(), "parameters": [1]},
    "an output twice": {**wrong(), "outputs": [{"name": "hidden1"}] * 2},
    "a negative count of classes": {**wrong(), "outputs": [{"name": "hidden1", "parameters": {"classification": -1}}]},
    "a count of classes in words": {**wrong(), "parameters": {"class_count": "all"}},
    "shared memory to read": wrong(parameters={"shared_memory_region": "a"}),
    "shared memory to write": {
        **wrong(),
        "outputs": [{"name": "hidden1", "parameters": {"shared_memory_region": "a"}}],
    },
    "2 in BOOL": wrong(datatype="BOOL", data=[2] + [0] * 783),
    "128 in INT8": wrong(datatype="INT8", data=[128] + [0] * 783),
    "a fraction in INT64": wrong(datatype="INT64", data=[0.5] + [0] * 783),
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
    "no data": {"inputs": [{"name": "pixels", "shape": [1, 784], "datatype": "UINT8"}]},
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


HUGE = b'{"inputs":[{"name":"pixels","shape":[256,784],"datatype":"FP32","data":[%s]}]}'


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
        ("POST", INFER, {"content": bytes(LIMIT + 1)}, 413),
        ("POST", INFER, {"content": b"{}", "headers": {"content-encoding": "br"}}, 415),
        ("POST", INFER, {"content": b"{}", "headers": {"content-encoding": "gzip, gzip"}}, 415),
        ("GET", "/v2/models/letters/config", {}, 404),
        ("GET", "/v2/models/letters/stats", {}, 404),
        ("GET", "/v2/models/digits/versions/2/stats", {}, 404),
        ("GET", "/v2/repository/index", {}, 405),
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
    head = orjson.dumps({"inputs": [{"name": "pixels", "shape": [1, 784], "datatype": "FP32", **BINARY}]})
    headers = {"inference-header-content-length": str(len(head))}
    reply = client.post(INFER, content=head + bytes(784), headers=headers)
    assert reply.status_code == 400
    assert reply.json()["error"] == "784 values of FP32 have 3136 bytes; 784 came behind the JSON."
    reply = client.post(INFER, content=head + bytes(3136), headers=headers)
    assert reply.json()["error"] == "binary_data_size is 784; 784 values of FP32 have 3136."
    reply = client.post(INFER, **framed(wrong(), bytes(784)))
    assert reply.json()["error"] == "784 bytes came behind the JSON, and the tensor has no binary_data_size."
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
    assert len(places) == 10
    assert all("query" not in where for where in places.values())
    assert client.get("/v2/models/digits?version=2").status_code == 200
    assert client.get("/v2/models/digits/versions/2").status_code == 404
