"""Derivatives that are Values again: against hand formulas, mpmath and `backward`, and at the promised sizes."""

import doctest
import math
import subprocess
import sys
from collections import namedtuple
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp, mpf

from autograd import (
    Op,
    ShapeError,
    StaleGraphError,
    Value,
    derivatives,
    dot,
    exp,
    functions,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd.engine import toposort


def data(tree):
    """The numbers in a structure of Values."""
    if isinstance(tree, dict):
        return {key: data(x) for key, x in tree.items()}
    if isinstance(tree, (list, tuple, np.ndarray)):
        return [data(x) for x in tree]
    assert type(tree) is Value
    return tree.data


def rosenbrock(p):
    return sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(p))


def rosenbrock_hessian(x, y):
    return [[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200]]


def nth(f, n):
    for _ in range(n):
        f = grad(f)
    return f


# --- known derivatives ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", [(1.0, 1.0), (-1.2, 1.0), (0.0, 0.0), (3.5, -2.25)])
def test_hessian_of_rosenbrock(point):
    for row, exact in zip(hessian(rosenbrock)(list(point)), rosenbrock_hessian(*point), strict=True):
        assert data(row) == pytest.approx(exact, rel=1e-12, abs=1e-12)


def test_hessian_of_rosenbrock_in_four_dimensions_is_symmetric_and_tridiagonal():
    H = np.array(data(hessian(rosenbrock)([0.5, -1.0, 2.0, 0.25])))
    assert (H.T == H).all()
    assert np.diag(H, 1).tolist() == [-200.0, 400.0, -800.0]
    assert np.diag(H).tolist() == pytest.approx([1200 * 0.25 + 400 + 2, 1200 - 800 + 202, 4800 - 100 + 202, 200])
    assert not np.triu(H, 2).any()


@pytest.mark.parametrize("x", [-3.0, -0.5, 0.0, 0.1, 1.0, 2.5])
def test_fourth_derivative_of_tanh(x):
    t = mp.tanh(mpf(x))
    by_hand = 8 * t * (1 - t**2) * (2 - 3 * t**2)  # t' = 1 - t², and the chain rule three times more
    with mp.workdps(50):
        assert by_hand == pytest.approx(mp.diff(mp.tanh, mpf(x), 4), rel=1e-14)
    for tanh in (functions.tanh, lambda v: 1 - 2 / (exp(2 * v) + 1)):
        assert nth(tanh, 4)(x).data == pytest.approx(float(by_hand), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("order", range(8))
def test_every_derivative_of_a_power(order):
    exact = math.perm(7, order) * 1.5 ** (7 - order)
    assert float(nth(lambda x: x**7, order)(1.5)) == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("order", range(1, 7))
def test_derivatives_of_log_times_x_against_mpmath(order):
    with mp.workdps(50):
        exact = float(mp.diff(lambda x: x * mp.log(x), mpf("0.75"), order))
    assert nth(lambda x: x * log(x), order)(0.75).data == pytest.approx(exact, rel=1e-12)


def test_gradient_of_gradients_of_several_arguments():
    def f(a, b, c):
        return a**2 * b**3 * exp(c)

    a, b, c = 1.5, -2.0, 0.25
    e = math.exp(c)
    dabc = grad(grad(grad(f, 0), 1), 2)(a, b, c)  # ∂³f/∂a∂b∂c
    assert dabc.data == pytest.approx(2 * a * 3 * b**2 * e, rel=1e-14)
    assert data(grad(f, (2, 0))(a, b, c)) == pytest.approx([a**2 * b**3 * e, 2 * a * b**3 * e], rel=1e-14)
    assert grad(f, -1)(a, b, c).data == pytest.approx(a**2 * b**3 * e, rel=1e-14)
    blocks = data(hessian(f, argnums=(0, 1))(a, b, c))
    assert blocks[0] == pytest.approx([2 * b**3 * e, 6 * a * b**2 * e], rel=1e-14)
    assert blocks[1] == pytest.approx([6 * a * b**2 * e, 6 * a**2 * b * e], rel=1e-14)


def test_jacobian_of_polar_coordinates():
    J = jacobian(lambda p: [p[0] * p[1].cos(), p[0] * p[1].sin()])([2.0, 0.5])
    c, s = math.cos(0.5), math.sin(0.5)
    assert data(J) == [pytest.approx([c, -2 * s], rel=1e-15), pytest.approx([s, 2 * c], rel=1e-15)]


def test_mixed_derivatives_of_a_power_at_the_exponent_zero():
    """There ∂/∂a = b a^(b-1) is 0, but is no constant: its derivative by b is 1/a."""
    H = data(hessian(lambda a, b: a**b, (0, 1))(2.0, 0.0))
    assert H == [pytest.approx([0.0, 0.5]), pytest.approx([0.5, math.log(2.0) ** 2])]
    third = grad(grad(grad(lambda a, b: a**b), 1), 0)(2.0, 0.0)
    assert third.data == pytest.approx(-0.25)  # of 1/a
    assert [grad(lambda a: a**0.0)(x).data for x in (0.0, 5e-324, 1.7e308, -3.0, math.inf)] == [0.0] * 5


# --- which node is which --------------------------------------------------------------------------------------


def test_inner_derivatives_are_not_confused_with_outer_ones():
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0).data == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0).data == 6.0  # x · x, and not x · (x + y)
    assert grad(lambda x: x * jvp(lambda y: x + y, (1.0,), (1.0,))[1])(1.0).data == 1.0
    assert jvp(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1], (3.0,), (1.0,))[1].data == 6.0


def test_the_same_value_twice_has_two_partials():
    x = Value(3.0)
    assert data(grad(lambda a, b: a * a * b, (0, 1))(x, x)) == [18.0, 9.0]
    assert grad(lambda a, b: a * a * b)(x, x).data == 18.0
    assert data(grad(lambda p: p[0] * p[0] * p[1])([x, x])) == [18.0, 9.0]
    assert data(jvp(lambda a, b: a * a * b, (x, x), (1.0, 0.0))[1]) == 18.0


def test_results_flow_back_to_the_values_that_were_given():
    x = Value(2.0)
    g = grad(lambda t: t**3 * x)(x)  # 3 t² x at t = x
    assert g.data == 24.0
    g.backward()
    assert x.grad == 9 * 2.0**2
    assert gradients(gradients(x**4, x), x).data == 48.0


def test_no_grad_field_and_no_argument_is_touched():
    x, w = Value(2.0, label="x"), Value(3.0)
    x.grad, w.grad = 5.0, 7.0
    structure = {"p": [x, 1.0]}
    y = w * x
    gradients(y, [x, w])
    hessian(lambda s: s["p"][0] ** 2 * w * s["p"][1])(structure)
    assert (x.grad, w.grad, x.op, structure) == (5.0, 7.0, None, {"p": [x, 1.0]})


def test_a_result_is_never_a_node_of_the_graph():
    """Else a training loop that writes `.data` would change gradients that it has not used yet."""
    x, w = Value(3.0), Value(2.0)
    y = w * x
    dx, dw = gradients(y, [x, w])
    assert dx not in toposort(y)
    x.data = 100.0
    assert dw.data == 3.0
    one, other = gradients(x + w, [x, w])
    assert one is not other
    y, pullback = vjp(lambda a: a, x)
    assert pullback(w)[0] is not w


def test_a_gradient_by_interior_nodes_and_through_them():
    x = Value(2.0)
    h = x * x
    y = h * h + x
    assert data(gradients(y, [h, x, y])) == [8.0, 33.0, 1.0]


def test_what_the_result_does_not_depend_on_gets_zero():
    x, other = Value(2.0), Value(1.0)
    assert data(gradients(x * 3, [other, x])) == [0.0, 3.0]
    assert gradients(2.5, x).data == 0.0
    assert data(grad(lambda p: 7)([1.0, 2.0])) == [0.0, 0.0]
    assert data(jacobian(lambda p: [p[0], 1.0])([1.0, 2.0])) == [[1.0, 0.0], [0.0, 0.0]]
    assert data(jvp(lambda p: (p[0], 1.0), ([1.0, 2.0],), ([3.0, 4.0],))) == [[1.0, 1.0], [3.0, 0.0]]
    assert data(hessian(lambda x: 3 * x)(1.0)) == 0.0
    y, g = value_and_grad(lambda x: 4)(1.0)
    assert (data(y), data(g)) == (4.0, 0.0)


def test_nan_partials_of_irrelevant_operands_do_not_travel():
    base, exponent = Value(-2.0), Value(3.0)
    y = base**exponent  # by the exponent: nan
    assert gradients(y, base).data == 12.0
    assert math.isnan(gradients(y, exponent).data)
    assert grad(grad(lambda x: x**exponent))(-2.0).data == -12.0
    assert jvp(lambda a, b: a**b, (-2.0, 3.0), (1.0, 0.0))[1].data == 12.0
    assert jvp(lambda a, b: functions.sqrt(a) + b, (0.0, 1.0), (0.0, 1.0))[1].data == 1.0
    _, pullback = vjp(lambda a, b: [functions.sqrt(a), b], 0.0, 1.0)
    assert data(pullback([0.0, 2.0])) == [0.0, 2.0]


# --- structures -----------------------------------------------------------------------------------------------

Point = namedtuple("Point", "x y")


def test_results_mirror_lists_tuples_dicts_and_named_tuples():
    def f(p):
        return p["w"][0][0] * p["w"][1][0] + p["w"][1][1] ** 2 * p["b"] + p["at"].x * p["at"].y

    p = {"w": [[2.0], (3.0, Value(4.0))], "b": 0.5, "at": Point(5, np.float64(6.0))}
    g = grad(f)(p)
    assert data(g) == {"w": [[3.0], [2.0, 4.0]], "b": 16.0, "at": [6.0, 5.0]}
    assert list(g) == ["w", "b", "at"]
    assert type(g["w"][1]) is tuple
    assert type(g["at"]) is Point
    H = hessian(f)(p)
    assert data(H["w"][1][1]) == {"w": [[0.0], [0.0, 1.0]], "b": 8.0, "at": [0.0, 0.0]}
    assert H["at"].x["at"].y.data == 1.0


def test_numpy_arrays_are_arrays_of_values_inside_and_outside():
    A = np.array([[2.0, 1.0], [0.0, 3.0]])
    x = np.array([1.0, -2.0])
    g = grad(lambda v: v @ A @ v)(x)
    assert isinstance(g, np.ndarray)
    assert data(g) == ((A + A.T) @ x).tolist()
    assert data(jacobian(lambda v: A @ (2 * v))(x)) == (2 * A).tolist()
    assert data(hessian(lambda v: v @ A @ v)(x)) == (A + A.T).tolist()
    assert data(hvp(lambda v: v @ A @ v, (x,), (np.array([1.0, 10.0]),))) == [14.0, 61.0]
    assert data(grad(lambda M: (M @ M).sum())(A)) == ((A.sum(1)[None, :] + A.sum(0)[:, None]).tolist())
    assert x.tolist() == [1.0, -2.0]
    assert grad(lambda t: t**2)(np.array(3.0)).data == 6.0


def test_other_arguments_and_keywords_are_passed_on_as_they_are():
    seen = []

    def f(x, table, power=2):
        seen.append((table, power))
        return x**power

    table = {"any": object()}
    assert grad(f)(2.0, table, power=3).data == 12.0
    assert seen == [(table, 3)]
    assert seen[0][0] is table
    assert data(jacobian(f)(2.0, table, power=3)) == 12.0
    assert data(hessian(f)(2.0, table, power=3)) == 12.0


def test_labels_of_arguments_stand_in_error_messages():
    with pytest.raises(ValueError, match=r"log is undefined at -1.0 \(label 'rate'\)"):
        grad(log)(Value(-1.0, label="rate"))


# --- the functions agree with each other ----------------------------------------------------------------------


def programs():
    """Random straight-line programs over smooth operations and some kinks, of values that stay moderate."""
    unary = [
        lambda v: v.tanh(),
        lambda v: v.sin(),
        lambda v: -v,
        lambda v: v * v * 0.5,
        lambda v: (v * v + 1).log(),
        lambda v: v.relu(),
        lambda v: 2.0 ** v.tanh(),
        lambda v: (v * v + 0.5) ** -0.5,
        lambda v: 3 - abs(v),
    ]
    binary = [
        lambda a, b: a + b,
        lambda a, b: (a - b) * 0.5,
        lambda a, b: (a * b).tanh(),
        lambda a, b: a / (b * b + 1),
        lambda a, b: (a * a + 0.1) ** b.tanh(),
        lambda a, b: functions.max(a, b),
        lambda a, b: dot([a, b, 0.5], [b, 0.25, a], a).tanh(),
        lambda a, b: functions.logsumexp([a, b, a]),
    ]
    step = st.tuples(st.sampled_from(unary + binary), st.integers(0, 99), st.integers(0, 99))

    def runner(steps):
        def run(xs):
            values = list(xs)
            for f, i, j in steps:
                a, b = values[i % len(values)], values[j % len(values)]
                values.append(f(a) if f in unary else f(a, b))
            return values[-1]

        return run

    return st.lists(step, min_size=1, max_size=12).map(runner)


points = st.lists(st.floats(-2, 2), min_size=3, max_size=3)
directions = st.lists(st.floats(-1, 1), min_size=3, max_size=3)


def close(x):
    return pytest.approx(x, rel=1e-9, abs=1e-9, nan_ok=True)


@settings(max_examples=150, deadline=None)
@given(programs(), points)
def test_gradients_are_those_of_backward(f, point):
    xs = [Value(x) for x in point]
    y = f(xs)
    symbolic = data(gradients(y, xs))
    y.backward()
    assert symbolic == close([x.grad for x in xs])
    assert data(value_and_grad(f)(point)) == [y.data, close(symbolic)]


@settings(max_examples=75, deadline=None)
@given(programs(), programs(), points, directions, st.lists(st.floats(-1, 1), min_size=2, max_size=2))
def test_forward_and_reverse_mode_agree(f, g, point, direction, weights):
    def both(xs):
        return {"f": f(xs), "g": [g(xs)]}

    y, moved = jvp(both, (point,), (direction,))
    same, pullback = vjp(both, point)
    (pulled,) = pullback({"g": [weights[1]], "f": weights[0]})  # the order of keys does not matter
    assert data(y) == data(same)
    forward = weights[0] * moved["f"].data + weights[1] * moved["g"][0].data
    assert forward == close(sum(a * b for a, b in zip(data(pulled), direction, strict=True)))
    J = jacobian(both)(point)
    assert data(moved["f"]) == close(sum(a * b for a, b in zip(data(J["f"]), direction, strict=True)))
    assert data(moved["g"][0]) == close(sum(a * b for a, b in zip(data(J["g"][0]), direction, strict=True)))


@settings(max_examples=75, deadline=None)
@given(programs(), points, directions)
def test_hvp_is_the_hessian_times_the_vector(f, point, direction):
    H = data(hessian(f)(point))
    assert data(hvp(f, (point,), (direction,))) == close(
        [sum(h * t for h, t in zip(row, direction, strict=True)) for row in H]
    )
    assert H == [close(column) for column in zip(*H, strict=True)]


def test_forms_of_hvp_and_vjp_results():
    one = hvp(lambda x: x**3, (2.0,), (0.5,))
    assert one.data == 6.0
    two = hvp(lambda a, b: a**2 * b["k"], (3.0, {"k": 5.0}), (1.0, {"k": 2.0}))
    assert type(two) is tuple
    assert data(two) == [2 * 5.0 + 2 * 3.0 * 2.0, {"k": 6.0}]
    y, pullback = vjp(lambda x: x**2, 3.0)
    assert (y.data, type(pullback(1.0)), data(pullback(1.0))) == (9.0, tuple, [6.0])
    assert data(pullback(-0.5)) == [-3.0]


def test_tangents_and_cotangents_can_be_differentiated_by():
    t, c = Value(0.5), Value(3.0)
    assert gradients(jvp(lambda x: x**3, (2.0,), (t,))[1], t).data == 12.0
    assert gradients(vjp(lambda x: x**3, 2.0)[1](c)[0], c).data == 12.0
    assert grad(lambda x: jvp(lambda z: z**3, (x,), (1.0,))[1])(2.0).data == 12.0
    assert jvp(grad(lambda x: x**4), (2.0,), (1.0,))[1].data == 48.0
    zero = Value(0.0)
    assert gradients(jvp(lambda x: x**3, (2.0,), (zero,))[1], zero).data == 12.0
    assert gradients(vjp(lambda x: x**3, 2.0)[1](zero)[0], zero).data == 12.0


def test_an_op_of_your_own_has_derivatives_of_any_order():
    cube = Op("cube", "³", 1, lambda x: x * x * x, lambda y, x: (3 * x * x,))
    assert [nth(cube, n)(2.0).data for n in (1, 2, 3, 4)] == [12.0, 12.0, 6.0, 0.0]


# --- no_grad --------------------------------------------------------------------------------------------------


def test_inside_no_grad_derivatives_are_right_and_not_recorded():
    x = Value(2.0)
    with no_grad():
        first = grad(lambda t: t**3)(x)
        second = grad(grad(lambda t: t**3))(2.0)
        rows = jacobian(lambda t: [t**2, t])(x)
        _, moved = jvp(lambda t: t**3, (x,), (1.0,))
        after = x * x
    assert [v.data for v in (first, second, *rows, moved)] == [12.0, 12.0, 4.0, 1.0, 12.0]
    assert all(v.op is None for v in (first, second, *rows, moved, after))


def test_no_grad_inside_the_function_makes_constants():
    def f(x):
        with no_grad():
            constant = x * x
        return constant * x

    assert grad(f)(3.0).data == 9.0


# --- stale graphs ---------------------------------------------------------------------------------------------


def test_a_changed_leaf_makes_the_graph_stale():
    x, w = Value(3.0, label="x"), Value(2.0, label="w")
    y = (w * x).tanh()
    gradients(y, x)
    w.data = 5.0
    with pytest.raises(StaleGraphError) as error:
        gradients(y, x)
    message = str(error.value)
    assert "mul of w = 5.0, x = 3.0 gives 15.0, where the graph has 6.0" in message
    assert "compute it again" in message
    w.data = 2.0
    assert gradients(y, w).data == pytest.approx(3 / math.cosh(6) ** 2, rel=1e-12)


@pytest.mark.parametrize("c", [0.0, -0.0])
def test_a_change_that_leaves_the_value_is_noticed_by_the_partials(c):
    x, factor = Value(3.0, label="x"), Value(c, label="c")
    y = x * factor
    x.data = 7.0
    assert y.data == x.data * factor.data
    for xs in (x, factor):
        with pytest.raises(
            StaleGraphError, match=r"mul of x = 7.0, c = -?0.0 gives .*partial of 7.0, where the graph has one of 3.0"
        ):
            gradients(y, xs)


def test_an_even_function_of_a_leaf_that_changed_sign():
    x = Value(2.0, label="x")
    y = x * x
    x.data = -2.0
    with pytest.raises(
        StaleGraphError, match=r"mul of x = -2.0, x = -2.0 gives 4.0 with a partial of -2.0, where .* one of 2.0"
    ):
        gradients(y, x)


def test_one_of_many_operands_changed():
    w = [Value(float(i), label=f"w{i}") for i in range(3)]
    y = dot(w, [Value(0.0), Value(1.0), 2.0], bias=0.5)
    w[0].data = 9.0  # times 0
    with pytest.raises(StaleGraphError, match=r"dot of w0 = 9.0, w1 = 1.0, w2 = 2.0, 0.0, 1.0, 2.0, 0.5 gives 5.5"):
        gradients(y, w[1])


def test_a_change_to_where_the_operation_is_undefined():
    x = Value(2.0, label="x")
    y = log(x)
    x.data = -1.0
    with pytest.raises(StaleGraphError, match=r"log of x = -1.0 gives no value, where the graph has 0.69"):
        gradients(y, x)
    x = Value(2.0)
    y = 1 / x
    x.data = 0.0
    with pytest.raises(StaleGraphError, match=r"div of 1.0, 0.0 gives no value"):
        gradients(y, x)


def test_an_interior_node_that_was_written_to():
    x = Value(2.0)
    h = x * x
    y = h.exp()
    h.data = 1.0
    with pytest.raises(StaleGraphError, match=r"mul of 2.0, 2.0 gives 4.0, where the graph has 1.0"):
        gradients(y, x)


def test_a_pullback_sees_a_change_of_what_the_function_used():
    w = Value(2.0, label="w")
    _, pullback = vjp(lambda x: w * x * x, 3.0)
    assert pullback(1.0)[0].data == 12.0
    w.data = 5.0
    with pytest.raises(StaleGraphError, match=r"w = 5.0"):
        pullback(1.0)


def test_second_derivatives_see_a_change_between():
    x = Value(2.0, label="x")
    g = gradients(x**3, x)
    x.data = 1.0
    with pytest.raises(StaleGraphError):
        gradients(g, x)


def test_what_is_not_on_the_way_may_change():
    x, z = Value(2.0), Value(3.0)
    h = z.exp()
    y = x * x * h
    z.data = 0.0
    assert gradients(y, x).data == 4 * math.exp(3.0)  # the gradient of the value that was computed
    with pytest.raises(StaleGraphError):
        gradients(y, [x, z])


def test_nan_is_not_stale():
    x = Value(math.nan)
    assert math.isnan(gradients((x * 2.0).tanh() + x, x).data)
    inf = Value(math.inf)
    y = (inf - inf) * x
    assert math.isnan(gradients(y, x).data)


def test_setting_the_same_number_again_is_not_stale():
    x = Value(2.0)
    y = x**3
    x.data = np.float64(2.0)
    assert gradients(y, x).data == 12.0


# --- refusals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [lambda x: [x, x], lambda x: (x,), lambda x: {"y": x}, lambda x: np.array([x])])
@pytest.mark.parametrize("derivative", [grad, value_and_grad, hessian])
def test_a_gradient_is_that_of_one_number(f, derivative):
    with pytest.raises(ShapeError, match="jacobian is for functions of several results"):
        derivative(f)(1.0)


def test_gradients_of_a_list_is_refused():
    x = Value(1.0)
    with pytest.raises(ShapeError, match="the result is a list of 2"):
        gradients([x, x], x)


@pytest.mark.parametrize("result", [None, "2.0", 1j, object()])
def test_a_result_that_is_no_number(result):
    with pytest.raises(TypeError, match="the result cannot be differentiated"):
        grad(lambda x: result)(1.0)


@pytest.mark.parametrize("argnums", [2, -3, (0, 2)])
def test_argnums_out_of_range(argnums):
    with pytest.raises(ShapeError, match=r"argnums names argument (2|-3), but 2 positional arguments were given"):
        grad(lambda a, b: a * b, argnums)(1.0, 2.0)
    with pytest.raises(ShapeError):
        jacobian(lambda a, b: a * b, argnums)(1.0, 2.0)


@pytest.mark.parametrize("argnums", ["x", (0, "b"), 1.0, None])
def test_argnums_that_are_no_numbers(argnums):
    with pytest.raises(TypeError, match="argnums is the number of an argument or a tuple of them, not"):
        grad(lambda a, b: a * b, argnums)(1.0, 2.0)


@pytest.mark.parametrize("bad", ["3", None, 1j, {1.0}, object()])
def test_leaves_that_are_no_numbers_are_named_by_their_place(bad):
    with pytest.raises(TypeError, match=r"argument 1\[0\]\['k'\] cannot be differentiated: .*one real number, not"):
        grad(lambda a, b: a, argnums=1)(1.0, [{"k": bad}])


def test_gradients_by_a_number_is_refused():
    with pytest.raises(TypeError, match=r"xs\[1\] cannot be differentiated: 3.0 is a number, not a Value"):
        gradients(Value(1.0), [Value(1.0), 3.0])


@pytest.mark.parametrize(
    ("tangents", "message"),
    [
        (([1.0],), r"tangents\[0\] must have the structure of primals\[0\]: 2 entries \(0, 1\), got 1 entries \(0\)"),
        ((1.0,), r"tangents\[0\] must have .*: 2 entries \(0, 1\), got one number"),
        (
            ([1.0, [2.0]],),
            r"tangents\[0\]\[1\] must have the structure of primals\[0\]\[1\]: one number, got 1 entries",
        ),
        (({"a": 1.0, "b": 1.0},), r"got 2 entries \('a', 'b'\)"),
        (([1.0, 2.0], 1.0), r"tangents must have the structure of primals: 1 entries \(0\), got 2"),
    ],
)
def test_tangents_of_another_structure(tangents, message):
    for derivative in (jvp, hvp):
        with pytest.raises(ShapeError, match=message):
            derivative(lambda p: p[0] * p[1], ([1.0, 2.0],), tangents)


def test_cotangents_of_another_structure():
    _, pullback = vjp(lambda x: [x, x], 1.0)
    for bad in (1.0, [1.0], [1.0, 2.0, 3.0]):
        with pytest.raises(ShapeError, match="the cotangent must have the structure of the result: 2 entries"):
            pullback(bad)
    with pytest.raises(TypeError, match=r"the cotangent\[0\]"):
        pullback(["1", 1.0])


def test_primals_are_a_tuple():
    with pytest.raises(TypeError, match=r"primals holds the arguments of f, as in \(x,\) for one; got float"):
        jvp(lambda x: x, 1.0, 1.0)


def test_a_node_drawn_by_hand_has_no_rule():
    x = Value(1.0)
    with pytest.raises(Exception, match="made by hand"):
        gradients(Value(2.0, (x,), "+"), x)


# --- size -----------------------------------------------------------------------------------------------------


def test_two_to_the_sixty_paths():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    assert gradients(y, x).data == 2.0**60
    assert jvp(lambda t: gradients_of_doubling(t), (1.0,), (1.0,))[1].data == 2.0**60


def gradients_of_doubling(t):
    for _ in range(60):
        t = t + t
    return t


def test_the_gradient_costs_a_constant_multiple_of_the_function():
    """Counted in nodes: also of the second derivative, for which each result is used by many."""

    def f(p):
        for _ in range(20):
            p = [functions.tanh(dot([0.5] * len(p), p, 0.1 * x)) for x in p]
        return functions.sum(p)

    counts = {}
    for n in (4, 8, 16):
        xs = [Value(0.1 * i) for i in range(n)]
        y = f(xs)
        edges = sum(len(v.operands) for v in toposort(y))
        counts[n] = [len(toposort(functions.sum(gradients(y, xs)))) / edges]
        u = dot([1.0] * n, gradients(y, xs))
        counts[n].append(len(toposort(functions.sum(gradients(u, xs)))) / edges)
    for first, second in counts.values():
        assert first < 5
        assert second < 30


DEEP = """
import gc, sys
from autograd import Value, gradients, jvp
assert sys.getrecursionlimit() == 1000
gc.disable()  # it would look at each of the million new objects many times
def f(x):
    y = x
    for _ in range(10**6):
        y = {step}
    return y
x = Value(1.0)
print({derivative}.data)
"""


@pytest.mark.parametrize(
    ("step", "derivative", "result"),
    [("y + x", "gradients(f(x), x)", "1000001.0"), ("-y", "jvp(f, (x,), (2.0,))[1]", "2.0")],
)
def test_a_chain_of_a_million_nodes_at_the_default_recursion_limit(step, derivative, result):
    program = DEEP.format(step=step, derivative=derivative)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, result), run.stderr[-2000:]


@pytest.mark.no_cover  # for time's sake
def test_forward_mode_and_third_derivatives_of_a_deep_graph():
    def f(x):
        for _ in range(20_000):
            x = x * 1.0 + 0.0
        return x**3

    assert jvp(f, (2.0,), (1.0,))[1].data == 12.0
    assert nth(f, 3)(2.0).data == 6.0


def test_examples_of_the_documentation():
    assert doctest.testmod(derivatives).failed == 0


def test_the_jacobian_and_the_hessian_of_an_array_are_matrices():
    weights = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    matrix = jacobian(lambda x: weights @ x)(np.array([1.0, 2.0]))
    assert matrix.astype(float).tolist() == weights.tolist()
    second = hessian(lambda x: (x @ x) * x[0])(np.array([1.0, 2.0]))  # x³ + x y²: 6x, 2y; 2y, 2x
    assert second.astype(float).tolist() == [[6.0, 4.0], [4.0, 2.0]]
