"""Update the README's tables: `python -m tools.readme` writes them from reports, candidates and settings."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from app.settings import Settings, variable
from model.storage import write_atomic

ROOT = Path(__file__).resolve().parent.parent
CANDIDATES = ROOT / "recipes" / "candidates" / "results.json"
REPORTS = {"small": "report.json", "wide": "report-wide.json"}
NAMES = {
    "mnist_test": "MNIST test set",
    "mnist_test_on_canvas": "the same, drawn on a canvas at any place, size and polarity",
    "pen_test": "strokes of 14 writers it never saw, any pen, place and size",
}
STRANGERS = {
    "site_accuracy": "right, digits of unseen people",
    "auroc": "AUROC, their letters",
    "letters_called_digit": "their letters called a digit",
    "digits_refused": "their digits called none",
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

NUMBERS = {
    "apart": "numbers with gaps between the digits",
    "overlapping": "– whose boxes overlap, though their ink does not touch",
    "touching": "– whose neighbours touch",
    "plain ones": "– whose ones are plain strokes",
    "marks": "– with a dot, comma, minus, slash, line, frame or specks",
    "lines": "two lines, or a column",
    "photographs": "photographs of numbers on plain, ruled and squared paper",
    "no number": "letters, scribbles, signs, empty sheets (right: no number is read)",
}
AS_PREDICTED = {
    ("as_alone", "single"): "single digits (right: the answer is that of `/predict`)",
    ("told_several", "touching"): "numbers whose neighbours touch (right: `/predict` says that they are several)",
    ("told_several", "photographed_ruled"): "– photographs on ruled paper",
}
STRINGS = (
    "Whole numbers, of 2 to 6 digits by the same writers ([the kinds](model/data/numbers/kinds.py)); every digit has "
    "to be right. Wrong and sure: with a confidence above 0.9."
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
    right = share({"mean": part["accuracy"], "error": part["standard_error"]})
    return f" {right} | {part['calibration_error']:.2%} | {part['verdicts']['not-a-digit']:.2%} |"


def share(figure: dict[str, float]) -> str:
    """A share with its standard error.

    >>> share({"mean": 0.9925, "error": 0.001})
    '99.25 ± 0.10%'
    """
    return f"{100 * figure['mean']:.2f} ± {100 * figure['error']:.2f}%"


def _sentences(network: str, report: dict[str, Any]) -> str:
    letters, training, writers = report["font_letters"], report["training"], report["pen_test"]["accuracy_per_writer"]
    return (
        f"The {network} one, `{report['model']}`, reads {writers['worst']:.1%} of the worst test writer's digits "
        f"right, {writers['median']:.1%} of the median one's and {writers['best']:.1%} of the best one's. It calls "
        f"{letters['verdicts']['digit']:.1%} of letters of fonts that it never saw a digit (AUROC "
        f"{letters['auroc']:.3f}). It was made by `python -m model.train --recipe recipes/{network}.toml`: "
        f"{len(report['history'])} epochs in {training['seconds'] / 60:.0f} minutes."
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


def numbers(reports: dict[str, dict[str, Any]]) -> str:
    """The table of whole numbers, from the reports that have measured them."""
    measured = {network: report["numbers"] for network, report in reports.items() if "numbers" in report}
    if not measured:
        return ""
    head = "".join(f" {network}: right | wrong and sure |" for network in measured)
    rows = [STRINGS, "", f"| pictures | number |{head}", f"|---|--:|{'--:|' * 2 * len(measured)}"]
    for group, name in NUMBERS.items():
        parts = [report["groups"][group] for report in measured.values()]
        cells = "".join(f" {_right(part, 'right')} | {part['wrong_and_sure']:.1%} |" for part in parts)
        rows.append(f"| {name} | {parts[0]['pictures']:,} |{cells}")
    for (part, kind), name in AS_PREDICTED.items():
        parts = [report[part][kind] for report in measured.values()]
        cells = "".join(f" {_right(each, 'share')} | |" for each in parts)
        rows.append(f"| {name} | {parts[0]['pictures']:,} |{cells}")
    return "\n".join(rows)


def _right(part: dict[str, float], key: str) -> str:
    return share({"mean": part[key], "error": part["standard_error"]})


def strangers(results: dict[str, Any]) -> str:
    """The table of the cross-validation over people: each candidate's figures over the folds."""
    head = " | ".join(STRANGERS.values())
    rows = [f"| candidate | {head} |", f"|---|{'--:|' * len(STRANGERS)}"]
    for name, candidate in results["candidates"].items():
        cells = " | ".join(share(candidate["over_folds"][key]) for key in STRANGERS)
        rows.append(f"| {name} | {cells} |")
    return "\n".join(rows)


def settings() -> str:
    """The table of settings, from their definitions."""
    rows = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default.relative_to(ROOT) if isinstance(field.default, Path) else field.default
        default = str(default).lower() if isinstance(default, bool) else default
        rows.append(f"| `{variable(name)}` | {f'`{default}`' if default != '' else 'none'} | {field.description} |")
    return "\n".join(rows)


def updated(text: str, reports: dict[str, dict[str, Any]], results: dict[str, Any]) -> str:
    """The README with its tables written anew."""
    tables = {
        "figures": figures(reports),
        "strangers": strangers(results),
        "photographs": photographs(reports),
        "numbers": numbers(reports),
        "settings": settings(),
    }
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
    write_atomic(path, updated(path.read_text(), reports, json.loads(CANDIDATES.read_text())).encode())
    sys.stdout.write(f"{path.name}: figures of {' and '.join(report['model'] for report in reports.values())}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
