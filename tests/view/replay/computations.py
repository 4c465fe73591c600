"""Computations to replay: the worked neuron, a shared node, random programs over the whole table."""

from __future__ import annotations

import random

from autograd import Value
from autograd.errors import DomainError
from autograd.functions import OPS


def neuron() -> Value:
    """The neuron of the lecture: tanh(x1 w1 + x2 w2 + b), whose gradients are known by hand."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    first, second = x1 * w1, x2 * w2
    first.label, second.label = "x1w1", "x2w2"
    n = first + second + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    return o


def shared() -> Value:
    """b = 3a + a * a at a = 2: three gradients arrive at a, 3 + 2 + 2 = 7."""
    a = Value(2.0, label="a")
    return 3 * a + a * a


def chain(count: int) -> Value:
    """A chain of so many operations on one leaf."""
    v = Value(0.5, label="x")
    for _ in range(count):
        v = v.sin()
    return v


def sized(nodes: int) -> Value:
    """A computation of exactly so many nodes, about half of them leaves, as in a network."""
    v = Value(0.5, label="x0")
    for i in range((nodes - 1) // 2):
        v = v * Value(1.0 + 0.001 * i, label=f"w{i}")
    return v if nodes % 2 else v.tanh()


def random_program(seed: int, steps: int = 12) -> Value:
    """An output of random operations of the whole table, with shared nodes, constants and many operands."""
    chosen = random.Random(seed)
    values = [Value(chosen.choice((0.0, 1.0, -1.0, 0.5, 2.0, chosen.gauss(0, 2))), label=f"x{i}") for i in range(3)]
    for _ in range(steps):
        op = chosen.choice(OPS)
        count = chosen.choice((1, 3, 5)) if op.arity is None else op.arity
        operands = [chosen.choice(values[-5:]) for _ in range(count)]
        if count > 1 and chosen.random() < 0.3:
            operands[chosen.randrange(count)] = chosen.choice((2.0, -0.5, 3.0))
        if not any(isinstance(x, Value) for x in operands):
            operands[0] = values[-1]
        try:
            values.append(op(*operands))
        except DomainError:
            values.append(values[-1] + values[0])
    return values[-1]
