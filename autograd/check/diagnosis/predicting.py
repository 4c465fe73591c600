"""What an engine with several mistakes prints.

This file owns putting mistakes together; it must not know which are looked for.
Read next: `model.py`, the engine without a mistake.
"""

from __future__ import annotations

from functools import cache

from ..programs import Observation, Program, observe
from .evidence import PROGRAMS
from .model import Model, Rules

__all__ = ["Structure", "combined", "computed", "predicted"]

Structure = tuple[type[Model], ...]  # the classes whose mistakes are made together, () for none


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
