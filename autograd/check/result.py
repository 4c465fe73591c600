"""What a gradient check found: rows, a verdict, a resolution and diagnoses.

This file owns the result, its order and what it says of itself; it must know nothing of how verdicts are reached.
Read next: `showing.py`, the table, and `gradcheck.py`, which fills it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import AutogradError
from .showing import as_html, as_text
from .verdict import CANNOT_TELL, CORRECT, WRONG, Judgement

if TYPE_CHECKING:
    from .diagnosis import Diagnosis

__all__ = ["GradcheckResult", "GradientError", "Row"]

NOTHING = 1e-300  # of a function that is constant, every gradient but 0 is seen to be wrong
SEVERITY = {WRONG: 0, CANNOT_TELL: 1, CORRECT: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One partial derivative under examination.

    Attributes:
        name: The input, as `x` or `ws[0][1]`; with several outputs `out[1] / x`.
        label: The `label` of the Value, "" if it has none.
        analytic: The gradient as computed.
        numeric: The derivative by finite differences, nan if there is none.
        difference: |analytic - numeric|.
        error: The estimated error of that comparison.
        verdict: "correct", "wrong" or "cannot tell".
        reason: Why, where there is something to say.
        resolution: The smallest change of this gradient, in its own unit, that the same comparison was seen to reject,
            upwards and downwards; the error estimate where the gradient is wrong, inf where nothing can be told.
    """

    name: str
    label: str
    analytic: float
    numeric: float
    difference: float
    error: float
    verdict: str
    reason: str = ""
    resolution: float = math.inf

    @classmethod
    def judged(cls, name: str, label: str, analytic: float, judgement: Judgement) -> Row:
        """The row of a judgement."""
        return cls(name, label, analytic, judgement.numeric, abs(analytic - judgement.numeric), judgement.error,
                   judgement.verdict, judgement.reason, judgement.resolution)  # fmt: skip


def badness(row: Row) -> tuple[int, float]:
    """The sorting key that puts the worst first: the verdict, then the difference in units of its error."""
    ratio = row.difference / row.error if row.error else 0.0
    return SEVERITY[row.verdict], -ratio if ratio == ratio else -float("inf")


class GradcheckResult:
    """The outcome of a gradient check; prints as a table, worst row first.

    Args:
        rows: The rows, in any order.
        diagnoses: What is probably wrong.
        hints: How much of that is printed: 1 what is seen, 2 also where to look, 3 also the solution.

    Attributes:
        rows: The rows, worst first.
        verdict: "wrong" if any row is, else "cannot tell" if any row is, else "correct".
        ok: Whether every row is correct.
        resolution: The largest of the rows: every mistake of more than that would have been seen, in any gradient; inf
            if there is a gradient of which nothing can be told.
        diagnoses: What is probably wrong, the most certain first; () unless the verdict is "wrong".
        hints: As given.
    """

    def __init__(self, rows: Iterable[Row], diagnoses: Sequence[Diagnosis] = (), hints: int = 1) -> None:
        self.rows = tuple(sorted(rows, key=badness))
        self.diagnoses, self.hints = tuple(diagnoses), hints
        self.resolution = max((row.resolution for row in self.rows), default=math.inf)
        self.verdict = min((row.verdict for row in self.rows), key=SEVERITY.__getitem__, default=CANNOT_TELL)

    @property
    def ok(self) -> bool:
        """Whether every row is correct."""
        return self.verdict == CORRECT

    def __bool__(self) -> bool:
        return self.ok  # so that `assert gradcheck(f, x)` fails where it should

    @property
    def summary(self) -> str:
        """One sentence: the verdict and the number of rows of each kind."""
        counts = {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in SEVERITY}
        parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
        plural = "derivative" if len(self.rows) == 1 else "derivatives"
        return f"gradcheck: {self.verdict} ({len(self.rows)} {plural}: {parts})"

    @property
    def resolved(self) -> str:
        """One line: how small a mistake would have been seen."""
        known = [row.resolution for row in self.rows if row.resolution < math.inf]
        if not known:
            return "resolution: none, a mistake of any size may be there"
        amount = f"by {max(known):.1e} or more" if max(known) > NOTHING else "at all"
        text = f"resolution: a gradient that is wrong {amount} would have been seen"
        blind = len(self.rows) - len(known)
        return text if not blind else f"{text}, but not in the {blind} of which nothing can be told"

    def table(self, limit: int = 30) -> str:
        """The result as aligned text.

        Args:
            limit: The number of rows to show, the worst ones.
        """
        return as_text(self, limit)

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<GradcheckResult {self.verdict}, {len(self.rows)} rows>"

    def _repr_html_(self) -> str:
        return as_html(self)


class GradientError(AutogradError, AssertionError):
    """A gradient that is not correct, or of which that cannot be told; its message is the table.

    Attributes:
        result: The `GradcheckResult`.
    """

    def __init__(self, result: GradcheckResult) -> None:
        super().__init__(str(result))
        self.result = result

    def __reduce__(self) -> tuple[type[GradientError], tuple[GradcheckResult]]:
        return type(self), (self.result,)
