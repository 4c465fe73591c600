"""Labels as class numbers, and what the classes are called.

It owns that reading, which all plots of classes share; it must not know what is drawn.
Read next: `boundary.py` and `outcomes.py`, which use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["classes_of", "numbered"]


def classes_of(*labels: Any) -> list[Any]:
    """The classes that occur, in order.

    Args:
        labels: Sequences of labels: whole numbers or names.

    Raises:
        ValueError: If a sequence is not one-dimensional, or there are no labels, or a number among them is not whole.

    Example:
        >>> classes_of([0, 2, 2], [1])
        [0, 1, 2]
        >>> classes_of(["dog", "cat"])
        ['cat', 'dog']
    """
    found: set[Any] = set()
    for part in labels:
        plain = part.tolist() if hasattr(part, "tolist") else list(part)
        for label in plain:
            if isinstance(label, (list, tuple)):
                raise ValueError(
                    f"a class is one number or name, not {label!r:.40}: of one-hot rows, take np.argmax(y, axis=1)"
                )
            if isinstance(label, float) and not label.is_integer():
                raise ValueError(f"a class is a whole number or a name, not {label!r}: round probabilities first")
        found.update(plain)
    if not found:
        raise ValueError("there are no samples, and so no classes to draw")
    return sorted(found, key=lambda label: (isinstance(label, str), label))


def numbered(classes: Sequence[Any], class_names: Sequence[Any]) -> tuple[dict[Any, int], list[str]]:
    """The number of each label from 0 on, and the name of each number.

    Args:
        classes: The labels that occur, in order.
        class_names: The names of all classes, in order; none for the labels themselves. Labels are then the names,
            or 0, 1, ..., or for two classes -1 and +1.

    Raises:
        ValueError: If a label has no name.

    Example:
        >>> numbered([0, 2], ["cat", "dog", "owl"])
        ({0: 0, 1: 1, 2: 2}, ['cat', 'dog', 'owl'])
        >>> numbered([-1, 1], [])
        ({-1: 0, 1: 1}, ['−1', '1'])
    """
    names = [str(name) for name in class_names]
    if not names:
        shown = [label if isinstance(label, str) else f"{label:g}".replace("-", "\N{MINUS SIGN}") for label in classes]
        return {label: i for i, label in enumerate(classes)}, shown
    if len(names) == 2 and set(classes) <= {-1, 1}:
        return {-1: 0, 1: 1}, names
    table: dict[Any, int] = {i: i for i in range(len(names))}
    if any(isinstance(label, str) for label in classes):
        table = {name: i for i, name in enumerate(names)}
    for label in classes:
        if label not in table:
            held = f"the {len(names)} class names are {', '.join(names)!s:.80}"
            raise ValueError(f"no class name for the class {label!r}: {held}; give one for each class, in order")
    return table, names
