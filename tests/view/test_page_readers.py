"""Pages where others show them: converted notebooks, sanitised ones, mails. Everywhere at least the right picture."""

from html import escape
from html.parser import HTMLParser

import nbformat.v4
import pytest
from nbconvert import HTMLExporter
from traitlets.config import Config

from autograd import Value
from autograd.view import draw

from ..browser import open_html
from .pages import counter, document, stored

# Every page of nbconvert names two libraries of others; without a network it does without them.
OFFLINE = {"mathjax_url": "", "require_js_url": ""}


def converted(outputs, sanitize=False, kinds=()):
    """A notebook as nbconvert makes it a page; `kinds` is the order in which it looks for one that an output has."""
    shown = [nbformat.v4.new_output("display_data", data=stored(output)) for output in outputs]
    config = Config({"HTMLExporter": {**OFFLINE, "sanitize_html": sanitize}})
    if kinds:
        config.NbConvertBase.display_data_priority = list(kinds)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("page", outputs=shown)])
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook)
    return html


def is_shown(image):
    return image.is_visible() and image.evaluate("e => e.complete && e.naturalWidth > 100")


class Sanitiser(HTMLParser):
    """HTML as a strict site lets it through: an allow-list of elements and attributes, and no script with its text.

    Args:
        images: The beginnings of addresses that an image may have.
    """

    TAGS = frozenset([
        "h1", "h2", "h3", "p", "div", "span", "pre", "code", "img", "table", "tr", "td", "ul", "li", "em", "br",
    ])  # fmt: skip
    ATTRIBUTES = frozenset(["src", "alt", "title", "width", "height"])
    DROPPED = frozenset(["script", "style", "svg", "math", "iframe", "object", "template", "title"])

    def __init__(self, images):
        super().__init__()
        self.images, self.parts, self.depth = images, [], 0

    def handle_starttag(self, tag, attributes):
        written = ""
        if tag in self.DROPPED:
            self.depth += 1
        elif tag in self.TAGS and not self.depth:
            for name, value in attributes:
                if name in self.ATTRIBUTES and (name != "src" or (value or "").startswith(self.images)):
                    written += f' {name}="{escape(value or "")}"'
            self.parts.append(f"<{tag}{written}>")

    def handle_endtag(self, tag):
        if tag in self.DROPPED:
            self.depth -= 1
        elif tag in self.TAGS and not self.depth:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data):
        if not self.depth:
            self.parts.append(escape(data))


def sanitised(html, images=("data:image/", "https:")):
    """What is left of a document, without any script."""
    reader = Sanitiser(images)
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def test_a_converted_notebook_is_alive(page):
    html = converted([counter(), counter("other", 5), draw(Value(2.0, label="x") * 3)])
    open_html(page, html)
    buttons = page.locator(".autograd-page button")
    buttons.nth(0).click()
    buttons.nth(1).click()
    assert page.locator(".autograd-page output").all_text_contents() == ["1.0000", "6.0000"]
    assert page.locator(".jp-RenderedSVG svg, .jp-RenderedSVG img").first.is_visible()


@pytest.mark.parametrize("make", [
    lambda: converted([counter()]),
    lambda: counter().html,
    lambda: document(counter().fragment),
], ids=["notebook", "saved page", "mail"])  # fmt: skip
def test_what_a_strict_site_leaves_shows_the_picture_and_no_source_of_a_script(page, make):
    html = sanitised(make())
    assert "<script" not in html
    open_html(page, document(html))
    assert is_shown(page.get_by_role("img", name="tanh of 2 times 3 is 1"))
    text = page.locator("body").inner_text()
    assert "x = 2\ny = 1" in text
    assert "use strict" not in text
    assert "--paper" not in text


def test_where_no_image_may_be_its_text_is_read(page):
    open_html(page, document(sanitised(counter().fragment, images=("https:",))))
    assert page.locator("img").get_attribute("alt") == "tanh of 2 times 3 is 1"
    assert "x = 2\ny = 1" in page.locator("body").inner_text()


def test_a_sanitised_conversion_runs_nothing_and_shows_the_image_if_it_is_asked_for_it(page):
    """`nbconvert --sanitize-html` lets no image through in HTML; its order of kinds decides what it takes."""
    html = converted([counter()], sanitize=True)
    open_html(page, html)
    assert page.locator(".autograd-page script, .autograd-page button").count() == 0
    assert "x = 2\ny = 1" in page.locator(".jp-OutputArea").inner_text()
    html = converted([counter()], sanitize=True, kinds=["image/png", "text/html", "text/plain"])
    open_html(page, html)
    assert is_shown(page.locator(".jp-OutputArea img"))
