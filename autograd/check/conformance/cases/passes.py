"""Cases of several backward passes: gradients that add up, are set to zero, and are computed again.

This file owns those cases; it must not know how they are run.
Read next: `mixed.py`, programs drawn at random.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..case import Case, MeasuredCase, ProgramCase, Verdict
from ..sketch import Sketch, of, written

__all__ = ["changed_data", "passes"]

CURVED = ("exp", "log", "tanh", "sigmoid", "sin", "cos", "sqrt", "square")
AGAIN = (("backward", 0), ("backward", 0))
ZERO_BETWEEN = (("backward", 0), ("zero",), ("backward", 0))
ZERO_BEFORE_THE_NEXT = (("backward", 0), ("zero",), ("backward", 1))


def passes() -> tuple[Case, ...]:
    """The cases of several backward passes."""
    return (*of_the_lesson(), *of_the_course())


def of_the_lesson() -> tuple[Case, ...]:
    """Several expressions over the same leaves, and gradients set to zero."""

    def case(name: str, title: str, program: Any) -> Case:
        return ProgramCase(f"passes/{name}", "lesson", title, (program,), needed="lesson")

    return (
        case("two results", "The gradients of two results with a backward pass each add up in the leaves.",
             written("two results", lambda a, b: (a * b, a + a * a), 2.0, -3.0)),
        case("other leaves", "A backward pass leaves alone what its result does not depend on.",
             written("other", lambda a, b, c: (a * b, c * c), 2.0, -3.0, 5.0)),
        case("set to zero", "After the gradients are set to zero, the next result's are there alone.",
             written("zero", lambda a, b: (a * b + a, b * b * a), 2.0, -3.0, script=ZERO_BEFORE_THE_NEXT)),
        training(),
        unchanged(),
    )  # fmt: skip


def of_the_course() -> tuple[Case, ...]:
    """The same graph again, a graph upon another, gradients between."""

    def case(name: str, title: str, *programs: Any) -> Case:
        return ProgramCase(f"passes/{name}", "complete", title, programs, needed="complete")

    return (
        case("the same result again", "A second backward pass adds the same gradients again, and nothing more.",
             written("short", lambda a, b: a * b, 2.0, -3.0, script=AGAIN),
             written("deep", deep, 2.0, -3.0, script=AGAIN)),
        case("set to zero between", "Zeroed leaves have the same gradients after a second pass over the same graph.",
             written("deep", deep, 2.0, -3.0, script=ZERO_BETWEEN)),
        case("a result upon a result", "A result whose backward pass was run may be a part of another one.",
             written("upon", upon, 2.0, -3.0)),
        interior(),
    )  # fmt: skip


def deep(a: Sketch, b: Sketch) -> Sketch:
    """Three operations, one upon the other."""
    c = a * b
    d = c * c
    return d * a


def upon(a: Sketch, b: Sketch) -> tuple[Sketch, Sketch]:
    """A result, and another one that is made of it."""
    c = a * b
    return c, c * c


def training() -> Case:
    """Gradient descent on one weight and one bias, compared with the same in plain floats."""
    lines = (
        "w, b = Value(0.5), Value(-1.0)\n"
        "for _ in range(5):\n"
        "    error = w * Value(2.0) + b + Value(-3.0)\n"
        "    loss = error * error\n"
        "    w.grad = b.grad = 0.0\n"
        "    loss.backward()\n"
        "    w.data, b.data = w.data - 0.05 * w.grad, b.data - 0.05 * b.grad\n"
        "print(w.data, b.data)"
    )
    w, b = 0.5, -1.0
    for _ in range(5):
        slope = 2 * (w * 2.0 + b - 3.0)
        w, b = w - 0.05 * slope * 2.0, b - 0.05 * slope
    right = (w, b)

    def judged(facts: Mapping[str, Any]) -> Verdict:
        seen = (facts["w"], facts["b"])
        if all(abs(x - y) <= 1e-9 for x, y in zip(seen, right, strict=True)):
            return Verdict("holds")
        return Verdict("wrong", f"w = {seen[0]:.6g}, b = {seen[1]:.6g}", f"w = {right[0]:.6g}, b = {right[1]:.6g}")

    title = "Five steps of gradient descent end where they end by hand."
    return MeasuredCase("passes/training", "lesson", title, measure="training", arguments=(), judged=judged,
                        lines=lines, needs=("add", "mul"), needed="lesson")  # fmt: skip


def unchanged() -> Case:
    """The data before and after."""
    lines = "a, b = Value(2.0), Value(-3.0)\nc = a * b\nd = c + a\nd.backward()\nprint(a.data, b.data, c.data, d.data)"
    right = [2.0, -3.0, -6.0, -4.0]

    def judged(facts: Mapping[str, Any]) -> Verdict:
        shown = " ".join(f"{x:.6g}" for x in facts["data"])
        return Verdict("holds") if facts["data"] == right else Verdict("wrong", shown, "2 -3 -6 -4")

    title = "Neither an operation nor a backward pass changes the data of what is there already."
    return MeasuredCase("passes/data unchanged", "lesson", title, measure="unchanged", arguments=(), judged=judged,
                        lines=lines, needs=("add", "mul"), needed="lesson")  # fmt: skip


def interior() -> Case:
    """The gradients of intermediate results and of the result itself."""
    lines = "a, b = Value(2.0), Value(-3.0)\nc = a * b\nd = c * c\nd.backward()\nprint(c.grad, d.grad)"

    def judged(facts: Mapping[str, Any]) -> Verdict:
        c, d = facts["c"], facts["d"]
        if (c, d) == (-12.0, 1.0):
            return Verdict("holds")
        return Verdict("wrong", f"c.grad is {c:.6g}, d.grad is {d:.6g}", "-12 and 1")

    title = "Intermediate results and the result itself have their gradients too."
    return MeasuredCase("passes/gradients between", "complete", title, measure="interior", arguments=(), judged=judged,
                        lines=lines, needs=("mul",), needed="complete")  # fmt: skip


def changed_data(sound: Collection[str]) -> Case:
    """A leaf that is written to between the computation and the backward pass, over what is right alone."""

    def program(name: str, function: Any) -> Any:
        return written(name, function, 0.7, -3.0, script=(("set", -1, 10.0), ("backward", 0)))

    title = "Data that is changed after the computation does not change its gradient, or raises an error."
    found = [program("product", lambda a, w: a * a * w)]
    if "div" in sound:
        found.append(program("quotient", lambda a, w: w / a))
    if "pow" in sound:
        found.append(program("power", lambda a, w: a**3.0 * w))
    found += [program(f, lambda a, w, f=f: of(f, a) * w) for f in CURVED if f in sound]
    return ProgramCase("passes/data changed before backward", "robust", title, tuple(found), may_raise=True)
