"""The limits of a container, as both versions of cgroups tell them, and the budgets that follow."""

import re

import pytest
import yaml

from app.input.container import BASE, MIB, Budgets, memory_limit, processors
from app.settings import Settings
from bench.hostile import MEMORY
from tests.conftest import ROOT

MACHINE = memory_limit()


def written(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "memory"),
    [
        ({"memory.max": "67108864\n"}, 64 * MIB),
        ({"memory/memory.limit_in_bytes": "67108864\n"}, 64 * MIB),
        ({"memory.max": "max\n"}, MACHINE),
        ({"memory/memory.limit_in_bytes": "9223372036854771712\n"}, MACHINE),
        ({}, MACHINE),
    ],
    ids=["version 2", "version 1", "version 2 without a limit", "version 1 without", "no container"],
)
def test_memory_is_the_containers_or_else_the_machines(tmp_path, files, memory):
    assert memory_limit(written(tmp_path, files)) <= memory
    assert (memory_limit(tmp_path) == 64 * MIB) == (memory == 64 * MIB)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({}, None),
    ],
)
def test_processors_are_the_quotas_or_else_the_machines(tmp_path, files, expected):
    root = written(tmp_path, files)
    assert processors(root) == (expected or processors(tmp_path / "none"))


def test_a_unit_of_systemd_has_the_least_of_its_limits_and_of_those_around_it(tmp_path):
    files = {
        "own": "1:name=systemd:/\n0::/system.slice/inkscope.slice/inkscope@8001.service\n",
        "system.slice/memory.max": "1073741824\n",
        "system.slice/inkscope.slice/memory.max": "max\n",
        "system.slice/inkscope.slice/inkscope@8001.service/memory.max": "67108864\n",
        "system.slice/inkscope.slice/cpu.max": "50000 100000\n",
    }
    root = written(tmp_path, files)
    assert memory_limit(root, root / "own") == 64 * MIB
    assert processors(root, root / "own") == 1


def test_budgets_and_what_the_server_takes_by_itself_fit_the_container():
    for memory in (192 * MIB, 256 * MIB, 512 * MIB, 64 << 30):
        assert BASE + sum(Budgets.of(Settings(), memory)) <= memory
    # The largest picture that the settings let through can be decoded in 256 MB.
    assert Budgets.of(Settings(), 256 * MIB).decoded >= 76_000_000


def test_the_memory_that_compose_gives_is_the_one_that_is_measured():
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    assert services["inkscope"]["mem_limit"] == f"{MEMORY >> 20}m"


def test_what_nginx_writes_fits_the_memory_that_compose_gives_it():
    nginx = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]["nginx"]
    sizes = [int(size) for size in re.findall(r"size=(\d+)m", " ".join(nginx["tmpfs"]))]
    assert len(sizes) == len(nginx["tmpfs"])
    assert sum(sizes) + 32 <= int(nginx["mem_limit"].removesuffix("m"))
    (kept,) = re.findall(r"max_size=(\d+)m", (ROOT / "deploy" / "nginx.conf").read_text())
    assert int(kept) < sizes[-1]


def test_a_setting_wins_over_the_containers_share():
    settings = Settings(max_decoded_bytes=1, max_buffered_bytes=2, max_unread_bytes=3)
    assert Budgets.of(settings, 256 * MIB) == (1, 2, 3)
