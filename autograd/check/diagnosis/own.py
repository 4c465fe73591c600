"""Diagnosis of a failed check of this package's own gradients, and of pairs of a function and its derivative.

This file owns the search for the op that is wrong in a graph; it must not know of other engines.
Read next: `naming.py`, which names what is wrong with it; `failures.py`, the causes outside of a rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...engine import Op, Value, floats, toposort
from ..inputs import flat
from ..nodes import LocalPartial, first_wrong, stored_partials
from ..result import Row
from ..verdict import WRONG
from .failures import FAILURES
from .finding import Diagnosis
from .hand import number
from .mistakes import Mistake
from .naming import Named, Sample, is_wrong, name, ratio, samples
from .rules import rule_of, with_names

__all__ = ["diagnose_failure", "diagnose_pair"]

OPERANDS = ("first operand", "second operand", "third operand")


def diagnose_failure(output: Value, rows: Sequence[Row]) -> tuple[Diagnosis, ...]:
    """What is probably wrong where `gradcheck` says "wrong".

    Args:
        output: The result of the checked function, with its graph.
        rows: The rows of the check; those that are not "wrong" are left aside.

    Returns:
        The diagnoses, the most certain first; () if no row is wrong or nothing can be said.

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
    found = first_wrong(output)
    if found is not None:
        return (of_a_rule(found),)
    broken = first_nan(output) if any(math.isnan(row.analytic) for row in wrong) else None
    if broken is not None:
        return (of_a_nan(*broken),)
    numbers = rule_of_floats(output)
    if numbers is not None:
        return (of_second_order(numbers, wrong[0]),)
    return (of_the_cut(wrong[0]),)


def diagnose_pair(f: Callable[..., float], df: Callable[..., Any], data: Sequence[float]) -> tuple[Diagnosis, ...]:
    """What is probably wrong with a derivative that somebody wrote for a function of floats.

    Args:
        f: The function of as many floats as there are data.
        df: Its gradient: a number, or one for each argument.
        data: The point of the check.

    Returns:
        The diagnoses, one for each kind of mistake that fits at several points around; () if nothing can be said.

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
    diagnoses: dict[str, Diagnosis] = {}
    for i in [i for i in range(len(data)) if is_wrong(f, found[0], i)]:
        named = name(found, i, getattr(f, "__name__", ""))
        names = variables(len(data))
        at = ", ".join(f"{n} = {number(x)}" for n, x in zip(names, data, strict=True))
        which = f"df[{i}]" if len(data) > 1 else "df"
        seen = (
            f"{which} gives {number(found[0].claimed[i])} where differences give {number(found[0].right[i])}, at {at}"
        )
        seen += in_words(named, found, i, names)
        place = f"what `df` returns, entry {i}." if len(data) > 1 else "what `df` returns."
        said = diagnosis(of_rule(named, place, len(data), i), which, seen, "", i, "f", len(data))
        diagnoses.setdefault(said.mistake, said)
    return tuple(diagnoses.values())


# --- what is said ----------------------------------------------------------------------------------------------


def of_a_rule(found: LocalPartial) -> Diagnosis:
    """The diagnosis of the first op whose local partial is wrong."""
    node, i, row = found
    op, xs = node.op, floats(node.operands)
    assert op is not None
    around = samples(op.forward, lambda *ys: op.partials(op.forward(*ys), *ys), xs)
    named = name(around, i, op.name)
    names = variables(len(xs))
    at = ", ".join(f"{n} = {number(x)}" for n, x in zip(names, xs, strict=True))
    seen = f"{row.name}: the local partial is {number(row.analytic)} where differences give {number(row.numeric)}"
    seen += f", at {at}"
    seen += in_words(named, around, i, names)
    mistake = of_rule(named, f"the `partials` of `{op.name}`, entry {i}.", len(xs), i)
    return diagnosis(mistake, row.name, seen, program_of(op, xs, row, i), i, op.name, len(xs))


def of_the_cut(row: Row) -> Diagnosis:
    """The diagnosis of a function that does not compute with Values all the way."""
    seen = f"{row.name}: the gradient is {number(row.analytic)} where differences give {number(row.numeric)}"
    seen += ", and every local partial of the graph is right: what the function does is not all in the graph"
    code = (
        "def f(x):\n    return x * math.exp(x.data)  # a number: the exponential is not in the graph\n"
        "# f'(1) by hand: e + 1·e = 5.43656\n# the gradient: e = 2.71828"
    )
    return diagnosis(FAILURES["graph-cut"], row.name, seen, code, 0, "f", 1)


def of_a_nan(op: Op, xs: tuple[float, ...], i: int, partial: float, arrived: float) -> Diagnosis:
    """The diagnosis of a product 0·inf in the backward pass."""
    names = variables(len(xs))
    at = ", ".join(f"{n} = {number(x)}" for n, x in zip(names, xs, strict=True))
    seen = f"{op.name} at {at}: the local partial is {number(partial)}, the gradient that arrives is {number(arrived)}"
    seen += ", and their product is nan"
    return diagnosis(FAILURES["zero-times-infinity"], op.name, seen, "", i, op.name, len(xs))


def of_second_order(op: Op, row: Row) -> Diagnosis:
    """The diagnosis of a rule that gives numbers where it should give Values."""
    seen = f"{row.name}: {number(row.analytic)} where differences give {number(row.numeric)}; the rule of {op.name}"
    seen += " gives a plain number when it is given Values, so that it cannot be differentiated again"
    return diagnosis(FAILURES["rule-of-numbers"], op.name, seen, "", 0, op.name, 1)


def of_rule(named: Named | None, place: str, arity: int, i: int = 0) -> Mistake:
    """The entry of the catalogue, with the place and the solution as they are for a rule of one's own."""
    mistake = named.mistake if named else FAILURES["unexplained"]
    rule = rule_in_words(named, i, variables(arity))
    solution = f"the derivative of `{{op}}` by its {{operand}} is {rule}." if rule else mistake.hints[2]
    if "{line}" in solution:
        solution = "the right derivative, by hand, is what differences confirm: see the numbers above."
    return replace(mistake, hints=(mistake.hints[0], place, solution))


def diagnosis(mistake: Mistake, where: str, seen: str, code: str, i: int, op: str, arity: int) -> Diagnosis:
    """The diagnosis, with the fields of its texts filled in."""
    operand = "operand" if arity == 1 else OPERANDS[i] if i < len(OPERANDS) else f"operand {i}"
    texts = [mistake.title, *mistake.hints]
    for key, value in (("op", op), ("symbol", op), ("operand", operand)):
        texts = [text.replace(f"{{{key}}}", value) for text in texts]
    return Diagnosis(mistake.key, texts[0], where, seen, code, mistake.idea, tuple(texts[1:]), mistake.level)


def rule_in_words(named: Named | None, i: int, operands: tuple[str, ...]) -> str:
    """The right rule, with the names of the operands; "" if there is no short form."""
    if named is None:
        return ""
    names = operands if len(operands) > 1 or named.op != "pow" else (*operands, "n")
    return with_names(rule_of(named.op, i), names, "y")


def in_words(named: Named | None, found: Sequence[Sample], i: int, operands: tuple[str, ...]) -> str:
    """What the wrong derivative seems to be; the right one is left to the reader."""
    if named is None:
        factor = ratio(found, i)
        return f"; that is {number(factor)} times the right one, at every point around" if factor is not None else ""
    names = operands if len(operands) > 1 or named.op != "pow" else (*operands, "n")
    if "{rule}" in named.text:
        return f"; that is {named.text.replace('{rule}', 'the right one')}"
    return f"; it seems to be {with_names(named.text, names, 'y')}"


def program_of(op: Op, xs: tuple[float, ...], row: Row, i: int) -> str:
    """A program of this op alone, at the numbers at which it was found wrong."""
    names = variables(len(xs))
    lines = [f"{n} = Value({x!r})" for n, x in zip(names, xs, strict=True)]
    lines += [f"y = {op.name}({', '.join(names)})", "y.backward()"]
    lines.append(f"# {names[i]}.grad by differences: {number(row.numeric)}")
    lines.append(f"# {names[i]}.grad here: {number(row.analytic)}")
    return "\n".join(lines)


def variables(count: int) -> tuple[str, ...]:
    """Names for the arguments of a function: x, or a, b, ..."""
    return ("x",) if count == 1 else tuple("abcdefghijklm"[k] if k < 13 else f"x{k}" for k in range(count))


# --- what is looked for where every local partial is right ------------------------------------------------------


def first_nan(output: Value) -> tuple[Op, tuple[float, ...], int, float, float] | None:
    """The op, from the output to the inputs, at which a partial and an arrived gradient multiply to nan."""
    gradients: dict[Value, float] = {output: 1.0}
    for node in reversed(toposort(output)):
        arrived = gradients.get(node, 0.0)
        if node.op is None:
            continue
        operands = node.operands
        for i, partial in stored_partials(node).items():
            product = partial * arrived
            if math.isnan(product) and not math.isnan(partial) and not math.isnan(arrived):
                return node.op, floats(operands), i, partial, arrived
            x = operands[i]
            gradients[x] = gradients.get(x, 0.0) + product  # type: ignore[index,arg-type]  # stored ones are of Values
    return None


def rule_of_floats(output: Value) -> Op | None:
    """The first op whose rule gives a plain number for Values, though its derivative is no constant."""
    examined: set[Op] = set()
    for node in toposort(output):
        if node.op is not None and node.op not in examined:
            examined.add(node.op)  # once is enough: it is the rule that is at fault, not the point
            if any(varying_numbers(node.op, floats(node.operands))):
                return node.op
    return None


def varying_numbers(op: Op, xs: tuple[float, ...]) -> Iterator[bool]:
    """For each operand, whether the partial of the op is a plain number and not the same nearby."""
    operands = [Value(x) for x in xs]
    around = samples(op.forward, lambda *ys: op.partials(op.forward(*ys), *ys), xs)
    try:
        partials = op.partials(op(*operands), *operands)
    except (ArithmeticError, ValueError, TypeError):
        return
    for i, partial in enumerate(partials):
        yield not isinstance(partial, Value) and len({s.claimed[i] for s in around}) > 1
