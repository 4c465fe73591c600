"""The chain rule from x to y, along every path.

This file owns what is said of a derivative and in which order; it must not know the formats that it is written in.
Read next: `node.py`, which explains a single operation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ...engine import Value
from ..text import number_text
from .best import best_paths
from .document import Block, Derivative, Equation, Line, Name, Paragraph, Piece, Table
from .gradient import compared
from .names import label_of, names
from .paths import Between, Factor, Path, count_paths, path_of, read_between, remaining, sums
from .rules import computed, factor_number, named_rule, operand_text, places
from .special import changed_line, special_lines

__all__ = ["Chain", "count_text"]

HEAD, TAIL = 6, 2  # factors that are written of a long path, at its ends
ROWS = 24  # of a table


class Chain:
    """What is known of ∂y/∂x, and the document that tells it.

    Attributes:
        paths: Those with the largest |product|, largest first.
        count: How many there are.
        total: The sum of the products of all.
        rest: The sum of the products of those that are not in `paths`.
        title, blocks: The document.
    """

    def __init__(self, between: Between, limit: int) -> None:
        self.between, self.y, self.x = between, between.y, between.x
        self.count = count_paths(between)
        self.total, self.magnitude = sums(between)
        chosen = best_paths(between, limit)
        self.paths = tuple([path_of(between, path) for path in chosen])
        self.rest = remaining(between, chosen) if self.count > len(chosen) else 0.0
        self.names = names([*self._on_paths(), *self._beside()], {self.y: "y", self.x: "x"})
        self.title = self._title()
        self.blocks: list[Block] = [*self._body(), *self._gradient()]

    def _on_paths(self) -> list[Value]:
        """The Values that are shown of the paths, x first."""
        shown = {self.x, self.y} | {v for f in self._shown_factors() for v in (f.result, f.operand)}
        return [v for v in self.between.order if v in shown] or [self.x, self.y]

    def _beside(self) -> list[Value]:
        """The operands beside the paths, and the labelled ones of those that are explained themselves."""
        beside = _seen_operands(self._on_paths()[1:])
        told = [v for v in beside if not label_of(v)]
        return [*beside, *filter(label_of, _seen_operands(told))]

    def derivative(self) -> Derivative:
        """∂y/∂x."""
        return Derivative(self.names[self.y], self.names[self.x])

    def factor(self, f: Factor) -> Derivative:
        """∂result/∂operand of one factor, with the place of the operand where it has several."""
        several = sum([p.operand is f.operand for p in self.between.edges[f.result]]) > 1
        return Derivative(self.names[f.result], self.names[f.operand], f.position + 1 if several else 0)

    # --- the document ----------------------------------------------------------------------------------------

    def _title(self) -> Line:
        x, y = Name(self.names[self.x]), Name(self.names[self.y])
        if self.x is self.y:
            return self.derivative(), " = 1: ", y, " by itself"
        if not self.count:
            return self.derivative(), " = 0: ", y, " does not depend on ", x
        paths = "1 path" if self.count == 1 else f"{count_text(self.count)} paths"
        return self.derivative(), f": {paths} from ", x, " to ", y

    def _body(self) -> list[Block]:
        if self.x is self.y:
            return [Paragraph(("A number changes exactly as much as itself.",))]
        if not self.count:
            return self._nothing()
        if self.count == 1:
            parts = self._product(self.paths[0])
            direct = len(self.paths[0].factors) == 1  # then the product of symbols is the derivative itself
            blocks: list[Block] = [Equation((self.derivative(),), parts[1:] if direct else parts)]
        else:
            blocks = self._several()
        special = special_lines(self._shown_factors(), self.paths, self.factor)
        special += changed_line(dict.fromkeys([f.result for f in self._shown_factors()]))
        return [*blocks, *[Paragraph(line) for line in special], *self._factors(), *self._nodes()]

    def _nothing(self) -> list[Block]:
        x, y = Name(self.names[self.x]), Name(self.names[self.y])
        line: Line = ("There is no path from ", x, " to ", y, ": ", y, " stays the same when ", x, " changes.")
        if read_between(self.x, self.y).order:
            line += (" It is the other way round: ", x, " is computed from ", y, ". Ask for explain(", x, ", ", y, ").")
        return [Paragraph(line)]

    def _product(self, path: Path) -> tuple[Line, ...]:
        """The factors of a path as symbols, as numbers, and their product."""
        product: Line = (number_text(path.product),)
        if len(path.factors) == 1:
            return (self.factor(path.factors[0]),), product
        head, tail = _ends(path.factors)
        left_out = len(path.factors) - len(head) - len(tail)
        middle: list[Line] = [(f"… ({left_out:,} more factors)",)] if left_out else []
        symbols: list[Line] = [(self.factor(f),) for f in head]
        symbols += middle + [(self.factor(f),) for f in tail]
        numbers: list[Line] = [(factor_number(f.partial),) for f in head]
        numbers += [("…",)] * bool(left_out) + [(factor_number(f.partial),) for f in tail]
        return _joined(symbols, " · "), _joined(numbers, " · "), product

    def _several(self) -> list[Block]:
        blocks: list[Block] = [Paragraph((self._rule_of_sums(),))]
        for i, path in enumerate(self.paths, 1):
            blocks.append(Equation((f"path {i}",), self._product(path), ":"))
        terms = [factor_number(path.product) for path in self.paths]
        rest = self.count - len(self.paths)
        if rest:
            more = f"and {count_text(rest)} more {'path' if rest == 1 else 'paths'}, together {number_text(self.rest)}"
            blocks.append(Paragraph((more,)))
            terms.append(factor_number(self.rest))
        blocks.append(Equation((self.derivative(),), ((" + ".join(terms),), (number_text(self.total),))))
        return blocks

    def _rule_of_sums(self) -> str:
        text = "Along a path the factors are multiplied; the products of all paths are added."
        return text + (" The largest come first." if self.count > len(self.paths) else "")

    def _shown_factors(self) -> list[Factor]:
        ends = [_ends(path.factors) for path in self.paths]
        return [*dict.fromkeys([f for head, tail in ends for f in head + tail])]

    def _factors(self) -> list[Block]:
        """The table of the factors: what was computed, by which rule, with which number."""
        factors = self._shown_factors()
        rows: list[tuple[Line, ...]] = []
        for f in factors[:ROWS]:
            rule = named_rule(f.result, f.position, self.names)
            rows.append(((self.factor(f),), (rule,), (number_text(f.partial),)))
        blocks: list[Block] = [Table(("factor", "rule", "number"), tuple(rows), frozenset({2}))]
        blocks += _left_out(len(factors) - ROWS, "factor")
        if any(self.factor(f).use for f in factors[:ROWS]):
            blocks.append(Paragraph(("A number above an operand says which operand it is, where it is used twice.",)))
        return blocks

    def _nodes(self) -> list[Block]:
        """The table of the nodes on the paths and, after them, of operands beside without a label: what each is."""
        shown = {v for f in self._shown_factors() for v in (f.result, f.operand)}
        ordered = [v for v in self.between.order[1:] if v in shown]
        ordered += [v for v in _seen_operands(ordered) if not label_of(v) and v not in shown]
        named, numbers = operand_text(self.names, "…"), operand_text({})
        rows: list[tuple[Line, ...]] = []
        for v in ordered[:ROWS]:
            name, value = (Name(self.names[v]),), (number_text(v.data),)
            is_leaf = v.op is None
            rows.append((name, ("a leaf",) if is_leaf else (computed(v, named),), (computed(v, numbers),), value))
        where = Table(("where", "is", "with numbers", "value"), tuple(rows), frozenset({3}))
        return [where, *_left_out(len(ordered) - ROWS, "node")]

    def _gradient(self) -> list[Block]:
        if self.x is self.y or not self.count:
            return []
        return [Paragraph(compared(self.y, self.x, self.total, self.magnitude, self.names))]


def _seen_operands(results: Iterable[Value]) -> list[Value]:
    """The operands that are seen where these nodes are written, each once."""
    found: dict[Value, None] = {}
    for v in results:
        operands = v.operands
        for i in places(v.op, len(operands)) if v.op is not None else ():
            if isinstance(x := operands[i], Value):
                found[x] = None
    return [*found]


def count_text(n: int) -> str:
    """An integer of any size, exactly where that can be read.

    Example:
        >>> count_text(2**60), count_text(2**1000), count_text(3**1000)
        ('1,152,921,504,606,846,976', '2^1000', 'about 1.32e+477')
    """
    if n < 10**24:
        return f"{n:,}"
    bits = n.bit_length()
    if n == 1 << bits - 1:
        return f"2^{bits - 1}"
    shift = max(bits - 64, 0)  # str() of an integer that long takes too much time, or is refused
    power = math.log10(n >> shift) + shift * math.log10(2)
    mantissa, exponent = f"{10 ** (power % 1):.2f}", int(power)
    return f"about {mantissa}e+{exponent}" if mantissa != "10.00" else f"about 1.00e+{exponent + 1}"


def _ends(factors: Sequence[Factor]) -> tuple[list[Factor], list[Factor]]:
    if len(factors) <= HEAD + TAIL + 1:
        return list(factors), []
    return list(factors[:HEAD]), list(factors[-TAIL:])


def _joined(lines: Sequence[Line], sign: str) -> Line:
    joined: list[Piece] = []
    for line in lines:
        joined += [sign, *line] if joined else line
    return tuple(joined)


def _left_out(count: int, what: str) -> list[Block]:
    return [Paragraph((f"and {count:,} more {what}{'s' if count > 1 else ''}",))] if count > 0 else []
