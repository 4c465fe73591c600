"""Strategies for hypothesis: Values, points, programs for any engine, and expressions; all of them well-conditioned.

This file owns how they are drawn, so that they shrink to the smallest that fails; it must not know what is tested with
them. It needs hypothesis (`pip install "scalar-autograd[check]"`). Read next: `drawn.py`, what the draws mean.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from ..engine import Value
from .conditions import is_smooth
from .conformance import Dialect
from .drawn import BACK, CONSTANTS, MOST_OPERANDS, OF_A_LIST, Drawn, Expression, PrintedProgram, written
from .points import intervals
from .programs import TABLE, Observation, Program, expected, observe

try:
    from hypothesis import assume, strategies as st
except ImportError as error:
    raise ImportError(
        'autograd.check.strategies needs hypothesis: pip install "scalar-autograd[check]"', name="hypothesis"
    ) from error

__all__ = ["ELEMENTARY", "Expression", "PrintedProgram", "assert_agrees", "expressions", "points", "programs", "values"]

# What is found in nearly every engine that somebody writes.
ELEMENTARY = ("add", "mul", "sub", "neg", "div", "pow", "exp", "tanh", "relu")
SPAN = 4.0  # numbers lie within this of 0, or of the end of their domain
SMALLEST = 0.125  # of the inputs of a program: at 0 a wrong factor makes no difference
TOLERANCE = 1e-9  # of agreement, beside 1 and the right number: what is well-conditioned loses no more to rounding


# --- strategies --------------------------------------------------------------------------------------------------


def values(domain: str = "(-inf, inf)") -> st.SearchStrategy[Value]:
    """Leaves with data of ordinary size.

    Args:
        domain: Where the data lie, as `"(0, inf)"` or `"(-inf, -1) | (1, inf)"`.

    Example:
        >>> from hypothesis import given
        >>> from autograd.check.strategies import values
        >>> @given(values("(0, inf)"), values())
        ... def test_the_derivative_of_a_product(x, y):
        ...     (x * y).backward()
        ...     assert (x.grad, y.grad) == (y.data, x.data)
        >>> test_the_derivative_of_a_product()
    """
    return _numbers(domain).map(Value)


def points(
    count: int, of: Callable[..., Any] | None = None, domain: str = "(-inf, inf)"
) -> st.SearchStrategy[tuple[float, ...]]:
    """Tuples of numbers of ordinary size, at which a function is well-conditioned.

    Args:
        count: How many numbers.
        of: The function, of Values; points where it is undefined or not finite, or with a kink, jump or pole close by,
            are left out. Without it every point is taken.
        domain: Where each number lies.

    Example:
        >>> from hypothesis import given
        >>> from autograd import assert_gradients, log
        >>> from autograd.check.strategies import points
        >>> f = lambda x, y: log(x - y) * abs(y)
        >>> @given(points(2, of=f))
        ... def test_the_gradient(point):
        ...     assert_gradients(f, *point)
        >>> test_the_gradient()
    """
    drawn = st.tuples(*[_numbers(domain)] * count)
    return drawn if of is None else drawn.filter(lambda point: is_smooth(of, point))


def programs(
    ops: Sequence[str] = ELEMENTARY, *, inputs: int = 3, steps: int = 8, constants: bool = True
) -> st.SearchStrategy[PrintedProgram]:
    """Programs for any engine: inputs, operations and a backward pass, which `assert_agrees` compares.

    Each number in them, and each derivative by an input, is of ordinary size; no operation is close to a kink.

    Args:
        ops: The names of the operations, as in the table; the exponents of "pow" are constants.
        inputs: The largest number of inputs.
        steps: The largest number of operations.
        constants: Whether operands may be plain numbers, as in `2.0 - a`.

    Raises:
        ValueError: If there is no operation of such a name, or it has no form in code (dot, cross entropy).

    Example:
        >>> from hypothesis import given
        >>> from autograd import Value
        >>> from autograd.check.strategies import assert_agrees, programs
        >>> @given(programs(["add", "mul", "tanh"]))
        ... def test_my_engine(program):
        ...     assert_agrees(Value, program)
        >>> test_my_engine()
    """
    unknown = [name for name in ops if name not in TABLE or (TABLE[name].arity is None and name not in OF_A_LIST)]
    if unknown or not ops:
        what = ", ".join(map(repr, unknown)) or "none"
        raise ValueError(
            f"programs are made of operations of the table on one to three numbers or on a list; of {[*ops]!r} "
            f"these are not: {what}"
        )
    # Every step is drawn from the same choices, used by its operation or not: hypothesis shrinks by leaving choices
    # out, and what is left has to make sense to the step that gets them.
    slots = max(TABLE[name].arity or MOST_OPERANDS + 1 for name in ops)
    slot = st.integers(0, BACK + (len(CONSTANTS) if constants else 0) - 1)
    step = st.tuples(st.sampled_from(list(ops)), st.tuples(*[slot] * slots))
    size = st.builds(_signed, st.floats(SMALLEST, SPAN), st.booleans())
    start = st.lists(size, min_size=1, max_size=inputs)
    return st.builds(_program, start, st.lists(step, min_size=1, max_size=steps))


def expressions(ops: Sequence[str] = ELEMENTARY, *, inputs: int = 3, steps: int = 8) -> st.SearchStrategy[Expression]:
    """Functions of numbers or Values, each with a `.point` where it is well-conditioned; made as `programs` are.

    Args:
        ops: The names of the operations.
        inputs: The largest number of parameters.
        steps: The largest number of operations.

    Raises:
        ValueError: As for `programs`.

    Example:
        >>> from hypothesis import given
        >>> from autograd import assert_gradients
        >>> from autograd.check.strategies import expressions
        >>> @given(expressions())
        ... def test_every_gradient(f):
        ...     assert_gradients(f, *f.point)
        >>> test_every_gradient()
    """
    return programs(ops, inputs=inputs, steps=steps).map(Expression)


def assert_agrees(value_class: type, program: Program) -> None:
    """Run a program on an engine and compare every number and gradient with what is right.

    Args:
        value_class: The engine's class; its names for data and gradient are found by looking.
        program: The program, as drawn from `programs`.

    Raises:
        AssertionError: If something differs by more than rounding, or the engine raises; with the code.
        NotAValueClass: If the class is none of an engine.
    """
    __tracebackhide__ = True  # pytest shows the test's line, not this one
    dialect = _dialect(value_class)
    differences = _differences(expected(program), observe(program, dialect), program, dialect.names["gradient"])
    if differences:
        code = program.code(value_class.__name__, dialect.names["data"][1:], dialect.names["gradient"][1:])
        raise AssertionError("\n".join([f"{value_class.__name__} goes wrong here:", "", code, "", *differences]))


@lru_cache
def _dialect(value_class: type) -> Dialect:
    """How the class is spoken to; its functions may be offered by the package that it belongs to."""
    return Dialect(value_class, sys.modules.get(value_class.__module__.partition(".")[0]))


def _differences(right: Observation, seen: Observation, program: Program, gradient: str) -> list[str]:
    """What differs, by its name in the code."""
    names = list(program.names().values())
    labels = [*names, *(f"{name}{gradient}" for name in names[: len(program.inputs)])]
    pairs = zip([*right.values, *right.gradients], [*seen.values, *seen.gradients], strict=False)
    return [
        *([seen.error] if seen.error else []),
        *[
            f"{label} is {found:.10g} where {truth:.10g} is right"
            for label, (truth, found) in zip(labels, pairs, strict=False)
            if not abs(found - truth) <= TOLERANCE * max(1.0, abs(truth))
        ],
    ]


# --- how they are drawn --------------------------------------------------------------------------------------------


def _numbers(domain: str) -> st.SearchStrategy[float]:
    return st.one_of([_between(low, high) for low, high in intervals(domain)])


def _between(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers with few digits inside an interval, not far from 0 or from its finite end, but never close to either."""
    first = low if math.isfinite(low) else min(-SPAN, high - SPAN)
    last = high if math.isfinite(high) else max(SPAN, low + SPAN)
    digits = 3 - math.floor(math.log10(last - first))
    unit = 10.0**-digits
    return st.floats(first, last).map(lambda x: max(first + unit, min(round(x, digits), last - unit)))


def _signed(size: float, negative: bool) -> float:
    return float(f"{-size if negative else size:.3g}")


def _program(inputs: list[float], drawn: list[Drawn]) -> PrintedProgram:
    program = written(inputs, drawn)
    assume(program is not None)
    assert program is not None
    return program
