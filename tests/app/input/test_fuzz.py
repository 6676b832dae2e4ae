"""A short, repeatable run of what bench/fuzz_bodies does at length."""

import numpy as np
import pytest

from bench.fuzz_bodies import damaged, fault
from bench.mutations import bodies, mended, pictures

pytestmark = pytest.mark.slow


def test_no_damage_to_any_form_makes_the_server_fail(client):
    statuses = set()
    for body in damaged(1500, seed=2):
        reply = client.post(body.path, content=body.content, headers={"content-type": body.kind})
        wrong = fault(body, reply.status_code, reply.headers["content-type"], reply.content)
        assert wrong is None, (wrong, body)
        statuses.add(reply.status_code)
    assert {200, 400, 422} <= statuses


def test_every_whole_body_is_answered(client):
    for body in bodies():
        assert client.post(body.path, content=body.content, headers={"content-type": body.kind}).is_success, body.kind


def test_mending_changes_checksums_alone():
    for content in pictures():
        assert mended(content) == content
    broken = bytearray(pictures()[0])
    broken[30] ^= 255
    assert mended(bytes(broken)) == pictures()[0]


def test_the_same_seed_damages_alike():
    first, second = (list(damaged(50, seed=4)) for _ in range(2))
    assert first == second
    assert np.mean([a.content == b.content for a, b in zip(first, damaged(50, seed=5), strict=True)]) < 0.2
