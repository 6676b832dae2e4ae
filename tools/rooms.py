"""Draw the house from its imports: `python -m tools.rooms` brings the picture in CONTRIBUTING.md up to date.

A room is a folder; the files at the root of `model/` and `app/` are two rooms each. An arrow says that some file of one
room imports from another; imports for type checking count too.
"""

import ast
import os
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

from model.storage import write_atomic

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = re.compile(r"(?<=```mermaid\n)[^`]*(?=```)")
ROOTS: Final = {  # rooms made of files at a package's root
    **dict.fromkeys(("model.train", "model.evaluate"), "model: commands"),
    **dict.fromkeys(("model.predict", "model.experiment", "model.localize"), "model: commands"),
    **dict.fromkeys(("model.segment", "model.crossvalidate"), "model: commands"),
    **dict.fromkeys(("app.main", "app.__main__", "app.server", "app.healthcheck"), "app: server"),
    **dict.fromkeys(("app.settings", "app.networks", "app.assets", "app"), "app: settings, networks"),
}
JS_IMPORT: Final = re.compile(
    r'(?:^(?:import|export|\}) ?(?:[^"]*? from )?|await import\()"(\.{1,2}/[^"]+)"', re.MULTILINE
)

Graph = dict[str, set[str]]


def python_imports(*packages: str, root: Path = ROOT) -> Graph:
    """The modules of the packages, each with those of them that it imports, by dotted name."""
    paths = {_dotted(path.relative_to(root)): path for package in packages for path in (root / package).rglob("*.py")}
    return {name: _imported(path, set(paths)) - {name} for name, path in paths.items()}


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, known: set[str]) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & known
            found |= submodules or ({node.module} & known)
    return found


def js_imports(root: Path = ROOT) -> Graph:
    """The page's modules, each with those that it imports, by path."""
    return {
        path.relative_to(root).as_posix(): {
            os.path.relpath(os.path.normpath(path.parent / name), root) for name in JS_IMPORT.findall(path.read_text())
        }
        for path in (root / "static" / "js").rglob("*.js")
    }


def room(module: str) -> str:
    """The room of a module.

    >>> room("app.api.predict"), room("model.train"), room("model.network"), room("static/js/views/bars.js")
    ('app/api', 'model: commands', 'model: core', 'static/js/views')
    """
    if "/" in module:
        return str(Path(module).parent)
    package, _, rest = module.partition(".")
    if named := ROOTS.get(module):
        return named
    inner = rest.partition(".")[0]
    if (ROOT / package / inner).is_dir() and inner:
        return f"{package}/{inner}"
    return "model: core" if package == "model" else package


def between_rooms(modules: Graph) -> Graph:
    """Every room, with those that it imports from."""
    rooms: Graph = {}
    for module, imported in modules.items():
        rooms.setdefault(room(module), set()).update(room(name) for name in imported)
    return {name: others - {name} for name, others in rooms.items()}


def circle(graph: Graph) -> list[str] | None:
    """Names that import each other in a circle, if some do.

    >>> circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}), circle({"a": {"b"}, "b": set()})
    (['b', 'c', 'b'], None)
    """
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return None


def reachable(name: str, graph: Graph) -> set[str]:
    """All that a name leads to.

    >>> sorted(reachable("a", {"a": {"b"}, "b": {"c"}}))
    ['b', 'c']
    """
    direct = graph.get(name, set())
    return direct.union(*(reachable(other, graph) for other in direct))


def picture() -> str:
    """The rooms as a Mermaid flow chart, with those arrows that do not follow from others."""
    rooms = between_rooms(python_imports("app", "model", "bench", "tools")) | between_rooms(js_imports())
    lines = ["flowchart TD\n", *(f'  {_id(name)}["{name}"]\n' for name in sorted(rooms))]
    for name, others in sorted(rooms.items()):
        implied = set[str]().union(*(reachable(other, rooms) for other in others))
        if direct := sorted(others - implied):
            lines.append(f"  {_id(name)} --> {' & '.join(map(_id, direct))}\n")
    return "".join(lines)


def _id(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def main() -> None:
    """Write the picture into CONTRIBUTING.md."""
    path = ROOT / "CONTRIBUTING.md"
    write_atomic(path, PICTURE.sub(lambda _: picture(), path.read_text(), count=1).encode())


if __name__ == "__main__":
    main()
