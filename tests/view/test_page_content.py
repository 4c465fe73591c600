"""What a page is given, and what it is written as: data, numbers and pictures arrive as they were."""

import json
import math
import random
import re
import struct
from html import escape
from urllib.parse import unquote

from autograd import Value
from autograd.view import draw
from autograd.view.page import Page
from autograd.view.text import number_text

from ..browser import open_html
from .pages import counter, document, product, scripted


def test_data_arrives_as_it_was(page):
    numbers = [0.1, -0.0, 1e308, 5e-324, 2**53, math.inf, -math.inf, math.nan, -1.5, True, None]
    texts = [
        "NaN",
        "-Infinity",
        '"',
        "\\",
        "</script><!--",
        "\u2028\u2029",
        "\x00\x1f",
        "🙂",
        "\ud800",
        '{"$float":"nan"}',
    ]
    data = {"numbers": numbers, "texts": texts, "deep": {"inf": [math.inf, {"x": math.nan}]}, "NaN": 1}
    open_html(page, scripted("""
        const wanted = [0.1, -0, 1e308, 5e-324, 2 ** 53, Infinity, -Infinity, NaN, -1.5, true, null];
        const same = data.numbers.map((x, i) => Object.is(x, wanted[i]));
        const deep = Number.isNaN(data.deep.inf[1].x) && data.deep.inf[0] === Infinity && data.NaN === 1;
        root.append(JSON.stringify([same, data.texts, deep]));""", data).html)  # fmt: skip
    same, read, deep = json.loads(page.locator(".app").text_content())
    assert same == [True] * len(numbers)
    assert read == texts
    assert deep


def numbers():
    made = random.Random(7)
    yield from (0.0, -0.0, 1.0, 0.5, 1e-3, 0.001 - 1e-19, 999999.99995, 999999.99994, 1e6, 1e21, 1e22, 1e300, 5e-324)
    yield from (math.inf, -math.inf, math.nan, 9.9995e6, 9.9985e6, 9.9995e-4, 0.03125, 0.09375, -0.03125, 0.00005)
    yield from (k / 32 for k in range(-400, 400))  # exact ties of four decimals
    yield from ((10 * k + 5) * 10.0**e for k in (1000, 1001, 1234, 9998, 9999) for e in range(2, 18))  # and of e+XX
    yield from (made.gauss(0, 10.0 ** made.randint(-6, 8)) for _ in range(2000))
    yield from (struct.unpack("<d", struct.pack("<Q", made.getrandbits(64)))[0] for _ in range(2000))


def test_numbers_are_written_as_python_writes_them(page):
    given = list(numbers())
    open_html(page, scripted("root.append(JSON.stringify(data.map(numberText)))", [*given, None]).html)
    written = json.loads(page.locator(".app").text_content())
    wrong = [(x, w, number_text(x)) for x, w in zip([*given, None], written, strict=True) if w != number_text(x)]
    assert wrong == []


def test_svg_comes_in_without_anything_but_shapes_and_text(page):
    svg = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" style="color:red"
      onload="window.canary = 1" viewBox="0 0 9 9"><style>g { fill: red }</style><g onclick="window.canary = 2">
      <script>window.canary = 3</script><a xlink:href="javascript:window.canary = 4"><text>link</text></a>
      <image href="http://127.0.0.1:9/x.png"/><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">html</p>
      </foreignObject><use href="http://127.0.0.1:9/x.svg#a"/><circle r="3"/><text>kept</text>
      <animate attributeName="href"/></g></svg>"""
    open_html(page, document(scripted("root.append(svgFrom(data))", svg).fragment))  # where no policy helps
    inside = page.locator(".app").evaluate("e => e.innerHTML")
    assert "kept" in inside
    assert "<circle" in inside
    for gone in ("script", "<a", "image", "foreignObject", "use", "style", "onload", "onclick", "href", "animate"):
        assert gone not in inside
    assert page.evaluate("typeof window.canary") == "undefined"


def test_what_is_no_svg_is_an_error(page):
    open_html(page, document(scripted("root.append(svgFrom('<svg><g></svg>'))").fragment))
    assert "not an SVG document" in page.locator(".problem").inner_text()


def test_a_page_is_little_more_than_its_picture():
    html = counter().html
    (picture,) = re.findall(r'src="([^"]*)"', html)
    assert len(html) - len(picture) < 20_000
    assert unquote(picture.partition(",")[2]).count("<g") == product().count("<g")


def test_a_page_is_written_whole_and_returns_its_path(tmp_path):
    place = tmp_path / "new" / "page.html"
    page = counter()
    assert page.save(place) == str(place)
    assert place.read_text(encoding="utf-8") == page.html
    assert page.save(str(place)) == str(place)
    assert [path.name for path in place.parent.iterdir()] == ["page.html"]


def test_the_bundle_has_html_an_image_and_a_text():
    page = counter()
    bundle = page._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}  # never application/javascript
    assert bundle["text/html"] == page.fragment == page._repr_html_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == "Counting\ntanh of 2 times 3 is 1\nx = 2\ny = 1"
    assert set(page._repr_mimebundle_(include=["text/html", "text/latex"])) == {"text/html"}
    assert set(page._repr_mimebundle_(exclude=["image/png"])) == {"text/html", "text/plain"}
    assert repr(page) == "<Page 'Counting'>"


def test_the_image_of_a_large_picture_is_no_burden_to_the_notebook():
    small = scripted("")._repr_mimebundle_(include=["image/png"])["image/png"]
    x = Value(1.0, label="x")
    large = Page("Large", draw(sum([x * float(i) for i in range(150)], x)).svg, "a sum", summary="")
    png = large._repr_mimebundle_(include=["image/png"])["image/png"]
    sides = [struct.unpack(">II", image[16:24]) for image in (small, png)]
    assert sides[0][0] > 500
    assert 700_000 < sides[1][0] * sides[1][1] < 1_100_000


def test_a_fragment_has_no_policy_and_no_document():
    fragment = counter().fragment
    markup = re.sub(r"(<script[^>]*>).*?(</script>)", r"\1\2", fragment, flags=re.DOTALL)
    assert set(re.findall(r"<(\w+)", markup)) == {"div", "img", "pre", "script"}
    assert fragment.index("<img") < fragment.index("<script")


def test_equal_pages_are_equal_text():
    assert counter().html == counter().html
    assert counter().html != counter("other").html


def test_text_is_text_everywhere():
    nasty = "</title></h1><img src=x onerror=alert(1)>\"'&\x00\u2028"
    html = Page(nasty, product(), nasty, summary=nasty).html
    assert html.count("<img") == 1
    assert "onerror" in html
    assert escape("</h1><img src=x") in html
    assert "\x00" not in html
