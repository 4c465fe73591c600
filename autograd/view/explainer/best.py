"""The paths with the largest products, found without looking at the others.

This file owns the search, which is exact; it must not know how paths are shown.
Read next: `chain.py`, which explains the paths that were found.
"""

from __future__ import annotations

import heapq
import math
from itertools import count
from typing import NamedTuple

from ...engine import Value
from .paths import Between
from .sizes import ONE, Size, exchanged, rank, size, times

__all__ = ["best_paths"]

_Bound = tuple[int, int, float]
_Cost = tuple[int, float]  # what the second best edge of a node has less than the best: a level, or a logarithm
NOTHING = (1, 0.0)  # a cost above all
SMALLEST = 1e-300  # times a half it is still an ordinary float


class _Way(NamedTuple):
    """An edge of a node."""

    product: Size  # the largest of a path through it, from the node down to x
    edge: int


class _Step(NamedTuple):
    """What the best path does at a node."""

    cost: _Cost  # of leaving it there
    edge: int
    operand: Value
    kinds: int  # of the factors down to the operand


class _Leave(NamedTuple):
    """A place where a path can be left."""

    product: Size
    path: list[int]
    depth: int
    node: Value
    kinds: int  # of the factors down to the node


def best_paths(between: Between, k: int) -> list[list[int]]:
    """The k paths with the largest |product|, largest first; each as the index of the edge it takes at each node.

    First the largest product from every node down to x is known. The best path follows it from y; every other path
    leaves an earlier one at some node, and the best of those that leave there is known too.

    Cost: One pass over what lies between, then for each path one walk along it.

    Example:
        >>> from .paths import path_of, read_between
        >>> a = Value(3.0)
        >>> found = read_between(a * 5 + a * a - a, a)
        >>> [path_of(found, path).product for path in best_paths(found, 3)]
        [5.0, 3.0, 3.0]

    References:
        E. L. Lawler, A procedure for computing the k best solutions to discrete optimization problems, 1972.
    """
    if not between.order:
        return []
    if max(map(len, between.edges.values())) < 2:
        return [[0] * (len(between.order) - 1)]  # the only path
    search = _Search(between)
    heap: list[tuple[_Bound, int, Size, _Leave, int]] = []
    number = count()  # equal products in the order in which they were found

    def push(leave: _Leave, r: int) -> None:
        """The best path that leaves another one by the r-th edge of a node, if it has so many."""
        order = search.order(leave.node, leave.kinds)
        if r < len(order):
            product = exchanged(leave.product, order[0].product, order[r].product)
            level, exponent, mantissa = rank(product)
            heapq.heappush(heap, ((-level, -exponent, -mantissa), next(number), product, leave, r))

    path: list[int] = []
    found: list[list[int]] = []
    product, v, kinds = max(search.below[between.y], key=rank), between.y, 0
    while True:
        leaves = search.follow(product, path, v, kinds, k)
        found.append(path)
        for leave in leaves:
            push(leave, 1)
        if len(found) == k or not heap:
            return found
        _, _, product, leave, r = heapq.heappop(heap)
        push(leave, r + 1)
        edge = search.order(leave.node, leave.kinds)[r].edge
        factor = between.edges[leave.node][edge]
        path, v, kinds = [*leave.path[: leave.depth], edge], factor.operand, leave.kinds | size(factor.partial).kinds


class _Search:
    """The largest products from each node down to x, one for each set of kinds of special factors."""

    def __init__(self, between: Between) -> None:
        self.between = between
        self.steps: dict[int, dict[Value, _Step]] = {}  # by the kinds of the factors above the node
        self.below: dict[Value, tuple[Size, ...]] = {between.x: (ONE,)}
        for v in between.order[1:]:
            if self.is_ordinary(v):
                continue
            largest: dict[int, Size] = {}
            for p in between.edges[v]:
                factor = size(p.partial)
                for rest in self.below[p.operand]:
                    whole = times(factor, rest)
                    if whole.kinds not in largest or whole > largest[whole.kinds]:
                        largest[whole.kinds] = whole
            self.below[v] = tuple(largest.values())

    def is_ordinary(self, v: Value) -> bool:
        """Whether nothing below the node is special, as almost everywhere; then its product and step are known now."""
        best, edge, other = (-math.inf, 0.0), 0, (-math.inf, 0.0)
        factors = self.between.edges[v]
        for i, p in enumerate(factors):
            rest, *more = self.below[p.operand]
            if more or rest.kinds or not SMALLEST < abs(p.partial) < math.inf:
                return False
            mantissa, exponent = math.frexp(abs(p.partial) * rest.mantissa)
            product = exponent + rest.exponent, mantissa
            if product > best:
                best, edge, other = product, i, best
            elif product > other:
                other = product
        largest = Size(0, int(best[0]), best[1])
        self.below[v] = (largest,)
        cost = _difference(largest, Size(0, int(other[0]), other[1])) if len(factors) > 1 else NOTHING
        self.steps.setdefault(0, {})[v] = _Step(cost, edge, factors[edge].operand, 0)
        return True

    def follow(self, product: Size, path: list[int], v: Value, kinds: int, k: int) -> list[_Leave]:
        """Complete a path that has come to v by the best way down to x, and return the k best places to leave it."""
        leaves: list[tuple[_Cost, int, Value, int]] = []
        enough = NOTHING  # a cost that k places do not exceed
        while v is not self.between.x:
            known = self.steps.get(kinds)
            step = known.get(v) if known else None
            cost, edge, operand, after = step or self.step(v, kinds)
            if cost < enough:
                leaves.append((cost, len(path), v, kinds))
                if len(leaves) == 4 * k:
                    leaves = heapq.nsmallest(k, leaves, key=_cost)
                    enough = leaves[-1][0]
            path.append(edge)
            v, kinds = operand, after
        return [_Leave(product, path, *place[1:]) for place in heapq.nsmallest(k, leaves, key=_cost)]

    def step(self, v: Value, kinds: int) -> _Step:
        """What the best path does at a node, below factors of these kinds; found once."""
        order = self.order(v, kinds)
        factor = self.between.edges[v][order[0].edge]
        cost = _difference(order[0].product, order[1].product) if len(order) > 1 else NOTHING
        step = _Step(cost, order[0].edge, factor.operand, kinds | size(factor.partial).kinds)
        self.steps.setdefault(kinds, {})[v] = step
        return step

    def order(self, v: Value, kinds: int) -> list[_Way]:
        """The edges of a node by the largest product through them, below factors of these kinds.

        Of what else is above it does not depend: the ordinary factors there scale all of them alike.
        """
        above, ways = ONE._replace(kinds=kinds), []
        for edge, p in enumerate(self.between.edges[v]):
            factor = times(above, size(p.partial))
            ways.append(_Way(max([times(factor, rest) for rest in self.below[p.operand]], key=rank), edge))
        return sorted(ways, key=lambda way: rank(way.product), reverse=True)  # stable: equal ones as operands stand


def _difference(best: Size, other: Size) -> _Cost:
    """What a path costs if it has the other product; comparable along one path, whose own product is one number."""
    less = math.log2(best.mantissa / other.mantissa) + (best.exponent - other.exponent)
    return -rank(other)[0], less


def _cost(leave: tuple[_Cost, int, Value, int]) -> _Cost:
    return leave[0]
