"""Looking a thing up by its name, with an error that suggests the nearest one.

It owns that error and nothing else; it must not know what is looked up.
Read next: `activations.py` and `initializers.py`, which use it.
"""

import difflib
from collections.abc import Mapping
from typing import TypeVar

__all__ = ["look_up"]

T = TypeVar("T")


def look_up(kind: str, name: str, table: Mapping[str, T]) -> T:
    """The entry of a table.

    Args:
        kind: What the table holds, for the error: `"activation"`.
        name: The name to look for.
        table: The names and what they stand for.

    Returns:
        The entry.

    Raises:
        ValueError: If there is no such name; the message suggests the nearest one and lists all.

    Example:
        >>> look_up("fruit", "pear", {"apple": 1, "pear": 2})
        2
        >>> look_up("fruit", "paer", {"apple": 1, "pear": 2})
        Traceback (most recent call last):
        ...
        ValueError: unknown fruit 'paer', did you mean 'pear'? There are: apple, pear
        >>> look_up("optimizer", "adma", {"adamax": 1, "adam": 2})
        Traceback (most recent call last):
        ...
        ValueError: unknown optimizer 'adma', did you mean 'adam'? There are: adamax, adam
    """
    if name in table:
        return table[name]
    small = str(name).lower()
    nearest = difflib.get_close_matches(small, table, n=3)
    nearest.sort(key=lambda known: sorted(known) != sorted(small))  # letters that changed places: the likeliest slip
    hint = f", did you mean {nearest[0]!r}?" if nearest else "."
    raise ValueError(f"unknown {kind} {name!r}{hint} There are: {', '.join(table)}")
