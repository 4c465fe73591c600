"""The rule of each local derivative, with the graph's own names in the place of the table's letters."""

import re

import pytest

import autograd
from autograd import Op, Value
from autograd.functions import OPS
from autograd.view.letters import MARK, RESULT, template

from .answers import perceptron
from .pages import go, last_step, opened


def named(page):
    """The rule of each edge, by the title of its step."""
    found = {}
    for k in range(last_step(page) + 1):
        go(page, k)
        row = page.locator(".row").first
        if page.locator(".phase").inner_text().startswith("Backward"):
            text = re.sub(r"[\s\u2061]", "", row.locator(".rule").text_content())
            found[page.locator(".phase").inner_text().removeprefix("Backward: ")] = text
            assert "where" not in row.inner_text()
    return found


def test_names_of_the_graph_do_not_meet_letters_of_the_table(page):
    opened(page, perceptron())
    rules = named(page)
    assert rules["t2 → w2"] == "∂t2∂w2=x2"  # where the table says b, which is another node here
    assert rules["t1 → x1"] == "∂t1∂x1=w1"
    assert rules["p → h"] == "∂p∂h=p(1−p)"
    assert rules["h → b"] == "∂h∂b=1"


def test_each_operand_is_the_one_that_it_is(page):
    y, x, c = (Value(v, label=name) for name, v in (("y", 2.0), ("x", 3.0), ("c", 0.5)))
    d = autograd.dot([y, c], [x, x], 1.0) if hasattr(autograd, "dot") else y * x + c * x
    opened(page, (d / x).log() ** -2 + autograd.where(c, y, x))
    rules = named(page)
    assert rules["v1 → y"] == "∂v1∂y=x"
    assert rules["v1 → c"] == "∂v1∂c=x"
    assert rules["v2 → v1"] == "∂v2∂v1=1x"
    assert rules["v3 → v2"] == "∂v3∂v2=1v2"
    assert rules["v4 → v3"] == "∂v4∂v3=(-2)v3(-2)−1"


def test_an_operation_without_a_rule_in_words_has_its_number(page):
    cube = Op("cube", "cube", 1, forward=lambda x: x * x * x, partials=lambda y, x: (3 * x * x,))
    opened(page, cube(Value(2.0, label="x")))
    go(page, 3)
    assert page.locator(".row").first.inner_text().split()[-2:] == ["=", "12.0000"]
    assert page.locator(".row math").count() == 1


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_letters_of_the_table_are_replaced(op):
    count = 5 if op.arity is None else op.arity
    for position in range(count):
        found = template(op, position, count)
        assert all(place == RESULT or 0 <= place < count for place in found.places)
        assert {ord(c) - MARK for c in found.text if ord(c) >= MARK} == set(range(len(found.places)))
        left = re.findall(r"(?<![A-Za-z])[a-z](?![A-Za-z])", re.sub(r"\bif\b|\belse\b", "", found.text))
        assert set(left) <= {"e", "j", "p", "u", "x"}, (
            found.text
        )  # e is the number, p and u are defined in their rules, x_j are many
