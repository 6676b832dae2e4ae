"""Write the API's types for the page: `python -m tools.api_types` makes static/js/server/api.d.ts from the schemas.

With `--check` it writes nothing and exits with 1 where the file is not up to date.
"""

import json
import subprocess
import sys
from typing import Any, Final

from app.main import app
from app.settings import ROOT

TYPES: Final = ROOT / "static" / "js" / "server" / "api.d.ts"
GENERATOR: Final = ROOT / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
NODE: Final = ROOT / ".venv" / "bin" / "node"
OPTIONS: Final = ("--root-types", "--root-types-no-schema-prefix", "--root-types-keep-casing")


def schemas() -> dict[str, Any]:
    """The API's document with the schemas of the page's replies alone, and without pydantic's titles."""
    document = app.openapi()
    named = {name: schema for name, schema in document["components"]["schemas"].items() if not name.startswith("Oip")}
    for schema in named.values():
        for field in schema["properties"].values():
            field.pop("title", None)
    return {"openapi": document["openapi"], "info": document["info"], "paths": {}, "components": {"schemas": named}}


def main(arguments: list[str]) -> int:
    """Write the file, or check it; 0 if it is up to date then."""
    TYPES.parent.mkdir(exist_ok=True)
    command = [str(NODE), str(GENERATOR), *OPTIONS, *arguments, "--output", str(TYPES.relative_to(ROOT))]
    done = subprocess.run(command, input=json.dumps(schemas()), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.stderr.write(f"{done.stderr}{TYPES.relative_to(ROOT)} is not up to date: run `make types`\n")
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
