"""A leaf is changed in the page, and the whole replay is computed again there; what cannot be is told in place."""

import pytest

from autograd import Op, Value, log
from autograd.engine import toposort
from autograd.view.text import number_text

from .computations import neuron, random_program
from .pages import boxes, go, last_step, opened, rows


def type_into(page, leaf, text, key="Enter"):
    box = page.get_by_label(f"data of {leaf}", exact=True)
    box.focus()
    box.fill(text)
    if key:
        box.press(key)


def with_leaf(make, label, x):
    """The gradients of the same computation with another number in a leaf, by the engine."""
    y = make(**{label: x})
    y.backward()
    return {v.label: (number_text(v.data), number_text(v.grad)) for v in toposort(y) if v.label}


def product(a=2.0, b=3.0, c=0.5):
    a, b, c = Value(a, label="a"), Value(b, label="b"), Value(c, label="c")
    d = a * b
    d.label = "d"
    y = d.tanh() * c + log(a + 3)
    y.label = "y"
    return y


TYPED = [
    ("a", "1.25", 1.25), ("b", "-2e-1", -0.2), ("c", " .5 ", 0.5), ("a", "\u22121", -1.0), ("c", "inf", float("inf")),
]  # fmt: skip


def test_everything_is_computed_anew_as_the_engine_does(page):
    opened(page, product())
    last = last_step(page)
    for leaf, typed, x in TYPED:
        go(page, last)
        type_into(page, leaf, typed)
        page.locator(".picture").focus()
        wanted = with_leaf(product, leaf, x)
        assert {name: rows(page)[name] for name in wanted} == wanted, typed
        assert boxes(page) == rows(page), typed
        assert not page.get_by_role("alert").is_visible(), typed
        go(page, 0)
        go(page, last)
        assert {name: rows(page)[name] for name in wanted} == wanted, typed
        page.get_by_role("button", name="Reset the leaves").click()


def test_the_rules_in_the_page_are_those_of_the_table(page):
    for seed in (1, 2, 3):
        y = random_program(seed, steps=8)
        opened(page, y)
        go(page, last_step(page))
        before = rows(page)
        leaf = next(v for v in toposort(y) if v.op is None)
        type_into(page, leaf.label, repr(leaf.data + 0.0) + "0")  # the same number, typed
        page.locator(".picture").focus()
        assert rows(page) == before


REFUSED = [
    ("two", "“two” is not a number"), ("", "Type a number"), ("1,5", "write a point in place of the comma"),
    ("<img src=x onerror=alert(1)>", "is not a number"), ("1e", "is not a number"), ("0x10", "is not a number"),
    ("-4", "log is undefined at"), ("-3", "log is undefined at"),
]  # fmt: skip


def test_what_cannot_be_is_told_in_place_and_the_old_state_stays(page):
    opened(page, product())
    go(page, last_step(page))
    before = rows(page)
    alert = page.get_by_role("alert")
    for typed, told in REFUSED:
        type_into(page, "a", typed)
        assert told in alert.inner_text(), typed
        assert page.get_by_label("data of a").get_attribute("aria-invalid") == "true", typed
        assert {k: v for k, v in rows(page).items() if k != "a"} == {k: v for k, v in before.items() if k != "a"}
        assert boxes(page) == before, typed
        page.get_by_label("data of a").press("Escape")
        page.locator(".picture").focus()
        assert not alert.is_visible(), typed
        assert rows(page) == before, typed


@pytest.mark.parametrize("typed", ["abc", "-4"])
def test_a_refused_number_is_taken_back_when_the_field_is_left(page, typed):
    opened(page, product())
    box, alert = page.get_by_label("data of a", exact=True), page.get_by_role("alert")
    reset = page.get_by_role("button", name="Reset the leaves")
    type_into(page, "a", typed)
    assert box.input_value() == typed  # to be mended
    assert reset.is_enabled()
    page.locator(".picture").focus()
    assert box.input_value() == "2.0000"
    assert box.get_attribute("aria-invalid") is None
    assert typed in alert.inner_text() or "-4.0000" in alert.inner_text()
    reset.click()
    assert not alert.is_visible()
    assert reset.is_disabled()


def test_escape_restores_a_number_and_the_page_says_so(page):
    opened(page, product())
    box = page.get_by_label("data of a", exact=True)
    type_into(page, "a", "abc")
    box.press("Escape")
    assert box.input_value() == "2.0"
    assert box.get_attribute("aria-invalid") is None
    assert not page.get_by_role("alert").is_visible()
    assert page.get_by_role("button", name="Reset the leaves").is_disabled()
    assert "Escape in a number: as it was" in page.locator(".help").text_content()


def test_an_invalid_number_is_mended_by_a_valid_one(page):
    opened(page, product())
    type_into(page, "a", "-4")
    type_into(page, "a", "1")
    assert not page.get_by_role("alert").is_visible()
    go(page, last_step(page))
    assert rows(page)["b"] == with_leaf(product, "a", 1.0)["b"]


def test_reset_brings_the_numbers_of_python_back(page):
    opened(page, product())
    go(page, last_step(page))
    before = rows(page)
    reset = page.get_by_role("button", name="Reset the leaves")
    assert reset.is_disabled()
    type_into(page, "a", "1")
    type_into(page, "c", "7")
    assert rows(page)["b"] != before["b"]
    reset.click()
    assert rows(page) == before
    assert reset.is_disabled()


def test_a_leaf_that_is_only_looked_at_keeps_all_its_digits(page):
    opened(page, neuron())
    go(page, last_step(page))
    before = rows(page)
    box = page.get_by_label("data of b")
    assert box.input_value() == "6.8814"
    box.focus()
    assert box.input_value() == "6.881373587019543"
    box.press("Enter")
    page.locator(".picture").focus()
    assert rows(page) == before
    assert page.get_by_role("button", name="Reset the leaves").is_disabled()


def test_a_number_that_is_reached_by_the_tabulator_is_replaced_by_typing(page):
    opened(page, neuron())
    page.get_by_role("button", name="x1", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.type("3.05")
    page.keyboard.press("Tab")
    assert page.get_by_label("data of x1", exact=True).input_value() == "3.0500"
    page.get_by_label("data of b").click()
    assert page.get_by_label("data of b").evaluate("input => input.selectionStart === input.selectionEnd")


def test_editing_is_off_where_an_operation_cannot_be_translated(page):
    import math

    cube = Op("cube", "cube", 1, forward=lambda x: x**3, partials=lambda y, x: (3 * math.pow(x, 2),))
    x = Value(2.0, label="x")
    opened(page, cube(x) * 2)
    assert page.get_by_label("data of x").count() == 0
    assert "the rule of cube cannot be translated" in page.locator(".note").inner_text()
    go(page, last_step(page))
    assert rows(page)["x"] == ("2.0000", "24.0000")


def test_an_operation_of_ones_own_is_edited_where_it_can_be(page):
    cube = Op("cube", "cube", 1, forward=lambda x: x * x * x, partials=lambda y, x: (3 * x * x,))
    opened(page, cube(Value(2.0, label="x")))
    go(page, last_step(page))
    type_into(page, "x", "3")
    page.locator(".picture").focus()
    assert rows(page)["x"] == ("3.0000", "27.0000")
