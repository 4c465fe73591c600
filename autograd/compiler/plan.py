"""The plan: what became of a function, to print.

It owns the words and the counts; it must not know how any of it was found.
Read next: `program.py`, whose steps it names.
"""

from __future__ import annotations

from collections.abc import Sequence

from .paths import Path, Plans

__all__ = ["Plan"]


class Plan:
    """What was compiled of a function, for each form of sample and each path: `print` it."""

    def __init__(self, plans: Sequence[Plans]) -> None:
        self.paths: list[Path] = [p for one in plans for paths in one.forms.values() for p in paths.known]

    def __str__(self) -> str:
        if not self.paths:
            return "nothing is compiled yet: it is at the first call"
        return "\n\n".join([_described(i, path) for i, path in enumerate(self.paths)])


def _described(i: int, path: Path) -> str:
    program = path.program
    lines = [
        f"path {i}: {len(path.traced.tape)} nodes traced -> {len(path.simple)} simplified -> {len(path.fused)} fused "
        f"-> {len(program.steps)} array operations",
    ]
    lines += [f"    {line}" for line in str(program).splitlines()]
    return "\n".join(lines)
