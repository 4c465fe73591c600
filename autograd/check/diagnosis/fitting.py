"""Which local mistakes, on top of a given structure, make the model print what was observed.

This file owns the fit of the single operations; it must not know how structures are chosen.
Read next: `search.py`, which chooses them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..programs import TABLE, Observation, Program, observe
from .battery import OF_OP, SHARED
from .evidence import PROGRAMS, Evidence, close
from .forms import FORMS, ORDER
from .mistakes import Mistake, Way
from .model import FIRST, LAST, At, Form, Model, Rules, Slip
from .nearly import NEARLY, factor, summand
from .partials import BY_KEY as PARTIAL, PARTIALS
from .structure import BASIC

__all__ = [
    "STRUCTURAL",
    "Fit",
    "LocalMistake",
    "Structure",
    "careful",
    "computed",
    "fitted",
    "lower_bound",
    "predicted",
]

STRUCTURAL = 1.5  # what a mistake of structure costs, where one of an operation costs 1, and an unexplained program
BY_KEY = {mistake.key: mistake for mistake in BASIC}
(EXCHANGED,) = PARTIAL["swapped-operands"].ways
Structure = tuple[type[Model], ...]  # the classes whose mistakes are made together, () for none


@dataclass(frozen=True, slots=True)
class LocalMistake:
    """A mistake of one operation.

    Attributes:
        mistake: The entry.
        op, pattern, position: Where.
        text: What stands in the place of the right rule.
    """

    mistake: Mistake
    op: str
    pattern: str
    position: int
    text: str


@cache
def combined(structure: Structure) -> type[Model]:
    """The engine that makes several mistakes of structure."""
    return type("Combined", (*structure, Model), {}) if len(structure) > 1 else structure[0] if structure else Model


@cache
def _predicted(structure: Structure, name: str) -> Observation:
    return observe(PROGRAMS[name], combined(structure)())


def computed(structure: Structure, rules: Rules, program: Program) -> Observation:
    """What an engine with these mistakes prints for a program that need not be in the battery."""
    return observe(program, combined(structure)(rules))


def predicted(structure: Structure, rules: Rules, program: Program) -> Observation:
    """What an engine with these mistakes prints for the program."""
    ops = {step.op for step in program.steps}
    concerned = any(key[0] in ops for keys in (rules.forms, rules.slips, rules.assigned, rules.dropped) for key in keys)
    return computed(structure, rules, program) if concerned else _predicted(structure, program.name)


class Fit:
    """The rules that explain the single operations under one structure.

    Attributes:
        structure: The mistakes of structure.
        found: The mistakes of operations.
        unexplained: The programs for which the model prints something else.
    """

    def __init__(self, evidence: Evidence, structure: Structure, forms: Mapping[tuple[str, str], Form]) -> None:
        self.evidence, self.structure = evidence, structure
        self.forms = dict(forms)
        self.slips: dict[tuple[str, str, int], Way] = {}
        self.assigned: set[tuple[str, int]] = set()
        self.dropped: set[tuple[str, int]] = set()
        self.found: list[LocalMistake] = []
        self.unexplained: list[Program] = []

    @property
    def rules(self) -> Rules:
        """The rules as the model takes them."""
        slips = {key: careful(way) for key, way in self.slips.items()}
        return Rules(dict(self.forms), slips, frozenset(self.assigned), frozenset(self.dropped))

    @property
    def mistakes(self) -> set[tuple[str, str]]:
        """The local mistakes, those of two operands of one operation as one."""
        return {(local.mistake.key, local.op) for local in self.found}

    @property
    def cost(self) -> float:
        """What is to be small: the programs that are not explained, and the mistakes."""
        return len(self.unexplained) + len(self.mistakes) + STRUCTURAL * len(self.structure)

    def wrong(self, programs: Iterable[Program]) -> list[Program]:
        """Those of the programs for which the model prints something else than was observed."""
        rules = self.rules
        return [p for p in programs if not self.evidence.matches(p, predicted(self.structure, rules, p))]

    # --- one operation ---------------------------------------------------------------------------------------

    def fit(self, op: str, pattern: str) -> None:
        """Find the form or the slips of one operation."""
        asked = self.evidence_of(op, pattern)
        plain = [p for kind, p in asked if kind in ("alone", "times")]
        if self.wrong(plain) and not self.composed(op, pattern, plain) and not self.exchanged(op, pattern, plain):
            self.slipped(op, pattern, plain)

    def fit_sharing(self, op: str, pattern: str) -> None:
        """Find whether one operation alone assigns, or counts an operand once that it has twice."""
        asked = self.evidence_of(op, pattern)
        if not self.wrong([p for kind, p in asked if kind in ("alone", "times")]):
            self.assigning(op, pattern, [p for kind, p in asked if kind == "shared"])
            self.dropping(op, pattern, [p for kind, p in asked if kind == "twice"])

    def evidence_of(self, op: str, pattern: str) -> list[tuple[str, Program]]:
        """The programs about the operation that say something."""
        return [(kind, p) for kind, p in QUESTIONS[op, pattern] if self.evidence.usable(p)]

    def composed(self, op: str, pattern: str, programs: list[Program]) -> bool:
        """Whether the operation behaves as one that is composed of others, with what is known about those."""
        key = (op, pattern)
        if key in self.forms:
            return False
        for form in FORMS.get(key, ()):
            self.forms[key] = form
            if not self.wrong(programs):
                return True
            del self.forms[key]
        return False

    def slipped(self, op: str, pattern: str, programs: list[Program]) -> None:
        """Find for each operand the contribution that was observed."""
        for component, i in enumerate(positions(pattern)):
            if self.component_agrees(component, programs):
                continue
            found = [*ways(op, pattern, i, self.slips), *self.nearly(op, pattern, i, component, programs)]
            for local, way in found:
                self.slips[op, pattern, i] = way
                if self.component_agrees(component, programs):
                    self.found.append(local)
                    break
                del self.slips[op, pattern, i]

    def exchanged(self, op: str, pattern: str, programs: list[Program]) -> bool:
        """Whether each of the two operands receives what is the other one's."""
        keys = [(op, pattern, i) for i in positions(pattern)]
        if pattern != "vv" or any(self.component_agrees(i, programs) for i in (0, 1)):
            return False
        self.slips.update(dict.fromkeys(keys, EXCHANGED))
        if not self.wrong(programs):
            swapped = PARTIAL["swapped-operands"]
            self.found += [LocalMistake(swapped, op, pattern, i, EXCHANGED.text) for i in (0, 1)]
            return True
        for key in keys:
            del self.slips[key]
        return False

    def nearly(
        self, op: str, pattern: str, i: int, component: int, programs: list[Program]
    ) -> Iterator[tuple[LocalMistake, Way]]:
        """The right local partial times a factor near 1, or with a small summand, as the first program shows it."""
        if not programs:
            return
        seen, model = self.evidence.seen[programs[0].name], predicted(self.structure, self.rules, programs[0])
        if seen.error or model.error or not model.gradients[component]:
            return
        part = seen.gradients[component] / model.gradients[component] - 1
        if not abs(part) <= NEARLY:
            return
        xs = [x if isinstance(x, float) else programs[0].inputs[x] for x in programs[0].steps[0].operands]
        y = TABLE[op].forward(*xs)
        small = part * float(TABLE[op].partials(y, *xs)[i])
        inexact = PARTIAL["inexact-constant"]
        for way in (
            Way(lambda s: s.partial * (1 + part), factor(part), local=True),
            Way(lambda s: s.partial + small, summand(small), local=True),
        ):
            yield LocalMistake(inexact, op, pattern, i, way.text), way

    def component_agrees(self, i: int, programs: list[Program]) -> bool:
        """Whether the gradient of input i is the predicted one in all of the programs."""
        rules = self.rules
        for p in programs:
            seen = self.evidence.seen[p.name]
            model = predicted(self.structure, rules, p)
            if seen.error or model.error or not close(seen.gradients[i], model.gradients[i], self.evidence.tolerance):
                return False
        return True

    def assigning(self, op: str, pattern: str, programs: list[Program]) -> None:
        """Find the operands at which this operation alone assigns where it should add."""
        if not programs or not self.wrong(programs):
            return
        for component, i in enumerate(positions(pattern)):
            if (op, i) in self.assigned or self.component_agrees(component, programs):
                continue
            self.assigned.add((op, i))
            if self.component_agrees(component, programs):
                self.found.append(LocalMistake(BY_KEY["overwrite"], op, pattern, i, "="))
            else:
                self.assigned.discard((op, i))

    def dropping(self, op: str, pattern: str, programs: list[Program]) -> None:
        """Find whether this operation alone counts an operand once that it has twice."""
        if not programs or not self.wrong(programs):
            return
        for kept in (FIRST, LAST):
            self.dropped.add((op, kept))
            if not self.wrong(programs):
                self.found.append(LocalMistake(BY_KEY["duplicate-operand-dropped"], op, pattern, kept, "once"))
                return
            self.dropped.discard((op, kept))


def lower_bound(evidence: Evidence, structure: Structure, forms: Mapping[tuple[str, str], Form], limit: float) -> float:
    """What `*` and `+` alone cost under a structure; counting stops beyond the limit."""
    fit = Fit(evidence, structure, forms)
    keys = [key for key in CORE if key in evidence.offered and key not in evidence.opaque]
    for op, pattern in keys:
        fit.fit(op, pattern)
    for op, pattern in keys:
        fit.fit_sharing(op, pattern)
    rules = fit.rules
    for p in (*SHARED, *[p for key in keys for _, p in QUESTIONS[key]]):
        if evidence.usable(p) and not evidence.matches(p, predicted(structure, rules, p)):
            fit.unexplained.append(p)
            if fit.cost > limit:
                break
    return fit.cost


def fitted(evidence: Evidence, structure: Structure, forms: Mapping[tuple[str, str], Form]) -> Fit:
    """The fit of all operations under a structure."""
    fit = Fit(evidence, structure, forms)
    keys = [key for key in KEYS if key in evidence.offered and key not in evidence.opaque]
    for op, pattern in keys:
        fit.fit(op, pattern)
    for op, pattern in keys:
        fit.fit_sharing(op, pattern)
    programs = [p for key in keys for _, p in QUESTIONS[key]]
    fit.unexplained = fit.wrong(p for p in (*SHARED, *programs) if evidence.usable(p))
    return fit


def positions(pattern: str) -> list[int]:
    """Where the operands stand that are numbers of the graph."""
    return [0, 1, 2] if pattern == "n" else [i for i, letter in enumerate(pattern) if letter == "v"]


def ways(
    op: str, pattern: str, i: int, known: Mapping[tuple[str, str, int], Way]
) -> Iterator[tuple[LocalMistake, Way]]:
    """The wrong contributions that are possible, those first that this operation makes with other operands."""
    elsewhere = {id(way) for (other, _, k), way in known.items() if (other, k) == (op, i)}
    found = []
    for mistake in PARTIALS:
        for way in mistake.ways:
            if (not way.ops or op in way.ops or id(way) in elsewhere) and way.position in (None, i):
                found.append((LocalMistake(mistake, op, pattern, i, way.text), way))
    yield from sorted(found, key=lambda pair: id(pair[1]) not in elsewhere)


@cache
def careful(way: Way) -> Slip:
    """The contribution, nan where it is undefined."""

    def slip(s: At) -> float:
        try:
            return float(way.slip(s))  # TypeError if it is complex
        except (ArithmeticError, ValueError, TypeError):
            return math.nan

    return Slip(slip, way.local)


def _questions() -> dict[tuple[str, str], list[tuple[str, Program]]]:
    found: dict[tuple[str, str], list[tuple[str, Program]]] = {}
    for question, program in OF_OP:
        found.setdefault((question.op, question.pattern), []).append((question.kind, program))
    return found


def _rank(key: tuple[str, str]) -> tuple[int, int]:
    op, pattern = key
    first = ("mul", "add").index(op) - 2 if pattern == "vv" and op in ("mul", "add") else 0
    return first, ORDER.index(op) if op in ORDER else len(ORDER)


CORE = ("mul", "vv"), ("add", "vv")
QUESTIONS = _questions()
KEYS = sorted(QUESTIONS, key=_rank)  # `*` and `+` first, then operations before those that are composed of them
