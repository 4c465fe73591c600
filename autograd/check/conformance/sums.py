"""The cases of a report that count for a level, as numbers, and what these say about the level.

This file owns counting; it must not know how a report is kept or shown.
Read next: `wording.py`, the other words of a report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report

__all__ = ["Sum", "judgement", "summed"]


@dataclass(frozen=True, slots=True)
class Sum:
    """The cases that count for a level, those of the lower levels included.

    Attributes:
        level: The level.
        held: How many hold.
        failed: How many do not; operations that the level demands and the class does not offer are among them.
        absent: How many were left out, because the class does not offer what they are about and need not.
    """

    level: str
    held: int
    failed: int
    absent: int

    @property
    def judged(self) -> int:
        """How many were judged."""
        return self.held + self.failed


def summed(report: Report, level: str) -> Sum:
    """The cases of the report that count for that level, as numbers.

    Example:
        >>> from autograd.check.conformance.report import CaseResult, Report
        >>> held = CaseResult("sharing/a + a", "sharing", "lesson", "a + a has the gradient 2", "holds")
        >>> absent = CaseResult("functions/exp", "functions", "lesson", "exp", "not offered", needed="complete")
        >>> report = Report("engine.py:Value", results=(held, absent))
        >>> summed(report, "lesson")
        Sum(level='lesson', held=1, failed=0, absent=1)
        >>> summed(report, "complete")
        Sum(level='complete', held=1, failed=1, absent=0)
    """
    counted = [result for result in report.results if result.counts(level)]
    failed = report.failures(level)
    return Sum(
        level,
        held=sum(result.outcome == "holds" for result in counted),
        failed=len(failed),
        absent=sum(result.outcome == "not offered" and not result.failed(level) for result in counted),
    )


def judgement(total: Sum) -> str:
    """What the sum of a level says about it.

    Example:
        >>> judgement(Sum("lesson", 43, 0, 2)), judgement(Sum("lesson", 40, 3, 2))
        ('holds: 43 of 43 cases', 'does not hold: 3 of 43 cases fail')
    """
    if total.failed:
        fail = "fails" if total.failed == 1 else "fail"
        return f"does not hold: {total.failed} of {total.judged} cases {fail}"
    return f"holds: {total.held} of {total.judged} cases" if total.judged else "nothing was judged"
