"""What a graph is made of: nodes, edges, and what is known of them.

This module owns these records, which are copies of numbers and texts, and must not know how they are read or shown.
Read next: `graph.py`, which reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..engine import Op

__all__ = ["Edge", "Group", "Node", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """The line of code that made a node.

    Attributes:
        file: The file, or what stands for one in a notebook.
        line: Its number, from 1.
        function: The function that it is in, "<module>" outside of all.
        text: The line itself without the space around it; "" where it cannot be read.
    """

    file: str
    line: int
    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What a box stands for.

    Attributes:
        name: What is in it: the path of a module as "layers.0", or a part of the computation.
        title: What kind of thing that is: the class of the module.
        nodes: How many Values and constants of the computation.
        parameters: How many of them are parameters of the module, and in a box without one, how many are leaves.
        inputs: How many Values from outside it uses.
        outputs: How many of its Values are used outside, or were asked for.
    """

    name: str
    title: str
    nodes: int
    parameters: int
    inputs: int
    outputs: int


@dataclass(frozen=True, slots=True)
class Node:
    """One number of the computation, or a sign for many.

    Attributes:
        kind: "leaf", "result" (made by an operation), "constant" (a number operand), "more" (nodes left out) or
            "group" (a box that stands for many).
        label: The Value's label.
        data: The number.
        grad: Its gradient; None where none was ever computed.
        operation: What made it; None for a leaf.
        hidden: For "more": how many edges end here instead of at nodes that are left out.
        module: The path of the module that made it, as "layers.0.neurons.1"; "" if no module did, or none is known.
        source: The line of code that made it; None if it was not traced.
        group: For "group": what it stands for.
    """

    kind: Literal["leaf", "result", "constant", "more", "group"]
    label: str = ""
    data: float = 0.0
    grad: float | None = None
    operation: Op | None = None
    hidden: int = 0
    module: str = ""
    source: Source | None = None
    group: Group | None = None

    @property
    def op(self) -> str:
        """The symbol of the operation that made it; "" without one."""
        return "" if self.operation is None else self.operation.symbol

    @property
    def op_name(self) -> str:
        """The name of the operation that made it; "" without one."""
        return "" if self.operation is None else self.operation.name


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` is an operand of `target`; both are indices of nodes.

    Attributes:
        source: The operand.
        target: The result.
        position: Which operand it is, from 0; None at a "more" or "group" node.
        partial: The local partial ∂target/∂source that the forward pass stored; None for a number operand, at a
            "more" or "group" node, and for a node made by hand.
        count: For how many operands it stands; more than one at "group" nodes alone.
    """

    source: int
    target: int
    position: int | None
    partial: float | None = None
    count: int = 1
