"""The first row: whether it names the columns, and a name for each column either way.

It owns this rule and the names that are made up; it must not know files or what columns are used for.
Read next: `cells.py`, which tells numbers from texts.
"""

from __future__ import annotations

from collections.abc import Sequence

from .cells import best_numbers, is_text, numbers_among

__all__ = ["column_names", "has_header"]


def has_header(first: Sequence[str], below: Sequence[Sequence[str]], missing: frozenset[str], delimiter: str) -> bool:
    """Whether the first row names the columns, told by the rows below it."""
    if not below:
        return not any(numbers_among([cell], missing, decimal)[0] for cell in first for decimal in ".,")
    columns = [[cell.strip() for cell in column] for column in zip(*below, strict=True)]
    texts = numbers = 0
    for name, cells in zip(first, columns, strict=True):
        strays = best_numbers(cells, missing, delimiter)[1]
        if not is_text(cells, strays, missing) and name.casefold() not in missing:
            named = bool(best_numbers([name], missing, delimiter)[1])
            texts, numbers = texts + named, numbers + (not named)
    if texts or numbers:
        return texts > numbers
    return len(set(first)) == len(first) and all(name not in cells for name, cells in zip(first, columns, strict=True))


def column_names(given: Sequence[str]) -> list[str]:
    """Names for all columns, each once: made up where there is none, numbered where one comes again."""
    names: dict[str, None] = {}  # in order
    taken = set(given)
    number: dict[str, int] = {}
    for j, name in enumerate(given):
        if name == "" or name in names:
            stem = name = name or f"column {j + 1}"
            while name in names or name in taken:
                number[stem] = number.get(stem, 1) + 1
                name = f"{stem}.{number[stem]}"
        names[name] = None
    return list(names)
