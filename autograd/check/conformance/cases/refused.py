"""Cases of what is no number: a class has to refuse it with an error, not to carry it along.

This file owns those cases; it must not know how they are run.
Read next: `size.py`, what nodes cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..case import Case, MeasuredCase, Verdict

__all__ = ["refused"]

# The name in the worker, and how it is written in code: see `NO_NUMBERS` in measures.py.
THINGS = {"text": "'three'", "none": "None", "list": "[1.0, 2.0]", "complex": "1j", "dict": "{}"}


def refused() -> tuple[Case, ...]:
    """The cases of what is no number, as data and as operands."""
    as_data = [
        case(f"Value({code})", f"{code} is refused as data.", "refused_data", name) for name, code in THINGS.items()
    ]
    title = "a + {0} and a * {0} raise an error."
    in_sums = [case(f"a + {code}", title.format(code), "refused_operand", name, "add", "mul")
               for name, code in THINGS.items()]  # fmt: skip
    return (*as_data, *in_sums)


def case(code: str, title: str, measure: str, thing: str, *needs: str) -> Case:
    """One thing in one place."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        made = str(facts["made"])
        return Verdict("wrong", f"no error: {made:.80}", "TypeError") if made else Verdict("holds")

    lines = code if not needs else f"a = Value(2.0)\n{code}"
    return MeasuredCase(f"refused/{code}", "robust", title, measure=measure, arguments=(thing,), judged=judged,
                        lines=lines, needs=needs, needed="robust")  # fmt: skip
