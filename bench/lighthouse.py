"""What Lighthouse says of each page, as on a slow phone: its marks, of 100, and what the first one is made of."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from app.settings import ROOT
from bench.loading import PAGES
from bench.page import ARGUMENTS
from bench.servers import OURS, serving

PROGRAM: Final = ROOT / "node_modules" / ".bin" / "lighthouse"
TRIES: Final = 3  # its trace now and then misses the beginning of the navigation (NO_NAVSTART)
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
FIGURES: Final = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
)


def run() -> str:
    """A line for each page."""
    if not PROGRAM.exists():
        return "needs Lighthouse: make peers"
    with serving(OURS, core=None) as (host, _):
        return "".join(f"\n  {path}: {_told(_report(f'http://{host}{path}'))}" for path in PAGES)


def _report(url: str) -> dict[str, Any]:
    flags = " ".join(["--headless=new", *ARGUMENTS])
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "CHROME_PATH": shutil.which("chromium") or ""}
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"  # a pipe would get the first 64 KiB alone
        command = [str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={written}"]
        command += [f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
        for _ in range(TRIES):
            done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=300)
            report: dict[str, Any] = json.loads(written.read_bytes()) if written.exists() else {}
            if done.returncode == 0 and report["categories"]["performance"]["score"] is not None:
                return report
    raise RuntimeError(done.stderr.decode())


def _told(report: dict[str, Any]) -> str:
    marks = [f"{name} {100 * report['categories'][name]['score']:.0f}" for name in CATEGORIES]
    figures = [f"{name.replace('-', ' ')} {report['audits'][name]['displayValue']}" for name in FIGURES]
    return f"{', '.join(marks)}; {', '.join(figures)}"
