"""Thirty computations and ways to draw them: what people draw, and what is hard to draw."""

import math

import autograd
from autograd import Op, Value
from autograd.engine import toposort
from autograd.view.tracing import trace
from nn import MLP, Neuron

ALL = ("label", "data", "grad", "op", "partials", "modules")
pick = Op("pick", "pick", None, lambda *xs: xs[0], lambda _, *xs: (1.0,) + (0.0,) * (len(xs) - 1))
long_named = Op("weird", "a very long symbol", 1, lambda x: x, lambda *_: (1.0,))
markup = Op("<b>", "<b>&\\N", 2, lambda x, y: x - y, lambda *_: (1.0, -1.0))


def labelled(*numbers):
    return [Value(float(x), label=f"x{i + 1}") for i, x in enumerate(numbers)]


def neuron():
    """The neuron of the lecture, with its gradients."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    o.backward()
    return o


def shared():
    a = Value(3.0, label="a")
    y = a * a + a
    y.backward()
    return y


def diamond():
    a = Value(0.5, label="a")
    b, c = a.exp(), a.tanh()
    return (b - c) / (b + c) - a


def chain(length):
    y = Value(1.0, label="x")
    for i in range(length):
        y = y * 1.01 if i % 2 else y.tanh()
    return y


def deep_chain():
    return chain(40)


def loss():
    model = MLP(2, [3, 1], seed=1)
    x = labelled(1.0, -2.0)
    y = (model(x) - 1.0) ** 2
    y.backward()
    return y


def traced_mlp():
    model = MLP(2, [3, 1], seed=1)
    return trace(model, labelled(1.0, -2.0))


def wide_sum():
    return autograd.sum(labelled(*range(12)))


def many_times():
    a, b = labelled(1.0, 2.0)
    return autograd.sum([a] * 1000 + [b, b])


def own_op():
    return pick(*labelled(1, 2, 3, 4, 5))


def hostile_names():
    a, b = Value(1.0, label='<script>alert("1")</script>'), Value(2.0, label="\\N|{x}\n🙂 שלום")
    y = long_named(markup(a, b))
    y.label = "数据" * 30
    return y


def long_labels():
    y = Value(1.0, label="a long name of a value " * 10) * Value(2.0, label="W" * 24)
    y.label = "the sum of everything"
    return y


def extreme_numbers():
    a, b = Value(-1.234567e300, label="huge"), Value(-4.9e-324, label="tiny")
    y = a * 1e-7 + b * -123456789.0
    y.backward()
    return y


def not_finite():
    a = Value(math.inf, label="a")
    y = a - a + Value(math.nan)
    y.backward()
    return y


def constants():
    x = Value(0.3, label="x")
    y = 1.0 / (1.0 + (-1.702 * x).exp()) + 1e-9 - 1e300 ** (x * 0.001)
    y.backward()
    return y


def several():
    a, b = labelled(1.0, 2.0)
    h = a * b
    return [h + a, h - b, h.tanh(), a]


def zigzag():
    """Operands that are used again much later."""
    xs = labelled(1, 2, 3)
    y = xs[0]
    for i in range(9):
        y = (y - xs[i % 3]) * 0.5
    return y


def long_and_shared():
    """A chain to each of whose links one leaf is added."""
    w = Value(0.5, label="w")
    y = Value(1.0, label="x")
    for _ in range(30):
        y = (y * w).tanh()
    y.backward()
    return y


def leaf():
    return Value(1.5, label="w")


def highlighted(make, last=False):
    y = make()
    first = next(v for v in toposort(y) if v.op is None)
    return y, {"highlight": (first, y)} if not last else {"highlight": [first]}


def collapsed(by):
    model = MLP(2, [4, 4, 1], seed=0)
    return trace(model, labelled(1.0, -2.0)), {"collapse": by}


def cases():
    """Name, what to draw, options."""
    full = {"show": ALL, "legend": True}
    yield from [(made.__name__, made(), {}) for made in (
        neuron, shared, diamond, deep_chain, loss, wide_sum, many_times, own_op, hostile_names, long_labels,
        extreme_numbers, not_finite, constants, several, zigzag, leaf, long_and_shared,
    )]  # fmt: skip
    yield "neuron, top to bottom", neuron(), {"direction": "TB", **full}
    yield "own op, top to bottom", own_op(), {"direction": "TB"}
    yield "neuron, everything, dark", neuron(), {"theme": "dark", **full}
    yield "neuron, print", neuron(), {"theme": "print", "legend": True}
    yield "neuron, two decimals", neuron(), {"numbers": ".2f"}
    yield "diamond, partials", diamond(), {"show": ("label", "data", "partials", "op")}
    yield "shared, partials", shared(), full
    yield "own op, partials", own_op(), full
    yield "many times, partials", many_times(), full
    yield "extreme numbers, partials", extreme_numbers(), full
    yield "not finite, partials", not_finite(), {**full, "theme": "dark"}
    yield "no operations", neuron(), {"show": ("label", "data")}
    yield "operations alone", neuron(), {"show": ("op",)}
    yield "loss, limited", loss(), {"limit": 15, "legend": True}
    yield "chain, limited, top to bottom", chain(400), {"limit": 40, "direction": "TB"}
    y, options = highlighted(neuron)
    yield "neuron, a path", y, {**options, **full}
    y, options = highlighted(shared)
    yield "shared, a path, print", y, {**options, "theme": "print", "show": ("label", "data", "partials", "op")}
    yield "modules", traced_mlp(), {"show": ("label", "modules", "data", "op")}
    for by in ("module", "layer"):
        traced, options = collapsed(by)
        yield f"by {by}", traced, {**options, "legend": True}
    yield "blocks", chain(500), {"collapse": "blocks"}
    yield "one neuron by itself", Neuron(3, seed=0)(labelled(1, 2, 3)), {"numbers": ".3g"}
    yield "operands in both directions", highlighted(zigzag, last=True)[0], {"direction": "TB", "show": ALL}
