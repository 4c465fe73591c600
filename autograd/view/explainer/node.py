"""One operation: what it computes, its local partials, why they are so, and what it does with the gradient.

This file owns what is said of a single node; it must not know the formats that it is written in.
Read next: `why.py`, the sentences.
"""

from __future__ import annotations

from ...engine import NO_GRADIENT, Op, Value
from ...partials import Partial, stored_partials
from ..text import number_text, visible
from .document import Block, Code, Equation, Line, Name, Paragraph, Piece, Table
from .kinks import kink_lines
from .names import label_of, names
from .paths import Factor, Path
from .rules import computed, factor_number, named_rule, operand_text, places
from .special import changed_line
from .why import reason

__all__ = ["node_blocks", "node_paths"]

ROWS = 24
TOLD = 3  # operands that are explained themselves


def node_blocks(v: Value, source: Line = ()) -> tuple[Line, list[Block]]:
    """The title and the document that explain a node; `source` says where it was made."""
    named = names(dict.fromkeys([*_values(v), v, *_labelled_below(v)]), {v: "y"})
    made: list[Block] = [Paragraph(source)] if source else []
    if v.op is None:
        return (Name(named[v]), f" = {number_text(v.data)}: a leaf"), made + _leaf(v, named)
    return (Name(named[v]), f": {visible(v.op.name)}"), made + _operation(v, v.op, named)


def _values(v: Value) -> list[Value]:
    """The operands that get a name: those that are shown."""
    operands = v.operands
    seen = [] if v.op is None else [operands[i] for i in places(v.op, len(operands))]
    return [x for x in [*operands[:ROWS], *seen] if isinstance(x, Value)]


def _unlabelled(v: Value) -> list[Value]:
    """The first operands that are results and have no label: their names tell nothing."""
    found = [x for x in v.operands[:ROWS] if isinstance(x, Value) and x.op is not None and not label_of(x)]
    return [*dict.fromkeys(found)][:TOLD]


def _labelled_below(v: Value) -> list[Value]:
    """The operands with labels of those operands."""
    below = [(x.operands, places(x.op, len(x.operands))) for x in _unlabelled(v) if x.op is not None]
    return [o for found, seen in below for i in seen if isinstance(o := found[i], Value) and label_of(o)]


def _where(v: Value, named: dict[Value, str]) -> list[Block]:
    """What the operands without labels are, one level deep."""
    write = operand_text(named, "…")
    pieces: list[Piece] = []
    for x in _unlabelled(v):
        pieces += [", " if pieces else "where ", Name(named[x]), " = ", computed(x, write)]
    return [Paragraph(tuple(pieces))] if pieces else []


def _leaf(v: Value, named: dict[Value, str]) -> list[Block]:
    name = Code(f"{named[v]}.grad")
    told: Line = ("No operation made it: it is where the computation begins, and where gradients are collected.",)
    grad: Line = (name, ": not computed yet; call backward() on a result.")
    if v.grad is not NO_GRADIENT:
        over = "the sum over all paths to the results that backward() was called on."
        grad = (name, f" = {number_text(v.grad)}: {over}")
    return [Paragraph(told), Paragraph(grad)]


def _operation(v: Value, op: Op, named: dict[Value, str]) -> list[Block]:
    written, numbers = operand_text(named), operand_text({})
    parts: tuple[Line, ...] = ((computed(v, written),), (computed(v, numbers),), (number_text(v.data),))
    blocks: list[Block] = [Equation((Name(named[v]),), parts if parts[0] != parts[1] else parts[1:])]
    blocks += _where(v, named)
    if op.code is None and (described := sentence(op)):
        blocks.append(Paragraph(described))
    found = stored_partials(v)
    if not found:
        return [*blocks, Paragraph(("It was made by hand, without a rule: no gradient passes.",))]
    blocks += _partials(v, found, named)
    blocks.append(Paragraph((reason(op),)))
    blocks += [Paragraph(line) for line in [*kink_lines(v, named), *changed_line([v])]]
    return [*blocks, *_arrived(v, named)]


def sentence(op: Op) -> Line:
    """The first sentence of the documentation of an operation; what stands in backquotes is code."""
    first = visible((op.__doc__ or "").strip().split("\n")[0])
    pieces: list[Piece] = [Code(part) if i % 2 else part for i, part in enumerate(first.split("`")) if part]
    return tuple(pieces)


def _partials(v: Value, found: list[Partial], named: dict[Value, str]) -> list[Block]:
    """One row for each operand: its rule, the number, and what it is sent."""
    arrived = v.grad is not NO_GRADIENT
    count = len(v.operands)
    rows: list[tuple[Line, ...]] = []
    for p in found[:ROWS]:
        row: list[Line] = [(Name(named[p.operand]),), (named_rule(v, p.position, named),), (number_text(p.partial),)]
        if arrived:
            product = f"{factor_number(p.partial)} · {factor_number(v.grad)} = {number_text(p.partial * v.grad)}"
            row += [(product,), (number_text(p.operand.grad),)]
        rows.append(tuple(row))
    header = ("operand", "local rule", "number", *(("is sent", "its grad") if arrived else ()))
    blocks: list[Block] = [Table(header, tuple(rows), frozenset({2, 4}))]
    if len(found) > ROWS:
        blocks.append(Paragraph((f"and {len(found) - ROWS:,} more operands",)))
    if len(found) < count:
        blocks.append(Paragraph(("Operands that are plain numbers are constants: no gradient is computed for them.",)))
    return blocks


def _arrived(v: Value, named: dict[Value, str]) -> list[Block]:
    name = Code(f"{named[v]}.grad")
    if v.grad is NO_GRADIENT:
        return [Paragraph(("No gradient has arrived yet: call backward() on a result.",))]
    told = f" = {number_text(v.grad)} arrived; each operand is sent its local partial times that."
    more = " An operand that is used elsewhere too adds up what it is sent."
    return [Paragraph((name, told + more))]


def node_paths(v: Value) -> tuple[Path, ...]:
    """The paths of one step, to each operand that is a Value."""
    found = stored_partials(v)
    return tuple([Path((v, p.operand), (Factor(v, p.operand, p.position, p.partial),), p.partial) for p in found])
