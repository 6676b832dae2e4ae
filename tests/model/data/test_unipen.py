"""UNIPEN's strokes: their file, its faults, and what people are told who do not have it."""

import numpy as np
import pytest

from model.data import unipen, unipen_archive
from model.data.files import DataError
from model.data.unipen import UnipenDrawing, is_several, load_unipen
from model.data.unipen_archive import arrays_sha256
from model.storage import pack, sha256, unpack
from tests.conftest import data_folder


def keep(folder, monkeypatch, **changes):
    """A file of a two, of two strokes, and an x, with its own checksum."""
    arrays = {
        "points": np.arange(14, dtype=np.int16).reshape(7, 2),
        "stroke_lengths": np.array([2, 1, 4], dtype=np.int32),
        "strokes_per_drawing": np.array([2, 1], dtype=np.int16),
        "label": np.array(["2", "x"]),
        "site": np.array([0, 6], dtype=np.uint8),
    }
    content = pack(arrays | changes)
    (folder / "strokes.npz").write_bytes(content)
    monkeypatch.setattr(unipen, "SHA256", {"strokes.npz": sha256(content)})


def test_points_become_strokes_and_strokes_drawings(tmp_path, monkeypatch):
    keep(tmp_path, monkeypatch)
    found = load_unipen(tmp_path)
    (two,), (letter,) = found.digits, found.letters
    assert (two.character, two.site, letter.character, letter.site) == ("2", 0, "x", 6)
    assert [stroke.tolist() for stroke in two.strokes] == [[[0, 1], [2, 3]], [[4, 5]]]
    assert [stroke.tolist() for stroke in letter.strokes] == [[[6, 7], [8, 9], [10, 11], [12, 13]]]


def test_arrays_that_do_not_fit_together_are_an_error(tmp_path, monkeypatch):
    keep(tmp_path, monkeypatch, site=np.array([0], dtype=np.uint8))
    with pytest.raises(DataError, match=r"strokes\.npz"):
        load_unipen(tmp_path)


def test_a_wrong_file_is_named_not_used(tmp_path, monkeypatch):
    keep(tmp_path, monkeypatch)
    monkeypatch.setattr(unipen, "SHA256", {"strokes.npz": sha256(b"another")})
    with pytest.raises(DataError, match=r"strokes\.npz is not what it should be"):
        load_unipen(tmp_path)


def test_the_archive_in_the_folder_is_converted_once_and_its_packing_does_not_matter(tmp_path, monkeypatch):
    keep(tmp_path, monkeypatch)
    arrays = unpack((tmp_path / "strokes.npz").read_bytes())
    (tmp_path / "strokes.npz").unlink()
    monkeypatch.setattr(unipen, "load_archive", lambda _: arrays)
    monkeypatch.setattr(unipen, "pack", lambda arrays: pack(arrays, compress=False))
    with pytest.raises(DataError, match="what was made of the archive is not what it should be"):
        load_unipen(tmp_path)
    assert not list(tmp_path.rglob("*.npz"))
    monkeypatch.setattr(unipen, "ARRAYS_SHA256", arrays_sha256(arrays))
    assert len(load_unipen(tmp_path).digits) == 1
    monkeypatch.setattr(unipen, "load_archive", lambda _: pytest.fail("converted twice"))
    assert len(load_unipen(tmp_path).letters) == 1


def test_a_folder_without_them_names_the_file_and_the_way_without(tmp_path, monkeypatch):
    monkeypatch.setattr(unipen_archive, "download", lambda _: (_ for _ in ()).throw(DataError("no network")))
    with pytest.raises(DataError, match=r"strokes\.npz"):
        load_unipen(tmp_path, download=False)
    with pytest.raises(DataError, match="--unipen 0"):
        load_unipen(tmp_path)


def test_the_real_file_holds_what_is_said_of_it():
    folder = data_folder()
    if folder is None or not (folder / "unipen").is_dir():
        pytest.skip("no strokes of UNIPEN")
    found = load_unipen(folder, download=False)
    assert (len(found.digits), len(found.letters)) == (7276 - 11, 2002)  # eleven are several digits
    assert {digit.site for digit in found.digits} == {letter.site for letter in found.letters} == set(range(7))
    assert {digit.character for digit in found.digits} == set("0123456789")
    assert {letter.character for letter in found.letters} == set("adefhkmnprtuvwxy")
    sides = [np.ptp(np.concatenate(drawing.strokes), axis=0).max() for drawing in found.digits]
    assert max(sides) <= 1000


RING = np.stack([np.cos(np.linspace(0, 6.3, 20)), np.sin(np.linspace(0, 6.3, 20))], axis=1)


def ring(across=1.0, down=1.0, x=0.0, y=0.0):
    return RING * (across, down) + np.array((x, y))


@pytest.mark.parametrize(
    ("strokes", "several"),
    [
        ([ring(), ring(x=2.3, y=0.2)], True),
        ([ring(x=4.6), ring(), ring(x=2.3)], True),
        ([ring(), ring(x=1.5)], False),
        ([ring(1, 2), ring(0.4, 2, x=1.6)], False),
        ([ring(), ring(1.2, 0.1, x=2.4, y=-1)], False),
        ([ring(3, 1)], False),
    ],
    ids=["two zeros", "three, not in order", "overlapping", "a four in parts", "a five with its bar", "one stroke"],
)
def test_several_characters_under_one_label_are_no_digit(strokes, several):
    assert is_several(UnipenDrawing("0", 6, strokes)) == several
