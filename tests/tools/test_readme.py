"""The README states what the reports and the settings state."""

import json

from tests.conftest import ROOT
from tools.readme import REPORTS, updated


def test_the_readme_says_what_the_report_and_the_settings_say():
    text = (ROOT / "README.md").read_text()
    reports = {network: json.loads((ROOT / "weights" / name).read_text()) for network, name in REPORTS.items()}
    assert text == updated(text, reports)
    assert all(f"{report['mnist_test']['accuracy']:.2%}" in text for report in reports.values())
