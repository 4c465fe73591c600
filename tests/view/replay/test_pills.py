"""The labels that say what flows along an edge: beside the shapes, over no text."""

import pytest

from autograd import Value

from .answers import perceptron
from .computations import neuron, random_program, sized
from .pages import go, last_step, opened

COVERED = """svg => {
    const box = (shape) => shape.getBoundingClientRect();
    const pills = [...svg.querySelectorAll(".pill:not([hidden])")];
    const texts = [...svg.querySelectorAll("g[data-node] text, g.edge text")].filter((text) => box(text).width);
    const over = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0.5
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0.5;
    const pairs = pills.flatMap((pill) => texts.filter((text) => over(box(pill), box(text)))
        .map((text) => [pill.textContent, text.textContent]));
    if (pills.length === 2 && over(box(pills[0]), box(pills[1]))) pairs.push(pills.map((pill) => pill.textContent));
    const window = box(svg);
    const outside = pills.filter((pill) => box(pill).left < window.left || box(pill).right > window.right
        || box(pill).top < window.top || box(pill).bottom > window.bottom + 1).map((pill) => pill.textContent);
    return [...pairs, ...outside];
}"""


def quotient():
    a, b, d = (Value(x, label=name) for name, x in (("a", 2.0), ("b", 3.0), ("d", 0.5)))
    return (a * b + a).log() / d


@pytest.mark.parametrize(
    "make",
    [neuron, perceptron, quotient, lambda: sized(61), lambda: random_program(4)],
    ids=["neuron", "perceptron", "quotient", "large", "random"],
)
def test_they_cover_no_text_and_not_each_other(page, make):
    opened(page, make())
    last = last_step(page)
    for k in range(last // 3, last + 1, 1 if last < 60 else 5):
        go(page, k)
        assert page.locator(".picture svg").evaluate(COVERED) == [], k


def test_so_it_is_in_practice(page):
    opened(page, quotient(), practice=True)
    page.get_by_role("button", name="Next question").click()
    assert page.locator(".pill:not([hidden])").all_text_contents() == ["× ?", "+= ?"]
    assert page.locator(".picture svg").evaluate(COVERED) == []
