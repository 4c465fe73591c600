"""The program that is shown with a diagnosis: of the battery, or a smaller one by the model that explains the engine.

This file owns the choice of that program; it must not know what is said about it.
Read next: `smallest.py`, how programs get smaller.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..programs import Observation, Program, expected
from .evidence import Evidence, right
from .model import Rules
from .predicting import Structure, computed
from .search import Explanation
from .smallest import size, smallest

__all__ = ["Shown", "first_that_shows", "model_shows", "of_battery"]


class Shown(NamedTuple):
    """A program that shows a mistake, what is right, and what the engine gives."""

    program: Program
    right: Observation
    seen: Observation


def first_that_shows(evidence: Evidence, programs: Iterable[Program]) -> Shown | None:
    """The smallest of the programs in which the mistake is seen."""
    shown = [p for p in programs if evidence.usable(p) and not evidence.matches(p, right(p.name))]
    return of_battery(evidence, min(shown, key=size)) if shown else None


def of_battery(evidence: Evidence, program: Program) -> Shown:
    """A program of the battery, with what was observed."""
    return Shown(program, right(program.name), evidence.seen[program.name])


def model_shows(
    evidence: Evidence, explanation: Explanation, programs: Iterable[Program], without: tuple[Structure, Rules]
) -> Shown | None:
    """The smallest program in which the mistake makes a difference, by the model: it need not be in the battery.

    Args:
        evidence: What was observed.
        explanation: The mistakes that the model makes.
        programs: From which the search begins.
        without: The mistakes without the one that is to be shown.

    Returns:
        The program with what the model makes of it; None if the model does not explain everything, so that one
        cannot rely on it.
    """
    if explanation.unexplained:
        return None
    structure = (*explanation.repeated, *explanation.fit.structure)

    def shows(program: Program) -> bool:
        wrong, other = computed(structure, explanation.fit.rules, program), computed(*without, program)
        differs = [g for g in (other.gradients, expected(program).gradients) if not evidence.same(wrong.gradients, g)]
        return not wrong.error and not other.error and len(differs) == 2

    program = smallest([p for p in programs if evidence.usable(p)], shows)
    return Shown(program, expected(program), computed(structure, explanation.fit.rules, program)) if program else None
