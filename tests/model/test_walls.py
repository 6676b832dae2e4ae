"""Imports run one way: commands → training → data → core; what serves imports the core alone; there are no circles."""

import ast
import itertools
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMMANDS = {"model.train", "model.evaluate", "model.predict", "model.experiment"}
MAY_IMPORT = {  # the rooms of `model`, and those that each may import besides itself
    "core": set(),
    "data": {"core"},
    "lecture": {"core", "data"},
    "training": {"core", "data"},
    "commands": {"core", "data", "lecture", "training"},
}
EXCEPTIONS = {  # each to be deleted with its import
    ("model.mistakes", "model.data.mnist"),
    ("model.training.comparison", "model.evaluate"),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for package in ("model", "app") for path in (ROOT / package).rglob("*.py")}


def imported(path: Path) -> set[str]:
    """The modules that a file names in an import anywhere: at its top, in a function, for type checkers alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            # `from package import name`: a module if there is one of that name, else something inside the package.
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
    return found & MODULES.keys()


ARROWS = sorted({(name, other) for name, path in MODULES.items() for other in imported(path)} - EXCEPTIONS)


def room(module: str) -> str:
    if module in COMMANDS:
        return "commands"
    package = module.split(".")[1:2]
    return package[0] if package and package[0] in MAY_IMPORT else "core"


def reached(start: str, arrows: list[tuple[str, str]]) -> set[str]:
    """Everything that is imported from `start` on, itself included only if a circle leads back."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        fresh = {other for one, other in arrows if one == here} - found
        found |= fresh
        waiting += fresh
    return found


def test_every_import_of_a_room_leads_down():
    up = [
        (one, other)
        for one, other in ARROWS
        if one.startswith("model")
        and (other.startswith("app") or room(other) not in MAY_IMPORT[room(one)] | {room(one)})
    ]
    assert up == []


def test_what_serves_imports_neither_training_nor_data():
    serving = reached("app.main", ARROWS)
    assert {"model.recognize", "model.explain"} <= serving
    assert [module for module in sorted(serving) if module.startswith("model") and room(module) != "core"] == []


@pytest.mark.parametrize("depth", [2, 9], ids=["packages", "modules"])
def test_no_imports_run_in_a_circle(depth):
    shortened = [[".".join(module.split(".")[:depth]) for module in arrow] for arrow in ARROWS]
    arrows = sorted({(one, other) for one, other in shortened if one != other})
    assert [module for module in sorted({*itertools.chain(*arrows)}) if module in reached(module, arrows)] == []
