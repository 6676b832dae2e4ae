"""The container's image: what it is built on, and what it says of itself."""

import json
import os
import re
import subprocess

from app import __version__
from tests.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_base_that_the_dockerfile_names_is_pinned_by_a_digest():
    (tag,) = re.findall(r"^ARG BASE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${BASE}"}
    assert re.fullmatch(rf"{re.escape(tag)}@sha256:[0-9a-f]{{64}}\n", (ROOT / "requirements" / "image.txt").read_text())


def test_the_labels_are_those_of_the_open_container_initiative():
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]+)"', DOCKERFILE))
    assert set(labels) == {"title", "description", "licenses", "source", "version", "revision"}
    arguments = re.findall(r"--build-arg (\w+)=", (ROOT / "Makefile").read_text())
    assert {name[1:] for name in labels.values() if name.startswith("$")} | {"BASE"} == set(arguments)


def test_the_bills_of_materials_name_one_version():
    assert json.loads((ROOT / "package.json").read_text())["version"] == __version__


def test_no_password_of_the_repositorys_address_gets_into_the_image():
    address = {"KEY": "remote.origin.url", "VALUE": "https://me:secret@host.example/inkscope.git"}
    own = {"GIT_CONFIG_COUNT": "1", **{f"GIT_CONFIG_{name}_0": value for name, value in address.items()}}
    command = ["make", "--dry-run", "image"]
    told = subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, check=True)
    assert "SOURCE=https://host.example/inkscope.git " in told.stdout
