"""Write docs/capacity.md, what many people who draw at once need: `python -m tools.capacity`.

The figures are those that `python -m bench.capacity` measured; the assumptions and prices are those of
docs/capacity.toml; a pod is that of deploy/kubernetes/.
"""

import json
import sys
import tomllib
from math import ceil
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from model.storage import write_atomic

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BASE = ROOT / "deploy" / "kubernetes" / "base"
CROWDS: Final = (10_000, 1_000_000)  # people
TEXT: Final = """# How much it takes

Made by `make capacity` from [what was measured](capacity.json) and [what is assumed](capacity.toml), line by line.

Measured (`python -m bench.capacity`), with the small network and all activations, on {machine}:

- a drawing takes {ms:.2f} ms of a core: {rate:,.0f} a second and core;
- {received:,} bytes come with it and {sent:,} go back, compressed, heads included;
- a first visit to the page takes {visit_ms:.0f} ms of a core, and {visit_sent:,} bytes go;
- a process holds {process} MiB;
- while the pen is down, the page asked a server on its own machine {asked:.0f} times a second. It has one question
  under way at a time: a server further away it asks once a round trip.

Assumed: the pen is down {pen_down:.0%} of the time, a round trip takes {round_trip_ms} ms, a visit lasts
{visit_minutes} minutes, and all panels are folded. The prices are inputs, not ours: {place}, {date}.

| people who draw at once | | {crowds} |
|---|---|{columns}
{rows}

The autoscaler stops at {most:,} pods; for {pods:,.0f} it has to be told so, in an overlay. What is left out: the
cluster's own machines, its balancers, its logs, and a second region.
"""


class Pod(NamedTuple):
    """What each pod is given, and when the autoscaler adds one."""

    cores: int
    mib: int
    busy: float  # share of its cores
    most: int  # pods

    @classmethod
    def read(cls) -> "Pod":
        """As deploy/kubernetes/ says."""
        deployment = yaml.safe_load((BASE / "deployment.yaml").read_text())
        resources = deployment["spec"]["template"]["spec"]["containers"][0]["resources"]
        scaler = yaml.safe_load((BASE / "autoscaler.yaml").read_text())["spec"]
        busy = scaler["metrics"][0]["resource"]["target"]["averageUtilization"] / 100
        mib = int(resources["limits"]["memory"].removesuffix("Mi"))
        return cls(int(resources["requests"]["cpu"]), mib, busy, scaler["maxReplicas"])


class Step(NamedTuple):
    """A line of the arithmetic: what it gives, how, and the figure."""

    what: str
    how: str
    figure: float
    form: str = ",.0f"


def steps(crowd: int, report: dict[str, Any], inputs: dict[str, Any], pod: Pod) -> list[Step]:
    """From people to money."""
    people, drawing, visit = inputs["people"], report["drawing"], report["visit"]
    pens = crowd * people["pen_down"]
    drawings, visits = pens * 1000 / people["round_trip_ms"], crowd / people["visit_minutes"] / 60
    cores = drawings * drawing["seconds"] + visits * visit["seconds"]
    pods = ceil(cores / pod.busy / pod.cores)
    received, sent = (
        drawings * drawing["bytes_received"],
        drawings * drawing["bytes_sent"] + visits * visit["bytes_sent"],
    )
    each, loading = f"{1000 * drawing['seconds']:.2f} ms", f"{1000 * visit['seconds']:.0f} ms"
    return [
        Step("pens on the sheet", f"people × {people['pen_down']:.0%}", pens),
        Step("drawings a second", f"pens ÷ {people['round_trip_ms']} ms", drawings),
        Step("visits a second", f"people ÷ {people['visit_minutes']} minutes", visits),
        Step("cores at work", f"drawings × {each} + visits × {loading}", cores, ",.1f"),
        Step("pods", f"cores ÷ {pod.busy:.0%} of the {pod.cores} that each has, rounded up", pods),
        Step("their memory, GiB", f"pods × {pod.mib} MiB", pods * pod.mib / 1024),
        Step("received, Gbit a second", f"drawings × {drawing['bytes_received']:,} bytes", received * 8e-9, ",.2f"),
        Step(
            "sent, Gbit a second",
            f"drawings × {drawing['bytes_sent']:,} bytes + visits × {visit['bytes_sent']:,}",
            sent * 8e-9,
            ",.2f",
        ),
        *money(crowd, pods, sent, pod, inputs),
    ]


def money(crowd: int, pods: int, sent: float, pod: Pod, inputs: dict[str, Any]) -> list[Step]:
    """From pods and bytes sent a second to what they cost."""
    prices, proxy = inputs["prices"], inputs["proxy"]["cores_for_each_core"]
    cores, memory, currency = prices["machine_cores"], prices["machine_gib"], prices["currency"]
    machines = ceil(max(pods * pod.cores * (1 + proxy) / cores, pods * pod.mib / 1024 / memory))
    rent, traffic = machines * prices["machine_hour"], sent * 3600e-9 * prices["gigabyte_sent"]
    holding = f"pods, and {proxy:.0%} more cores for nginx, on {cores} cores and {memory} GiB each"
    return [
        Step(f"machines ({prices['machine']})", holding, machines),
        Step(f"for the machines, {currency} an hour", f"machines × {prices['machine_hour']}", rent, ",.2f"),
        Step(
            f"for what is sent, {currency} an hour", f"gigabytes an hour × {prices['gigabyte_sent']}", traffic, ",.2f"
        ),
        Step(f"for 1,000 people, {currency} an hour", "both ÷ people", (rent + traffic) * 1000 / crowd, ",.2f"),
    ]


def page(report: dict[str, Any], inputs: dict[str, Any], pod: Pod) -> str:
    """The whole text."""
    crowds = [steps(crowd, report, inputs, pod) for crowd in CROWDS]
    rows = [
        f"| {each[0].what} | {each[0].how} | {' | '.join(format(step.figure, step.form) for step in each)} |"
        for each in zip(*crowds, strict=True)
    ]
    drawing, visit, people = report["drawing"], report["visit"], inputs["people"]
    return TEXT.format(
        machine=report["machine"],
        ms=1000 * drawing["seconds"],
        rate=1 / drawing["seconds"],
        received=drawing["bytes_received"],
        sent=drawing["bytes_sent"],
        visit_ms=1000 * visit["seconds"],
        visit_sent=visit["bytes_sent"],
        process=drawing["process_mib"],
        asked=drawing["answers_a_second"],
        crowds=" | ".join(f"{crowd:,}" for crowd in CROWDS),
        columns="--:|" * len(CROWDS),
        rows="\n".join(rows),
        most=pod.most,
        pods=next(step.figure for step in crowds[-1] if step.what == "pods"),
        **people,
        **{name: inputs["prices"][name] for name in ("place", "date")},
    )


def read() -> tuple[dict[str, Any], dict[str, Any], Pod]:
    """The report, the inputs and the pod."""
    inputs = tomllib.loads((DOCS / "capacity.toml").read_text())
    return json.loads((DOCS / "capacity.json").read_text()), inputs, Pod.read()


def main() -> int:
    """Write the page; always 0."""
    write_atomic(DOCS / "capacity.md", page(*read()).encode())
    sys.stdout.write("docs/capacity.md\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
