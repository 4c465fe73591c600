"""Numbers by hand: a program with its values, and its gradients as sums over paths.

This file owns the arithmetic that a reader can follow; it must not know of mistakes.
Read next: `rules.py`, the rules in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..programs import OPERATORS, TABLE, Observation, Program, Step, expression
from .rules import rule_with_names

__all__ = ["apart", "by_differences", "by_hand", "number", "without_rules", "worked"]

MOST_PATHS, LONGEST_LINE = 4, 110  # what a reader still follows
STEP = 0.001  # how far an operand is moved
ELEMENTARY = ("add", "sub", "mul", "div", "neg", "pos", "sum", "square", "reciprocal", "relu", "abs", "maximum",
              "minimum", "max", "min")  # fmt: skip
LONG = 12  # steps; longer programs are about their length


class Factor(NamedTuple):
    """One local partial on a path, in words and as a number."""

    text: str
    value: float


def number(x: float) -> str:
    """A number for readers: six digits."""
    return f"{x + 0.0:.6g}"


def apart(x: float, y: float) -> tuple[str, str]:
    """Two different numbers for readers: with as many digits as it takes to see that."""
    for digits in range(6, 17):
        found = f"{x + 0.0:.{digits}g}", f"{y + 0.0:.{digits}g}"
        if found[0] != found[1]:
            return found
    return repr(x), repr(y)


def worked(
    program: Program, right: Observation, seen: Observation, inputs: Sequence[int],
    reason: Callable[[Program, Observation, int], str],
) -> str:  # fmt: skip
    """The program as code, with its values and, for some of the inputs, the gradient by hand beside what is seen.

    Args:
        program: The program.
        right: What is right.
        seen: What the engine gives.
        inputs: The inputs whose gradients are explained.
        reason: How: `by_hand` or `without_rules`.
    """
    names = program.names()
    first = len(program.inputs)
    short = len(program.steps) <= LONG
    notes = {i: number(right.values[i]) for i in range(first, len(right.values))} if short else {}
    lines = [program.code(notes=notes)]
    for i in inputs:
        lines.append(f"# {names[i]}.grad {reason(program, right, i)}")
        if i < len(seen.gradients):
            lines.append(f"# {names[i]}.grad here: {number(seen.gradients[i])}")
    return "\n".join(lines)


def by_differences(program: Program, right: Observation, i: int) -> str:
    """The gradient of input i by moving it a little: a number to compare with, and no rule.

    Example:
        >>> from autograd.check.programs import Program, Step, expected
        >>> from autograd.check.diagnosis.hand import by_differences
        >>> program = Program("tanh", (0.5,), (Step("tanh", (0,)),))
        >>> by_differences(program, expected(program), 0)
        'by differences: (tanh(0.501) - tanh(0.499)) / 0.002 = 0.786448'
    """
    total = number(right.gradients[i])
    if len(program.steps) != 1 or len(program.script) != 1:
        return f"by differences: {total}"
    up, down = (moved(program, i, step) for step in (STEP, -STEP))
    return f"by differences: ({up} - {down}) / {2 * STEP} = {total}"


def moved(program: Program, i: int, step: float) -> str:
    """The only step of a program in numbers, where input i has moved."""
    numbers = {k: f"{x + (step if k == i else 0.0):.10g}" for k, x in enumerate(program.inputs)}
    numbers = {k: f"({text})" if text.startswith("-") else text for k, text in numbers.items()}
    only = program.steps[0]
    if only.op not in OPERATORS and TABLE[only.op].arity == 1:
        return f"{only.op}({numbers[0].strip('()')})"
    text = expression(only, numbers)
    return f"({text})" if only.op in OPERATORS else text


def by_hand(program: Program, right: Observation, i: int) -> str:
    """The gradient of input i as arithmetic: the chain rule along the paths.

    Example:
        >>> from autograd.check.programs import Program, Step, expected
        >>> from autograd.check.diagnosis.hand import by_hand
        >>> program = Program("shared", (2.0, 3.0), (Step("mul", (0, 1)), Step("add", (2, 0))))
        >>> by_hand(program, expected(program), 0)
        'by hand: b + 1 = 3 + 1 = 4'
    """
    total = number(right.gradients[i])
    if len(program.steps) > LONG:
        return f"by hand: {total}"
    roots = [action[1] for action in since_zero(program.script) if action[0] == "backward"]
    changed = any(action[0] == "set" for action in program.script)
    if len(roots) != 1:
        parts = [number(total_of(paths(program, right, root, i))) for root in roots]
        return f"by hand: {' + '.join(parts)} = {total} ({len(roots)} passes)"
    text = arithmetic(paths(program, right, roots[0], i), total)
    where = ", at the numbers that the result was computed with" if changed else ""
    return f"by hand: {text}{where}"


def without_rules(program: Program, right: Observation, i: int) -> str:
    """The gradient of input i for a reader who is to find the rule: in numbers alone, and by moving the input.

    Example:
        >>> from autograd.check.programs import Program, Step, expected
        >>> from autograd.check.diagnosis.hand import without_rules
        >>> product = Program("product", (2.0, 3.0), (Step("mul", (0, 1)),))
        >>> without_rules(product, expected(product), 0)
        'by hand: 3, and by differences: ((2.001 * 3) - (1.999 * 3)) / 0.002 = 3'
    """
    by_moving = by_differences(program, right, i)
    backwards = [action[1] for action in program.script if action[0] == "backward"]
    if not all(map(is_elementary, program.steps)) or len(program.script) != 1 or len(program.steps) > LONG:
        return by_moving
    numbers = in_numbers(paths(program, right, backwards[0], i), number(right.gradients[i]))
    return f"by hand: {numbers}, and {by_moving}" if len(program.steps) == 1 else f"by hand: {numbers}"


def is_elementary(step: Step) -> bool:
    """Whether the derivative of a step can be worked out without a table of functions."""
    if step.op == "pow":
        return isinstance(step.operands[1], float) and step.operands[1].is_integer()
    return step.op in ELEMENTARY


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


def total_of(all_paths: list[list[Factor]]) -> float:
    """The sum over paths of the products along them."""
    return sum(math.prod(factor.value for factor in path) for path in all_paths)


def in_numbers(all_paths: list[list[Factor]], total: str) -> str:
    """The sum over paths of the products along them, in numbers, and what it gives."""
    if not all_paths or len(all_paths) > MOST_PATHS:
        return total
    numbers = summed([product([number(f.value) for f in path]) for path in all_paths])
    return total if numbers == total else f"{numbers} = {total}"


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
    pairs = [(names[i], *apart(seen.gradients[i], right.gradients[i])) for i in inputs]
    return ", ".join(f"{name}.grad is {wrong} where {true} is right" for name, wrong, true in pairs)
