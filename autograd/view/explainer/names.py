"""The names that nodes have in an explanation: their labels, and short ones for those without.

This file owns how names are made and kept apart; it must not know formulas or formats.
Read next: `chain.py`, which writes the chain rule with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...engine import Value
from ..text import cells, shortened, visible

__all__ = ["Namer", "label_of", "names"]

LONGEST = 16  # cells; of a name that stands in every formula


def label_of(v: Value, longest: float = LONGEST) -> str:
    """The label of a Value, fit to be shown; "" if there is none or nothing of it could be seen."""
    text = visible(shortened(str(v.label), 40 * longest)) if v.label else ""  # cut first: a label may be a book
    text = shortened(text.strip(), longest)
    return text if cells(text.strip()) else ""


class Namer:
    """Gives every Value that it is asked for a name of its own.

    Example:
        >>> namer = Namer()
        >>> namer(Value(1.0, label="a")), namer(Value(2.0, label="a")), namer(Value(3.0)), namer(Value(4.0))
        ('a', 'a[2]', 'u1', 'u2')
    """

    def __init__(self) -> None:
        self.found: dict[Value, str] = {}
        self.taken: set[str] = set()
        self.numbers: dict[str, int] = {}

    def __call__(self, v: Value, preferred: str = "") -> str:
        """The label, else the preferred name if it is free, else one that is made up."""
        if v not in self.found:
            label = label_of(v)
            name = label or preferred
            while not name or name in self.taken:
                kind = label or "u"
                number = self.numbers[kind] = self.numbers.get(kind, 1 if label else 0) + 1
                name = f"{label}[{number}]" if label else f"u{number}"
            self.taken.add(name)
            self.found[v] = name
        return self.found[v]


def names(values: Iterable[Value], preferred: Mapping[Value, str]) -> dict[Value, str]:
    """A name for every Value, each different: labels first, then preferred names, then made-up ones.

    Args:
        values: In the order in which unlabelled ones are numbered.
        preferred: The names that some get if they have no label, unless a label is the same.

    Example:
        >>> a, b, y = Value(1.0), Value(2.0, label="u1"), Value(3.0)
        >>> names([a, b, y], {y: "y"}) == {a: "u2", b: "u1", y: "y"}
        True
    """
    namer = Namer()
    listed = list(values)
    for v in sorted(listed, key=lambda v: 0 if label_of(v) else 1 if v in preferred else 2):  # which is stable
        namer(v, preferred.get(v, ""))
    return namer.found
