"""JupyterLab itself: the picture where a notebook is not trusted, the live output where it is, and a kernel that draws.

The server has a path without any program, so there is no `dot`; pages may ask for what that server has, and no more.
"""

import json

import pytest

from autograd import Value
from autograd.view import draw

from ..browser import forgive
from .jupyter import jupyterlab
from .outputs import MAKERS
from .pages import colour, counter, stored

LOADING = 300_000  # milliseconds that JupyterLab may take on a busy machine; it takes five seconds on a quiet one
READY = "document.querySelectorAll('.jp-OutputArea-output').length >= 6"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as started:
        yield started


@pytest.fixture
def opened(server, browser, watching):
    """A function that opens an address of the server in a tab of its own."""
    contexts = []

    def open_notebook(url, ready=READY):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 1000}))
        page = watching(contexts[-1], server.url, server.socket)
        forgive(page, "^console: Could not restore the debugger state")  # JupyterLab's own, of a kernel that goes
        page.goto(url)
        page.wait_for_function(ready, timeout=LOADING)
        return page

    yield open_notebook
    for context in contexts:
        context.close()


TEXTS = ["weight", "$\\alpha$", "bias"]


def cells():
    """A page twice, a picture, and every other kind of output."""
    picture = draw((Value(2.0, label="x") * 3).tanh())
    others = [stored(MAKERS[kind](TEXTS)) for kind in ("replay", "watch", "explain")]
    pages = [stored(counter()), stored(counter("$\\alpha$", 10))]
    return [("page", pages), ("draw", [stored(picture)]), ("others", others)]


def run_first_cell(page):
    """As a user does: again, if the kernel was not there yet."""
    prompt = page.locator(".jp-CodeCell .jp-InputPrompt").first
    page.locator(".cm-content").first.click()
    for _ in range(LOADING // 1000):
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(1000)
        if prompt.inner_text() != "[ ]:":
            return
    raise AssertionError("the kernel runs nothing")


def is_shown(image):
    return image.is_visible() and image.evaluate("e => e.complete && e.naturalWidth > 100")


def test_an_untrusted_notebook_shows_the_pictures(server, opened):
    page = opened(server.put("untrusted", cells(), trusted=False))
    assert [is_shown(image) for image in page.locator(".autograd-page img").all()] == [True] * 4
    assert page.locator(".autograd-page pre").first.inner_text() == "x = 2\ny = 1"
    assert page.locator(".jp-OutputArea-output button, .jp-OutputArea-output input").count() == 0
    assert "use strict" not in page.locator(".jp-OutputArea-output").first.inner_text()
    # SVG is not shown where there is no trust: what `draw` gives needs another form.
    assert is_shown(page.locator(".jp-OutputArea-output > img"))


def test_a_trusted_notebook_is_alive_and_keeps_its_keys(server, opened):
    page = opened(server.put("trusted", cells(), trusted=True))
    buttons = page.locator(".autograd-page button")
    buttons.nth(1).wait_for()
    buttons.nth(0).click()
    buttons.nth(1).click()
    buttons.nth(1).click()
    assert buttons.nth(0).locator("xpath=following-sibling::output").text_content() == "1.0000"
    assert buttons.nth(1).locator("xpath=following-sibling::output").text_content() == "12.0000"
    assert buttons.nth(1).text_content() == "Count $\\alpha$"  # not taken for mathematics
    assert not page.locator(".autograd-page img").first.is_visible()
    assert page.locator(".jp-RenderedSVG img").is_visible()
    live = page.locator(".autograd-page").evaluate_all(
        "all => all.map((e) => e.shadowRoot.querySelectorAll('button').length)"
    )
    assert len(live) == 4
    assert min(live) >= 1
    assert page.locator(".problem").count() == 0

    # The keys of JupyterLab's command mode: d d deletes a cell, a and b make new ones, m makes it text.
    before = page.locator(".jp-Cell").count()
    buttons.nth(0).focus()
    for key in ("d", "d", "a", "b", "m", "Enter", "Space", "ArrowDown", "0", "0"):
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == before
    assert page.locator(".autograd-page output").first.text_content() == "3.0000"
    field = page.locator(".autograd-page input").first
    field.click()
    page.keyboard.type("add x, dd")
    assert field.input_value() == "add x, dd"
    assert page.locator(".jp-Cell").count() == before


def test_a_new_user_draws_in_the_dark(server, opened):
    """A kernel on a machine without `dot`, in JupyterLab's dark theme, on a system that is light."""
    settings = server.data.parent / "settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"theme": "JupyterLab Dark"}), encoding="utf-8")
    source = """import shutil
from autograd import Value
from autograd.view import draw
from autograd.view.page import Page
assert shutil.which("dot") is None
x = Value(2.0, label="x")
y = (x * 3).tanh()
y.backward()
picture = draw(y)
display(picture)
Page("Drawn", picture.svg, "tanh", "function start(root) { root.append(svgFrom(pictureText())); }")"""
    page = opened(server.put("new", [(source, [])], trusted=False), "document.querySelector('.jp-Cell')")
    run_first_cell(page)
    page.locator(".autograd-page svg").wait_for(timeout=LOADING)
    assert page.locator(".jp-RenderedSVG img").is_visible()
    assert colour(page, ".autograd-page .app") == "rgb(13, 17, 23)"
    assert colour(page, ".autograd-page svg > rect", "fill") == "rgb(13, 17, 23)"
    assert page.get_by_text("Error").count() == 0
    settings.unlink()
