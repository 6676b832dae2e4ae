"""Imports run one way: commands → training → data → core; what serves imports the core alone; there are no circles."""

import pytest

from tests.conftest import ROOT
from tools.rooms import PICTURE, between_rooms, circle, js_imports, picture, python_imports, room

MODULES = python_imports("app", "model", "bench", "tools")
MAY_IMPORT = {  # each room of `model`, and those that it may import from
    "model: core": set(),
    "model/localization": {"model: core"},
    "model/reading": {"model: core", "model/localization"},
    "model/data": {"model: core", "model/localization", "model/reading"},
    "model/lecture": {"model: core", "model/data"},
    "model/training": {"model: core", "model/localization", "model/reading", "model/data"},
    "model: commands": {
        *("model: core", "model/localization", "model/reading"),
        *("model/data", "model/lecture", "model/training"),
    },
}


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_every_import_of_a_room_of_the_model_leads_down(name):
    assert between_rooms(MODULES)[name] <= MAY_IMPORT[name]


def test_what_serves_imports_neither_training_nor_data_nor_the_lecture():
    reached, waiting = set(), ["app.main"]
    while waiting:
        reached.add(module := waiting.pop())
        waiting += MODULES[module] - reached
    assert {"model.recognize", "model.explain"} <= reached
    rooms = {room(module) for module in reached if module.startswith("model")}
    assert rooms == {"model: core", "model/localization", "model/reading"}


@pytest.mark.parametrize("graph", [MODULES, js_imports()], ids=["Python", "JavaScript"])
def test_neither_modules_nor_rooms_import_in_a_circle(graph):
    assert circle(graph) is None
    assert circle(between_rooms(graph)) is None


def test_the_picture_in_the_guide_for_contributors_is_up_to_date():
    found = PICTURE.search((ROOT / "CONTRIBUTING.md").read_text())
    assert found is not None
    assert found[0] == picture()
