"""What is read of a computation: every node and edge, with multiplicity, at any depth."""

import math
import sys

import pytest
from hypothesis import given, strategies as st

import autograd
from autograd import Value
from autograd.view import read_graph

from .computations import computations, operand_count


def test_a_neuron():
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = (w * x + 1).tanh()
    y.label = "y"
    graph = read_graph(y)
    assert [(n.kind, n.label, n.op, n.op_name) for n in graph.nodes] == [
        ("leaf", "w", "", ""), ("leaf", "x", "", ""), ("result", "", "*", "mul"), ("constant", "", "", ""),
        ("result", "", "+", "add"), ("result", "y", "tanh", "tanh"),
    ]  # fmt: skip
    edges = [(e.source, e.target, e.position) for e in graph.edges]
    assert edges == [(0, 2, 0), (1, 2, 1), (2, 4, 0), (3, 4, 1), (4, 5, 0)]
    assert [n.data for n in graph.nodes][:5] == [-3.0, 2.0, -6.0, 1.0, -5.0]
    assert graph.outputs == (5,)
    assert graph.total == graph.shown == 6


def test_operands_keep_order_and_multiplicity():
    a, b = Value(1.0), Value(2.0)
    graph = read_graph(autograd.sum([a, b, a, a]))
    operands = sorted((e.position, graph.nodes[e.source].data) for e in graph.edges)
    assert operands == [(0, 1.0), (1, 2.0), (2, 1.0), (3, 1.0)]


def test_no_gradient_differs_from_a_gradient_of_zero():
    a, b = Value(0.0), Value(3.0)
    y = a * b
    assert [n.grad for n in read_graph(y).nodes] == [None, None, None]
    y.backward()
    assert [n.grad for n in read_graph(y).nodes] == [3.0, 0.0, 1.0]


def test_a_copy_is_read():
    a = Value(1.0)
    graph = read_graph(a + 1)
    a.data = 5.0
    assert graph.nodes[0].data == 1.0


def test_several_outputs_share_what_they_share():
    a = Value(2.0)
    y, z = a * 3, a + 1
    graph = read_graph([y, z, y])
    assert len([n for n in graph.nodes if n.kind == "leaf"]) == 1
    assert [graph.nodes[i].op for i in graph.outputs] == ["*", "+"]


def test_a_hand_made_node_is_shown_with_its_children():
    graph = read_graph(Value(6.0, [Value(2.0), Value(3.0)], "mine"))
    assert [n.op for n in graph.nodes] == ["", "", "mine"]


def test_the_nearest_are_kept_and_cuts_are_marked():
    x = Value(1.0, label="x")
    y = x
    for _ in range(10):
        y = y.tanh() + x
    graph = read_graph(y, limit=6)
    assert graph.shown == 6
    assert graph.total == 21
    kept = [n for n in graph.nodes if n.kind != "more"]
    assert sum([n.label == "x" for n in kept]) == 1  # a leaf next to the output, though far from it on other ways
    # From the output: +, tanh and x, +, tanh, +. The last + has its tanh cut off; x is used by 7 more + and a tanh.
    assert sorted([n.hidden for n in graph.nodes if n.kind == "more"]) == [1, 8]
    drawn_into = {e.target for e in graph.edges}
    assert all(i in drawn_into for i, n in enumerate(graph.nodes) if n.kind == "result")


def test_constants_count():
    graph = read_graph(Value(1.0) * 2 + 3, limit=2)
    assert (graph.shown, graph.total) == (2, 5)


def test_an_operation_wider_than_the_limit():
    graph = read_graph(autograd.sum([Value(i) for i in range(1000)]), limit=500)
    assert graph.shown == 500
    assert [n.hidden for n in graph.nodes if n.kind == "more"] == [501]


@pytest.mark.no_cover  # for time's sake
def test_a_million_deep():
    assert sys.getrecursionlimit() <= 10_000
    y = Value(1.0)
    for _ in range(10**6):
        y = y + 0.5
    graph = read_graph(y)
    assert (graph.shown, graph.total) == (500, 2 * 10**6 + 1)


def test_two_to_the_sixty_paths():
    y = Value(1.0)
    for _ in range(60):
        y = y + y
    graph = read_graph(y)
    assert (len(graph.nodes), len(graph.edges)) == (61, 120)


def test_stored_partials():
    x, y = Value(2.0), Value(5.0)
    z = x * y + x.exp() - 3
    x.data = 7.0  # what was stored is not what would be computed now
    found = {
        (graph_op, e.position): e.partial
        for graph in [read_graph(z)]
        for e in graph.edges
        for graph_op in [graph.nodes[e.target].op]
    }
    assert found == {
        ("*", 0): 5.0, ("*", 1): 2.0, ("exp", 0): math.exp(2.0), ("+", 0): 1.0, ("+", 1): 1.0,
        ("-", 0): 1.0, ("-", 1): None,
    }  # fmt: skip
    wide = read_graph(autograd.dot([x, y], [Value(10.0), 3.0]))
    assert sorted([(e.position, e.partial) for e in wide.edges if e.partial is not None]) == [
        (0, 10.0), (1, 3.0), (2, 7.0),
    ]  # fmt: skip
    made_by_hand = read_graph(Value(6.0, [x, y], "mine"))
    assert [e.partial for e in made_by_hand.edges] == [None, None]


def test_operations_and_values_of_nodes():
    a = Value(2.0)
    y = a.tanh() * 3
    graph = read_graph(y)
    assert [v if v is None else v.data for v in graph.values] == [2.0, math.tanh(2.0), None, y.data]
    assert graph.values[-1] is y
    assert [node.operation for node in graph.nodes] == [None, autograd.tanh, None, y.op]
    assert "Value(" not in repr(graph)
    assert graph == read_graph(y)


def test_depth():
    x = Value(1.0)
    y = x
    for _ in range(10):
        y = y.tanh() * 2
    assert [n.op for n in read_graph(y, depth=0).nodes] == ["", "*"]  # what was cut, and the output
    assert [(n.kind, n.op) for n in read_graph(y, depth=1).nodes] == [
        ("more", ""), ("result", "tanh"), ("constant", ""), ("result", "*"),
    ]  # fmt: skip
    assert read_graph(y, depth=20).shown == 31
    assert read_graph(y, depth=20) == read_graph(y)


def test_around():
    x = Value(1.0)
    chain = [x]
    for _ in range(10):
        chain.append(chain[-1].tanh())
    middle = chain[5]
    graph = read_graph(chain[-1], around=middle, depth=1)
    assert [v for v in graph.values if v is not None] == chain[4:7]
    assert [n.kind for n in graph.nodes] == ["more", "result", "result", "result", "more"]
    assert graph.outputs == ()
    assert graph.total == 11
    assert len([v for v in read_graph(chain[-1], around=middle).values if v]) == 5
    assert read_graph(chain[-1], around=chain[-1], depth=0).outputs == (1,)
    results = read_graph([x * 2, x * 3, x * 4], around=x, depth=1)
    assert len([n for n in results.nodes if n.kind == "result"]) == 3
    near = read_graph([x * 2, x * 3, x * 4], around=x, depth=1, limit=2)
    assert (near.shown, sum([n.hidden for n in near.nodes])) == (2, 3)  # two of the results, and a constant


@given(st.data())
def test_every_operand_is_an_edge_or_hidden(data):
    """Whatever part is read: what is kept is whole, and each cut is counted."""
    made, outputs = data.draw(computations())
    seen, _, constants = operand_count(outputs)
    around = data.draw(st.one_of(st.none(), st.sampled_from(sorted(seen, key=made.index))))
    limit, depth = data.draw(st.integers(1, 40)), data.draw(st.one_of(st.none(), st.integers(0, 5)))
    graph = read_graph(outputs, limit, depth=depth, around=around)
    assert graph.total == len(seen) + constants
    assert graph.shown <= limit
    assert graph.shown + graph.left_out == graph.total
    place = {v: i for i, v in enumerate(graph.values) if v is not None}
    cut_off = 0
    for v, i in place.items():
        into = [e for e in graph.edges if e.target == i]
        hidden = [graph.nodes[e.source].hidden for e in into if e.position is None]
        assert len([e for e in into if e.position is not None]) + sum(hidden) == len(v.operands)
        positions = [e.position for e in into if e.position is not None]
        assert positions == sorted(set(positions))
        for e in into:
            if e.position is not None:
                operand = v.operands[e.position]
                assert graph.values[e.source] is operand or graph.nodes[e.source].data == operand
        cut_off += sum(hidden)
    elsewhere = sum([x in place for v in seen if v not in place for x in v.operands if isinstance(x, Value)])
    assert sum([n.hidden for n in graph.nodes]) == cut_off + elsewhere


@pytest.mark.parametrize(
    ("outputs", "limit", "error", "words"),
    [
        (Value(1.0), 0, ValueError, "limit = 0"),
        ([], 500, ValueError, "nothing to draw"),
        ([1.0], 500, TypeError, "float: 1.0"),
    ],
)
def test_errors(outputs, limit, error, words):
    with pytest.raises(error, match=words):
        read_graph(outputs, limit)


@pytest.mark.parametrize(("options", "error", "words"), [
    ({"depth": -1}, ValueError, "depth = -1"),
    ({"around": 3.0}, TypeError, "around is a Value"),
    ({"around": Value(1.0)}, ValueError, "around is no part of what is read"),
])  # fmt: skip
def test_parts_that_are_not_there(options, error, words):
    with pytest.raises(error, match=words):
        read_graph(Value(1.0).tanh(), **options)
