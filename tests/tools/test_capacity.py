"""The page about what many people need states what was measured, and counts right."""

from typing import Any

from tests.conftest import ROOT
from tools.capacity import Pod, page, read, steps

REPORT: dict[str, Any] = {
    "machine": "a machine",
    "visit": {"requests": 1, "bytes_sent": 300_000, "seconds": 0.03},
    "drawing": {"answers_a_second": 20, "bytes_received": 500, "bytes_sent": 1000, "seconds": 0.002, "process_mib": 90},
}
INPUTS: dict[str, Any] = {
    "people": {"pen_down": 0.5, "round_trip_ms": 100, "visit_minutes": 5},
    "proxy": {"cores_for_each_core": 0.5},
    "prices": {
        "currency": "EUR",
        "date": "today",
        "place": "here",
        "machine": "box",
        "machine_cores": 4,
        "machine_gib": 16,
        "machine_hour": 0.5,
        "gigabyte_sent": 0.01,
    },
}
POD = Pod(cores=1, mib=256, busy=0.5, most=100)


def test_the_page_is_made_from_the_report_the_inputs_and_the_pod():
    assert (ROOT / "docs" / "capacity.md").read_text() == page(*read())


def test_people_become_cores_bytes_and_money_step_by_step():
    figures = {step.what: step.figure for step in steps(6000, REPORT, INPUTS, POD)}
    assert figures["drawings a second"] == 30_000  # 3,000 pens, ten times a second
    assert figures["visits a second"] == 20
    assert figures["cores at work"] == 60.6  # 60 for the drawings, 0.6 for the visits
    assert figures["pods"] == 122
    assert figures["sent, Gbit a second"] == (30e6 + 6e6) * 8e-9
    assert figures["machines (box)"] == 46  # for 183 cores
    assert figures["for the machines, EUR an hour"] == 23
    assert round(figures["for what is sent, EUR an hour"], 6) == 1.296  # 36 MB a second


def test_the_page_says_what_a_drawing_costs():
    slower = REPORT | {"drawing": REPORT["drawing"] | {"seconds": 0.004}}
    assert "4.00 ms of a core: 250 a second and core" in page(slower, INPUTS, POD)
