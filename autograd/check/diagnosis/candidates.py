"""The mistakes of one operation that are possible at one of its operands.

This file owns which are tried and in which order; it must not know how it is found out which fits.
Read next: `fitting.py`, which tries them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..programs import TABLE, Observation, Program
from .mistakes import Mistake, Way
from .model import At, Slip
from .nearly import NEARLY, factor, summand
from .partials import BY_KEY, PARTIALS

__all__ = ["LocalMistake", "careful", "nearly", "positions", "ways"]


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


def nearly(
    op: str, pattern: str, i: int, program: Program, seen: Observation, model: Observation
) -> Iterator[tuple[LocalMistake, Way]]:
    """The right local partial times a factor near 1, or with a small summand, as one program shows it.

    Args:
        op: The operation.
        pattern: The pattern of its operands.
        i: The operand.
        program: The operation alone.
        seen: What was observed.
        model: What is predicted with the right partial.
    """
    component = positions(pattern).index(i)
    if seen.error or model.error or not model.gradients[component]:
        return
    part = seen.gradients[component] / model.gradients[component] - 1
    if not abs(part) <= NEARLY:
        return
    xs = [x if isinstance(x, float) else program.inputs[x] for x in program.steps[0].operands]
    small = part * float(TABLE[op].partials(TABLE[op].forward(*xs), *xs)[i])
    for way in (
        Way(lambda s: s.partial * (1 + part), factor(part), local=True),
        Way(lambda s: s.partial + small, summand(small), local=True),
    ):
        yield LocalMistake(BY_KEY["inexact-constant"], op, pattern, i, way.text), way
