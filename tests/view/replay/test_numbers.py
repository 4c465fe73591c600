"""A replay shows the numbers of the engine: every product, every sum, in the same order and to the same bit."""

import base64
import math
import struct

import pytest

from autograd import Value, dot, relu
from autograd.engine import toposort
from autograd.view.graph import read_graph
from autograd.view.replayer import replay
from autograd.view.replayer.record import record_graph
from autograd.view.text import number_text
from nn import MLP

from .computations import chain, neuron, random_program, shared
from .pages import SOURCES, boxes, go, last_step, opened, rows

NUMBERS = """(recorded) => {
  STATE
  return recorded.map((data) => {
    const graph = readGraph(data);
    const steps = stepsOf(graph);
    const values = valuesOf(graph, steps, decodeNumbers(data.data), decodeRuns(data.partials));
    return { order: steps.filter((step) => step.kind === "forward").map((step) => step.node),
             grads: values.grads.map((x) => x === null ? null : String(x)), data: values.data.map(String) };
  });
}""".replace("STATE", (SOURCES / "state.js").read_text(encoding="utf-8"))

CASES = {
    "neuron": neuron,
    "a + a": lambda: (lambda a: a + a)(Value(3.0)),
    "shared": shared,
    "dot": lambda: dot([Value(1.0), Value(2.0), 3.0], [Value(4.0), 5.0, Value(6.0)]),
    "the same operand in a sum": lambda: (lambda a: sum([a, a, 2.0, a * a]))(Value(1.5)),
    "kink": lambda: relu(Value(0.0)) + abs(Value(0.0)),
    "inf": lambda: Value(1000.0).exp() * Value(2.0),
    "nan": lambda: Value(math.inf) - Value(math.inf),
    "chain": lambda: chain(60),
    "a leaf": lambda: Value(4.0),
    "mlp": lambda: MLP(3, [4, 1], seed=0)([1.0, -2.0, 0.5]),
}


def as_python(text):
    return None if text is None else float(text)


def same(x, y):
    return x == y or (x != x and y != y)


def gradients(y):
    order = toposort(y)
    for v in order:
        v.grad = 0.0
    y.backward()
    return [v.grad for v in order]


def compare(page, outputs):
    graphs = [read_graph(y) for y in outputs]
    found = page.evaluate(NUMBERS, [record_graph(graph, 1.0, "") for graph in graphs])
    for y, graph, numbers in zip(outputs, graphs, found, strict=True):
        wanted = gradients(y)
        places = [i for i, v in enumerate(graph.values) if v is not None]
        assert [graph.values[i] for i in places] == toposort(y)
        assert numbers["order"] == [i for i in places if graph.nodes[i].kind == "result"]
        got = [as_python(numbers["grads"][i]) for i in places]
        assert all(map(same, got, wanted)), (y, got, wanted)
        assert all(same(float(x), node.data) for x, node in zip(numbers["data"], graph.nodes, strict=True))


def test_the_gradients_are_those_of_backward_to_the_bit(page):
    compare(page, [make() for make in CASES.values()])


def test_so_they_are_in_random_programs_over_the_whole_table(page):
    compare(page, [random_program(seed) for seed in range(100)])


def test_the_neuron_of_the_lecture(page):
    opened(page, neuron())
    go(page, last_step(page))
    by_hand = {"x1": "-1.5000", "w1": "1.0000", "x2": "0.5000", "w2": "0.0000", "b": "0.5000", "o": "1.0000"}
    assert {name: rows(page)[name][1] for name in by_hand} == by_hand
    assert rows(page)["o"][0] == "0.7071"
    assert rows(page) == boxes(page)


def test_a_replay_reads_and_writes_nothing(page):
    fresh, used = neuron(), neuron()
    used.backward()
    before = [(v.data, v.grad, v.label, v.a, v.b, v.da, v.db) for y in (fresh, used) for v in toposort(y)]
    for y in (fresh, used):
        opened(page, y)
        assert {grad for _, grad in rows(page).values()} == {"—"}
        go(page, last_step(page))
        assert rows(page)["x1"][1] == "-1.5000"
    assert before == [(v.data, v.grad, v.label, v.a, v.b, v.da, v.db) for y in (fresh, used) for v in toposort(y)]


def test_the_sum_grows_at_a_shared_node(page):
    opened(page, shared())
    seen = []
    for k in range(last_step(page) + 1):
        go(page, k)
        text = page.locator(".panel .big").all_inner_texts()
        if text and text[0].startswith("a.grad"):
            seen.append((text[0], rows(page)["a"][1], page.locator(".pill.plus text").text_content()))
    assert seen == [
        ("a.grad: 0 + 2.0000 = 2.0000", "2.0000", "+= 2.0000"),
        ("a.grad: 2.0000 + 2.0000 = 4.0000", "4.0000", "+= 2.0000"),
        ("a.grad: 4.0000 + 3.0000 = 7.0000", "7.0000", "+= 3.0000"),
    ]


def test_a_seed_of_ones_own(page):
    opened(page, neuron(), seed=2.0)
    go(page, last_step(page))
    assert rows(page)["x1"][1] == "-3.0000"


def test_numbers_are_told_as_bits():
    data = record_graph(read_graph(Value(math.inf) * 0.0), 1.0, "")
    raw = base64.b64decode(data["data"])
    assert struct.unpack("<3d", raw)[:2] == (math.inf, 0.0)
    assert math.isnan(struct.unpack("<3d", raw)[2])


def test_data_that_was_changed_after_the_forward_pass_is_told(page):
    y = neuron()
    y.backward()
    engine = {v.label: number_text(v.grad) for v in toposort(y) if v.label}
    opened(page, y)
    note = page.locator(".note.changed")
    assert note.count() == 0
    next(v for v in toposort(y) if v.label == "w1").data = 5.0
    opened(page, y)
    assert note.inner_text().startswith("The data of an operand of x1w1 was changed since x1w1 was computed")
    assert note.inner_text() == replay(y).summary
    go(page, last_step(page))
    assert {name: rows(page)[name][1] for name in engine} == engine  # of the forward pass, as in y.backward()
    assert rows(page)["x1w1"][0] == "-6.0000"
    page.get_by_label("data of b").fill("1")
    page.get_by_label("data of b").press("Enter")
    assert rows(page)["x1w1"][0] == "10.0000"  # what is computed in the page is of the new numbers
    assert not note.is_visible()
    page.get_by_role("button", name="Reset the leaves").click()
    assert note.is_visible()
    opened(page, y, limit=5)
    assert "was changed since x1w1 was computed" in note.inner_text()


@pytest.mark.parametrize("name", ["inf", "nan"])
def test_no_number_stops_a_replay(page, name):
    y = CASES[name]()
    opened(page, y)
    go(page, last_step(page))
    shown = sorted(grad for _, grad in rows(page).values())
    assert shown == sorted(number_text(g) for g in gradients(y))
