"""A graph as the data of a page: its nodes and edges, how each is written, and its numbers.

This module owns what the script of a replay is told, and must not know how it is shown.
Numbers are written as the bits that they are, so that the page shows what the engine has, inf and nan too.
Read next: `state.js`, which reads it.
"""

from __future__ import annotations

import math
import re
import struct
from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from ...engine import Op
from ..embedding import json_block
from ..graph import Graph, Source
from ..letters import template
from ..mathematics import arithmetic
from ..places import file_shown
from ..text import printable, shortened
from .names import node_names

__all__ = ["record_graph", "used_rules"]

LONGEST_LINE, SHORTEST_LINE = 200, 24  # cells of a line of code
ALL_LINES = 40_000  # characters that all lines together have as JSON, if need be with shorter lines
OPEN, CLOSE = "\ue000", "\ue001"  # around the position of an operand in the text of a call; see PLACEHOLDER in state.js
MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")


def used_rules(graph: Graph) -> tuple[tuple[Op, int], ...]:
    """The operations of a graph, each with its number of operands, in order of appearance."""
    return tuple(dict.fromkeys([(op, n) for node, n in zip(graph.nodes, _counts(graph), strict=True)
                                if (op := node.operation) is not None]))  # fmt: skip


def record_graph(graph: Graph, seed: float, fixed: str) -> dict[str, Any]:
    """The data of a replay.

    Args:
        graph: A whole computation of one output.
        seed: The gradient of the output.
        fixed: Why leaves cannot be edited; "" if they can.

    Returns:
        A structure for JSON. `edges` are the sources of all edges, ordered by target and operand, of which a node has
        as many as its call. `data` and `partials` are the numbers of nodes and edges: doubles in base64, which also
        keeps the answers out of plain sight; those of edges as runs of equal ones.
    """
    rules = {used: i for i, used in enumerate(used_rules(graph))}
    local_rules = _Distinct()
    sources = list(dict.fromkeys([node.source for node in graph.nodes if node.source is not None]))
    modules = list(dict.fromkeys([node.module for node in graph.nodes if node.module]))
    source_numbers = {source: i for i, source in enumerate(sources)}
    module_numbers = {module: i for i, module in enumerate(modules)}
    counts = _counts(graph)
    nodes = []
    for node, name, count in zip(graph.nodes, node_names(graph), counts, strict=True):
        written: dict[str, Any] = {"kind": node.kind, "name": name}
        if node.operation is not None:
            written["rule"] = rules[node.operation, count]
        if node.source is not None:
            written["source"] = source_numbers[node.source]
        if node.module:
            written["module"] = module_numbers[node.module]
        nodes.append({key: value for key, value in written.items() if value != ""})
    calls = []
    for op, count in rules:
        numbers = [local_rules.number(_local(op, position, count)) for position in range(count)]
        calls.append({**_call(op, count), "locals": numbers})
    return {
        "nodes": nodes,
        "edges": [edge.source for edge in graph.edges],
        "calls": calls,
        "locals": local_rules.made,
        "sources": _sources(sources),
        "modules": [shortened(printable(module), 60) for module in modules],
        "output": graph.outputs[0],
        "seed": seed,
        "fixed": fixed,
        "data": _doubles([node.data for node in graph.nodes]),
        "partials": _runs([math.nan if edge.partial is None else edge.partial for edge in graph.edges]),
    }


class _Distinct:
    """Things that are written once, and referred to by number."""

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def number(self, thing: dict[str, Any]) -> int:
        """The number of a thing, the same for equal things."""
        key = tuple(thing.values())
        if key not in self._numbers:
            self._numbers[key] = len(self.made)
            self.made.append(thing)
        return self._numbers[key]


def _counts(graph: Graph) -> list[int]:
    """How many operands each node has."""
    counts = [0] * len(graph.nodes)
    for edge in graph.edges:
        counts[edge.target] += 1
    return counts


def _call(op: Op, count: int) -> dict[str, Any]:
    """How a call is written, with marks for its operands; and which operands get brackets if they are negative."""
    marks = [f"{OPEN}{i}{CLOSE}" for i in range(count)]
    text = arithmetic(op, marks)
    brackets = [0] * count
    for i in {int(found) for found in MARK.findall(text)}:  # of many operands, few are shown
        negative = arithmetic(op, [*marks[:i], "-1.0000", *marks[i + 1 :]])
        brackets[i] = int(negative != text.replace(marks[i], "-1.0000"))
    return {"text": text, "brackets": brackets}


def _local(op: Op, position: int, count: int) -> dict[str, Any]:
    found = template(op, position, count)
    return {"mathml": found.mathml, "text": found.text, "places": found.places}


def _sources(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Lines of code with the last part of their file's path: where files lie is nobody's business."""
    texts = _fitting([source.text for source in sources])
    files = [file_shown(source.file) for source in sources]
    return [
        {"file": shortened(file, 40), "line": source.line, "text": text}
        for source, file, text in zip(sources, files, texts, strict=True)
    ]


def _fitting(lines: Sequence[str]) -> list[str]:
    """Lines of code, as long as there is room for all of them."""
    longest = LONGEST_LINE
    while True:
        texts = [shortened(printable(line), longest) for line in lines]
        if longest == SHORTEST_LINE or len(json_block(texts)) <= ALL_LINES:
            return texts
        longest = max(SHORTEST_LINE, longest * 3 // 4)


def _runs(numbers: Iterable[float]) -> list[Any]:
    """Doubles of which neighbours are often the same, as those of a sum are: each once, and how often it is there."""
    runs = [list(run) for _, run in groupby([struct.pack("<d", number) for number in numbers])]
    return [b64encode(b"".join([run[0] for run in runs])).decode("ascii"), [len(run) for run in runs]]


def _doubles(numbers: Iterable[float]) -> str:
    """Numbers as base64 of IEEE doubles, little-endian."""
    written = list(numbers)
    return b64encode(struct.pack(f"<{len(written)}d", *written)).decode("ascii")
