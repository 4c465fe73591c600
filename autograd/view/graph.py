"""A computation as data to read: nodes, edges and what is stored on them; all of it or a part near to something.

This module owns how the engine's graph is read for every kind of view, and must not know how it will be shown.
It walks without recursion, so that any depth can be read.
Read next: `groups.py`, which puts many nodes into few boxes, then `scene.py`, what a graph looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..engine import NO_GRADIENT, Value, toposort
from ..partials import stored_partials
from .neighbourhood import Kept, around_value, nearest
from .nodes import Edge, Group, Node, Source

__all__ = ["Edge", "Graph", "Group", "Node", "Origins", "Source", "outputs_of", "read_graph"]


@dataclass(frozen=True, slots=True)
class Graph:
    """What was read: a copy, which does not change with the Values.

    Attributes:
        nodes: Operands before results.
        edges: One for each operand of each result, in order and with multiplicity: `a + a` has two.
        outputs: The indices of the Values that were asked for, as far as they are nodes.
        total: How many Values and constants the whole computation has.
        values: The Value of each node; None for a constant, for what is left out, and for a box.
        note: What was put into boxes, in words; "" if nothing was.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    outputs: tuple[int, ...]
    total: int
    values: tuple[Value | None, ...] = field(default=(), compare=False, repr=False)
    note: str = ""

    @property
    def shown(self) -> int:
        """How many of them are nodes of their own."""
        return sum([node.kind not in ("more", "group") for node in self.nodes])

    @property
    def grouped(self) -> int:
        """How many of them are inside boxes."""
        return sum([node.group.nodes for node in self.nodes if node.group is not None])

    @property
    def left_out(self) -> int:
        """How many of them are neither."""
        return self.total - self.shown - self.grouped


class Origins(Protocol):
    """What knows where nodes come from: a `Traced`, for one."""

    def source_of(self, v: Value) -> Source | None:
        """The line of code that made a Value; None if unknown."""

    def module_of(self, v: Value) -> str:
        """The path of the module that made a Value, or whose parameter it is; "" if there is none."""


def outputs_of(outputs: Value | Sequence[Value]) -> tuple[Value, ...]:
    """The Values to read a graph of, each once.

    Raises:
        ValueError: If there is no output.
        TypeError: If an output is not a Value.
    """
    roots = tuple(dict.fromkeys([outputs] if isinstance(outputs, Value) else outputs))
    if not roots:
        raise ValueError("there is nothing to draw: the sequence of outputs is empty")
    for root in roots:
        if not isinstance(root, Value):
            raise TypeError(f"a graph is read from Values, not from {type(root).__name__}: {root!r:.60}")
    return roots


def read_graph(
    outputs: Value | Sequence[Value], limit: int = 500, *, depth: int | None = None, around: Value | None = None,
    trace: Origins | None = None,
) -> Graph:  # fmt: skip
    """The computation of some Values, as data.

    Args:
        outputs: A Value, or several whose computations may share parts.
        limit: At most so many nodes are kept: those nearest to the outputs (or to `around`), counted in operations.
        depth: Only what is at most so many operations away from the outputs (or from `around`); None: no such bound.
        around: A Value of the computation: what it was made of and what is made of it is read, and what these are
            made of, and so on to the given depth; 2 if none is given.
        trace: What knows the lines of code and the modules of the nodes, as `trace(f, x)`.

    Returns:
        The nodes and edges; where edges were cut, a node of kind "more" says how many.

    Raises:
        ValueError: If limit < 1, depth < 0, there is no output, or `around` is no part of the computation.
        TypeError: If an output, or `around`, is not a Value.

    Cost: One pass over the whole computation, of any depth; with `around`, two.

    Example:
        >>> a = Value(3.0, label="a")
        >>> graph = read_graph(a * a)
        >>> [(edge.source, edge.target, edge.position, edge.partial) for edge in graph.edges]
        [(0, 1, 0, 3.0), (0, 1, 1, 3.0)]
        >>> graph.nodes[1].op, graph.nodes[1].data, graph.nodes[1].grad
        ('*', 9.0, None)
    """
    roots = outputs_of(outputs)
    if limit < 1:
        raise ValueError(f"limit = {limit}: at least one node must be shown")
    if depth is not None and depth < 0:
        raise ValueError(f"depth = {depth}: it counts operations, from 0")
    order = toposort(roots[0]) if len(roots) == 1 else toposort(Value(0.0, roots))[:-1]
    kept = nearest(roots, limit, depth) if around is None else around_value(around, order, limit, depth)
    return _Reader(order, kept, trace).read(roots)


class _Reader:
    """Makes nodes and edges of what is kept, and signs for what is not."""

    def __init__(self, order: list[Value], kept: Kept, trace: Origins | None) -> None:
        self.order, self.kept, self.trace = order, kept, trace
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.values: list[Value | None] = []
        self.index: dict[Value, int] = {}

    def read(self, roots: Iterable[Value]) -> Graph:
        total = len(self.order)
        kept = self.kept.values
        used_by_hidden: dict[Value, int] = {}
        for v in self.order:
            operands = v.operands
            total += sum([x.__class__ is float for x in operands])
            if v in kept:
                self.add(v, operands)
            else:
                for x in operands:
                    if isinstance(x, Value) and x in kept:
                        used_by_hidden[x] = used_by_hidden.get(x, 0) + 1
        for x, count in used_by_hidden.items():
            self.edges.append(Edge(self.index[x], self.node(Node("more", hidden=count)), None))
        outputs = tuple([self.index[root] for root in roots if root in kept])
        return Graph(tuple(self.nodes), tuple(self.edges), outputs, total, tuple(self.values))

    def node(self, node: Node, value: Value | None = None) -> int:
        self.nodes.append(node)
        self.values.append(value)
        return len(self.nodes) - 1

    def add(self, v: Value, operands: Sequence[Value | float]) -> None:
        sources: list[tuple[int, int]] = []
        for position, x in enumerate(operands):
            if isinstance(x, Value):
                if x in self.kept.values:
                    sources.append((self.index[x], position))
            elif (v, position) in self.kept.constants:
                sources.append((self.node(Node("constant", data=x)), position))
        cut = len(operands) - len(sources)
        more = self.node(Node("more", hidden=cut)) if cut else None
        self.index[v] = self.node(node_of(v, self.trace), v)
        partials = {found.position: found.partial for found in stored_partials(v)}
        self.edges += [Edge(source, self.index[v], position, partials.get(position)) for source, position in sources]
        if more is not None:
            self.edges.append(Edge(more, self.index[v], None))


def node_of(v: Value, trace: Origins | None) -> Node:
    """The node of one Value."""
    return Node(
        "leaf" if v.op is None else "result", str(v.label or ""), v.data, None if v.grad is NO_GRADIENT else v.grad,
        v.op, module=trace.module_of(v) if trace else "", source=trace.source_of(v) if trace else None,
    )  # fmt: skip
