"""The paths from one Value to another: how many there are, and the sum of their products.

This file owns what lies between x and y, read once and without enumerating a path; it must not know how it is shown.
Read next: `best.py`, which finds the paths with the largest products.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ...engine import Op, Value, toposort
from ...errors import AutogradError
from ...partials import stored_partials

__all__ = ["Between", "Factor", "Path", "count_paths", "path_of", "read_between", "remaining", "sums"]


class Factor(NamedTuple):
    """One local partial ∂result/∂operand of a path.

    Attributes:
        result: The node that was computed.
        operand: What it was computed from.
        position: Which operand that is, from 0.
        partial: The number.
    """

    result: Value
    operand: Value
    position: int
    partial: float


class Path(NamedTuple):
    """One way from y down to x.

    Attributes:
        nodes: From y to x, in the order in which the chain rule is written.
        factors: One fewer than nodes: ∂y/∂u, ∂u/∂v, ..., ∂w/∂x.
        product: Of the factors, multiplied as `backward` does: from y to x.
    """

    nodes: tuple[Value, ...]
    factors: tuple[Factor, ...]
    product: float


class Between(NamedTuple):
    """The part of the computation of y that depends on x.

    Attributes:
        y: The result.
        x: What the paths lead to.
        order: Its Values, operands before results; x is the first, y the last. Empty if y does not depend on x.
        edges: For each of them its local partials by operands within, in order and with multiplicity; none for x.
    """

    y: Value
    x: Value
    order: list[Value]
    edges: dict[Value, list[Factor]]


def read_between(y: Value, x: Value) -> Between:
    """What lies between two Values.

    Raises:
        AutogradError: If a node between them was made by hand, and so has no rule.

    Cost: One pass over the computation of y, of any depth.

    Example:
        >>> a = Value(3.0)
        >>> found = read_between(a * a + 1, a)
        >>> len(found.order), count_paths(found)
        (3, 2)
    """
    edges: dict[Value, list[Factor]] = {x: []}
    order = [x]
    for v in toposort(y):
        if v is x or v.op is None:
            continue
        if v.db is None and type(v.b) is tuple:
            _check_rule(v.op, v, edges)
        if kept := [Factor(v, operand, i, d) for i, operand, d in stored_partials(v) if operand in edges]:
            edges[v] = kept
            order.append(v)
    return Between(y, x, order if y in edges else [], edges)


def _check_rule(op: Op, v: Value, edges: dict[Value, list[Factor]]) -> None:
    if any(x in edges for x in v.operands):
        raise AutogradError(f"a Value made by hand from _children (symbol {op.symbol!r:.60}) has no derivative rule")


def count_paths(between: Between) -> int:
    """How many paths there are, exactly.

    Where every path goes through one node, those up to it and those from it on are counted apart and multiplied.

    Cost: One addition for each edge, of integers as long as the count since the last such node; counts are let go once
    they are used. A chain of n doublings takes a time proportional to n, where sums of n digits would take n².
    """
    if not between.order:
        return 0
    shared = _on_every_path(between)
    uses: dict[Value, int] = {}
    for found in between.edges.values():
        for p in found:
            uses[p.operand] = uses.get(p.operand, 0) + 1
    counts, parts = {between.x: 1}, []
    for v in between.order[1:]:
        paths = 0
        for p in between.edges[v]:
            paths += counts[p.operand]
            uses[p.operand] -= 1
            if not uses[p.operand]:
                counts.pop(p.operand)  # 10^6 counts of 10^6 bits would be 60 GB
        if v in shared:
            parts.append(paths)
            paths = 1
        counts[v] = paths
    return _product(parts)


def _on_every_path(between: Between) -> set[Value]:
    """The nodes that no edge passes by, in the order in which they were computed: y is one."""
    place = {v: i for i, v in enumerate(between.order)}
    found, lowest = set(), len(place) - 1
    for i in range(lowest, -1, -1):  # lowest: where the edges of all nodes above i lead
        v = between.order[i]
        if lowest >= i:
            found.add(v)
        lowest = min([lowest, *[place[p.operand] for p in between.edges[v]]])
    return found


def _product(parts: list[int]) -> int:
    """The product, by halves: factors of equal length are multiplied fastest."""
    while len(parts) > 1:
        parts = [math.prod(parts[i : i + 2]) for i in range(0, len(parts), 2)]
    return math.prod(parts)


def sums(between: Between) -> tuple[float, float]:
    """The sum of the products of all paths, as a fresh `backward` adds it up, and the sum of their magnitudes."""
    if not between.order:
        return 0.0, 0.0
    gradients, magnitudes = {between.y: 1.0}, {between.y: 1.0}
    for v in reversed(between.order[1:]):
        gradient, magnitude = gradients[v], magnitudes[v]
        for p in between.edges[v]:
            term, before = p.partial * gradient, gradients.get(p.operand)
            gradients[p.operand] = term if before is None else before + term
            magnitudes[p.operand] = magnitudes.get(p.operand, 0.0) + abs(p.partial) * magnitude
    return gradients[between.x], magnitudes[between.x]


def path_of(between: Between, chosen: list[int]) -> Path:
    """The path that takes, from y on, the edge of the given index at each node."""
    v, product = between.y, 1.0
    nodes, factors = [v], []
    for i in chosen:
        factor = between.edges[v][i]
        factors.append(factor)
        product = factor.partial * product
        v = factor.operand
        nodes.append(v)
    return Path(tuple(nodes), tuple(factors), product)


def remaining(between: Between, chosen: list[list[int]]) -> float:
    """The sum of the products of all paths but the chosen ones.

    Numerics:
        Not the total less the chosen ones, which would cancel: the tree of the chosen paths is followed from y, and
        every edge that leaves it adds its own part.
    """
    if not between.order:
        return 0.0
    below = {between.x: 1.0}  # ∂v/∂x, summed over all paths
    for v in between.order[1:]:
        below[v] = sum([p.partial * below[p.operand] for p in between.edges[v]])
    total = 0.0
    waiting = [(between.y, 1.0, chosen, 0)]
    while waiting:
        v, product, inside, depth = waiting.pop()
        if len(inside) == 1:
            total += _beside(between, below, v, product, inside[0][depth:])
            continue
        taken: dict[int, list[list[int]]] = {}
        for path in inside:
            taken.setdefault(path[depth], []).append(path)
        for i, p in enumerate(between.edges[v]):
            if i in taken:
                waiting.append((p.operand, p.partial * product, taken[i], depth + 1))
            else:
                total += p.partial * product * below[p.operand]
    return total


def _beside(between: Between, below: dict[Value, float], v: Value, product: float, path: list[int]) -> float:
    """The sum over all paths but one from v down, times the product that has come to v."""
    total = 0.0
    for i in path:
        factors = between.edges[v]
        for k, p in enumerate(factors):
            if k != i:
                total += p.partial * product * below[p.operand]
        v, product = factors[i].operand, factors[i].partial * product
    return total
