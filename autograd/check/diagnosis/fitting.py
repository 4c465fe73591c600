"""Which local mistakes, on top of a given structure, make the model print what was observed.

This file owns the fit of the single operations; it must not know how structures are chosen.
Read next: `candidates.py`, the mistakes that it tries; `search.py`, which chooses structures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..programs import Program
from .battery import OF_OP, SHARED
from .candidates import LocalMistake, careful, nearly, positions, ways
from .evidence import Evidence, close
from .forms import FORMS, ORDER
from .mistakes import Way
from .model import FIRST, LAST, Form, Rules
from .partials import BY_KEY as PARTIAL
from .predicting import Structure, predicted
from .structure import BASIC

__all__ = ["STRUCTURAL", "Fit", "fitted", "lower_bound"]

STRUCTURAL = 1.5  # what a mistake of structure costs, where one of an operation costs 1, and an unexplained program
BY_KEY = {mistake.key: mistake for mistake in BASIC}
(EXCHANGED,) = PARTIAL["swapped-operands"].ways


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
            first = programs[0]
            seen, model = self.evidence.seen[first.name], predicted(self.structure, self.rules, first)
            near = nearly(op, pattern, i, first, seen, model)
            for local, way in (*ways(op, pattern, i, self.slips), *near):
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
