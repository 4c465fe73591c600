"""What was stored as JSON and is read again: each check names what is wrong, since a file may hold anything.

It owns the checks of an object's keys, of numbers, texts and lists; it must not know what they stand for.
Read next: `inputs.py` and `targets.py`, whose `from_json` use them.
"""

from __future__ import annotations

from typing import Any

from .values import is_finite, shown

__all__ = ["check_distinct", "check_keys", "check_number", "check_text"]


def check_keys(what: str, data: Any, keys: set[str]) -> None:
    """That it is an object with these keys and no others."""
    if not isinstance(data, dict) or set(data) != keys:
        got = sorted(map(str, data)) if isinstance(data, dict) else data
        raise ValueError(f"{what}: expected an object with {', '.join(sorted(keys))}, got {shown(got)}")


def check_number(what: str, value: Any) -> float:
    """A finite number of a JSON text, as a float."""
    if type(value) not in (int, float) or not is_finite(value):
        raise ValueError(f"{what} must be a finite number, got {shown(value)}")
    return float(value)


def check_text(what: str, value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError(f"{what} must be text, got {shown(value)}")
    return value


def check_distinct(what: str, values: Any) -> list[Any]:
    """A list of a JSON text with at least one entry and none twice; entries are texts, bools or numbers."""
    if not isinstance(values, list) or not values or not all(isinstance(v, str | bool | int | float) for v in values):
        raise ValueError(f"{what} must be a list of at least one text or number, got {shown(values)}")
    if len(set(values)) < len(values):
        raise ValueError(f"{what} must be distinct, got {shown(values)}")
    return values
