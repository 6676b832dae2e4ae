"""The units for systemd are sound, and tell the servers behind nginx what `make up` tells them."""

import os
import shutil
import subprocess

import pytest

from deploy.up import ENVIRONMENT
from tests.conftest import ROOT

UNIT = (ROOT / "deploy" / "inkscope@.service").read_text()


def test_systemd_understands_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd")
    units = [tmp_path / "inkscope@8001.service", tmp_path / "inkscope.target"]
    units[0].write_text(UNIT.replace("/opt/inkscope/.venv/bin/python", "/bin/sh"))
    shutil.copy(ROOT / "deploy" / "inkscope.target", tmp_path)
    command = ["systemd-analyze", "verify", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LANG": "C"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_unit_tells_its_server_what_make_up_tells_it():
    told = {pair for line in UNIT.splitlines() if line.startswith("Environment=") for pair in line[12:].split(" ")}
    defaults = {"INKSCOPE_HOST", "INKSCOPE_METRICS_PORT"}
    assert {f"{name}={value}" for name, value in ENVIRONMENT.items() if name not in defaults} <= told
