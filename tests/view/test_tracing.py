"""Traces: the line and the module of every node, and no other effect."""

import gc
import linecache
import pickle
import sys
import threading
import types
from contextlib import nullcontext

import pytest
from hypothesis import given

import autograd
from autograd import Value, no_grad
from autograd.view import draw
from autograd.view.tracing import Traced, trace
from nn import MLP
from nn.layers import Dropout, Sequential
from nn.module import Module
from nn.modules import Layer

from .computations import computations


def lines(traced):
    """For each operation of the outputs, operands first: its symbol and the text of its line."""
    return [(node.op, node.source and node.source.text) for node in traced.graph().nodes if node.operation]


def test_each_node_has_the_line_that_made_it():
    def f(x):
        a = x * 2
        b = a.tanh()
        return (
            b
            + a
        )  # fmt: skip

    traced = trace(f, Value(1.0))
    assert lines(traced) == [("*", "a = x * 2"), ("tanh", "b = a.tanh()"), ("+", "b")]
    source = traced.source_of(traced.output)
    assert (source.file, source.function) == (__file__, f.__qualname__)
    assert linecache.getline(source.file, source.line).strip() == source.text
    (leaf,) = [v for v in traced.graph().values if v is not None and v.op is None]
    assert traced.source_of(leaf) is None


@pytest.mark.parametrize(("mark", "seen"), [(True, "return made.twice(x)"), (None, "")])
def test_inside_a_package_that_is_marked_the_line_that_called_it(mark, seen, monkeypatch):
    package = types.ModuleType("built_on_it")
    package.__autograd_internal__ = mark
    made = types.ModuleType("built_on_it.parts")
    monkeypatch.setitem(sys.modules, "built_on_it", package)
    exec(compile("def twice(x):\n    return x * 2\n", "<parts>", "exec"), made.__dict__)

    def f(x):
        return made.twice(x)

    traced = trace(f, Value(1.0))
    assert lines(traced) == [("*", seen)]  # of the code in a string there is no text
    assert (traced.source_of(traced.output).file == __file__) is bool(mark)


def test_inside_the_library_the_line_that_called_it():
    network = MLP(2, [3, 1], seed=0)

    def f(x):
        return autograd.sum(
            [network(x), autograd.max([v.exp() for v in x])]
        )  # fmt: skip

    traced = trace(f, [Value(1.0), Value(2.0)])
    assert {text for _, text in lines(traced)} == {
        "return autograd.sum(", "[network(x), autograd.max([v.exp() for v in x])]",
    }  # fmt: skip


def test_comprehensions_generators_and_lambdas_name_their_function():
    def f(xs):
        squares = [x * x for x in xs]
        cubes = list(x**3 for x in xs)  # noqa: C400
        return (lambda y: y + 1)(autograd.sum(squares + cubes))

    traced = trace(f, [Value(1.0)])
    found = {
        node.op: (node.source.function.rpartition(".")[2], node.source.text[:9])
        for node in traced.graph().nodes
        if node.operation
    }
    assert found == {
        "*": ("f", "squares ="), "**": ("f", "cubes = l"), "sum": ("f", "return (l"), "+": ("<lambda>", "return (l"),
    }  # fmt: skip


def test_a_model_alone_is_made_where_it_is_traced():
    traced = trace(MLP(1, [1], seed=0), [Value(1.0)])
    assert {text for _, text in lines(traced)} == {"traced = trace(MLP(1, [1], seed=0), [Value(1.0)])"}


def test_a_notebook_cell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.user_ns.update(Value=Value, trace=trace)
        shell.run_cell("def f(x):\n    y = x * 3\n    return y.tanh()\ntraced = trace(f, Value(1.0))")
        traced = shell.user_ns["traced"]
    finally:
        InteractiveShell.clear_instance()
    assert lines(traced) == [("*", "y = x * 3"), ("tanh", "return y.tanh()")]


def test_code_without_a_file():
    names = {}
    exec("def f(x):\n    return x * 3\n", names)
    traced = trace(names["f"], Value(1.0))
    source = traced.source_of(traced.output)
    assert (source.file, source.line, source.function, source.text) == ("<string>", 2, "f", "")


def test_modules_have_paths_and_parameters_belong_to_theirs():
    network = Sequential(MLP(2, [2], seed=0), Dropout(0.5), Layer(2, 1, seed=0))
    traced = trace(lambda x: network(x) * 2, [Value(1.0, label="a"), Value(2.0)])
    modules = {}
    for v in (v for v in traced.graph().values if v is not None):
        modules.setdefault(traced.module_of(v), []).append("" if v.op is None else v.op.symbol)
    assert {path: sorted(found) for path, found in modules.items()} == {
        "": ["", "", "*"],
        "layers.0.layers.0.neurons.0": ["", "", "", "dot"],
        "layers.0.layers.0.neurons.1": ["", "", "", "dot"],
        "layers.1": ["*", "*"],
        "layers.2.neurons.0": ["", "", "", "dot", "relu"],
    }
    assert traced.titles["layers.1"] == "Dropout"
    assert traced.titles["layers.0.layers.0.neurons.1"] == "Neuron"
    assert traced.models == ("Sequential",)
    names = dict(network.named_parameters())
    assert traced.module_of(names["layers.2.neurons.0.w.1"]) == "layers.2.neurons.0"
    node = next(n for n in traced.graph().nodes if n.op == "relu")
    assert node.module == "layers.2.neurons.0"


class Wave(Module):
    """A module of one's own, without parts, with parameters in a dict."""

    def __init__(self):
        self.parts = {"frequency": Value(2.0), "shift": Value(0.5)}

    def __call__(self, x):
        return autograd.sin(self.parts["frequency"] * x + self.parts["shift"])


def test_a_module_of_ones_own_and_several_models():
    one, two = Wave(), Wave()
    traced = trace(one, Value(1.0))
    assert traced.module_of(traced.output) == "Wave"
    assert traced.module_of(one.parts["shift"]) == "Wave"
    network = MLP(1, [1], seed=0)
    both = trace(lambda x: network([two(one(x))]), Value(1.0))
    assert both.models == ("Wave", "Wave#2", "MLP")
    assert both.module_of(both.output) == "MLP.layers.0.neurons.0"
    assert both.module_of(two.parts["shift"]) == "Wave#2"
    assert both.titles["MLP.layers.0"] == "Layer"


@given(computations())
def test_results_and_gradients_are_those_of_a_plain_run(made_and_outputs):
    """The same computation, replayed with and without a trace, bit for bit."""
    made, outputs = made_and_outputs

    def again():
        copies = {}
        for v in made:
            xs = [copies.get(x, x) for x in v.operands]
            copies[v] = Value(v.data) if v.op is None else v.op(*xs)
        total = autograd.sum([copies[v] for v in outputs])
        total.backward()
        return [(copies[v].data, copies[v].grad, copies[v].operands) for v in made]

    plain, traced = again(), trace(again)
    assert [found[:2] for found in plain] == [found[:2] for found in traced.output]
    assert [len(found[2]) for found in plain] == [len(found[2]) for found in traced.output]


def test_no_grad_inside_and_outside():
    def f(x):
        with no_grad():
            scale = x * 2
        return scale * x

    x = Value(3.0)
    traced = trace(f, x)
    assert traced.output.data == 18.0
    assert len(traced.graph().nodes) == 3  # scale is a leaf
    assert traced.source_of(traced.output.operands[0]) is None
    with no_grad():
        inside = trace(f, x)
    assert (inside.output.op, inside.output.data) == (None, 18.0)
    assert (x * 2).op is not None


def test_a_trace_inside_a_trace_notes_for_both():
    def inner(x):
        return x.tanh()

    def outer(x):
        traced = trace(inner, x * 2)
        return traced, traced.output + 1

    traced = trace(outer, Value(1.0))
    within, _ = traced.output
    assert traced.outputs == (traced.output[1],)
    assert lines(within)[-1] == ("tanh", "return x.tanh()")
    assert lines(traced) == [
        ("*", "traced = trace(inner, x * 2)"), ("tanh", "return x.tanh()"), ("+", "return traced, traced.output + 1"),
    ]  # fmt: skip


@pytest.mark.parametrize("block", [nullcontext, no_grad])
def test_an_error_leaves_nothing_behind(block):
    from autograd import engine

    def f(x):
        x.tanh()
        with block():
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        trace(f, Value(1.0))
    assert engine._open_blocks == []
    assert engine._recorders.get() == ()
    assert Value(2.0).tanh().op is not None
    with pytest.raises(autograd.DomainError, match=r"log is undefined at -1\.0"):
        trace(autograd.log, Value(-1.0))


def test_the_trace_does_not_change_locals_or_keep_frames():
    """Reading the locals of a frame that runs must not write old ones back."""

    class Counting(Module):
        def __init__(self):
            self.w = Value(1.0)

        def __call__(self, x):
            self_before = self
            n = 0
            for _ in range(5):
                n += 1
                x = x * self.w + n
            return x, n, self_before is self

    y, n, same = trace(Counting(), Value(1.0)).output
    assert (y.data, n, same) == (16.0, 5, True)


def test_another_thread_is_not_traced():
    made = []
    started, done = threading.Event(), threading.Event()

    def other():
        started.wait()
        made.append(Value(1.0).tanh())
        done.set()

    thread = threading.Thread(target=other)
    thread.start()

    def f(x):
        started.set()
        done.wait()
        return x * 2

    traced = trace(f, Value(1.0))
    thread.join()
    assert made[0].op is not None
    assert traced.source_of(made[0]) is None


def test_outputs_in_structures_arguments_and_keywords():
    def f(x, *, scale):
        y = x * scale
        return {"y": y, "both": (y, [y + 1]), "number": 3.0}

    traced = trace(f, Value(1.0), scale=2.0)
    assert [v.data for v in traced.outputs] == [2.0, 3.0]
    assert repr(traced) == "Traced(2 outputs, 2 nodes)"
    with pytest.raises(ValueError, match="nothing to draw"):
        trace(lambda: 3.0).graph()


def test_a_list_that_contains_itself_is_read_once():
    def f(x):
        found = [x * 2, {"again": ()}]
        found[1]["again"] = (found, found[1], x * 3)
        return found

    assert [v.data for v in trace(f, Value(1.0)).outputs] == [2.0, 3.0]


def test_what_is_traced_can_be_drawn():
    traced = trace(lambda x: x.tanh(), Value(1.0, label="x"))
    assert isinstance(traced, Traced)
    assert ">x</text>" in draw(traced).svg


def test_frames_are_not_held():
    class Held:
        pass

    def f(x):
        held = Held()
        return x * 2 if held else x

    traced = trace(f, Value(1.0))
    gc.collect()
    assert not [found for found in gc.get_objects() if type(found) is Held]
    assert traced.output.data == 2.0


def test_pictures_of_traces_can_be_pickled():
    picture = draw(trace(lambda x: x.tanh(), Value(1.0)))
    assert pickle.loads(pickle.dumps(picture)).svg == picture.svg
