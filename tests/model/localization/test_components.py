"""Connected components, beside a flood fill that visits pixel after pixel."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.localization.components import connected_components, runs

MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))


def flooded(mask):
    """The components as sets of (row, column)."""
    left = set(zip(*map(list, np.nonzero(mask)), strict=True))
    found = []
    while left:
        piece, waiting = set(), [left.pop()]
        while waiting:
            y, x = waiting.pop()
            piece.add((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            waiting += near
        found.append(piece)
    return found


@given(MASKS)
def test_pieces_are_those_of_a_flood_fill(mask):
    pieces = connected_components(mask)
    labelled = [set(zip(*map(list, np.nonzero(pieces.labels == n)), strict=True)) for n in range(1, len(pieces) + 1)]
    assert sorted(map(sorted, labelled)) == sorted(map(sorted, flooded(mask)))


@given(MASKS)
def test_boxes_and_areas_are_those_of_the_pixels(mask):
    pieces = connected_components(mask)
    for number in range(1, len(pieces) + 1):
        rows, columns = np.nonzero(pieces.labels == number)
        box = [rows.min(), rows.max() + 1, columns.min(), columns.max() + 1]
        assert pieces.boxes[number].tolist() == box
        assert pieces.areas[number] == len(rows)


@given(MASKS, st.data())
def test_selected_pieces_are_whole_and_the_others_gone(mask, data):
    pieces = connected_components(mask)
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(pieces) + 1, max_size=len(pieces) + 1)))
    numbers = np.flatnonzero(chosen)
    assert np.array_equal(pieces.select(chosen), np.isin(pieces.labels, numbers[numbers > 0]))


@given(MASKS)
def test_painted_runs_are_the_mask(mask):
    found = runs(mask)
    assert np.array_equal(found.paint(np.ones(len(found.starts), dtype=np.int32)), mask)
    assert found.lengths.sum() == mask.sum()
