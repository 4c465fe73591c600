"""How a replay looks, as far as a program can tell: all parts visible, none over another, readable by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograd.engine import toposort
from autograd.view.replayer import replay
from autograd.view.themes import DARK, LIGHT
from autograd.view.tracing import trace

from ...browser import open_html
from .computations import chain, neuron, shared, sized
from .pages import go, last_step, opened

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
PARTS = (".picture", ".controls", ".panel")


@pytest.fixture
def window(browser, watching):
    """A function that opens a page in a window of a size, in a colour scheme, with or without motion."""
    contexts = []

    def make(size="wide", scheme="light", motion="reduce"):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion=motion, offline=True
        )
        contexts.append(context)
        return watching(context)

    yield make
    for context in contexts:
        context.close()


def frames(page, *selectors):
    return [page.locator(selector).first.bounding_box() for selector in selectors]


def apart(one, other):
    return (
        one["x"] + one["width"] <= other["x"] + 0.5 or other["x"] + other["width"] <= one["x"] + 0.5
        or one["y"] + one["height"] <= other["y"] + 0.5 or other["y"] + other["height"] <= one["y"] + 0.5
    )  # fmt: skip


def inside(one, other, margin=1):
    return (
        one["x"] >= other["x"] - margin and one["y"] >= other["y"] - margin
        and one["x"] + one["width"] <= other["x"] + other["width"] + margin
        and one["y"] + one["height"] <= other["y"] + other["height"] + margin
    )  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_the_parts_are_in_the_window_and_none_is_over_another(window, size):
    page = window(size)
    opened(page, trace(neuron), title="One neuron")
    width, height = SIZES[size]
    for k in (0, 5, 6, 9, last_step(page)):
        go(page, k)
        found = frames(page, *PARTS, ".side")
        assert all(apart(one, other) for i, one in enumerate(found) for other in found[:i]), (k, found)
        assert all(inside(one, {"x": 0, "y": 0, "width": width, "height": height}) for one in found[:2]), (k, found)
        assert found[2]["y"] + 120 <= height, (k, found[2])  # at least the beginning of the formula
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), k
        assert page.locator(".formula").evaluate("e => e.scrollWidth <= e.clientWidth"), k


@pytest.mark.parametrize(("size", "height"), [("wide", 66), ("narrow", 118)])
def test_the_controls_take_a_row_and_on_a_phone_two(window, size, height):
    page = window(size)
    opened(page, sized(299))
    page.get_by_label("Speed").select_option("0.5 steps/s")
    go(page, last_step(page))
    assert page.locator(".controls").bounding_box()["height"] <= height
    slider = page.get_by_label("Step", exact=True).bounding_box()
    assert slider["width"] >= 110


def test_headings_of_boxes_are_whole(window):
    for size in SIZES:
        page = window(size)
        opened(page, sized(1001))
        cut = page.locator(".table thead th").evaluate_all(
            "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"
        )
        assert not cut
        assert page.locator(".table").evaluate("table => table.scrollWidth <= table.clientWidth")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [neuron, lambda: chain(60), lambda: sized(121)], ids=["neuron", "chain", "large"])
def test_the_active_shapes_are_in_sight(window, size, make):
    page = window(size)
    opened(page, make())
    last = last_step(page)
    for k in (1, last // 4, 2 * last // 3, last - 1):
        go(page, k)
        (view,) = frames(page, ".picture")
        source, target = page.locator(".mark.source"), page.locator(".mark.target")
        changing = source if k > last // 2 else target  # that whose gradient, or number, is new
        assert inside(changing.bounding_box(), view), (k, view, changing.bounding_box())
        if size == "wide" and make is not sized:
            assert inside(target.bounding_box(), view), (k, view, target.bounding_box())


HIDDEN = """svg => {
    const shapes = [...svg.querySelectorAll("g[data-node], g.edge")];
    return [shapes.length, shapes.filter((shape) => getComputedStyle(shape).display === "none").length];
}"""
MISSING = """async (view) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const window = view.getBoundingClientRect();
    const hidden = [...view.querySelectorAll("g[data-node], g.edge")].filter((shape) => shape.style.display);
    hidden.forEach((shape) => (shape.style.display = ""));
    const boxes = hidden.map((shape) => [shape, shape.getBoundingClientRect()]);
    hidden.forEach((shape) => (shape.style.display = "none"));
    return boxes.filter(([, box]) => box.right > window.left && box.left < window.right
        && box.bottom > window.top && box.top < window.bottom).length;
}"""


def test_what_is_far_outside_of_the_window_is_not_drawn_and_nothing_in_it_is_missing(window):
    page = window()
    opened(page, sized(299))
    view, svg = page.locator(".picture"), page.locator(".picture svg")
    everything, hidden = svg.evaluate(HIDDEN)
    assert everything - hidden < everything / 4
    last = last_step(page)
    for k in (1, last, last // 2, last // 2 + 40):
        go(page, k)
        assert view.evaluate(MISSING) == 0
    for top in (0, 3000, 1e6):
        view.evaluate("(view, top) => view.scrollTo(0, top)", top)
        assert view.evaluate(MISSING) == 0
    page.set_viewport_size({"width": 900, "height": 1000})
    assert view.evaluate(MISSING) == 0
    page.get_by_role("button", name="The whole graph").click()
    assert view.evaluate(MISSING) == 0
    assert svg.evaluate(HIDDEN)[1] == 0 or view.evaluate("view => view.scrollHeight > view.clientHeight")


def test_what_is_active_is_marked_by_shape_too(window):
    page = window()
    opened(page, neuron())
    go(page, 9)
    dashes = page.locator(".mark.target, .mark.source").evaluate_all(
        "marks => marks.map((mark) => getComputedStyle(mark).strokeDasharray)"
    )
    assert sorted(dash == "none" for dash in dashes) == [False, True]
    assert page.locator(".pill:not([hidden])").all_text_contents() == ["× 1.0000", "+= 0.5000"]
    assert page.locator("tr[aria-current=step]").count() == 1


def serious_findings(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(("scheme", "steps"), [("light", (0, 3, 6, 9, 16)), ("dark", (3, 9))])
def test_axe_finds_nothing_serious(window, scheme, steps):
    page = window(scheme=scheme)
    opened(page, trace(neuron), title="One neuron")
    for k in steps:  # of each kind one; the dark theme changes colours alone, of which there are those of two phases
        go(page, k)
        assert not serious_findings(page), k


def test_axe_finds_nothing_serious_where_an_edit_was_refused_or_boxes_are_shown(window):
    page = window()
    opened(page, neuron())
    page.get_by_label("data of b").fill("x")
    page.get_by_label("data of b").press("Enter")
    pages = [page, window("narrow", "dark")]
    opened(pages[1], sized(401))
    go(pages[1], 20)
    for shown in pages:
        assert not serious_findings(shown)


@pytest.mark.parametrize(("notebook", "system"), [("light", "dark"), ("dark", "light")])
def test_a_replay_has_the_theme_of_its_notebook_not_that_of_the_system(window, notebook, system):
    page = window(scheme=system)
    fragment = replay(neuron()).fragment
    light = str(notebook == "light").lower()
    open_html(page, f'<!DOCTYPE html><meta charset=utf-8><body data-jp-theme-light="{light}">{fragment}</body>')
    go(page, 9)
    colours = page.locator(".app").evaluate(
        """app => [getComputedStyle(app).backgroundColor, ...[".picture rect", ".value .label", ".edge path"].map(
            (shape) => getComputedStyle(app.querySelector(shape))[shape.endsWith("path") ? "stroke" : "fill"])]"""
    )
    dark = [DARK.paper, DARK.paper, DARK.ink, DARK.muted]
    wanted = [LIGHT.paper, LIGHT.paper, LIGHT.ink, LIGHT.muted] if notebook == "light" else dark
    assert colours == [f"rgb({', '.join(str(int(c[i : i + 2], 16)) for i in (1, 3, 5))})" for c in wanted]


def test_nothing_moves_where_less_motion_is_asked_for(window):
    for motion, names in (("reduce", "none"), ("no-preference", "flow")):
        page = window(motion=motion)
        opened(page, neuron())
        go(page, 9)
        assert page.locator(".mark.flow").evaluate("e => getComputedStyle(e).animationName") == names


def test_everything_is_reached_by_the_tabulator(window):
    page = window()
    opened(page, neuron())
    go(page, 3)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(
            "(() => { const e = document.querySelector('.autograd-page').shadowRoot.activeElement;"
            " return e && (e.getAttribute('aria-label') || e.textContent.trim()).split(' (')[0]; })()"
        ))  # fmt: skip
    wanted = {"Graph", "To the start", "One step back", "Play", "One step forward", "To the end", "Step", "Speed",
              "Table of all nodes", "n", "data of x1", "Keys and touch"}  # fmt: skip
    assert wanted <= reached


def test_the_picture_that_a_page_opens_with_tells_no_gradient(page):
    y = neuron()
    y.backward()
    still = replay(y)
    assert "-1.5" not in still._image
    assert "-6.0000" in still._image
    open_html(page, still.html)
    assert "0.7071" in page.locator(".autograd-page img").get_attribute("alt")


def test_hostile_labels_are_text(page):
    y = shared()
    labels = ("<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "\u2028'\"`${1}", "&amp;")
    for v, label in zip(toposort(y), labels, strict=False):
        v.label = label
    opened(page, y, title="<b>&</b>")
    for k in range(last_step(page) + 1):
        go(page, k)
    assert page.locator(".app img, .app script, .app b b").count() == 0
    assert page.locator("tbody th").first.inner_text() == "<img src=x onerror=aler…"
