"""What a gradient check found: rows, a verdict, and how both are shown.

This file owns the result and its text and HTML forms; it must know nothing of how verdicts are reached.
Read next: `gradcheck.py`, which fills it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ..errors import AutogradError
from .verdict import CANNOT_TELL, CORRECT, WRONG, Judgement

__all__ = ["GradcheckResult", "GradientError", "Row"]

SEVERITY = {WRONG: 0, CANNOT_TELL: 1, CORRECT: 2}
HEAD = ("input", "label", "analytic", "numeric", "difference", "error estimate", "verdict")
LONGEST = 40  # characters of a name or a label in the text table


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

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of the table's head."""
        numbers = (f"{self.analytic:.10g}", f"{self.numeric:.10g}", f"{self.difference:.1e}", f"{self.error:.1e}")
        return (self.name, self.label, *numbers, self.verdict)


def badness(row: Row) -> tuple[int, float]:
    """The sorting key that puts the worst first: the verdict, then the difference in units of its error."""
    ratio = row.difference / row.error if row.error else 0.0
    return SEVERITY[row.verdict], -ratio if ratio == ratio else -float("inf")


class GradcheckResult:
    """The outcome of a gradient check; prints as a table, worst row first.

    Args:
        rows: The rows, in any order.

    Attributes:
        rows: The rows, worst first.
        verdict: "wrong" if any row is, else "cannot tell" if any row is, else "correct".
        ok: Whether every row is correct.
        resolution: The largest of the rows: every mistake of more than that would have been seen, in any gradient; inf
            if there is a gradient of which nothing can be told.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(sorted(rows, key=badness))
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
        text = f"resolution: a gradient that is wrong by {max(known):.1e} or more would have been seen"
        blind = len(self.rows) - len(known)
        return text if not blind else f"{text}, but not the {blind} of which nothing can be told"

    def shown(self, limit: int) -> tuple[tuple[Row, ...], str]:
        """The rows to show, and what to say about the rest."""
        left = len(self.rows) - limit
        return self.rows[:limit], f"... {left} more in .rows, none of them worse" if left > 0 else ""

    def table(self, limit: int = 30) -> str:
        """The result as aligned text.

        Args:
            limit: The number of rows to show, the worst ones.
        """
        rows, rest = self.shown(limit)
        lines = [HEAD, *[tuple(shortened(cell) for cell in row.cells) for row in rows]]
        kept = [i for i in range(len(HEAD)) if HEAD[i] != "label" or any(row.label for row in rows)]
        widths = {i: max(len(line[i]) for line in lines) for i in kept}
        left = {"input", "label", "verdict"}
        aligned = [
            "  ".join(f"{line[i]:{'<' if HEAD[i] in left else '>'}{widths[i]}}" for i in kept) for line in lines
        ]  # fmt: skip
        reasons = ["", *[row.reason for row in rows]]
        text = [f"{line}  {reason}".rstrip() for line, reason in zip(aligned, reasons, strict=True)]
        return "\n".join([self.summary, *text, *([rest] if rest else []), self.resolved])

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<GradcheckResult {self.verdict}, {len(self.rows)} rows>"

    def _repr_html_(self) -> str:
        rows, rest = self.shown(100)
        head = "".join(f"<th>{escape(name)}</th>" for name in (*HEAD, "reason"))
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*row.cells, row.reason)) + "</tr>" for row in rows
        )
        return (
            f"<table><caption>{escape(self.summary)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
            + (f"<p>{escape(rest)}</p>" if rest else "")
            + f"<p>{escape(self.resolved)}</p>"
        )


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


def shortened(text: str) -> str:
    """Text for one cell: in one line, and not so long that the table breaks."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
