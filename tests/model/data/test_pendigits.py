"""The pen digits' file format, their split by writers, and the faults of their files."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from model.data import pendigits
from model.data.files import DataError
from model.data.pendigits import load_pens, parse_unipen
from model.storage import sha256
from tests.conftest import data_folder
from tests.model.conftest import pen_file

TEXT = """.INCLUDE        dene.doc

.LEXICON "0" "1"
.HIERARCHY      DIGIT

.SEGMENT DIGIT    0 ? "8"
.COMMENT 8  6  138
.PEN_DOWN
 273  323
 272  -327
.PEN_UP
.DT 100
.PEN_DOWN
 10  20
.PEN_UP
.SEGMENT DIGIT    1 ? "1"
.COMMENT 1  3  9
.PEN_DOWN
 1 2
 3 4
.PEN_UP
"""


def test_digits_writers_and_strokes_are_read_with_y_turned_down():
    eight, one = parse_unipen(TEXT)
    assert (eight.digit, eight.writer, len(eight.strokes)) == (8, 6, 2)
    np.testing.assert_array_equal(eight.strokes[0], [[273, -323], [272, 327]])
    assert (one.digit, one.writer) == (1, 3)


def test_the_real_files_hold_what_is_said_of_them(mnist):
    folder = data_folder()
    assert folder is not None
    pens = load_pens(folder, download=False)
    assert len(pens.train) + len(pens.validation) == 7494
    assert len(pens.test) == 3498
    assert {digit.writer for digit in pens.validation} == pendigits.VALIDATION_WRITERS
    assert not {digit.writer for digit in pens.train} & pendigits.VALIDATION_WRITERS
    assert {digit.digit for digit in pens.test} == set(range(10))


def test_a_folder_without_them_names_the_file_and_the_way_without(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"pendigits-orig\.tra\.gz"):
        load_pens(tmp_path, download=False)
    monkeypatch.setattr(pendigits, "download", lambda _: (_ for _ in ()).throw(DataError("no network")))
    with pytest.raises(DataError, match="--pens 0"):
        load_pens(tmp_path)


def test_a_wrong_file_is_named_not_used(tmp_path):
    for name in pendigits.SHA256:
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(TEXT.encode()))
    with pytest.raises(DataError, match=r"pendigits-orig\.tra\.gz is not what it should be"):
        load_pens(tmp_path)


def test_the_archive_is_unpacked_checked_and_kept(tmp_path, monkeypatch):
    content = pen_file(4).encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name in pendigits.SHA256:
            file.writestr(f"{name}.Z", gzip.compress(content))  # gzip reads its own format as it reads LZW's
    monkeypatch.setattr(pendigits, "download", lambda _: archive.getvalue())
    with pytest.raises(DataError, match="SHA-256") as caught:
        load_pens(tmp_path)
    assert "delete" not in str(caught.value)  # there is nothing to delete
    assert not list(tmp_path.rglob("*.gz"))
    monkeypatch.setattr(pendigits, "SHA256", dict.fromkeys(pendigits.SHA256, sha256(content)))
    assert len(load_pens(tmp_path).test) == 4
    monkeypatch.setattr(pendigits, "download", lambda _: pytest.fail("downloaded twice"))
    assert len(load_pens(tmp_path).test) == 4
