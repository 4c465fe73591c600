"""Fuse: a tree of sums, differences and products becomes one row, a sum of products.

However a sum was written, it is a list of terms, each a coefficient times a node or times a product of two. The
terms are collected through every node that is used once (what is used elsewhere too stays, and so does what a root or
a guard needs), and written in one order, the canonical one. So all ways to write a layer give the same tape.

A node is *shared* if it depends on parameters and constants alone: all samples share it. The canonical form of a sum:

- products of a shared node, the weight, and one of the sample, the input: `dot(weights..., inputs..., bias)`, in the
  order of the inputs' numbers, then of the weights';
- products of two nodes of the sample: a `dot` of their own, the smaller number left, in the order of the right ones;
- products of two shared ones: a shared `dot`, likewise;
- products with a common coefficient other than 1 are one `dot`, which is then a node with a coefficient;
- the bias is one shared node, the constant 0 if there is none. Where there are several shared terms, their sum is a row
  of its own. It stands in the `dot` whose coefficient it has, or else in that of coefficient 1, or else with
- what remains: nodes with coefficients. All the same: `add` or `sum`, and then `mul` by it or `neg`. One and minus one:
  `sub`. Otherwise `dot(coefficients..., nodes..., bias)`;
- a product alone is `mul(weight, input)` or `square`; one term alone is itself. In an `add` the shared node comes
  first, and a product last.

Sums are reordered here, and in a sum a division by a constant becomes a product with 1 over it, exact for powers of two
alone: right to rounding, that is to 1e-12 of the sum of the terms' magnitudes. At the very end of the range of doubles
a sum may overflow where the written one did not, or the reverse. What a guard compares is such a sum too: where both
sides are equal but for rounding, it may come out otherwise. Coefficients beyond 1e100 or below 1e-100 are left where
they stand, lest they overflow.

This file must not know how rows are grouped. Read next: `../group/program.py`.

Before, and after:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape)
    >>> print(tape)
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = parameter[2]
    %3 = input[0]
    %4 = input[1]
    %5 = input[2]
    %6 = mul(%0, %3)
    %7 = mul(%1, %4)
    %8 = add(%6, %7)
    %9 = add(%2, %8)
    %10 = tanh(%9)
    %11 = sub(%10, %5)
    %12 = square(%11)
    return %12
    >>> print(fuse(tape))
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = parameter[2]
    %3 = input[0]
    %4 = input[1]
    %5 = input[2]
    %6 = dot(%0, %1, %3, %4, %2)
    %7 = tanh(%6)
    %8 = sub(%7, %5)
    %9 = square(%8)
    return %9
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...engine import add, mul, neg, sub
from ...functions import square
from ..trace.tape import CONSTANT, DOT, SUM, Tape
from .rewriting import Rewriting, asked_for, rows_of
from .terms import Terms, shared_nodes, terms_of

__all__ = ["fuse"]

# Terms: a constant, a shared or another node alone; a product of a shared node and another, of two of the sample, of
# two shared ones, of which one may be a constant (as the first state of a recurrent cell, 0)
NUMBER, COMMON, PLAIN, LAYER, OWN, BOTH, FIXED = range(7)
Weighted = list[tuple[float, int]]  # coefficient, node
Pairs = list[tuple[int, int]]  # (input, weight), or the larger and the smaller node


def fuse(tape: Tape) -> Tape:
    """The same computation with every sum of products in the canonical form of this file.

    Example:
        >>> from autograd import Value
        >>> from autograd.compiler.trace.tracing import trace
        >>> print(fuse(trace(lambda w, x: 5 - (w * x + 1) / 4, Value(2.0), 3.0).tape))
        %0 = parameter[0]
        %1 = input[0]
        %2 = -0.25
        %3 = 4.75
        %4 = mul(%0, %1)
        %5 = dot(%2, %4, %3)
        return %5
    """
    shared = shared_nodes(tape)
    terms = terms_of(tape, shared)
    sums = Sums(replace(tape, operands=_in_order(tape, shared)))
    instead = np.arange(len(tape))
    kinds = _kinds(tape, terms, shared)
    others = np.flatnonzero(~sums.layers(terms, kinds, instead))
    begins, ends = [np.searchsorted(terms.head, others, side).tolist() for side in ("left", "right")]
    for i, begin, end in zip(others.tolist(), begins, ends, strict=True):
        some = slice(begin, end)
        sums.here = int(terms.heads[i])
        instead[sums.here] = sums.read(*[column[some].tolist() for column in (kinds, *terms[3:])])
    return sums.tape(instead, terms.parts)


class Sums(Rewriting):
    """The sums of a tape, written in canonical form."""

    def __init__(self, old: Tape) -> None:
        super().__init__(old)
        self.biases: dict[tuple[object, ...], int | None] = {}

    def layers(self, terms: Terms, kinds: NDArray[np.int8], instead: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write all sums of weights times inputs and at most one bias at once; which of the sums these are."""
        head, n = terms.head, len(terms.heads)
        one, constant = terms.coefficient == 1.0, kinds == NUMBER
        layer, bias = (kinds == LAYER) & one, (kinds == COMMON) & one
        weight = layer | ((kinds == FIXED) & one)
        products, weights, biases, others = [
            np.bincount(head[mask], minlength=n) for mask in (layer, weight, bias, ~(weight | bias | constant))
        ]
        with np.errstate(over="ignore"):
            numbers = terms.coefficient[constant] * self.old.data[terms.right[constant]]
        offset = np.bincount(head[constant], numbers, minlength=n).astype(np.float64)
        more = biases + (offset != 0)
        simple: NDArray[np.bool_] = (others == 0) & (products > 0) & (more < 2) & (weights + more > 1)
        chosen, mine = np.flatnonzero(simple), np.flatnonzero(weight & simple[head])
        last = np.zeros(n, np.int64)
        last[head[bias]] = terms.right[bias]
        without = chosen[biases[chosen] == 0]
        last[without] = [self.number(x) for x in offset[without].tolist()]
        if len(chosen):  # of each its weights, then its inputs, then its bias
            order = np.argsort(np.concatenate([head[mine], head[mine], chosen]), kind="stable")
            operands = np.concatenate([terms.left[mine], terms.right[mine], last[chosen]])[order]
            rows, code = terms.heads[chosen], np.full(len(chosen), self.index(DOT))
            instead[rows] = self.rows(code, 2 * weights[chosen] + 1, operands, rows)
        return simple

    def read(self, kinds: list[int], coefficients: list[float], left: list[int], right: list[int]) -> int:
        """Any other sum, by its terms; the node that it is."""
        products: dict[tuple[float, int], Pairs] = {}  # by coefficient and kind
        plain: Weighted = []
        shared: Weighted = []
        constant = 0.0
        layers = {c for kind, c in zip(kinds, coefficients, strict=True) if kind == LAYER}
        for kind, c, a, b in zip(kinds, coefficients, left, right, strict=True):
            if kind == NUMBER:
                constant += c * float(self.old.data[b])
            elif kind == COMMON:
                shared.append((c, b))
            elif kind == PLAIN:
                plain.append((c, b))
            else:
                key = kind if kind != FIXED else LAYER if c in layers else BOTH
                products.setdefault((c, key), []).append((b, a))
        return self.write(products, plain, shared, constant)

    def write(
        self, products: dict[tuple[float, int], Pairs], plain: Weighted, shared: Weighted, constant: float
    ) -> int:
        """The sum of the terms in canonical form."""
        if plain or any(kind != BOTH for _, kind in products):  # a sum of the sample: what is shared comes first
            for key in sorted(key for key in products if key[1] == BOTH):
                shared.append((key[0], self.product(products.pop(key), None)))
        elif not products:
            plain, shared = shared, plain
        if [c for c, _ in plain] == [1.0] and [c for c, _ in shared] == [-1.0] and not products and constant == 0.0:
            return self.row(sub, (plain[0][1], shared[0][1]))
        scales = {c for c, _ in products}
        for c, kind in sorted(products):  # by coefficient, layers first
            mine = [(d, node) for d, node in shared if d == c or (c == 1.0 and d not in scales)]
            shared = [term for term in shared if term not in mine]
            mine = mine if c == 1.0 else [(1.0, node) for _, node in mine]
            here, constant = (constant, 0.0) if c == 1.0 else (0.0, constant)
            plain.append((c, self.product(products[c, kind], self.common(mine, here))))
        return self.total(plain, self.common(shared, constant)) if plain else self.number(constant)

    def common(self, terms: Weighted, constant: float) -> int | None:
        """A bias: the sum of shared terms, one row for all sums that have it; None if there is nothing to add."""
        key = (*sorted(terms), constant)
        if key not in self.biases:
            bias = self.number(constant) if constant != 0.0 else None  # nan too
            self.biases[key] = self.total(terms, bias) if terms else bias
        return self.biases[key]

    def product(self, pairs: Pairs, bias: int | None) -> int:
        """A sum of products."""
        if len(pairs) == 1 and bias is None:
            x, w = pairs[0]
            return self.row(square, (x,)) if x == w else self.row(mul, (w, x))
        pairs.sort()
        bias = self.number(0.0) if bias is None else bias
        return self.row(DOT, [*[w for _, w in pairs], *[x for x, _ in pairs], bias])

    def total(self, terms: Weighted, bias: int | None) -> int:
        """The sum of nodes with coefficients, of one at least, and a bias."""
        terms.sort(key=lambda term: (term[1], term[0]))
        cs, nodes = [c for c, _ in terms], [node for _, node in terms]
        c = cs[0]
        if bias is None and sorted(cs) == [-1.0, 1.0]:
            return self.row(sub, nodes if c > 0 else nodes[::-1])
        if len(set(cs)) == 1:
            node = nodes[0] if len(nodes) == 1 else self.row(add if len(nodes) == 2 else SUM, nodes)
            if bias is not None and abs(c) == 1.0:
                return self.row(add if c > 0 else sub, (bias, node))
            if bias is None and abs(c) == 1.0:
                return node if c > 0 else self.row(neg, (node,))
            if bias is None:
                return self.row(mul, (self.number(c), node))
            cs, nodes = [c], [node]
        weights = [self.number(c) for c in cs]
        return self.row(DOT, [*weights, *nodes, self.number(0.0) if bias is None else bias])


def _kinds(tape: Tape, terms: Terms, shared: NDArray[np.bool_]) -> NDArray[np.int8]:
    """What kind of term each is."""
    left, right, fixed = shared[terms.left], shared[terms.right], tape.code[terms.right] == CONSTANT
    alone = np.where(fixed, NUMBER, np.where(right, COMMON, PLAIN))
    product = np.where(left != right, LAYER, np.where(fixed, FIXED, np.where(left, BOTH, OWN)))
    return np.where(terms.left < 0, alone, product).astype(np.int8)


def _in_order(tape: Tape, shared: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The operands, those of a sum or product of two in canonical order: shared ones, others, products used once."""
    operands = tape.operands.copy()
    once = (np.bincount(operands, minlength=len(tape)) == 1) & ~asked_for(tape) & ~shared
    rank = (~shared).astype(np.int8)
    for op, ranks in ((mul, rank), (add, rank + (once & rows_of(tape, mul, square)))):
        a = tape.first[np.flatnonzero(rows_of(tape, op))]
        x, y = operands[a], operands[a + 1]
        swap = np.where(ranks[x] == ranks[y], x > y, ranks[x] > ranks[y])
        operands[a], operands[a + 1] = np.where(swap, y, x), np.where(swap, x, y)
    return operands
