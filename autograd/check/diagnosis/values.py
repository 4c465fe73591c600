"""Mistakes that show before any backward pass: wrong values, changed operands, operators that fail.

This file owns how these are found; it must not know of gradients. Read next: `operators.py`, what is said about them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..programs import TABLE, Program
from .battery import CONSTANTS, OF_OP, SHARED, Question
from .evidence import Evidence, pattern_of, right
from .forms import REVERSED
from .mistakes import Mistake
from .model import Form
from .operators import OPERATORS
from .structure import BASIC

__all__ = ["ValueMistake", "reversed_operators", "value_mistakes"]

SEEDS = {mistake.key: mistake for mistake in BASIC}
BY_KEY = {mistake.key: mistake for mistake in OPERATORS}
REVERSED_KEYS = {"sub": "rsub-reversed", "div": "rtruediv-reversed", "pow": "rpow-reversed"}
MISSING = "step 1: "  # the place of an operation that is not there


@dataclass(frozen=True, slots=True)
class ValueMistake:
    """A mistake that values or errors show.

    Attributes:
        mistake: The entry.
        ops: Where.
        program: The program that shows it.
    """

    mistake: Mistake
    ops: tuple[str, ...]
    program: Program


def value_mistakes(evidence: Evidence) -> list[ValueMistake]:
    """The mistakes that values and errors show; operations whose values are wrong are noted in `evidence.opaque`."""
    if evidence.computed(SHARED[0]) and not evidence.values_agree(SHARED[0]):
        evidence.opaque |= evidence.offered  # a leaf does not hold its number: nothing else can be judged
        return [ValueMistake(BY_KEY["wrong-value"], ("leaf",), SHARED[0])]
    found: dict[tuple[str, str], ValueMistake] = {}
    for question, program in sorted(OF_OP, key=lambda pair: pair[0].kind != "alone"):
        if (question.op, question.pattern) in evidence.opaque or not evidence.computed(program):
            continue
        if evidence.is_opaque(program) or evidence.values_agree(program):
            continue
        key = value_mistake(evidence, question, program)
        if key in REVERSED_KEYS.values():
            found.setdefault((key, question.op), ValueMistake(BY_KEY[key], (question.op,), program))
        elif question.kind != "shared":  # the additions around it may be what is wrong
            op, pattern = blamed(evidence, question, program)
            found.setdefault((key, op), ValueMistake(BY_KEY[key], (op,), program))
            if question.kind != "twice":
                evidence.opaque.add((op, pattern))
    for op, key in REVERSED_KEYS.items():  # what is wrong with two Values is not a matter of the reflected operator
        if op != "pow" and ("wrong-value", op) in found:
            found.pop((key, op), None)
    mistakes = sorted(found.values(), key=lambda m: m.mistake.key not in REVERSED_KEYS.values())
    return [*mistakes, *failing(evidence), *raising(evidence)]


def blamed(evidence: Evidence, question: Question, program: Program) -> tuple[str, str]:
    """The operation that the first wrong value of a program comes from, and the pattern of its operands."""
    seen, truth = evidence.seen[program.name].values, right(program.name).values
    wrong = next(k for k, (x, y) in enumerate(zip(seen, truth, strict=False)) if not evidence.same((x,), (y,)))
    for k, step in enumerate(program.steps, len(program.inputs)):
        if k == wrong or wrong in step.operands:
            return step.op, pattern_of(step.operands)
    return question.op, question.pattern


def value_mistake(evidence: Evidence, question: Question, program: Program) -> str:
    """Which mistake a program with a wrong value shows."""
    seen = evidence.seen[program.name]
    inputs = len(program.inputs)
    if not evidence.same(seen.values[:inputs], right(program.name).values[:inputs]):
        return "operand-changed"
    if is_reversed(evidence, question, program):
        return REVERSED_KEYS[question.op]
    if question.op == "sum" and question.kind == "twice":
        return "sum-over-set"
    return "wrong-value"


def is_reversed(evidence: Evidence, question: Question, program: Program) -> bool:
    """Whether the value is the one with the operands the wrong way round."""
    if question.pattern != "cv" or question.op not in REVERSED_KEYS:
        return False
    position = len(program.inputs)
    c, x = float(program.steps[0].operands[0]), program.inputs[0]
    swapped = TABLE[question.op].forward(x, c)
    return evidence.same(evidence.seen[program.name].values[position : position + 1], (swapped,))


def reversed_operators(mistakes: list[ValueMistake]) -> dict[tuple[str, str], Form]:
    """The forms that belong to reversed operators, for the model."""
    return {(m.ops[0], "cv"): REVERSED[m.ops[0], "cv"][0] for m in mistakes if m.mistake.key in REVERSED_KEYS.values()}


def failing(evidence: Evidence) -> list[ValueMistake]:
    """Operators that are there for two Values and fail with a number."""
    found = []
    lifting = [op for op in CONSTANTS if (op, "vv") in evidence.offered and fails(evidence, op, "vc")]
    if lifting:
        found.append(ValueMistake(BY_KEY["constants-not-lifted"], tuple(lifting), first(lifting[0], "vc")))
    missing = [op for op in CONSTANTS if {(op, "vv"), (op, "vc")} & evidence.offered and fails(evidence, op, "cv") and (
        op not in lifting or "unsupported operand" in evidence.seen[first(op, "cv").name].error)]  # fmt: skip
    if missing and not lifting:
        # A method that is not there is not needed in a lesson; one that is there and fails is wrong.
        raised = any("unsupported operand" not in evidence.seen[first(op, "cv").name].error for op in missing)
        mistake = replace(BY_KEY["reflected-missing"], level="lesson" if raised else "complete")
        found.append(ValueMistake(mistake, tuple(missing), first(missing[0], "cv")))
    return found


def raising(evidence: Evidence) -> list[ValueMistake]:
    """Operations whose backward step raises; they are noted in `evidence.opaque`."""
    alone = [(q, p) for q, p in OF_OP if q.kind == "alone" and evidence.computed(p)]
    failed = [(q, p) for q, p in alone if evidence.seen[p.name].error.startswith("backward: ")]
    for q, _ in failed:
        evidence.opaque.add((q.op, q.pattern))
    called = [(q, p) for q, p in failed if "'NoneType' object is not callable" in evidence.seen[p.name].error]
    without = [(q, p) for q, p in failed if (q, p) not in called and "NoneType" in evidence.seen[p.name].error]
    found = []
    if called:
        ops = tuple(dict.fromkeys(q.op for q, _ in called))
        found.append(ValueMistake(BY_KEY["called-not-stored"], ops, called[0][1]))
    if without and len(without) == len(alone):
        found.append(ValueMistake(SEEDS["missing-seed"], ("backward",), without[0][1]))
    return found


def fails(evidence: Evidence, op: str, pattern: str) -> bool:
    """Whether the operation raises with operands of this pattern."""
    seen = evidence.seen.get(first(op, pattern).name)
    return seen is not None and seen.error.startswith(MISSING)


def first(op: str, pattern: str) -> Program:
    """The program with this operation alone."""
    return next(p for q, p in OF_OP if (q.op, q.pattern, q.kind) == (op, pattern, "alone"))


def wrong_in_structure(evidence: Evidence) -> list[Program]:
    """Programs of plain sums and products whose values are wrong, though each operation by itself is right."""
    return [p for p in SHARED if evidence.computed(p) and not evidence.is_opaque(p) and not evidence.values_agree(p)]
