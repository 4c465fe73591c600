"""The smallest programs that show what is wrong with a rule of one's own, or with a function and its derivative.

This file owns these programs as text; it must not know how a mistake is found.
Read next: `own_words.py`, what is said beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from ...engine import Op
from ..programs import OPERATORS, TABLE
from .calling import as_variables
from .hand import apart, number
from .sampling import Function, Sample, value

__all__ = ["program_of", "program_of_nan", "program_of_numbers", "program_of_pair"]

STEPS = (1e-3, 1e-4, 1e-5, 1e-6)  # of differences that are written out
CLEAR = 0.1  # of the mistake: differences that are further off do not show it


def program_of(op: Op, here: Sample, names: Sequence[str], i: int) -> str:
    """A program of this op alone, at a point at which it is wrong."""
    operands = as_variables(names)
    result = result_beside(operands)
    wrong, right = apart(here.claimed[i], here.right[i])
    return "\n".join([
        *leaves(operands, here.xs), f"{result} = {call(op, operands)}", f"{result}.backward()",
        f"# {operands[i]}.grad by differences: {right}", f"# {operands[i]}.grad here: {wrong}",
    ])  # fmt: skip


def program_of_nan(op: Op, xs: Sequence[float], names: Sequence[str], i: int, partial: float, arrived: float) -> str:
    """A program in which this local partial and this arrived gradient meet."""
    operands = as_variables(names)
    result = result_beside(operands)
    factor = repr(arrived) if math.isfinite(arrived) else f'float("{arrived}")'
    by_hand = f"# {operands[i]}.grad by hand: {number(partial)} · {number(arrived)} = nan"
    return "\n".join([
        *leaves(operands, xs), f"{result} = {call(op, operands)}", f"({result} * {factor}).backward()",
        f"# the local partial is {number(partial)}, the gradient of {result} is {number(arrived)}", by_hand,
    ])  # fmt: skip


def program_of_numbers(op: Op, xs: Sequence[float], names: Sequence[str], i: int, partial: float) -> str:
    """A program that asks a rule for its partials of Values, and gets a number."""
    operands = as_variables(names)
    result = result_beside(operands)
    kind = type(partial).__name__
    return "\n".join([
        *leaves(operands, xs), f"{result} = {call(op, operands)}",
        f"{op.name}.partials({result}, {', '.join(operands)})[{i}]  # {number(partial)}: of type {kind}, not Value",
    ])  # fmt: skip


def program_of_pair(f: Function, here: Sample, names: Sequence[str], i: int) -> str:
    """A function and its derivative at a point, with differences that anybody can work out.

    Example:
        >>> from autograd.check.diagnosis.own_programs import program_of_pair
        >>> from autograd.check.diagnosis.sampling import Sample
        >>> print(program_of_pair(lambda x: x**3, Sample((2.0,), 8.0, (12.0,), (13.0,), (1e-9,)), ["x"], 0))
        f(2.0)  # 8
        df(2.0)  # 13 here
        # by differences: (f(2.001) - f(1.999)) / 0.002 = 12
    """
    wrong, right = apart(here.claimed[i], here.right[i])
    point = arguments(names, [*map(repr, here.xs)])
    which, moved = (f"[{i}]", f", in {names[i]}") if len(names) > 1 else ("", "")
    by_differences = next(differences(f, here, names, i), right)
    return "\n".join([
        f"f({point})  # {number(here.y)}", f"df({point}){which}  # {wrong} here",
        f"# by differences{moved}: {by_differences}",
    ])  # fmt: skip


def differences(f: Function, here: Sample, names: Sequence[str], i: int) -> Iterator[str]:
    """The right derivative as a quotient of differences with its value, for each step that shows the mistake."""
    x, mistake = here.xs[i], abs(here.claimed[i] - here.right[i])
    size = 10.0 ** math.floor(math.log10(abs(x))) if x else 1.0
    for step in [*STEPS, *[size * step for step in STEPS]]:
        above, below = f"{x + step:.12g}", f"{x - step:.12g}"
        width = float(f"{float(above) - float(below):.6g}")
        points = [[*here.xs[:i], float(moved), *here.xs[i + 1 :]] for moved in (above, below)]
        ys = [value(f, point) for point in points]
        if ys[0] is None or ys[1] is None or not width:
            continue
        quotient = (ys[0] - ys[1]) / width
        if abs(quotient - here.right[i]) <= CLEAR * mistake:
            texts = [*map(repr, here.xs)]
            calls = [f"f({arguments(names, [*texts[:i], moved, *texts[i + 1 :]])})" for moved in (above, below)]
            yield f"({calls[0]} - {calls[1]}) / {width:.6g} = {apart(here.claimed[i], quotient)[1]}"


# --- the parts -------------------------------------------------------------------------------------------------


def leaves(operands: Sequence[str], xs: Sequence[float]) -> list[str]:
    """The lines that make the operands."""
    return [f"{name} = Value({x!r})" for name, x in zip(operands, xs, strict=True)]


def result_beside(operands: Sequence[str]) -> str:
    """A name for the result that no operand has."""
    return next(letter for letter in ("y", "z", "result") if letter not in operands)


def call(op: Op, operands: Sequence[str]) -> str:
    """The operation as it is written: an operator, if it is the engine's own."""
    if len(operands) == 2 and op.name in OPERATORS and TABLE[op.name] is op:
        return f" {OPERATORS[op.name]} ".join(operands)
    return f"{op.name}({', '.join(operands)})"


def arguments(names: Sequence[str], texts: Sequence[str]) -> str:
    """The arguments of a function in code; those that are called as items of one argument stand in brackets.

    Example:
        >>> from autograd.check.diagnosis.own_programs import arguments
        >>> arguments(["xs[0]", "xs[1]", "w"], ["1.0", "2.0", "3.0"])
        '[1.0, 2.0], 3.0'
    """
    found = []
    for _, pairs in groupby(zip(names, texts, strict=True), key=lambda pair: pair[0].partition("[")[0]):
        items = [*pairs]
        text = ", ".join(text for _, text in items)
        found.append(f"[{text}]" if "[" in items[0][0] else text)
    return ", ".join(found)
