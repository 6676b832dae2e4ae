"""Arrays come back as they were, and a damaged file raises none but the expected errors."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import storage
from model.storage import READ_ERRORS, load_companion, pack, require_writable, unpack, write_json

ARRAYS: dict[str, Any] = {"model": "digits", "steps": np.arange(5), "thetas": np.ones((2, 3), np.float16)}


@pytest.mark.parametrize("small", [True, False])
def test_arrays_come_back_by_name_with_their_types(small):
    found = unpack(pack(ARRAYS, compress=small))
    assert str(found.pop("model")) == "digits"
    for name, array in found.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_numbers_of_a_list_stand_on_one_line_and_nothing_else_changes(tmp_path):
    content = {"rows": [[1.5, -2e-7, None], []], "texts": ["[\n 1,\n  2]", "é"], "of": {"a": [True]}}
    write_json(tmp_path / "file.json", content)
    text = (tmp_path / "file.json").read_text(encoding="utf-8")
    assert json.loads(text) == content
    assert "[1.5, -2e-07, null]" in text


def test_two_commands_may_check_one_folder_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "write_atomic", lambda *_: None)  # the other one has just removed the file
    require_writable(tmp_path, "")
    assert not list(tmp_path.iterdir())


def test_pickled_objects_are_not_read():
    with pytest.raises(READ_ERRORS):
        unpack(pack({"object": np.array([None])}))


def test_a_file_with_flipped_bits_is_read_or_raises_an_expected_error():
    content = pack({"steps": np.arange(5)})
    refused = set()
    for place in range(len(content)):
        for bits in (0x01, 0xFF):
            torn = bytearray(content)
            torn[place] ^= bits
            try:
                unpack(bytes(torn))
            except READ_ERRORS as error:
                refused.add(type(error).__name__)
    assert {"BadZipFile", "NotImplementedError", "RuntimeError"} <= refused


def companion(path, model="digits", *, valid=True):
    return load_companion(path, model, dict, lambda _: valid)


def test_a_companion_is_loaded_for_its_own_network_if_it_is_valid(tmp_path):
    path = tmp_path / "companion.npz"
    path.write_bytes(pack(ARRAYS))
    found = companion(path)
    assert found is not None
    assert (found["model"], found["steps"].tolist()) == ("digits", [0, 1, 2, 3, 4])
    assert companion(path, "another") is None
    assert companion(path, valid=False) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no file at all", pack({"steps": np.arange(5)})])
def test_a_missing_or_broken_companion_is_none(tmp_path, content):
    path = tmp_path / "companion.npz"
    assert companion(path) is None
    path.write_bytes(content)
    assert companion(path) is None


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (storage.wide_path(Path("weights/digits.npz")), "digits-wide.npz"),
        (storage.report_path(Path("weights/digits.npz")), "report.json"),
        (storage.report_path(Path("weights/digits-wide.npz")), "report-wide.json"),
        (storage.chart_path(Path("weights/digits.npz"), "curves"), "curves.png"),
        (storage.chart_path(Path("weights/a-wide.npz"), "curves"), "curves-wide.png"),
        (storage.gallery_path(Path("weights/digits.npz")), "digits.gallery.npz"),
        (storage.mistakes_path(Path("weights/digits.npz")), "digits.mistakes.npz"),
        (storage.checkpoints_path(Path("weights/digits.npz")), "checkpoints.npz"),
    ],
)
def test_companions_lie_beside_the_weights(found, name):
    assert found == Path("weights") / name
