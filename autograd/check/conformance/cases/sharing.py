"""Cases of values that are used several times: duplicates, fan-out, ways of different length, many ways.

This file owns those cases; it must not know how they are run.
Read next: `passes.py`, several backward passes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..case import Case, ProgramCase
from ..sketch import Sketch, of, written
from .functions import POINTS

__all__ = ["beside", "order", "sharing"]

DOUBLINGS = 60
FAN_OUT = 200


def sharing() -> tuple[Case, ...]:
    """The cases of values that are used several times."""

    def case(name: str, title: str, *programs: Any, needed: str = "lesson") -> Case:
        return ProgramCase(f"sharing/{name}", "lesson", title, programs, needed=needed)

    several = "A value that is used several times gets the sum of what arrives on each way."
    return (
        case("a + a", "Both operands of a + a are a: its gradient is 2.", written("a + a", lambda a: a + a, 3.0)),
        case("a * a", "Both factors of a * a are a: its gradient is 2 * a.", written("a * a", lambda a: a * a, 3.0)),
        case("a - a", "The two ways of a - a cancel.", written("a - a", lambda a: a - a, 3.0), needed="complete"),
        case("a / a", "The two ways of a / a cancel.", written("a / a", lambda a: a / a, 3.0), needed="complete"),
        case("a * a * a", several, written("a * a * a", lambda a: a * a * a, 2.0)),
        case("in three terms", several, written("terms", lambda a, b, c: a * b + a * c + a, 2.0, -3.0, 5.0)),
        case("a result twice", several, written("twice", twice, 2.0, -3.0), written("square", squared_sum, 2.0, -3.0)),
        case("a diamond", several, written("diamond", diamond, 2.0, -3.0)),
        case("equal numbers", "Two values that hold equal numbers are two values.",
             written("equal", lambda a, b: a * a * b, 3.0, 3.0), written("sum", lambda a, b: a + b * a, 1.0, 1.0)),
        case("sum([a, a, b])", "A list may hold the same value twice.",
             written("sum", lambda a, b, w: of("sum", a, a, b) * w, 2.0, 5.0, -3.0), needed=""),
        case(f"used {FAN_OUT} times", several, written("fan-out", fan_out, 0.5)),
        case(f"2**{DOUBLINGS} ways", "A node is handled once, however many ways lead to it.",
             written("ways", doublings, 1.0)),
    )  # fmt: skip


def beside(sound: Collection[str]) -> tuple[Case, ...]:
    """The case of a value that a function uses and something else too, over the functions that are right alone.

    The function passes its part on last: what has arrived before must stay.
    """
    title = "A value that is used by a function and by something else too gets the sum of both parts."
    programs = tuple(written(f"a + {f}", lambda a, f=f: a + of(f, a), POINTS[f][-1]) for f in POINTS if f in sound)
    return (ProgramCase("sharing/a function and more", "lesson", title, programs),) if programs else ()


def order() -> tuple[Case, ...]:
    """The cases of ways of different length, in which a node may be handled too early."""
    title = "A node passes its gradient on when all of it has arrived, whichever operand comes first."

    def case(name: str, *programs: Any) -> Case:
        return ProgramCase(f"order/{name}", "lesson", title, programs, needed="lesson")

    return (
        case("a short way and a long one", written("short first", short_first, 2.0, 3.0)),
        case("a long way and a short one", written("long first", long_first, 2.0, 3.0)),
        case("a result of a result", written("left", lambda a, b: steps(a, b, True), 2.0, 3.0),
             written("right", lambda a, b: steps(a, b, False), 2.0, 3.0)),
        case("three ways", written("three", three_ways, 1.5, -2.0)),
    )  # fmt: skip


def twice(a: Sketch, b: Sketch) -> Sketch:
    """An intermediate result that is added to itself."""
    c = a * b
    return c + c


def squared_sum(a: Sketch, b: Sketch) -> Sketch:
    """An intermediate result that is multiplied by itself."""
    c = a + b
    return c * c


def diamond(a: Sketch, b: Sketch) -> Sketch:
    """Two ways that part and meet."""
    c = a * b
    left, right = c + a, c * b
    return left * right


def short_first(a: Sketch, b: Sketch) -> Sketch:
    """The shared node is reached directly before it is reached by the long way."""
    t = a * a
    u = t * b
    v = u * b
    return t + v


def long_first(a: Sketch, b: Sketch) -> Sketch:
    """The shared node is reached by the long way before it is reached directly."""
    t = a * a
    u = t * b
    v = u * b
    return v + t


def steps(a: Sketch, b: Sketch, left: bool) -> Sketch:
    """Each result is used by the next one and by the one after."""
    c = a * b
    d = c + a
    e = d * c if left else c * d
    f = e + d if left else d + e
    return f * e if left else e * f


def three_ways(a: Sketch, b: Sketch) -> Sketch:
    """Ways of the lengths 1, 2 and 3."""
    t = a + b
    u = t * a
    v = u * t
    return (t + v) * u


def fan_out(a: Sketch) -> Sketch:
    """A + a·a + a·a + ...: the same leaf in every term."""
    y = a
    for _ in range(FAN_OUT // 2):
        y = y + a * a
    return y


def doublings(a: Sketch) -> Sketch:
    """Y = y + y, again and again: few nodes, and 2 to the power of their number ways."""
    y = a
    for _ in range(DOUBLINGS):
        y = y + y
    return y
