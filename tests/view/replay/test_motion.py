"""Motion where it is welcome and only there; and what the slider says to those who do not see it move."""

import pytest

from .computations import chain, neuron, sized
from .pages import go, last_step, opened

# Where the picture stands before a step, in the same moment after it, and when it has come to rest there.
SCROLLS = """async (app) => {
  const view = app.querySelector(".picture");
  const place = () => Math.round(view.scrollLeft + view.scrollTop); // a long chain is drawn downwards
  const slider = app.querySelector("input[type=range]");
  const go = async (step) => {
    slider.value = String(step);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const atOnce = place();
    for (let i = 0, rests = 0, last = atOnce; i < 100 && rests < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      rests = place() === last ? rests + 1 : 0;
      last = place();
    }
    return atOnce;
  };
  await go(60);
  const before = place();
  return [before, await go(slider.max - 1), place()];
}"""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_picture_scrolls_at_once_where_less_motion_is_asked_for(page, motion):
    """From the output, at the far end of a long chain, to its leaf at the beginning."""
    page.emulate_media(reduced_motion=motion)
    opened(page, chain(60))
    before, at_once, at_rest = page.locator(".app").evaluate(SCROLLS)
    assert at_rest < before - 300
    assert at_once == (at_rest if motion == "reduce" else before)


def test_no_style_scrolls_smoothly_by_itself(page):
    page.emulate_media(reduced_motion="reduce")
    opened(page, chain(60))
    moving = page.locator(".app").evaluate(
        "app => [app, ...app.querySelectorAll('*')].map((e) => getComputedStyle(e)).filter((style) =>"
        " style.scrollBehavior === 'smooth' || parseFloat(style.transitionDuration) > 0"
        " || style.animationName !== 'none').length"
    )
    assert moving == 0


def test_the_slider_says_the_sentence_of_its_step(page):
    opened(page, neuron())
    slider, said = page.get_by_label("Step", exact=True), page.locator("[aria-live]")
    for k in range(last_step(page) + 1):
        go(page, k)
        assert slider.get_attribute("aria-valuetext") == said.text_content()
    go(page, 5)
    assert slider.get_attribute("aria-valuetext") == (
        "Step 5 of 16. Forward: o is tanh(n), that is tanh(0.8814) = 0.7071."
    )
    page.locator(".picture").press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext").startswith("Step 4 of 16. Forward: n is ")


@pytest.mark.parametrize(("make", "settings", "second"), [
    (neuron, {"practice": True}, "Step 1 of "), (lambda: sized(31), {"limit": 30}, "Step 1 of "),
], ids=["practice", "boxes"])  # fmt: skip
def test_the_slider_speaks_in_practice_and_where_boxes_are_shown(page, make, settings, second):
    opened(page, make(), **settings)
    page.locator(".picture").press("ArrowRight")
    assert page.get_by_label("Step", exact=True).get_attribute("aria-valuetext").startswith(second)
