"""Whole numbers that pick: traces that differ by a whole number of the sample, merged into one tape.

`logits[y]` and `table[token]` read a whole number, so that a trace holds for this number alone. This file owns how
traces for several numbers become one tape, in which a PICK chooses among the operands that they have in one place; it
must not know how a trace is made. Read next: `simplify.py`.

Before, one trace for each class y, and after:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.tracing import trace
    >>> f = lambda w, x, y: tanh(w[y] * x)
    >>> def traced(whole):
    ...     return trace(f, [Value(0.5), Value(-1.0)], 2.0, 0, integers=whole)
    >>> print(traced([1]).tape)
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = input[0]
    %3 = input[1]
    %4 = mul(%1, %2)
    %5 = tanh(%4)
    return %5
    >>> print(merge(traced, [[0, 1]]).tape)
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = input[0]
    %3 = input[1]
    %4 = pick[0](%0, %1)
    %5 = mul(%4, %2)
    %6 = tanh(%5)
    return %6
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine import Value
from .tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape
from .tracing import Traced

__all__ = ["merge"]

GUESSES = 8  # random assignments, if it is not clear yet which whole number decides


def merge(traced: Callable[[Sequence[int]], Traced], known: Sequence[Sequence[int]]) -> Traced | None:
    """One tape for all the known whole numbers: right for every assignment of them that is traced here.

    All columns are set to their k-th number, for each k; a few more assignments then tell the columns apart. So there
    are about as many traces as a column has numbers, not as there are assignments.

    Args:
        traced: Traces the function on one sample, with these whole numbers in place of its own.
        known: For each column of whole numbers those that it is merged for; for one that is not read one is enough.

    Returns:
        The merged trace, which holds for samples whose columns `integers_read` are among `tape.integers`; None if the
        traces are not of one structure, or an operand is not decided by one column.
    """
    sizes = [len(values) for values in known]
    traces = _Traces(traced, known)
    if not all(map(traces.add, _assignments(sizes))):
        return None
    random, left = Random(0), GUESSES
    while traces.unclear():
        left -= 1
        if left < 0 or not traces.add([random.randrange(size) for size in sizes]):
            return None
    return traces.merged()


def _assignments(sizes: list[int]) -> list[list[int]]:
    """For each trace the place of every column's number among the known ones.

    First all columns at their k-th; then, for digit after digit of the columns' own numbers, each at that place: two
    columns differ in some digit, and so in some trace. The base is the smallest number of places to choose from.
    """
    base = min([size for size in sizes if size > 1], default=2)
    digits, power = [], 1
    while power < len(sizes):
        digits.append([column // power % base % size for column, size in enumerate(sizes)])
        power *= base
    return [[k % size for size in sizes] for k in range(max(sizes, default=1))] + digits


class _Traces:
    """Traces of one structure, as rows of what stands in each place: operands, roots, sides of guards.

    What stands there is written so that it is the same in all traces: k for the k-th operation, and -1, -2, ... for the
    parameters, the inputs, and the constants of all traces.
    """

    def __init__(self, traced: Callable[[Sequence[int]], Traced], known: Sequence[Sequence[int]]) -> None:
        self.traced, self.known = traced, known
        self.rows: list[NDArray[np.int32]] = []
        self.places: list[Sequence[int]] = []
        self.constants: dict[bytes, int] = {}
        self.read: set[int] = set()
        self.captured: list[tuple[Value, float]] = []
        self.structure: Any = None

    def add(self, places: Sequence[int]) -> bool:
        """Traces once more; False if the structure is another one."""
        found = self.traced([values[place] for values, place in zip(self.known, places, strict=True)])
        tape = found.tape
        is_op = tape.code >= 0
        structure = (
            tape.ops, tape.code[is_op].tobytes(), np.diff(tape.first)[is_op].tobytes(), found.result,
            tuple([(guard.relation, guard.holds) for guard in tape.guards]),
        )  # fmt: skip
        if self.structure not in (None, structure):
            return False
        if not self.rows:
            self.first, self.structure, self.n_leaves = found, structure, tape.n_parameters + tape.n_inputs
        self.read.update(found.integers_read)
        self.captured += found.captured
        sides = [side for guard in tape.guards for side in (guard.left, guard.right)]
        written = self._written(tape, is_op)
        self.rows.append(np.concatenate([written[tape.operands], written[tape.roots], written[sides]]))
        self.places.append(tuple(places))
        return True

    def _written(self, tape: Tape, is_op: NDArray[np.bool_]) -> NDArray[np.int32]:
        """For each node what it is written as."""
        written = np.where(is_op, np.cumsum(is_op) - 1, -1 - tape.data).astype(np.int32)
        written[tape.code == INPUT] -= tape.n_parameters
        for node in np.flatnonzero(tape.code == CONSTANT).tolist():
            place = self.constants.setdefault(tape.data[node].tobytes(), len(self.constants))
            written[node] = -1 - self.n_leaves - place
        return written

    def differing(self) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """The places where the traces differ, and what stands there: a row for each trace."""
        differ = np.zeros(len(self.rows[0]), bool)
        for row in self.rows[1:]:
            differ |= row != self.rows[0]
        where = np.flatnonzero(differ)
        return where, np.array([row[where] for row in self.rows])

    def deciding(self, standing: NDArray[np.int32]) -> NDArray[np.bool_]:
        """For each column and each place whether its number alone can decide what stands there."""
        decides = np.zeros((len(self.known), standing.shape[1]), bool)
        for column in self.read:
            numbers = np.array([places[column] for places in self.places])
            _, first, of = np.unique(numbers, return_index=True, return_inverse=True)
            decides[column] = (standing == standing[first[of]]).all(axis=0)
        return decides

    def unclear(self) -> bool:
        """Whether more than one column may decide somewhere."""
        return bool((self.deciding(self.differing()[1]).sum(axis=0) > 1).any())

    def merged(self) -> Traced | None:
        """The tape with a PICK where the traces differ; None if no column decides."""
        where, standing = self.differing()
        decides = self.deciding(standing)
        if not decides.any(axis=0).all():
            return None
        tape = self.first.tape
        is_op = tape.code >= 0
        lengths = np.diff(tape.first)[is_op]
        begins = np.concatenate([[0], np.cumsum(lengths)])
        picks: dict[tuple[int, ...], int] = {}  # (column, what is picked from): the operation that it stands before
        chosen: list[tuple[int, ...]] = []
        for place, column, found in zip(where.tolist(), decides.argmax(axis=0).tolist(), standing.T, strict=True):
            numbers = {places[column]: int(x) for places, x in zip(self.places, found, strict=True)}
            pick = (column, *[numbers[k] for k in range(len(self.known[column]))])
            picks.setdefault(pick, int(np.searchsorted(begins, place, side="right")) - 1)
            chosen.append(pick)
        return self.first._replace(
            tape=self._tape(where, chosen, picks),
            integers_read=tuple(sorted(self.read)),
            captured=tuple({id(v): (v, data) for v, data in self.captured}.values()),
        )

    def _tape(self, where: NDArray[np.intp], chosen: list[tuple[int, ...]], picks: dict[tuple[int, ...], int]) -> Tape:
        """The tape with these picks, each before the operation that is told, in the places where they were chosen."""
        tape = self.first.tape
        is_op = tape.code >= 0
        lengths = np.diff(tape.first)[is_op]
        begins = np.concatenate([[0], np.cumsum(lengths)])
        n_leaves = self.n_leaves + len(self.constants)
        before = np.array(list(picks.values()), np.intp)
        sizes = [len(pick) - 1 for pick in picks]

        def node(written: NDArray[Any]) -> Any:
            after = n_leaves + written + np.searchsorted(before, written, side="right")
            return np.where(written < 0, -1 - written, after)

        nodes = {pick: n_leaves + place + i for i, (pick, place) in enumerate(picks.items())}
        standing = node(self.rows[0])
        standing[where] = [nodes[pick] for pick in chosen]
        operands, roots, sides = np.split(standing, [begins[-1], begins[-1] + len(tape.roots)])
        picked = node(np.array([x for pick in picks for x in pick[1:]], np.intp))
        leaves = [PARAMETER] * tape.n_parameters + [INPUT] * tape.n_inputs + [CONSTANT] * len(self.constants)
        constants = [np.frombuffer(octets)[0] for octets in self.constants]
        first = np.cumsum([0] * (n_leaves + 1) + np.insert(lengths, before, sizes).tolist())
        return Tape(
            tape.ops,
            np.concatenate([leaves, np.insert(tape.code[is_op], before, PICK)]).astype(np.int32),
            first,
            np.insert(operands, np.repeat(begins[before], sizes), picked).astype(np.int32),
            np.concatenate([
                np.arange(tape.n_parameters), np.arange(tape.n_inputs), constants,
                np.insert(np.zeros(len(lengths)), before, [pick[0] for pick in picks])
            ]),
            roots.astype(np.int32),
            tuple([Guard(guard.relation, int(left), int(right), guard.holds)
                   for guard, left, right in zip(tape.guards, sides[::2], sides[1::2], strict=True)]),
            tape.n_parameters, tape.n_inputs,
            tuple([tuple(values) if column in self.read else () for column, values in enumerate(self.known)]),
        )  # fmt: skip
