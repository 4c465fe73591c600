"""Engines with one structural mistake each: the model with one method overridden.

This file owns what each mistake of structure does; it must not know what is said about it.
Read next: `structure.py`, what is said about each.

Several classes of one name with different endings are forms in which the same mistake occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ..programs import TABLE
from . import orders
from .model import Model, Node, topological

# ruff: noqa: D101, D102  (a name says which mistake it is, the model what the method does, `structure.py` the rest)

__all__ = [
    "AddedChain", "AllForgotten", "BreadthFirst", "BreadthFirstFromRight", "DepthFirst", "DepthFirstFromRight",
    "DuplicateDroppedFirst", "DuplicateDroppedLast", "EqualGradients", "EqualInTable", "EqualLeaves",
    "EqualListed", "EqualListedFromRight", "EqualOperands", "EqualOperandsLast", "EqualVisited",
    "EqualVisitedAndOperands", "EqualVisitedAndOperandsFromRight", "EqualVisitedFromRight", "FirstOfTwoOnly",
    "FirstOperandFollowed", "FirstOperandOnly", "LeavesForgotten", "MissingChain", "MissingSeed", "NotReversed",
    "NotZeroed", "OneLevel", "Overwrite", "OverwriteAlongPaths", "OverwriteWithinOnePass", "PartialsLeftOut",
    "PartialsReversed", "PushedOnce", "PushedOnceFromRight", "RecursionOnce", "RecursionOnceFromRight",
    "Replayed", "ReplayedAllRoots", "ReplayedByAge", "ReplayedClearedFromTheEnd", "ReplayedFromTheEnd",
    "ReplayedOrders", "RevisitedBreadthFirst", "RevisitedByRecursion", "RevisitedDepthFirst",
    "RevisitedDepthFirstFromRight", "RevisitedUnfolded", "RevisitedUnfoldedFromRight", "SeedAccumulates",
    "SeedAccumulatesNotZeroed", "SeedIsValue", "Stale", "Subtracted", "TapeUsedUp", "UsedUp",
    "ZeroWithoutEffect",
]  # fmt: skip

# --- the seed ------------------------------------------------------------------------------------------------


class MissingSeed(Model):
    def seed(self, root: Node) -> None:
        pass


class SeedIsValue(Model):
    def seed(self, root: Node) -> None:
        root.gradient = root.data


class SeedAccumulates(Model):
    def clear(self, root: Node) -> None:
        before = root.gradient
        super().clear(root)
        root.gradient = before

    def seed(self, root: Node) -> None:
        root.gradient += 1.0


# --- the sum over paths --------------------------------------------------------------------------------------


class Overwrite(Model):
    def receive(self, x: Node, term: float, node: Node, i: int) -> None:
        x.gradient = term


class OverwriteWithinOnePass(Overwrite):  # gradients in a table of the pass, which is added to the leaves at its end
    def backward(self, root: Node) -> None:
        before = [(v, v.gradient) for v in topological(root) if not v.operands and v is not root]
        for v, _ in before:
            v.gradient = 0.0
        super().backward(root)
        for v, gradient in before:
            v.gradient += gradient


class OverwriteAlongPaths(Overwrite):
    def edges(self, root: Node) -> Iterator[tuple[Node, int]]:
        return orders.by_recursion(root, once=False)


class DuplicateDroppedLast(Model):  # a dict from operand to partial: the last entry stays
    def positions(self, node: Node) -> list[int]:
        last = {id(x): i for i, x in enumerate(node.operands) if isinstance(x, Node)}
        return [i for i in super().positions(node) if last[id(node.operands[i])] == i]


class DuplicateDroppedFirst(Model):
    def positions(self, node: Node) -> list[int]:
        first = {id(x): i for i, x in reversed([*enumerate(node.operands)]) if isinstance(x, Node)}
        return [i for i in super().positions(node) if first[id(node.operands[i])] == i]


class FirstOperandOnly(Model):
    def positions(self, node: Node) -> list[int]:
        return [i for i in super().positions(node) if i == 0]


class FirstOfTwoOnly(Model):  # in the binary operations, each of which has its own code
    def positions(self, node: Node) -> list[int]:
        return [i for i in super().positions(node) if i == 0 or len(node.operands) != 2]


class FirstOperandFollowed(Model):
    def order(self, root: Node) -> list[Node]:
        order, v = [root], root
        while v.operands and isinstance(v.operands[0], Node):
            v = v.operands[0]
            order.append(v)
        return order


# --- the order -----------------------------------------------------------------------------------------------


class OneLevel(Model):
    def order(self, root: Node) -> list[Node]:
        return [root]


class NotReversed(Model):
    def order(self, root: Node) -> list[Node]:
        return topological(root)


class BreadthFirst(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.breadth_first(root)


class BreadthFirstFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.breadth_first(root, reverse=True)


class DepthFirst(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.depth_first(root)


class DepthFirstFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.depth_first(root, reverse=True)


class PushedOnce(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.pushed_once(root)


class PushedOnceFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.pushed_once(root, reverse=True)


class RecursionOnce(Model):
    def edges(self, root: Node) -> Iterator[tuple[Node, int]]:
        return orders.by_recursion(root, once=True)


class RecursionOnceFromRight(Model):
    def edges(self, root: Node) -> Iterator[tuple[Node, int]]:
        return orders.by_recursion(root, once=True, reverse=True)


class RevisitedByRecursion(Model):
    def edges(self, root: Node) -> Iterator[tuple[Node, int]]:
        return orders.by_recursion(root, once=False)


class RevisitedDepthFirst(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.depth_first(root, once=False)


class RevisitedDepthFirstFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.depth_first(root, once=False, reverse=True)


class RevisitedBreadthFirst(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.breadth_first(root, once=False)


class RevisitedUnfolded(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.unfolded(root)[::-1]


class RevisitedUnfoldedFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.unfolded(root, reverse=True)[::-1]


# --- the chain rule, in the one place where an engine has it for all operations --------------------------------


class MissingChain(Model):
    def chained(self, partial: float, arrived: float) -> float:
        return partial


class AddedChain(Model):
    def chained(self, partial: float, arrived: float) -> float:
        return partial + arrived


class Subtracted(Model):
    def receive(self, x: Node, term: float, node: Node, i: int) -> None:
        super().receive(x, -term, node, i)


class PartialsReversed(Model):
    def node(self, op: str, operands: Sequence[Any]) -> Node:
        node = super().node(op, operands)
        if len(node.operands) == 2:
            node.partials = node.partials[::-1]
        return node


class PartialsLeftOut(Model):
    def chained(self, partial: float, arrived: float) -> float:
        return arrived


# --- identity ------------------------------------------------------------------------------------------------


class EqualVisited(Model):  # `visited` compares data: of several equal numbers one is followed
    def order(self, root: Node) -> list[Node]:
        return orders.by_data(root)


class EqualVisitedFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.by_data(root, reverse=True)


class EqualListed(Model):  # a dict of nodes by data: the first that was seen stays
    def order(self, root: Node) -> list[Node]:
        return orders.listed_by_data(root, self.created)


class EqualListedFromRight(Model):
    def order(self, root: Node) -> list[Node]:
        return orders.listed_by_data(root, self.created, reverse=True)


class EqualOperands(Model):  # a set of operands compares data: of two equal ones the first is kept
    def positions(self, node: Node) -> list[int]:
        first = {x.data: i for i, x in reversed([*enumerate(node.operands)]) if isinstance(x, Node)}
        return [i for i in super().positions(node) if first[node.operands[i].data] == i]


class EqualOperandsLast(Model):
    def positions(self, node: Node) -> list[int]:
        last = {x.data: i for i, x in enumerate(node.operands) if isinstance(x, Node)}
        return [i for i in super().positions(node) if last[node.operands[i].data] == i]


class EqualVisitedAndOperands(EqualOperands, EqualVisited):
    pass


class EqualVisitedAndOperandsFromRight(EqualOperands, EqualVisitedFromRight):
    pass


class EqualGradients(EqualVisited):  # a dict of gradients, whose keys compare data
    def receive(self, x: Node, term: float, node: Node, i: int) -> None:
        super().receive(x, term, node, i)
        for other in self.created:
            if other.data == x.data:
                other.gradient = x.gradient


class EqualInTable(Model):  # a table of gradients of one pass, with data for keys
    def backward(self, root: Node) -> None:
        table = {root.data: 1.0}
        inside = topological(root)
        for node in sorted((v for v in self.created if v.operands), key=self.created.index, reverse=True):
            if node.data in table:
                node.gradient = table[node.data]
                for i in self.positions(node):
                    x = node.operands[i]
                    table[x.data] = table.get(x.data, 0.0) + self.contribution(node, i)
        for v in self.created:
            if not v.operands and (v in inside or v.data in table) and v is not root:
                v.gradient += table.get(v.data, 0.0)
        if not root.operands:
            root.gradient += 1.0


class EqualLeaves(Model):  # a cache that gives the same object for the same number
    def leaf(self, x: float) -> Node:
        return next((v for v in self.created if not v.operands and v.data == x), None) or super().leaf(x)


# --- several passes, several graphs, changed data --------------------------------------------------------------


class NotZeroed(Model):
    def clear(self, root: Node) -> None:
        pass


class SeedAccumulatesNotZeroed(SeedAccumulates):
    def clear(self, root: Node) -> None:
        pass


class LeavesForgotten(Model):
    def clear(self, root: Node) -> None:
        for node in topological(root):
            node.gradient = 0.0


class AllForgotten(Model):  # a tape that clears all that is on it
    def clear(self, root: Node) -> None:
        for node in self.created:
            node.gradient = 0.0


class Replayed(Model):  # a tape that is never emptied: what other graphs hold is sent again
    def clear(self, root: Node) -> None:
        pass

    def order(self, root: Node) -> list[Node]:
        return orders.creation(self.created)


class ReplayedOrders(Model):  # the list of nodes to visit, kept from call to call
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.kept: list[Node] = []

    def order(self, root: Node) -> list[Node]:
        self.kept += topological(root)
        return self.kept[::-1]


class ReplayedByAge(Model):  # a tape on which only the own graph is cleared
    def order(self, root: Node) -> list[Node]:
        return orders.creation(self.created)


class ReplayedFromTheEnd(Replayed):  # and that begins at its last entry
    def seed(self, root: Node) -> None:
        self.created[-1].gradient = 1.0


class ReplayedClearedFromTheEnd(Model):
    def clear(self, root: Node) -> None:
        for node in self.created:
            if node.operands:
                node.gradient = 0.0

    def order(self, root: Node) -> list[Node]:
        return orders.creation(self.created)

    def seed(self, root: Node) -> None:
        self.created[-1].gradient = 1.0


class ReplayedAllRoots(Model):  # every result without a consumer begins with 1
    def clear(self, root: Node) -> None:
        for node in self.created:
            if node.operands:
                node.gradient = 0.0

    def order(self, root: Node) -> list[Node]:
        return orders.creation(self.created)

    def seed(self, root: Node) -> None:
        used = {id(x) for node in self.created for x in node.operands}
        for node in self.created:
            if node.operands and id(node) not in used:
                node.gradient = 1.0


class ZeroWithoutEffect(Model):
    def zero(self, values: Sequence[Node]) -> None:
        pass


class UsedUp(Model):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.used: set[int] = set()

    def edges(self, root: Node) -> Iterable[tuple[Node, int]]:
        edges = [*super().edges(root)]
        left = [(node, i) for node, i in edges if id(node) not in self.used]
        self.used |= {id(node) for node, _ in edges}
        return left


class TapeUsedUp(Model):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.used = False

    def edges(self, root: Node) -> Iterable[tuple[Node, int]]:
        before, self.used = self.used, True
        return islice(super().edges(root), 0 if before else None)


class Stale(Model):
    def contribution(self, node: Node, i: int) -> float:
        node.xs = tuple([x.data if isinstance(x, Node) else x for x in node.operands])
        node.partials = tuple(TABLE[node.op].partials(node.data, *node.xs))
        return super().contribution(node, i)
