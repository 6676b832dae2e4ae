"""The container's image: what it is built on, and what it says of itself."""

import json
import re

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
