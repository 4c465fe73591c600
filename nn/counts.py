"""Counts that users give: layer sizes, epochs, batch sizes.

It owns the check and its error; it must not know what is counted.
Read next: `modules.py` and `training/loop.py`, which use it.
"""

import operator
from typing import Any

__all__ = ["positive"]


def positive(name: str, number: Any) -> int:
    """A number that counts something, as an int.

    Args:
        name: What it is called, for the error.
        number: A whole number of at least 1, numpy's integers too.

    Raises:
        ValueError: If it is something else, a bool included.

    Example:
        >>> positive("epochs", 5)
        5
        >>> positive("epochs", 0)
        Traceback (most recent call last):
        ...
        ValueError: epochs must be a whole number of at least 1, got 0
    """
    try:
        whole = 0 if isinstance(number, bool) else operator.index(number)
    except TypeError:
        whole = 0
    if whole < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {number!r}")
    return whole
