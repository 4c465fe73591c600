"""Learning curves: a quantity of the history over the epochs.

It owns that picture; it must not know how a network is trained.
Read next: `boundary.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..lookup import look_up
from .style import BLUE, VERMILLION, axes_or_new, tidy
from .text import PLAIN, legend, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..training.history import History

__all__ = ["learning_curve"]

SHARES = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc")  # from 0 to 1
OF_TRAINING = ("learning_rate", "seconds")  # measured of the epoch, not of data
DECADES = 3  # a quantity that falls through more than so many powers of ten is drawn on a logarithmic axis
HUGE = 1e100  # where the axis ends: a loss beyond has diverged


def learning_curve(history: History, quantity: str = "loss", ax: Axes | None = None) -> Axes:
    """A quantity of the history over the epochs, for training and, where it was measured, for validation data.

    The axis of a loss starts at 0; it is logarithmic if the loss is positive and spans more than three powers of ten.

    Args:
        history: What `fit` returned, with one row at least.
        quantity: A column of it: `"loss"`, `"accuracy"` or another metric, `"learning_rate"`, `"seconds"`.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes.

    Raises:
        TypeError: If history is something else.
        ValueError: If the history is empty, has no such quantity, or no finite number of it.

    Example:
        >>> from nn.training import History
        >>> from nn.plots import learning_curve, new_figure
        >>> history = History([{"epoch": 1, "loss": 0.7, "validation_loss": 0.8},
        ...                    {"epoch": 2, "loss": 0.3, "validation_loss": 0.5}])
        >>> ax = learning_curve(history, ax=new_figure(6, 4).subplots())
        >>> for line in ax.get_lines():
        ...     print(line.get_label(), line.get_ydata().tolist())
        train [0.7, 0.3]
        validation [0.8, 0.5]
    """
    curves = _curves(history, quantity)
    from matplotlib.ticker import MaxNLocator

    ax = axes_or_new(ax)
    tidy(ax)
    epochs = history.column("epoch")
    every = max(1, len(epochs) // 8)
    looks = {"train": (BLUE, "-", "o", 0), "validation": (VERMILLION, "--", "^", every // 2)}
    for name, values in curves.items():
        colour, dashes, marker, first = looks[name]
        ax.plot(
            epochs, values, color=colour, linestyle=dashes, linewidth=2 if len(epochs) <= 200 else 1.3,
            marker=marker, markersize=5, markevery=(first, every), label=name,
        )  # fmt: skip
    words = "mean loss" if quantity == "loss" else shortened(quantity.replace("_", " "), 40)
    ax.set(xlabel="epoch", xlim=_around(epochs))
    ax.set_ylabel(words, **PLAIN)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    _scale(ax, quantity, [value for values in curves.values() for value in values if math.isfinite(value)])
    if len(curves) > 1 or quantity not in OF_TRAINING:
        legend(ax, ax.get_lines(), list(curves))
    return ax


def _curves(history: History, quantity: str) -> dict[str, list[float]]:
    """The numbers of each curve, checked."""
    if not (hasattr(history, "rows") and hasattr(history, "column")):
        kind = type(history).__name__
        raise TypeError(
            f"a learning curve is drawn of the History that fit returned, got {kind}: {shortened(repr(history), 60)}"
        )
    if not history.rows:
        raise ValueError(f"the history is empty, there is no {quantity} to draw: train for one epoch at least")
    held = [name for name in history.rows[0] if name != "epoch" and not name.startswith("validation_")]
    look_up("quantity", quantity, dict.fromkeys(held))
    curves = {"train": history.column(quantity)}
    if f"validation_{quantity}" in history.rows[0]:
        curves["validation"] = history.column(f"validation_{quantity}")
    if not any(math.isfinite(value) for values in curves.values() for value in values):
        raise ValueError(f"the history holds no finite number of {quantity} to draw: {curves['train'][:3]!r:.60}")
    return curves


def _around(epochs: Sequence[float]) -> tuple[float, float]:
    first, last = epochs[0], epochs[-1]
    return (first - 0.5, last + 0.5) if first == last else (first - (last - first) * 0.02, last + (last - first) * 0.02)


def _scale(ax: Axes, quantity: str, values: list[float]) -> None:
    lowest, highest = min(values), max(values)
    if quantity in SHARES:
        ax.set_ylim(top=1.005)
    elif lowest > 0 and highest / lowest > 10**DECADES:
        ax.set_yscale("log")
        if highest > HUGE:  # its ticks would overflow: the curve leaves the picture there
            ax.set_ylim(lowest / 10, HUGE)
    elif quantity == "loss" and lowest >= 0:
        ax.set_ylim(0.0 if highest else -0.05, 1.06 * highest if highest else 1.0)  # 0 lies on the axis: show it
