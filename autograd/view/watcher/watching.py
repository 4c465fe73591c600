"""A training under watch: as a callback of `fit`, and around a loop of one's own.

This module owns these two ways in, and must not know `nn`: as a callback it is given an object with `epoch` and
`row`. It only reads: weights, gradients, modes and chance are the same with and without it.
Read next: `observing.py`, which does the work of a step.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from ..page import Page
from ..text import visible
from .observing import Observer
from .plane import plane_of
from .player import page
from .records import Record, told
from .saving import save
from .screens import screen_of

__all__ = ["Watch"]

NO_FIGURES = ("epoch", "seconds")  # columns of a history that say nothing of what was learnt
TRIALS = 100


class Watch:
    """A training under watch, as `watch` makes it.

    Args:
        model: As for `watch`.
        X: As for `watch`.
        y: As for `watch`.
        title: As for `watch`.
        threshold: As for `watch`.
        show: As for `watch`.
        clock: Seconds since any fixed moment.
    """

    def __init__(
        self, model: Any, X: Any = None, y: Any = None, *, title: str = "", threshold: float | None = None,
        show: bool = True, clock: Callable[[], float] = time.perf_counter,
    ) -> None:  # fmt: skip
        self.model, self.title, self.threshold, self._clock = model, title, threshold, clock
        if (X is None) != (y is None):
            raise ValueError("the boundary needs samples and their classes: give both X and y, or neither")
        self._plane, self._why = (None, "") if X is None else plane_of(X, y)
        self._shown = show
        self._begin("step")

    def _begin(self, unit: str) -> None:
        """Forget what an earlier training has left."""
        record = Record(unit=unit, plane=self._plane, remarks=[self._why] if self._why else [])
        screen = screen_of() if self._shown else None
        self._observer = Observer(self.model, record, screen, self.threshold, self._clock)
        self._step = 0  # the newest
        self._next: float = 0  # the one that is to be seen
        self._newest: Mapping[str, Any] = {}
        shape = " " + "-".join(map(str, record.wires.sizes)) if record.wires else ""
        record.name = visible(self.title or type(self.model).__name__.replace("function", "Training") + shape)

    # --- a loop of one's own ---

    def __enter__(self) -> Self:
        self._begin("step")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def update(self, **figures: Any) -> None:
        """A step is done.

        The first 32 steps are seen, and of the others as many as the budget allows; the last is always kept. A step
        that is not seen is not drawn, and its figures are not read, so that an error or a nan in them is not noticed.

        Args:
            **figures: Numbers or Values by name; each name becomes a curve.

        Raises:
            TypeError: If one is no number.

        Cost:
            A step that is not seen takes 0.3 to 0.8 µs, and no clock is read. That is the floor: it is 5 % of steps of
            10 µs. One that is seen takes 10 to 20 µs, and what is due then.
        """
        self._step += 1
        self._newest = figures
        if self._step >= self._next:
            self._see()

    # --- a callback of `fit` ---

    def on_train_begin(self, training: Any) -> None:
        """Start anew."""
        self._begin("epoch")

    def on_epoch_end(self, training: Any) -> None:
        """Note the figures of an epoch; what another callback has put into the row and is no number is left out."""
        self._step = training.epoch
        self._newest = self._observer.drawable({n: x for n, x in training.row.items() if n not in NO_FIGURES})
        if self._step >= self._next:
            self._see()

    def on_train_end(self, training: Any) -> None:
        """Show the last state."""
        self.close()

    # --- what is done at a step ---

    def _see(self) -> None:
        unseen = self._observer.see(self._step, self._newest)
        if unseen and self._observer.unseen_cost is None:
            self._measure_unseen()
        self._next = self._step + 1 + unseen

    def _measure_unseen(self) -> None:
        """Find once what an update costs at which nothing is due, so that those can be counted without a clock."""
        step, self._next = self._step, math.inf
        began = self._clock()
        for _ in range(TRIALS):
            self.update(**self._newest)
        seconds = self._clock() - began
        self._step = step
        self._observer.unseen_cost = seconds / TRIALS
        self._observer.budget.spent += seconds

    def close(self) -> None:
        """Show the last state, on a fine grid; nothing more is noted. Called by the context and by `fit`."""
        self._observer.catch_up(self._step, self._newest)
        self._observer.finish()

    # --- what was seen ---

    @property
    def record(self) -> Record:
        """What was seen."""
        return self._observer.record

    @property
    def page(self) -> Page:
        """What was seen so far as a page that can be scrubbed.

        Raises:
            ValueError: If nothing was seen yet.
        """
        return page(self._seen())

    def _seen(self) -> Record:
        if not len(self.record.frames):
            raise ValueError("nothing was seen yet: give this to fit as a callback, or call update in the loop")
        self._observer.catch_up(self._step, self._newest)
        self._observer.frame_now()
        return self.record

    def save(self, path: os.PathLike[str] | str) -> str:
        """Write what was seen, whole or not at all, and return the path; folders are made where they are missing.

        Args:
            path: `.html`: a page that can be scrubbed; `.gif`: an animation; `.png` or `.svg`: the last state.

        Raises:
            ValueError: If the name ends otherwise, or nothing was seen yet.
            OSError: If it cannot be written; a file that was there before is as it was.
        """
        return save(self._seen(), path)

    def __repr__(self) -> str:
        self._observer.catch_up(self._step, self._newest)
        rows = self.record.rows
        return f"<Watch of {self.record.name}: {told(rows.last, self.record.unit) if len(rows) else 'nothing yet'}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """The page, and the live picture above it is brought up to date; before anything was seen, a text."""
        if not len(self.record.frames):
            return {"text/plain": repr(self)}
        made = self.page
        self._observer.displayed()
        return made._repr_mimebundle_(include, exclude)
