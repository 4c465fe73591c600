"""The judge of answers apart from a page, and the answers of a learner who knows everything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.view import page as pages

from .pages import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

PAGE = SOURCES.parent / "page.js"
assert pages.__file__.startswith(str(PAGE.parent))


def perceptron() -> Value:
    """The squared error of the sigmoid neuron of the lecture at (1, 0), whose target under OR is 1."""
    w1, x1, w2, x2 = (Value(x, label=name) for name, x in (("w1", 1.0), ("x1", 1.0), ("w2", -1.0), ("x2", 0.0)))
    b = Value(-0.5, label="b")
    first, second = w1 * x1, w2 * x2
    total = first + second
    h = total + b
    p = h.sigmoid()
    error = p - 1.0
    loss = error * error
    for v, name in ((first, "t1"), (second, "t2"), (total, "s"), (h, "h"), (p, "p"), (error, "e"), (loss, "loss")):
        v.label = name
    return loss


def source(path: Path) -> str:
    return path.read_text("utf-8")


def called(page: Page, expression: str, *arguments: Any) -> Any:
    """What an expression of `answers.js` gives; numbers are given and come back as JSON knows them."""
    number_text = source(PAGE)
    number_text = number_text[number_text.index("function numberText") : number_text.index("const SHAPES")]
    code = f"(given) => {{\n{number_text}\n{source(SOURCES / 'answers.js')}\nreturn {expression};\n}}"
    return page.evaluate(code, json.loads(json.dumps(arguments)))


def focused(page: Page) -> str:
    """What has the focus: the text of a button, or the id of an input."""
    text: str = page.locator("[data-autograd-page]").evaluate(
        "host => { const e = host.shadowRoot.activeElement; return e ? e.id || e.textContent : ''; }"
    )
    return text
