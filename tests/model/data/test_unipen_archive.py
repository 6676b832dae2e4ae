"""UNIPEN's archive: a small one of the same layout, unpacked, packed, damaged."""

import io
import tarfile

import numpy as np
import pytest

from model.data import unipen_archive
from model.data.files import DataError
from model.data.unipen_archive import INDEX, NAME, arrays_sha256, convert, index_of, load_archive, scale, to_arrays
from model.storage import pack, unpack
from tests.conftest import data_folder

INK = ".COORD X Y\n.PEN_DOWN\n 0 0\n 3 -7\n.PEN_UP\n.PEN_DOWN\n 5 5\n.PEN_UP\n.PEN_DOWN\n 2 2\n 2 12\n.PEN_UP\n"
FILES = {
    "data/1a/abc/abc00/one.dat": '.INCLUDE abc/ink.dat\n.SEGMENT CHARACTER 0-1 ? "4"\n.SEGMENT CHARACTER 2 ? "1"\n',
    "data/1a/xyz/two.dat": '.INCLUDE abc/ink.dat\n.SEGMENT CHARACTER 1 ? "7"\n.SEGMENT CHARACTER 0 ? "a"\n',
    "data/1c/abc/letters.dat": '.INCLUDE abc/ink.dat\n.SEGMENT CHARACTER 0 ? "v"\n.SEGMENT CHARACTER 2 ? "l"\n',
    "data/1b/abc/capitals.dat": '.INCLUDE abc/ink.dat\n.SEGMENT CHARACTER 0 ? "4"\n',
    "include/abc/ink.dat": INK,
}
SITES = np.array([0, 0, 1, 0], dtype=np.uint8)
DRAWINGS = [
    ("1", [np.array([[0, 1000], [0, 0]], dtype=np.int16)]),
    ("4", [np.array([[0, 417], [250, 1000]], dtype=np.int16), np.array([[417, 0]], dtype=np.int16)]),
    ("7", [np.array([[0, 0]], dtype=np.int16)]),
    ("v", [np.array([[0, 0], [429, 1000]], dtype=np.int16)]),
]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An unpacked archive, and the index of four of its drawings."""
    root = tmp_path / "unipen" / "CDROM" / "train_r01_v07"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    index = tmp_path / "index.npz"
    index.write_bytes(pack(index_of(to_arrays(DRAWINGS, SITES))))
    monkeypatch.setattr(unipen_archive, "INDEX", index)
    return root


def packed(root):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(root.parents[1], "unipen")
    return buffer.getvalue()


def same(one, other):
    return arrays_sha256(one) == arrays_sha256(other)


def test_the_drawings_that_the_index_names_are_taken_in_its_order(root):
    arrays = convert(root)
    assert same(arrays, to_arrays(DRAWINGS, SITES))
    assert "".join(arrays["label"]) == "147v"
    assert arrays["points"].dtype == np.int16
    assert arrays["strokes_per_drawing"].tolist() == [1, 2, 1, 1]


def test_an_unpacked_archive_a_packed_one_and_a_download_give_the_same(root, tmp_path, monkeypatch):
    expected, content = load_archive(tmp_path), packed(root)
    assert same(expected, convert(root))
    for name, sub in (("with", "somewhere"), ("without", None)):
        folder = tmp_path.parent / f"{tmp_path.name}-{name}"
        (folder / (sub or "")).mkdir(parents=True)
        if sub:
            (folder / sub / NAME).write_bytes(content)
        monkeypatch.setattr(unipen_archive, "download", lambda url, sub=sub: content if not sub else pytest.fail(url))
        assert same(load_archive(folder), expected)
        assert [path.name for path in folder.rglob("*.dat")] == []


def test_another_release_is_told_by_what_it_lacks(root):
    (root / "data/1a/xyz/two.dat").unlink()
    with pytest.raises(DataError, match="lacks 1 of 4 drawings"):
        convert(root)


def test_a_damaged_archive_is_named(root, tmp_path):
    content = packed(root)
    folder = tmp_path / "cut" / "off"
    folder.mkdir(parents=True)
    for wrong in (content[: len(content) // 2], b"no archive"):
        (folder / NAME).write_bytes(wrong)
        with pytest.raises(DataError, match=f"{NAME} cannot be unpacked"):
            load_archive(folder)


def test_an_archive_of_something_else_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.setattr(unipen_archive, "download", lambda _: packed(tmp_path / "other" / "a" / "b"))
    (tmp_path / "other" / "a").mkdir()
    with pytest.raises(DataError, match="holds no folder data/1a"):
        load_archive(tmp_path / "empty")


def test_a_drawing_is_scaled_to_its_longer_side_and_a_dot_stays_one():
    wide, dot = scale([np.array([[10.0, -4.0], [26.0, 0.0]])]), scale([np.array([[3.0, 3.0]])])
    assert wide[0].tolist() == [[0, 0], [1000, 250]]
    assert dot[0].tolist() == [[0, 0]]


def test_the_index_is_that_of_the_strokes():
    folder = data_folder()
    if folder is None or not (folder / "unipen" / "strokes.npz").is_file():
        pytest.skip("no strokes of UNIPEN")
    strokes = unpack((folder / "unipen" / "strokes.npz").read_bytes())
    assert same(unpack(INDEX.read_bytes()), index_of(strokes))
