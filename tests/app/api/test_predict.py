"""POST /predict: every form of the same picture gives the same numbers; everything wrong gets its 4xx."""

import base64
import io
import threading
import zlib
from urllib.parse import quote

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from app.input.decode import decode
from model.network import Network
from model.preprocess import preprocess
from tests.app.conftest import encoded, seven
from tests.model.reading.writing import write

PNG = encoded(seven())
FORMS = {
    "raw": {"content": PNG, "headers": {"content-type": "image/png"}},
    "raw with parameters": {"content": PNG, "headers": {"content-type": "Image/PNG; charset=binary"}},
    "multipart": {"files": {"image": ("seven.png", PNG, "image/png")}},
    "base64": {"json": {"image": base64.b64encode(PNG).decode()}},
    "data URL": {"json": {"image": "data:image/png;base64," + base64.b64encode(PNG).decode()}},
    "pixels": {"json": {"pixels": preprocess(seven()).ravel().tolist()}},
}


def raw(content, kind="image/png"):
    return {"content": content, "headers": {"content-type": kind}}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_seven_gives_the_same_numbers(client, form):
    reply = client.post("/predict", **FORMS[form])
    assert reply.status_code == 200
    answer, expected = reply.json(), client.post("/predict", **FORMS["raw"]).json()
    assert answer["digit"] == 7
    assert (answer.pop("placement") is None) == (form == "pixels")
    expected.pop("placement")
    assert answer == expected


def test_the_answer_has_what_the_contract_says(client, recognizer):
    answer = client.post("/predict", **FORMS["raw"]).json()
    keys = ["digit", "confidence", "probabilities", "verdict", "novelty", "placement", "model", "activations", "input"]
    assert list(answer) == keys
    assert answer["confidence"] == max(answer["probabilities"]) == answer["probabilities"][7]
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-9)
    assert answer["verdict"] == "digit"
    assert 0 <= answer["novelty"] <= 0.5
    assert [(part["layer"], len(part["values"])) for part in answer["activations"]] == [
        ("hidden1", 128),
        ("hidden2", 64),
    ]
    assert answer["input"] == preprocess(seven()).ravel().tolist()
    assert answer["model"] == recognizer.network.name


def test_the_activations_are_the_networks_own(client, recognizer):
    answer = client.post("/predict", **FORMS["raw"]).json()
    x = np.array(answer["input"], dtype=np.float32)[None] / np.float32(255)
    for part, expected in zip(answer["activations"], recognizer.network.forward(x)[1:-1], strict=True):
        np.testing.assert_allclose(part["values"], expected[0], rtol=1e-5, atol=1e-5)


def framed(side=280):
    image = seven().resize((side, side))
    ImageDraw.Draw(image).rectangle((8, 8, side - 9, side - 9), outline=0, width=4)
    return image


def batch_of(*images):
    return {"images": [base64.b64encode(encoded(image)).decode() for image in images]}


@pytest.mark.parametrize("count", [1, 3, 20])
def test_network_and_detector_are_asked_once_about_all_clear_drawings(client, monkeypatch, count):
    forward, asked = Network.forward, []

    def counted(network, x, *of):
        asked.append((network.sizes[-1], len(x)))
        return forward(network, x, *of)

    monkeypatch.setattr(Network, "forward", counted)
    assert client.post("/predict", json=batch_of(*[seven()] * count)).status_code == 200
    assert asked == [(10, count), (2, count)]


def test_in_a_batch_each_drawing_is_answered_as_alone_whatever_stands_beside_it(client):
    images = [seven(), framed(), Image.new("L", (90, 90), 255), ImageOps.invert(seven()), framed(1200)]
    answers = client.post("/predict", json=batch_of(*images)).json()["predictions"]
    assert answers == [client.post("/predict", **raw(encoded(image))).json() for image in images]
    assert [answer["digit"] for answer in answers] == [7, 7, None, 7, 7]


def test_activations_can_be_left_out(client):
    answer = client.post("/predict?activations=false", **FORMS["raw"]).json()
    assert "activations" not in answer
    assert "input" not in answer
    assert answer["digit"] == 7


def test_a_batch_is_answered_in_its_order(client):
    one = Image.new("L", (100, 100), 255)
    ImageDraw.Draw(one).line(((50, 15), (50, 85)), fill=0, width=9)
    images = [base64.b64encode(encoded(image)).decode() for image in (seven(), one, Image.new("L", (9, 9)))]
    answers = client.post("/predict?activations=false", json={"images": images}).json()["predictions"]
    assert [answer["digit"] for answer in answers] == [7, 1, None]
    alone = client.post("/predict?activations=false", json={"image": images[0]}).json()
    assert answers[0] == alone


def wrapped(text):
    return [text[i : i + 76] for i in range(0, len(text), 76)]


@pytest.mark.parametrize(
    "write",
    [
        lambda text: "\n".join(wrapped(text)) + "\n",
        lambda text: text.rstrip("="),
        lambda text: text.replace("+", "-").replace("/", "_"),
        lambda text: f"DATA:image/png;BASE64,{text}",
        lambda text: f"data:image/png;charset=x;base64,{text}",
        lambda text: f" \n data:image/png;base64, {text} ",
        lambda text: f"data: image/png; base64,{text}",
        lambda text: text.replace("+", " "),
        lambda text: f"data:image/png;base64,{text}".replace("+", " "),
        lambda text: "\n".join(wrapped(text)).replace("+", " "),
        lambda text: "\n    ".join(wrapped(text)),
        lambda text: " ".join(wrapped(text)),
        quote,
        lambda text: quote(f"data:image/png;base64,{text}", safe=""),
        lambda text: text.replace("+", "%2b"),
    ],
    ids=[
        "wrapped",
        "unpadded",
        "url-safe",
        "shouted",
        "with a parameter",
        "white space around a data URL",
        "white space in its head",
        "pluses become spaces",
        "pluses become spaces in a data URL",
        "pluses become spaces, wrapped",
        "indented",
        "wrapped by spaces",
        "percent-encoded",
        "a percent-encoded data URL",
        "percent-encoded in small letters",
    ],
)
def test_base64_is_read_as_its_tools_write_it(client, write):
    reply = client.post("/predict", json={"image": write(base64.b64encode(PNG).decode())})
    assert reply.content == client.post("/predict", **FORMS["raw"]).content


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_every_format_is_read(client, form):
    assert client.post("/predict", **raw(encoded(seven(), form), f"image/{form.lower()}")).json()["digit"] == 7


JPEG = encoded(seven(), "JPEG")
JPG_URL = "data:image/jpg;base64," + base64.b64encode(JPEG).decode()


@pytest.mark.parametrize(
    "form",
    [raw(JPEG, "image/jpg"), {"files": {"image": ("seven.jpg", JPEG, "image/jpg")}}, {"json": {"image": JPG_URL}}],
    ids=["raw", "form", "data URL"],
)
def test_image_jpg_is_jpeg(client, form):
    assert client.post("/predict", **form).content == client.post("/predict", **raw(JPEG, "image/jpeg")).content


@pytest.mark.parametrize("form", ["GIF", "BMP", "AVIF"])
def test_other_formats_are_refused_in_every_form_alike(client, form):
    content = encoded(seven(), form)
    replies = [
        client.post("/predict", **request)
        for request in (
            raw(content),
            {"files": {"image": content}},
            {"json": {"image": base64.b64encode(content).decode()}},
        )
    ]
    assert {reply.status_code for reply in replies} == {400}
    assert {reply.json()["detail"] for reply in replies} == {
        "This is not a PNG, JPEG or WebP image: send one of these."
    }


PIXELS = preprocess(seven()).ravel().astype(float)


def drawn(client, pixels):
    reply = client.post("/predict", json={"pixels": list(pixels)})
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize(
    "pixels",
    [PIXELS / 255, np.minimum(PIXELS / 255 * 1.02, 1.02), PIXELS.round()],
    ids=["0–1", "0–1, overshot", "0–255"],
)
def test_pixels_of_0_to_1_and_of_0_to_255_are_one_drawing(client, pixels):
    np.testing.assert_allclose(drawn(client, pixels)["input"], PIXELS, atol=6)
    assert drawn(client, pixels)["digit"] == 7


def test_a_mask_of_zeros_and_ones_is_of_0_to_1(client):
    mask = (PIXELS > 127).astype(int)
    assert drawn(client, mask.tolist())["input"] == (255 * mask).tolist()


NOISE = np.random.default_rng(0).normal(0, 4, 784).round()


@pytest.mark.parametrize(
    "pixels",
    [
        255 - PIXELS,
        1 - PIXELS / 255,
        (230 - 0.8 * PIXELS + NOISE).clip(0, 255),
        (60 + 0.7 * PIXELS + NOISE).clip(0, 255),
    ],
    ids=["black on white", "black on white, 0–1", "grey on paper", "white on grey"],
)
def test_pixels_on_another_ground_are_read_as_an_image_of_them_is(client, pixels):
    answer = drawn(client, pixels)
    assert answer["digit"] == 7
    assert answer["verdict"] == "digit"
    levels = np.rint(pixels * (255 if pixels.max() <= 1 else 1)).astype(np.uint8).reshape(28, 28)
    assert answer == client.post("/predict", **raw(encoded(Image.fromarray(levels)))).json()


@pytest.mark.parametrize("level", [0, 1, 1.0, 128, 255])
def test_pixels_of_one_level_are_blank(client, level):
    assert drawn(client, [level] * 784)["verdict"] == "blank"


def test_faint_pixels_stay_as_faint_as_they_are(client):
    faint = np.rint(PIXELS * 0.3)
    assert drawn(client, faint)["input"] == faint.tolist()
    assert drawn(client, faint)["digit"] == 7


def test_pixels_that_nobody_could_see_are_refused_in_a_sentence(client):
    for pixels in ([0] * 783 + [8], [3] * 784, [0] * 783 + [0.02]):
        reply = client.post("/predict", json={"pixels": pixels})
        assert reply.status_code == 422
        assert "ink high, 0–255" in reply.json()["detail"]


@pytest.mark.parametrize(
    "change",
    [
        ImageOps.invert,
        lambda i: i.convert("1"),
        lambda i: i.convert("P"),
        lambda i: i.convert("LA"),
        lambda i: i.rotate(0),
    ],
)
def test_any_ground_and_any_mode_is_a_seven(client, change):
    assert client.post("/predict", **raw(encoded(change(seven())))).json()["digit"] == 7


def test_a_photo_is_turned_upright_as_its_exif_says(client):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: shown a quarter turn clockwise
    content = io.BytesIO()
    seven().rotate(90, expand=True).save(content, "JPEG", exif=exif)
    assert client.post("/predict", **raw(content.getvalue(), "image/jpeg")).json()["digit"] == 7


def test_a_large_picture_is_read_off_the_event_loop_with_the_same_answer(client):
    large = seven().resize((1400, 1400), Image.Resampling.NEAREST)
    small, big = (client.post("/predict", **raw(encoded(image))).json() for image in (seven(), large))
    np.testing.assert_allclose(big["input"], small["input"], atol=12)


@pytest.mark.parametrize("ground", [0, 255])
def test_a_blank_sheet_is_blank(client, ground):
    answer = client.post("/predict", **raw(encoded(Image.new("L", (50, 50), ground)))).json()
    assert answer["digit"] is None
    assert answer["verdict"] == "blank"
    assert answer["probabilities"] == [0.1] * 10
    assert answer["input"] == [0] * 784


def png(width, height, *more, kind=(8, 3)):
    """A PNG of a bit depth and colour type, with these chunks (name, content) after its head."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([*kind, 0, 0, 0])
    chunks = ((b"IHDR", head), *more, (b"IEND", b""))
    written = (name + content + zlib.crc32(name + content).to_bytes(4, "big") for name, content in chunks)
    lengths = (len(content).to_bytes(4, "big") for _, content in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(bytes.__add__, lengths, written))


def bomb(width, height):
    """A PNG of one colour: few bytes, many pixels."""
    rows = zlib.compress(bytes(min((width // 8 + 2) * height, 5_000_000)))
    return png(width, height, (b"IDAT", rows), kind=(1, 0))


def palette_png(transparencies):
    """A PNG whose palette has so many transparent colours; the last pixel uses the last of 256."""
    rows = zlib.compress(b"".join(b"\0" + bytes(range(16 * y, 16 * y + 16)) for y in range(16)))
    return png(16, 16, (b"PLTE", bytes(768)), (b"tRNS", bytes(transparencies)), (b"IDAT", rows))


def large_base64():
    return base64.b64encode(encoded(Image.new("L", (1990, 1990)))).decode()


BASE64 = base64.b64encode(PNG).decode()
WRONG = {
    "nothing at all": ({}, 415),
    "an empty body": (raw(b""), 400),
    "text that calls itself a PNG": (raw(b"hello"), 400),
    "text": (raw(b"hello", "text/plain"), 415),
    "curl without a type": (raw(PNG, "application/x-www-form-urlencoded"), 415),
    "a GIF": (raw(encoded(seven(), "GIF")), 400),
    "a truncated PNG": (raw(PNG[: len(PNG) // 2]), 400),
    "a PNG without its last byte of pixels": (raw(PNG[:-30]), 400),
    "a header only": (raw(PNG[:33]), 400),
    "a truncated JPEG": (raw(encoded(seven(), "JPEG")[:700], "image/jpeg"), 400),
    "a truncated WebP": (raw(encoded(seven(), "WEBP")[:-40], "image/webp"), 400),
    "20000 by 20000 pixels": (raw(bomb(20000, 20000)), 413),
    "a side of two thousand million": (raw(bomb(2**31 - 1, 2**31 - 1)), 413),
    "9 MB of zeros": (raw(bytes(9_000_000)), 413),
    "a length of 5000 digits": (
        {"content": PNG, "headers": {"content-type": "image/png", "content-length": "9" * 5000}},
        413,
    ),
    "no JSON": (raw(b"{", "application/json"), 400),
    "JSON that is no text": (raw(b'"\xff"', "application/json"), 400),
    "a JSON list": (raw(b"[]", "application/json"), 422),
    "a JSON null": (raw(b"null", "application/json"), 422),
    "another key": ({"json": {"picture": BASE64}}, 422),
    "two keys": ({"json": {"image": BASE64, "pixels": [0] * 784}}, 422),
    "an image that is a number": ({"json": {"image": 7}}, 422),
    "a palette with more transparencies than colours": (raw(palette_png(300)), 400),
    "a form with a charset that is none": (raw(PNG, "multipart/form-data; boundary=x; charset=punycode"), 400),
    "a compressed body": ({"content": PNG, "headers": {"content-type": "image/png", "content-encoding": "br"}}, 415),
    "a batch of too many pixels": ({"json": {"images": [large_base64()] * 7}}, 413),
    "no base64": ({"json": {"image": "*not base64*"}}, 400),
    "base64 of text": ({"json": {"image": base64.b64encode(b"hello").decode()}}, 400),
    "an empty image": ({"json": {"image": ""}}, 400),
    "a data URL of text": ({"json": {"image": "data:text/plain;base64,aGk="}}, 415),
    "a data URL without base64": ({"json": {"image": "data:image/png,abc"}}, 422),
    "783 pixels": ({"json": {"pixels": [0] * 783}}, 422),
    "a pixel of 256": ({"json": {"pixels": [256] + [0] * 783}}, 422),
    "a pixel that is true": ({"json": {"pixels": [True] + [0] * 783}}, 422),
    "pixels in rows": ({"json": {"pixels": [[0] * 28] * 28}}, 422),
    "an empty batch": ({"json": {"images": []}}, 422),
    "a batch of 257": ({"json": {"images": [""] * 257}}, 422),
    "a batch with a number": ({"json": {"images": [BASE64, 1]}}, 422),
    "a batch with a wrong picture": ({"json": {"images": [BASE64, "aGk="]}}, 400),
    "a form without the field": ({"files": {"picture": PNG}}, 422),
    "a form whose field is text": ({"files": {"other": b""}, "data": {"image": "seven"}}, 422),
    "a form with two files": ({"files": [("image", PNG), ("image", PNG)]}, 400),
    "a form without a boundary": (raw(PNG, "multipart/form-data"), 400),
    "a form that is none": (raw(PNG, "multipart/form-data; boundary=x"), 400),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_gets_its_4xx_and_the_next_request_is_answered(client, case):
    request, status = WRONG[case]
    reply = client.post("/predict", **request)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert len(problem["detail"]) > 10
    assert "Traceback" not in reply.text
    assert client.post("/predict", **FORMS["raw"]).json()["digit"] == 7


def test_the_wrong_one_of_a_batch_is_named(client):
    detail = client.post("/predict", json={"images": [BASE64, "aGk="]}).json()["detail"]
    assert detail.startswith("images[1]: ")


def test_a_body_sent_in_chunks_is_counted_as_it_comes(client):
    sent = []

    def endless():
        for _ in range(1000):
            sent.append(1)
            yield bytes(100_000)

    reply = client.post("/predict", content=endless(), headers={"content-type": "image/png"})
    assert reply.status_code == 413


def test_a_wrong_query_is_named(client):
    reply = client.post("/predict?activations=perhaps", **FORMS["raw"])
    assert reply.status_code == 422
    assert "activations" in reply.json()["detail"]


many = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KINDS = [
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/json",
    "multipart/form-data; boundary=b",
    "",
    "text/html",
]


@many
@given(st.binary(max_size=300), st.sampled_from(KINDS))
def test_no_bytes_make_the_server_fail(client, body, kind):
    assert 400 <= client.post("/predict", content=body, headers={"content-type": kind}).status_code < 500


@many
@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.data())
def test_no_damage_to_a_picture_makes_the_server_fail(client, form, data):
    content = bytearray(encoded(seven(), form))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) // 2, len(content))) :]
    assert client.post("/predict", **raw(bytes(content))).status_code in {200, 400, 413}


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["image", "images", "pixels"]), inner),
    max_leaves=8,
)


@many
@given(json_values)
def test_no_json_makes_the_server_fail(client, value):
    reply = client.post("/predict", content=orjson.dumps(value), headers={"content-type": "application/json"})
    assert reply.status_code in {400, 415, 422}


def test_json_of_too_many_keys_is_refused_before_it_is_parsed(client):
    document = {str(i): 0 for i in range(20_000)}
    reply = client.post("/predict", json=document)
    assert reply.status_code == 413
    assert "keys" in reply.json()["detail"]


def test_several_digits_are_called_several_in_words(client):
    image = Image.new("L", (280, 280), 255)
    for x in (20, 160):
        ImageDraw.Draw(image).line(((x, 60), (x + 90, 60), (x + 40, 230)), fill=0, width=16, joint="curve")
    answers = [client.post(path, **raw(encoded(image))).json() for path in ("/predict", "/explain")]
    for answer in answers:
        assert (answer["verdict"], answer["placement"]["digits"]) == ("several", 2)
        assert answer["hint"] == "2 digits are written here: POST /read reads them all"
    assert "hint" not in client.post("/predict", **FORMS["raw"]).json()


@pytest.mark.parametrize("network", ["small", "wide"])
@pytest.mark.parametrize("text", ["41", "93"])
def test_two_digits_that_look_like_one_together_are_several(client, text, network):
    image = write([text], (160, 140), gap=0.2 if text == "41" else -0.05)
    answer = client.post(f"/predict?network={network}", **raw(encoded(image))).json()
    assert (answer["verdict"], answer["placement"]["digits"]) == ("several", 2)


TINY = base64.b64encode(encoded(Image.new("L", (9, 9)))).decode()


@pytest.mark.parametrize(
    ("request_", "elsewhere"),
    [
        (raw(encoded(seven())), False),
        (raw(encoded(ImageOps.expand(seven(), 8, fill=200))), True),
        ({"json": {"images": [TINY] * 16}}, False),
        ({"json": {"images": [TINY] * 17}}, True),
    ],
    ids=["plain", "on a sheet", "some small ones", "many small ones"],
)
def test_only_what_takes_long_to_read_leaves_the_event_loop(client, monkeypatch, request_, elsewhere):
    admission, ran = client.app.state.admission, []

    async def run(work, *of, client=""):
        ran.append(work.__name__)
        return work(*of)

    monkeypatch.setattr(admission, "run", run)
    assert client.post("/predict", **request_).status_code == 200
    assert ("see" in ran) == elsewhere


def counted_decoding(client, monkeypatch, content):
    """In which threads pictures were decoded: on the event loop, and elsewhere."""
    threads, where = [], []
    run = client.app.state.admission.run

    def counted(file):
        where.append(threading.current_thread())
        return decode(file)

    monkeypatch.setattr("app.input.bodies.decode", counted)

    async def noted(work, *of, **client):
        threads.append(threading.current_thread())
        return await run(work, *of, **client)

    monkeypatch.setattr(client.app.state.admission, "run", noted)
    assert client.post("/predict", **content).status_code == 200
    return where.count(threads[0]), len(where) - where.count(threads[0])


def noisy(size):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (size, size), dtype=np.uint8))


def test_a_large_picture_is_decoded_once(client, monkeypatch):
    assert counted_decoding(client, monkeypatch, raw(encoded(noisy(400)))) == (0, 1)


def test_the_event_loop_looks_at_no_more_pictures_once_it_cannot_answer(client, monkeypatch):
    here, _ = counted_decoding(client, monkeypatch, {"json": batch_of(*[noisy(40)] * 5)})
    assert here == 1
