"""The README states what the reports and the settings state."""

import json
from dataclasses import asdict

import pytest

from model.training.config import complete, data_config, read_recipe, stored_recipe, train_config
from tests.conftest import ROOT
from tools.readme import CANDIDATES, NUMBERS, REPORTS, numbers, photographs, updated

ROW = {"pictures": 20, "right": 0.5, "wrong_and_sure": 0.05}


def test_the_readme_says_what_the_report_and_the_settings_say():
    text = (ROOT / "README.md").read_text()
    reports = {network: json.loads((ROOT / "weights" / name).read_text()) for network, name in REPORTS.items()}
    assert text == updated(text, reports, json.loads(CANDIDATES.read_text()))
    assert all(f"{100 * report['mnist_test']['accuracy']:.2f} ± " in text for report in reports.values())


def test_the_readme_shows_how_photographs_are_read_by_those_networks_that_were_measured():
    part = {"all": {"all": ROW}, "groups": {"desk": ROW | {"right": 0.25}}}
    measured = {"photographs": part, "drawings": part, "without_digit": part}
    lines = photographs({"small": measured, "wide": {}}).splitlines()[2:]
    assert lines[0] == "| pictures | number | small: right | wrong and sure |"
    assert lines[2:4] == ["| photographs of a digit | 20 | 50.0% | 5.0% |", "| – desk | 20 | 25.0% | 5.0% |"]
    assert len(lines) == 2 + 3 * 2


def test_the_readme_shows_how_numbers_are_read_by_those_networks_that_were_measured():
    row = ROW | {"standard_error": 0.012}
    groups = dict.fromkeys(NUMBERS, row) | {"touching": row | {"right": 0.75}}
    part = {"pictures": 600, "share": 0.997, "standard_error": 0.002}
    told = {"touching": part, "photographed_ruled": part | {"share": 0.9}}
    measured = {"groups": groups, "as_alone": {"single": part}, "told_several": told}
    text = numbers({"small": {}, "wide": {"numbers": measured}})
    assert "| pictures | number | wide: right | wrong and sure |" in text
    assert f"| {NUMBERS['touching']} | 20 | 75.00 ± 1.20% | 5.0% |" in text
    assert "of `/predict`) | 600 | 99.70 ± 0.20% | |" in text
    assert text.endswith("| 600 | 90.00 ± 0.20% | |")
    assert numbers({"small": {}}) == ""


@pytest.mark.parametrize("network", REPORTS)
def test_the_recipe_that_the_readme_names_is_the_one_that_the_report_states(network):
    training = json.loads((ROOT / "weights" / REPORTS[network]).read_text())["training"]
    options = complete(read_recipe(ROOT / "recipes" / f"{network}.toml"))
    assert json.loads(json.dumps(stored_recipe(train_config(options)))) == training["recipe"]
    assert asdict(data_config(options)) == training["amounts"]
