"""The command that recognises image files: its output and its errors."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.predict import main
from model.preprocess import preprocess
from tests.app.conftest import serving
from tests.conftest import ROOT


@pytest.fixture
def seven(tmp_path):
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line(((80, 60), (200, 60), (120, 230)), fill=0, width=20, joint="curve")
    path = tmp_path / "seven.png"
    image.save(path)
    return path


def test_a_picture_is_answered_in_words_and_bars(seven, capsys):
    assert main([str(seven)]) == 0
    first, *bars = capsys.readouterr().out.splitlines()
    assert first == f"{seven}: 7"
    assert [line.split()[0] for line in bars] == [str(digit) for digit in range(10)]
    assert bars[7].count("█") >= 39
    assert "█" not in bars[3]


def test_json_is_a_line_a_file_with_the_numbers_of_the_network(seven, tmp_path, capsys, recognizer):
    blank = tmp_path / "blank.webp"
    Image.new("RGB", (50, 50), "navy").save(blank)
    assert main(["--json", str(seven), str(blank)]) == 0
    one, two = map(json.loads, capsys.readouterr().out.splitlines())
    prediction = recognizer.read(preprocess(Image.open(seven)).reshape(1, 784))
    assert (one["digit"], one["verdict"], one["model"]) == (7, "digit", recognizer.network.name)
    assert one["probabilities"] == prediction.probabilities[0].tolist()
    assert one["confidence"] == max(one["probabilities"])
    assert (two["digit"], two["verdict"]) == (None, "blank")


def test_a_phones_photo_is_read_as_the_api_reads_it(seven, tmp_path, capsys):
    large = tmp_path / "large.jpg"
    with Image.open(seven) as image:
        image.resize((4000, 4000)).save(large, quality=90)
    with serving() as client:
        reply = client.post("/predict", content=large.read_bytes(), headers={"content-type": "image/jpeg"})
    assert main(["--json", str(large)]) == 0
    printed, answer = json.loads(capsys.readouterr().out), reply.json()
    assert printed["digit"] == answer["digit"] == 7
    np.testing.assert_allclose(printed["probabilities"], answer["probabilities"], rtol=1e-5)


def test_a_photo_is_turned_upright(seven, tmp_path, capsys):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(seven).rotate(90, expand=True).save(tmp_path / "photo.jpg", exif=exif)
    assert main(["--json", str(tmp_path / "photo.jpg")]) == 0
    assert json.loads(capsys.readouterr().out)["digit"] == 7


@pytest.fixture
def numbers(tmp_path):
    """A four above two sevens."""
    image = Image.new("L", (280, 300), 255)
    pen = ImageDraw.Draw(image)
    pen.line(((50, 20), (30, 80), (90, 80)), fill=0, width=10, joint="curve")
    pen.line(((75, 40), (75, 130)), fill=0, width=10)
    for x in (30, 150):
        pen.line(((x, 170), (x + 60, 170), (x + 30, 280)), fill=0, width=10, joint="curve")
    path = tmp_path / "numbers.png"
    image.save(path)
    return path


def test_numbers_are_read_digit_by_digit(numbers, capsys):
    assert main(["--read", str(numbers)]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == f"{numbers}: 4 / 77"
    assert [re.sub(r"[\d.]+%", "%", line) for line in lines] == ["  4 (%): 4 %", "  77 (%): 7 %, 7 %"]


def test_the_json_of_numbers_is_that_of_the_api(numbers, capsys):
    with serving() as client:
        answer = client.post("/read", content=numbers.read_bytes(), headers={"content-type": "image/png"}).json()
    assert main(["--read", "--json", str(numbers)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed.pop("file") == str(numbers)
    assert printed["text"] == "4\n77"
    assert [*printed, *printed["lines"][1], *printed["lines"][1]["digits"][1]] == [
        *answer,
        *answer["lines"][1],
        *answer["lines"][1]["digits"][1],
    ]


def test_of_a_blank_sheet_nothing_is_read(tmp_path, capsys):
    Image.new("L", (50, 50)).save(tmp_path / "blank.png")
    assert main(["--read", str(tmp_path / "blank.png")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'blank.png'}: nothing written\n"


def test_several_digits_are_counted(numbers, capsys):
    assert main([str(numbers)]) == 0
    assert capsys.readouterr().out.startswith(f"{numbers}: 3 digits: --read reads them all")


def test_what_cannot_be_read_is_named_and_the_rest_is_answered(seven, tmp_path, capsys):
    text = tmp_path / "notes.txt"
    text.write_text("seven")
    assert main([str(text), str(tmp_path / "none.png"), str(seven)]) == 1
    output = capsys.readouterr()
    assert output.out.startswith(f"{seven}: 7")
    assert [line.partition(": ")[0] for line in output.err.splitlines()] == [str(text), str(tmp_path / "none.png")]


@pytest.mark.parametrize("form", ["gif", "bmp", "avif"])
def test_formats_that_the_server_refuses_are_refused(seven, tmp_path, capsys, form):
    path = tmp_path / f"seven.{form}"
    Image.open(seven).save(path)
    assert main([str(path)]) == 1
    assert capsys.readouterr().err == f"{path}: this is not a PNG, JPEG or WebP image\n"


def test_weights_that_are_not_there_are_named(seven, tmp_path, capsys):
    assert main([str(seven), "--weights", str(tmp_path / "none.npz")]) == 1
    assert "none.npz: there is no such weights file" in capsys.readouterr().err


def test_it_runs_as_a_module_without_a_warning(seven):
    command = [sys.executable, "-W", "error", "-m", "model.predict", str(seven)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0].endswith(": 7")
    assert not done.stderr
