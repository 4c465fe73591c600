"""Boxes: nothing is lost or counted twice, every way goes forward, and a box tells what is in it."""

import pytest
from hypothesis import given, strategies as st

import autograd
from autograd import Value
from autograd.view.groups import collapse
from autograd.view.tracing import trace
from nn import MLP
from nn.layers import Sequential

from .computations import computations, operand_count


class Named:
    """Modules by a table: what a trace would tell."""

    def __init__(self, made, paths):
        self.paths = dict(zip(made, paths, strict=True))
        self.titles = dict.fromkeys(["M", "a", "a.b", "a.c", "d"], "T")
        self.models = ("M",)

    def module_of(self, v):
        return self.paths.get(v, "")

    def source_of(self, v):
        return None


def check(graph, outputs):
    """The invariants of every collapsed graph."""
    seen, operands, constants = operand_count(outputs)
    assert graph.total == len(seen) + constants
    assert graph.shown + graph.grouped == graph.total
    assert graph.left_out == 0
    assert len(graph.values) == len(graph.nodes)
    assert all(edge.source < edge.target for edge in graph.edges)
    shown = {v: i for i, v in enumerate(graph.values) if v is not None}
    for v, i in shown.items():  # a node of its own has all its operands, in order and with multiplicity
        into = [edge for edge in graph.edges if edge.target == i]
        assert sum([edge.count for edge in into]) == len(v.operands)
        alone = [(k, shown.get(x)) for k, x in enumerate(v.operands) if isinstance(x, float) or x in shown]
        found = [(e.position, e.source if graph.nodes[e.source].kind != "constant" else None)
                 for e in into if e.position is not None]  # fmt: skip
        assert found == alone
    across = sum([edge.count for edge in graph.edges])
    assert across <= operands
    assert all(edge.partial is None and edge.position is None for edge in graph.edges if any(
        graph.nodes[end].kind == "group" for end in (edge.source, edge.target)))  # fmt: skip
    assert len({(e.source, e.target) for e in graph.edges if e.position is None}) == len(
        [e for e in graph.edges if e.position is None]
    )


@given(st.data())
def test_nothing_is_lost_or_counted_twice(data):
    made, outputs = data.draw(computations())
    paths = [data.draw(st.sampled_from(["", "M", "a", "a.b", "a.c", "d"])) for _ in made]
    by = data.draw(st.sampled_from(["module", "layer", "blocks"]))
    graph = collapse(outputs, by, trace=Named(made, paths), limit=data.draw(st.sampled_from([1, 5, 500])))
    check(graph, outputs)
    if by == "layer":
        assert not {node.group.name for node in graph.nodes if node.group} & {"a.b", "a.c"}


@given(computations())
def test_where_nothing_is_in_a_module_all_is_shown(made_and_outputs):
    made, outputs = made_and_outputs
    graph = collapse(outputs, "module", trace=Named(made, [""] * len(made)))
    check(graph, outputs)
    assert graph.shown == graph.total
    assert graph.note == ""


def test_a_network_by_layer_and_by_module():
    network = MLP(2, [4, 4, 1], activation="tanh", seed=0)
    x = [Value(1.0, label="a"), Value(2.0, label="b")]
    traced = trace(network, x)
    for known in ({"trace": traced}, {"modules": network}):
        graph = collapse(traced.outputs, "layer", **known)
        check(graph, traced.outputs)
        groups = [node.group for node in graph.nodes if node.group]
        assert [(g.name, g.title, g.parameters, g.inputs, g.outputs) for g in groups] == [
            ("layers.0", "Layer", 12, 2, 4), ("layers.1", "Layer", 20, 4, 4), ("layers.2", "Layer", 5, 4, 1),
        ]  # fmt: skip
        assert [g.nodes for g in groups] == [12 + 8, 20 + 8, 5 + 1]
        assert sorted([node.label for node in graph.nodes if node.kind == "leaf"]) == ["a", "b"]
        assert graph.note == "collapsed by layer: 3 boxes stand for 54 of 56 nodes"
        assert graph.outputs == (len(graph.nodes) - 1,)
        by_module = collapse(traced.outputs, "module", **known)
        check(by_module, traced.outputs)
        assert [n.group.title for n in by_module.nodes if n.group] == ["Neuron"] * 9


def test_edges_between_boxes_count_operands():
    network = MLP(3, [2, 1], seed=0)
    graph = collapse(network([1.0, 2.0, 3.0]), "layer", modules=network)
    assert [(e.source, e.target, e.count) for e in graph.edges] == [(0, 1, 2)]  # the neuron's dot has both as operands


def test_a_module_whose_output_comes_back_is_a_box_for_each_time():
    network = MLP(1, [1], seed=0)
    traced = trace(lambda x: network([network(x).tanh()]), [Value(0.5)])
    graph = collapse(traced.outputs, "layer", trace=traced)
    check(graph, traced.outputs)
    kinds = [node.group.name if node.group else node.kind for node in graph.nodes]
    assert kinds == ["leaf", "layers.0", "result", "layers.0"]


def test_a_batch_stays_within_the_boxes_and_many_losses_go_into_a_box():
    network = MLP(2, [3, 1], seed=0)

    def loss(rows):
        return autograd.sum([(network(row) - 1) ** 2 for row in rows])

    few = trace(loss, [[0.0, 1.0], [1.0, 0.0]])
    graph = collapse(few.outputs, "layer", trace=few)
    check(graph, few.outputs)
    assert len([n for n in graph.nodes if n.group]) == 2
    assert [n.op for n in graph.nodes if n.kind == "result"].count("**") == 2
    many = trace(loss, [[0.0, float(i)] for i in range(300)])
    graph = collapse(many.outputs, "layer", trace=many)
    check(graph, many.outputs)
    assert [n.group.name for n in graph.nodes] == ["layers.0", "layers.1", "outside of the modules"]


def test_too_many_boxes_become_blocks():
    network = MLP(10, [40, 1], seed=0)
    graph = collapse(network([1.0] * 10), "module", modules=network, limit=20)
    assert "collapsed by depth" in graph.note
    assert len(graph.nodes) <= 20


def test_parameters_tell_the_module_of_activations_of_a_whole_layer():
    network = Sequential(MLP(2, [3], output_activation="softmax", seed=0))
    graph = collapse(network([1.0, 2.0]), "module", modules=network)
    check(graph, network([1.0, 2.0]))
    assert {node.group.title for node in graph.nodes if node.group} == {"Neuron", "Layer"}


def test_a_loss_with_modules_named():
    network = MLP(2, [2, 1], seed=0)
    graph = collapse((network([1.0, 2.0]) - 1) ** 2, "layer", modules=network)
    assert [n.group.name for n in graph.nodes] == [
        "layers.0",
        "layers.1",
    ]  # by parameters alone the loss is not told apart


@pytest.mark.parametrize("shape", ["chain", "fan in", "fan out", "paths", "leaf", "constants", "intermediate output"])
def test_blocks_of_any_shape(shape):
    x = Value(1.0)
    y = outputs = x
    if shape == "chain":
        for _ in range(5000):
            y = y.tanh()
    elif shape == "fan in":
        y = autograd.sum([Value(1.0) for _ in range(5000)])
    elif shape == "fan out":
        y = autograd.sum([x * 0.5 for _ in range(5000)])
    elif shape == "paths":
        for _ in range(60):
            y = y + y
    elif shape == "constants":
        y = autograd.sum([x] + [1.0] * 5000)
    outputs = [y]
    if shape == "intermediate output":
        half = x
        for _ in range(100):
            half = half.tanh()
        y = half
        for _ in range(100):
            y = y * x
        outputs = [y, half, half]
    graph = collapse(outputs, "blocks")
    check(graph, outputs)
    assert len(graph.nodes) <= 40


def test_without_a_module_the_error_names_the_remedy():
    with pytest.raises(ValueError, match=r"no module is known.*modules=model.*trace\(model, x\)"):
        collapse(Value(1.0).tanh(), "layer")
    traced = trace(lambda: Value(1.0).tanh())
    with pytest.raises(ValueError, match="no module is known"):
        collapse(traced.outputs, "module", trace=traced)


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"by": "neuron"}, ValueError, "collapse = 'neuron'"),
    ({"by": None}, ValueError, "collapse = None"),
    ({"limit": 0}, ValueError, "limit = 0"),
    ({"modules": 3}, TypeError, "named_parameters"),
    ({"modules": MLP(1, [1])}, ValueError, "no parameter of modules, a MLP, is part"),
])  # fmt: skip
def test_errors(arguments, error, words):
    with pytest.raises(error, match=words):
        collapse(Value(1.0).tanh(), **arguments)


def test_a_leaf_is_in_the_box_that_uses_it_first():
    x, p = Value(1.0), Value(2.0)
    h = x.tanh()
    b = h.exp()
    y = b * p
    paths = {x: "a", h: "a", b: "d", p: "a", y: "a"}
    graph = collapse(y, "module", trace=Named(list(paths), list(paths.values())))
    check(graph, [y])
    assert [(n.group.name, n.group.nodes, n.group.parameters) for n in graph.nodes] == [
        ("a", 2, 1), ("d", 1, 0), ("a", 2, 1),
    ]  # fmt: skip
