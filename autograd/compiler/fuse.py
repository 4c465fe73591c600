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
- the bias is one shared node: the sum of all shared terms of the coefficient, a row of its own where there are
  several; the constant 0 if there are none;
- what remains are nodes with coefficients. All the same: `add` or `sum`, and then `mul` by it or `neg`. One and minus
  one: `sub`. Otherwise `dot(coefficients..., nodes..., bias)`;
- a product alone is `mul(weight, input)` or `square`; one term alone is itself.

Sums are reordered here, and a division by a constant becomes a product: right to rounding, that is to 1e-12 of the sum
of the terms' magnitudes. Coefficients beyond 1e100 or below 1e-100 are left where they stand, lest they overflow.
This file must not know how rows are grouped. Read next: `group.py`.

Example:
    >>> from autograd import Value, tanh
    >>> from autograd.compiler.simplify import simplify
    >>> from autograd.compiler.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> print(fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape)))
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

from array import array
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..engine import Op, add, div, mul, neg, sub
from ..functions import OPS, square
from .rewriting import asked_for, needed, reordered
from .tape import CONSTANT, PARAMETER, PICK, Tape

__all__ = ["fuse", "shared_nodes"]

TABLE = {op.name: op for op in OPS}
SUM, MEAN, DOT = TABLE["sum"], TABLE["mean"], TABLE["dot"]
LOW, HIGH = 1e-100, 1e100
OTHER, PLUS, MINUS, NEG, TOTAL, AVERAGE, WEIGHTED, PRODUCT, SCALED = range(9)  # what a row is in a sum
KINDS = {add: PLUS, sub: MINUS, neg: NEG, SUM: TOTAL, MEAN: AVERAGE, DOT: WEIGHTED, mul: PRODUCT, square: PRODUCT}

Terms = list[tuple[float, int]]  # coefficient, node
Pairs = list[tuple[int, int]]  # (input, weight), or the larger and the smaller node


def fuse(tape: Tape) -> Tape:
    """The same computation with every sum of products in the canonical form of this file.

    Example:
        >>> from autograd import Value
        >>> from autograd.compiler.tracing import trace
        >>> print(fuse(trace(lambda w, x: 5 - (w * x + 1) / 4, Value(2.0), 3.0).tape))
        %0 = parameter[0]
        %1 = input[0]
        %2 = -0.25
        %3 = 4.75
        %4 = mul(%0, %1)
        %5 = dot(%2, %4, %3)
        return %5
    """
    sums = Sums(tape)
    for head in sums.heads:
        sums.alias[head] = sums.read(head)
    return sums.tape()


class Sums:
    """The sums of a tape: what is part of which, and the rows written in their place, numbered after the tape's."""

    def __init__(self, old: Tape) -> None:
        self.old, self.ops = old, list(old.ops)
        kind, usable = _kinds(old)
        absorbed, shared = _absorbed(old, kind, usable), shared_nodes(old)
        self.heads: list[int] = _heads(kind, absorbed).tolist()
        self.kind, self.absorbed, self.usable, self.shared = (
            kind.tolist(), absorbed.tolist(), usable.tolist(), shared.tolist())  # fmt: skip
        self.code, self.data, self.first, self.operands = (
            old.code.tolist(), old.data.tolist(), old.first.tolist(), old.operands.tolist())  # fmt: skip
        self.alias: dict[int, int] = {}
        self.head = 0
        self.numbers: dict[str, int] = {}
        self.new_code, self.new_operands, self.new_data = array("i"), array("i"), array("d")
        self.new_first, self.place = array("q", [0]), array("q")

    # --- reading a sum -----------------------------------------------------------------------------------------

    def read(self, head: int) -> int:
        """Collect the terms of a sum and write them in canonical form; the node that it is."""
        self.head = head
        products: dict[tuple[float, int], Pairs] = {}  # by coefficient and number of shared sides
        plain: Terms = []
        shared: Terms = []
        constant = 0.0
        is_shared, absorbed, data = self.shared, self.absorbed, self.data
        stack, coefficients = [head], [1.0]
        while stack:
            node, c = stack.pop(), coefficients.pop()
            if node != head and not absorbed[node]:
                if self.code[node] == CONSTANT:
                    constant += c * data[node]
                else:
                    (shared if is_shared[node] else plain).append((c, node))
                continue
            xs = self.operands[self.first[node] : self.first[node + 1]]
            kind = self.kind[node]
            pairs: Sequence[tuple[int, int]] = ()
            if kind == PRODUCT:
                pairs = ((xs[0], xs[-1]),)
            elif kind in (PLUS, TOTAL):
                stack += xs
                coefficients += [c] * len(xs)
            elif kind == MINUS:
                stack += xs
                coefficients += (c, -c)
            elif kind == NEG:
                stack += xs
                coefficients.append(-c)
            elif kind == WEIGHTED:
                n = len(xs) // 2
                pairs = list(zip(xs[:n], xs[n:-1], strict=True))
                stack.append(xs[-1])
                coefficients.append(c)
            else:
                factor, xs = self.scale(node, xs)
                if LOW < abs(c * factor) < HIGH:
                    stack += xs
                    coefficients += [c * factor] * len(xs)
                else:  # it stays a sum of its own
                    self.heads.append(node)
                    (shared if is_shared[node] else plain).append((c, node))
            for a, b in pairs:
                if kind == WEIGHTED and (self.usable[a] or self.usable[b]):
                    factor, x = (data[a], b) if self.usable[a] else (data[b], a)
                    if LOW < abs(c * factor) < HIGH:
                        stack.append(x)
                        coefficients.append(c * factor)
                        continue
                    if absorbed[x]:
                        self.heads.append(x)
                if is_shared[b] != is_shared[a]:
                    pair = (b, a) if is_shared[a] else (a, b)
                else:
                    pair = (b, a) if a < b else (a, b)
                products.setdefault((c, is_shared[a] + is_shared[b]), []).append(pair)
        return self.write(products, plain, shared, constant)

    def scale(self, node: int, xs: list[int]) -> tuple[float, list[int]]:
        """The factor of a row that is a factor times the sum of some of its operands, and these."""
        if self.kind[node] == AVERAGE:
            return 1 / len(xs), xs
        if self.ops[self.code[node]] is div:
            return 1 / self.data[xs[1]], xs[:1]
        return (self.data[xs[0]], xs[1:]) if self.usable[xs[0]] else (self.data[xs[1]], xs[:1])

    # --- writing it --------------------------------------------------------------------------------------------

    def write(self, products: dict[tuple[float, int], Pairs], plain: Terms, shared: Terms, constant: float) -> int:
        """The sum of the terms in canonical form."""
        if plain or any(n < 2 for _, n in products):  # a sum of the sample: what is shared is computed first
            for key in sorted(key for key in products if key[1] == 2):
                shared.append((key[0], self.product(products.pop(key), None)))
        elif not products:
            plain, shared = shared, plain
        for c, n in sorted(products):
            mine = [(1.0, node) for d, node in shared if d == c]
            shared = [term for term in shared if term[0] != c]
            here, constant = (constant, 0.0) if c == 1.0 else (0.0, constant)
            plain.append((c, self.product(products[c, n], self.total(mine, here))))
        node = self.total(plain, 0.0, self.total(shared, constant)) if plain else None
        node = self.total(shared, constant) if node is None else node
        return self.number(0.0) if node is None else node

    def product(self, pairs: Pairs, bias: int | None) -> int:
        """A sum of products."""
        if len(pairs) == 1 and bias is None:
            x, w = pairs[0]
            return self.row(square, (x,)) if x == w else self.row(mul, (w, x))
        pairs.sort()
        bias = self.number(0.0) if bias is None else bias
        return self.row(DOT, [*[w for _, w in pairs], *[x for x, _ in pairs], bias])

    def total(self, terms: Terms, constant: float, bias: int | None = None) -> int | None:
        """The sum of nodes with coefficients and a constant or another bias; None if there is nothing."""
        if constant != 0.0:  # nan too
            bias = self.number(constant)
        if not terms:
            return bias
        terms.sort(key=lambda term: (term[1], term[0]))
        cs, nodes = [c for c, _ in terms], [node for _, node in terms]
        c = cs[0]
        if bias is not None and terms == [(-1.0, nodes[0])]:
            return self.row(sub, (bias, nodes[0]))
        if bias is None and sorted(cs) == [-1.0, 1.0]:
            return self.row(sub, nodes if c > 0 else nodes[::-1])
        if len(set(cs)) == 1 and (bias is None or c == 1.0):
            node = nodes[0] if len(nodes) == 1 else self.row(add if len(nodes) == 2 else SUM, nodes)
            if c != 1.0:
                node = self.row(neg, (node,)) if c == -1.0 else self.row(mul, (self.number(c), node))
            return node if bias is None else self.row(add, (bias, node))
        weights = [self.number(c) for c in cs]
        return self.row(DOT, [*weights, *nodes, self.number(0.0) if bias is None else bias])

    def number(self, x: float) -> int:
        """The node of a constant."""
        key = x.hex()
        if key not in self.numbers:
            self.numbers[key] = self.append(CONSTANT, (), x)
        return self.numbers[key]

    def row(self, op: Op, operands: Sequence[int]) -> int:
        """A new row."""
        if op not in self.ops:
            self.ops.append(op)
        return self.append(self.ops.index(op), operands, 0.0)

    def append(self, code: int, operands: Sequence[int], data: float) -> int:
        self.new_code.append(code)
        self.new_operands.extend(operands)
        self.new_first.append(len(self.new_operands))
        self.new_data.append(data)
        self.place.append(self.head)
        return len(self.old) + len(self.place) - 1

    def tape(self) -> Tape:
        """The tape with the rows written, each where its sum stood; leaves first, as after `simplify`."""
        old, n = self.old, len(self.old)
        alias = np.arange(n + len(self.place), dtype=np.int32)
        alias[np.array(list(self.alias), np.int64)] = list(self.alias.values())
        while (further := alias[alias]).tolist() != alias.tolist():
            alias = further
        code = np.concatenate([old.code, np.array(self.new_code, np.int32)])
        data = np.concatenate([old.data, np.array(self.new_data, np.float64)])
        place = np.concatenate([np.arange(n), np.array(self.place, np.int64)])
        guards = [g._replace(left=int(alias[g.left]), right=int(alias[g.right])) for g in old.guards]
        is_leaf = (code < 0) & (code != PICK)
        order = np.lexsort((np.arange(len(code)), np.where(is_leaf, data, place), np.where(is_leaf, -code, 4)))
        whole = replace(
            old, ops=tuple(self.ops), code=code, data=data, roots=alias[old.roots], guards=tuple(guards),
            first=np.concatenate([old.first, old.first[-1] + np.array(self.new_first[1:], np.int64)]),
            operands=alias[np.concatenate([old.operands, np.array(self.new_operands, np.int32)])],
        )  # fmt: skip
        return needed(reordered(whole, order))


# --- what is part of what, for all rows at once --------------------------------------------------------------


def shared_nodes(tape: Tape) -> NDArray[np.bool_]:
    """Which nodes depend on parameters and constants alone."""
    shared = ((tape.code == PARAMETER) | (tape.code == CONSTANT)).tolist()
    nodes = np.flatnonzero(tape.code >= 0)
    first, operands = tape.first.tolist(), tape.operands.tolist()
    for node in nodes.tolist():
        shared[node] = all(map(shared.__getitem__, operands[first[node] : first[node + 1]]))
    return np.array(shared, bool)


def _kinds(tape: Tape) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """What each row is in a sum; and which nodes are constants that can be coefficients."""
    usable = (tape.code == CONSTANT) & (np.abs(tape.data) > LOW) & (np.abs(tape.data) < HIGH)
    kind = np.array([*[KINDS.get(op, OTHER) for op in tape.ops], *[OTHER] * 4], np.int8)[tape.code]
    is_div = np.array([*[op is div for op in tape.ops], *[False] * 4])[tape.code]
    two = np.flatnonzero((np.diff(tape.first) == 2) & ((kind == PRODUCT) | is_div))
    left, right = usable[tape.operands[tape.first[two]]], usable[tape.operands[tape.first[two] + 1]]
    kind[two[right | (left & ~is_div[two])]] = SCALED
    return kind, usable


def _absorbed(tape: Tape, kind: NDArray[np.int8], usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which nodes are nothing but a part of one sum."""
    counts = np.diff(tape.first)
    parent = np.repeat(np.arange(len(tape), dtype=np.int32), counts)
    into = (kind[parent] != OTHER) & (kind[parent] != PRODUCT)
    in_dot = np.flatnonzero(kind[parent] == WEIGHTED)  # only the bias, and what is multiplied by a constant
    slot = in_dot - tape.first[parent[in_dot]]
    half, last = counts[parent[in_dot]] // 2, counts[parent[in_dot]] - 1
    partner = in_dot + np.where(slot < half, half, -half)
    into[in_dot] = (slot == last) | usable[tape.operands[np.where(slot == last, in_dot, partner)]]
    used = np.bincount(tape.operands, minlength=len(tape))
    absorbed = np.zeros(len(tape), bool)
    absorbed[tape.operands[into]] = True
    absorbed &= (used == 1) & (kind != OTHER) & ~asked_for(tape)
    return absorbed


def _heads(kind: NDArray[np.int8], absorbed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The sums that are no part of another. A product that is none stays as it is."""
    return np.flatnonzero((kind != OTHER) & (kind != PRODUCT) & ~absorbed)
