"""Copies and pickles of graphs: whole, shared as in the original, independent of it, and of any depth."""

import copy
import doctest
import io
import math
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings, strategies as st

from autograd import Op, Value, copying, dot, engine, functions, gradients, log, tanh
from autograd.engine import NO_GRADIENT, toposort

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


def python_dumps(x, protocol=None):
    """By the pickler that is written in Python, which PyPy and debuggers use."""
    return pickle._dumps(x, protocol)


WAYS = {
    "deepcopy": copy.deepcopy,
    **{f"pickle {p}": lambda x, p=p: pickle.loads(pickle.dumps(x, p)) for p in PROTOCOLS},
    **{f"python pickle {p}": lambda x, p=p: pickle._loads(python_dumps(x, p)) for p in PROTOCOLS},
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


def snapshot(v):
    """Everything about the nodes of a graph, with a node named by its place."""
    order = toposort(v)
    place = {x: i for i, x in enumerate(order)}

    def named(x):
        return tuple(map(named, x)) if type(x) is tuple else ("node", place[x]) if isinstance(x, Value) else x

    return [(x.data, x.label, x.op, named(x.operands), x.da, x.db, x.grad, x.grad is NO_GRADIENT) for x in order]


def program():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b + 4.0
    y = dot([a, 0.5, c], [b, c, 2.0], a).tanh() ** 2 - log(a) / 7 + functions.max(a, b, 1.0)
    y.label = "y"
    return a, b, c, y


@every_way
def test_a_copy_has_everything_of_the_original(way):
    *_, y = program()
    assert snapshot(way(y)) == snapshot(y)
    y.backward()
    again = way(y)
    assert snapshot(again) == snapshot(y)
    assert not set(toposort(again)) & set(toposort(y))


@every_way
def test_a_copy_is_independent(way):
    a, b, _, y = program()
    before = snapshot(y)
    again = way(y)
    again.backward()
    for v in toposort(again):
        v.data, v.label = 0.0, "changed"
    assert snapshot(y) == before
    y.backward()
    assert gradients(y, [a, b])[0].data == pytest.approx(a.grad, rel=1e-14)


@every_way
def test_the_copy_differentiates_as_the_original(way):
    a, b, _, y = program()
    a2, b2, y2 = way([a, b, y])
    y.backward()
    y2.backward()
    assert (a2.grad, b2.grad) == (a.grad, b.grad)
    g, g2 = gradients(y, [a, b]), gradients(y2, [a2, b2])
    assert [v.data for v in g2] == [v.data for v in g]
    assert gradients(g2[0], b2).data == gradients(g[0], b).data


@every_way
def test_sharing_is_kept_inside_one_copy(way):
    a, b, c, y = program()
    model = {"w": [a, b], "again": (a,), "loss": y, "hidden": c, "twice": [y, y]}
    m = way(model)
    nodes = toposort(m["loss"])
    assert m["w"][0] is m["again"][0]
    assert m["twice"][0] is m["twice"][1] is m["loss"]
    assert all(v in nodes for v in (*m["w"], m["hidden"]))
    assert len(nodes) == len(toposort(y))
    assert [v.label for v in m["w"]] == ["a", "b"]


@every_way
def test_sharing_is_kept_with_the_result_before_its_operands(way):
    a, b, c, y = program()
    y2, c2, b2, a2 = way([y, c, b, a])
    assert {c2, b2, a2} < set(toposort(y2))
    assert len(toposort(y2)) == len(toposort(y))


@every_way
def test_two_graphs_that_share_a_part(way):
    x = Value(2.0)
    h = x.exp()
    u, v = h * 3.0, h * h
    u2, v2, x2 = way((u, v, x))
    assert u2.a is v2.a is v2.b
    assert u2.a.a is x2


@every_way
def test_the_same_operand_twice(way):
    x = Value(3.0)
    y = way(x * x)
    assert y.a is y.b
    y.backward()
    assert y.a.grad == 6.0


@every_way
@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan, -0.0, 5e-324, 1.7976931348623157e308, 0.1])
def test_every_float_is_kept_to_the_bit(way, x):
    v = way(Value(x))
    assert v.data.hex() == x.hex()
    assert math.copysign(1, v.data) == math.copysign(1, x)


@every_way
def test_a_gradient_that_was_never_computed_is_still_none(way):
    fresh, computed = Value(1.0), Value(1.0)
    (computed * 0.0).backward()
    assert computed.grad == 0.0
    fresh2, computed2 = way([fresh, computed])
    assert fresh2.grad is NO_GRADIENT
    assert computed2.grad is not NO_GRADIENT
    assert computed2.grad == 0.0


@every_way
def test_a_drawing_made_by_hand(way):
    x = Value(1.0, label="x")
    v = way(Value(2.0, (x, x, 3.0), "mystery"))
    assert (v.data, v._op, [p.data for p in v._prev]) == (2.0, "mystery", [1.0, 1.0, 3.0])
    assert v._prev[0] is v._prev[1]


def test_copy_is_a_new_node_with_the_same_operands():
    a, _, c, y = program()
    for v in (a, c, y):
        again = copy.copy(v)
        assert again is not v
        assert snapshot(again) == snapshot(v)
        assert again.operands == v.operands
        assert all(x is z for x, z in zip(again.operands, v.operands, strict=True))
    again.backward()
    assert a.grad != 0.0


@pytest.mark.parametrize("op", functions.OPS, ids=lambda op: op.name)
def test_ops_of_the_table_stay_themselves(op):
    assert pickle.loads(pickle.dumps(op)) is op
    assert copy.deepcopy(op) is op
    assert copy.copy(op) is op


def halved_forward(x):
    return x / 2


def halved_partials(y, x):
    return (0.5,)


halved = Op("halved", "½", 1, halved_forward, halved_partials, kinks={"nowhere": "-"}, doc="Half.")


def test_an_op_of_your_own_is_pickled_by_reference_to_its_functions():
    x = Value(4.0)
    y = pickle.loads(pickle.dumps(halved(halved(x))))
    assert y.op is y.a.op
    assert (y.op.name, y.op.symbol, y.op.arity, y.op.kinks, y.op.__doc__) == ("halved", "½", 1, halved.kinks, "Half.")
    assert (y.op.forward, y.op.partials) == (halved_forward, halved_partials)
    assert gradients(y, y.a.a).data == 0.25


def test_an_op_that_only_has_the_name_of_one_in_the_table():
    other = Op("tanh", "tanh", 1, halved_forward, halved_partials)
    assert pickle.loads(pickle.dumps(other(Value(1.0)))).op.forward is halved_forward
    assert pickle.loads(pickle.dumps(tanh(Value(1.0)))).op is tanh


def test_deepcopy_keeps_the_op_itself():
    own = Op("own", "own", 1, lambda x: x, lambda y, x: (1.0,))
    assert copy.deepcopy(own(Value(1.0))).op is own


def test_an_unknown_op_is_named():
    stored = pickle.dumps(tanh(Value(1.0)), 2).replace(b"tanh", b"tonh")
    with pytest.raises(ValueError, match="computed by 'tonh', an operation that this version does not have"):
        pickle.loads(stored)


class Parameter(Value):
    """A subclass with something of its own."""

    def __init__(self, data, name):
        super().__init__(data)
        self.name = name


@every_way
def test_a_subclass_keeps_its_class_and_attributes(way):
    p = Parameter(2.0, "w")
    p2, y2 = way([p, p * 3.0])
    assert (type(p2), p2.name, p2.data) == (Parameter, "w", 2.0)
    assert y2.operands[0] is p2
    assert copy.copy(p).name == "w"


# --- errors leave nothing behind ------------------------------------------------------------------------------


def failing_chain():
    """A chain with a node in the middle that cannot be pickled, and on both sides more than the recursion limit."""
    chain = [Value(1.0)]
    for i in range(6000):
        chain.append(-chain[-1] if i != 3000 else Op("bad", "bad", 1, lambda v: v, lambda y, v: (1.0,))(chain[-1]))
    return chain


@pytest.mark.parametrize("dumps", [pickle.dumps, python_dumps])
def test_an_error_in_the_middle(dumps):
    chain = failing_chain()
    for end in (6000, 5000, 3001):
        # While the error lives, its frames live too: the pickler, its memo, and the walk that did not end.
        with pytest.raises((pickle.PicklingError, AttributeError), match="lambda") as error:
            dumps(chain[end])
        assert len(toposort(pickle.loads(dumps(chain[3000])))) == 3001
    assert error
    assert len(toposort(copy.deepcopy(chain[-1]))) == 6001


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("dumps", [pickle.dumps, python_dumps])
@pytest.mark.parametrize("then", [6000, 3950, 3002, 2999])
def test_after_an_error_the_nodes_that_were_announced_are_saved_whole(dumps, then):
    chain = failing_chain()
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda") as error:
        dumps(chain[-1])
    chain[3001].op = engine.neg  # now it can be pickled, by a pickler that has nothing of the other
    assert snapshot(pickle.loads(dumps(chain[then]))) == snapshot(chain[then])
    assert error


@pytest.mark.parametrize("pickler", [pickle.Pickler, pickle._Pickler])
def test_picklers_in_turn(pickler):
    """Each has its own memo, and what one has saved is news to the other."""
    x = Value(1.0)
    chain = [x]
    for _ in range(5000):
        chain.append(-chain[-1])
    files = [io.BytesIO(), io.BytesIO()]
    picklers = [pickler(file) for file in files]
    for i in (1500, 2500, 1500, 5000, 4000, 0):
        for p in picklers:
            p.dump(chain[i])
    for file in files:
        file.seek(0)
        unpickler = pickle.Unpickler(file)
        loaded = [unpickler.load() for _ in range(6)]
        assert [len(toposort(v)) for v in loaded] == [1501, 2501, 1501, 5001, 4001, 1]
        assert loaded[0] is loaded[2]
        assert {loaded[0], loaded[4], loaded[5]} < set(toposort(loaded[3]))
    p = picklers[0]
    p.clear_memo()
    files[0].seek(0)
    p.dump(chain[5000])
    files[0].seek(0)
    assert len(toposort(pickle.load(files[0]))) == 5001


def test_nothing_is_kept_when_the_pickler_is_gone():
    x = Value(1.0)
    pickle.dumps(x.exp().exp())
    latest = copying._latest.get()
    assert latest is not None
    assert latest() is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=30), st.permutations(range(6)))
def test_random_graphs_in_random_order(edges, order):
    values = [Value(1.0), Value(2.0)]
    for i, j in edges:
        a, b = values[i % len(values)], values[j % len(values)]
        values.append((a - b) * 0.5 if i % 3 else functions.sum([a, b, 1.0, a]))
    roots = [values[i % len(values)] for i in order]
    everything = functions.sum(roots)
    for way in WAYS.values():
        again = way(roots)
        assert snapshot(functions.sum(again)) == snapshot(everything)


# --- size -----------------------------------------------------------------------------------------------------


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize(
    "order",
    [lambda w, chain: [*w, *chain], lambda w, chain: [*w, *reversed(chain)], lambda w, chain: [*w, chain[-1], *chain]],
    ids=["forwards", "backwards", "leaves, then the result"],
)
@pytest.mark.parametrize("dumps", [pickle.dumps, python_dumps])
def test_many_roots_of_one_graph_are_not_quadratic(dumps, order, monkeypatch):
    """Counted in visits of nodes; each of 2000 roots alone would visit a thousand."""
    w = [Value(float(i)) for i in range(50)]
    chain = [Value(1.0)]
    for i in range(2000):
        chain.append(chain[-1] * w[i % 50])
    visits = []
    operands = copying._operands
    monkeypatch.setattr(copying, "_operands", lambda v: visits.append(v) or operands(v))
    started = []
    progress = copying.Progress
    monkeypatch.setattr(copying, "Progress", lambda: started.append(1) or progress())
    roots = order(w, chain)
    stored = dumps(roots)
    assert len(visits) <= 4 * len(roots)
    assert len(started) == 1
    assert len(stored) <= 120 * len(roots)
    visits.clear()
    again = pickle.loads(stored)
    assert len({v for root in again for v in toposort(root)}) == len(w) + len(chain)


DEEP = """
import copy, gc, pickle, sys
from autograd import Value, sum as total
from autograd.engine import toposort
assert sys.getrecursionlimit() == 1000
gc.disable()  # it would look at each of the new objects many times
x = Value(1.0)
half = Value(0.5)
y = x
for i in range({length}):
    y = {step}
x2, y2 = {way}([x, y])
order = toposort(y2)
print(len(order), x2 in order, y2.data == y.data)
y2.backward()
print(x2.grad, x.grad)
"""


@pytest.mark.parametrize(
    ("step", "length", "nodes"),
    [("-y", 10**6, 1_000_001), ("half - y", 10**6, 1_000_002), ("total([half, y, 1.0])", 10**5, 100_002)],
    ids=["one operand", "two", "many"],
)
@pytest.mark.parametrize(
    "way", ["copy.deepcopy", "(lambda v: pickle.loads(pickle.dumps(v)))"], ids=["deepcopy", "pickle"]
)
def test_a_long_chain_at_the_default_recursion_limit(way, step, length, nodes):
    program = DEEP.format(way=way, step=step, length=length)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.split("\n")[:2]) == (0, [f"{nodes} True True", "1.0 0.0"]), run.stderr[-2000:]


@every_way
def test_two_to_the_sixty_paths(way):
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    x2, y2 = way([x, y])
    y2.backward()
    assert x2.grad == 2.0**60


def test_the_slots_that_are_copied_are_all_there_are():
    v = Value(1.0)
    _, names = copying._slots.__reduce__()
    assert set(names) == set(Value.__slots__)
    assert copying.made(Value, None, *copying._slots(v)).grad is engine.NO_GRADIENT


def test_examples_of_the_documentation():
    assert doctest.testmod(copying).failed == 0
