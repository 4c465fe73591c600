"""What `explain` says: examples calculated by hand, x.grad, single operations, traces, where it prints."""

import io
import math
import os
import subprocess
import sys
from contextlib import redirect_stdout
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from autograd import (
    OPS,
    AutogradError,
    Op,
    Value,
    atan2,
    clip,
    dot,
    gradients,
    hypot,
    log,
    maximum,
    mean,
    norm,
    prelu,
    relu,
    sqrt,
    sum as total,
    where,
)  # fmt: skip
from autograd.view.explainer import explain
from autograd.view.explainer.rules import named_rule
from autograd.view.explainer.why import KINKS, SENTENCES, conventions
from autograd.view.tracing import trace

from .programs import programs


def explained(*arguments, **options):
    with redirect_stdout(io.StringIO()):
        return explain(*arguments, **options)


def worked_neuron():
    """The neuron of the lecture: n = x1 w1 + x2 w2 + b = 0.8813735870195432, o = tanh n = 0.7071, do/dn = 0.5."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    return o, n, w1, x1


def test_the_worked_neuron():
    o, _, w1, x1 = worked_neuron()
    found = explained(o, w1)
    assert found.count == 1
    assert [f.partial for f in found.paths[0].factors] == pytest.approx([0.5, 1.0, 1.0, 2.0])
    assert found.total == pytest.approx(1.0)
    assert "∂o/∂w1 = ∂o/∂n · ∂n/∂u2 · ∂u2/∂u1 · ∂u1/∂w1\n" in found.text
    assert "= 0.5000 · 1.0000 · 1.0000 · 2.0000\n" in found.text
    assert explained(o, x1).total == pytest.approx(-1.5)


def test_the_neuron_of_the_syllabus():
    """w1 = 1, w2 = -1, b = -0.5, at x = (1, 0): h = 0.5, p = 0.6225; dp/dw1 = p (1 - p) x1 = 0.2350."""
    w1, x1, w2, x2 = (Value(v, label=name) for v, name in ((1, "w1"), (1, "x1"), (-1, "w2"), (0, "x2")))
    p = (w1 * x1 + w2 * x2 - 0.5).sigmoid()
    p.label = "p"
    found = explained(p, w1)
    assert found.total == pytest.approx(0.6225 * 0.3775, abs=1e-4)
    assert "0.2350" in found.text
    assert "p (1 − p)" in found.text
    assert explained(p, w2).total == 0


def test_rules_carry_the_names_of_the_nodes():
    w, x = Value(2.0, label="weight"), Value(5.0, label="x")
    text = explained(w * x + w / x + x**3, x).text
    for rule in ("weight", "−u2 / x", "3x²"):
        assert rule in text


def test_several_paths_add_up_largest_first():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    found = explained(a * a + a * b, a)
    assert [p.product for p in found.paths] == [-3.0, 2.0, 2.0]
    assert (found.count, found.total) == (3, 1.0)
    assert "∂y/∂a = (-3.0000) + 2.0000 + 2.0000\n        = 1.0000" in found.text
    assert "∂u1/∂a⁽¹⁾" in found.text
    assert "∂u1/∂a⁽²⁾" in found.text


def test_what_is_left_out_is_counted_and_summed():
    a = Value(1.0, label="a")
    found = explained(total([a * k for k in range(1, 8)]), a, paths=2)
    assert [p.product for p in found.paths] == [7.0, 6.0]
    assert "and 5 more paths, together 15.0000" in found.text
    assert "(7.0000" not in found.text
    assert "= 7.0000 + 6.0000 + 15.0000" in found.text


def test_two_to_the_sixtieth():
    x = v = Value(1.0, label="x")
    for _ in range(60):
        v = v + v
    found = explained(v, x, paths=2)
    assert (found.count, found.total) == (2**60, 2.0**60)
    assert "1,152,921,504,606,846,976 paths from x to y" in found.text
    assert "and 1,152,921,504,606,846,974 more paths, together 1.153e+18" in found.text
    assert "… (52 more factors)" in found.text


@settings(max_examples=60, deadline=None)
@given(programs())
def test_totals_of_random_programs(program):
    y, x = program
    (gradient,) = gradients(y, [x])
    assert explained(y, x).total == pytest.approx(gradient.data, rel=1e-12, abs=1e-12)


# --- x.grad --------------------------------------------------------------------------------------------------


def squares():
    x = Value(3.0, label="x")
    y = x * x
    y.label = "y"
    return y, x


def last_line(y, x):
    return " ".join(explained(y, x).text.split("\n\n")[-1].split())


def test_no_backward_yet():
    assert last_line(*squares()) == "x.grad: not computed yet; y.backward() gives 6.0000."


def test_the_same_after_one_backward():
    y, x = squares()
    y.backward()
    assert last_line(y, x) == "x.grad = 6.0000: the same, as y.backward() gives 6.0000."


def test_accumulated():
    y, x = squares()
    for _ in range(3):
        y.backward()
    assert "x.grad = 18.0000: 3 times this derivative" in last_line(y, x)


def test_part_of_a_larger_computation():
    y, x = squares()
    (y * 5).backward()
    assert last_line(y, x) == "x.grad = 30.0000: this derivative times 5.0000, the gradient that arrived at y."


def test_something_else():
    y, x = squares()
    (x * 7).backward()
    assert "not this derivative; y.backward() gives 6.0000" in last_line(y, x)


def test_a_total_of_zero_and_a_zeroed_gradient():
    y, x = squares()
    x.grad = 0.0
    assert "not this derivative" in last_line(y, x)
    z = x * 0.0
    z.backward()
    assert "the same" in last_line(z, x)


# --- no path, one node ---------------------------------------------------------------------------------------


def test_no_dependence():
    y, _ = squares()
    other = Value(1.0, label="other")
    found = explained(y, other)
    assert (found.count, found.total, found.paths) == (0, 0.0, ())
    assert "∂y/∂other = 0: y does not depend on other" in found.text
    assert "other way round" not in found.text


def test_the_wrong_order():
    y, x = squares()
    found = explained(x, y)
    assert (found.count, found.total) == (0, 0.0)
    assert "y is computed from x. Ask for explain(y, x)." in found.text


def test_a_node_by_itself():
    y, _ = squares()
    found = explained(y, y)
    assert (found.count, found.total) == (1, 1.0)
    assert found.paths[0].factors == ()
    assert "∂y/∂y = 1" in found.text


def test_special_numbers_are_told():
    z = Value(0.0, label="z")
    found = explained(sqrt(z) * 0.0 + z, z)
    assert math.isnan(found.total)
    assert "0 · inf is nan" in found.text
    assert "= inf: the slope is infinite" in found.text
    assert "= 0: no change passes here" in found.text
    x = Value(1.0, label="x")
    assert "larger than the largest float" in explained(x * 1e200 * 1e200, x).text.replace("\n", " ")
    assert "smaller than the smallest float" in explained(x * 1e-200 * 1e-200, x).text.replace("\n", " ")
    assert "nan makes every sum nan" in explained(Value(-2.0) ** (x * 3), x).text.replace("\n", " ")


# --- one operation -------------------------------------------------------------------------------------------


def test_one_operation():
    o, n, *_ = worked_neuron()
    text = explained(o).text
    assert "o = tanh(n)\n    = tanh(0.8814)\n    = 0.7071" in text
    assert "1 − tanh² n = 1 / cosh² n" in text
    assert "No gradient has arrived yet" in text
    o.backward()
    text = explained(n).text
    assert "1.0000 · 0.5000 = 0.5000" in text
    assert "n.grad = 0.5000 arrived" in text
    found = explained(n)
    assert [f.operand for p in found.paths for f in p.factors] == list(n.operands)
    assert found.total is None


def test_a_leaf():
    x = Value(2.0, label="x")
    assert "x = 2.0000: a leaf" in explained(x).text
    assert "x.grad: not computed yet" in explained(x).text
    (x * 3).backward()
    assert "x.grad = 3.0000" in explained(x).text


def test_a_constant_operand_and_a_drawn_node():
    x = Value(2.0, label="x")
    assert "plain numbers are constants" in explained(3 - x).text
    assert "made by hand, without a rule" in explained(Value(1.0, (x,), "+")).text
    with pytest.raises(AutogradError, match="made by hand"):
        explain(Value(1.0, (x,), "+"), x)


def test_changed_data_are_told():
    x = Value(2.0, label="x")
    y = x * x
    assert "changed since" not in explained(y).text
    x.data = 5.0
    assert "changed since" in explained(y).text


def test_changed_data_are_told_along_paths():
    x = Value(2.0, label="x")
    y = (x * x).tanh()
    assert "changed since" not in explained(y, x).text
    x.data = 5.0
    assert "changed since" in explained(y, x).text


def test_data_changed_to_where_the_operation_is_undefined():
    x = Value(2.0, label="x")
    y = log(x)
    x.data = -1.0
    assert "changed since" in explained(y).text
    assert "changed since" in explained(y, x).text


def test_an_operation_of_ones_own():
    cube = Op("cube", "³", 1, forward=lambda x: x**3, partials=lambda y, x: (3 * x * x,), doc="The third power.")
    x = Value(2.0, label="x")
    assert "The third power." in explained(cube(x)).text
    assert explained(cube(x), x).total == 12.0


def test_many_operands_are_shortened():
    text = explained(total([Value(1.0) for _ in range(1000)])).text
    assert "and 976 more operands" in text
    assert len(text) < 4000


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation_has_its_sentence_and_its_kinks_a_place(op):
    assert op.name in SENTENCES
    assert set(op.kinks) <= set(KINKS)


def test_kinks_and_conventions():
    by_name = {op.name: op for op in OPS}
    assert "At u1 = 0: the derivative is 0." in explained(relu(Value(0.0))).text
    assert "special" not in explained(relu(Value(0.1))).text
    assert "the gradient is shared equally" in explained(maximum(Value(1.0), Value(1.0))).text
    assert "shared equally." not in explained(maximum(Value(1.0), Value(2.0))).text.replace("equally.\n", "")
    assert conventions(by_name["atan2"], 3.0, (0.0, -1.0)) == [("x < 0, y = 0", "the value jumps by 2π")]
    assert conventions(by_name["round"], 2.0, (2.5,))
    assert not conventions(by_name["round"], 2.0, (2.4,))
    assert not conventions(by_name["floor"], math.inf, (math.inf,))


def special_of(y):
    text = " ".join(explained(y).text.split())
    return text.partition("special. At ")[2].partition(" No gradient")[0]


def test_kinks_carry_the_names_of_the_operands():
    x, n = Value(-3.0, label="x"), Value(2.0, label="n")
    zero, one = Value(0.0, label="z"), Value(1.0, label="o")
    assert special_of((x - 1) ** n) == "u1 < 0: defined for whole n only; no derivative by n: nan."
    assert special_of(clip(zero, 0.0, one)) == "z = 0, z = o: the derivative by z is 1, by the limit 0."
    assert special_of(prelu(zero, one)) == "z = 0: the derivative by z is o."
    assert special_of(atan2(zero, x)) == "x < 0, z = 0: the value jumps by 2π."
    assert special_of(hypot(zero, Value(0.0, label="b"))) == "z = b = 0: both partials are 0."
    assert special_of(n.floor()) == "whole n: a jump; the derivative is 0."


def test_what_concerns_constants_alone_is_not_told():
    x, zero = Value(-3.0, label="x"), Value(0.0, label="z")
    for y in (x**2, x**-3, x**0, zero**2, zero**1, where(False, x, zero), where(0.0, x, zero)):
        assert "special" not in explained(y).text
    assert special_of(zero**1.5) == "z = 0: the derivative is the limit from the right."
    assert special_of(hypot(zero, 0.0)) == special_of(hypot(0.0, zero)) == "z = 0: both partials are 0."
    assert special_of((-2.0) ** x) == "-2 < 0: there is no derivative by x: nan."
    assert special_of(0.0**zero) == "z >= 0: a power of 0; the derivative by z is 0, at z = 0 the one-sided limit -inf."


def test_kinks_of_an_operation_of_ones_own_keep_their_words():
    own = Op("own", "o", 2, lambda a, b: a, lambda y, a, b: (1, 0), kinks={"a = b": "a corner"})
    assert special_of(own(Value(1.0, label="p"), 1.0)) == "a = b: a corner."


def test_nodes_beside_the_paths_have_names():
    """Numbers stand in the column of numbers alone; what a name means stands below."""
    o, _, w1, _ = worked_neuron()
    rows = {row.split()[0]: " ".join(row.split()) for row in explained(o, w1).text.split("\n") if row.strip()}
    assert rows["u2"] == "u2 u1 + u3 -6.0000 + 0.0000 -6.0000"
    assert rows["u3"] == "u3 x2 × w2 0.0000 × 1.0000 0.0000"
    x = Value(2.0, label="x")
    y = x * Value(5.0) + (Value(3.0) * 2.0).tanh() * 7.0
    rows = {row.split()[0]: " ".join(row.split()) for row in explained(y, x).text.split("\n") if row.strip()}
    assert rows["u1"] == "u1 x × u2 2.0000 × 5.0000 10.0000"
    assert rows["u2"] == "u2 a leaf 5.0000"
    assert rows["u3"] == "u3 … × 7 1.0000 × 7 6.9999"


def test_operands_without_a_label_are_told():
    _, n, w1, x1 = worked_neuron()
    assert "where u1 = u2 + …" not in explained(n).text
    assert "where u1 = … + …" in explained(n).text
    assert "where u1 = x1 × w1" in explained(n.operands[0]).text
    assert "where u1 = x1 × w1, u2 = x2 × w2" in explained(n.operands[0]).text
    assert "where" not in explained(w1 * x1).text
    assert "where" not in explained(w1 * Value(3.0)).text


# --- what is accepted, and where it prints -------------------------------------------------------------------


def test_a_trace_shows_the_line_of_code():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    traced = trace(lambda p, q: p * q + 1.0, a, b)
    assert explained(traced, a).total == 3.0
    assert "test_explain.py, line" in explained(traced).text
    assert "trace(lambda p, q: p * q + 1.0, a, b)" in explained(traced).text.replace("\n", " ")
    inner = traced.output.operands[0]
    assert "test_explain.py" in explained(inner, trace=traced).text
    with pytest.raises(ValueError, match="2 outputs"):
        explain(trace(lambda p: [p + 1, p * 2], a))


def test_the_line_of_a_cell_is_told_as_that():
    """Compiled as IPython's kernel does, whose files have the numbers of a process and of a hash as names."""
    cell = {"x": Value(2.0, label="x")}
    exec(compile("def f(x):\n    return x * 3.0", "/tmp/ipykernel_4711/1715765060.py", "exec"), cell)
    text = explained(trace(cell["f"], cell["x"])).text
    assert "Made in a notebook cell, line 2:" in text
    assert "1715765060" not in text


def test_many_operands_are_written_by_their_ends():
    leaves = [Value(1.0, label=f"p{i}") for i in range(100)]
    assert "y = p0 + p1 + … + p99\n" in explained(total(leaves)).text
    assert "y = (p0 + p1 + … + p99) / 100\n" in explained(mean(leaves)).text
    assert "y = norm(p0, p1, …, p99)\n" in explained(norm(leaves)).text
    weighted = explained(dot(leaves[:49], leaves[49:98], bias=leaves[99])).text
    assert "y = p0·p49 + p1·p50 + … + p48·p97 + p99\n" in weighted


def test_what_is_refused():
    x = Value(1.0)
    with pytest.raises(TypeError, match="not float"):
        explain(1.0)
    with pytest.raises(TypeError, match="x is a Value, not int"):
        explain(x, 3)
    with pytest.raises(ValueError, match="paths = 0"):
        explain(x, x, paths=0)


def test_it_prints_once_and_its_repr_is_short(capsys):
    y, x = squares()
    found = explain(y, x)
    assert capsys.readouterr().out == found.text + "\n"
    assert str(found) == found.text
    assert repr(found) == "<Explanation: ∂y/∂x: 2 paths from x to y>"


def test_a_stream_without_the_signs_gets_ascii():
    y, x = squares()
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    with redirect_stdout(stream):
        explain(y, x)
    shown = stream.buffer.getvalue().decode("ascii")
    assert "dy/dx(1)" in shown
    assert "*" not in shown.partition("\n")[0]


def test_in_ipython_the_object_shows_itself_once():
    """In a shell of IPython, in a process of its own: as the last expression once, in the middle not at all."""
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("from autograd import Value; from autograd.view.explainer import explain; x = Value(3.0, label='x')")
shell.run_cell("explain(x * x, x)")
print("MIDDLE")
shell.run_cell("explain(x * x, x); 1")
data, _ = shell.display_formatter.format(shell.run_cell("e = explain(x * x, x); e").result)
print("MIME", sorted(data))
"""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "IPYTHONDIR": "/nonexistent"}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=environment)
    first, _, rest = run.stdout.partition("MIDDLE")
    assert first.count("2 paths from x to y") == 1
    assert "paths" not in rest.partition("Out")[0]
    assert "MIME ['text/html', 'text/plain']" in rest


def rules_of(y):
    return [str(row[1][0].text) for row in next(b for b in explained(y).blocks if hasattr(b, "rows")).rows]


def test_rules_of_sequences_and_of_other_letters():
    w, x, b = Value(2.0, label="w"), Value(3.0, label="x"), Value(1.0, label="b")
    assert rules_of(dot([w, 4.0], [x, b], bias=b)) == ["x", "w", "4", "1"]
    assert rules_of(norm([w, x])) == ["w / y", "x / y"]
    assert rules_of(mean([w, x])) == ["1 / 2", "1 / 2"]
    assert rules_of(atan2(w, x)) == ["x / (x² + w²)", "−w / (x² + w²)"]
    assert rules_of(prelu(x, w)) == ["1 if x > 0 else w", "0 if x > 0 else x"]
    assert rules_of(w / -3.0) == ["1 / (-3)"]
    assert rules_of(w * -3.0) == ["-3"]
    assert rules_of(x**-2.0) == ["−2x^(−3)"]
    assert [rules_of(x**n) for n in (0, 1, 2, 0.5)] == [["0"], ["1"], ["2x"], ["0.5 x^(−0.5)"]]
    assert rules_of(w**x) == ["x w^(x−1)", "w^x ln w"]
    assert rules_of(x**1e30) == ["1e+30 x^(1e+30−1)"]
    assert rules_of(clip(x, w, 5.0)) == ["1 if w ≤ x ≤ 5 else 0", "1 if x < w else 0"]


def test_rules_in_latex_and_mathml_carry_the_same_names():
    w, x = Value(2.0, label="w1"), Value(-3.0)
    own = Op(
        "own", "o", 2, lambda a, b: a * b, lambda y, a, b: (b, a), latex=(r"\frac1a + b^2", r"y \text{ if } a > 0")
    )
    y = own(w, x)
    y.label = "loss"
    assert named_rule(y, 0, {w: "w1", y: "loss"}).latex == r"\frac1{w_{1}} + {(-3.0000)}^2"
    assert named_rule(y, 1, {w: "w1", y: "loss"}).latex == r"{\text{loss}} \text{ if } {w_{1}} > 0"
    assert named_rule(y, 0, {w: "w1", x: "<b>"}).mathml.endswith("<msup><mi>&lt;b&gt;</mi><mn>2</mn></msup></mrow>")
    assert "<msub><mi>w</mi><mn>1</mn></msub>" in named_rule(y, 0, {w: "w1"}).mathml


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation_can_be_explained_in_every_format(op):
    data = {"acosh": [1.5], "where": [1.0, 2.0, 3.0], "clip": [0.5, -1.0, 1.0]}.get(
        op.name, [0.4, 0.3, 0.2][: op.arity]
    )
    operands = [Value(v, label=f"p{i}") for i, v in enumerate(data)]
    y = op(*operands)
    for found in (explained(y), explained(y, operands[0])):
        assert "\ue000" not in found.text + found.latex + found.html + found.markdown
        assert "—" not in found.text.replace("p0.grad", "")
        ElementTree.fromstring(found.html)


def test_tiny_and_huge_numbers_are_in_scientific_form():
    x = Value(1e-20, label="x")
    text = explained(x * 3e-25 * 1e40, x).text
    for shown in ("1.000e+40 · 3.000e-25", "= 3.000e+15", "1.000e-20 × 3e-25", "3.000e-45"):
        assert shown in text
    assert " 0.0000" not in text
    assert "x = 1.000e-20: a leaf" in explained(x).text


def test_what_is_said_of_operands_that_are_numbers_nan_or_many():
    x = Value(2.0, label="x")
    assert "plain numbers" not in explained(x * x).text
    undefined = Value(math.nan, label="n")
    assert "changed since" not in explained(undefined * 2.0).text
    text = explained(total([*[Value(1.0) for _ in range(40)], Value(1.0, label="last")])).text
    assert "last" in text.partition("operand")[0]
