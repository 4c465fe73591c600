"""How long an epoch takes compiled, and how long the same code would take Value by Value.

It owns this comparison and its words; it must not know how training works.
Read next: `run.py`, which asks for it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from statistics import median
from typing import Any

from ..readable import seconds
from ..training import History, fit

__all__ = ["Pace", "pace"]

MEASURED = 5
"""Minibatches that are computed Value by Value, for the comparison."""


@dataclass(frozen=True)
class Pace:
    """Times of one training, in seconds.

    Attributes:
        epoch: Of a compiled epoch, with its validation: the median.
        minibatch: Of a minibatch Value by Value: the mean of those that were measured.
        measured: How many were.
        minibatches: How many an epoch has.
    """

    epoch: float
    minibatch: float
    measured: int
    minibatches: int

    def __str__(self) -> str:
        whole = self.minibatch * self.minibatches
        return (
            f"compiled, an epoch takes {_short(self.epoch)} with its validation; Value by Value the same code would "
            f"take {_short(whole)} without, {whole / self.epoch:.0f} times as long ({_short(self.minibatch)} for a "
            f"minibatch, measured on {self.measured}, times {self.minibatches})"
        )


def _short(time: float) -> str:
    return f"{1000 * time:.3g} ms" if time < 1 else seconds(time)


def pace(history: History, network: Any, X: Any, y: Any, *, batch_size: int, **options: Any) -> Pace | None:
    """The times of a training that was compiled; None of one that was not.

    Args:
        history: Its history.
        network: The network; a copy of it is trained a little more, Value by Value.
        X: The samples that it was trained on.
        y: Their targets.
        batch_size: Samples per update.
        options: What else `fit` was told.
    """
    if not history.compiled.startswith("compiled") or not history.rows:
        return None
    some = slice(0, MEASURED * batch_size)
    measured = fit(
        copy.deepcopy(network), X[some], y[some], batch_size=batch_size, epochs=1, compiled=False, progress=False,
        **options,
    )  # fmt: skip
    n = -(-len(X[some]) // batch_size)
    return Pace(
        median(row["seconds"] for row in history.rows), measured.rows[0]["seconds"] / n, n, -(-len(X) // batch_size)
    )
