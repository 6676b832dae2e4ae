"""The panel of the forward pass, step by step."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Route, expect

from model.network import Network
from tests.e2e.actions import first, number, opened, scroll_width, until
from tests.e2e.answers import explained, predicted
from tests.e2e.conftest import PHONE

STEPS = ["A pixel", "Multiply, add", "Bend", "Layer 2", "The score", "Certainty"]


def step(body: Locator, name: str) -> None:
    body.get_by_role("radio", name=name).check()
    expect(body.get_by_role("region", name=name)).to_be_visible()


def summed(body: Locator) -> list[float]:
    """The numbers of the sum on show; all but the last add up to it."""
    return [number(text) for text in body.locator(".sum td:last-child").all_inner_texts()]


def chosen(body: Locator) -> int:
    return int(body.get_by_label("Neuron", exact=True).input_value())


def test_next_leads_through_every_step_and_back_to_the_first(page):
    body = opened(page, "forward-pass")
    expect(body.get_by_role("button", name="Back")).to_be_disabled()
    for name in STEPS:
        expect(body.get_by_role("region", name=name)).to_be_visible()
        assert body.locator(".page math").count() > 0
        assert "STIX" in body.locator(".page math").first.evaluate("(math) => getComputedStyle(math).fontFamily")
        body.locator(".buttons button").nth(1).click()
    expect(body.get_by_role("region", name="A pixel")).to_be_visible()


def test_the_sums_add_up_and_are_the_servers(page, live_server):
    body = opened(page, "forward-pass")
    answer, truth = predicted(page, live_server), explained(page, live_server)
    for layer, name in enumerate(["Multiply, add", "Layer 2"]):
        step(body, name)
        *terms, pre_activation = summed(body)
        assert sum(terms) == pytest.approx(pre_activation, abs=1e-9)
        assert pre_activation == pytest.approx(answer["activations"][layer]["values"][chosen(body)], abs=0.00061)
    step(body, "The score")
    *terms, score = summed(body)
    assert sum(terms) == pytest.approx(score, abs=1e-9)
    assert score == pytest.approx(truth["logits"][7], abs=0.00061)


def test_a_written_term_is_the_pixel_times_its_weight(page, live_server):
    body = opened(page, "forward-pass")
    step(body, "Multiply, add")
    weights = np.frombuffer(page.request.get(f"{live_server}/model/weights/1").body(), "<f4").reshape(784, -1)
    pixels = np.array(predicted(page, live_server)["input"]) / 255
    parts = np.sort(np.abs(pixels * weights[:, chosen(body)]))[::-1]
    assert [abs(part) for part in summed(body)[:3]] == pytest.approx(parts[:3], abs=0.00051)
    place = re.search(r"row (\d+), column (\d+)", body.locator(".sum th").first.inner_text())
    assert place is not None
    pixel = 28 * int(place[1]) + int(place[2])
    assert abs(pixels[pixel] * weights[pixel, chosen(body)]) == pytest.approx(parts[0], abs=1e-6)


def test_another_neuron_is_followed_until_the_strongest_is_chosen_again(page, live_server):
    body = opened(page, "forward-pass")
    step(body, "Multiply, add")
    strongest = chosen(body)
    values = predicted(page, live_server)["activations"][0]["values"]
    inactive = values.index(0)
    field = body.get_by_label("Neuron", exact=True)
    field.fill(str(inactive))
    field.press("Enter")
    expect(body.locator(".page .sentence")).to_contain_text(f"Neuron {inactive} of hidden layer 1")
    step(body, "Bend")
    expect(body.locator(".page .sentence")).to_have_text(
        re.compile(rf"^Neuron {inactive} of hidden layer 1 heard −[\d.]+, not more than zero, and says nothing, 0\.$")
    )
    step(body, "Multiply, add")
    body.get_by_role("button", name="The strongest").click()
    expect(field).to_have_value(str(strongest))


def test_the_activation_of_an_ablated_neuron_is_0_whatever_its_sum(page):
    body = opened(page, "forward-pass")
    step(body, "Multiply, add")
    strongest = chosen(body)
    for direction in ("Next", "Previous"):  # it is chosen, and followed even where another becomes the strongest
        body.get_by_role("button", name=f"{direction} neuron").click()
    tiles = page.locator("#network .tiles").first
    size = tiles.evaluate("(box) => box.clientWidth") / 8
    tiles.click(position={"x": (strongest % 8 + 0.5) * size, "y": (strongest // 8 + 0.5) * size})
    page.get_by_role("button", name="Switch this neuron off").click()
    step(body, "Bend")
    expect(body.locator(".page .sentence")).to_have_text(
        re.compile(r"heard [\d.]+, but it is switched off and says nothing, 0\.$")
    )
    expect(body.locator(".page .formula")).to_have_text(re.compile(r"=\s*0, for it is switched off$"))


def test_another_digit_is_followed(page, live_server):
    body = opened(page, "forward-pass")
    step(body, "The score")
    body.get_by_role("radio", name="1", exact=True).check()
    expect(body.locator(".page .sentence")).to_contain_text("The 1 adds up once more")
    truth = explained(page, live_server)
    assert summed(body)[-1] == pytest.approx(truth["logits"][1], abs=0.00061)
    expect(body.locator(".page .sentence")).to_contain_text(f"7 has more, {truth['logits'][7]:.2f}")


def test_the_temperature_changes_how_sure_it_is_and_not_the_order(page, live_server):
    body = opened(page, "forward-pass")
    truth = explained(page, live_server)
    own, logits = truth["temperature"], np.array(truth["logits"])
    step(body, "Certainty")
    shares = body.locator(".shares td:last-child")
    note = body.locator(".page .note")
    expect(note).to_contain_text(f"the network’s own temperature {own:.4f}")
    expect(page.locator("#bars .share").first).not_to_be_empty()
    assert shares.all_inner_texts() == page.locator("#bars .share").all_inner_texts()
    slider = body.get_by_role("slider", name="Temperature")
    slider.focus()
    page.keyboard.press("End")
    expect(note).to_contain_text("Hotter: less sure. At temperature 4.00")
    powers = np.exp((logits - logits.max()) / 4)
    expected = 100 * powers / powers.sum()
    found = [float(text.strip("%")) for text in shares.all_inner_texts()]
    assert found == pytest.approx(expected, abs=0.051)
    body.get_by_role("button", name="Reset").click()
    expect(note).to_contain_text("the network’s own temperature")


def test_the_steps_are_gone_through_with_the_keyboard_and_what_comes_late_is_said_late(page):
    held: list[Route] = []
    page.route("**/explain*", lambda route: route.continue_() if held else held.append(route))
    body = opened(page, "forward-pass")
    body.get_by_role("radio", name="1 A pixel").focus()
    for name in STEPS[1:]:
        page.keyboard.press("ArrowRight")
        expect(body.get_by_role("region", name=name)).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text("still on its way")
    first(page, held).continue_()
    expect(page.locator("#announcer")).to_contain_text("The larger a score")
    body.get_by_role("button", name="Start again").focus()
    page.keyboard.press("Enter")
    expect(body.get_by_role("region", name="A pixel")).to_be_visible()


def test_on_a_blank_pad_it_asks_for_a_drawing(page):
    body = opened(page, "forward-pass")
    page.locator("#clear").click()
    expect(body.locator(".sentence:visible")).to_have_text(
        "Draw something, and follow its numbers from the ink to the answer."
    )


def test_no_step_is_wider_than_a_phone(open_page):
    page = open_page(viewport=PHONE)
    body = opened(page, "forward-pass")
    for name in STEPS:
        step(body, name)
        assert scroll_width(page) == PHONE["width"], name
        wide = (
            "[...document.querySelectorAll('#forward-pass math')]"
            ".some((math) => math.getBoundingClientRect().right > 376)"
        )
        assert not page.evaluate(wide), name


# -- a network of another shape ---------------------------------------------------------------------------------------


def test_the_panels_about_neurons_follow_a_network_of_another_shape(page, serve_network):
    page.route("**/model/gallery/**", lambda route: route.fulfill(json={"pictures": [], "labels": [], "values": []}))
    server = serve_network(Network.create((784, 30, 7, 12, 10), np.random.default_rng(3)))
    page.goto(server)
    page.get_by_role("button", name="Write a 7").click()
    until(page, "document.querySelector('#announcer').textContent !== ''")
    for panel in ("neuron", "neuron-atlas", "forward-pass"):
        page.locator(f"#{panel} summary").press("Enter")
    expect(page.locator("#neuron .sentence")).to_contain_text("of hidden layer 3")
    expect(page.locator("#neuron .top-pictures")).to_have_text("No training picture makes it say anything.")
    expect(page.locator("#neuron-atlas .sentence")).to_contain_text("All 49 neurons are on")
    expect(page.locator("#neuron-atlas .tiles")).to_have_count(3)
    body = page.locator("#forward-pass .body")
    answer = predicted(page, server)
    for layer, name in ((1, "Layer 2"), (2, "Layer 3")):
        step(body, name)
        *terms, pre_activation = summed(body)
        assert sum(terms) == pytest.approx(pre_activation, abs=1e-9)
        assert max(0, pre_activation) == pytest.approx(
            answer["activations"][layer]["values"][chosen(body)], abs=0.00061
        )
