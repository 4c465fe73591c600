"""Whole numbers that pick: traces that differ by a whole number of the sample, merged into one tape.

`logits[y]` and `table[token]` read a whole number, so that a trace holds for this number alone. This file owns how
traces for several numbers become one tape, in which a PICK chooses among the operands that they have in one place; it
must not know how a trace is made. Read next: `leaves.py`.

Before, one trace for each class y, and after:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.trace.tracing import trace
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

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, product
from math import prod
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import Value
from .tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape
from .tracing import Traced

__all__ = ["merge"]

ALL = 64  # so many assignments are all traced,
BUDGET, START = 300_000, 200  # and more of a short tape: rows that are written, and rows in the time of a trace's start
MIXED = 24  # at least so many others than those with all columns at their k-th number, if not all are traced
PAIRS, SHARE = 4, 4  # times as many as two columns have pairs, if that is at most a quarter of what can be traced
GUESSES = 64  # at most so many more, if it is not clear yet which whole number decides


def merge(
    traced: Callable[[Sequence[int]], Traced], known: Sequence[Sequence[int]], batch: Iterable[Sequence[int]] = ()
) -> Traced | None:
    """One tape for all the known whole numbers, where in each place one of them decides what stands there.

    Up to 64 assignments are all traced, and up to some thousand of a short tape, as those of two columns of 10 to 30
    numbers: the tape is right for each. Of more, those are traced in which all columns are at their k-th number, for
    each k, and as many in which each column goes through its numbers in an order of its own, and those of the batch:
    every number of a column then stands in two surroundings, and has to decide the same in both. So there are about
    twice as many traces as a column has numbers, of a short tape so many that hardly a pair of numbers is missing, but
    not as many as there are assignments; for that all columns must be read as indices alone. A column that is read in
    another way may decide together with what was read of others, as in `a == 3 and b == 5`, which no small number of
    traces shows: it is merged if all assignments are traced, and all columns that are read are merged. Else the caller
    has to keep it at one number.

    What two indices decide together, as in `m[a][b]` or `w[table[a][b]]`, is not merged: each pair is a path. It is
    seen if it shows in the traces. If it shows in a few of many more combinations, none of them in the batch, or behind
    its first thousand samples, it may be missed, and is left to `calls/checking.py`.

    Args:
        traced: Traces the function on one sample, with these whole numbers in place of its own.
        known: For each column of whole numbers those that it is merged for; for one that is not read one is enough.
        batch: Whole numbers of samples that the tape is for first: if not all are traced, these are.

    Returns:
        The merged trace, which holds for samples whose columns `integers_read` are among `tape.integers`; None if the
        traces are not of one structure, an operand is not decided by one column, or there is nothing to merge.
    """
    many = {column for column, values in enumerate(known) if len(values) > 1}
    if not many:
        return None
    traces, diagonal, mixed = _Traces(traced, known, many), _diagonal(known), _mixed(known)
    if not traces.add(next(diagonal)):
        return None
    every = product(*[range(len(values)) for values in known])
    second, most = sorted([1, *map(len, known)])[-2:]
    pairs = PAIRS * second * most
    n_mixed = pairs if pairs <= traces.affordable // SHARE else max(MIXED, most)
    some = chain(islice(mixed, n_mixed), islice(_places(known, batch), traces.affordable))
    for places in chain(diagonal, every if traces.is_all else some):
        if not traces.add(places):
            return None
        if len(traces.rows).bit_count() == 1 and not traces.is_decided():  # looked at now and then: sooner given up
            return None
    left = GUESSES
    while traces.unclear():
        left -= 1
        if left < 0 or not traces.add(next(mixed)):
            return None
    return traces.merged() if traces.is_decided() else None


def _diagonal(known: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """For each trace the place of every column's number among the known ones: all columns at their k-th."""
    return (tuple([k % len(values) for values in known]) for k in range(max(map(len, known))))


def _places(known: Sequence[Sequence[int]], batch: Iterable[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """The places of the numbers of samples; the first one for a number that is not known."""
    place = [{x: k for k, x in enumerate(values)} for values in known]
    return (tuple([of.get(x, 0) for of, x in zip(place, whole, strict=True)]) for whole in batch)


def _mixed(known: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Every column goes through its numbers in a random order, then in another, without an end."""
    random = Random(0)

    def orders(size: int) -> Iterator[int]:
        while True:
            yield from random.sample(range(size), size)

    return zip(*[orders(len(values)) for values in known], strict=True)


class _Traces:
    """Traces of one structure, as rows of what stands in each place: operands, roots, sides of guards.

    What stands there is written so that it is the same in all traces: k for the k-th operation, and -1, -2, ... for the
    parameters, the inputs, and the constants of all traces. Of each row only what differs from the first one is kept.
    """

    def __init__(
        self, traced: Callable[[Sequence[int]], Traced], known: Sequence[Sequence[int]], many: set[int]
    ) -> None:
        self.traced, self.known, self.many, self.is_all, self.affordable = traced, known, many, True, ALL
        self.rows: dict[tuple[int, ...], tuple[NDArray[np.intp], NDArray[np.int32]]] = {}
        self.constants: dict[bytes, int] = {}
        self.read: set[int] = set()
        self.hard: set[int] = set()
        self.captured: list[tuple[Value, float]] = []
        self.structure: Any = None
        self.row: NDArray[np.int32] = np.empty(0, np.int32)

    def add(self, places: tuple[int, ...]) -> bool:
        """Traces once more, if it is not known; False if the structure is another one, or columns are read too hard."""
        if places in self.rows:
            return True
        found = self.traced([values[place] for values, place in zip(self.known, places, strict=True)])
        tape = found.tape
        is_op = tape.code >= 0
        structure = (
            tape.ops, tape.code[is_op].tobytes(), np.diff(tape.first)[is_op].tobytes(), found.result,
            tuple([(guard.relation, guard.holds) for guard in tape.guards]),
        )  # fmt: skip
        if self.structure is None:
            self.first, self.structure, self.affordable = found, structure, max(ALL, BUDGET // (len(tape) + START))
            self.is_all = len(self.many) == 1 or prod(map(len, self.known)) <= self.affordable
        if structure != self.structure:
            return False
        self.read.update(found.integers_read)
        self.hard.update(found.integers_hard)
        if self.hard & self.many and not (self.is_all and self.read <= self.many):
            return False
        self.captured += found.captured
        sides = [side for guard in tape.guards for side in (guard.left, guard.right)]
        self.n_leaves = tape.n_parameters + tape.n_inputs
        written = self._written(tape, is_op)
        row = np.concatenate([written[tape.operands], written[tape.roots], written[sides]])
        if not self.rows:
            self.row = row
        where = np.flatnonzero(row != self.row)
        self.rows[places] = where, row[where]
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
        where = np.unique(np.concatenate([places for places, _ in self.rows.values()]))
        standing = np.tile(self.row[where], (len(self.rows), 1))
        for row, (places, found) in zip(standing, self.rows.values(), strict=True):
            row[where.searchsorted(places)] = found
        return where, standing

    def deciding(self) -> NDArray[np.bool_]:
        """For each column and each place where the traces differ whether its number alone can decide there."""
        _, standing = self.differing()
        decides = np.zeros((len(self.known), standing.shape[1]), bool)
        for column in self.read:
            numbers = np.array([places[column] for places in self.rows])
            _, first, of = np.unique(numbers, return_index=True, return_inverse=True)
            decides[column] = (standing == standing[first[of]]).all(axis=0)
        return decides

    def is_decided(self) -> bool:
        """Whether in each place some column can decide."""
        return bool(self.deciding().any(axis=0).all())

    def unclear(self) -> bool:
        """Whether more than one column may decide somewhere."""
        return bool((self.deciding().sum(axis=0) > 1).any())

    def merged(self) -> Traced:
        """The tape with a PICK where the traces differ."""
        where, standing = self.differing()
        tape = self.first.tape
        is_op = tape.code >= 0
        lengths = np.diff(tape.first)[is_op]
        begins = np.concatenate([[0], np.cumsum(lengths)])
        picks: dict[tuple[int, ...], int] = {}  # (column, what is picked from): the operation that it stands before
        chosen: list[tuple[int, ...]] = []
        columns = self.deciding().argmax(axis=0).tolist()
        for place, column, found in zip(where.tolist(), columns, standing.T, strict=True):
            numbers = {places[column]: int(x) for places, x in zip(self.rows, found, strict=True)}
            pick = (column, *[numbers[k] for k in range(len(self.known[column]))])
            picks.setdefault(pick, int(np.searchsorted(begins, place, side="right")) - 1)
            chosen.append(pick)
        return self.first._replace(
            tape=self._tape(where, chosen, picks),
            integers_read=tuple(sorted(self.read)),
            integers_hard=tuple(sorted(self.hard)),
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
        standing = node(self.row)
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
