"""One diagnosis and its text.

This file owns what a diagnosis says at which level of hints; it must know nothing of mistakes.
Read next: `mistakes.py`, what a mistake is.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

__all__ = ["Diagnosis"]

INTRODUCTIONS = ("To think about", "Where to look", "Solution")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is probably wrong.

    Attributes:
        mistake: The key of the catalogue.
        title: One line.
        where: The op's name, "backward", "leaf", or the node.
        seen: What is seen, with numbers.
        program: The smallest program that shows it, as code, with the numbers by hand as comments.
        idea: The idea of the lecture that it belongs to.
        hints: A question, the place, the solution.
        level: The lowest level of conformance at which it breaks a case: "lesson", "complete" or "robust".
    """

    mistake: str
    title: str
    where: str
    seen: str
    program: str
    idea: str
    hints: tuple[str, ...]
    level: str = "lesson"

    def text(self, hints: int = 1) -> str:
        """The diagnosis as text.

        Args:
            hints: 1: what is seen, the program, the idea and a question; 2: also where to look; 3: also the solution.

        Raises:
            ValueError: If hints is not 1, 2 or 3.
        """
        if hints not in (1, 2, 3):
            raise ValueError(f"hints is 1, 2 or 3 (3 shows the solution), not {hints!r}")
        lines = [f"{self.title}  [{self.mistake}]", f"  seen: {self.seen}"]
        if self.program:
            lines += ["  smallest program that shows it:", indent(self.program, "    ")]
        lines.append(f"  idea: {self.idea}")
        for introduction, hint in list(zip(INTRODUCTIONS, self.hints, strict=False))[:hints]:
            first, *rest = hint.splitlines() or [""]
            lines += [f"  {introduction}: {first}", *[f"    {line}" if line else "" for line in rest]]
        return "\n".join(lines)
