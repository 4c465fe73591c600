"""A computation as data to read: nodes and edges, at most so many, nearest to the output.

This module owns how the engine's graph is read for every kind of view, and must not know how it will be shown.
It walks without recursion, so that any depth can be read.
Read next: `shapes.py`, which gives each node its size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..engine import NO_GRADIENT, Value, toposort

__all__ = ["Edge", "Graph", "Node", "read_graph"]


@dataclass(frozen=True, slots=True)
class Node:
    """One number of the computation, or a sign for numbers that are left out.

    Attributes:
        kind: "leaf", "result" (made by an operation), "constant" (a number operand) or "more" (nodes left out).
        label: The Value's label.
        data: The number.
        grad: Its gradient; None where none was ever computed.
        op, op_name: The symbol and the name of the operation that made it; "" for a leaf.
        hidden: For "more": how many edges end here instead of at nodes that are left out.
    """

    kind: Literal["leaf", "result", "constant", "more"]
    label: str = ""
    data: float = 0.0
    grad: float | None = None
    op: str = ""
    op_name: str = ""
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` is an operand of `target`; both are indices of nodes.

    Attributes:
        source: The operand.
        target: The result.
        position: Which operand it is, from 0; None at a "more" node.
    """

    source: int
    target: int
    position: int | None


@dataclass(frozen=True, slots=True)
class Graph:
    """What was read: a copy, which does not change with the Values.

    Attributes:
        nodes: Operands before results.
        edges: One for each operand of each result, in order and with multiplicity: `a + a` has two.
        outputs: The indices of the Values that were asked for.
        total: How many Values and constants the whole computation has.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    outputs: tuple[int, ...]
    total: int

    @property
    def shown(self) -> int:
        """How many of them are among the nodes."""
        return sum([node.kind != "more" for node in self.nodes])


def read_graph(outputs: Value | Sequence[Value], limit: int = 500) -> Graph:
    """The computation of some Values, as data.

    Args:
        outputs: A Value, or several whose computations may share parts.
        limit: At most so many nodes are kept: those nearest to the outputs, counted in operations.

    Returns:
        The nodes and edges; where edges were cut, a node of kind "more" says how many.

    Raises:
        ValueError: If limit < 1, or there is no output.
        TypeError: If an output is not a Value.

    Cost: One pass over the whole computation, of any depth.

    Example:
        >>> a = Value(3.0, label="a")
        >>> graph = read_graph(a + a)
        >>> [(edge.source, edge.target, edge.position) for edge in graph.edges]
        [(0, 1, 0), (0, 1, 1)]
        >>> graph.nodes[1].op, graph.nodes[1].data, graph.nodes[1].grad
        ('+', 6.0, None)
    """
    roots = tuple(dict.fromkeys([outputs] if isinstance(outputs, Value) else outputs))
    if limit < 1:
        raise ValueError(f"limit = {limit}: at least one node must be shown")
    if not roots:
        raise ValueError("there is nothing to draw: the sequence of outputs is empty")
    for root in roots:
        if not isinstance(root, Value):
            raise TypeError(f"a graph is read from Values, not from {type(root).__name__}: {root!r:.60}")
    order = toposort(roots[0]) if len(roots) == 1 else toposort(Value(0.0, roots))[:-1]
    return _Reader(order, *_nearest(roots, limit)).read(roots)


def _nearest(roots: Iterable[Value], limit: int) -> tuple[set[Value], set[tuple[Value, int]]]:
    """The Values nearest to the roots, and the constants as (result, position), breadth first."""
    kept: set[Value] = set()
    constants: set[tuple[Value, int]] = set()
    waiting: deque[Value] = deque()

    def keep(v: Value) -> None:
        if v not in kept and len(kept) + len(constants) < limit:
            kept.add(v)
            waiting.append(v)

    for root in roots:
        keep(root)
    while waiting and len(kept) + len(constants) < limit:
        v = waiting.popleft()
        for position, x in enumerate(v.operands):
            if isinstance(x, Value):
                keep(x)
            elif len(kept) + len(constants) < limit:
                constants.add((v, position))
    return kept, constants


class _Reader:
    """Makes nodes and edges of what is kept, and signs for what is not."""

    def __init__(self, order: list[Value], kept: set[Value], constants: set[tuple[Value, int]]) -> None:
        self.order, self.kept, self.constants = order, kept, constants
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.index: dict[Value, int] = {}

    def read(self, roots: Iterable[Value]) -> Graph:
        total = len(self.order)
        used_by_hidden: dict[Value, int] = {}
        for v in self.order:
            operands = v.operands
            total += sum([x.__class__ is float for x in operands])
            if v in self.kept:
                self.add(v, operands)
            else:
                for x in operands:
                    if isinstance(x, Value) and x in self.kept:
                        used_by_hidden[x] = used_by_hidden.get(x, 0) + 1
        for x, count in used_by_hidden.items():
            self.edges.append(Edge(self.index[x], self.node(Node("more", hidden=count)), None))
        outputs = tuple([self.index[root] for root in roots if root in self.kept])
        return Graph(tuple(self.nodes), tuple(self.edges), outputs, total)

    def node(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def add(self, v: Value, operands: Sequence[Value | float]) -> None:
        sources: list[tuple[int, int]] = []
        for position, x in enumerate(operands):
            if isinstance(x, Value):
                if x in self.kept:
                    sources.append((self.index[x], position))
            elif (v, position) in self.constants:
                sources.append((self.node(Node("constant", data=x)), position))
        cut = len(operands) - len(sources)
        more = self.node(Node("more", hidden=cut)) if cut else None
        op = v.op
        self.index[v] = self.node(Node(
            "leaf" if op is None else "result", str(v.label or ""), v.data,
            None if v.grad is NO_GRADIENT else v.grad,
            "" if op is None else op.symbol, "" if op is None else op.name,
        ))  # fmt: skip
        self.edges += [Edge(source, self.index[v], position) for source, position in sources]
        if more is not None:
            self.edges.append(Edge(more, self.index[v], None))
