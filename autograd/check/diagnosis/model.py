"""A plain engine in which every method is one idea, so that a mistake is a class that overrides one method.

This file owns recording and the backward pass of that engine; it must not know which mistakes there are, nor how one
is found. Read next: `structure.py`, the mistakes that are overridden methods.

The engine is a `Dialect`: `observe(program, Model())` says what is right, and `observe(program, Overwrite())` what an
engine prints that has `=` in the place of `+=`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..programs import TABLE

__all__ = ["FIRST", "LAST", "RIGHT", "At", "Form", "Model", "Node", "Rules", "Slip", "pattern"]


class Node:
    """A number of the model: its data, what it was computed from, its local partials, and the gradient so far."""

    __slots__ = ("data", "gradient", "op", "operands", "partials", "xs")

    def __init__(self, data: float, op: str = "", operands: Sequence[Any] = (), xs: Sequence[float] = ()) -> None:
        self.data, self.op, self.operands, self.xs = data, op, tuple(operands), tuple(xs)
        self.gradient = 0.0
        self.partials: tuple[float, ...] = TABLE[op].partials(data, *xs) if op else ()


@dataclass(frozen=True, slots=True)
class At:
    """What a backward step sees at one operand of one node.

    Attributes:
        xs: The operands.
        y: The value.
        partials: The right local partials.
        i: The position of the operand.
        arrived: The gradient that has arrived at the node.
    """

    xs: tuple[float, ...]
    y: float
    partials: tuple[float, ...]
    i: int
    arrived: float

    @property
    def x(self) -> float:
        """The operand."""
        return self.xs[self.i]

    @property
    def partial(self) -> float:
        """The right local partial."""
        return self.partials[self.i]


FIRST, LAST = 0, 1


class Slip(NamedTuple):
    """A wrong contribution to the gradient of an operand.

    Attributes:
        of: What it is.
        local: Whether that is a local partial, still to be multiplied by the arrived gradient.
    """

    of: Callable[[At], float]
    local: bool


Form = Callable[..., Any]  # form(model, *operands): how an engine composes an operation of others
Key = tuple[str, str]  # an op and the pattern of its operands


def pattern(operands: Sequence[Any]) -> str:
    """Which operands are numbers of the graph and which constants: "vv", "vc", "cv"; "n" for more than two."""
    return "n" if len(operands) > 2 else "".join(["v" if isinstance(x, Node) else "c" for x in operands])


@dataclass(frozen=True, slots=True)
class Rules:
    """What an engine does in the single operations, where that is not the table's rule.

    Attributes:
        forms: How it composes some of the operations of others.
        slips: The wrong contributions, by op, pattern and position.
        assigned: The (op, position) where a contribution replaces what was there, in place of being added.
        dropped: The (op, FIRST or LAST): of an operand that stands there twice, only that one receives.
    """

    forms: Mapping[Key, Form] = field(default_factory=dict)
    slips: Mapping[tuple[str, str, int], Slip] = field(default_factory=dict)
    assigned: frozenset[tuple[str, int]] = frozenset()
    dropped: frozenset[tuple[str, int]] = frozenset()

    def without(self, op: str) -> Rules:
        """The rules without the mistakes in one operation."""
        slips = {key: slip for key, slip in self.slips.items() if key[0] != op}
        assigned = frozenset(key for key in self.assigned if key[0] != op)
        return Rules(self.forms, slips, assigned, frozenset(key for key in self.dropped if key[0] != op))


RIGHT = Rules()


class Model:
    """The engine. Its leaves accumulate; the nodes between hold the gradients of the latest backward pass."""

    def __init__(self, rules: Rules = RIGHT) -> None:
        self.rules = rules
        self.created: list[Node] = []

    # --- forwards --------------------------------------------------------------------------------------------

    def leaf(self, x: float) -> Node:
        """A number that was not computed."""
        self.created.append(Node(float(x)))
        return self.created[-1]

    def apply(self, op: str, operands: Sequence[Any]) -> Any:
        """An operation, in the form that the engine gives it."""
        form = self.rules.forms.get((op, pattern(operands))) if self.rules.forms else None
        return form(self, *operands) if form else self.node(op, self.recorded(op, operands))

    def recorded(self, op: str, operands: Sequence[Any]) -> Sequence[Any]:
        """The operands that the node keeps."""
        return operands

    def node(self, op: str, operands: Sequence[Any]) -> Node:
        """A number that was computed from others."""
        xs = [x.data if isinstance(x, Node) else x for x in operands]
        self.created.append(Node(TABLE[op].forward(*xs), op, operands, xs))
        return self.created[-1]

    # --- backwards -------------------------------------------------------------------------------------------

    def backward(self, root: Node) -> None:
        """Clear, seed, and send the gradients along the edges."""
        self.clear(root)
        self.seed(root)
        for node, i in self.edges(root):
            self.receive(node.operands[i], self.contribution(node, i), node, i)

    def clear(self, root: Node) -> None:
        """Forget the gradients of earlier passes between the root and the leaves."""
        for node in topological(root):
            if node.operands:
                node.gradient = 0.0

    def seed(self, root: Node) -> None:
        """The derivative of the root by itself."""
        root.gradient = root.gradient + 1.0 if not root.operands else 1.0

    def edges(self, root: Node) -> Iterable[tuple[Node, int]]:
        """The edges in the order in which gradients travel along them: each node's after all that lead to it."""
        for node in self.order(root):
            for i in self.positions(node):
                yield node, i

    def order(self, root: Node) -> Sequence[Node]:
        """The nodes, each before its operands."""
        return topological(root)[::-1]

    def positions(self, node: Node) -> list[int]:
        """The operands that receive something."""
        found = [i for i, x in enumerate(node.operands) if isinstance(x, Node)]
        return [i for i in found if not self._is_dropped(node, i)] if self.rules.dropped else found

    def contribution(self, node: Node, i: int) -> float:
        """The chain rule: the local partial times the gradient that has arrived."""
        if self.rules.slips:
            slip = self.rules.slips.get((node.op, pattern(node.operands), i))
            if slip is not None:
                wrong = slip.of(At(node.xs, node.data, node.partials, i, node.gradient))
                return self.chained(wrong, node.gradient) if slip.local else wrong
        return self.chained(node.partials[i], node.gradient)

    def chained(self, partial: float, arrived: float) -> float:
        """The product of the chain rule."""
        return partial * arrived

    def receive(self, x: Node, term: float, node: Node, i: int) -> None:
        """A contribution arrives: the gradient is the sum over all of them."""
        x.gradient = term if (node.op, i) in self.rules.assigned else x.gradient + term

    def _is_dropped(self, node: Node, i: int) -> bool:
        """Whether the operand stands among the operands again, and only the other one counts."""
        if (node.op, FIRST) in self.rules.dropped:
            return any(x is node.operands[i] for x in node.operands[:i])
        return (node.op, LAST) in self.rules.dropped and any(x is node.operands[i] for x in node.operands[i + 1 :])

    # --- the rest of a dialect -------------------------------------------------------------------------------

    def data(self, v: Node) -> float:
        """The number."""
        return v.data

    def gradient(self, v: Node) -> float:
        """The gradient so far."""
        return v.gradient

    def set_data(self, v: Node, x: float) -> None:
        """Change the number; the local partials of what was computed from it stay."""
        v.data = x

    def zero(self, values: Sequence[Node]) -> None:
        """Set gradients to zero."""
        for v in values:
            v.gradient = 0.0


def topological(root: Node) -> list[Node]:
    """Every node that the root was computed from, and itself: each once, operands before results."""
    order: list[Node] = []
    visited = {id(root)}
    stack: list[tuple[Node, Iterator[Any]]] = [(root, iter(root.operands))]
    while stack:
        node, operands = stack[-1]
        for x in operands:
            if isinstance(x, Node) and id(x) not in visited:
                visited.add(id(x))
                stack.append((x, iter(x.operands)))
                break
        else:
            order.append(node)
            stack.pop()
    return order
