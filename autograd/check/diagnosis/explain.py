"""Explanations as diagnoses, for readers: what is seen, the smallest program that shows it, the idea, the hints.

This file owns the words around a mistake; it must not know how mistakes are found.
Read next: `hand.py`, the numbers by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..programs import OPERATORS, TABLE, Observation, Program
from .battery import DEEP, GRAPHS, OF_OP, PASSES, SHARED
from .candidates import LocalMistake
from .evidence import Evidence, close, right
from .finding import Diagnosis
from .hand import apart, by_hand, differences, number, without_rules, worked
from .mistakes import Mistake
from .nearly import NEARLY
from .operators import UNEXPLAINED
from .predicting import predicted
from .repeated import REPEATED
from .rules import rule_in_code, rule_of, with_names
from .search import ENTRY, Explanation
from .shown import Shown, first_that_shows, model_shows, of_battery
from .values import ValueMistake

__all__ = ["diagnoses"]


LEVELS = ("lesson", "complete", "robust")
POSITIONS = ("first operand", "second operand", "third operand")
FEW = 2  # programs that may be left over where something else was found
SHARING = ("=", "once")  # mistakes of an operation that are not in its rule
MOST_INPUTS = 2  # gradients that are worked out by hand
PLAIN = [p for q, p in OF_OP if q.op in ("add", "mul") and q.pattern == "vv"]  # what a beginner reads at once
STALE = next(mistake for mistake in REPEATED if mistake.key == "stale-forward-value")


def diagnoses(evidence: Evidence, explanation: Explanation) -> tuple[Diagnosis, ...]:
    """What is said about an explanation, the mistakes that matter in a first lesson first."""
    found = [of_value(evidence, mistake) for mistake in explanation.values]
    found += of_structure(evidence, explanation)
    found += of_operations(evidence, explanation)
    found += of_passes(evidence, explanation)
    if explanation.stale:
        found.append(of_stale(evidence, explanation.stale))
    found += [of_running(evidence, mistake, program) for mistake, program in explanation.running]
    if len(explanation.unexplained) > (FEW if found else 0):
        found.append(of_the_rest(evidence, explanation.unexplained[0]))
    return tuple(sorted(found, key=lambda diagnosis: LEVELS.index(diagnosis.level)))


def of_structure(evidence: Evidence, explanation: Explanation) -> list[Diagnosis]:
    """A diagnosis for each mistake of structure."""
    found = []
    for model in explanation.fit.structure:
        others = tuple(m for m in explanation.fit.structure if m is not model)
        rules = explanation.fit.rules
        programs = (*PLAIN, *SHARED)
        concerned = [p for p in programs if evidence.usable(p) and not evidence.same(
            predicted((model, *others), rules, p).gradients, predicted(others, rules, p).gradients)]  # fmt: skip
        shown = model_shows(evidence, explanation, programs, (others, rules))
        shown = shown or first_that_shows(evidence, concerned) or first_that_shows(evidence, [p for _, p in OF_OP])
        found.append(written(evidence, ENTRY[model], "backward", shown))
    return found


def of_operations(evidence: Evidence, explanation: Explanation) -> list[Diagnosis]:
    """A diagnosis for each kind of mistake in operations."""
    kinds: dict[str, list[LocalMistake]] = {}
    for local in explanation.fit.found:
        kinds.setdefault(local.mistake.key, []).append(local)
    return [of_kind(evidence, explanation, locals_) for locals_ in kinds.values()]


def of_kind(evidence: Evidence, explanation: Explanation, locals_: Sequence[LocalMistake]) -> Diagnosis:
    """The diagnosis of one kind of mistake, by the operation in which it was found first."""
    first = locals_[0]
    ops = [*dict.fromkeys(local.op for local in locals_)]
    programs = [p for q, p in OF_OP if q.op == first.op and q.pattern == first.pattern]
    fit = explanation.fit
    shown = model_shows(evidence, explanation, programs, (fit.structure, fit.rules.without(first.op)))
    shown = shown or first_that_shows(evidence, programs)
    text = in_words(first, shown.program if shown else None)
    if len(ops) > 1:
        text += f"; the same in {', '.join(symbol(op) for op in ops[1:])}"
    mistake = replace(first.mistake, level=lowest(level_of(local.op, local.pattern) for local in locals_))
    diagnosis = written(evidence, mistake, ", ".join(ops), shown, text, first.op, first.position,
                        about_rule=first.text not in SHARING)  # fmt: skip
    if first.text in SHARING:
        return replace(diagnosis, title=f"{diagnosis.title} (in `{symbol(first.op)}`)")
    return diagnosis


def in_words(local: LocalMistake, program: Program | None) -> str:
    """What the wrong local partial seems to be, with the names of the program; the right one is left to the reader."""
    if program is None or local.text in SHARING:
        return ""
    if "{rule}" in local.text:
        return f"; that is {local.text.replace('{rule}', 'the right one')}"
    names = program.names()
    k = next(k for k, step in enumerate(program.steps) if step.op == local.op)
    operands = tuple(names[x] if isinstance(x, int) else number(x) for x in program.steps[k].operands)
    return f"; the local partial seems to be {with_names(local.text, operands, names[len(program.inputs) + k])}"


def of_passes(evidence: Evidence, explanation: Explanation) -> list[Diagnosis]:
    """A diagnosis for each mistake that shows in several passes."""
    found: list[Diagnosis] = []
    for model in explanation.repeated:
        mistake = ENTRY[model]
        programs = GRAPHS if mistake.key == "other-graph-replayed" else (*PASSES, *GRAPHS)
        others = tuple(m for m in (*explanation.repeated, *explanation.fit.structure) if m is not model)
        shown = model_shows(evidence, explanation, programs, (others, explanation.fit.rules))
        shown = shown or first_that_shows(evidence, programs)
        where = "leaf" if mistake.key == "leaf-not-accumulated" else "backward"
        found.append(written(evidence, replace(mistake, level=level_of_passes(evidence, mistake)), where, shown))
    return found


def level_of(op: str, pattern: str) -> str:
    """The level of conformance at which an operation is needed, or judged if it is there."""
    return "complete" if (op, pattern) == ("pow", "vv") else "lesson"


def level_of_passes(evidence: Evidence, mistake: Mistake) -> str:
    """The level of a mistake in several passes: two results that share leaves alone are of the lesson."""
    unshared = [p for p in GRAPHS if all(x in range(len(p.inputs)) for step in p.steps for x in step.operands)]
    right_there = all(evidence.right(p) for p in unshared if evidence.usable(p))
    return "complete" if mistake.level == "lesson" and right_there else mistake.level


def lowest(levels: Iterable[str]) -> str:
    """The level that comes first in a course."""
    return min(levels, key=LEVELS.index)


def of_stale(evidence: Evidence, programs: Sequence[Program]) -> Diagnosis:
    """The diagnosis of operations whose derivatives follow data that was changed."""
    ops = [*dict.fromkeys(p.steps[0].op for p in programs)]
    more = f"; the same in {', '.join(symbol(op) for op in ops[1:])}" if len(ops) > 1 else ""
    return written(evidence, STALE, ", ".join(ops), of_battery(evidence, programs[0]), more)


def of_value(evidence: Evidence, found: ValueMistake) -> Diagnosis:
    """The diagnosis of a wrong value, a changed operand or an operator that fails."""
    program, seen, truth = found.program, evidence.seen[found.program.name], right(found.program.name)
    names = program.names()
    pairs = enumerate(zip(seen.values, truth.values, strict=False))
    wrong = [k for k, (x, y) in pairs if not close(x, y, evidence.tolerance)]
    if wrong:
        k = wrong[0]
        wrong_one, true = apart(seen.values[k], truth.values[k])
        text = f"{names[k]} is {wrong_one} where {true} is right"
        if abs(seen.values[k] - truth.values[k]) <= NEARLY * abs(truth.values[k]):
            text += ": nearly right, as with a constant that has too few digits"
        code = f"{program.code(notes={k: f'{true} is right'})}\n# here: {names[k]}.data = {wrong_one}"
    else:
        place, _, message = seen.error.partition(": ")
        line = program.code().splitlines()[-2]
        text = f"`{line}` raises {message}" if place.startswith("step") else f"{place} raises {message}"
        code = worked(program, truth, seen, (), by_hand)
    if found.ops[0] in TABLE:
        text += f"; in {', '.join(symbol(op) for op in found.ops)}" if len(found.ops) > 1 else ""
    return written(evidence, found.mistake, ", ".join(found.ops), None, text, found.ops[0], code=code)


def of_running(evidence: Evidence, mistake: Mistake, program: Program) -> Diagnosis:
    """The diagnosis of a chain that is too deep or of paths that are too many."""
    error = evidence.seen[program.name].error
    text = f"{len(program.steps)} steps: {error}"
    diagnosis = written(evidence, mistake, "backward", None, text, code=program.code())
    return replace(diagnosis, level="lesson") if program is DEEP[0] else diagnosis


def of_the_rest(evidence: Evidence, program: Program) -> Diagnosis:
    """What is said where no mistake of the catalogue explains what is seen."""
    question = next((q for q, p in OF_OP if p is program), None)
    where = question.op if question else "backward"
    op = question.op if question else ""
    mistake = UNEXPLAINED
    if question and question.kind == "alone":  # there are no smaller programs
        mistake = replace(mistake, hints=(mistake.hints[0], "in the backward step of `{op}`.", mistake.hints[2]))
    return written(evidence, mistake, where, of_battery(evidence, program), op=op, about_rule=bool(op))


# --- the parts -----------------------------------------------------------------------------------------------


def written(
    evidence: Evidence, mistake: Mistake, where: str, shown: Shown | None, more: str = "", op: str = "",
    position: int = 0, code: str = "", about_rule: bool = False,
) -> Diagnosis:  # fmt: skip
    """The diagnosis with its texts: of a program whose gradients are wrong, or with `code` and `more` as they are."""
    text = more
    if shown is not None:
        program, truth, seen = shown
        wrong = wrong_inputs(evidence, seen, truth)[:MOST_INPUTS]
        said = differences(truth, seen, program.names(), wrong) if wrong else f"{seen.error or 'a wrong gradient'}"
        text = f"{said}{more}"
        code = worked(program, truth, seen, wrong, without_rules if about_rule else by_hand)
    fields = {"op": symbol(op), "operand": operand(op, position), "rule": rule_of(op, position) or "its derivative",
              "line": rule_in_code(op, position) or "self.grad += (local partial) * out.grad", "symbol": symbol(op),
              "method": f"__r{ {'div': 'truediv'}.get(op, op) }__"}  # fmt: skip
    return Diagnosis(
        mistake.key, filled(mistake.title, fields), where, text, code, mistake.idea,
        tuple(filled(hint, fields) for hint in mistake.hints), mistake.level,
    )  # fmt: skip


def wrong_inputs(evidence: Evidence, seen: Observation, truth: Observation) -> list[int]:
    """The inputs whose gradients are wrong."""
    pairs = zip(seen.gradients, truth.gradients, strict=False)
    return [i for i, (x, y) in enumerate(pairs) if not close(x, y, evidence.tolerance)]


def symbol(op: str) -> str:
    """An operation as a reader writes it."""
    if op == "leaf":
        return "Value(number)"
    return OPERATORS.get(op, op)


def operand(op: str, position: int) -> str:
    """An operand in words."""
    return "operand" if op in TABLE and TABLE[op].arity == 1 else POSITIONS[position]


def filled(text: str, fields: dict[str, str]) -> str:
    """The text with its fields; other braces stay."""
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", value)
    return text
