"""The plane of two inputs: the samples on it, and what a model predicts on a grid over it.

This module owns the decision boundary as numbers; it must not know how it is drawn. The model is asked with nothing
recorded, with dropout and noise off, and chance as it was before: training goes on as if nobody had asked.
Read next: `records.py`, which keeps the grids.
"""

from __future__ import annotations

import math
import random
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ...engine import no_grad
from ...errors import AutogradError, ShapeError
from .spans import widened

__all__ = ["LEVELS", "MAX_CLASSES", "NO_NUMBER", "PROBABILITY", "Plane", "plane_of", "undisturbed"]

LEVELS = 31  # on either side of the boundary
NO_NUMBER = 99
MAX_CLASSES = 5  # as many markers and colours are told apart
MARGIN = 0.1
PROBABILITY = 0.5  # the threshold of a score between 0 and 1


class Plane:
    """The samples, and the square around them.

    Args:
        X: The samples, two numbers each.
        y: Their classes: numbers or texts.

    Attributes:
        points: The samples.
        classes: The different classes, sorted.
        labels: The index of each sample's class.
        low, high: The corners of the square.
        one_score: Whether the model gave one score when it was asked, and not one for each class.

    Raises:
        ShapeError: If there are no samples, or a sample is not two numbers.
        TypeError: If a class is neither a number nor a text.
        ValueError: If a number is not finite.
    """

    def __init__(self, X: Any, y: Any) -> None:
        self.points = [_point(i, row) for i, row in enumerate(_rows("X", X))]
        labels = [_label(i, label) for i, label in enumerate(_rows("y", y))]
        if not self.points:
            raise ShapeError("X is empty: there are no samples to show")
        self.classes = sorted(set(labels), key=lambda label: (isinstance(label, str), label))
        self.labels = [self.classes.index(label) for label in labels]
        self.one_score = False
        columns = list(zip(*self.points, strict=True))
        self.low, self.high = zip(*[widened(column, MARGIN) for column in columns], strict=True)

    def ask(self, model: Callable[[Any], Any], size: int, threshold: float) -> array[int]:
        """The predictions of a model on a grid, as `Grid.cells` holds them.

        Args:
            model: Maps [x₁, x₂] to one score or to one for each class.
            size: Points to a side.
            threshold: Where one score changes the class: 0.5 for probabilities, 0 for logits and margins.

        Raises:
            ShapeError: If the scores do not fit the classes.
        """
        steps = [i / (size - 1) for i in range(size)]
        (x0, y0), (x1, y1) = self.low, self.high
        cells, undefined = array("b"), None
        with undisturbed(model), no_grad():
            for v in steps:
                for u in steps:
                    try:
                        output = model([x0 * (1 - u) + x1 * u, y0 * (1 - v) + y1 * v])
                    except (AutogradError, ArithmeticError) as error:  # as ln x has no value everywhere
                        undefined = error
                        cells.append(NO_NUMBER)
                    else:
                        cells.append(self._cell(_scores(output), threshold))
        if undefined is not None and all(cell == NO_NUMBER for cell in cells):
            raise undefined
        return cells

    def _cell(self, scores: Sequence[float], threshold: float) -> int:
        if not all(map(math.isfinite, scores)):
            return NO_NUMBER
        self.one_score = len(scores) == 1
        if self.one_score:
            if len(self.classes) > 2:
                raise ShapeError(f"one score cannot tell {len(self.classes)} classes apart")
            over = scores[0] - threshold
            share = 2 * over if threshold == PROBABILITY else over / (1 + abs(over))
            level = round(LEVELS * max(-1.0, min(1.0, share)))
            return level or (1 if share > 0 else -1)
        if len(scores) < len(self.classes):
            raise ShapeError(f"the model gives {len(scores)} scores for {len(self.classes)} classes")
        return max(range(len(scores)), key=scores.__getitem__)


def plane_of(X: Any, y: Any) -> tuple[Plane | None, str]:
    """The plane of some samples; None, and why, if they have none.

    Args:
        X: The samples: rows of numbers.
        y: Their classes.

    Raises:
        ShapeError: If there are no samples, rows differ in length, or there is not one class for each.
        TypeError: If X or y is no list, or a class is neither a number nor a text.
        ValueError: If a number of a sample of two is not finite.

    Example:
        >>> plane_of([[1.0, 2.0, 3.0]], [1])
        (None, 'The decision boundary is left out: a sample has 3 inputs, and the plane has 2.')
    """
    X, y = _rows("X", X), _rows("y", y)
    if len(y) != len(X):
        raise ShapeError(f"there are {len(X)} samples in X and {len(y)} classes in y: give one for each")
    widths = {len(row) if hasattr(row, "__len__") else 0 for row in X}
    if len(widths) == 1 and not widths & {0, 2}:
        return None, f"The decision boundary is left out: a sample has {widths.pop()} inputs, and the plane has 2."
    plane = Plane(X, y)
    if len(plane.classes) > MAX_CLASSES:
        count = len(plane.classes)
        return (
            None,
            f"The decision boundary is left out: y has {count} different values, more than {MAX_CLASSES} classes.",
        )
    return plane, ""


def _rows(name: str, rows: Any) -> list[Any]:
    if isinstance(rows, (str, bytes, dict)) or not hasattr(rows, "__iter__"):
        raise TypeError(f"{name} must be a list or an array with one entry for each sample, not {type(rows).__name__}")
    return list(rows)


def _point(i: int, row: Any) -> tuple[float, float]:
    try:
        numbers = tuple([float(x) for x in row])
    except (TypeError, ValueError, OverflowError):
        raise ShapeError(f"X[{i}] must be a row of two numbers, got {row!r:.60}") from None
    if len(numbers) != 2:
        raise ShapeError(f"X[{i}] has {len(numbers)} numbers, and the plane has 2")
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"X[{i}] = {list(numbers)}: a place on the plane needs finite numbers")
    return numbers


def _label(i: int, label: Any) -> float | str:
    if isinstance(label, str):
        return label
    try:
        number = float(label)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"y[{i}] must be one class, a number or a text, got {label!r:.60}") from None
    if not math.isfinite(number):
        raise ValueError(f"y[{i}] = {number}: a class needs a finite number or a text")
    return number


def _scores(output: Any) -> list[float]:
    """The numbers of an output: Values or numbers, one or several."""
    return [float(x) for x in output] if isinstance(output, (list, tuple)) else [float(output)]


@contextmanager
def undisturbed(model: Any) -> Iterator[None]:
    """While the block runs dropout and noise are off; afterwards modes and chance are as they were."""
    modules = model.modules() if callable(getattr(model, "modules", None)) else [model]
    modes = [(module, module.training) for module in modules if isinstance(getattr(module, "training", None), bool)]
    chance = random.getstate()
    numpy: Any = getattr(sys.modules.get("numpy"), "random", None)  # where it is loaded, a model may draw from it
    chance_of_numpy = numpy.get_state() if numpy else None
    try:
        for module, _ in modes:
            module.training = False
        yield
    finally:
        for module, mode in modes:
            module.training = mode
        random.setstate(chance)
        if numpy:
            numpy.set_state(chance_of_numpy)
