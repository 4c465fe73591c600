"""Random points: where they lie, and how they look."""

import math
import random

import pytest

from autograd.check.points import intervals, ordinary, random_point

inf = math.inf


@pytest.mark.parametrize(("domain", "parts"), [
    ("(-inf, inf)", [(-inf, inf)]), ("[0, 1)", [(0, 1)]), (" (-inf,-1]|[1 , inf) ", [(-inf, -1), (1, inf)]),
])  # fmt: skip
def test_a_domain_is_read_as_its_intervals(domain, parts):
    assert intervals(domain) == parts


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "0, 1",
        "(1, 1)",
        "(1, 1.0000000000000002)",
        "(2, 1)",
        "(0, 1, 2)",
        "(a, b)",
        "(0; 1)",
        "(nan, 1)",
        "(0, 1) |",
    ],
)
def test_what_is_no_interval_is_refused_with_a_remedy(domain):
    with pytest.raises(ValueError, match=r"is no interval: write it as \(0, inf\), \[-1, 1\] or"):
        intervals(domain)


@pytest.mark.parametrize(
    ("low", "high"),
    [(-inf, inf), (0, inf), (-inf, -100), (0, 1), (1e-300, 1e-299), (1e15, 1e15 + 1), (1e20, inf), (-inf, -1e20)],
)
def test_numbers_lie_inside_and_not_far_from_the_end(low, high):
    rng = random.Random(0)
    drawn = [ordinary(rng, low, high) for _ in range(2000)]
    assert all(low < x < high for x in drawn)
    middle = low if math.isfinite(low) else high if math.isfinite(high) else 0
    assert max(abs(x - middle) for x in drawn) < 12 * max(1, math.ulp(middle))
    assert len(set(drawn)) > 3


def test_numbers_have_four_digits():
    rng = random.Random(0)
    assert all(len(f"{ordinary(rng, -inf, inf):.15g}".lstrip("-0.").replace(".", "")) <= 4 for _ in range(500))


def test_a_point_has_one_number_per_name_from_its_domain_and_repeats_with_the_seed():
    domains = {"y": [(5.0, 6.0), (8.0, 9.0)]}
    drawn = [random_point(random.Random(seed), ("x", "y"), domains) for seed in range(200)]
    assert all(5 < y < 6 or 8 < y < 9 for _, y in drawn)
    assert {y > 7 for _, y in drawn} == {True, False}
    assert any(x < 0 for x, _ in drawn)
    assert random_point(random.Random(3), ("x", "y"), domains) == drawn[3]
