"""`Page` in a real browser: a picture first, alive where scripts run, apart from all other outputs."""

import io
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

import pytest
from PIL import Image

from autograd import Value
from autograd.view import draw
from autograd.view.page import Page

from ..browser import open_html
from .pages import COUNTER, colour, counter, document, product, scripted

# --- alive -------------------------------------------------------------------------------------------------------


def test_a_saved_page_is_alive(page):
    open_html(page, counter().html)
    assert page.title() == "Counting"
    assert page.get_by_role("heading").all_text_contents() == ["Counting"]
    page.get_by_role("button").click()
    page.get_by_role("button").press("Enter")
    page.get_by_role("button").press("Space")
    assert page.locator("output").text_content() == "3.0000"
    assert page.locator("[aria-live]").text_content() == "3"
    assert not page.locator("img").is_visible()
    assert not page.locator("pre").is_visible()
    assert page.locator("svg").is_visible()


def test_the_picture_is_in_the_page_once(page):
    svg = product()
    source = unquote(counter().html)
    assert source.count("<path") == svg.count("<path")
    open_html(page, scripted("root.append(pictureText())", summary="").html)
    shown = page.locator(".app").text_content()
    assert re.sub(r"""["']""", "", shown) == re.sub(r"""["']""", "", svg.strip())


def test_a_picture_beyond_ascii_comes_back_whole(page):
    for text in ("数据 🙂 é" * 30, "%25 %zz + # & plain", "'single' \"double\""):
        svg = draw(Value(1.0, label=text)).svg
        open_html(page, Page("x", svg, "x", "function start(root) { root.append(svgFrom(pictureText())); }").html)
        read = page.locator("svg").evaluate("e => e.textContent")
        assert read == "".join(ElementTree.fromstring(svg.strip()).itertext())
        assert text[:5] in read


def test_a_page_without_a_script_is_a_picture(page):
    still = Page("A product", product(), "tanh(6)", summary="two\nlines")
    assert "<script" not in still.html
    assert "script-src 'none'" in still.html
    open_html(page, still.html)
    image = page.get_by_role("img", name="tanh(6)")
    assert image.is_visible()
    assert image.evaluate("e => e.complete && e.naturalWidth > 100")
    assert page.locator("pre").inner_text() == "two\nlines"


@pytest.mark.parametrize("script", [
    "function start() { throw new Error('<b>boom</b>'); }",
    "const start = 1;",
    "throw new RangeError('at once');",
])  # fmt: skip
def test_where_start_fails_the_picture_stays_and_says_so(page, script):
    open_html(page, counter(script=script).html)
    assert page.locator("img").is_visible()
    assert page.locator("pre").is_visible()
    said = page.locator(".problem").inner_text()
    assert "could not start" in said
    assert ("<b>boom</b>" in said) == ("boom" in script)
    assert page.locator("button").count() == 0


def test_a_page_saved_from_the_browser_works_again(page):
    open_html(page, counter().html)
    page.get_by_role("button").click()
    open_html(page, page.content())
    page.get_by_role("button").click()
    assert page.locator("output").text_content() == "1.0000"


# --- many outputs on one page ------------------------------------------------------------------------------------


def test_outputs_on_one_page_do_not_disturb_each_other(page):
    same = counter().fragment
    other = counter("other", 10, style="button { color: rgb(1, 2, 3) }").fragment
    hostile_host = "<style>* { color: red !important } button, .app { display: none }</style>"
    open_html(page, document(f"<p>Host</p>{same}{other}{same}", hostile_host))
    assert page.locator(".autograd-page").count() == 3
    buttons = page.locator("button")
    for index, clicks in enumerate((1, 2, 4)):
        for _ in range(clicks):
            buttons.nth(index).click()
    assert page.locator("output").all_text_contents() == ["1.0000", "12.0000", "4.0000"]
    assert page.locator("[aria-live]").all_text_contents() == ["1", "12", "4"]
    colours = [buttons.nth(i).evaluate("e => getComputedStyle(e).color") for i in range(3)]
    assert colours == ["rgb(27, 31, 36)", "rgb(1, 2, 3)", "rgb(27, 31, 36)"]
    assert colour(page, "p", "color") == "rgb(255, 0, 0)"


def test_an_output_leaves_no_names_and_no_ids_behind(page):
    assert not re.search(r"""\sid=["']""", counter().fragment)
    open_html(page, document(""))
    before = page.evaluate("Object.getOwnPropertyNames(window).length")
    open_html(page, document(counter().fragment))
    assert page.evaluate("Object.getOwnPropertyNames(window).length") == before
    assert page.evaluate("document.querySelectorAll('[id]').length") == 0
    assert page.evaluate("document.styleSheets.length") == 0


# JupyterLab and nbconvert's widgets put copies of the scripts into their places; VS Code runs copies at the end of the
# container, and takes them out again; Notebook 6 runs them in the head (jQuery).
HOSTS = {
    "JupyterLab": """(host) => { for (const script of [...host.getElementsByTagName("script")]) {
        const copy = document.createElement("script");
        for (const { name, value } of script.attributes) copy.setAttribute(name, value);
        copy.textContent = script.textContent;
        script.parentNode.replaceChild(copy, script); } }""",
    "VS Code": """(host) => { for (const script of [...host.getElementsByTagName("script")]) {
        const copy = document.createElement("script");
        copy.text = script.innerText;
        if (script.type) copy.setAttribute("type", script.type);
        host.appendChild(copy).parentNode.removeChild(copy); } }""",
    "Notebook 6": """(host) => { for (const script of [...host.getElementsByTagName("script")]) {
        if (script.type) continue;
        script.remove();
        const copy = document.createElement("script");
        copy.text = script.textContent;
        document.head.appendChild(copy).parentNode.removeChild(copy); } }""",
}


@pytest.mark.parametrize("host", HOSTS)
def test_outputs_that_are_inserted_later_start(page, host):
    open_html(page, document("<div></div><div></div>"))
    for place, output in enumerate([counter().fragment, counter("other", 5).fragment]):
        page.evaluate("([place, html]) => { document.querySelectorAll('body > div')[place].innerHTML = html }",
                      [place, output])  # fmt: skip
        page.evaluate(f"(place) => ({HOSTS[host]})(document.querySelectorAll('body > div')[place])", place)
    page.locator("button").nth(1).click()
    assert page.locator("output").all_text_contents() == ["0.0000", "6.0000"]


# --- light and dark, and paper -----------------------------------------------------------------------------------

LIGHT, DARK = "rgb(255, 255, 255)", "rgb(13, 17, 23)"


def test_light_dark_and_print(page):
    open_html(page, counter().html)
    paper = "svg > rect"
    for scheme, wanted in (("light", LIGHT), ("dark", DARK)):
        page.emulate_media(color_scheme=scheme)
        assert colour(page, "body") == colour(page, ".app") == colour(page, paper, "fill") == wanted
    page.emulate_media(color_scheme="dark", media="print")
    assert colour(page, "body") == colour(page, ".app") == colour(page, paper, "fill") == LIGHT
    assert not page.get_by_role("button").is_visible()


def pixel(page, locator):
    """The colour in the upper left of what is seen of an element, inside its rounded corner."""
    image = Image.open(io.BytesIO(page.locator(locator).screenshot()))
    return image.convert("RGB").getpixel((12, 12))


def test_the_still_picture_of_a_saved_page_is_dark_on_a_dark_screen_and_light_on_paper(page):
    still = counter(script="")
    for scheme, media, wanted in (("light", "screen", 255), ("dark", "screen", 13), ("dark", "print", 255)):
        page.emulate_media(color_scheme=scheme, media=media)
        open_html(page, still.html)
        assert pixel(page, "img")[0] == wanted
    page.emulate_media(color_scheme="dark", media="screen")
    open_html(page, document(still.fragment))
    assert pixel(page, "img")[0] == 255  # a document that does not say that it can be dark


@pytest.mark.parametrize(("place", "attribute", "light", "dark"), [
    ("body", "data-jp-theme-light", "true", "false"),
    ("body", "data-vscode-theme-kind", "vscode-light", "vscode-dark"),
    ("body", "data-vscode-theme-kind", "vscode-high-contrast-light", "vscode-high-contrast"),
    ("documentElement", "theme", "light", "dark"),
])  # fmt: skip
def test_the_theme_of_the_notebook_counts_more_than_the_systems(page, place, attribute, light, dark):
    open_html(page, document(counter().fragment))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for value, wanted in ((light, LIGHT), (dark, DARK)):
            page.evaluate(f"document.{place}.setAttribute('{attribute}', '{value}')")
            assert colour(page, ".app") == colour(page, "svg > rect", "fill") == wanted


def test_an_output_is_never_wider_than_its_page(page):
    page.set_viewport_size({"width": 390, "height": 844})
    wide = draw([Value(float(i)) * 2 for i in range(12)], direction="TB").svg
    for html in (counter().html, Page("W" * 300, wide, "wide", summary="w" * 300).html,
                 Page("w", wide, "wide", COUNTER, data={"label": "w" * 300, "first": 0}).html):  # fmt: skip
        open_html(page, html)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
