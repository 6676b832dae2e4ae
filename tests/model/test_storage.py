"""Arrays come back as they were, and a file with a fault never raises what nobody expects."""

from typing import Any

import numpy as np
import pytest

from model.storage import READ_ERRORS, pack, unpack

ARRAYS: dict[str, Any] = {"model": "digits", "steps": np.arange(5), "thetas": np.ones((2, 3), np.float16)}


@pytest.mark.parametrize("small", [True, False])
def test_arrays_come_back_by_name_with_their_types(small):
    found = unpack(pack(ARRAYS, compress=small))
    assert str(found.pop("model")) == "digits"
    for name, array in found.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_objects_that_would_run_as_code_are_not_read():
    with pytest.raises(READ_ERRORS):
        unpack(pack({"object": np.array([None])}))


def test_whatever_bits_have_fallen_over_it_is_read_or_called_unreadable():
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
