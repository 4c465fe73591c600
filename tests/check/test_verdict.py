"""The three verdicts: wrong derivatives are called wrong, right ones never, and the rest is owned up to."""

from __future__ import annotations

import math
import random

import pytest

from autograd.check.verdict import judge

SMOOTH = {
    "exp": (math.exp, math.exp),
    "sin": (math.sin, math.cos),
    "log": (lambda x: math.log(abs(x)), lambda x: 1 / x),
    "tanh": (math.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "x^5": (lambda x: x**5, lambda x: 5 * x**4),
    "sqrt": (lambda x: math.sqrt(1 + x * x), lambda x: x / math.sqrt(1 + x * x)),
}
POINTS = [0.3, -0.9, 1.3, 2.2, -3.1, 1e-3]


def verdict(f, x: float, claimed: float) -> str:
    return judgement(f, x, claimed).verdict


def judgement(f, x: float, claimed: float):
    def guarded(t: float) -> float | None:
        try:
            return f(t)
        except (ArithmeticError, ValueError):
            return None

    return judge(guarded, x, f(x), claimed)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("x", POINTS)
def test_planted_errors_are_found_and_the_truth_is_not_blamed(name, x):
    f, df = SMOOTH[name]
    assert verdict(f, x, df(x)) == "correct"
    for factor in (1 + 1e-6, 1 - 1e-6, -1.0, 2.0, 0.5, 0.0):
        assert verdict(f, x, df(x) * factor) == "wrong", factor


@pytest.mark.parametrize("exponent", [-150, -75, -10, 10, 75, 150])
def test_huge_and_tiny_scales(exponent):
    scale = 10.0**exponent
    for f, x, slope in [
        (lambda x: (x / scale) ** 2, 1.3 * scale, 2.6 / scale),
        (lambda x: scale * math.sin(x), 0.4, scale * math.cos(0.4)),
        (lambda x: math.sin(x / scale), 0.0, 1 / scale),
        (lambda x: scale * x, 0.0, scale),
    ]:
        assert verdict(f, x, slope) == "correct"
        assert verdict(f, x, slope * (1 + 1e-6)) == "wrong"
        assert verdict(f, x, -slope) == "wrong"


def test_at_zero_the_scale_of_a_function_is_anything():
    for phase in [0.1 * i for i in range(32)]:
        for scale in (1e-40, 1e40):
            found = judgement(lambda x, s=scale, p=phase: math.sin(s * x + p), 0.0, scale * math.cos(phase))
            assert found.verdict == "correct", (phase, scale)


def test_one_in_a_hundred_million_is_found_too():
    assert [verdict(f, 1.3, df(1.3) * (1 + 1e-8)) for f, df in SMOOTH.values()] == ["wrong"] * len(SMOOTH)


def test_the_reported_error_is_the_smallest_mistake_that_is_seen():
    truth = judgement(math.exp, 1.0, math.e)
    assert abs(truth.numeric - math.e) <= truth.error < 1e-9
    assert verdict(math.exp, 1.0, truth.numeric + 3 * truth.error) == "wrong"
    assert verdict(math.exp, 1.0, truth.numeric + truth.error / 3) == "correct"


@pytest.mark.parametrize("f", [abs, lambda x: max(0.0, x), lambda x: x * math.exp(x) if x > 0 else -2 * x])
@pytest.mark.parametrize("claimed", [0.0, 0.5, 1.0])
def test_kinks(f, claimed):
    found = judgement(f, 0.0, claimed)
    assert found.verdict == "cannot tell"
    assert found.reason.startswith("kink: the slope is ")


def test_the_reason_names_the_convention_at_a_kink():
    for claimed, convention in [(-1.0, "that from the left"), (1.0, "that from the right"), (0.0, "their mean"),
                                (0.3, "between them"), (7.0, "outside of them")]:  # fmt: skip
        reason = judgement(abs, 0.0, claimed).reason
        assert reason == f"kink: the slope is -1 from the left and 1 from the right; the gradient {claimed:.6g} is " + (
            convention
        )


def test_a_slope_from_one_side_alone():
    half = judgement(lambda x: x if x < 0 else math.sqrt(x), 0.0, 1.0)
    assert half.verdict == "cannot tell"
    assert half.reason == "the slope is 1 from the left; from the right there is none: it grows without end"
    other = judgement(lambda x: -2 * x if x > 0 else math.cbrt(x), 0.0, 5.0)
    assert other.reason == "the slope is -2 from the right; from the left there is none: it grows without end"
    assert "grows without end" not in judgement(math.cbrt, 0.0, 1.0).reason


def test_a_kink_beside_a_steep_slope():
    assert verdict(lambda x: 1e6 * x + abs(x - 1), 1.0, 1e6) == "cannot tell"


def test_a_kink_closer_than_any_step_that_rounding_allows():
    found = judgement(lambda x: max(0.0, x - 1 + 1e-15), 1.0, 1.0)
    assert (found.verdict, found.reason[:5]) == ("cannot tell", "kink:")


@pytest.mark.parametrize("distance", [1e-2, 1e-4, 1e-6])
def test_next_to_a_kink_there_is_a_derivative(distance):
    def f(x: float) -> float:
        return max(0.0, x - 1 + distance)

    assert verdict(f, 1.0, 1.0) == "correct"
    assert verdict(f, 1.0, 0.5) == "wrong"  # the mean, which every step that is too large sees
    assert verdict(f, 1.0, 1 + 1e-5) == "wrong"


@pytest.mark.parametrize(
    "f", [lambda x: float(x > 1), lambda x: float(x >= 1), math.floor, lambda x: 5.0 if x == 1 else x]
)
@pytest.mark.parametrize("claimed", [0.0, 1.0])
def test_jumps(f, claimed):
    found = judgement(f, 1.0, claimed)
    assert (found.verdict, found.reason[:23]) == ("cannot tell", "the function jumps here")


def test_once_differentiable_is_differentiable():
    assert verdict(lambda x: x * abs(x), 0.0, 0.0) == "correct"
    assert verdict(lambda x: x * abs(x), 0.0, 1e-3) == "wrong"
    assert verdict(lambda x: abs(x) ** 1.5, 0.0, 0.0) == "correct"


@pytest.mark.parametrize("claimed", [0.0, 1.0, 1e9, math.inf, math.nan])
@pytest.mark.parametrize(("f", "x"), [(math.sqrt, 0.0), (math.cbrt, 0.0), (math.asin, 1.0), (math.acosh, 1.0)])
def test_where_the_derivative_is_infinite(f, x, claimed):
    found = judgement(f, x, claimed)
    assert found.verdict == "cannot tell"
    if not math.isfinite(claimed):
        assert found.reason == f"the gradient is {claimed}; the differences diverge"


@pytest.mark.parametrize(("f", "x", "slope"), [
    (lambda x: math.pow(x, 1.5) + 2 * x, 0.0, 2.0),
    (lambda x: math.sqrt(1 - x) ** 3 + x, 1.0, 1.0),
    (lambda x: math.exp(x) + 0 * math.sqrt(x - 1), 1.0, math.e),
    (lambda x: math.exp(x) + 0 * math.sqrt(1 - x), 1.0, math.e),
])  # fmt: skip
def test_one_sided_where_the_domain_ends(f, x, slope):
    found = judgement(f, x, slope)
    assert (found.verdict, found.reason[:9]) == ("correct", "one-sided")
    assert verdict(f, x, slope * 1.001) == "wrong"
    assert verdict(f, x, -slope) == "wrong"


def test_the_side_is_named():
    assert judgement(lambda x: math.pow(x, 1.5), 0.0, 0.0).reason == (
        "one-sided: the function is undefined for smaller values"
    )
    assert judgement(lambda x: math.sqrt(1 - x) ** 3, 1.0, 0.0).reason == (
        "one-sided: the function is undefined for larger values"
    )


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9])
def test_close_to_the_end_of_the_domain_steps_stay_inside(distance):
    x = 1 - distance
    slope = 1 / math.sqrt((1 - x) * (1 + x))
    assert verdict(math.asin, x, slope) == "correct"
    assert verdict(math.asin, x, -slope) == "wrong"


def test_an_isolated_point_has_no_neighbours():
    found = judge(lambda x: None, 1.0, 1.0, 0.0)
    assert (found.verdict, found.reason) == (
        "cannot tell",
        "the function is undefined or not finite on both sides",
    )


@pytest.mark.parametrize("y", [math.nan, math.inf, -math.inf])
def test_values_that_are_not_finite(y):
    found = judge(lambda x: y, 1.0, y, 0.0)
    assert (found.verdict, found.reason) == ("cannot tell", f"the value of the function is {y} here")


def test_inputs_that_are_not_finite():
    assert judge(lambda x: 0.0, math.inf, 0.0, 0.0).reason.startswith("the input is inf")


def test_values_that_are_not_finite_on_one_side_are_outside_of_the_domain():
    found = judgement(lambda x: math.inf if x > 1 else math.nan if x < 0 else x * x, 1.0, 2.0)
    assert (found.verdict, found.reason) == ("correct", "one-sided: the function is undefined for larger values")


def test_values_that_have_lost_digits_below_the_normal_range():
    # 1e-318 has 5 digits left; the slope of x² there is known to as many, and not better
    found = judgement(lambda x: x * x, 1e-159, 2.00001e-159)
    assert found.verdict != "wrong"
    assert verdict(lambda x: x * x, 1e-159, -2e-159) == "wrong"


@pytest.mark.parametrize("claimed", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_where_the_derivative_is_plain(claimed):
    found = judgement(math.exp, 1.0, claimed)
    assert (found.verdict, found.reason) == ("wrong", f"the gradient is {claimed} where the derivative exists")


def test_constants():
    for x in (0.0, 1.0, -1e150):
        assert verdict(lambda x: 3.0, x, 0.0) == "correct"
        assert verdict(lambda x: 3.0, x, 1e-3) == "wrong"


def test_zero_gradients_of_functions_that_vary():
    assert verdict(math.cos, 0.0, 0.0) == "correct"
    assert verdict(math.sin, math.pi / 2, 6e-17) == "correct"  # zero to within the error, among slopes of 0.01
    assert verdict(math.cos, 0.0, 1e-9) == "wrong"


def test_gradients_below_what_floats_resolve_are_not_called_correct():
    for claimed in (4.248354255291589e-18, -4.248354255291589e-18):
        found = judgement(lambda x: 1 / (1 + math.exp(-x)), 40.0, claimed)
        assert found.verdict == "cannot tell"
        assert found.reason.startswith("the gradient is smaller than the error of the differences")
    assert verdict(lambda x: 1 / (1 + math.exp(-x)), 40.0, 1e-3) == "wrong"


def noisy(level: float):
    """x² with an error that is a fixed but erratic function of x."""
    return lambda x: x * x + level * random.Random(x.hex()).uniform(-1, 1)


@pytest.mark.parametrize("level", [1e-12, 1e-9, 1e-7])
@pytest.mark.parametrize("x", [0.7, 1.0, 3.3, 5.9, 11.0])
def test_noise_is_not_blamed_on_the_gradient(level, x):
    assert verdict(noisy(level), x, 2 * x) != "wrong"
    assert verdict(noisy(level), x, -2 * x) != "correct"


def test_through_slight_noise_a_wrong_gradient_is_seen():
    assert [verdict(noisy(1e-12), x, 2 * x * 1.01) for x in (0.7, 1.0, 3.3)] == ["wrong"] * 3


def test_noise_that_drowns_the_function():
    def f(x: float) -> float:
        return math.sin(x) + random.Random(x.hex()).uniform(-1, 1)

    for claimed in (0.5, math.inf, math.nan):
        assert {verdict(f, x, claimed) for x in (0.7, 1.0, 3.3)} == {"cannot tell"}


def test_a_fine_ripple_counts_and_not_the_slope_around():
    def f(x: float) -> float:
        return x + 1e-6 * math.sin(1e8 * x)

    slope = 1 + 100 * math.cos(1e8)
    assert verdict(f, 1.0, slope) == "correct"
    assert verdict(f, 1.0, 1.0) == "wrong"
    assert verdict(f, 1.0, -slope) == "wrong"


@pytest.mark.parametrize("x", [1.66e99, -6.7e29, 4.5e19])
def test_oscillations_between_neighbouring_floats(x):
    found = judgement(math.sin, x, math.cos(x))
    assert (found.verdict, found.reason) == ("cannot tell", "the function varies between neighbouring floats")


@pytest.mark.parametrize("exponent", range(-12, 1))
def test_stairs_of_rounding_are_no_steps_of_the_function(exponent):
    def f(x: float) -> float:
        return (1000.0 + math.sin(x)) - 1000.0  # in stairs of 1e-13

    for x in (3.6942352660758316 * 10.0**exponent, -1.3 * 10.0**exponent):
        assert verdict(f, x, math.cos(x)) != "wrong"
        assert verdict(f, x, -math.cos(x)) != "correct"
        if exponent > -6:
            assert verdict(f, x, 0.0) != "correct"


def test_a_sum_that_forgets_most_of_a_small_operand():
    def f(x: float) -> float:
        return -1.0 + x + 1.0 - 2.178564076665234e-05

    assert verdict(f, 4.674268453707529e-14, 1.0) == "correct"
    assert verdict(f, 4.674268453707529e-14, -1.0) == "wrong"


@pytest.mark.parametrize("x", [0.5, 100.5, 4321.3, 2.6e8 + 0.05, 1e12 + 0.4])
def test_stairs_of_the_function(x):
    assert verdict(math.floor, x, 0.0) == ("correct" if x < 1e4 else "cannot tell")
    assert verdict(math.floor, 100.5, 1.0) != "correct"
    assert verdict(math.floor, 100.5, 1e6) == "wrong"


def test_no_change_at_steps_that_are_tiny_beside_the_other_inputs():
    def f(x: float) -> float:
        return 1.0 + x

    assert judge(f, 1e-20, 1.0, 0.0, size=1.0).verdict == "wrong"
    assert judge(f, 1e-20, 1.0, 1.0, size=1.0).verdict == "correct"
    found = judge(lambda x: 0.0, 1e-200, 0.0, 1e100, size=1e100)
    assert (found.verdict, found.reason[:28]) == ("cannot tell", "the function does not change")
    assert judge(lambda x: 0.0, 1e-12, 0.0, 0.0, size=1.0).verdict == "correct"


def test_a_large_constant_beside_the_function():
    def f(x: float) -> float:
        return 1e6 + math.sin(x)

    assert verdict(f, 1.0, math.cos(1.0)) == "correct"
    for claimed in (0.0, -math.cos(1.0), 1.01 * math.cos(1.0)):
        assert verdict(f, 1.0, claimed) == "wrong"
    assert verdict(lambda x: 1e18 + x, 1.0, 1.0) == "correct"  # by steps of 1e16
    assert verdict(lambda x: 1e18 + x, 1.0, -1.0) == "wrong"


def test_right_everywhere_but_at_one_point():
    def df(x: float) -> float:
        return math.cos(x) if x != 0.5 else math.sin(x)

    assert [x for x in (0.1, 0.5, 0.9) if verdict(math.sin, x, df(x)) == "wrong"] == [0.5]


def test_rounding_within_the_function_is_not_blamed_on_the_gradient():
    # t·softplus(-x) + (1 - t)·softplus(x) is linear in t with the slope -x, up to the rounding of its two terms
    rng = random.Random(2)
    points = [(-8.454658291162118e-08, 0.15003982419687245)]
    points += [(rng.choice([-1, 1]) * 10 ** rng.uniform(-12, -6), rng.random()) for _ in range(300)]
    for x, t in points:
        left, right = math.log1p(math.exp(-x)), math.log1p(math.exp(x))
        found = judgement(lambda t, left=left, right=right: t * left + (1 - t) * right, t, -x)
        assert found.verdict != "wrong", (x, t)
        assert judgement(lambda t, left=left, right=right: t * left + (1 - t) * right, t, x).verdict != "correct"
