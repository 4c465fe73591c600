"""Metrics of numbers: how far predictions are off.

It owns what is asked of scikit-learn, which does the computing; it must not know networks.
Read next: `decisions.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .checks import as_numbers

__all__ = ["mae", "r2", "rmse"]


def r2(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`1 - Σ (y - ŷ)² / Σ (y - mean of y)²`: the share of the variance that is explained; of several outputs, averaged.

    Args:
        y_true: The true numbers, or rows of them.
        y_pred: The predictions.

    Returns:
        A number <= 1: 1 for perfect predictions, 0 for the mean of y_true. Of a constant y_true it is 1 if all
        predictions are right, else 0.

    Raises:
        ValueError: If there are fewer than 2, not as many of the one as of the other, or what is no finite number.

    Example:
        >>> r2([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
        0.5
    """
    from sklearn.metrics import r2_score

    true, predicted = as_numbers("r2", y_true, y_pred)
    if len(true) < 2:
        raise ValueError("r2 needs two samples at least: one has no variance to explain")
    return float(r2_score(true, predicted))


def mae(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`1/n Σ |y - ŷ|`: the mean absolute error, in units of y; of several outputs, averaged.

    Args:
        y_true: The true numbers, or rows of them.
        y_pred: The predictions.

    Returns:
        A number >= 0.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, or what is no finite number.

    Example:
        >>> mae([1.0, 2.0, 3.0], [1.0, 2.0, 6.0])
        1.0
    """
    from sklearn.metrics import mean_absolute_error

    return float(mean_absolute_error(*as_numbers("mae", y_true, y_pred)))


def rmse(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`√(1/n Σ (y - ŷ)²)`: the root of the mean squared error, in units of y; of several outputs, their roots averaged.

    Args:
        y_true: The true numbers, or rows of them.
        y_pred: The predictions.

    Returns:
        A number >= 0.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, or what is no finite number.

    Example:
        >>> rmse([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 8.0])
        2.0
    """
    from sklearn.metrics import root_mean_squared_error

    return float(root_mean_squared_error(*as_numbers("rmse", y_true, y_pred)))
