"""The search for the smallest set of mistakes with which the model prints what was observed.

This file owns the choice among structures; it must not know what is said about a mistake.
Read next: `explain.py`, which says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..programs import Program
from .battery import DEEP, GRAPHS, PASSES, PATHS, STALE
from .evidence import PROGRAMS, Evidence, right
from .fitting import STRUCTURAL, Fit, fitted, lower_bound
from .mistakes import Mistake
from .model import Form, Model
from .predicting import Structure, predicted
from .repeated import REPEATED, RUNNING
from .structure import BASIC
from .values import ValueMistake, reversed_operators, value_mistakes

__all__ = ["Explanation", "explained"]

BEAM = 5  # structures that are tried together with each of the others
FULL_FITS = 5  # structures for which all operations are fitted, of those that explain `*` and `+` best
HOPELESS = 36  # programs with `*` and `+` alone that are left after one mistake, where a second is not looked for
AT_ONCE = 3  # mistakes of structure at the same time
ENTRY = {model: mistake for mistake in (*BASIC, *REPEATED) for model in mistake.models}
SINGLE: tuple[Structure, ...] = tuple((model,) for mistake in BASIC for model in mistake.models)
LATER = (*PASSES, *GRAPHS)
EVERYDAY_DEPTH = "deep-500"  # programs of a course go so deep


@dataclass(slots=True)
class Explanation:
    """What explains the observations.

    Attributes:
        values: Mistakes that values and errors show.
        fit: The mistakes of structure and of single operations, in one backward pass.
        repeated: The mistakes in several passes.
        stale: Programs of one operation each, whose gradient follows data that was changed after it was computed.
        running: Mistakes of depth and of time, with the program that shows each.
        unexplained: Programs that remain, the smallest first.
    """

    values: list[ValueMistake]
    fit: Fit
    repeated: Structure = ()
    stale: list[Program] = field(default_factory=list)
    running: list[tuple[Mistake, Program]] = field(default_factory=list)
    unexplained: list[Program] = field(default_factory=list)


def explained(evidence: Evidence) -> Explanation:
    """The explanation of what was observed."""
    values = value_mistakes(evidence)
    forms = reversed_operators(values)
    fits = best_fits(evidence, forms)
    later = [p for p in LATER if evidence.usable(p)]
    fit, repeated, left = min(
        ((fit, *later_mistakes(evidence, fit, later)) for fit in fits), key=lambda found: len(found[2]) + len(found[1])
    )
    # What several passes make of a mistake depends on the style: nothing is said about it then.
    remaining = fit.unexplained if fit.structure or fit.found else [*fit.unexplained, *left]
    unexplained = sorted(remaining, key=lambda p: len(p.steps))
    return Explanation(values, fit, repeated, stale(evidence, fit), running_mistakes(evidence), unexplained)


def best_fits(evidence: Evidence, forms: Mapping[tuple[str, str], Form]) -> list[Fit]:
    """The best explanations of single backward passes; several if they are equally good."""
    fits = [fitted(evidence, (), forms)]
    structures: Iterable[Structure] = SINGLE
    for count in range(1, AT_ONCE + 1):
        limit = fits[0].cost
        if limit <= STRUCTURAL * count:
            break  # so many mistakes would cost more
        if lower_bound(evidence, fits[0].structure, forms, limit) <= STRUCTURAL * (count - 1):
            break  # all is well with `*` and `+`: what is wrong elsewhere is no matter of structure
        cores = sorted(((lower_bound(evidence, structure, forms, limit), structure) for structure in structures),
                       key=lambda pair: pair[0])  # fmt: skip
        fits = bounded(evidence, forms, cores[:FULL_FITS], fits)
        if not fits[0].unexplained or cores[0][0] > HOPELESS:
            break  # all of it is explained, or the best explains too little
        structures = extended([structure for _, structure in cores[:BEAM]])
    return fits


def bounded(
    evidence: Evidence, forms: Mapping[tuple[str, str], Form], cores: Sequence[tuple[float, Structure]], fits: list[Fit]
) -> list[Fit]:
    """The fits of least cost; what `*` and `+` alone cost is a lower bound."""
    best = min(fit.cost for fit in fits)
    for bound, structure in cores:
        if bound > best:
            break
        fit = fitted(evidence, structure, forms)
        fits = [*fits, fit]
        best = min(best, fit.cost)
    return [fit for fit in fits if fit.cost <= best]


def extended(structures: Sequence[Structure]) -> Iterator[Structure]:
    """Each structure with one mistake more, where the two do not override the same method."""
    seen: set[frozenset[type[Model]]] = set()
    for structure in structures:
        for (model,) in SINGLE:
            together = frozenset((*structure, model))
            if together in seen or len(together) == len(structure) or methods(model) & methods(*structure):
                continue
            seen.add(together)
            yield (*structure, model)


def methods(*models: type[Model]) -> set[str]:
    """The methods that the mistakes override; the ways through the graph count as one."""
    names = {name for model in models for base in model.__mro__ if base not in (Model, object) for name in vars(base)}
    return {"order" if name == "edges" else name for name in names if not name.startswith("__") or name == "__init__"}


def later_mistakes(evidence: Evidence, fit: Fit, programs: list[Program]) -> tuple[Structure, list[Program]]:
    """The mistakes in several passes that explain most, and the programs that they do not explain."""

    def left(structure: Structure) -> list[Program]:
        together = (*structure, *fit.structure)
        return [p for p in programs if not evidence.matches(p, predicted(together, fit.rules, p))]

    single = [(model,) for mistake in REPEATED for model in mistake.models]
    choices: list[Structure] = [(), *single]
    found = {structure: left(structure) for structure in choices}
    best = min(choices, key=lambda structure: (len(found[structure]), len(structure)))
    if found[best] and found[best] != found[()]:
        pairs = [(*best, *other) for other in single if not methods(*other) & methods(*best)]
        found |= {structure: left(structure) for structure in pairs}
        best = min([best, *pairs], key=lambda structure: (len(found[structure]), len(structure)))
    if found[best] and (fit.structure or fit.found):
        return (), found[()]
    return best, found[best]


def stale(evidence: Evidence, fit: Fit) -> list[Program]:
    """The programs of one right operation whose gradient is another one after the data was changed."""
    if fit.structure:
        return []
    wrong_ops = {local.op for local in fit.found} | {op for op, _ in fit.forms}
    wrong_ops |= {step.op for p in fit.unexplained for step in p.steps}
    return [p for op, p in STALE if op not in wrong_ops and evidence.computed(p) and not evidence.is_opaque(p)
            and not evidence.seen[p.name].error and not evidence.matches(p, right(p.name))]  # fmt: skip


def running_mistakes(evidence: Evidence) -> list[tuple[Mistake, Program]]:
    """What does not come to an end: chains that are too deep, paths that are too many."""
    recursion, paths = RUNNING
    found = []
    for program in DEEP:
        error = evidence.seen[program.name].error if program.name in evidence.seen else ""
        if "RecursionError" in error or "crash" in error.lower():
            found.append((recursion, program))
            break
    if PATHS.name in evidence.seen and evidence.seen[PATHS.name].error.startswith("time limit"):
        found.append((paths, PROGRAMS[PATHS.name]))
    return found
