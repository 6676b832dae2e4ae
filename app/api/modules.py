"""The modules that a page's script imports, so that a browser may fetch all of them at once."""

import re
from typing import Final

from app.settings import ROOT

SCRIPTS: Final = ROOT / "static" / "js"
IMPORTED: Final = re.compile(r'^(?:import|export|\}) ?(?:[^"@]*? from )?"(\.{1,2}/[^"]+)";', re.MULTILINE)


def modules_of(entry: str) -> list[str]:
    """The script and all that it imports, by their names in static/js."""
    found, coming = set[str](), [SCRIPTS / entry]
    while coming:
        module = coming.pop()
        name = module.relative_to(SCRIPTS).as_posix()
        if name not in found:
            found.add(name)
            coming += [(module.parent / path).resolve() for path in IMPORTED.findall(module.read_text())]
    return sorted(found)
