"""Diagnosis of a failed check of this package's own gradients, and of pairs of a function and its derivative.

This file owns the search for the op that is wrong in a graph; it must not know of other engines.
Read next: `naming.py`, which names what is wrong with it; `causes.py`, what is wrong outside of a rule;
`own_words.py`, how both are said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...engine import Op, Value, floats
from ...errors import AutogradError
from ..inputs import flat
from ..nodes import LocalPartial, first_wrong
from ..result import Row
from ..verdict import WRONG
from .calling import called, variables
from .causes import first_nan, rule_of_floats
from .failures import FAILURES
from .finding import Diagnosis
from .hand import apart, number
from .naming import Named, name
from .own_programs import program_of, program_of_nan, program_of_numbers, program_of_pair
from .own_words import diagnosis, in_words, of_rule
from .sampling import Sample, is_wrong, samples

__all__ = ["diagnose_failure", "diagnose_pair"]

DIGITS = (3, 4, 6, 9)  # of the numbers in a program, if the mistake shows with no more of them


def diagnose_failure(
    output: Value, rows: Sequence[Row], names: Mapping[Value, str] | None = None
) -> tuple[Diagnosis, ...]:
    """What is probably wrong where `gradcheck` says "wrong".

    Args:
        output: The result of the checked function, with its graph.
        rows: The rows of the check; those that are not "wrong" are left aside.
        names: What the inputs are called. Values with a label are called by that.

    Returns:
        The diagnoses, the most certain first; () if no row is wrong or nothing can be said. Where a rule raises an
        exception, of whatever kind, it counts as undefined.

    Cost: about ten evaluations of each op of the graph up to the first that is wrong.

    Example:
        >>> from autograd import Op, Value
        >>> from autograd.check.diagnosis import diagnose_failure
        >>> from autograd.check.result import Row
        >>> cube = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (3 * y,))
        >>> row = Row("x", "", 24.0, 12.0, 12.0, 1e-9, "wrong")
        >>> [found.mistake for found in diagnose_failure(cube(Value(2.0)), [row])]
        ['pow-exponent-off-by-one']
    """
    wrong = [row for row in rows if row.verdict == WRONG]
    if not wrong:
        return ()
    if not isinstance(output, Value) or output.op is None:
        return (of_the_cut(wrong[0]),)
    try:
        found = first_wrong(output)
    except AutogradError:  # a node was made by hand: it has no operation that could be examined
        return ()
    if found is not None:
        return (of_a_rule(found, names or {}),)
    broken = first_nan(output) if any(math.isnan(row.analytic) for row in wrong) else None
    if broken is not None:
        return (of_a_nan(*broken),)
    numbers = rule_of_floats(output)
    if numbers is not None:
        return (of_second_order(*numbers, wrong[0]),)
    return (of_the_cut(wrong[0]),)


def diagnose_pair(
    f: Callable[..., float], df: Callable[..., Any], data: Sequence[float], names: Sequence[str] = ()
) -> tuple[Diagnosis, ...]:
    """What is probably wrong with a derivative that somebody wrote for a function of floats.

    Args:
        f: The function of as many floats as there are data.
        df: Its gradient: a number, or one for each argument.
        data: The point of the check.
        names: What the arguments are called.

    Returns:
        The diagnoses, one for each kind of mistake that fits at several points around; () if nothing can be said.
        Where f or df raises an exception, of whatever kind, it counts as undefined.

    Cost: about a hundred evaluations of f for each argument.

    Example:
        >>> import math
        >>> from autograd.check.diagnosis import diagnose_pair
        >>> diagnose_pair(math.tanh, lambda x: 1 - x**2, [0.5])[0].seen
        'df gives 0.75 where differences give 0.786448, at x = 0.5; it seems to be 1 - x²'
    """

    def gradient(*xs: float) -> list[float]:
        return [float(d) for _, d in flat(df(*xs), "df")]

    found = samples(f, gradient, data)
    if not found or found[0].xs != tuple(data):
        return ()
    names = names or variables(len(data))
    diagnoses: dict[str, Diagnosis] = {}
    for i in [i for i in range(len(data)) if is_wrong(f, found[0], i)]:
        said = of_a_pair(f, found, i, names)
        diagnoses.setdefault(said.mistake, said)
    return tuple(diagnoses.values())


# --- what is said ----------------------------------------------------------------------------------------------


def of_a_pair(f: Callable[..., float], found: Sequence[Sample], i: int, names: Sequence[str]) -> Diagnosis:
    """The diagnosis of the derivative of a float function by its i-th argument."""
    here, arity = found[0], len(names)
    named = name(found, i, getattr(f, "__name__", ""))
    which = f"df[{i}]" if arity > 1 else "df"
    wrong, right = apart(here.claimed[i], here.right[i])
    seen = f"{which} gives {wrong} where differences give {right}, at {at(names, here.xs)}"
    seen += in_words(named, found, i, names)
    place = f"what `df` returns, entry {i}." if arity > 1 else "what `df` returns."
    code = program_of_pair(f, here, names, i)
    return diagnosis(of_rule(named, place, names, i), which, seen, code, i, "f", arity)


def of_a_rule(found: LocalPartial, given: Mapping[Value, str]) -> Diagnosis:
    """The diagnosis of the first op whose local partial is wrong."""
    node, i, row = found
    op, xs = node.op, floats(node.operands)
    assert op is not None
    around = samples(op.forward, lambda *ys: op.partials(op.forward(*ys), *ys), xs)
    named = name(around, i, op.name)
    names = called(node.operands, given)
    wrong, right = apart(row.analytic, row.numeric)
    seen = f"{row.name}: the local partial is {wrong} where differences give {right}, at {at(names, xs)}"
    seen += in_words(named, around, i, names)
    mistake = of_rule(named, f"the `partials` of `{op.name}`, entry {i}.", names, i)
    here = shorter(op, xs, i, named) or Sample(xs, node.data, (row.numeric,) * len(xs), (row.analytic,) * len(xs), ())
    return diagnosis(mistake, row.name, seen, program_of(op, here, names, i), i, op.name, len(xs))


def at(names: Sequence[str], xs: Sequence[float]) -> str:
    """A point in words."""
    return ", ".join(f"{n} = {number(x)}" for n, x in zip(names, xs, strict=True))


def shorter(op: Op, xs: tuple[float, ...], i: int, named: Named | None) -> Sample | None:
    """The nearest point of few digits at which the op makes the same mistake; None if there is none."""
    for digits in DIGITS:
        short = tuple([float(f"{x:.{digits}g}") for x in xs])
        around = samples(op.forward, lambda *ys: op.partials(op.forward(*ys), *ys), short)
        if around and around[0].xs == short and is_wrong(op.forward, around[0], i):
            other = name(around, i, op.name)
            if (other and other.mistake) == (named and named.mistake):
                return around[0]
    return None


def of_the_cut(row: Row) -> Diagnosis:
    """The diagnosis of a function that does not compute with Values all the way."""
    wrong, right = apart(row.analytic, row.numeric)
    seen = f"{row.name}: the gradient is {wrong} where differences give {right}"
    seen += ", and every local partial of the graph is right: what the function does is not all in the graph"
    code = (
        "def f(x):\n    return x * math.exp(x.data)  # a number: the exponential is not in the graph\n"
        "# f'(1) by hand: e + 1·e = 5.43656\n# the gradient: e = 2.71828"
    )
    return diagnosis(FAILURES["graph-cut"], row.name, seen, code, 0, "f", 1)


def of_a_nan(op: Op, xs: tuple[float, ...], i: int, partial: float, arrived: float) -> Diagnosis:
    """The diagnosis of a product 0·inf in the backward pass."""
    names = variables(len(xs))
    seen = f"{op.name} at {at(names, xs)}: the local partial is {number(partial)}, the gradient that "
    seen += f"arrives is {number(arrived)}, and their product is nan"
    code = program_of_nan(op, xs, names, i, partial, arrived)
    return diagnosis(FAILURES["zero-times-infinity"], op.name, seen, code, i, op.name, len(xs))


def of_second_order(op: Op, xs: tuple[float, ...], i: int, partial: float, row: Row) -> Diagnosis:
    """The diagnosis of a rule that gives numbers where it should give Values."""
    wrong, right = apart(row.analytic, row.numeric)
    seen = f"{row.name}: {wrong} where differences give {right}; the rule of {op.name}"
    seen += " gives a plain number when it is given Values, so that it cannot be differentiated again"
    code = program_of_numbers(op, xs, variables(len(xs)), i, partial)
    return diagnosis(FAILURES["rule-of-numbers"], op.name, seen, code, i, op.name, len(xs))
