"""Many nodes in few boxes: by the modules that made them, or, where none is known, by depth.

This module owns which node goes into which box and what a box tells; it must not know how boxes are drawn.
Nothing is lost: every Value and constant is a node of its own or counted in one box, and every operand is counted in
one edge or lies within a box.
Read next: `boxes.py`, which keeps the boxes in order, then `shapes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from ..engine import Value
from ..partials import stored_partials
from .boxes import forward_boxes
from .depths import depth_paths
from .flat import Flat, flatten
from .graph import Edge, Graph, Group, Node, Origins, node_of, outputs_of
from .origins import PartsUsed

__all__ = ["ModuleOrigins", "boxed", "collapse", "layer_path"]

By = Literal["module", "layer", "blocks"]

BLOCKS = 24  # boxes for a computation whose modules are not known
OUTSIDE = "outside of the modules"
SINGLES = 12  # outputs of up to so many nodes, with their constants, stay by themselves among blocks


class ModuleOrigins(Origins, Protocol):
    """What knows modules: a `Traced`, for one."""

    @property
    def titles(self) -> Mapping[str, str]:
        """The paths of all modules with the names of their classes."""

    @property
    def models(self) -> Sequence[str]:
        """The paths of those that are no parts of others."""


def collapse(
    outputs: Value | Sequence[Value], by: By = "layer", *, trace: ModuleOrigins | None = None, modules: Any = None,
    limit: int = 500,
) -> Graph:  # fmt: skip
    """A computation with many of its nodes in boxes.

    Args:
        outputs: A Value, or several.
        by: What makes a box: "module", every innermost module, as a neuron; "layer", every module that is a direct
            part of a model; "blocks", depth: nodes at about the same distance from the leaves.
        trace: What knows the modules of the nodes: `trace(f, x)`.
        modules: A model, in place of a trace: what has `named_parameters()`; see `PartsUsed` for how its parameters
            tell the modules of the nodes.
        limit: If boxes and nodes are more than so many, what is outside of the modules goes into boxes too; and if
            that is not enough, boxes are blocks.

    Returns:
        A graph with nodes of kind "group"; its `note` says what they stand for. A module whose outputs come back to
        it as inputs is several boxes, one for each time.

    Raises:
        ValueError: If by is none of these, limit < 1, no module is known, or there is no output.
        TypeError: If an output is not a Value, or modules is no model.

    Cost: A few passes over the whole computation, whatever its shape.

    Example:
        >>> from nn import MLP
        >>> network = MLP(2, [4, 4, 1], seed=0)
        >>> graph = collapse(network([1.0, -2.0]), "layer", modules=network)
        >>> [(node.group.name, node.group.title, node.group.parameters) for node in graph.nodes]
        [('layers.0', 'Layer', 12), ('layers.1', 'Layer', 20), ('layers.2', 'Layer', 5)]
    """
    if by not in ("module", "layer", "blocks"):
        raise ValueError(f"collapse = {by!r}: it is 'module', 'layer' or 'blocks'")
    if limit < 1:
        raise ValueError(f"limit = {limit}: at least one node must be shown")
    flat = flatten(outputs_of(outputs))
    if by == "blocks":
        return _blocks(flat, trace)
    origins = PartsUsed(modules, flat) if modules is not None else trace
    if origins is None or not origins.titles:
        raise ValueError(
            f"collapse={by!r}: no module is known for this computation. Remedy: name the model, modules=model, or "
            "draw trace(model, x), which notes the module of every node; collapse='blocks' needs neither"
        )
    modules_of = list(map(origins.module_of, flat.order))
    box = {path: layer_path(path, origins) if by == "layer" else path for path in set(modules_of)}
    paths = [box[path] for path in modules_of]
    singles = sum([1 + constants for path, constants in zip(paths, flat.constants, strict=True) if not path])
    if singles > limit:
        paths, singles = [path or OUTSIDE for path in paths], 0
    if len(set(paths) - {""}) + singles <= limit:  # a box may still turn out to be several
        graph, _ = boxed(flat, paths, {OUTSIDE: "", **origins.titles}, trace, by)
        if len(graph.nodes) <= limit:
            return graph
    return _blocks(flat, trace)


def layer_path(path: str, origins: ModuleOrigins) -> str:
    """The path of the layer that a module is, or is a part of: a direct part of a model."""
    end = -1
    while (end := path.find(".", end + 1)) >= 0:
        if path[:end] in origins.titles and path[:end] not in origins.models:
            return path[:end]
    return path


def _blocks(flat: Flat, trace: Origins | None) -> Graph:
    """Boxes by depth; the outputs by themselves."""
    paths = depth_paths(flat, BLOCKS)
    if sum([1 + flat.constants[root] for root in flat.roots]) <= SINGLES:
        for root in flat.roots:
            paths[root] = ""
    return boxed(flat, paths, {}, trace, "depth")[0]


def boxed(
    flat: Flat, paths: Sequence[str], titles: Mapping[str, str], trace: Origins | None = None, by: str = "module"
) -> tuple[Graph, list[int]]:
    """The graph in which all nodes of the same path are one box, and those without a path are themselves.

    Args:
        flat: The computation.
        paths: For each of its nodes the box that it goes into.
        titles: What kind of thing a box is, by its path.
        trace: What knows where nodes that are themselves come from.
        by: What makes a box, for the note.

    Returns:
        The graph, and for each node of the computation the number of the graph's node that it is, or is in.

    Example:
        >>> from autograd.view.flat import flatten
        >>> graph, places = boxed(flatten([Value(2.0).exp().tanh()]), ["begin", "begin", ""], {})
        >>> [node.label or node.op_name for node in graph.nodes], places
        (['begin', 'tanh'], [0, 0, 1])
    """
    numbers: dict[str | int, int] = {}
    member = [numbers.setdefault(path or i, len(numbers)) for i, path in enumerate(paths)]
    boxes, origin = forward_boxes(flat, member)
    names = list(numbers)
    builder = _Builder(flat, boxes, [names[box] for box in origin], titles, trace)
    graph = builder.build(by)
    return graph, [builder.place[box] for box in boxes]


class _Builder:
    """Makes nodes and edges of boxes; a box whose name is a number is the node of that index."""

    def __init__(
        self, flat: Flat, boxes: Sequence[int], names: Sequence[str | int], titles: Mapping[str, str],
        trace: Origins | None,
    ) -> None:  # fmt: skip
        self.flat, self.boxes, self.names, self.titles, self.trace = flat, boxes, names, titles, trace
        self.nodes: list[Node] = []
        self.values: list[Value | None] = []
        self.place = [0] * len(names)  # the node of each box
        self.edges: list[Edge] = []

    def build(self, by: str) -> Graph:
        groups = self.groups()
        for box, name in enumerate(self.names):
            if isinstance(name, int):
                self.add_single(box, name)
            else:
                group = groups[box]
                self.place[box] = self.node(Node("group", label=group.name, module=group.name, group=group))
        self.add_group_edges()
        outputs = tuple(dict.fromkeys([self.place[self.boxes[root]] for root in self.flat.roots]))
        inside = sum([group.nodes for group in groups.values()])
        boxes = "1 box stands" if len(groups) == 1 else f"{len(groups):,} boxes stand"
        note = f"collapsed by {by}: {boxes} for {inside:,} of {self.flat.total:,} nodes" if groups else ""
        return Graph(
            tuple(self.nodes), tuple(self.edges), outputs, self.flat.total, tuple(self.values), note
        )  # fmt: skip

    def node(self, node: Node, value: Value | None = None) -> int:
        self.nodes.append(node)
        self.values.append(value)
        return len(self.nodes) - 1

    def groups(self) -> dict[int, Group]:
        """What each box tells, for those that are not a single node."""
        count = len(self.names)
        nodes, leaves, inputs, outputs = ([0] * count for _ in range(4))
        used_outside = bytearray(len(self.boxes))
        uses: set[tuple[int, int]] = set()
        for i, (box, operands) in enumerate(zip(self.boxes, self.flat.operands, strict=True)):
            nodes[box] += 1 + self.flat.constants[i]
            leaves[box] += self.flat.order[i].op is None
            for x in operands:
                if self.boxes[x] != box:
                    used_outside[x] = 1
                    uses.add((x, box))
        for root in self.flat.roots:
            used_outside[root] = 1
        for _, box in uses:
            inputs[box] += 1
        for box, used in zip(self.boxes, used_outside, strict=True):
            outputs[box] += used
        return {
            box: Group(name, self.titles.get(name, ""), nodes[box], leaves[box], inputs[box], outputs[box])
            for box, name in enumerate(self.names) if isinstance(name, str)
        }  # fmt: skip

    def add_single(self, box: int, i: int) -> None:
        """A node of its own, with its constants and the edges from other single nodes."""
        v = self.flat.order[i]
        partials = {found.position: found.partial for found in stored_partials(v)}
        indices = iter(self.flat.operands[i])
        sources: list[tuple[int, int]] = []
        for position, x in enumerate(v.operands):
            if isinstance(x, Value):
                source = self.boxes[next(indices)]
                if isinstance(self.names[source], int):
                    sources.append((self.place[source], position))
            else:
                sources.append((self.node(Node("constant", data=x)), position))
        self.place[box] = self.node(node_of(v, self.trace), v)
        self.edges += [Edge(source, self.place[box], position, partials.get(position)) for source, position in sources]

    def add_group_edges(self) -> None:
        """One edge for all operands that a box gets from a box, or gives to or gets from a node of its own."""
        between: dict[tuple[int, int], int] = {}
        for target, operands in zip(self.boxes, self.flat.operands, strict=True):
            for x in operands:
                source = self.boxes[x]
                if source != target and not (isinstance(self.names[source], int) and
                                             isinstance(self.names[target], int)):  # fmt: skip
                    between[source, target] = between.get((source, target), 0) + 1
        for (source, target), count in sorted(between.items(), key=lambda edge: edge[0][1]):  # as the boxes stand
            self.edges.append(Edge(self.place[source], self.place[target], None, count=count))
