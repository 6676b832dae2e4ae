"""The README states what the reports and the settings state."""

import json
from dataclasses import asdict

import pytest

from model.training.config import complete, data_config, read_recipe, stored_recipe, train_config
from tests.conftest import ROOT
from tools.readme import CANDIDATES, REPORTS, updated


def test_the_readme_says_what_the_report_and_the_settings_say():
    text = (ROOT / "README.md").read_text()
    reports = {network: json.loads((ROOT / "weights" / name).read_text()) for network, name in REPORTS.items()}
    assert text == updated(text, reports, json.loads(CANDIDATES.read_text()))
    assert all(f"{100 * report['mnist_test']['accuracy']:.2f} ± " in text for report in reports.values())


@pytest.mark.parametrize("network", REPORTS)
def test_the_recipe_that_the_readme_names_is_the_one_that_the_report_states(network):
    training = json.loads((ROOT / "weights" / REPORTS[network]).read_text())["training"]
    options = complete(read_recipe(ROOT / "recipes" / f"{network}.toml"))
    assert json.loads(json.dumps(stored_recipe(train_config(options)))) == training["recipe"]
    assert asdict(data_config(options)) == training["amounts"]
