"""What has room at each width of an output: the surface and its controls, columns of tables, lines of formulas."""

import pytest

from autograd import Value

from .computations import neuron, sized
from .pages import go, last_step, opened

READY = """() => {
  const root = document.querySelector("[data-autograd-page]").shadowRoot;
  return root.querySelector(".plot svg text") && !root.querySelector(".surface[aria-busy]");
}"""
WIDTHS = (390, 700, 833, 1085, 1280)
CUT = """table => {
    const window = table.getBoundingClientRect().left + table.clientLeft + table.clientWidth;
    const text = document.createRange();
    return [...table.querySelectorAll(".grad, thead th:last-child, .data")].filter((cell) => {
        text.selectNodeContents(cell);
        return text.getBoundingClientRect().right > window || cell.scrollWidth > cell.clientWidth
            || (cell.firstElementChild && cell.firstElementChild.scrollWidth > cell.firstElementChild.clientWidth);
    }).map((cell) => cell.textContent);
}"""


def laid_out(page):
    """Wait until observers of sizes were told, which happens once a frame, and until what they changed is drawn."""
    for _ in range(3):
        page.evaluate("() => new Promise((resolve) => requestAnimationFrame(resolve))")


def at_width(page, width):
    """The output in a page of any width, as in a notebook beside its files: the window tells nothing."""
    page.set_viewport_size({"width": 1400, "height": 900})
    page.locator("[data-autograd-page]").evaluate("(host, width) => (host.style.width = `${width}px`)", width)
    laid_out(page)


def long_numbers():
    """Names, expressions and numbers as wide as they get."""
    a, b = Value(-1.2345e-7, label="first"), Value(-9.8765e12, label="second")
    c = a * b
    c.label = "product"
    return (c * a - b).tanh() * 1e-5 * b


@pytest.mark.parametrize("width", WIDTHS)
def test_the_surface_is_beside_its_controls_or_above_them(page, width):
    opened(page, neuron())
    at_width(page, width)
    page.locator(".surface > summary").click()
    page.wait_for_function(READY)
    laid_out(page)
    plot, settings = (page.locator(part).bounding_box() for part in (".plot", ".settings"))
    beside = plot["x"] + plot["width"] <= settings["x"]
    assert beside or plot["y"] + plot["height"] <= settings["y"]
    assert beside == (width >= 800)
    edge = page.locator(".surface").bounding_box()
    for box in (plot, settings):
        assert box["x"] + box["width"] <= edge["x"] + edge["width"] + 1
    assert page.locator(".settings").evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("width", [390, 700, 780, 1280])
@pytest.mark.parametrize("make", [neuron, long_numbers, lambda: sized(41)], ids=["neuron", "long", "many"])
def test_numbers_in_the_table_are_whole(page, width, make):
    opened(page, make())
    at_width(page, width)
    go(page, last_step(page))
    assert page.locator(".table").evaluate(CUT) == []


@pytest.mark.parametrize("width", [390, 1085])
def test_the_surface_in_numbers_has_its_headers_in_a_line(page, width):
    opened(page, neuron())
    at_width(page, width)
    page.locator(".surface > summary").click()
    page.wait_for_function(READY)
    page.locator(".surface details > summary").click()
    rows = page.locator(".numbers tr").evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
    assert max(rows) < 40
    table = page.locator(".numbers")
    table.evaluate("e => e.scrollTo(1e6, 0)")  # what does not fit is reached by scrolling
    last, window = page.locator(".numbers td").last.bounding_box(), table.bounding_box()
    assert last["x"] + last["width"] <= window["x"] + window["width"] + 1
    if width == 1085:
        assert table.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_lines_of_a_formula_are_whole_where_there_is_room(page):
    opened(page, neuron())
    at_width(page, 833)
    for k in range(last_step(page)):
        go(page, k)
        found = page.locator(".formula .big, .formula .row .body").evaluate_all(
            """lines => lines.map((line) => {
                const tops = [...line.querySelectorAll(".term")].map((term) => term.getBoundingClientRect().bottom);
                const width = [...line.querySelectorAll(".term")].reduce((sum, term) => sum + term.offsetWidth + 8, 0);
                const room = line.closest(".formula").clientWidth - (line.querySelector("math") ? 120 : 0);
                return [line.textContent, width < room ? Math.max(...tops) - Math.min(...tops) : 0];
            }).filter(([, height]) => height > 4)"""
        )
        assert found == []
        if "ward:" in page.locator(".phase").inner_text():
            assert page.locator(".formula .big .term").count() >= 2
    at_width(page, 300)  # where a line has no room, it is broken before the equals sign and not within a term
    for k in range(last_step(page)):
        go(page, k)
        heights = page.locator(".formula .term").evaluate_all(
            "terms => terms.map((term) => [term.textContent, term.getClientRects()[0].height])"
        )
        assert all(height < 40 for _, height in heights), heights
