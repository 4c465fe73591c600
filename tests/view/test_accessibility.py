"""Pages for everybody: axe-core has nothing serious to say, keys are enough, colours are readable, motion can rest."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograd.view import themes

from ..browser import open_html
from .outputs import MAKERS, saved
from .pages import colour, counter, document, scripted

TEXTS = ["weight", "input", "bias"]
CSS = Path(themes.__file__).with_name("page.css").read_text(encoding="utf-8")
VARIABLES = {
    name: (light, dark) for name, light, dark in re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
}  # fmt: skip


def complaints(page):
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        (violation["id"], violation["impact"], [node["html"][:200] for node in violation["nodes"][:3]])
        for violation in found if violation["impact"] in ("serious", "critical")
    ]  # fmt: skip


@pytest.mark.parametrize("kind", MAKERS)
def test_axe_finds_nothing_serious(page, kind, tmp_path):
    open_html(page, Path(saved(MAKERS[kind](TEXTS), tmp_path)))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert complaints(page) == []


def test_axe_sees_into_an_output_and_objects(page):
    bad = """
      const low = element("p", {}, "hardly to be read");
      low.style.color = "#dddddd";
      low.style.background = "#ffffff";
      root.append(low, element("input", {}), element("button", {}));"""
    open_html(page, scripted(bad).html)
    assert {"color-contrast", "label", "button-name"} <= {name for name, *_ in complaints(page)}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast of two colours as WCAG 2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54  # the lightest grey that passes on white


@pytest.mark.parametrize("name", ["ink", "muted", "blue", "vermillion", "green"])
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_of_text_are_readable_on_every_ground(name, scheme):
    for ground in ("paper", "raised"):
        assert contrast(VARIABLES[name][scheme], VARIABLES[ground][scheme]) >= 4.5


@pytest.mark.parametrize("name", ["line", "focus"])
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_lines_and_the_focus_are_seen(name, scheme):
    assert contrast(VARIABLES[name][scheme], VARIABLES["paper"][scheme]) >= 3


def test_pages_and_pictures_have_the_same_paper_and_ink():
    for scheme, theme in enumerate((themes.LIGHT, themes.DARK)):
        assert VARIABLES["paper"][scheme].upper() == theme.paper
        assert VARIABLES["ink"][scheme].upper() == theme.ink


def test_keys_reach_everything_and_the_focus_is_seen(page):
    open_html(page, counter().html)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.locator("output").text_content() == "2.0000"
    assert colour(page, "button", "outline-style") == "solid"
    assert colour(page, "button", "outline-width") == "3px"
    page.keyboard.press("Tab")
    page.keyboard.type("w1")
    assert page.get_by_role("textbox").input_value() == "w1"
    assert colour(page, "button", "outline-style") == "none"


def test_what_is_announced_is_in_a_live_region(page):
    open_html(page, counter().html)
    region = page.locator("[aria-live=polite]")
    assert region.text_content() == ""
    page.get_by_role("button").click()
    assert region.text_content() == "1"
    box = region.bounding_box()
    assert (box["width"], box["height"]) == (1, 1)


def test_motion_rests_where_it_is_not_wanted(page):
    style = ".moving { animation: x 9s; transition: all 9s } @keyframes x { to { opacity: 0 } }"
    start = "root.append(element('p', { class: 'moving' }, String(prefersReducedMotion())))"
    moving = scripted(start, style=style)
    for wish, told, animation in (("no-preference", "false", "x"), ("reduce", "true", "none")):
        page.emulate_media(reduced_motion=wish)
        open_html(page, moving.html)
        assert page.locator(".moving").inner_text() == told
        assert colour(page, ".moving", "animation-name") == animation


def test_every_picture_has_its_words(page):
    open_html(page, document(counter(script="").fragment))
    assert page.get_by_role("img", name="tanh of 2 times 3 is 1").count() == 1
