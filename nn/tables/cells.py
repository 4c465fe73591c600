"""What the texts of a column mean: numbers, texts, or that a value is missing.

It owns how a text is read as a number and when a column holds texts; it must not know files or other columns.
Read next: `sheet.py`, which makes columns of the answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence

__all__ = [
    "MISSING",
    "best_numbers",
    "check_texts",
    "is_text",
    "likeness",
    "missing_forms",
    "numbers_among",
    "plain_floats",
]

MISSING = ("", "NA", "N/A", "#N/A", "<NA>", "NaN", "null", "?", "-", ".")
"""What stands for a missing value, in capitals or not."""


SPACE_OR_QUOTE = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"

THOUSANDS = r"[+-]?\d{{1,3}}([{0}])\d{{3}}(?:\1\d{{3}})*(?:[{1}]\d+)?"

DATES = (
    r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{2,4}|\d{1,2}[-. ]+[^\W\d]{3,9}[-., ]+\d{4})(?:[T ].*)?"
)

LIKENESSES = (
    (".", r"[+-]?\d+(?:[.,]\d+)?\s?%", "percents: write them without %"),
    (".", THOUSANDS.format(SPACE_OR_QUOTE + ",", "."), "numbers with thousands separators: take these out"),
    (",", THOUSANDS.format(SPACE_OR_QUOTE + ".", ","), "numbers with thousands separators: take these out"),
    (".", DATES, "dates: write numbers, as the year or days since one"),
)
"""What is meant as numbers, though it is none: the decimal sign of numbers among it, its form, its name and remedy."""


def check_texts(name: str, texts: Collection[str]) -> None:
    """That they are several texts: of a single one, each letter would be taken for one."""
    if isinstance(texts, str) or not isinstance(texts, Collection) or not all(isinstance(text, str) for text in texts):
        remedy = f": write ({texts!r},)" if isinstance(texts, str) else ""
        raise TypeError(f"{name} must be a collection of texts, got {texts!r:.60}{remedy}")


def missing_forms(missing: Collection[str]) -> frozenset[str]:
    """What stands for a missing value, as given and in small letters; the empty text always does."""
    check_texts("missing", missing)
    return frozenset(form for text in missing for form in (text.strip(), text.strip().casefold())) | {""}


def plain_floats(cells: Sequence[str], missing: frozenset[str]) -> tuple[float | None, ...]:
    """The texts as numbers if all of them are plain ones, which is soon told; else ()."""
    try:
        numbers = tuple([None if cell in missing else float(cell) for cell in cells])
    except ValueError:
        return ()
    finite = all(map(math.isfinite, [number for number in numbers if number is not None]))
    return numbers if finite and "_" not in "".join(cells) else ()


def numbers_among(cells: Iterable[str], missing: frozenset[str], decimal: str) -> tuple[dict[str, float], set[str]]:
    """What the texts are as numbers, and those that are none; missing ones are in neither."""
    numbers: dict[str, float] = {}
    strays = set()
    for cell in set(cells):
        if cell.casefold() in missing:
            continue
        try:
            if "_" in cell or (decimal == "," and "." in cell):
                raise ValueError
            numbers[cell] = float(cell.replace(decimal, "."))
        except ValueError:
            strays.add(cell)
    return numbers, strays


def best_numbers(cells: Sequence[str], missing: frozenset[str], delimiter: str) -> tuple[dict[str, float], set[str]]:
    """The reading with fewer strays: with decimal points or, where the delimiter leaves them free, with commas."""
    points = numbers_among(cells, missing, ".")
    if delimiter == "," or not any("," in stray for stray in points[1]):
        return points
    return min(points, numbers_among(cells, missing, ","), key=lambda reading: len(reading[1]))


def is_text(cells: Sequence[str], strays: set[str], missing: frozenset[str]) -> bool:
    """Whether texts are what the column holds, and not slips among its numbers."""
    if not strays:
        return False
    n_strays = sum(cell in strays for cell in cells)
    n_given = sum(cell.casefold() not in missing for cell in cells)
    return 10 * n_strays > n_given and not (n_strays == 1 and n_given >= 3)


def likeness(texts: Iterable[str]) -> str:
    """What texts look like that are meant as numbers, and what to do; "" if they look like texts.

    Example:
        >>> likeness(["43%", "0", "7.5 %"]), likeness(["red", "43%"])
        ('percents: write them without %', '')
    """
    different = set(texts)
    for decimal, form, what in LIKENESSES:
        others = {text for text in different if not re.fullmatch(form, text)}
        if len(others) < len(different) and not numbers_among(others, frozenset(), decimal)[1]:
            return what
    return ""
