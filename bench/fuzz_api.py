"""`python -m bench.fuzz_api` sends Schemathesis' cases, made from the OpenAPI document, to a server of its own.

No 5xx, and every status, content type and body as the document says; over 10,000 cases unless told otherwise. The
server has the budgets of a 256 MB container; its peak of memory and the hold of its event loop are bounded, too.
"""

import argparse
import asyncio
import shutil
import sys
from pathlib import Path

from bench.hostile import PEAK, budgets, longest_wait, memory
from bench.servers import OURS, serving

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


HOLD = 0.05  # seconds; Schemathesis works beside the server, so that one wait is no measure of one request


async def run(program: str, examples: int) -> int:
    """Schemathesis' own exit status, or 1 above a bound of the server."""
    with serving(OURS, None, None, **budgets()) as (host, pid):
        command = ["run", f"http://{host}/openapi.json", "--seed", "1", "--max-examples", str(examples)]
        done = asyncio.Event()
        waiting = asyncio.create_task(longest_wait(host, pid, done))
        process = await asyncio.create_subprocess_exec(program, *command, "--checks", ",".join(CHECKS))
        status = await process.wait()
        done.set()
        hold, peak = await waiting, memory(pid, "VmHWM")
    sys.stdout.write(
        f"peak {peak:.0f} MiB (goal {PEAK:.0f}), longest hold {hold * 1000:.1f} ms (goal {HOLD * 1000:.0f})\n"
    )
    return status or int(peak > PEAK or hold > HOLD)


def main() -> int:
    """0 if nothing was found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=750, help="of each operation")
    examples = arguments.parse_args().examples
    beside = Path(sys.executable).with_name("schemathesis")
    program = str(beside) if beside.exists() else shutil.which("schemathesis")
    if program is None:
        sys.stderr.write("There is no schemathesis: `make peers` installs it.\n")
        return 1
    return asyncio.run(run(program, examples))


if __name__ == "__main__":
    raise SystemExit(main())
