"""Engines that take two numbers of the same size for one node: the model with one method overridden.

This file owns what each of them does; it must not know what is said about it.
Read next: `broken_repeated.py`, mistakes in several passes.
"""

from __future__ import annotations

from . import orders
from .model import Model, Node, topological

__all__ = [
    "EqualGradients", "EqualInTable", "EqualLeaves", "EqualListed", "EqualListedFromRight", "EqualOperands",
    "EqualOperandsLast", "EqualVisited", "EqualVisitedAndOperands", "EqualVisitedAndOperandsFromRight",
    "EqualVisitedFromRight",
]  # fmt: skip


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
