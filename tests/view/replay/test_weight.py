"""What pages weigh: at most 150 kB and 1 kB for each node, whatever the computation is like."""

import linecache

import pytest

from autograd import Value
from autograd.engine import toposort
from autograd.functions import clip, dot, sum as sum_of
from autograd.view.embedding import json_block
from autograd.view.graph import read_graph
from autograd.view.replayer import replay
from autograd.view.replayer.record import _fitting
from autograd.view.text import number_text
from autograd.view.tracing import trace

from ...browser import open_html
from .computations import chain, sized
from .pages import go, last_step, opened, rows

GREEK = "συντελεστής βάρους του επιπέδου"


def sums(operands, nodes):
    """Sums of the last so many values."""
    values = [Value(0.5 + 0.01 * i, label=f"x{i}") for i in range(operands)]
    while len(values) < nodes:
        values.append(sum_of(values[-operands:]))
    return values[-1]


def neurons(nodes):
    """tanh(w · x) of three inputs each, the last of which is the neuron before."""
    inputs = [Value(0.1 * i, label=f"x{i}") for i in range(3)]
    for n in range((nodes - 3) // 6):
        weights = [Value(0.1 + 0.01 * i, label=f"w{n}{i}") for i in range(3)]
        inputs = [*inputs[1:], dot(weights, inputs).tanh()]
    return inputs[-1]


def labelled(nodes):
    """Products of which every node has a long label, in letters that cost six characters each as JSON."""
    v = Value(1.0, label=GREEK)
    for n in range((nodes - 1) // 2):
        v = v * Value(1.0 + 0.001 * n, label=f"{n} {GREEK}")
        v.label = f"{n} {GREEK}"
    return v


def clipped(nodes):
    """Operations whose operands are numbered, two of which are constants."""
    v = Value(0.5, label="x")
    for _ in range((nodes - 1) // 3):
        v = clip(v, -1.0, 1.0)
    return v


def traced(nodes):
    """A trace in which every node has a line of its own, as long as a line may be."""
    lines = [f"    v = v * 1.{n:03} + 0.5  # {'long lines of code, περί του ανέμου' * 6}" for n in range(nodes // 4)]
    made = {}
    exec(compile("\n".join(["def f(v):", *lines, "    return v"]), "long.py", "exec"), made)
    linecache.cache["long.py"] = (
        1,
        None,
        ["def f(v):\n", *[f"{line}\n" for line in lines], "    return v\n"],
        "long.py",
    )
    return trace(made["f"], Value(0.5, label="x"))


MADE = {
    "products": sized, "chain": lambda nodes: chain(nodes - 1), "sums of 3": lambda nodes: sums(3, nodes),
    "sums of 5": lambda nodes: sums(5, nodes), "neurons": neurons, "labels": labelled, "clip": clipped,
    "traced": traced,
}  # fmt: skip


def allowed(nodes):
    return 1000 * (150 + nodes)


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("nodes", [30, 290])
@pytest.mark.parametrize("name", MADE)
def test_a_page_weighs_at_most_150_kb_and_1_kb_for_each_node(name, nodes):
    y = MADE[name](nodes)
    for practice in (False, True):
        made = replay(y, practice=practice)
        assert '"boxes":' not in made._block
        assert len(made.html.encode()) <= allowed(len(read_graph(getattr(y, "outputs", y)).nodes)), practice


def dense(nodes):
    """Each value is the sum of all before it."""
    values = [Value(0.001, label="x")]
    while len(values) < nodes:
        values.append(sum_of(values))
    return values[-1]


def test_a_page_of_few_nodes_with_many_edges_is_light():
    for y in (sums(20, 30), dense(30)):
        made = replay(y)
        assert '"boxes":' not in made._block
        assert len(made.html.encode()) <= allowed(len(read_graph(getattr(y, "outputs", y)).nodes))


@pytest.mark.parametrize(
    ("make", "nodes", "edges"), [(lambda: sums(20, 290), 290, 5400), (lambda: dense(60), 60, 1770)]
)
def test_more_edges_than_a_page_holds_are_replayed_in_boxes(page, make, nodes, edges):
    made = replay(make())
    assert len(made.html.encode()) <= allowed(nodes)
    open_html(page, made.html)
    assert (
        f"This computation has {nodes} nodes and {edges:,} edges: too many"
        in page.locator(".side .note").last.inner_text()
    )
    with pytest.raises(ValueError, match=f"edge by edge, and y has {nodes} nodes with {edges:,} edges, more than"):
        replay(make(), practice=True)


@pytest.mark.no_cover  # for time's sake
def test_lines_of_code_are_shorter_where_there_are_many():
    for line in ("x" * 300, "λ" * 300):
        assert len(_fitting([line])[0]) == 200
        many = _fitting([line] * 200)
        assert 20 < len(many[0]) < 200
        assert len(json_block(many)) <= 40_000
    assert _fitting(["y = x"] * 5000) == ["y = x"] * 5000


def test_edges_as_runs_give_the_numbers_of_the_engine(page):
    y = sums(5, 60)
    opened(page, y)
    go(page, last_step(page))
    y.backward()
    assert rows(page)["x0"][1] == number_text(next(v for v in toposort(y) if v.label == "x0").grad)
