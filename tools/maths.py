"""Renew the numbers and excerpts in docs/maths.md and make the page /maths from it: `python -m tools.maths`.

docs/maths.md is the one source. This command renews what is not prose in it: excerpts of the code, by the name of their
function; numbers, by the name that `model.lecture.numbers` gives them; the list of contents. From all of it comes
templates/maths_text.html: the prose by markdown-it-py, the formulas by Temml as MathML, which needs no script.
"""

import ast
import html
import itertools
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from app.api.maths import format_number, live_numbers
from model.lecture.numbers import write_numbers
from model.network import Network
from model.storage import lookup, read_report, wide_path, write_atomic
from tools import mathfont

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "docs" / "maths.md"
PAGE: Final = ROOT / "templates" / "maths_text.html"
WEIGHTS: Final = ROOT / "weights" / "digits.npz"
NODE: Final = ROOT / ".venv" / "bin" / "node"
EXCERPT: Final = re.compile(r"(<!-- code: (\S+) (\S+) -->\n```python\n).*?(^```$)", re.DOTALL | re.MULTILINE)
NUMBER: Final = re.compile(r'(<data value="([\w.]+)(?::(\w+|%))?">).*?(</data>)')
CONTENTS: Final = re.compile(r"(<!-- contents -->\n).*?(\n<!-- /contents -->)", re.DOTALL)
HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
ALONE: Final = r"<math>(?:(?!</math>).)*</math>"
BESIDE: Final = re.compile(rf"\({ALONE}[.,;:?)]*|{ALONE}[.,;:?)]+")  # a formula and the signs that touch it
EXAMPLE: Final = re.compile(r'(<span class="example">)((\w).*?)(</span>)')
STYLE: Final = re.compile(r' style="[^"]*"')  # the page's policy forbids them; static/css/maths.css has what is needed


def excerpt(path: str, name: str) -> str:
    """A function of our code as it stands, `Class.method` for a method, without its docstring: the text explains it."""
    source = (ROOT / path).read_text()
    node: Any = ast.parse(source)
    for part in name.split("."):
        node = next(child for child in node.body if getattr(child, "name", None) == part)
    first = node.body[0]
    docstring = range(first.lineno, first.end_lineno + 1) if ast.get_docstring(node) else ()
    lines = enumerate(source.splitlines(), start=1)
    kept = [line for at, line in lines if node.lineno <= at <= node.end_lineno and at not in docstring]
    return textwrap.dedent("\n".join(kept)) + "\n"


def updated(text: str, known: dict[str, Any]) -> str:
    """The source with its excerpts, numbers and contents as they are now."""
    text = EXCERPT.sub(lambda found: f"{found[1]}{excerpt(found[2], found[3])}{found[4]}", text)
    text = NUMBER.sub(
        lambda found: f"{found[1]}{format_number(lookup(known, found[2]), found[3] or '')}{found[4]}", text
    )
    listed = "\n".join(f"- [{title}](#{slug(title)})" for title in HEADING.findall(text))
    return CONTENTS.sub(lambda found: f"{found[1]}\n{listed}\n{found[2]}", text)


def slug(title: str) -> str:
    """The anchor that code hosts give a heading.

    >>> slug("2. Softmax, and why it is shifted")
    '2-softmax-and-why-it-is-shifted'
    """
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def page(text: str) -> str:
    """The text as a part of a Jinja template: a number becomes its name, a figure its own template."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table").use(dollarmath_plugin)
    tokens = markdown.parse(text)
    _link_headings(tokens)
    _replace_formulas_and_code(tokens)
    written = markdown.renderer.render(tokens, markdown.options, {}).replace("{", "&#123;")
    written = NUMBER.sub(
        lambda found: f'{found[1]}{{{{ format_number(lookup(live, "{found[2]}"), "{found[3] or ""}") }}}}{found[4]}',
        written,
    )
    written = EXAMPLE.sub(_example, written)
    written = BESIDE.sub(r'<span class="together">\g<0></span>', written)
    for directive, replacement in _DIRECTIVES:
        written = re.sub(rf"<!-- {directive} -->\n?", replacement, written)
    for tag, around in (("<table>", '<div class="wide"><table>'), ("</table>", "</table></div>")):  # wide ones scroll
        written = written.replace(tag, around)
    head = "{#- Written by `make maths` from docs/maths.md: change that. -#}\n"
    return head + STYLE.sub("", written)


_DIRECTIVES: Final = (
    ("contents", '<details class="contents"><summary>Contents</summary><nav aria-label="Contents">\n'),
    ("/contents", "</nav></details>\n"),
    (r"if ([\w.]+)", r'{% if lookup(live, "\1") %}'),
    ("/if", "{% endif %}"),
    (r"panels: ([\w -]+)", r'{% with ids = "\1" %}{% include "maths/panels.html" %}{% endwith %}' + "\n"),
    ("training", '{% include "maths/training.html" %}\n'),
    (r"figure: (\w+)", r'{% if live.forward %}{% include "maths/\1.html" %}{% endif %}' + "\n"),
    ("relu", '{% include "maths/relu.html" %}\n'),
)


def _example(found: re.Match[str]) -> str:
    """The words for the example, which may be a person's own drawing."""
    own = "Your drawing" if found[3].isupper() else "your drawing"
    return f"{found[1]}{{% if live.own %}}{own}{{% else %}}{found[2]}{{% endif %}}{found[4]}"


def _with_children(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _link_headings(tokens: list[Token]) -> None:
    """Give each section's heading an anchor and make it a link to it."""
    for opened, inline in itertools.pairwise(tokens):
        if opened.type == "heading_open" and opened.tag == "h2":
            anchor = slug(inline.content)
            opened.attrSet("id", anchor)
            inline.content = f'<a href="#{anchor}">{inline.content}</a>'
            parsed = MarkdownIt("commonmark", {"html": True}).parseInline(inline.content)
            inline.children = parsed[0].children


def _replace_formulas_and_code(tokens: list[Token]) -> None:
    """Formulas become MathML, and excerpts figures with the name of their file."""
    formulas = [token for token in _with_children(tokens) if token.type == "math_inline" or token.info == "math"]
    made = mathml([(token.content, token.type == "fence") for token in formulas])
    for token, written in zip(formulas, made, strict=True):
        alone = token.type == "fence"
        token.type = "html_block" if alone else "html_inline"
        token.content = f'<div class="formula">{written}</div>\n' if alone else written
    for before, token in itertools.pairwise(tokens):
        found = re.match(r"<!-- code: (\S+) (\S+) -->", before.content)
        if found and token.type == "fence":
            before.content, token.type = "", "html_block"
            label = f"<figcaption>{found[1]}, <code>{found[2]}</code></figcaption>"
            code = html.escape(token.content, quote=False)
            token.content = f'<figure class="code">{label}<pre><code>{code}</code></pre></figure>\n'


def mathml(formulas: list[tuple[str, bool]]) -> list[str]:
    """Each TeX formula as MathML; whether it stands alone decides its size."""
    command = [NODE, ROOT / "tools" / "mathml.js"]
    made = subprocess.run(command, input=json.dumps(formulas), capture_output=True, text=True, check=True, cwd=ROOT)
    written: list[str] = json.loads(made.stdout)
    return written


def shipped() -> dict[str, Any]:
    """The numbers of the network that ships, from the file beside it."""
    network = Network.load(WEIGHTS)
    return live_numbers(network, WEIGHTS, read_report(WEIGHTS, network.name))


def main() -> int:
    """Write the numbers, the text and the page, and the font if a sign is new; always 0."""
    for weights in (WEIGHTS, wide_path(WEIGHTS)):
        write_numbers(weights, Network.load(weights))
    text = updated(SOURCE.read_text(), shipped())
    write_atomic(SOURCE, text.encode())
    made = page(text)
    write_atomic(PAGE, made.encode())
    if not mathfont.characters(made) <= mathfont.covered_characters():
        write_atomic(mathfont.SUBSET, mathfont.subset(made))
    sys.stdout.write(f"{SOURCE.relative_to(ROOT)} and {PAGE.relative_to(ROOT)} are up to date\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
