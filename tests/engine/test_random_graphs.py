"""Random graphs: sorted rightly, and a second `backward` adds exactly the same again."""

from hypothesis import given, strategies as st

from autograd import Value, sum as total
from autograd.engine import toposort

number = st.floats(-2.0, 2.0)
instruction = st.tuples(st.sampled_from("+-*/nst"), st.integers(0, 10**6), st.integers(0, 10**6), number)


def build(leaves, program):
    """The result of a random program: each instruction picks its operands among all earlier values."""
    values = list(leaves)
    for op, i, j, c in program:
        a, b = values[i % len(values)], values[j % len(values)]
        values.append({
            "+": lambda a=a, b=b: a + b,
            "-": lambda a=a, b=b, c=c: c - a * b,
            "*": lambda a=a, b=b: (a * b).tanh(),
            "/": lambda a=a, b=b: a / (b * b + 1),
            "n": lambda a=a, c=c: -a * c,
            "s": lambda a=a, b=b, c=c: total([a, b, a, c]).tanh(),
            "t": lambda a=a: a.tanh(),
        }[op]())  # fmt: skip
    return values[-1]


@given(st.lists(number, min_size=1, max_size=4), st.lists(instruction, min_size=1, max_size=40))
def test_a_second_backward_adds_exactly_the_same_again(data, program):
    leaves = [Value(x) for x in data]
    y = build(leaves, program)
    y.backward()
    once = [leaf.grad for leaf in leaves]
    between = [v.grad for v in toposort(y) if v.op]
    y.backward()
    assert [leaf.grad for leaf in leaves] == [2 * g for g in once]  # to the last bit: doubling is exact
    assert [v.grad for v in toposort(y) if v.op] == between
    y.backward()
    assert [leaf.grad for leaf in leaves] == [2 * g + g for g in once]


@given(st.lists(number, min_size=1, max_size=4), st.lists(instruction, min_size=1, max_size=40))
def test_every_random_graph_is_sorted(data, program):
    y = build([Value(x) for x in data], program)
    order = toposort(y)
    position = {v: i for i, v in enumerate(order)}
    assert len(position) == len(order)
    assert all(position[x] < position[v] for v in order for x in v.operands if isinstance(x, Value))
