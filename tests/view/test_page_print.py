"""Pages on paper: names and numbers are there as text, nothing is cut, and nothing can be pressed."""

import pytest

from autograd.view.replayer import replay

from ..browser import open_html
from .pages import colour, counter
from .replay.computations import chain, neuron, sized
from .replay.pages import go
from .watch.test_in_the_browser import seen

CONTROLS = "button:not(.plain), select, input[type=range], .controls, .editing, summary"
CUT = """app => [...app.querySelectorAll('*')].filter((e) => e.getClientRects().length && e instanceof HTMLElement
    && e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).overflowY !== "visible").map((e) => e.className)"""


def printed(page, made):
    """The page as it is on a sheet of paper as wide as A4, for a reader whose screen is dark."""
    page.emulate_media(color_scheme="dark")
    open_html(page, made.html)
    return lambda: (page.emulate_media(media="print"), page.set_viewport_size({"width": 794, "height": 1123}))


def visible(page, selector):
    return [found for found in page.locator(f".app {selector}").all() if found.is_visible()]


def nothing_to_press(page):
    assert [found.evaluate("e => e.outerHTML") for found in visible(page, f":is({CONTROLS})")] == []
    assert page.locator(".app").evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_replay_on_paper_has_names_and_data_and_no_controls(page):
    put_on_paper = printed(page, replay(neuron()))
    go(page, 9)
    assert len(visible(page, ":is(button:not(.plain), input[type=range], .editing)")) > 5  # on the screen
    put_on_paper()
    assert [name.inner_text() for name in visible(page, "tbody .plain")] == [
        "x1", "w1", "x1w1", "x2", "w2", "x2w2", "v1", "b", "n", "o",
    ]  # fmt: skip
    leaves = visible(page, "tbody input")
    assert [leaf.input_value() for leaf in leaves] == ["2.0000", "-3.0000", "0.0000", "1.0000", "6.8814"]
    for text in (".plain", "tbody input"):
        assert colour(page, f".app {text}") == "rgba(0, 0, 0, 0)"
        assert colour(page, f".app {text}", "border-top-color") in ("rgba(0, 0, 0, 0)", "rgb(27, 31, 36)")
        assert colour(page, f".app {text}", "color") in ("rgb(27, 31, 36)", "rgb(87, 96, 106)")
    assert colour(page, ".app") == "rgb(255, 255, 255)"
    assert colour(page, ".app .picture svg rect", "fill") == "rgb(255, 255, 255)"
    nothing_to_press(page)


@pytest.mark.parametrize("make", [lambda: chain(90), lambda: sized(151)], ids=["chain", "wide"])
def test_all_rows_and_the_whole_picture_are_on_paper(page, make):
    printed(page, replay(make()))()
    nothing_to_press(page)
    rows = page.locator("tbody tr")
    table, last = page.locator(".table").bounding_box(), rows.last.bounding_box()
    assert last["y"] + last["height"] <= table["y"] + table["height"] + 1
    assert rows.count() * 30 < table["height"]
    assert page.locator("tbody .plain").last.is_visible()
    view, svg = page.locator(".picture").bounding_box(), page.locator(".picture svg").bounding_box()
    assert svg["width"] <= view["width"]
    assert svg["height"] <= view["height"]
    shapes = page.locator(".picture g[data-node]")
    assert all(shapes.evaluate_all("all => all.map((shape) => shape.getBoundingClientRect().width > 1)"))


def test_practice_on_paper_reveals_no_answer(page):
    put_on_paper = printed(page, replay(neuron(), practice=True))
    go(page, 7)
    put_on_paper()
    assert page.locator(".question").is_visible()
    assert [name.inner_text() for name in visible(page, "tbody .plain")][-1] == "o"
    grads = page.locator("tbody td.grad").all_inner_texts()
    assert grads == ["—"] * 9 + ["1.0000"]
    drawn = page.locator(".picture text.grad").all_text_contents()
    assert sorted(drawn) == ["1.0000"] + ["—"] * 9
    assert page.locator(".ask input").input_value() == ""
    assert page.locator(".ask input").is_visible()  # a line to write on
    text = page.locator(".app").inner_text()
    assert "0.5000" not in text
    assert "-1.5000" not in text
    nothing_to_press(page)


def test_a_training_on_paper_has_its_panels_and_no_player(page):
    put_on_paper = printed(page, seen().page)
    assert page.locator(".app .controls").is_visible()
    put_on_paper()
    assert page.locator(".app .panels svg").count() == len(visible(page, ".panels svg")) == 5
    assert page.locator(".app .figures span").all_inner_texts() == ["step 12", "loss 0.3333", "accuracy 1.0000"]
    nothing_to_press(page)


def test_any_page_on_paper_is_light_and_shows_what_was_typed(page):
    put_on_paper = printed(page, counter())
    page.get_by_label("Name").fill("Ada")
    assert colour(page, ".app") != "rgb(255, 255, 255)"
    put_on_paper()
    assert not page.locator(".app button").is_visible()
    assert page.get_by_label("Name").is_visible()
    assert page.get_by_label("Name").input_value() == "Ada"
    assert colour(page, ".app") == "rgb(255, 255, 255)"
