"""The networks that ship, which read the numbers of the tests."""

import pytest

from model.recognize import Recognizer
from model.storage import wide_path
from tests.conftest import WEIGHTS


@pytest.fixture(scope="session", params=["small", "wide"])
def both(request, recognizer):
    """Each of the networks that ship."""
    return recognizer if request.param == "small" else Recognizer.load(wide_path(WEIGHTS))
