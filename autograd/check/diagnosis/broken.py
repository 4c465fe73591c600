"""Engines with one structural mistake each, which shows in one backward pass: the model with one method overridden.

This file owns what each mistake does; it must not know what is said about it.
Read next: `broken_identity.py`, nodes that are confused; `broken_repeated.py`, mistakes in several passes.

A name says which mistake it is, the model what the method does, and `structure.py` the rest.
Several classes of one name with different endings are forms in which the same mistake occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from . import orders
from .model import Model, Node, topological

__all__ = [
    "AddedChain", "BreadthFirst", "BreadthFirstFromRight", "DepthFirst", "DepthFirstFromRight",
    "DuplicateDroppedFirst", "DuplicateDroppedLast", "FirstOfTwoOnly", "FirstOperandFollowed", "FirstOperandOnly",
    "MissingChain", "MissingSeed", "NotReversed", "OneLevel", "Overwrite", "OverwriteAlongPaths",
    "OverwriteWithinOnePass", "PartialsLeftOut", "PartialsReversed", "PushedOnce", "PushedOnceFromRight",
    "RecursionOnce", "RecursionOnceFromRight", "RevisitedBreadthFirst", "RevisitedByRecursion", "RevisitedDepthFirst",
    "RevisitedDepthFirstFromRight", "RevisitedUnfolded", "RevisitedUnfoldedFromRight", "SeedIsValue", "SquaredChain",
    "Subtracted",
]  # fmt: skip

# --- the seed ------------------------------------------------------------------------------------------------


class MissingSeed(Model):
    def seed(self, root: Node) -> None:
        pass


class SeedIsValue(Model):
    def seed(self, root: Node) -> None:
        root.gradient = root.data


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


class SquaredChain(Model):
    def chained(self, partial: float, arrived: float) -> float:
        return partial * arrived * arrived


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
