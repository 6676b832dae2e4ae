"""Brings the README's figures up to date: `python -m bench.readme` writes them from the report and the settings."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from app.settings import Settings, variable
from model.files import write_whole

ROOT = Path(__file__).resolve().parent.parent
NAMES = {
    "mnist_test": "MNIST test set",
    "mnist_test_on_canvas": "the same, drawn on a canvas at any place, size and polarity",
    "pen_test": "strokes of 14 writers it never saw, any pen, place and size",
}


def figures(report: dict[str, Any]) -> str:
    """The table of accuracies, from a report."""
    rows = ["| test | digits | right | calibration error | called no digit |", "|---|--:|--:|--:|--:|"]
    for key, name in NAMES.items():
        part = report[key]
        rows.append(
            f"| {name} | {part['digits']:,} | {part['accuracy']:.2%} | {part['calibration_error']:.2%} "
            f"| {part['verdicts']['not-a-digit']:.2%} |"
        )
    letters, training = report["letters"], report["training"]
    made = f"`{training['command']}`, {len(report['history'])} epochs in {training['seconds'] / 60:.0f} minutes"
    told = f"Letters it never saw: {letters['verdicts']['digit']:.1%} are called a digit; AUROC {letters['auroc']:.3f}."
    return "\n".join([*rows, "", told, "", f"{made}: `{report['model']}`."])


def settings() -> str:
    """The table of settings, from their definitions."""
    rows = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default.relative_to(ROOT) if isinstance(field.default, Path) else field.default
        default = str(default).lower() if isinstance(default, bool) else default
        rows.append(f"| `{variable(name)}` | `{default}` | {field.description} |")
    return "\n".join(rows)


def updated(text: str, report: dict[str, Any]) -> str:
    """The README with both tables written anew."""
    return _between("settings", settings(), _between("figures", figures(report), text))


def _between(mark: str, table: str, text: str) -> str:
    pattern = rf"(<!-- {mark}:.*? -->\n).*?(<!-- /{mark} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}{table}\n{found[2]}", text, flags=re.DOTALL)


def main() -> int:
    """Write README.md; always 0."""
    path = ROOT / "README.md"
    report = json.loads((ROOT / "weights" / "report.json").read_text())
    write_whole(path, updated(path.read_text(), report).encode())
    sys.stdout.write(f"{path.name}: figures of {report['model']}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
