"""What is read of a computation: every node and edge, with multiplicity, at any depth."""

import sys

import pytest

import autograd
from autograd import Value
from autograd.view import read_graph


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
