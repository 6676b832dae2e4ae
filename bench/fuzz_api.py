"""`python -m bench.fuzz_api` sends Schemathesis' cases, made from the OpenAPI document, to a server of its own.

No 5xx, and every status, content type and body as the document says; over 10,000 cases unless told otherwise.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from bench.servers import OURS, serving

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


def main() -> int:
    """Schemathesis' own exit status: 0 if nothing was found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=750, help="of each operation")
    examples = arguments.parse_args().examples
    beside = Path(sys.executable).with_name("schemathesis")
    program = str(beside) if beside.exists() else shutil.which("schemathesis")
    if program is None:
        sys.stderr.write("There is no schemathesis: `make peers` installs it.\n")
        return 1
    with serving(OURS) as (host, _):
        command = [program, "run", f"http://{host}/openapi.json", "--seed", "1", "--max-examples", str(examples)]
        return subprocess.run([*command, "--checks", ",".join(CHECKS)], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
