"""The page of the mathematics: it is what its source, the code and the loaded network say."""

import html
import re

import numpy as np
import pytest

from app.api.maths import MathsPage, live_numbers
from app.middleware.security_headers import FIRST
from model.lecture.numbers import numbers, write_numbers
from model.network import Network
from model.storage import lookup
from tests.app.conftest import encoded, seven
from tests.conftest import ROOT
from tools import mathfont
from tools import maths as maker

TEXT = maker.SOURCE.read_text()
EXCERPTS = re.findall(r"<!-- code: (\S+) (\S+) -->\n```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def page(client):
    return client.get("/maths").text


@pytest.fixture(scope="module")
def known(recognizer):
    """The numbers of the network that ships, worked out now."""
    return maker.shipped() | numbers(recognizer.network)


@pytest.fixture
def render(client, tmp_path):
    """The page of a network whose numbers, if there are to be any, were written beside its weights."""

    def rendered(network, write=write_numbers):
        write(tmp_path / "w.npz", network)
        live = live_numbers(network, tmp_path / "w.npz", None)
        templates = client.app.state.templates.env
        return templates.get_template("maths.html").render(live=live, text=MathsPage(templates, live, {}).text)

    return rendered


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def test_the_page_comes_with_a_tag_and_only_once(client):
    reply = client.get("/maths")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert 'aria-current="page">Maths' in reply.text
    head = client.head("/maths")
    assert head.headers["etag"] == reply.headers["etag"]
    assert not head.content
    again = client.get("/maths", headers={"if-none-match": reply.headers["etag"]})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize("network", ["small", "wide"])
def test_each_network_that_ships_has_its_numbers(client, network):
    page = client.get(f"/maths?network={network}").text
    assert client.get(f"/model?network={network}").json()["model"] in page
    assert re.findall(r'<data value="([^"]*)">–</data>', page) == []


def test_a_drawing_has_its_own_numbers_in_the_same_places(client, page):
    own = client.post("/maths", content=encoded(seven()), headers={"Content-Type": "image/png"}).text
    answer = client.post("/predict", content=encoded(seven()), headers={"Content-Type": "image/png"}).json()
    numbers = [dict(re.findall(r'<data value="([\w.]+)[^"]*">(.*?)</data>', text)) for text in (page, own)]
    assert numbers[0].keys() == numbers[1].keys()
    assert numbers[1]["forward.inked"] == str(np.count_nonzero(answer["input"])) != numbers[0]["forward.inked"]
    assert numbers[1]["forward.answer"] == str(answer["digit"])
    places = r'<data |<figure class="live|<span class="example">'
    assert re.findall(places, own) == re.findall(places, page)
    assert "always the same: your drawing." in plain(own)
    assert "always the same: one hurried seven" in plain(page)


def test_of_a_blank_drawing_nothing_can_be_told(client):
    reply = client.post("/maths", json={"pixels": [0] * 784})
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")


def test_panels_and_sections_link_to_each_other(client, page):
    drawing = client.get("/").text
    sections = set(re.findall(r'<h2 id="([^"]+)"', page))
    panels = dict(re.findall(r'<details id="([^"]+)">\s*<summary><h3>([^<]*)', drawing))
    there = re.findall(r'<a href="/maths#([^"]+)"', drawing)
    back = re.findall(r'<a href="./#([^"]+)">([^<]*)</a>', page)
    assert len(there) == len(back) == 8
    assert set(there) <= sections
    assert [panels[panel] for panel, _ in back] == [title for _, title in back]


def test_source_and_page_are_what_make_maths_would_write(known):
    assert maker.updated(TEXT, known) == TEXT, "run `make maths`"
    assert maker.page(TEXT) == maker.PAGE.read_text(), "run `make maths`"


def test_a_table_is_in_a_box_that_scrolls_so_that_it_stays_a_table(page):
    """A box with the role of a region would take the table's own role from it."""
    tables = page.count("<table>")
    assert tables == page.count('<div class="wide"><table>') == page.count("</table>") > 3


def test_the_font_has_every_sign_of_the_formulas():
    panel = "".join((ROOT / "static" / "js" / "views" / name).read_text() for name in ("forward-steps.js", "mathml.js"))
    letters = re.findall(r'(?:mi|sub)\("(.)"', panel) + re.findall(r'sub\("\w", "(.)"', panel)
    signs = set(map(mathfont.italic, letters)) | set(map(ord, [*re.findall(r'mo\("(.)"', panel), *"0123456789."]))
    assert {"x", "w", "e"} < set(letters)
    assert mathfont.characters(maker.PAGE.read_text()) | signs <= mathfont.covered_characters()


@pytest.mark.parametrize(("path", "name", "code"), EXCERPTS, ids=[f"{path}:{name}" for path, name, _ in EXCERPTS])
def test_every_excerpt_stands_in_the_source(page, path, name, code):
    source, lines = (ROOT / path).read_text(), code.splitlines()
    assert lines[0].startswith(f"def {name.rpartition('.')[2]}(")
    indents = [indent for indent in ("", "    ") if f"{indent}{lines[0]}\n" in source]
    after = source.index(f"{indents[-1]}{lines[0]}\n")
    for line in lines:  # in this order; only the docstring is passed over
        after = source.index(f"{indents[-1]}{line}\n" if line else "\n", after)
    assert source[: after + 1].count('"""') % 2 == 0
    assert code in html.unescape(page)


def test_every_section_has_its_sentence_its_code_and_its_numbers():
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    assert len(sections) == 15
    for section in sections[:-1]:
        title = section.splitlines()[0]
        assert re.match(r".+\n\n\*\*[A-Z][^*]+\.\*\*\n", section), title
        assert "```math" in section, title
        assert "<!-- code: " in section, title
        assert '<data value="' in section, title


def test_every_number_is_there_and_is_said_as_it_stands_in_the_source(page, known):
    stated = re.findall(r'<data value="([\w.]+)(?::\w+|:%)?">(.*?)</data>', TEXT)
    assert len(stated) > 100
    assert [name for name, _ in stated if lookup(known, name) is None] == []
    assert re.findall(r'<data value="([\w.]+)(?::\w+|:%)?">(.*?)</data>', page) == stated


def test_nothing_on_the_page_needs_a_style_that_the_policy_forbids(page):
    assert " style=" not in page
    assert page.replace(f"<script>{FIRST}</script>", "", 1).count("<script>") == 0


@pytest.mark.parametrize(("sizes", "activation"), [((784, 20, 10), "tanh"), ((784, 12, 11, 10, 10), "relu")])
def test_any_network_has_its_page(render, sizes, activation):
    page = render(Network.create(sizes, np.random.default_rng(0), activation))
    assert " → ".join(map(str, sizes)) in plain(page)
    assert ("bends by tanh" in plain(page)) == (activation == "tanh")
    assert ('id="fig-fade"' in page) == (activation == "relu")
    assert ("#pixel-attribution" in page) == (activation == "relu")
    assert "; corners lie behind" not in plain(page)  # their number is there
    assert not re.search(r"\bnan\b", plain(page))


def test_odds_beyond_all_numbers_do_not_keep_the_page_from_coming(render, recognizer):
    network = recognizer.network
    page = render(Network(network.sizes, network.theta * np.float32(1e4), network.activation))
    assert "the answer is beyond all numbers times as probable" in plain(page)


def written_about_another(weights, network):
    write_numbers(weights, Network.create((784, 5, 10), np.random.default_rng(0)))


@pytest.mark.parametrize("write", [lambda *_: None, written_about_another])
def test_without_numbers_of_this_very_network_dashes_stand_in_their_places_and_a_sentence_helps(
    render, recognizer, write
):
    page = render(recognizer.network, write)
    numbers = re.findall(r'<data value="(.*?)">(.*?)</data>', page)
    assert len(numbers) > 100
    assert {text for name, text in numbers if name != "model.name"} == {"–"}
    assert recognizer.network.name in page
    assert 'id="fig-' not in page
    assert "python -m model.lecture" in page
    assert "python -m model.lecture" not in render(recognizer.network)
