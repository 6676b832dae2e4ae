"""Update the README's tables: `python -m tools.readme` writes them from the reports and the settings."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from app.settings import Settings, variable
from model.storage import write_atomic

ROOT = Path(__file__).resolve().parent.parent
REPORTS = {"small": "report.json", "wide": "report-wide.json"}
NAMES = {
    "mnist_test": "MNIST test set",
    "mnist_test_on_canvas": "the same, drawn on a canvas at any place, size and polarity",
    "pen_test": "strokes of 14 writers it never saw, any pen, place and size",
}

PICTURES = {
    "photographs": "photographs of a digit",
    "drawings": "drawings by other programs, screenshots, printed digits",
    "without_digit": "pictures without a digit (right: none is found)",
}
MADE = (
    "These pictures are made from the same 14 writers' strokes ([the kinds](model/data/photographs/kinds.py)); "
    "`report.json` has the figures of every kind."
)


def figures(reports: dict[str, dict[str, Any]]) -> str:
    """The table of accuracies, from the report of each network."""
    head = "".join(f" {network}: right | calibration error | called no digit |" for network in reports)
    rows = [f"| test | digits |{head}", f"|---|--:|{'--:|' * 3 * len(reports)}"]
    for key, name in NAMES.items():
        cells = "".join(_cells(report[key]) for report in reports.values())
        rows.append(f"| {name} | {next(iter(reports.values()))[key]['digits']:,} |{cells}")
    return "\n\n".join(["\n".join(rows), *(_sentences(network, report) for network, report in reports.items())])


def _cells(part: dict[str, Any]) -> str:
    return f" {part['accuracy']:.2%} | {part['calibration_error']:.2%} | {part['verdicts']['not-a-digit']:.2%} |"


def _sentences(network: str, report: dict[str, Any]) -> str:
    letters, training = report["letters"], report["training"]
    return (
        f"The {network} one, `{report['model']}`, calls {letters['verdicts']['digit']:.1%} of letters it never saw a "
        f"digit (AUROC {letters['auroc']:.3f}). It was made by `python -m model.train --recipe recipes/{network}.toml`"
        f": {len(report['history'])} epochs in {training['seconds'] / 60:.0f} minutes."
    )


def photographs(reports: dict[str, dict[str, Any]]) -> str:
    """The table of pictures as people send them, from the reports that have measured them."""
    measured = {network: report for network, report in reports.items() if "photographs" in report}
    if not measured:
        return ""
    head = "".join(f" {network}: right | wrong and sure |" for network in measured)
    rows = [f"| pictures | number |{head}", f"|---|--:|{'--:|' * 2 * len(measured)}"]
    for key, name in PICTURES.items():
        parts = [report[key]["all"] | report[key]["groups"] for report in measured.values()]
        for group, first in parts[0].items():
            cells = "".join(f" {part[group]['right']:.1%} | {part[group]['wrong_and_sure']:.1%} |" for part in parts)
            rows.append(f"| {name if group == 'all' else f'– {group}'} | {first['pictures']:,} |{cells}")
    return "\n".join([MADE, "", *rows])


def settings() -> str:
    """The table of settings, from their definitions."""
    rows = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default.relative_to(ROOT) if isinstance(field.default, Path) else field.default
        default = str(default).lower() if isinstance(default, bool) else default
        rows.append(f"| `{variable(name)}` | {f'`{default}`' if default != '' else 'none'} | {field.description} |")
    return "\n".join(rows)


def updated(text: str, reports: dict[str, dict[str, Any]]) -> str:
    """The README with its tables written anew."""
    tables = {"figures": figures(reports), "photographs": photographs(reports), "settings": settings()}
    for mark, table in tables.items():
        text = _between(mark, table, text)
    return text


def _between(mark: str, table: str, text: str) -> str:
    pattern = rf"(<!-- {mark}:.*? -->\n).*?(<!-- /{mark} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}{table}\n{found[2]}", text, flags=re.DOTALL)


def main() -> int:
    """Write README.md; always 0."""
    path = ROOT / "README.md"
    reports = {network: json.loads((ROOT / "weights" / name).read_text()) for network, name in REPORTS.items()}
    write_atomic(path, updated(path.read_text(), reports).encode())
    sys.stdout.write(f"{path.name}: figures of {' and '.join(report['model'] for report in reports.values())}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
