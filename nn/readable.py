"""Numbers and tables as people read them: few digits, the same number of decimals below each other, texts as texts.

It owns how many digits are shown, and that a text in a table is no markup; it must not know what they mean.
Read next: `cli/text.py` and `cli/report.py`, which use it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

__all__ = ["aligned", "html_row", "number", "seconds", "share"]

Cell = str | int | float | None
"""What stands in a table: a text, a number, or nothing."""


def number(x: Cell, digits: int = 4) -> str:
    """One number with so many significant digits; whole numbers are not rounded.

    Args:
        x: A number; a text is left as it is, None is a dash.
        digits: How many significant digits.

    Example:
        >>> number(1797), number(0.052631), number(152.13348), number(1.5), number(3.2e-9), number(None)
        ('1,797', '0.05263', '152.1', '1.5', '3.2e-09', '—')
    """
    if x is None or isinstance(x, str):
        return "—" if x is None else x
    if isinstance(x, int):
        return f"{x:,}"
    if not math.isfinite(x):
        return {math.inf: "∞", -math.inf: "−∞"}.get(x, "—").replace("−", "-")
    if x and not 1e-4 <= abs(x) < 1e9:
        return f"{x:.{digits - 1}g}"
    text = f"{x:,.{_decimals(x, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def aligned(column: Sequence[Cell], digits: int = 3) -> list[str]:
    """The numbers of a column with the same number of decimals, so that the largest has so many significant digits.

    Args:
        column: Numbers; texts are left as they are, None and nan are dashes.
        digits: The significant digits of the largest number.

    Example:
        >>> aligned([0.99341, 0.0353, None]), aligned([1235.5, 7.0]), aligned([0.0, 1.0])
        (['0.993', '0.035', '—'], ['1,236', '7'], ['0.000', '1.000'])
    """
    sizes = [abs(x) for x in column if isinstance(x, float) and math.isfinite(x)]
    largest = max(sizes, default=0.0)
    if largest and not 1e-6 <= largest < 1e9:
        return [number(x, digits) for x in column]
    decimals = digits if largest == 1 else _decimals(largest, digits)  # a share: as many as for 0.999
    return [f"{x:,.{decimals}f}" if isinstance(x, float) and math.isfinite(x) else number(x) for x in column]


def _decimals(x: float, digits: int) -> int:
    return max(0, digits - 1 - (math.floor(math.log10(abs(x))) if x else 0))


def share(x: float, of: int) -> str:
    """A share in percent, with the decimals that show one thing more or less: 100 % means all of them.

    Args:
        x: A number in [0, 1].
        of: How many things it is a share of.

    Example:
        >>> share(0.9912, of=1797), share(0.9667, of=30), share(1.0, of=114), share(0.9998, of=5_000)
        ('99.1 %', '97 %', '100 %', '99.98 %')
    """
    decimals = 0 if of < 100 else 1 if of <= 2_000 else 2 if of <= 20_000 else 3
    text = f"{100 * x:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def seconds(duration: float) -> str:
    """A duration.

    Example:
        >>> seconds(6.123), seconds(75.2), seconds(0.04)
        ('6.1 s', '75 s', '0.0 s')
    """
    return f"{duration:.1f} s" if duration < 60 else f"{duration:,.0f} s"


def html_row(cells: Sequence[str], tag: str) -> str:
    """A row of an HTML table; the texts are escaped.

    Args:
        cells: The text of each cell.
        tag: `"th"` for a heading, `"td"` for a row below it.

    Example:
        >>> html_row(["a < b", "1"], "td")
        '<tr><td>a &lt; b</td><td>1</td></tr>'
    """
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
