"""`replay`: forward and backward through a computation, one step at a time, as a page.

This module owns the public function and which files make its page, and must not know how steps are computed or shown.
What the page opens with is the picture of the graph with data alone; its script goes on from there.
Read next: `record.py`, the data, and `state.js`, the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ...engine import Value, no_rule, number, toposort
from ...errors import AutogradError
from ..checks import check_whole
from ..drawing import graph_svg
from ..embedding import part
from ..graph import Graph, read_graph
from ..javascript import rules_javascript
from ..look import Look
from ..misread import misread
from ..page import Page
from ..text import number_text
from ..tracing import Traced
from .changed import changed_note
from .collapsed import collapsed_replay
from .compact import class_rules, compact
from .names import node_names
from .practice import check_rules, check_unchanged, without_answers
from .record import record_graph, used_rules
from .surface import surface_of_boxes

__all__ = ["replay"]

COMMENTS = ("//", "/**", "* ", "*/")  # what a line of comment begins with
FEW = 100  # nodes and edges of a picture that need not be short
FREE_EDGES, EDGES_A_NODE = 600, 3  # the most edges that are shown one by one: so many, and so many more for each node
PRACTICE = ("answers", "question", "practice")
SCRIPTS = (
    "state", "formula", "controls", "player", "cull", "opening", "pills", "picture", "rule", "panel", "table", "edit",
    "groups", "main",
)  # fmt: skip
SURFACE = ("../contour", "contours", "plot", "surface")


def replay(y: Value | Traced, *, title: str = "", limit: int = 300, seed: float = 1.0, practice: bool = False) -> Page:
    """Forward and backward through the computation of y, one step at a time, in a notebook or a saved page.

    First every node is computed with the arithmetic filled in, then the gradients flow back edge by edge, in the
    order of `y.backward()`: local derivative times the gradient that arrives, added to the sum at the operand. In the
    page, leaves can be changed; everything is computed again by the same rules. Its section "Surface" shows the output
    over two leaves, with the steps of gradient descent.

    If data was changed since the forward pass, what is shown is that pass, as in `y.backward()`, and a note says so.
    Practice computes everything anew from the leaves, and so is refused then.

    Args:
        y: The output, a Value; or what `trace` returned, to see the line of code that made each node.
        title: The heading of a saved page.
        limit: Up to so many nodes are shown one by one; a larger computation is replayed box by box: by the layers
            of its model if y is a trace of one, or else by depth. So is one of n nodes with more than 600 + 3 n edges
            (operands), as sums of many operands have, whose page would be too heavy.
        seed: The gradient that the backward pass begins with.
        practice: Whether the reader is asked for each local derivative, and for the gradient that results, before
            they are shown. The answers are not in the page: it computes them from the leaves.

    Returns:
        A page, which shows itself in a notebook; `.save("replay.html")` writes it to a file that needs no network.

    Raises:
        TypeError: If y is neither a Value nor a trace of one, or limit is no whole number.
        ValueError: If limit < 1; or if y has more nodes than limit, or more than 600 + 3 n edges, and practice is
            asked for.
        AutogradError: If a node of y was made by hand and has no derivative rule; or if practice is asked for, and the
            rule of an operation cannot be translated into the page's language.
        StaleGraphError: If practice is asked for, and data was changed since y was computed.

    Cost: A few passes over the graph; y and its gradients stay as they are, whether or not `backward()` was called.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.replayer import replay
        >>> a = Value(3.0, label="a")
        >>> page = replay(a * a + a, title="A shared node")
        >>> page
        <Page 'A shared node'>
    """
    output, traced = _output(y)
    check_whole("limit", limit, "node")
    _check_made_by_operations(output)
    graph = read_graph(output, limit, trace=traced)
    is_dense = graph.shown == graph.total and len(graph.edges) > _most_edges(graph)
    if practice and graph.shown < graph.total:
        raise ValueError(
            f"practice goes node by node, and y has {graph.total:,} nodes, more than limit = {limit:,}: practise on a "
            "smaller computation, or raise limit"
        )
    if practice and is_dense:
        raise ValueError(
            f"practice goes edge by edge, and y has {graph.total:,} nodes with {len(graph.edges):,} edges, more than "
            f"{_most_edges(graph):,}: practise on a smaller computation"
        )
    if is_dense or graph.shown < graph.total:
        return _of_boxes(output, traced, title, number(seed), len(graph.edges) if is_dense else 0)
    used = used_rules(graph)
    rules, translated = rules_javascript(used, misread(graph.values))
    untranslated = [op.name for (op, _), known in zip(used, translated, strict=True) if not known]
    name = node_names(graph)[graph.outputs[0]]
    heading, picture, shown = title or f"Backpropagation of {name}", _picture(graph), _shown(graph, name)
    classes = {"classes": class_rules(picture)}
    if practice:
        check_rules(untranslated)
        check_unchanged(graph)
        data = {**record_graph(without_answers(graph), number(seed), ""), **classes, "practice": True}
        script = "\n".join([rules, _script(*SCRIPTS, *PRACTICE)])
        return Page(heading, picture, shown, script, _style("replay", "practice"), data)
    changed = changed_note(graph.values, node_names(graph))
    data = {**record_graph(graph, number(seed), _why_fixed(untranslated)), **classes, "changed": changed}
    script = "\n".join([rules, _script(*SCRIPTS, *SURFACE)])
    return Page(heading, picture, shown, script, _style("replay", "surface"), data, changed)


def _most_edges(graph: Graph) -> int:
    """How many edges a page shows one by one: each costs about 80 bytes, and a node less than its kilobyte."""
    return FREE_EDGES + EDGES_A_NODE * len(graph.nodes)


def _of_boxes(y: Value, traced: Traced | None, title: str, seed: float, edges: int) -> Page:
    """The replay of a large computation, box by box; `edges` are those that were too many, or 0."""
    graph, data = collapsed_replay(y, traced, seed)
    shown = f"Graph of a computation of {data['total']:,} nodes in {len(graph.nodes):,} boxes."
    heading = title or f"Backpropagation of {data['output']['name']}"
    script, style = _script(*SCRIPTS), _style("replay")
    if surface := surface_of_boxes(y, data["total"]):
        rules, data["surface"] = surface
        script, style = "\n".join([rules, _script(*SCRIPTS, *SURFACE)]), _style("replay", "surface")
    return Page(
        heading,
        compact(graph_svg(graph)),
        shown,
        script,
        style,
        {**data, "classes": "", "tooMany": edges},
        data["changed"],
    )


def _check_made_by_operations(y: Value) -> None:
    for v in toposort(y):
        if v.op is not None and v.op.partials is no_rule:
            raise AutogradError("a Value made by hand from _children has no derivative rule: declare an Op instead")


def _output(y: Any) -> tuple[Value, Traced | None]:
    """The one output, and what is known about where its nodes come from."""
    if isinstance(y, Value):
        return y, None
    if isinstance(y, Traced) and len(y.outputs) == 1:
        return y.outputs[0], y
    if isinstance(y, Traced) or (isinstance(y, (list, tuple)) and y and all(isinstance(v, Value) for v in y)):
        count = len(y.outputs) if isinstance(y, Traced) else len(y)
        raise TypeError(f"a replay has one output, and got {count}: choose one of them, or make one, as sum(outputs)")
    raise TypeError(f"a replay is of a Value or of trace(f, ...), not of {type(y).__name__}: {y!r:.60}")


def _why_fixed(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(dict.fromkeys(names))
    return f"Leaves cannot be changed here: the rule of {shown:.200} cannot be translated into the page's language."


def _picture(graph: Graph) -> str:
    """The graph as the page opens with it: names and data, and no gradient yet."""
    nodes = [replace(node, label=name or node.label, grad=None)
             for node, name in zip(graph.nodes, node_names(graph), strict=True)]  # fmt: skip
    return compact(
        graph_svg(replace(graph, nodes=tuple(nodes)), Look(room=True)), large=len(nodes) + len(graph.edges) > FEW
    )


def _shown(graph: Graph, name: str) -> str:
    leaves = sum(node.kind == "leaf" for node in graph.nodes)
    results = sum(node.kind == "result" for node in graph.nodes)
    data = number_text(graph.nodes[graph.outputs[0]].data)
    return f"Graph of the computation of {name} = {data}: {leaves:,} leaves and {results:,} results of operations."


@cache
def _script(*names: str) -> str:
    """These files in one, without comments and indentation, which would weigh a fifth of it."""
    lines = [line.strip() for name in names for line in part(f"replayer/{name}.js").splitlines()]
    return "\n".join([line for line in lines if line and not line.startswith(COMMENTS)])


def _style(*names: str) -> str:
    """These files in one, and last the one for paper, which changes what the others say."""
    return "\n".join([part(f"replayer/{name}.css") for name in (*names, "print")])
