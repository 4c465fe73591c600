"""Computations of any shape, for property tests: leaves, constants, shared operands, operations of any width."""

from hypothesis import strategies as st

import autograd
from autograd import Value


@st.composite
def computations(draw, most=30):
    """A list of all Values made, and of some of them to be the outputs."""
    made = [Value(1.0, label=f"x{i}") for i in range(draw(st.integers(1, 4)))]
    pick = st.integers(0, 10**6).map(lambda i: made[-1 - i % min(len(made), 8)])
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(["tanh", "add", "mul", "constant", "sum", "leaf"]))
        if kind == "tanh":
            made.append(draw(pick).tanh())
        elif kind == "add":
            made.append(draw(pick) + draw(pick))
        elif kind == "mul":
            made.append(draw(pick) * draw(pick))
        elif kind == "constant":
            made.append(draw(pick) * 0.5)
        elif kind == "sum":
            made.append(autograd.sum([draw(pick) if draw(st.booleans()) else 2.0 for _ in range(4)] + [draw(pick)]))
        else:
            made.append(Value(0.25))
    outputs = [made[-1], *draw(st.lists(st.sampled_from(made), max_size=2))]
    return made, outputs


def operand_count(outputs):
    """All Values of a computation, and how many operands they have, found in the plainest way."""
    seen, stack, operands, constants = set(), list(outputs), 0, 0
    while stack:
        v = stack.pop()
        if v not in seen:
            seen.add(v)
            for x in v.operands:
                operands += 1
                if isinstance(x, Value):
                    stack.append(x)
                else:
                    constants += 1
    return seen, operands, constants
