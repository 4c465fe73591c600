"""Whole numbers that pick: one tape for all classes or tokens, right for combinations that were never traced."""

import math
import operator
import random
from itertools import product

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiler.calls.merging import widest
from autograd.compiler.trace.integers import merge
from autograd.compiler.trace.samples import flatten_sample
from autograd.compiler.trace.tape import PICK
from autograd.compiler.trace.tracing import flatten_parameters, trace

from .reference import values_of


def weights(*shape, seed=0):
    rng = random.Random(seed)
    return np.array([Value(rng.gauss(0, 1)) for _ in range(math.prod(shape))]).reshape(shape).tolist()


def merged(f, params, *sample, known):
    """The merged trace, and how many traces it took."""
    calls = []

    def traced(integers):
        calls.append(integers)
        return trace(f, params, *sample, integers=integers)

    return merge(traced, known), calls


def assert_right(found, f, params, *sample):
    numbers, integers = flatten_sample(*sample)
    values = values_of(found.tape, [p.data for p in flatten_parameters(params)], numbers, integers)
    expected = f(params, *sample)
    expected = expected if isinstance(expected, list) else [expected]
    for root, value in zip(found.tape.roots, expected, strict=True):
        assert values[root] == (value.data if isinstance(value, Value) else value)


def test_the_logit_of_the_true_class_is_picked():
    w = weights(5, 3)

    def f(w, x, y):
        return autograd.cross_entropy_with_logits([autograd.dot(row, x) for row in w], y)

    found, calls = merged(f, w, [0.5, -1.0, 2.0], 0, known=[range(5)])
    assert len(calls) == 5
    assert (found.tape.code == PICK).sum() == 1
    assert found.tape.integers == ((0, 1, 2, 3, 4),)
    assert found.integers_read == (0,)
    for y in range(5):
        assert_right(found, f, w, [0.25, 1.0, -2.0], y)


def test_constants_of_a_class_are_picked():
    rates = [0.5, 2.0, 2.0]
    found, _ = merged(lambda w, x, y: w * x * rates[y], Value(3.0), 1.0, 0, known=[range(3)])
    for y in range(3):
        assert_right(found, lambda w, x, y: w * x * rates[y], Value(3.0), 5.0, y)


def test_a_whole_number_computes_and_picks_at_once():
    def f(w, x, y):
        return w[y] * y + w[y - 1] * (2 * y - 1) + w[y % 2] / (y + 1) + y**2 + abs(-y)

    w = weights(4)
    found, _ = merged(f, w, 1.0, 0, known=[range(4)])
    for y in range(4):
        assert_right(found, f, w, 2.0, y)


def test_rows_and_targets_of_several_tokens_are_told_apart_without_tracing_every_combination():
    table, places, head = weights(6, 2), weights(3, 2, seed=1), weights(6, 2, seed=2)

    def f(params, tokens, targets):
        table, places, head = params
        terms = []
        for i, (token, target) in enumerate(zip(tokens, targets, strict=True)):
            h = [(t + p).tanh() for t, p in zip(table[token], places[i], strict=True)]
            terms.append(-autograd.log_softmax([autograd.dot(row, h) for row in head])[target])
        return autograd.sum(terms)

    params = (table, places, head)
    found, calls = merged(f, params, [0, 0, 0], [0, 0, 0], known=[range(6)] * 6)
    assert len(calls) <= 6 + 4 * 6 * 6  # of 46,656: each is traced beside each of another column
    assert (found.tape.code == PICK).sum() == 3 * 2 + 3
    rng = random.Random(3)
    for _ in range(20):
        assert_right(found, f, params, rng.choices(range(6), k=3), rng.choices(range(6), k=3))


@pytest.mark.parametrize("sizes", [(2, 2, 2, 2, 2), (2, 5, 3), (1, 4)])
def test_columns_with_few_numbers_are_told_apart(sizes):
    params = [weights(size, seed=seed) for seed, size in enumerate(sizes)]

    def f(params, x):
        return autograd.sum([w[i] for w, i in zip(params, x, strict=True)])

    found, _ = merged(f, params, [0] * len(sizes), known=[range(size) for size in sizes])
    for x in product(*map(range, sizes)):
        assert_right(found, f, params, list(x))


def test_numbers_that_are_known_need_not_be_a_range():
    w = weights(10)
    found, _ = merged(lambda w, x, y: w[y] * x, w, 1.0, 3, known=[(3, 7, 9)])
    assert found.tape.integers == ((3, 7, 9),)
    for y in (3, 7, 9):
        assert_right(found, lambda w, x, y: w[y] * x, w, 2.0, y)


def test_a_root_and_a_side_of_a_guard_may_be_picked():
    w = [Value(v) for v in (1.0, 2.0, 3.0)]

    def f(w, x, y):
        assert w[y] > x
        return [w[y], w[0]]

    found, _ = merged(f, w, 0.0, 0, known=[range(3)])
    (guard,) = found.tape.guards
    values = values_of(found.tape, [1.0, 2.0, 3.0], [0.0, 2.0], [2])
    assert {values[guard.left], values[guard.right]} == {3.0, 0.0}
    for y in range(3):
        assert_right(found, f, w, 0.5, y)


def test_what_is_not_of_one_structure_is_not_merged():
    w = weights(3)
    assert merged(lambda w, x, y: sum(w[: y + 1]) * x, w, 1.0, 0, known=[range(3)])[0] is None
    assert merged(lambda w, x, y: w[0] if y == 1 else w[1] * x, w, 1.0, 0, known=[range(3)])[0] is None


def test_what_two_numbers_decide_together_is_not_merged():
    w = weights(5)
    assert merged(lambda w, x: w[x[0] + x[1]] * 2.0, w, [0, 0], known=[range(3), range(3)])[0] is None


TRUTH = [
    lambda w, x: w[1] * 2 if x[0] == 1 and x[1] == 1 else w[0] * 3,
    lambda w, x: w[1] * 2 if x[0] == 1 or x[1] == 1 else w[0] * 3,
    lambda w, x: w[(x[0] == 1) | (x[1] == 1)] * 2,
    lambda w, x: w[x[0] * x[1]] * 2, lambda w, x: w[2 * x[0] - x[1]] * 2, lambda w, x: w[x[0] & x[1]] * 2,
    lambda w, x: w[x[0] | x[1]] * 2, lambda w, x: w[x[0] ^ x[1]] * 2, lambda w, x: w[(x[0] + x[1]) % 2] * 2,
    lambda w, x: w[x[0] // (x[1] + 1)] * 2, lambda w, x: w[x[0] and x[1]] * 2,
    lambda w, x: w[max(x[0], x[1])] * 2, lambda w, x: w[min(x[0], x[1])] * 2,
    lambda w, x: w[{(0, 1): 1, (1, 0): 2}.get((x[0], x[1]), 0)] * 2,
    lambda w, x: w[[[0, 1, 2], [1, 0, 0], [2, 2, 1]][x[0]][x[1]]] * 2,
    lambda w, x: w[0] * ([0.0, 1.0, 1.0][x[0]] * [0.0, 1.0, 0.0][x[1]]) + w[1] * x[2],
    lambda w, x: w[np.array([[0, 1, 2], [1, 0, 0], [2, 2, 1]])[x[0], x[1]]] * 2,
    lambda w, x: w[x[0] * x[1] * x[2]] * 2, lambda w, x: w[x[0] ^ x[1] ^ x[2]] + w[x[2]],
    lambda w, x: w[1] * w[x[2]] if x[0] == 1 and x[1] == 1 and x[2] == 0 else w[0] * w[x[2]],
    lambda w, x: w[max(x)] * w[min(x)] + w[x[0]],
]  # fmt: skip


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize("f", TRUTH)
def test_what_whole_numbers_decide_together_is_right_for_every_combination(f, executor):
    w = [Value(0.5 + k) for k in range(9)]
    grid = [list(x) for x in product(range(3), repeat=3)]
    alike = [x for x in grid if len(set(x)) == 1]
    step = autograd.compile(f, executor=executor, paths=32)
    for batch in (alike, [*alike, grid[1], grid[3]], grid):
        one_by_one = [gradients_of(f, w, x) for x in batch]
        losses, gradients = map(np.array, zip(*one_by_one, strict=True))
        loss, gradient = step.value_and_grad(w, batch)
        assert loss == pytest.approx(losses.mean(), rel=1e-12)
        assert gradient == pytest.approx(gradients.mean(axis=0), rel=1e-12)
        each, each_gradient = step.per_sample(w, batch)
        assert each == pytest.approx(losses, rel=1e-12)
        assert each_gradient == pytest.approx(gradients, rel=1e-12)


def gradients_of(f, w, x):
    for v in w:
        v.grad = 0.0
    loss = f(w, x)
    loss.backward()
    return loss.data, [v.grad for v in w]


def test_a_pair_of_numbers_that_is_compared_is_right_among_a_hundred():
    def f(w, x):
        z = w[x[0]] * w[10 + x[1]]
        return z * 2.0 if x[0] == 3 and x[1] == 5 else z * 1.0

    w = weights(20)
    assert merged(f, w, [0, 0], known=[range(10)] * 2)[0] is None
    step = autograd.compile(f, executor="numpy", paths=128)
    grid = [list(x) for x in product(range(10), repeat=2)]
    assert step.predict(w, grid).ravel() == pytest.approx([f(w, x).data for x in grid], rel=1e-12)


@pytest.mark.filterwarnings("ignore:f has more than")
@pytest.mark.parametrize("n", [10, 100])
def test_a_rare_pair_of_indices_that_decides_together_is_right_from_the_first_batch_on(n):
    table = [[0] * n for _ in range(n)]
    table[n - 1][n // 2] = 1
    w, random = weights(3), np.random.default_rng(0)
    step = autograd.compile(lambda w, x: w[table[x[0]][x[1]]] * w[2], executor="numpy")
    batches = [[*random.integers(0, n, (60, 2)).tolist(), [n - 1, n // 2]] for _ in range(3)]
    for batch in batches:
        expected = [(w[table[a][b]] * w[2]).data for a, b in batch]
        assert step.predict(w, batch).ravel() == pytest.approx(expected, rel=1e-12)


@pytest.mark.filterwarnings("ignore:f has more than")
def test_a_rare_pair_among_many_columns_of_a_short_function_is_right():
    is_pair = [[int(a == 3 and b == 4) for b in range(9)] for a in range(9)]

    def f(w, x):
        return w[is_pair[x[0]][x[1]]] * 2.0 + w[x[2]] + w[x[3]] + w[x[4]] + w[x[5]]

    w, random = weights(9), np.random.default_rng(0)
    step = autograd.compile(f, executor="numpy")
    first, *rest = random.integers(0, 9, (4, 100, 6)).tolist()
    assert any(x[:2] == [3, 4] for batch in rest for x in batch)
    for batch in ([x for x in first if x[:2] != [3, 4]], *rest):
        assert step.predict(w, batch).ravel() == pytest.approx([f(w, x).data for x in batch], rel=1e-12)


def test_a_table_of_parameters_by_two_indices_is_right_for_every_pair():
    w = weights(12, 12)
    step = autograd.compile(lambda w, x: autograd.tanh(w[x[0]][x[1]] * 1.5), executor="numpy", paths=4)
    grid = [list(x) for x in product(range(12), repeat=2)]
    with pytest.warns(RuntimeWarning, match="more than 4 paths"):
        found = step.predict(w, grid)
    assert found.ravel() == pytest.approx([math.tanh(w[a][b].data * 1.5) for a, b in grid], rel=1e-12)


def test_indices_merge_for_each_number_that_is_compared():
    def f(w, x):
        return w[x[0]] * w[x[1]] * w[x[2]] if x[3] == 1 else w[x[0]] * w[x[1]] * w[2]

    w, random = weights(7), np.random.default_rng(0)
    step = autograd.compile(f, executor="numpy")
    for _ in range(3):
        batch = [[*map(int, random.integers(0, 7, 3)), int(random.integers(0, 3))] for _ in range(60)]
        assert step.predict(w, batch).ravel() == pytest.approx([f(w, x).data for x in batch], rel=1e-12)
    assert len(step.plan.paths) == 3


def test_a_column_that_is_compared_is_merged_if_no_other_is_read_or_all_combinations_are_traced():
    w = weights(20)
    found, calls = merged(lambda w, y: w[0] * (2.0 if y == 7 else 3.0), w, 0, known=[range(100)])
    assert found.tape.integers == (tuple(range(100)),)
    assert len(calls) == 100

    def f(w, x):
        return w[0] * (2.0 if x[0] == 1 else 3.0) + w[1] * (2.0 if x[1] == 1 else 3.0)

    found, calls = merged(f, w, [0, 0], known=[range(8)] * 2)
    assert len(calls) == 64
    for x in product(range(8), repeat=2):
        assert_right(found, f, w, list(x))
    assert merged(f, w, [0, 0], known=[range(90), range(80)])[0] is None
    assert merged(f, w, [0, 0], known=[range(8), (3,)])[0] is None  # the caller keeps it at one number


@pytest.mark.parametrize("f", [lambda a, b, c: a & b & c, lambda a, b, c: a ^ b, lambda a, b, c: max(b, c)])
def test_what_indices_decide_together_is_not_merged_among_many(f):
    bit, w = [0, 1, 1, 0, 1], weights(2)
    found, _ = merged(lambda w, x: w[f(*[bit[i] for i in x])] * 2.0, w, [0] * 3, known=[range(5)] * 3)
    assert found is None


def test_one_pair_of_indices_that_decides_together_is_seen_if_all_are_traced_and_none_is_traced_in_vain():
    w = weights(2)
    for table in (np.equal.outer(range(7), range(7)), np.multiply.outer(np.arange(7) == 6, np.arange(7) == 5)):
        whole = (table * 1).tolist()
        found, calls = merged(lambda w, x: w[whole[x[0]][x[1]]] * 2.0, w, [0, 0], known=[range(7)] * 2)  # noqa: B023
        assert found is None
        assert len(calls) == (8 if table[0, 0] else 49)


def test_one_number_of_each_column_is_nothing_to_merge():
    assert merged(lambda w, x: w[x[0]] * w[x[1]], weights(2), [0, 1], known=[(0,), (1,)]) == (None, [])


def test_more_is_traced_until_it_is_clear_which_number_decides():
    n = 200
    params = weights(n, 2)
    f = lambda params, x: [w[i] for w, i in zip(params, x, strict=True)]  # noqa: E731
    found, calls = merged(f, params, [0] * n, known=[range(2)] * n)
    assert 2 + 24 < len(calls) < 40
    rng = random.Random(4)
    for _ in range(50):
        assert_right(found, f, params, rng.choices(range(2), k=n))


def test_classes_at_several_positions_merge_in_cross_entropy():
    w = weights(7, 2)

    def f(w, tokens, targets):
        return autograd.sum([
            autograd.cross_entropy_with_logits([autograd.dot(row, w[token]) for row in w], target)
            for token, target in zip(tokens, targets, strict=True)
        ])  # fmt: skip

    batch = np.random.default_rng(1).integers(0, 7, (2, 30, 7)).tolist()
    step = autograd.compile(f, executor="numpy", reduce="sum")
    expected = sum(f(w, *sample).data for sample in zip(*batch, strict=True))
    assert step.value_and_grad(w, *batch)[0] == pytest.approx(expected, rel=1e-12)
    assert len(step.plan.paths) == 1


def test_a_whole_number_that_is_not_read_may_be_any():
    found, calls = merged(lambda w, x: w * x[0] + x[1], Value(2.0), [3, 4], known=[(3, 9), (4,)])
    assert found.integers_read == ()
    assert found.tape.integers == ((), ())
    assert len(calls) <= 2
    assert_right(found, lambda w, x: w * x[0] + x[1], Value(2.0), [-5, 70])


@pytest.mark.parametrize(
    "reads",
    [lambda w, y: w[y], lambda w, y: w[int(y)], lambda w, y: {0: w[1], 1: w[0]}[y],
     lambda w, y: w[0] if y == 0 else w[1],
     lambda w, y: sum(w[i] for i in range(y + 1)), lambda w, y: w[y % 2], lambda w, y: w[y // 1], lambda w, y: w[1 - y],
     lambda w, y: [w[1], w[0]][[0, 1].index(y)], lambda w, y: w[0] * float(y), lambda w, y: w[int(f"{y}")],
     lambda w, y: w[int(repr(y))], lambda w, y: w[0] * (1 << y), lambda w, y: w[1] * (8 >> y),
     lambda w, y: w[np.eye(2, dtype=int)[y][0]], lambda w, y: w[y & 1], lambda w, y: w[0] if y != 1 else w[1]],
)  # fmt: skip
def test_a_whole_number_that_is_read_is_noted(reads):
    w = weights(2)
    for y in (0, 1):
        found = trace(lambda w, y: reads(w, y) * 1.0, w, y)
        assert found.integers_read == (0,)
        assert_right(found, lambda w, y: reads(w, y) * 1.0, w, y)


@pytest.mark.parametrize(
    ("reads", "hard"),
    [(lambda w, x: w[x[0]], ()), (lambda w, x: w[1 - x[0]] * w[x[1]], ()), (lambda w, x: w[-x[0] : 2][0], ()),
     (lambda w, x: w[operator.index(x[1])], ()), (lambda w, x: w[int(x[1])], (1,)),
     (lambda w, x: w[0] * {0: 1}[x[0]], (0,)), (lambda w, x: w[0] * float(x[0]), (0,)),
     (lambda w, x: w[x[0] == 1] * w[x[1]], (0,)), (lambda w, x: w[x[0] * x[1]], (0, 1)),
     (lambda w, x: w[x[0] - x[1]], (0, 1)), (lambda w, x: w[x[1] % 2], (1,)),
     (lambda w, x: autograd.cross_entropy_with_logits(w, x[0]), ()), (lambda w, x: w[x[0] & x[1]], (0, 1))],
)  # fmt: skip
def test_an_index_by_one_column_is_soft_and_all_other_reading_is_hard(reads, hard):
    assert trace(lambda w, x: reads(w, x) * 1.0, weights(2), [0, 0]).integers_hard == hard


def test_an_order_of_whole_numbers_is_a_guard_and_no_reading():
    found = trace(lambda w, y: w if y > 0 else -w, Value(1.0), 3)
    assert found.integers_read == ()
    assert len(found.tape.guards) == 1


# --- a transformer ----------------------------------------------------------------------------------------------------


def transformer(params, tokens):
    """As in microgpt: one layer, two heads, lists of keys and values that grow."""

    def linear(x, w):
        return [sum(a * b for a, b in zip(row, x, strict=True)) for row in w]

    def normed(x):
        scale = (sum(v * v for v in x) / len(x) + 1e-5) ** -0.5
        return [v * scale for v in x]

    def probabilities(z):
        largest = autograd.max(z).detach()
        e = [(v - largest).exp() for v in z]
        total = sum(e)
        return [v / total for v in e]

    keys, values, terms = [], [], []
    for i in range(len(tokens) - 1):
        x = normed([a + b for a, b in zip(params["token"][tokens[i]], params["place"][i], strict=True)])
        query = linear(x, params["query"])
        keys.append(linear(x, params["key"]))
        values.append(linear(x, params["value"]))
        heads = []
        for h in (0, 2):
            scores = [sum(query[h + j] * key[h + j] for j in range(2)) / 2**0.5 for key in keys]
            shares = probabilities(scores)
            heads += [sum(s * v[h + j] for s, v in zip(shares, values, strict=True)) for j in range(2)]
        x = [a + b for a, b in zip(linear(heads, params["out"]), x, strict=True)]
        terms.append(-probabilities(linear([v.relu() ** 2 for v in x], params["head"]))[tokens[i + 1]].log())
    return sum(terms) / len(terms)


def test_a_transformer_over_tokens_is_one_tape():
    sizes = {"token": 5, "place": 4, "query": 4, "key": 4, "value": 4, "out": 4, "head": 5}
    params = {name: weights(rows, 4, seed=seed) for seed, (name, rows) in enumerate(sizes.items())}

    found, calls = merged(transformer, params, [0, 1, 2, 3], known=[range(5)] * 4)
    assert found.tape.guards == ()
    assert (found.tape.code == PICK).sum() == 3 * 4 + 3
    assert len(calls) < 35  # of 625
    rng = random.Random(5)
    for _ in range(5):
        assert_right(found, transformer, params, rng.choices(range(5), k=4))


def test_the_trace_that_is_known_is_not_made_again():
    w, calls = weights(3), []

    def traced(integers):
        calls.append(integers)
        return trace(lambda w, x, y: w[y] * x, w, 2.0, 1, integers=integers)

    found = widest(traced([1]), [1], np.array([[0], [1], [2]]), [], traced)
    assert found.tape.integers == ((0, 1, 2),)
    assert sorted(calls) == [[0], [1], [2]]
