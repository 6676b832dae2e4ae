"""The example in the network that ships."""

import pytest

from model.lecture.example import Example


@pytest.fixture(scope="module")
def example(recognizer):
    return Example.of(recognizer.network)
