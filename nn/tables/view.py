"""A table for people: what each column holds and its first values, as text and as HTML.

It owns these two forms; it must not know files.
Read next: `table.py`, which shows itself by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from ..readable import html_row, number

if TYPE_CHECKING:
    from .table import Column, Table

__all__ = ["as_html", "as_text", "column_as_text", "sizes"]

FIRST = 3
"""How many rows are shown."""

MOST = 30
"""How many columns are shown at most."""

WIDEST = 24
"""How many characters of a name or a value are shown at most."""


def as_text(table: Table) -> str:
    """A title, a line for each column, and what is left out."""
    cells = _cells(table)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    head, *rows = lines
    return "\n".join([_title(table), head, "-" * max(map(len, lines)), *rows, *_left_out(table)])


def as_html(table: Table) -> str:
    """The same as a table of HTML; names and values of the file are escaped."""
    head, *rows = _cells(table)
    below = "".join(f"<p>{escape(line)}</p>" for line in _left_out(table))
    return (
        f"<table><caption>{escape(_title(table))}</caption><thead>{html_row(head, 'th')}</thead>"
        f"<tbody>{''.join(html_row(row, 'td') for row in rows)}</tbody></table>{below}"
    )


def column_as_text(column: Column) -> str:
    """Name and kind of a column and its values, of many the first."""
    values = list(map(repr, column.values[: 2 * FIRST]))
    if len(column.values) > len(values):
        values.append(f"... {len(column.values) - len(values)} more")
    inner = ", ".join(values) + ("," if len(column.values) == 1 else "")
    return f"Column(name={column.name!r}, kind={column.kind!r}, values=({inner}))"


def sizes(table: Table) -> tuple[str, str]:
    """How many rows and inputs there are, in words."""
    rows, inputs = _n_rows(table), len(table.columns)
    return f"{rows} row{'s' * (rows != 1)}", f"{inputs} input{'s' * (inputs != 1)}"


def _title(table: Table) -> str:
    return f"{_one_line(table.path, 80)}: {', '.join(sizes(table))}"


def _n_rows(table: Table) -> int:
    columns = _shown(table)
    return len(columns[0].values) if columns else 0


def _shown(table: Table) -> list[Column]:
    """The columns that are shown, the target last."""
    return [*table.columns[:MOST], *([table.target] if table.target else [])]


def _cells(table: Table) -> list[list[str]]:
    """The head, and for each column its name, kind, number of missing values, contents and first values."""
    first = min(FIRST, _n_rows(table))
    rows = [
        [
            _one_line(column.name) + (" (target)" if column is table.target else ""), column.kind,
            str(column.values.count(None) or ""), _contents(column),
            *["" if value is None else _one_line(value) for value in column.values[:first]],
        ]
        for column in _shown(table)
    ]  # fmt: skip
    return [["column", "kind", "missing", "values", *[f"row {i}" for i in range(first)]], *rows]


def _contents(column: Column) -> str:
    """From the least to the largest number, or how many categories there are."""
    values = set(column.values) - {None}
    if column.kind == "text":
        return f"{len(values)} categor{'y' if len(values) == 1 else 'ies'}"
    return f"{number(min(values))} to {number(max(values))}" if values else "none"  # type: ignore[type-var]


def _left_out(table: Table) -> Sequence[str]:
    lines = []
    if len(table.columns) > MOST:
        lines.append(f"and {len(table.columns) - MOST} more columns")
    if table.ignored:
        reasons = [f"{_one_line(name)} {_one_line(why, 60)}" for name, why in list(table.ignored.items())[:5]]
        more = f"; and {len(table.ignored) - 5} more" if len(table.ignored) > 5 else ""
        lines.append(f"not used: {'; '.join(reasons)}{more}")
    return lines


def _one_line(value: object, limit: int = WIDEST) -> str:
    """A value on one line, shortened, without signs that would move a terminal's cursor."""
    words = number(value) if isinstance(value, float) else " ".join(str(value).split())
    text = "".join([sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words])
    return text if len(text) <= limit else text[: limit - 1] + "…"
