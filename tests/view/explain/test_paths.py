"""The number of paths, the largest products and the sum of the others, against every path taken one by one."""

import math
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from autograd import AutogradError, Value, gradients, sqrt, sum as total
from autograd.view.explainer import best
from autograd.view.explainer.best import best_paths
from autograd.view.explainer.chain import count_text
from autograd.view.explainer.paths import count_paths, path_of, read_between, remaining, sums
from autograd.view.explainer.sizes import rank, size, times

from .programs import by_size, every_path, programs


def best_of(y, x, k):
    between = read_between(y, x)
    return [path_of(between, path) for path in best_paths(between, k)]


@settings(max_examples=300, deadline=None)
@given(programs(), st.integers(1, 6))
def test_paths_of_random_programs(program, k):
    y, x = program
    every, between = every_path(y, x), read_between(*program)
    assert count_paths(between) == len(every)
    found = best_of(y, x, k)
    assert [abs(p.product) for p in found] == pytest.approx([abs(p) for p in by_size(every)[:k]], rel=1e-12)
    assert len({tuple((id(f.result), f.position) for f in p.factors) for p in found}) == min(k, len(every))
    for path in found:
        assert path.nodes[0] is y
        assert path.nodes[-1] is x
        assert [(f.result, f.operand) for f in path.factors] == list(pairwise(path.nodes))
        assert path.product == pytest.approx(math.prod([f.partial for f in path.factors]), rel=1e-12)
    magnitude = math.fsum(map(abs, every))
    summed, magnitudes = sums(between)
    assert magnitudes == pytest.approx(magnitude, rel=1e-12)
    assert summed == pytest.approx(math.fsum(every), abs=1e-13 * magnitude)
    (gradient,) = gradients(y, [x])
    assert summed == pytest.approx(gradient.data, abs=1e-13 * magnitude)
    rest = remaining(between, best_paths(between, k))
    small = math.fsum([abs(p) for p in by_size(every)[k:]])  # rounding is measured by what remains, not by the total
    assert rest + math.fsum(p.product for p in found) == pytest.approx(math.fsum(every), abs=1e-13 * magnitude)
    assert abs(rest) <= small * (1 + 1e-12)


@settings(max_examples=100, deadline=None)
@given(programs())
def test_the_total_is_that_of_backward_to_the_last_bit(program):
    y, x = program
    between = read_between(y, x)
    y.backward()
    if between.order:
        assert x.grad == sums(between)[0]


def test_what_remains_does_not_cancel():
    x = Value(1.0)
    between = read_between(total([x * 1e20, x * -1e20, x * 1e-3, x * 2e-3]), x)
    assert remaining(between, best_paths(between, 2)) == pytest.approx(3e-3, rel=1e-15)


def doublings(n, step=lambda v: v + v):
    x = v = Value(1.0)
    for _ in range(n):
        v = step(v)
    return v, x


def test_sixty_doublings():
    y, x = doublings(60)
    between = read_between(y, x)
    assert count_paths(between) == 2**60
    paths = best_paths(between, 7)
    assert len({tuple(path) for path in paths}) == 7
    assert remaining(between, paths) == pytest.approx(2**60 - 7, rel=1e-15)
    assert sums(between) == (2.0**60, 2.0**60)


def test_equal_products_that_round_differently_do_not_stop_the_search():
    y, x = doublings(60, lambda v: v * 0.1 + v * 0.1)
    between = read_between(y, x)
    assert count_paths(between) == 2**60
    products = [path_of(between, path).product for path in best_paths(between, 20)]
    assert products == pytest.approx([0.1**60] * 20, rel=1e-13)


def test_the_largest_are_found_among_two_to_the_sixtieth():
    """Each step offers the factors 2 and 1.5: the best path takes 2 each time, the next 60 take 1.5 once."""
    y, x = doublings(60, lambda v: v * 2.0 + v * 1.5)
    products = [p.product for p in best_of(y, x, 62)]
    assert products[0] == 2.0**60
    assert products[1:61] == pytest.approx([0.75 * 2.0**60] * 60, rel=1e-14)
    assert products[61] == pytest.approx(0.75**2 * 2.0**60, rel=1e-14)


def test_sizes_neither_overflow_nor_underflow():
    """Products 1e-400 and 1e-500 are both 0 as floats, and one is larger."""
    x = Value(1.0)
    small, smaller = x * 1e-200 * 1e-200, x * 1e-250 * 1e-250
    assert [p.factors[0].position for p in best_of(smaller + small, x, 2)] == [1, 0]
    huge, huger = x * 1e200 * 1e200, x * 1e250 * 1e250
    assert [p.factors[0].position for p in best_of(huge + huger, x, 2)] == [1, 0]


def test_special_factors_come_in_order():
    """nan, inf, numbers, 0; a product of inf and 0 is nan, though its other factors are larger or smaller."""
    z = Value(0.0)
    closed_infinite = sqrt(z) * 0.0
    y = total([z * 0.0, z * 5.0, sqrt(z), closed_infinite])
    products = [p.product for p in best_of(y, z, 4)]
    assert math.isnan(products[0])
    assert products[1:] == [math.inf, 5.0, 0.0]


@given(st.lists(st.sampled_from([0.0, 0.5, -2.0, 3.0, math.inf, -math.inf, math.nan, 1e300, 1e-300]), max_size=6))
def test_the_rank_of_a_product_is_that_of_its_float(factors):
    """Where no product on the way leaves the floats."""
    product, measured = 1.0, size(1.0)
    for x in factors:
        product, measured = product * x, times(measured, size(x))
    level = rank(measured)[0]
    if any(math.isnan(x) for x in factors) or (0 in factors and math.inf in map(abs, factors)):
        assert level == 3
    elif math.inf in map(abs, factors):
        assert level == 2
    elif 0 in factors:
        assert level == 0
    else:
        assert level == 1
        if 0 < abs(product) < math.inf:
            assert math.log2(measured.mantissa) + measured.exponent == pytest.approx(math.log2(abs(product)), abs=1e-9)


def test_duplicated_edges_are_paths_of_their_own():
    a = Value(3.0)
    assert [[f.position for f in p.factors] for p in best_of(a * a, a, 9)] == [[0], [1]]
    assert count_paths(read_between(total([a] * 5), a)) == 5


def test_a_node_without_a_rule_is_refused_where_it_stands_between():
    a = Value(1.0)
    drawn = Value(2.0, (a,), "+")
    with pytest.raises(AutogradError, match="made by hand"):
        read_between(drawn * 2, a)
    b = Value(3.0)
    assert count_paths(read_between(drawn * b, b)) == 1


@pytest.mark.no_cover  # for time's sake
def test_fifty_thousand_doublings():
    y, x = doublings(50_000)
    between = read_between(y, x)
    assert count_paths(between) == 2**50_000
    assert len(best_paths(between, 3)) == 3


def test_edges_that_pass_by_are_counted():
    """v[n] = v[n-1] + v[n-2]: the Fibonacci numbers; then every path goes through one node, and on."""
    x = Value(1.0)
    before, v = x, x + 0
    for _ in range(300):
        before, v = v, v + before
    y = v * v
    fibonacci = [1, 1]
    for _ in range(300):
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    assert count_paths(read_between(v, x)) == fibonacci[-1]
    assert count_paths(read_between(y * y, x)) == 4 * fibonacci[-1]


def test_each_node_is_put_in_order_once(monkeypatch):
    """And not once for each of the 40 paths, which would be 60,000 times; the zeros are taken in the general way."""
    y, x = doublings(500, lambda v: v * 2.0 + v * 0.0)
    calls, order = Counter(), best._Search.order
    monkeypatch.setattr(best._Search, "order", lambda self, v, kinds: calls.update(["order"]) or order(self, v, kinds))
    assert len(best_paths(read_between(y, x), 40)) == 40
    assert 1_000 < calls["order"] < 8_000


def test_counts_of_any_size():
    assert [count_text(n) for n in (1, 2**60)] == ["1", "1,152,921,504,606,846,976"]
    assert count_text(10**24 - 1) == "999,999,999,999,999,999,999,999"
    assert [count_text(n) for n in (2**80, 3 * 10**30)] == ["2^80", "about 3.00e+30"]
    assert count_text(2**100_000 + 1) == "about 9.99e+30102"  # which Python refuses to write out
    assert count_text(10**30 - 1) == "about 1.00e+30"


def test_what_is_special_above_decides_below():
    """sqrt is infinite at 0, so that of the factors 0 and 5 below it 0 makes the larger product: nan."""
    x = Value(0.0)
    products = [p.product for p in best_of(sqrt(x * 5.0 + x * 0.0), x, 2)]
    assert math.isnan(products[0])
    assert products[1:] == [math.inf]


def test_the_smallest_floats_have_their_order():
    x = Value(1.0)
    assert [p.product for p in best_of(x * 5e-324 + x * 1e-323, x, 2)] == [1e-323, 5e-324]
