"""The words of a diagnosis of this package's own gradients, and of pairs of a function and its derivative.

This file owns what is said; it must not know how it was found.
Read next: `own_programs.py`, the programs beside it; `calling.py`, what operands are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .failures import FAILURES
from .finding import Diagnosis
from .hand import number
from .mistakes import Mistake
from .naming import Named, ratio
from .partials import BY_KEY
from .rules import rule_of, with_names
from .sampling import Sample

__all__ = ["diagnosis", "in_words", "of_rule"]

OPERANDS = ("first operand", "second operand", "third operand")


def of_rule(named: Named | None, place: str, names: Sequence[str], i: int) -> Mistake:
    """The entry of the catalogue, with the place and the solution as they are for a rule of one's own."""
    mistake = named.mistake if named else FAILURES["unexplained"]
    if mistake is BY_KEY["inexact-constant"]:
        return replace(mistake, hints=(mistake.hints[0], place, mistake.hints[2]))
    rule = rule_in_words(named, i, names)
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


def rule_in_words(named: Named | None, i: int, operands: Sequence[str]) -> str:
    """The right rule, with the names of the operands; "" if there is no short form."""
    if named is None:
        return ""
    return with_names(rule_of(named.op, i), for_rule(named, operands), "y")


def in_words(named: Named | None, found: Sequence[Sample], i: int, operands: Sequence[str]) -> str:
    """What the wrong derivative seems to be; the right one is left to the reader."""
    if named is None:
        factor = ratio(found, i)
        return f"; that is {number(factor)} times the right one, at every point around" if factor is not None else ""
    if "{rule}" in named.text:
        return f"; that is {named.text.replace('{rule}', 'the right one')}"
    return f"; it seems to be {with_names(named.text, for_rule(named, operands), 'y')}"


def for_rule(named: Named, operands: Sequence[str]) -> tuple[str, ...]:
    """What the operands are called in a rule; the exponent of x**3 is n."""
    return (*operands, "n") if named.op == "pow" and len(operands) == 1 else tuple(operands)
