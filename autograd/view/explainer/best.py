"""The paths with the largest products, found without looking at the others.

This file owns the search, which is exact; it must not know how paths are shown.
Read next: `chain.py`, which explains the paths that were found.
"""

from __future__ import annotations

import heapq
from itertools import count
from typing import Any

from ...engine import Value
from .paths import Between
from .sizes import ONE, Size, rank, size, times

__all__ = ["best_paths"]


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
    found: list[tuple[Size, list[int]]] = []
    heap: list[tuple[Any, ...]] = []
    number = count()  # equal products in the order in which they were found
    path, candidates = search.follow([], between.y, ONE, k)
    while True:
        found.append(path)
        for candidate in candidates:
            heapq.heappush(heap, (candidate[0], next(number), *candidate[1:]))
        if len(found) == k or not heap:
            break
        _, _, before, depth, v, head, order, r = heapq.heappop(heap)
        if r + 1 < len(order):
            heapq.heappush(heap, (order[r + 1][0], next(number), before, depth, v, head, order, r + 1))
        i = order[r][1]
        p = between.edges[v][i]
        path, candidates = search.follow([*before[:depth], i], p.operand, times(head, size(p.partial)), k)
    found.sort(key=lambda one: rank(one[0]), reverse=True)  # stable; the bounds were rounded in another order
    return [path for _, path in found]


class _Search:
    """The largest products from each node down to x, one for each set of kinds of special factors."""

    def __init__(self, between: Between) -> None:
        self.between = between
        self.below: dict[Value, tuple[Size, ...]] = {between.x: (ONE,)}
        for v in between.order[1:]:
            largest: dict[int, Size] = {}
            for p in between.edges[v]:
                factor = size(p.partial)
                for rest in self.below[p.operand]:
                    whole = times(factor, rest)
                    if whole.kinds not in largest or whole > largest[whole.kinds]:
                        largest[whole.kinds] = whole
            self.below[v] = tuple(largest.values())

    def follow(self, start: list[int], v: Value, head: Size, k: int) -> tuple[tuple[Size, list[int]], list[Any]]:
        """The best path that begins with `start`, and the k best ways to leave it after that."""
        path, ways = start, []
        while v is not self.between.x:
            found, i = self.between.edges[v], 0
            if len(found) > 1:
                order = self.order(v, head)
                ways.append((order[1][0], path, len(path), v, head, order, 1))
                ways = heapq.nsmallest(k, ways, key=lambda way: way[0]) if len(ways) >= 4 * k else ways
                i = order[0][1]
            path.append(i)
            head, v = times(head, size(found[i].partial)), found[i].operand
        return (head, path), heapq.nsmallest(k, ways, key=lambda way: way[0])

    def order(self, v: Value, head: Size) -> list[tuple[tuple[int, int, float], int]]:
        """The edges of a node by the largest product that a path with this head can have through them."""
        bounds = []
        for i, p in enumerate(self.between.edges[v]):
            through = times(head, size(p.partial))
            level, exponent, mantissa = max([rank(times(through, rest)) for rest in self.below[p.operand]])
            bounds.append(((-level, -exponent, -mantissa), i))
        bounds.sort()
        return bounds
