"""`Page` in a real browser: a picture first, alive where scripts run, apart from all other outputs."""

from autograd import Value
from autograd.view import draw
from autograd.view.page import Page

from ..browser import open_html

# The smallest thing that is alive: a button that counts.
COUNTER = """
let count = data.first;
function start(root, data) {
  const shown = element("output", {}, numberText(count));
  const button = element("button", { type: "button" }, "Count ", data.label);
  button.addEventListener("click", () => {
    count += 1;
    shown.textContent = numberText(count);
    announce(`${count}`);
  });
  root.append(svgFrom(pictureText()), button, shown);
}
"""


def product():
    x = Value(2.0, label="x")
    return draw((x * 3).tanh()).svg


def counter(label="it", first=0):
    return Page("Counting", product(), "tanh of 2 times 3 is 1", COUNTER, data={"label": label, "first": first},
                summary="x = 2\ny = 1")  # fmt: skip


def test_a_saved_page_is_alive(page):
    open_html(page, counter().html)
    assert page.title() == "Counting"
    page.get_by_role("button").click()
    page.get_by_role("button").click()
    assert page.locator("output").text_content() == "2.0000"
    assert page.locator("[aria-live]").text_content() == "2"
    assert not page.locator("main > div > img").is_visible()
    assert page.locator("svg").is_visible()
