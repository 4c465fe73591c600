"""Ways through a graph: the orders in which backward passes visit nodes, of which only one kind is right.

This file owns these walks; it must not know what is done at a node.
Read next: `model.py`, whose own order is the right one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .model import Node

__all__ = [
    "breadth_first",
    "by_data",
    "by_recursion",
    "creation",
    "depth_first",
    "listed_by_data",
    "pushed_once",
    "unfolded",
]

LONGEST = 5_000  # edges that a walk over all paths follows before it is given up


def operands_of(node: Node, reverse: bool = False) -> list[Node]:
    """The operands that are nodes, from left to right or from right to left."""
    found = [x for x in node.operands if isinstance(x, Node)]
    return found[::-1] if reverse else found


def breadth_first(root: Node, once: bool = True, reverse: bool = False) -> list[Node]:
    """Level by level; without `once` a node is visited for every path that leads to it."""
    order, seen = [root], {id(root)}
    for node in order:  # the list grows while it is read: a queue
        for x in operands_of(node, reverse):
            if not once or id(x) not in seen:
                seen.add(id(x))
                order.append(x)
        if len(order) > LONGEST:
            break
    return order


def depth_first(root: Node, once: bool = True, reverse: bool = False) -> list[Node]:
    """Each node before its operands' subgraphs, on the first way that leads to it; without `once` on every way."""
    order: list[Node] = []
    seen: set[int] = set()
    stack = [root]
    while stack and len(order) < LONGEST:
        node = stack.pop()
        if once and id(node) in seen:
            continue
        seen.add(id(node))
        order.append(node)
        stack += operands_of(node, not reverse)
    return order


def pushed_once(root: Node, reverse: bool = False) -> list[Node]:
    """From a stack on which a node is put the first time that it is seen."""
    order: list[Node] = []
    seen, stack = {id(root)}, [root]
    while stack:
        node = stack.pop()
        order.append(node)
        for x in operands_of(node, reverse):
            if id(x) not in seen:
                seen.add(id(x))
                stack.append(x)
    return order


def unfolded(root: Node, reverse: bool = False) -> list[Node]:
    """Operands before results, where a node that is used twice is listed twice, with all below it."""
    order: list[Node] = []
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack and len(order) < LONGEST:
        node, done = stack.pop()
        if done:
            order.append(node)
        else:
            stack.append((node, True))
            stack += [(x, False) for x in operands_of(node, not reverse)]
    return order


def by_recursion(root: Node, once: bool, reverse: bool = False) -> Iterator[tuple[Node, int]]:
    """The edges as a method follows them that, for each operand, gives it its part and then calls itself on it."""
    seen = {id(root)}
    stack = [(root, iter(_positions(root, reverse)))]
    for _ in range(LONGEST):
        if not stack:
            return
        node, positions = stack[-1]
        i = next(positions, None)
        if i is None:
            stack.pop()
            continue
        yield node, i
        x = node.operands[i]
        if not once or id(x) not in seen:
            seen.add(id(x))
            stack.append((x, iter(_positions(x, reverse))))


def by_data(root: Node, reverse: bool = False) -> list[Node]:
    """Operands after results, where of several nodes with the same data the first that is seen is visited."""
    order: list[Node] = []
    visited: set[float] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node.data not in visited:
            visited.add(node.data)
            stack.append((node, True))
            stack += [(x, False) for x in operands_of(node, not reverse)]
    return order[::-1]


def listed_by_data(root: Node, created: Sequence[Node], reverse: bool = False) -> list[Node]:
    """The latest first, where of several results with the same data the first that is found is visited."""
    found: dict[float, Node] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node.operands and node.data not in found:
            found[node.data] = node
            stack += operands_of(node, not reverse)
    return sorted(found.values(), key=created.index, reverse=True)


def creation(nodes: Sequence[Node]) -> list[Node]:
    """Every node that was ever made, the latest first."""
    return [*reversed(nodes)]


def _positions(node: Node, reverse: bool) -> list[int]:
    found = [i for i, x in enumerate(node.operands) if isinstance(x, Node)]
    return found[::-1] if reverse else found
