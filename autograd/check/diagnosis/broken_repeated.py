"""Engines whose mistake shows in several passes, with several graphs or in changed data.

This file owns what each of them does; it must not know what is said about it.
Read next: `repeated.py`, what is said about each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from ..programs import TABLE
from . import orders
from .model import Model, Node, topological

__all__ = [
    "AllForgotten", "LeavesForgotten", "NotZeroed", "Replayed", "ReplayedAllRoots", "ReplayedByAge",
    "ReplayedClearedFromTheEnd", "ReplayedFromTheEnd", "ReplayedOrders", "SeedAccumulates",
    "SeedAccumulatesNotZeroed", "Stale", "TapeUsedUp", "UsedUp", "ZeroWithoutEffect",
]  # fmt: skip


class SeedAccumulates(Model):
    def clear(self, root: Node) -> None:
        before = root.gradient
        super().clear(root)
        root.gradient = before

    def seed(self, root: Node) -> None:
        root.gradient += 1.0


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
