"""What is asked after every epoch: the callbacks of `fit`, among them early stopping.

A callback is any object with `on_epoch_end(training)`; one with `on_train_begin(training)` is called before the first
epoch too, one with `on_train_end(training)` when training is over, however it ended. This module owns what they are
told; it must not know how training works. Read next: `loop.py`, which calls them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograd import Value

from ..counts import positive
from ..finite import finite
from ..lookup import look_up
from ..metrics import METRICS
from .history import History, Row

__all__ = ["Callback", "EarlyStopping", "Training"]


@dataclass
class Training:
    """A training under way, as a callback sees it.

    Attributes:
        model: What is trained.
        optimizer: What changes its parameters; `optimizer.parameters` are those that are trained.
        history: The epochs so far, the last one included.
        columns: The names of what each row will hold.
        stopped: Why training shall end after this epoch; "" if it goes on.
    """

    model: Any
    optimizer: Any
    history: History
    columns: Sequence[str] = ()
    stopped: str = ""

    @property
    def epoch(self) -> int:
        """The number of the epoch that has just ended, 1 for the first."""
        return len(self.history.rows)

    @property
    def row(self) -> Row:
        """The figures of that epoch."""
        return self.history.rows[-1]

    def stop(self, reason: str) -> None:
        """End training after this epoch; `History.stopped` will tell the reason."""
        self.stopped = reason or "a callback stopped it"


class Callback(Protocol):
    """The protocol: one method, and optionally `on_train_begin(training)` and `on_train_end(training)`."""

    def on_epoch_end(self, training: Training) -> None:
        """Called after every epoch."""


class EarlyStopping:
    """Stop when a figure has not become better for some epochs, and go back to the weights that were best.

    Training further would fit the noise of the training part: a little training accuracy is traded for accuracy on
    data that was not seen.

    Args:
        patience: How many epochs without improvement are waited for, at least 1.
        monitor: The column of the history to watch.
        min_delta: How much better counts as better, at least 0.
        mode: `"min"` if the figure shall fall, `"max"` if it shall rise; None for losses and the metrics of `nn`,
            where it is known.

    Attributes:
        best: The best figure so far.
        best_epoch: Its epoch, 0 before the first.

    Raises:
        ValueError: If patience is not a whole number of at least 1, min_delta is negative or not finite, or mode is
            not named for a figure of your own; before training, if the history will have no column of that name.
        TypeError: If min_delta is no number.

    Example:
        >>> from nn import MLP, fit
        >>> model = MLP(1, [1], seed=0)
        >>> stopping = EarlyStopping(patience=3)
        >>> history = fit(model, [[0.0], [1.0]], [1.0, 0.0], loss="mean_squared_error", epochs=500, seed=0,
        ...               validation=([[0.5]], [0.0]), callbacks=[stopping], progress=False)
        >>> len(history.rows) - stopping.best_epoch, history.stopped
        (3, 'no better validation_loss for 3 epochs')

    References:
        L. Prechelt, Early stopping - but when?, 1998.
    """

    def __init__(
        self, patience: int = 10, monitor: str = "validation_loss", min_delta: float = 0.0, mode: str | None = None
    ) -> None:
        self.patience = positive("patience", patience)
        self.monitor, self.min_delta = monitor, finite("min_delta", min_delta, minimum=0)
        self.falls = _falls(monitor, mode)
        self._begin()

    def _begin(self) -> None:
        self.best, self.best_epoch = math.inf if self.falls else -math.inf, 0
        self._weights: list[tuple[Value, float]] = []

    def on_train_begin(self, training: Training) -> None:
        """Forget what an earlier training has left."""
        if self.monitor.startswith("validation_") and "validation_loss" not in training.columns:
            raise ValueError(f"to watch {self.monitor}, fit needs validation=(X, y)")
        look_up("column of the history", self.monitor, dict.fromkeys(training.columns))
        self._begin()

    def on_epoch_end(self, training: Training) -> None:
        """Keep the weights if they are the best so far; stop if they have not been for too long."""
        figure = training.row[self.monitor]
        gain = self.best - figure if self.falls else figure - self.best
        if gain > self.min_delta:
            self.best, self.best_epoch = figure, training.epoch
            self._weights = [(p, p.data) for p in training.optimizer.parameters]
        elif training.epoch - self.best_epoch >= self.patience:
            training.stop(f"no better {self.monitor} for {self.patience} epochs")

    def on_train_end(self, training: Training) -> None:
        """Put the best weights back."""
        for parameter, number in self._weights:
            parameter.data = number


def _falls(monitor: Any, mode: str | None) -> bool:
    """Whether a figure is better when it is smaller."""
    if mode is not None:
        return look_up("mode", mode, {"min": True, "max": False})
    figure = str(monitor).removeprefix("validation_")
    if figure not in ("loss", *METRICS):
        raise ValueError(f'whether {monitor!r} shall fall or rise is not known: write mode="min" or mode="max"')
    return figure in ("loss", "log_loss", "mae", "rmse")
