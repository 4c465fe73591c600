"""Raw values as people give them: which are numbers, which are texts, which are missing, and how an error shows one.

It owns the checks of single values and of lists of them; it must not know what is learnt from them.
Read next: `columns.py` and `labels.py`, which use them.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["as_floats", "as_texts", "check_names", "check_one_each", "is_finite", "shown"]


def as_floats(name: str, values: Sequence[Any]) -> NDArray[np.float64]:
    """Numbers, nan where one is missing. A missing one is None or nan; everything else must be a finite number."""
    import numpy as np

    if not all(issubclass(t, Real | np.bool_) or t is type(None) for t in {type(value) for value in values}):
        i = next(i for i, value in enumerate(values) if not isinstance(value, Real | np.bool_ | None))
        remedy = "give a number, or None if it is missing"
        with contextlib.suppress(TypeError, ValueError):
            remedy = f"give the number {float(values[i])!r}, not its text"
        raise ValueError(
            f"column {name!r}, sample {i}: {values[i]!r:.60} is no number, and the column is numeric: {remedy}"
        )
    try:
        numbers = np.array([math.nan if value is None else value for value in values], dtype=float)
        infinite = np.flatnonzero(np.isinf(numbers))
    except OverflowError:  # an int beyond the floats
        infinite = np.array([i for i, value in enumerate(values) if value is not None and not is_finite(value)])
    for i in infinite.tolist():
        raise ValueError(f"column {name!r}, sample {i}: {shown(values[i])} is not finite: correct or leave it out")
    return numbers


def as_texts(name: str, values: Sequence[Any]) -> list[str | None]:
    """Texts, None where one is missing. A missing one is None or nan; everything else must be text."""
    texts: list[str | None] = []  # nan is the number that is not itself
    for i, value in enumerate(values):
        if isinstance(value, str):
            texts.append(str(value))
        elif value is None or (isinstance(value, Real) and value != value):
            texts.append(None)
        else:
            raise ValueError(
                f"column {name!r}, sample {i}: {shown(value)} is no text, and the column holds texts: give one, as by "
                "str(value), or None if it is missing"
            )
    return texts


def check_names(what: str, names: Any) -> list[str]:
    """Names as a list of texts; one text is refused, whose letters would be taken for names."""
    if isinstance(names, str) or not hasattr(names, "__iter__"):
        remedy = f": write [{shown(names)}]" if isinstance(names, str) else ""
        raise TypeError(f"{what} must be a list of names, got {shown(names)}{remedy}")
    return [str(name) for name in names]


def check_one_each(what: str, values: Any) -> None:
    """That there is one entry per sample; of one text, the letters would be taken for entries."""
    if isinstance(values, str | bytes | Mapping) or not (hasattr(values, "__len__") and hasattr(values, "__iter__")):
        raise TypeError(f"{what} must be a list with one entry per sample, got {shown(values)}")


def is_finite(number: Any) -> bool:
    """Whether a number is finite as a float."""
    try:
        return math.isfinite(number)
    except OverflowError:  # an int beyond the floats
        return False


def shown(value: Any) -> str:
    """The value for a message, short and on one line."""
    is_huge = type(value) is int and value.bit_length() > 1024  # repr would refuse it
    text = f"a whole number of {value.bit_length()} bits" if is_huge else " ".join(repr(value).splitlines())
    return text if len(text) <= 60 else text[:57] + "..."
