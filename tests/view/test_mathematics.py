"""Rules as they are displayed: they mean what is computed, are MathML that a browser knows, and text without markup."""

from __future__ import annotations

import math
import random
import re
import xml.etree.ElementTree as ElementTree

import pytest
from mpmath import mp, mpf

from autograd import OPS, Op
from autograd.functions import SELU_ALPHA, SELU_SCALE
from autograd.view.formula import Unreadable, read
from autograd.view.mathematics import NAMESPACE, arithmetic, mathml, plain, rule

from ..browser import open_html
from ..oracle import is_kink
from ..points import CASES, case_name, points
from .meaning import meanings

BY_NAME = {op.name: op for op in OPS}
LETTERS = {  # of the operands, where they are not x, or a and b
    "atan2": ("y", "x"), "clip": ("x", "low", "high"), "where": ("c", "x", "y"), "leaky_relu": ("x", "α"),
    "prelu": ("x", "α"), "elu": ("x", "α"), "celu": ("x", "α"), "binary_cross_entropy_with_logits": ("z", "t"),
}  # fmt: skip
ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "munder",
}  # fmt: skip
RULES = [(op, position, count) for op, count in CASES for position in range(count)]


def names(op, xs, y):
    """What the letters of a rule stand for."""
    values = [mpf(x) for x in xs]
    found = {"λ": mpf(SELU_SCALE), "α": mpf(SELU_ALPHA), "n": mpf(len(xs)), "y": mpf(y)}
    if op.name == "dot":
        half = len(xs) // 2
        return found | {"w": values[:half], "x": values[half:-1]}
    if op.arity is None:
        return found | {"x": values}
    return found | dict(zip(LETTERS.get(op.name, ("x",) if op.arity == 1 else ("a", "b")), values, strict=True))


def is_ordinary(op, xs):
    """Not where a convention holds that the formula does not show: kinks, ties, edges of the domain, overflow."""
    ties = op.name in ("max", "min", "maximum", "minimum") and len(set(xs)) < len(xs)
    limits = op.name == "clip" and (is_kink(op, xs) or xs[1] >= xs[2])
    base = op.name == "pow" and xs[0] <= 0
    return all(x == 0 or 1e-9 < abs(x) <= 40 for x in xs) and not (ties or limits or base)


# --- the meaning ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("op", "count"), CASES, ids=map(case_name, CASES))
def test_the_displayed_rule_of_every_operand_means_what_the_rule_computes(op, count):
    compared = 0
    rng = random.Random(op.name)
    ordinary = [xs for xs in points(op, count) if is_ordinary(op, xs)]
    for xs in rng.sample(ordinary, min(60, len(ordinary))):
        try:
            y = op.forward(*xs)
        except (ValueError, ZeroDivisionError):
            continue
        with mp.workdps(30):
            for position, partial in enumerate(op.partials(y, *xs)):
                if not math.isfinite(partial):
                    continue
                formula = read(rule(op, position, count).latex)
                try:
                    shown = meanings(formula, names(op, xs, y))
                except ZeroDivisionError:  # at an edge, as hypot at (0, 0)
                    assert 0 in xs
                    continue
                for value in shown:  # y may stand in a rule, with its rounding
                    assert abs(value - partial) <= 1e-11 * max(abs(partial), mpf(1e-3), *map(abs, xs)), (xs, position)
                compared += 1
    assert compared >= 10 * count


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("tanh", r"1 + \tanh^2 x"), ("div", r"\frac{y}{b}"), ("sigmoid", "y (1 + y)"), ("gelu", r"\Phi(x) + \varphi(x)")],
)
def test_a_wrong_rule_would_be_seen(name, wrong):
    op = BY_NAME[name]
    right = Op(name, name, op.arity, op.forward, op.partials, latex=wrong)
    with pytest.raises(AssertionError):
        test_the_displayed_rule_of_every_operand_means_what_the_rule_computes(right, op.arity)


def test_each_rule_belongs_to_its_operand():
    texts = {name: [rule(BY_NAME[name], k, count).text for k in range(count)] for name, count in (
        ("sub", 2), ("mul", 2), ("div", 2), ("pow", 2), ("clip", 3), ("dot", 1), ("dot", 7), ("sum", 3), ("norm", 2),
        ("prod", 3),
    )}  # fmt: skip
    assert texts == {
        "sub": ["1", "−1"],
        "mul": ["b", "a"],
        "div": ["1 / b", "−y / b"],
        "pow": ["b a^(b−1)", "a^b ln a"],
        "clip": ["1 if low ≤ x ≤ high else 0", "1 if x < low else 0", "1 if x > high else 0"],
        "dot": ["x₁", "x₂", "x₃", "w₁", "w₂", "w₃", "1"],
        "sum": ["1", "1", "1"],
        "norm": ["x₁ / y", "x₂ / y"],
        "prod": ["∏_(j≠1) xⱼ", "∏_(j≠2) xⱼ", "∏_(j≠3) xⱼ"],
    }
    assert rule(BY_NAME["dot"], 0, 1).text == "1"


# --- the writing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("op", "position", "count"), RULES)
def test_every_rule_of_the_table_is_read_and_written(op, position, count):
    found = rule(op, position, count)
    read(found.latex)
    assert "\\" not in found.text
    assert not re.search(r"[{}]|  |\( | \)|\(\(.*\)\)", found.text)
    tree = ElementTree.fromstring(found.mathml)
    assert tree.tag == f"{{{NAMESPACE}}}math"
    assert {element.tag.removeprefix(f"{{{NAMESPACE}}}") for element in tree.iter()} <= ELEMENTS
    fixed = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2, "munder": 2, "msubsup": 3}
    for element in tree.iter():
        tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        assert len(element) == fixed.get(tag, len(element))
        if tag in ("mi", "mn", "mo", "mtext"):
            assert element.text
            assert len(element) == 0


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"1 - \tanh^2 x", "1 − tanh² x"),
        (r"\frac{1}{2 \sqrt{x}}", "1 / (2 √x)"),
        (r"-\frac{1}{\sqrt{1 - x^2}}", "−1 / √(1 − x²)"),
        (r"\frac{1}{3 \sqrt[3]{x}^2}", "1 / (3 (³√x)²)"),
        (r"\frac{2}{\sqrt\pi} e^{-x^2}", "(2 / √π) e^(−x²)"),
        (r"\frac1b", "1 / b"),
        (r"\frac{a - b}{c}", "(a − b) / c"),
        (r"a - (b - c)", "a − (b − c)"),
        (r"\frac{\partial y}{\partial x}", "∂y / ∂x"),
        (r"x_{12} + x_n^2", "x₁₂ + xₙ²"),
        (r"|x| \cdot 2", "|x| · 2"),
        (r"[a, b]", "[a,b]"),
        (r"\sum_{j=1}^n x_j", "∑_(j=1)ⁿ xⱼ"),
        (r"\infty", "∞"),
        ("", ""),
    ],
)
def test_formulas_as_text(latex, text):
    assert plain(latex) == text


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_the_documentation_of_a_row_says_its_rules(op):
    assert f"Derivative:\n        {', '.join(op.latex)}\n" in op.__doc__
    assert isinstance(op.latex, tuple)
    assert len(op.latex) == (op.arity or len(op.latex))


def test_every_rule_is_seen_in_a_browser(page):
    cells = "".join([f"<td>{rule(*case).mathml}</td>" for case in RULES])
    open_html(page, f"<!doctype html><meta charset=utf-8><table><tr>{cells}</table>")
    seen = page.evaluate("""() => [...document.querySelectorAll("math")].map((math) => {
        const box = math.getBoundingClientRect();
        const all = [...math.querySelectorAll("*")];
        return [box.width, box.height, all.every((e) => e instanceof MathMLElement), all.every((e) =>
            e.localName === "mspace" || e.getBoundingClientRect().width > 0)];
    })""")
    assert len(seen) == len(RULES)
    for case, (width, height, is_known, has_size) in zip(RULES, seen, strict=True):
        assert width > 3, case
        assert height > 5, case
        assert is_known, case
        assert has_size, case


# --- what users write -----------------------------------------------------------------------------------------

UNREAD = [
    r"\href{javascript:alert(1)}{x}", r"\mathrm{<b>&}", r"\operatorname{<script>}",
    "<script>alert(1)</script>", r"\text{<img src=x onerror=alert(1)>}", "a & b",
    r"\frac{1}", r"\sqrt[x]{2}", "(a", "a)", "x^2^3", "x^", "{", "}", r"\unknown", "\\", "ü", "數", "\x00\x1b",
    "{" * 50 + "x" + "}" * 50, "(" * 5000, "x" * 5000, "\ud800", "\u202eabc", r"\text{\frac{1}{2}}", "$x$", '"',
    "'" * 3, r"\left( x \right)", r"\text{}", "\n", " ",
]  # fmt: skip


def test_what_cannot_be_read_comes_out_as_text_and_never_as_markup(page):
    rules = [rule(Op("own", "o", 1, lambda x: x, lambda y, x: (1.0,), latex=latex), 0, 1) for latex in UNREAD]
    trees = [ElementTree.fromstring(found.mathml) for found in rules]
    assert {element.tag.removeprefix(f"{{{NAMESPACE}}}") for tree in trees for element in tree.iter()} <= ELEMENTS
    assert all(c.isprintable() or c in " \u202e" for found in rules for c in found.text)
    open_html(page, "<!doctype html><meta charset=utf-8>" + "".join([found.mathml for found in rules]))
    seen = page.evaluate("""() => [...document.querySelectorAll("math")].map((math) =>
        [math.querySelectorAll("*").length, math.textContent])""")
    assert seen == [[len(list(tree.iter())) - 1, "".join(tree.itertext())] for tree in trees]
    assert all(text for _, text in seen)
    assert page.evaluate("document.querySelectorAll('script, img, a').length") == 0


def test_the_text_of_what_cannot_be_read_is_whole():
    assert plain(r"\href{a}{b} <b>") == r"\href{a}{b} <b>"
    assert ElementTree.fromstring(mathml(r"\href{a}{b} <b>"))[0].text == r"\href{a}{b} <b>"


def test_an_operation_without_a_rule_shows_the_derivative_itself():
    own = Op("own", "o", 1, lambda x: x, lambda y, x: (1.0,))
    assert rule(own, 0, 1).latex == ""
    assert rule(own, 0, 1).text == "∂y / ∂x"


def test_one_rule_counts_for_all_operands_and_a_tuple_for_each():
    one = Op("own", "o", 3, lambda *xs: xs[0], lambda y, *xs: xs, latex="2x")
    two = Op("own", "o", 3, lambda *xs: xs[0], lambda y, *xs: xs, latex=("a", "b"))
    assert [rule(one, k, 3).text for k in range(3)] == ["2x", "2x", "2x"]
    assert [rule(two, k, 3).text for k in range(3)] == ["a", "b", "b"]


@pytest.mark.parametrize("latex", ["(", "{x", "x_1_2", r"\frac", "x|y", "[1)", "{" * 900 + "x" + "}" * 900, "x" * 2001])
def test_half_a_formula_and_a_huge_one_are_refused(latex):
    with pytest.raises(Unreadable):
        read(latex)


# --- operations in print --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "operands", "text"),
    [
        ("add", ["2.0000", "-3.0000"], "2.0000 + (-3.0000)"),
        ("sub", ["-1.0", "-3.0"], "-1.0 - (-3.0)"),
        ("mul", ["2.0000", "-3.0000"], "2.0000 × (-3.0000)"),
        ("mul", ["a + b", "c"], "(a + b) × c"),
        ("div", ["1.0", "1e-05"], "1.0 / 1e-05"),
        ("pow", ["-2.0", "-3.0"], "(-2.0)^(-3.0)"),
        ("pow", ["x", "2.0000"], "x^2.0000"),
        ("neg", ["-2.0"], "-(-2.0)"),
        ("pos", ["x"], "+x"),
        ("tanh", ["0.8814"], "tanh(0.8814)"),
        ("tanh", ["-0.8814"], "tanh(-0.8814)"),
        ("mul", ["sin(a + b)", "tanh(x)"], "sin(a + b) × tanh(x)"),
        ("mul", ["(a) + (b)", "x"], "((a) + (b)) × x"),
        ("dot", ["2.0", "0.0", "-3.0", "1.0", "6.88"], "2.0·(-3.0) + 0.0·1.0 + 6.88"),
        ("dot", ["-2.0", "-1.0", "-3.0", "1.0", "-6.88"], "-2.0·(-3.0) + (-1.0)·1.0 + (-6.88)"),
        ("dot", ["b"], "b"),
        ("dot", [*"abcdef", *"uvwxyz", "k"], "a·u + b·v + … + f·z + k"),
        ("sum", ["1.0", "-2.0", "3.0"], "1.0 + (-2.0) + 3.0"),
        ("sum", list("abcdef"), "a + b + … + f"),
        ("mean", ["1.0", "2.0"], "(1.0 + 2.0) / 2"),
        ("prod", ["2.0", "-3.0"], "2.0 × (-3.0)"),
        ("max", list("abcdef"), "max(a, b, …, f)"),
        ("clip", ["x", "-1.0", "1.0"], "clip(x, -1.0, 1.0)"),
        ("mul", ["inf", "-inf"], "inf × (-inf)"),
        ("mul", ["weight 1", "weight-2"], "(weight 1) × (weight-2)"),
        ("mul", ["w₁", "layers.0.w[1]"], "w₁ × layers.0.w[1]"),
    ],
)
def test_an_operation_is_printed_as_one_writes_it(name, operands, text):
    assert arithmetic(BY_NAME[name], operands) == text


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "pow", "neg", "pos", "sum", "mean", "prod", "dot"])
def test_the_printed_form_means_the_operation(name):
    op, rng = BY_NAME[name], random.Random(name)
    for _ in range(100):
        count = op.arity or rng.choice([1, 3])
        xs = [rng.choice([-3.0, -2.0, -0.5, 1.0, 2.0, 4.0, 1e-05, -1e-05]) for _ in range(count)]
        try:
            y = op.forward(*xs)
        except ValueError:
            continue
        printed = arithmetic(op, [repr(x) for x in xs])
        python = printed.replace("×", "*").replace("·", "*").replace("^", "**")
        assert eval(python, {}) == pytest.approx(y, rel=1e-15), printed


def test_templates_of_users_are_filled_in_without_being_obeyed():
    def own(code, arity=2):
        return Op("own", "o", arity, lambda *xs: xs[0], lambda y, *xs: xs, code=code)

    assert arithmetic(own("{0} @ {1}"), ["-1.0", "a + b"]) == "(-1.0) @ (a + b)"
    assert arithmetic(own("{0.__class__} {1}"), ["a", "b"]) == "{0.__class__} b"
    assert arithmetic(own("{0} {7}"), ["a", "b"]) == "own(a, b)"
    assert arithmetic(own("{"), ["a", "b"]) == "own(a, b)"
    assert arithmetic(own("a\n{0}"), ["a\x00", "b"]) == "a↵a\\x00"
    assert arithmetic(own(None, 3), ["a", "b", "c"]) == "own(a, b, c)"
