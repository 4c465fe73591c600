"""The result of a check as a table, in text and in HTML.

This file owns columns, alignment, digits and escaping; it must not know how verdicts are reached.
Read next: `result.py`, the result that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import GradcheckResult, Row

__all__ = ["as_html", "as_text"]

HEAD = ("input", "label", "analytic", "numeric", "difference", "error estimate", "verdict")
WORDS = {"input", "label", "verdict", "reason"}  # the columns that begin at the left; the others are numbers
LONGEST = 40  # characters of a name or a label in the text table
HTML_ROWS = 100
# The edge of a row: colours that differ for every kind of sight, on white and on black. The verdict stands there too.
EDGES = {"wrong": "#d55e00", "cannot tell": "#e69f00", "correct": "#009e73"}
CELL = "padding:.25em .7em;white-space:nowrap;vertical-align:top;text-align:"


def as_text(result: GradcheckResult, limit: int) -> str:
    """The verdict, the worst rows, aligned, the resolution and the diagnoses.

    Args:
        result: The result.
        limit: The number of rows to show.
    """
    rows, rest = shown(result, limit)
    lines = [HEAD, *[tuple(shortened(cell) for cell in cells(row)) for row in rows]]
    kept = columns(rows)
    widths = {i: max(len(line[i]) for line in lines) for i in kept}
    aligned = ["  ".join(f"{line[i]:{'<' if HEAD[i] in WORDS else '>'}{widths[i]}}" for i in kept) for line in lines]
    reasons = ["", *[row.reason for row in rows]]
    text = [f"{line}  {reason}".rstrip() for line, reason in zip(aligned, reasons, strict=True)]
    diagnoses = [f"\n{diagnosis.text(result.hints)}" for diagnosis in result.diagnoses]
    return "\n".join([result.summary, *text, *([rest] if rest else []), result.resolved, *diagnoses])


def as_html(result: GradcheckResult) -> str:
    """The same for a notebook, light or dark: the colours of text and background are those of the page."""
    rows, rest = shown(result, HTML_ROWS)
    kept = columns(rows)
    reasons = any(row.reason for row in rows)
    head = "".join(cell("th", name, name) for name in [*[HEAD[i] for i in kept], *(["reason"] if reasons else [])])
    body = "".join(html_row(row, kept, reasons) for row in rows)
    # In their own colour tables would be black in some dark pages.
    table = (
        '<table style="color:inherit;border-collapse:collapse">'
        f'<caption style="text-align:left;color:inherit">{escape(result.summary)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    notes = [f"<p>{escape(note)}</p>" for note in ([rest] if rest else []) + [result.resolved]]
    diagnoses = [
        f'<pre style="white-space:pre-wrap">{escape(diagnosis.text(result.hints))}</pre>'
        for diagnosis in result.diagnoses
    ]
    return "".join([table, *notes, *diagnoses])


def html_row(row: Row, kept: Sequence[int], reasons: bool) -> str:
    """One row of the table."""
    texts = cells(row)
    entries = [cell("td", HEAD[i], texts[i]) for i in kept]
    if reasons:
        entries.append(cell("td", "reason", row.reason))
    return f'<tr style="border-left:.4em solid {EDGES[row.verdict]}">{"".join(entries)}</tr>'


def cell(tag: str, column: str, text: str) -> str:
    """One cell: numbers at the right, in digits of equal width; a verdict other than "correct" in bold."""
    style = CELL + ("left" if column in WORDS else "right;font-variant-numeric:tabular-nums")
    if column == "reason":
        style = style.replace("nowrap", "normal") + ";min-width:20em"
    if text in EDGES and text != "correct":
        style += ";font-weight:bold"
    return f'<{tag} style="{style}">{escape(text)}</{tag}>'


def cells(row: Row) -> tuple[str, ...]:
    """The row as text, in the order of the table's head."""
    numbers = (f"{row.analytic:.10g}", f"{row.numeric:.10g}", small(row.difference), small(row.error))
    return (row.name, row.label, *numbers, row.verdict)


def small(x: float) -> str:
    """An error with two digits: more would mean nothing."""
    return f"{x:.1e}" if x else "0"


def columns(rows: Sequence[Row]) -> list[int]:
    """The columns to show: labels only if there are some."""
    return [i for i in range(len(HEAD)) if HEAD[i] != "label" or any(row.label for row in rows)]


def shown(result: GradcheckResult, limit: int) -> tuple[tuple[Row, ...], str]:
    """The rows to show, and what to say about the rest."""
    left = len(result.rows) - limit
    return result.rows[:limit], f"... {left} more in .rows, none of them worse" if left > 0 else ""


def shortened(text: str) -> str:
    """Text for one cell: in one line, and not so long that the table breaks."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
