"""Numbers by hand: a program with its values, and its gradients as sums over paths.

This file owns the arithmetic that a reader can follow; it must not know of mistakes.
Read next: `rules.py`, the rules in words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..programs import TABLE, Observation, Program
from .rules import rule_with_names

__all__ = ["by_hand", "number", "worked"]

MOST_PATHS, LONGEST_LINE = 4, 110  # what a reader still follows
LONG = 12  # steps; longer programs are about their length


class Factor(NamedTuple):
    """One local partial on a path, in words and as a number."""

    text: str
    value: float


def number(x: float) -> str:
    """A number for readers: six digits."""
    return f"{x + 0.0:.6g}"


def worked(program: Program, right: Observation, seen: Observation, inputs: Sequence[int]) -> str:
    """The program as code, with its values and, for some of the inputs, the gradient by hand beside what is seen.

    Args:
        program: The program.
        right: What is right.
        seen: What the engine gives.
        inputs: The inputs whose gradients are explained.
    """
    names = program.names()
    first = len(program.inputs)
    short = len(program.steps) <= LONG
    notes = {i: number(right.values[i]) for i in range(first, len(right.values))} if short else {}
    lines = [program.code(notes=notes)]
    for i in inputs:
        lines.append(f"# {names[i]}.grad by hand: {by_hand(program, right, i)}")
        if i < len(seen.gradients):
            lines.append(f"# {names[i]}.grad here: {number(seen.gradients[i])}")
    return "\n".join(lines)


def by_hand(program: Program, right: Observation, i: int) -> str:
    """The gradient of input i as arithmetic.

    Example:
        >>> from autograd.check.programs import Program, Step, expected
        >>> from autograd.check.diagnosis.hand import by_hand
        >>> program = Program("shared", (2.0, 3.0), (Step("mul", (0, 1)), Step("add", (2, 0))))
        >>> by_hand(program, expected(program), 0)
        'b + 1 = 3 + 1 = 4'
    """
    total = number(right.gradients[i])
    if len(program.steps) > LONG:
        return total
    roots = [action[1] for action in since_zero(program.script) if action[0] == "backward"]
    changed = any(action[0] == "set" for action in program.script)
    if len(roots) != 1:
        parts = [number(sum(math.prod(f.value for f in path) for path in paths(program, right, root, i))) for root in roots]
        return f"{' + '.join(parts)} = {total} ({len(roots)} passes)"
    text = arithmetic(paths(program, right, roots[0], i), total)
    return f"{text}, at the numbers that the result was computed with" if changed else text


def since_zero(script: Sequence[tuple[object, ...]]) -> Sequence[tuple[object, ...]]:
    """What is done after the gradients were last set to zero."""
    zeros = [k for k, action in enumerate(script) if action[0] == "zero"]
    return script[zeros[-1] + 1 :] if zeros else script


def paths(program: Program, right: Observation, root: object, i: int) -> list[list[Factor]]:
    """The local partials along every path from the result to input i."""
    names, first = program.names(), len(program.inputs)
    found: list[list[Factor]] = []
    waiting: list[tuple[object, list[Factor]]] = [(root, [])]
    while waiting:
        k, factors = waiting.pop()
        if k == i:
            found.append(factors)
        elif isinstance(k, int) and k >= first:
            step = program.steps[k - first]
            xs = [right.values[x] if isinstance(x, int) else x for x in step.operands]
            partials = TABLE[step.op].partials(right.values[k], *xs)
            written = tuple(names[x] if isinstance(x, int) else number(x) for x in step.operands)
            here = [
                (x, [*factors, Factor(rule_with_names(step.op, p, written, names[k]), float(partials[p]))])
                for p, x in enumerate(step.operands)
                if isinstance(x, int)
            ]
            waiting += reversed(here)
    return found


def arithmetic(all_paths: list[list[Factor]], total: str) -> str:
    """The sum over paths of the products along them, in words, in numbers, and what it gives."""
    if not all_paths or len(all_paths) > MOST_PATHS:
        return total
    words = summed([product([f.text or number(f.value) for f in path]) for path in all_paths])
    numbers = summed([product([number(f.value) for f in path]) for path in all_paths])
    parts = [text for k, text in enumerate((words, numbers, total)) if text not in (words, numbers, total)[:k]]
    text = " = ".join(parts)
    return text if len(text) <= LONGEST_LINE else f"{numbers} = {total}" if len(numbers) <= LONGEST_LINE else total


def summed(terms: Sequence[str]) -> str:
    """Terms with plus signs between them."""
    return " + ".join([terms[0], *[f"({term})" if term.startswith("-") else term for term in terms[1:]]])


def product(factors: Sequence[str]) -> str:
    """Factors with dots between them; ones are left out."""
    kept = [factor for factor in factors if factor != "1"] or ["1"]
    if len(kept) == 1:
        return kept[0]
    return "·".join(f"({factor})" if " " in factor or factor.startswith("-") else factor for factor in kept)


def differences(right: Observation, seen: Observation, names: Mapping[int, str], inputs: Sequence[int]) -> str:
    """What is seen where something else is right, in words."""
    parts = [f"{names[i]}.grad is {number(seen.gradients[i])} where {number(right.gradients[i])} is right" for i in inputs]
    return ", ".join(parts)
