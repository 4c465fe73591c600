"""The second derivatives, held against differences of the gradient.

This file owns what is compared in second order; it must not know how one compares.
Read next: `gradcheck.py`, which checks the gradient itself first, so that its differences may be trusted.

The second derivatives are those of `autograd.derivatives`, which reads the rules of the table as Values. The gradient
at the moved points is that of `backward()`, in which rules are read as floats. A rule that is right for floats alone,
since it calls a function of `math`, has a second derivative of zero where the gradient moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..derivatives import gradients as differentiated
from ..engine import Value
from .comparison import compared
from .lines import along, coordinates
from .result import Row
from .subjects import Conditioning, Moves, Subject, conditioning, gradients, numbers
from .verdict import Judgement

__all__ = ["second_rows"]


def second_rows(
    subject: Subject, positions: Sequence[int], directions: Sequence[Sequence[float]]
) -> list[tuple[int, Row]]:
    """One row for each pair of inputs, `x, y` for ∂²f/∂x∂y, and for each direction v, `direction 0, direction 0`: vᵀHv.

    Each comes with the position of its output.

    Args:
        subject: What is checked.
        positions: Of the inputs to check one by one.
        directions: Over all inputs.

    Cost: eight gradients for each input and for each direction; memory for all pairs of inputs.
    """
    with subject.graph({}) as graph:
        first = [first_derivatives(y, graph.inputs) for y in graph.outputs]
        entries = {(j, a): differentiable(first[j][a], graph.inputs) for j in range(len(first)) for a in positions}
        slopes = [[differentiable(dot(row, v), graph.inputs) for row in first] for v in directions]
        values = numbers(graph.outputs)
        effects = {i: [abs(row[i].data * subject.data[i]) for row in first] for i in positions}
    # Of an input that moves f visibly it is known that steps of its own size are not too small beside the others.
    seen = {i for i in positions if any(e > 1e-8 * abs(y) for e, y in zip(effects[i], values, strict=True))}
    rows = pairs(subject, graph.names, positions, entries, seen)
    for k, (v, along_v) in enumerate(zip(directions, slopes, strict=True)):
        rows += one_direction(subject, graph.names, f"direction {k}", v, along_v)
    return rows


class Differentiated(NamedTuple):
    """The derivatives of something that is a first derivative itself, and how far rounding may reach in both."""

    gradient: list[float]
    conditioning: Conditioning


def differentiable(slope: Any, inputs: list[Value]) -> Differentiated:
    """A first derivative, as a Value, differentiated once more."""
    return Differentiated(gradients(slope, inputs), conditioning(slope, inputs))


def pairs(
    subject: Subject, outputs: Sequence[str], positions: Sequence[int], found: dict[tuple[int, int], Differentiated],
    seen: set[int],
) -> list[tuple[int, Row]]:  # fmt: skip
    """The rows of all pairs of inputs: each entry of the gradient along each coordinate."""

    def evaluate(moves: Moves) -> list[float]:
        with subject.graph(moves) as graph:
            rows = [gradients(y, graph.inputs) for y in graph.outputs]
        return [rows[j][a] for j, a in found]

    entries, hessian = [*found], [entry.gradient for entry in found.values()]
    if not entries:
        return []
    conditions = [entry.conditioning for entry in found.values()]
    sizes, noises = [c.magnitudes for c in conditions], [c.noise for c in conditions]
    lines = coordinates(subject.names, subject.labels, subject.data, positions, hessian, sizes)
    lines = [line._replace(size=0.0) if i in seen else line for i, line in zip(positions, lines, strict=True)]
    rows = []
    for k, line, judgement in compared(evaluate({}), lines, evaluate, noises):
        j, a = entries[k]
        x, label = subject.names[a], subject.labels[a]
        both = f"{label or x}, {line.label or line.name}" if label or line.label else ""
        name = f"{prefix(outputs[j])}{x}, {line.name}"
        rows.append((j, Row.judged(name, both, line.claimed[k], worded(judgement))))
    return rows


def one_direction(
    subject: Subject, outputs: Sequence[str], name: str, v: Sequence[float], found: Sequence[Differentiated]
) -> list[tuple[int, Row]]:
    """The rows of one direction v: the derivative of gradient · v along v; `found` are the claimed H v."""

    def evaluate(moves: Moves) -> list[float]:
        with subject.graph(moves) as graph:
            return [dot(gradients(y, graph.inputs), v) for y in graph.outputs]

    products, sizes = [d.gradient for d in found], [d.conditioning.magnitudes for d in found]
    line = along(f"{name}, {name}", v, subject.data, products, sizes)
    noises = [d.conditioning.noise for d in found]
    return [
        (j, Row.judged(f"{prefix(outputs[j])}{line.name}", "", line.claimed[j], worded(judgement)))
        for j, _, judgement in compared(evaluate({}), [line], evaluate, noises)
    ]


def first_derivatives(y: Any, inputs: list[Value]) -> list[Value]:
    """The gradient as Values, which can be differentiated again."""
    found: list[Value] = differentiated(y if isinstance(y, Value) else Value(y), inputs)
    return found


def dot(xs: Sequence[Any], ys: Sequence[Any]) -> Any:
    """The sum of products."""
    return sum((x * y for x, y in zip(xs, ys, strict=True)), 0.0)


def prefix(output: str) -> str:
    """What stands before the inputs in the name of a row."""
    return f"{output} / " if output else ""


def worded(judgement: Judgement) -> Judgement:
    """The judgement with a reason that speaks of second derivatives: what is differentiated here is the gradient."""
    reason = judgement.reason.replace("the gradient", "the second derivative")
    return judgement._replace(reason=reason.replace("the function", "the gradient"))
