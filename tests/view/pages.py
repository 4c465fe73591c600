"""Small pages for the tests, and the ways in which other programs put an output into a document."""

import base64
from html import escape

from autograd import Value
from autograd.view import draw
from autograd.view.page import Page

# The smallest thing that is alive: a button that counts, beside the picture that the page opens with.
COUNTER = """
let count = data.first;
function start(root, data) {
  const shown = element("output", {}, numberText(count));
  const button = element("button", { type: "button" }, "Count ", data.label);
  const name = element("input", { "aria-label": "Name" });
  button.addEventListener("click", () => {
    count += 1;
    shown.textContent = numberText(count);
    announce(`${count}`);
  });
  root.append(svgFrom(pictureText()), button, shown, name);
}
"""


def product(label="x"):
    """The picture of tanh(2 · 3)."""
    return draw((Value(2.0, label=label) * 3).tanh()).svg


def counter(label="it", first=0, **more):
    """A page that counts from `first`."""
    arguments = {"script": COUNTER, "data": {"label": label, "first": first}, "summary": "x = 2\ny = 1", **more}
    return Page("Counting", product(), "tanh of 2 times 3 is 1", **arguments)


def scripted(start, data=None, **more):
    """A page whose `start` has this body."""
    return Page("Scripted", product(), "A picture", f"function start(root, data) {{\n{start}\n}}", data=data, **more)


def document(body, head=""):
    """A page of somebody else's that holds our outputs."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Notebook</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def sandboxed(fragment, allow="allow-scripts"):
    """An output in a frame of its own that can reach nothing, as VS Code and Colab show it."""
    return document(f'<iframe sandbox="{allow}" title="output" width="900" height="400" '
                    f'srcdoc="{escape(document(fragment))}"></iframe>')  # fmt: skip


def stored(output, **more):
    """What a notebook file holds of an output: its bundle, with images in base64."""
    bundle = {"text/plain": repr(output), **output._repr_mimebundle_(), **more}
    return {
        kind: base64.b64encode(content).decode("ascii") if isinstance(content, bytes) else content
        for kind, content in bundle.items()
    }


def colour(page, locator, property="background-color"):
    """What the browser has computed for the first of the elements."""
    return page.locator(locator).first.evaluate(f"e => getComputedStyle(e).getPropertyValue('{property}')")
