"""A value out of nested ones, by a name that may lead nowhere: reports and networks differ in what they know."""

from __future__ import annotations

from typing import Any


def find(known: Any, name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """What stands under a name such as `softmax.p.7`; None if nothing does.

    >>> find({"softmax": {"p": [0.25, 0.75]}}, "softmax.p.1"), find({}, "explain.bias")
    (0.75, None)
    """
    for part in name.split("."):
        if isinstance(known, dict):
            known = known.get(part)
        elif isinstance(known, list | tuple) and part.isdecimal() and int(part) < len(known):
            known = known[int(part)]
        else:
            return None
    return known
