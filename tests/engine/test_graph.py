"""The graph that a program leaves behind: its structure, what a node is made of, and when it is freed."""

import gc
import statistics
import sys
import weakref
from contextlib import contextmanager

import pytest

from autograd import Op, Value, dot, exp, sum as total
from autograd.engine import NO_GRADIENT, toposort


@contextmanager
def collector_off():
    """The block runs without the garbage collector: what is freed in it is freed by reference counts alone."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def values_alive():
    # By type: `isinstance` asks an object for its `__class__`, at which some of PyTorch's warn.
    return sum(issubclass(type(x), Value) for x in gc.get_objects())


# --- structure -----------------------------------------------------------------------------------------------


def test_operands_are_an_ordered_tuple():
    a, b = Value(1.0), Value(2.0)
    assert (a - b).operands == (a, b)
    assert (b - a).operands == (b, a)
    assert (a - b)._prev == (a, b)
    assert type((a - b)._prev) is type((a - b).operands) is tuple
    assert (-a).operands == (a,)


def test_operands_keep_their_multiplicity():
    a = Value(3.0)
    assert (a + a)._prev == (a, a)
    assert total([a, a, a])._prev == (a, a, a)


def test_both_edges_of_a_plus_a_carry_gradient():
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2.0


def test_every_edge_of_an_operand_that_comes_many_times_carries_gradient():
    a = Value(3.0)
    total([a, 1.0, a, a]).backward()
    assert a.grad == 3.0


def test_constants_are_floats_in_operands_and_leaves_in_prev():
    a = Value(3.0)
    for y, expected in [(a * 2, (a, 2.0)), (2 * a, (2.0, a)), (a**2, (a, 2.0)), (2 - a, (2.0, a)), (1 / a, (1.0, a))]:
        assert [x is e or (type(x), x) == (type(e), e) for x, e in zip(y.operands, expected, strict=True)] == [True] * 2
        assert [type(x) for x in y._prev] == [Value, Value]
        assert [x.data for x in y._prev] == [float(x) for x in expected]
        assert all(x._prev == () for x in y._prev)


def test_constants_among_many_operands():
    a, b = Value(3.0), Value(4.0)
    y = total([a, 2, b, 7.5])
    assert y.operands[0] is a
    assert y.operands[2] is b
    assert y.operands[1::2] == (2.0, 7.5)
    assert all(type(x) is float for x in y.operands[1::2])
    assert (y.data, [x.data for x in y._prev]) == (16.5, [3.0, 2.0, 4.0, 7.5])


def test_a_weighted_sum_is_one_node():
    w, x, b = [Value(1.0), Value(2.0)], [Value(3.0), 4.0], Value(5.0)
    y = dot(w, x, b)
    assert y.operands == (w[0], w[1], x[0], 4.0, b)
    assert len(toposort(y)) == 5
    y.backward()
    assert (y.data, w[0].grad, w[1].grad, x[0].grad, b.grad) == (16.0, 3.0, 4.0, 1.0, 1.0)


def test_a_node_names_its_operation():
    a, b = Value(1.0), Value(2.0)
    assert [v._op for v in (a + b, a - b, a * b, a / b, a**b, -a)] == ["+", "-", "*", "/", "**", "-"]
    assert (a * 2.0)._op == (2.0 * a)._op == "*"
    assert (a * b).op.name == "mul"
    assert isinstance((a * b).op, Op)
    assert (a.exp().op, exp(a).op) == (exp, exp)


def test_toposort_gives_each_value_once_and_operands_first():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    d = total([c, a, b, c])
    e = d / c - d
    order = toposort(e)
    position = {v: i for i, v in enumerate(order)}
    assert len(position) == len(order)
    assert order[-1] is e
    assert {a, b, c, d, e} <= set(order)
    assert len(order) == 6
    for v in order:
        assert all(position[x] < position[v] for x in v._prev)


def test_toposort_of_a_leaf_and_of_a_node_of_constants():
    a = Value(1.0)
    assert toposort(a) == [a]
    y = a + 1.0
    assert toposort(y) == [a, y]  # a constant is not a node


def test_the_gradient_that_was_never_computed_is_told_from_zero():
    a = Value(1.0)
    assert a.grad == 0.0
    assert a.grad is NO_GRADIENT
    assert (a * 0.0).grad is NO_GRADIENT
    (a * 0.0).backward()
    assert a.grad == 0.0
    assert a.grad is not NO_GRADIENT


# --- what a node is made of ----------------------------------------------------------------------------------


def test_a_node_has_no_dict_and_refers_to_nothing_but_plain_things():
    a, b = Value(1.0), Value(2.0)
    for v in (a, a + b, a * 2.0, 2.0 * a, a.exp(), -a, total([a, b, 1.0])):
        v.backward()
        assert not hasattr(v, "__dict__")
        assert not callable(v)
        for content in gc.get_referents(v):
            assert type(content) in (float, str, tuple, Value, Op, type(None)) or content is Value


def test_the_nodes_of_a_graph_do_not_refer_to_their_results():
    a = Value(1.0)
    before = sys.getrefcount(a), gc.get_referents(a)
    y = a.exp() * a
    y.backward()
    assert all(x is not y for x in gc.get_referents(a))
    del y
    assert sys.getrefcount(a) == before[0]


@pytest.mark.parametrize("step", [
    lambda v, w: v + w, lambda v, w: w * v, lambda v, w: v * 0.5, lambda v, w: 0.5 * v, lambda v, w: v - 1,
    lambda v, w: -v, lambda v, w: v.tanh(), lambda v, w: v.relu(), lambda v, w: v**2, lambda v, w: v / 2,
], ids=["v+w", "w*v", "v*c", "c*v", "v-c", "-v", "tanh", "relu", "v**c", "v/c"])  # fmt: skip
def test_one_tracked_object_per_node_of_one_or_two_operands(step):
    def added():
        v, w = Value(0.5), Value(0.25)
        keep = [None] * 1000
        step(v, w)
        with collector_off():
            before = len(gc.get_objects())
            for i in range(1000):
                v = step(v, w)
                keep[i] = v
            return len(gc.get_objects()) - before

    # The interpreter, or a browser of other tests, makes or frees an object now and then: most counts are the nodes'.
    assert statistics.mode(added() for _ in range(5)) == 1000


# --- when it is freed ----------------------------------------------------------------------------------------

PROGRAMS = {
    "operators": lambda a, b: (a + b) * (a - 2.0) / (b * b + 1) ** 2,
    "functions": lambda a, b: (a.tanh() * b.exp()).relu() + abs(a),
    "many operands": lambda a, b: total([a, b, a * b, dot([a, b], [b, a], 1.0)]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_graph_is_freed_the_moment_it_is_dropped(name):
    a, b = Value(1.0), Value(2.0)
    with collector_off():
        before = values_alive()
        y = PROGRAMS[name](a, b)
        y.backward()
        y.backward(2.0)
        assert values_alive() > before
        del y
        assert values_alive() == before


def test_a_leaf_dies_with_its_graph():
    class Watched(Value):
        __slots__ = ("__weakref__",)

    with collector_off():
        leaf = Watched(2.0)
        seen = weakref.ref(leaf)
        y = (leaf * leaf + 1).log()
        y.backward()
        del leaf
        assert seen() is not None
        del y
        assert seen() is None


def test_a_failed_backward_leaves_nothing_behind():
    with collector_off():
        before = values_alive()
        v = Value(4.0, (Value(2.0),), "f") * 3
        with pytest.raises(Exception, match="rule"):
            v.backward()
        del v
        assert values_alive() == before


def test_the_collector_finds_nothing_to_do():
    with collector_off():
        for _ in range(100):
            a = Value(1.0)
            (a * a + total([a, a, 1.0]) + a.exp()).backward()
        del a
        assert gc.collect() == 0
