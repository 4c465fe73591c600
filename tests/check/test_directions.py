"""Subsets and random directions: which inputs are taken, that all take part, what is seen, and what it costs."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Op, Value, functions as F  # noqa: N812
from autograd.check import assert_gradients, gradcheck, gradcheck_module
from autograd.check.lines import START, random_directions, scales


def names(result) -> list[str]:
    return sorted(row.name for row in result.rows)


def square(by: float) -> Op:
    return Op("square", "²", 1, lambda x: x * x, lambda y, x: (2 * x * by,))


def many(count: int = 3000) -> list[float]:
    rng = random.Random(7)
    return [rng.gauss(0, 0.1) for _ in range(count)]


def loss(ws, where, by, calls=None):
    if calls is not None:
        calls.append(1)
    h = F.dot(ws[: len(ws) // 2], ws[len(ws) // 2 :])
    return h.tanh() + F.dot(ws, ws) * 0.01 + square(by)(ws[where])


# --- subsets -----------------------------------------------------------------------------------------------


def test_a_subset_is_drawn_by_the_seed():
    def checked(**settings):
        return names(gradcheck(lambda ws: F.dot(ws, ws), many(50), **settings))

    assert len(checked(subset=20)) == 20
    assert checked(subset=20) == checked(subset=20, seed=0) != checked(subset=20, seed=1)
    assert len({name for seed in range(40) for name in checked(subset=5, seed=seed)}) == 50


def test_a_subset_larger_than_what_there_is_takes_all():
    assert names(gradcheck(lambda x, y: x * y, 1.0, 2.0, subset=9)) == ["x", "y"]
    assert names(gradcheck(lambda x, y: x * y, 1.0, 2.0, subset=2)) == ["x", "y"]


def test_the_cost_of_a_subset():
    calls = []
    assert gradcheck(lambda ws: loss(ws, 5, 1.0, calls), many(), subset=4).ok
    assert len(calls) <= 3 + 4 * 16


def test_a_row_of_a_subset_is_that_of_the_whole():
    whole = {row.name: row for row in gradcheck(lambda ws: loss(ws, 5, 1.0), many(20)).rows}
    assert all(whole[row.name] == row for row in gradcheck(lambda ws: loss(ws, 5, 1.0), many(20), subset=6).rows)


# --- directions --------------------------------------------------------------------------------------------


def test_the_derivative_along_a_direction_is_gradient_times_direction():
    xs = [3.0, -0.5, 40.0]
    weights = [2.0, 7.0, -1.0]
    (v,) = random_directions(xs, [weights], 1, random.Random(0))
    result = gradcheck(lambda ws: F.dot(ws, weights), xs, subset=0, directions=1)
    (row,) = result.rows
    assert (row.name, row.label, row.verdict) == ("direction 0", "", "correct")
    assert row.analytic == pytest.approx(sum(w * d for w, d in zip(weights, v, strict=True)), rel=1e-15)
    assert row.numeric == pytest.approx(row.analytic, rel=1e-10)


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("where", [0, 1234, 2999])
def test_a_mistake_in_one_of_three_thousand_gradients_is_seen(where):
    ws = many()
    calls = []
    assert gradcheck(lambda ws: loss(ws, where, 1.0, calls), ws, subset=0, directions=5).ok
    assert len(calls) <= 160
    result = gradcheck(lambda ws: loss(ws, where, 1 + 1e-3), ws, subset=0, directions=5)
    assert {row.name: row.verdict for row in result.rows} == {f"direction {i}": "wrong" for i in range(5)}


def test_a_dropped_gradient_is_seen_however_small_the_input():
    ws = [*many(60), 1e-9, 0.0]
    for where in (60, 61):
        right = gradcheck(lambda ws: F.dot(ws, ws).tanh() + ws[where], ws, subset=0, directions=2)  # noqa: B023
        assert right.ok
        lost = gradcheck(lambda ws: F.dot(ws, ws).tanh() + ws[where].data, ws, subset=0, directions=2)  # noqa: B023
        assert lost.verdict == "wrong"


def test_swapped_partials_do_not_cancel():
    swapped = Op("minus", "-", 2, lambda a, b: a - b, lambda y, a, b: (-1.0, 1.0))
    for seed in range(20):
        # the two mistakes are equal and opposite: with signs alone, half of the directions would not see them
        assert gradcheck(swapped, 1.0, 1.0, subset=0, directions=1, seed=seed).verdict == "wrong"


def test_directions_beside_a_subset():
    assert names(gradcheck(lambda x, y: x * y, 1.0, 2.0, directions=2)) == ["direction 0", "direction 1", "x", "y"]
    assert names(gradcheck(lambda x, y: x * y, 1.0, 2.0, directions=1, subset=1, seed=3))[0] == "direction 0"
    assert len(gradcheck(lambda x, y: x * y, 1.0, 2.0, directions=1, subset=1).rows) == 2
    assert names(gradcheck(lambda x, y: [x * y, x], 1.0, 2.0, directions=1, subset=0)) == [
        "out[0] / direction 0", "out[1] / direction 0"
    ]  # fmt: skip


def test_directions_are_drawn_by_the_seed():
    def analytic(seed):
        return [row.analytic for row in gradcheck(lambda x, y: x * y, 3.0, 2.0, directions=3, subset=0, seed=seed).rows]

    assert analytic(5) == analytic(5) != analytic(6)


@pytest.mark.parametrize("count", [1, 2, 10, 3000])
def test_directions_have_the_length_of_about_one(count):
    rng = random.Random(count)
    xs = [rng.choice([-1, 1]) for _ in range(count)]
    for v in random_directions(xs, [[1.0] * count], 5, rng):
        assert 0.5 <= math.hypot(*v) <= 2.0
        assert min(map(abs, v)) >= max(map(abs, v)) / 2  # nobody is left out
    signs = [v > 0 for v in random_directions(xs, [[1.0] * count], 1, rng)[0]]
    assert count < 3000 or 1300 < sum(signs) < 1700


def test_inputs_of_very_different_size_all_take_part():
    def f(op, sizes, xs):
        return sum(op(x / size) for x, size in zip(xs, sizes, strict=True))

    sizes = [1e-150, 1e-12, 1e-3, 1.0, 1e9, 1e150]
    for k in range(6):
        xs = [1.3 * size for size in sizes]
        assert gradcheck(lambda *xs: f(F.sin, sizes, xs), *xs, subset=0, directions=3).ok
        wrong = [1.0 if i != k else 1.00001 for i in range(6)]

        def broken(*xs):
            return sum(square(by)(x / s) for by, x, s in zip(wrong, xs, sizes, strict=True))  # noqa: B023

        assert gradcheck(broken, *xs, subset=0, directions=1).verdict == "wrong", k


def test_sizes_by_hand():
    # every input by its own size, rounded down to a power of two
    assert scales([3.0, -0.7, 10.0], [1.0, 1.0, 1.0]) == [2.0, 2.0, 8.0]
    assert scales([4.0, 0.0, 4.0], [1.0, 1.0, 1.0]) == [4.0, 2.0, 4.0]  # as far as has the average effect, 8/3
    assert scales([4.0, 0.0, 4.0], [1.0, 0.0, 1.0]) == [4.0, 4.0, 4.0]  # without an effect, as far as the others
    assert scales([4.0, 1e-30, 4.0], [1.0, 1e30, 1.0])[1] < 1e-29  # tiny by its unit
    assert scales([4.0, 1e-30, 4.0], [1.0, 1.0, 1.0])[1] == 2.0  # tiny by chance
    assert scales([0.0, 0.0], [0.0, 1.0]) == [1.0, 1.0]
    assert scales([2.0, 2.0], [math.inf, math.nan]) == [2.0, 2.0]


def test_moves_in_a_direction_are_free_of_rounding():
    rng = random.Random(1)
    xs = [rng.gauss(0, 1) * 10 ** rng.uniform(-3, 3) for _ in range(9)]
    (v,) = random_directions(xs, [[1.0] * 9], 1, rng)
    t = START + 1 / 32 / 4.236
    for x, d in zip(xs, v, strict=True):
        moved = x + (t - START) * d
        assert moved - x == (t - START) * d or abs(moved) >= 2 * abs(x) or abs(d) > abs(x)


def test_a_module():
    class Line:
        def __init__(self):
            self.ws = [Value(x) for x in many(40)]

        def __call__(self, x):
            return F.dot(self.ws, x).tanh()

        def parameters(self):
            return self.ws

    rng = random.Random(2)
    module = (
        Line(),
        [[rng.gauss(0, 1) for _ in range(40)] for _ in range(3)],
        [1.0, 0.5, -1.0],
        lambda p, t: (p - t) ** 2,
    )
    before = [w.data for w in module[0].ws]
    result = gradcheck_module(*module, subset=3, directions=2)
    assert result.ok
    assert len(result.rows) == 5
    assert [w.data for w in module[0].ws] == before
    assert assert_gradients(*module, subset=0, directions=1).ok


def test_gradients_that_are_not_finite_along_a_direction():
    broken = Op("broken", "!", 1, math.sin, lambda y, x: (math.nan,))
    result = gradcheck(lambda x, y: broken(x) + y, 1.0, 2.0, subset=0, directions=1)
    assert result.verdict == "wrong"
    assert result.rows[0].reason == "the gradient is nan where the derivative exists"


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["subset", "directions"])
@pytest.mark.parametrize(("value", "error", "message"), [
    (-1, ValueError, "0 or more, not -1"), (1.5, TypeError, "not 1.5"), (True, TypeError, "not True"),
    ("3", TypeError, "not '3'"),
])  # fmt: skip
def test_numbers_that_make_no_sense(name, value, error, message):
    with pytest.raises(error, match=f"{name} is .*{message}"):
        gradcheck(lambda x: x, 1.0, **{name: value})


def test_nothing_left_to_check():
    with pytest.raises(ValueError, match="subset=0 leaves nothing to check"):
        gradcheck(lambda x: x, 1.0, subset=0)


def test_hints_are_of_three_levels():
    for hints in (0, 4, True, "1"):
        with pytest.raises(ValueError, match="hints is one of 1, 2, 3, not"):
            gradcheck(lambda x: x, 1.0, hints=hints)
