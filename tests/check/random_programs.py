"""Random programs over the whole table, and what the checker makes of them: as they are, and with a planted error.

The inputs and most of the numbers are ordinary, as in a training step, but nothing keeps a program from overflowing,
from landing on a kink, or from being so rough that no difference can tell its gradient: there the verdict may be
"cannot tell". It may never be "wrong", unless an error was planted.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mpmath import mp, mpf

from autograd import Value
from autograd.check import GradcheckResult, gradcheck
from autograd.check.nodes import first_wrong, gradcheck_nodes, local_partials
from autograd.check.programs import TABLE, Program, Step
from autograd.engine import Op
from autograd.functions import OPS

from ..oracle import definition
from .sampling import operands

PLANTED = 1e-6  # the relative error in one partial
VISIBLE = 10.0  # it must be found where it changes a gradient by so many times the stated resolution
MODERATE = 50.0  # most numbers of a program are smaller
SHORTEST, LONGEST = 5, 200


# --- making them ---------------------------------------------------------------------------------------------


def random_program(rng: random.Random, size: int | None = None) -> Program:
    """A program of `size` operations, else 5 to 200, the last of which gathers what was not used before."""
    size = size or round(math.exp(rng.uniform(math.log(SHORTEST), math.log(LONGEST))))
    inputs = tuple([rng.gauss(0, 1.5) for _ in range(rng.randint(1, 10))])
    numbers, steps, loose = [*inputs], [], {*range(len(inputs))}
    while len(steps) < size - 1:
        op = rng.choice(OPS)
        chosen = tuple(_operand(rng, numbers, loose) for _ in range(_arity(rng, op)))
        if not any(isinstance(x, int) for x in chosen):
            continue
        xs = [numbers[x] if isinstance(x, int) else x for x in chosen]
        try:
            y = op(*xs)
        except ArithmeticError:  # undefined there: another one
            continue
        if not _has_derivative(op, y, xs):
            continue
        if not abs(y) < MODERATE and rng.random() < 0.98:
            continue
        loose -= {x for x in chosen if isinstance(x, int)}  # not 2 for the constant 2.0
        loose.add(len(numbers))
        numbers.append(y)
        steps.append(Step(op.name, chosen))
    gathered = tuple(sorted(loose))
    steps.append(Step(rng.choice(["sum", "mean", "norm", "logsumexp"]), gathered))
    return Program("random", inputs, tuple(steps))


def _has_derivative(op: Op, y: float, xs: Sequence[float]) -> bool:
    """Whether the table promises the true derivative there; it may be infinite after an overflow.

    At asin(1), or by the exponent of (-2) ** 3, there is none, and 0 * inf makes the whole gradient nan: to call that
    wrong is right. clip(x, 1, 1), with nothing between the ends, is constant, and left out as well.
    """
    if _nothing_between(op, xs):
        return False
    return not math.isfinite(y) or all(map(math.isfinite, op.partials(y, *xs)))


def _nothing_between(op: Op, xs: Sequence[float]) -> bool:
    return op.name == "clip" and xs[1] >= xs[2]


def _arity(rng: random.Random, op: Op) -> int:
    return op.arity or (2 * rng.randint(1, 3) + 1 if op.name == "dot" else rng.randint(2, 5))


def _operand(rng: random.Random, numbers: list[float], loose: set[int]) -> int | float:
    """Mostly a number that nothing has used yet, so that all of them count; else any, or a constant."""
    kind = rng.random()
    if kind < 0.6 and loose:
        return rng.choice(sorted(loose))
    if kind < 0.85:
        return rng.randrange(len(numbers))
    return rng.choice([rng.gauss(0, 2), 1.0, 2.0, 0.5, 3.0])


def function(program: Program, at: int | None = None, op: Op | None = None) -> Callable[..., Any]:
    """The program as a function of its inputs; with another op in the place of step `at`."""
    table = [(TABLE[step.op], step.operands) for step in program.steps]
    if at is not None and op is not None:
        table[at] = (op, table[at][1])

    def run(*inputs: Any) -> Any:
        numbers = [*inputs]
        for row, chosen in table:
            numbers.append(row(*[numbers[x] if isinstance(x, int) else x for x in chosen]))
        return numbers[-1]

    return run


def with_error(op: Op, k: int, relative: float = PLANTED) -> Op:
    """The operation with a relative error in the partial by its k-th operand."""

    def partials(y: Any, *xs: Any) -> tuple[Any, ...]:
        rule = [*op.partials(y, *xs)]
        rule[k] = rule[k] * (1 + relative)
        return tuple(rule)

    return Op(op.name, op.symbol, op.arity, op.forward, partials, domain=op.domain)


def ordinary(rng: random.Random, op: Op) -> list[float]:
    """Operands between 0 and 2, inside the domain of every operation of the table and away from most kinks."""
    count = _arity(rng, op)
    xs = [rng.uniform(0.05, 0.3) + 0.2 * i for i in range(count)]
    return [xs[0] + (1.0 if op.name == "acosh" else 0.0), *xs[1:]]


# --- what the checker makes of them --------------------------------------------------------------------------


@dataclass
class Figures:
    """Counts over many cases, each a function with its point.

    Attributes:
        verdicts: The verdicts of single derivatives, of right functions.
        results: The verdicts of whole checks, of right functions.
        wrong: What was called wrong and is right, described so that it can be repeated.
        visible, found: The planted errors that must be seen, and those that were.
        below: The planted errors that change no gradient by enough.
        missed: Those that were not found, described.
        resolutions: The resolution of each derivative that is correct and not 0, relative to it.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    visible: int = 0
    found: int = 0
    below: int = 0
    missed: list[str] = field(default_factory=list)
    resolutions: list[float] = field(default_factory=list)

    def add_right(self, result: GradcheckResult, what: str) -> None:
        """Count the check of a right function."""
        self.verdicts.update(row.verdict for row in result.rows)
        self.results[result.verdict] += 1
        self.resolutions += [
            row.resolution / abs(row.analytic) for row in result.rows if row.verdict == "correct" and row.analytic
        ]
        if result.verdict == "wrong":
            self.wrong.append(f"{what}\n{result}")

    def add_planted(self, visible: bool, found: bool, what: str) -> None:
        """Count a check of the same function with an error in one of its partials."""
        self.below += not visible
        self.visible += visible
        self.found += visible and found
        if visible and not found:
            self.missed.append(what)

    def __iadd__(self, other: Figures) -> Figures:
        self.verdicts += other.verdicts
        self.results += other.results
        self.wrong += other.wrong
        self.visible, self.found, self.below = (
            self.visible + other.visible, self.found + other.found, self.below + other.below
        )  # fmt: skip
        self.missed += other.missed
        self.resolutions += other.resolutions
        return self


def of_operation(op: Op, points: int, seed: str = "figures") -> Figures:
    """An operation of the table at random points, each also with an error planted in one of its partials."""
    figures, rng = Figures(), random.Random(seed + op.name)
    count = 0
    while count < points:
        xs = operands(rng, op)
        try:
            op(*xs)
        except ArithmeticError:  # a pair of operands without a value, as (-2) ** 0.5
            continue
        if _nothing_between(op, xs):
            continue
        count += 1
        right = gradcheck(op, *xs)
        figures.add_right(right, f"{op.name} at {xs}")
        k = rng.randrange(len(xs))
        planted = gradcheck(with_error(op, k), *xs)
        what = f"{op.name} at {xs}, error in partial {k}\n{planted}"
        figures.add_planted(is_visible(right, planted), planted.verdict == "wrong", what)
    return figures


def of_program(index: int, seed: str = "figures") -> tuple[Figures, Figures]:
    """A random program as a whole, and its single nodes in the white-box mode."""
    rng = random.Random(f"{seed} {index}")
    program = random_program(rng)
    whole, nodes = Figures(), Figures()
    at = rng.randrange(len(program.steps))
    k = rng.choice([i for i, x in enumerate(program.steps[at].operands) if isinstance(x, int)])
    right, bad = function(program), with_error(TABLE[program.steps[at].op], k)
    wrong = function(program, at, bad)
    what = f"program {index}, error in step {at} ({bad.name}), partial {k}"

    checked, planted = gradcheck(right, *program.inputs), gradcheck(wrong, *program.inputs)
    whole.add_right(checked, what)
    whole.add_planted(is_visible(checked, planted), planted.verdict == "wrong", f"{what}\n{planted}")

    nodes.add_right(gradcheck_nodes(right(*map(Value, program.inputs))), what)
    graph = wrong(*map(Value, program.inputs))
    (row,) = (found.row for found in local_partials(graph) if found.node.op is bad and found.operand == k)
    first = first_wrong(graph)
    found = first is not None and first.row == row
    change = PLANTED * abs(row.analytic)
    nodes.add_planted(0 < change >= VISIBLE * row.resolution, found, f"{what}\n{first}")
    return whole, nodes


def is_visible(right: GradcheckResult, planted: GradcheckResult) -> bool:
    """Whether a planted error changes a gradient by so much that the check of the right function promises to see it."""
    before = {row.name: row for row in right.rows}
    changes = [(abs(row.analytic - before[row.name].analytic), before[row.name].resolution) for row in planted.rows]
    return any(change > 0 and change >= VISIBLE * resolution for change, resolution in changes)


def exact_gradient(program: Program) -> list[mpf] | None:
    """The gradient of the program with 60 digits, by the definitions alone; None where there is none to tell.

    Of a kink, a jump and a pole the differences with two steps disagree.
    """
    table = [(definition(TABLE[step.op]), step.operands) for step in program.steps]

    def run(xs: list[mpf]) -> mpf:
        numbers = [*xs]
        for f, chosen in table:
            numbers.append(f(*[numbers[x] if isinstance(x, int) else mpf(x) for x in chosen]))
        return numbers[-1]

    def slope(i: int, h: mpf) -> mpf:
        xs = [*map(mpf, program.inputs)]
        right, left = ([x + side * h if k == i else x for k, x in enumerate(xs)] for side in (1, -1))
        return (run(right) - run(left)) / (2 * h)

    with mp.workdps(90):
        found = []
        for i in range(len(program.inputs)):
            one, two = slope(i, mpf(10) ** -30), slope(i, mpf(10) ** -28)
            if not mp.isfinite(one) or abs(one - two) > mpf(10) ** -20 * abs(one):
                return None
            found.append(one)
        return found


def honesty(seed: str, size: int | None = None) -> tuple[int, int]:
    """How many derivatives of a random program are told, and how many of those as near to the exact one as stated."""
    program = random_program(random.Random(seed), size)
    exact = exact_gradient(program)
    if exact is None:
        return 0, 0
    rows = [row for row in gradcheck(function(program), *program.inputs).rows if row.verdict != "cannot tell"]
    errors = [(row.error, abs(row.numeric - exact[int(row.name[len("inputs[") : -1])])) for row in rows]
    return len(rows), sum(far <= error for error, far in errors)


def totals(parts: Iterable[Figures]) -> Figures:
    """The sum of figures."""
    total = Figures()
    for part in parts:
        total += part
    return total
