"""A training under watch: what is done at each of its steps, and when.

This module owns the order of the work, and must not know `nn`: as a callback it is given an object with `epoch` and
`row`. It only reads: weights, gradients, modes and chance are the same with and without it.
Read next: `pace.py`, which says when; `records.py`, what is remembered; `picture.py`, how it looks.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from ..page import Page
from .pace import Budget, Pace
from .plane import PROBABILITY, plane_of
from .player import page
from .records import Frame, Grid, Record, Row, told
from .saving import save
from .screens import Screen, screen_of
from .wires import Wires

__all__ = ["SHARES", "Watch"]

PAUSE = 0.1  # seconds between two pictures
NO_FIGURES = ("epoch", "seconds")  # columns of a history that say nothing of what was learnt
SHARES = {"numbers": 0.01, "grid": 0.025, "picture": 0.015}  # of the time of training: 5 % together
GRID_SECONDS = 0.012  # a grid that costs more is made coarser: two in a second then keep its share
LAST_GRID_SECONDS = 0.3
SIZES = (10, 13, 16, 20, 24, 32)
PROBABILITIES = ("sigmoid", "hard_sigmoid")
T = TypeVar("T")


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

    Attributes:
        record: What was seen.
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
        self._warned = False
        self._begin("step")

    def _begin(self, unit: str) -> None:
        """Forget what an earlier training has left."""
        self.budget = Budget(self._clock)
        self.paces = {kind: Pace(self.budget, share, PAUSE * (kind == "picture")) for kind, share in SHARES.items()}
        self.record = Record(unit=unit, plane=self._plane, remarks=[self._why] if self._why else [])
        self._grid_size, self._point_seconds, self._over = SIZES[0], 0.0, False
        try:
            self.record.wires = Wires(self.model)
        except ValueError as error:
            self.record.remarks.append(f"The network is left out: {error}.")
        except Exception as error:
            self._failed("the network", error)
        wires = self.record.wires
        shape = " " + "-".join(map(str, wires.sizes)) if wires else ""
        self.record.name = self.title or type(self.model).__name__.replace("function", "Training") + shape
        self._screen: Screen | None = screen_of() if self._shown else None

    # --- a loop of one's own ---

    def __enter__(self) -> Self:
        self._begin("step")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def update(self, **figures: Any) -> None:
        """A step is done.

        Args:
            **figures: Numbers or Values by name; each name becomes a curve.

        Raises:
            TypeError: If one is no number.
        """
        self._see({name: _number(name, x) for name, x in figures.items()}, self._steps + 1)

    @property
    def _steps(self) -> int:
        return self.record.rows.last.step if len(self.record.rows) else 0

    # --- a callback of `fit` ---

    def on_train_begin(self, training: Any) -> None:
        """Start anew."""
        self._begin("epoch")

    def on_epoch_end(self, training: Any) -> None:
        """Note the figures of an epoch."""
        row: Mapping[str, Any] = training.row
        figures = {name: _number(name, x) for name, x in row.items() if name not in NO_FIGURES}
        self._see(figures, training.epoch)

    def on_train_end(self, training: Any) -> None:
        """Show the last state."""
        self.close()

    # --- what is done at a step ---

    def _see(self, figures: dict[str, float], step: int) -> None:
        row = Row(step, figures)
        with self.budget.measured():
            self.record.rows.append(row)
            if self._screen is not None:
                self._try("the output", self._screen.step, self.record, row)
            grid_due = self.record.plane is not None and self.paces["grid"].due
            picture_due = self._screen is not None and self.paces["picture"].due
            if grid_due or picture_due or self.paces["numbers"].due:
                self.record.frames.append(self._frame(row, self._grid() if grid_due else None))
            if picture_due and self._screen is not None:
                with self.paces["picture"].work():
                    self._try("the output", self._screen.show, self.record, self.record.whole(self.record.frames.last))

    def _frame(self, row: Row, grid: Grid | None) -> Frame:
        """The numbers of the network at this moment."""
        with self.paces["numbers"].work():
            wires = self.record.wires
            weights = self._try("the network", wires.weights) if wires else None
            gradients = self._try("the network", wires.gradients) if wires and weights is not None else None
        return Frame(row, weights, gradients, grid)

    def _grid(self) -> Grid | None:
        """The predictions on a grid, the first time a coarse one, then the finest that is cheap enough."""
        plane, size = self.record.plane, self._grid_size
        if plane is None:
            return None
        with self.paces["grid"].work():
            cells = self._try("the decision boundary", plane.ask, self.model, size, self._threshold)
        self._point_seconds = self.paces["grid"].cost / size**2
        self._grid_size = self._affordable(GRID_SECONDS)
        return None if cells is None else Grid(size, cells)

    def _affordable(self, seconds: float) -> int:
        """The size of the finest grid that costs so many seconds."""
        return max([n for n in SIZES if self._point_seconds * n * n <= seconds], default=SIZES[0])

    @property
    def _threshold(self) -> float:
        if self.threshold is not None:
            return self.threshold
        activations = self.record.wires.activations if self.record.wires else [getattr(self.model, "activation", "")]
        return PROBABILITY if activations[-1] in PROBABILITIES else 0.0

    def close(self) -> None:
        """Show the last state, on a fine grid; nothing more is noted. Called by the context and by `fit`."""
        if self._over or not len(self.record.rows):
            return
        self._over = True
        row = self.record.rows.last
        self._grid_size = self._affordable(LAST_GRID_SECONDS)
        frame = self._frame(row, self._grid() if self.record.plane is not None else None)
        if len(self.record.frames) and self.record.frames.last.row.step == row.step:
            self.record.frames.replace_last(frame)
        else:
            self.record.frames.append(frame)
        if self._screen is not None:
            self._try("the output", self._screen.finish, self.record)

    # --- what was seen ---

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
        row = self.record.rows.last
        if not self._over and self.record.frames.last.row.step < row.step:
            self.record.frames.append(self._frame(row, None))
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
        rows = self.record.rows
        return f"<Watch of {self.record.name}: {told(rows.last, self.record.unit) if len(rows) else 'nothing yet'}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """The page; before anything was seen, a text."""
        return self.page._repr_mimebundle_(include, exclude) if len(self.record.frames) else {"text/plain": repr(self)}

    # --- nothing here may stop a training ---

    def _try(self, what: str, work: Callable[..., T], *arguments: Any) -> T | None:
        """What work gives; if it fails, that is told once, what it is about is left out, and training goes on."""
        try:
            return work(*arguments)
        except Exception as error:
            self._failed(what, error)
            return None

    def _failed(self, what: str, error: Exception) -> None:
        message = f"{what} could not be shown: {type(error).__name__}: {error}"
        if what == "the network":
            self.record.wires = None
        elif what == "the decision boundary":
            self.record.plane = None
        else:
            self._screen = None
        remark = message[0].upper() + message[1:] + "."
        if remark not in self.record.remarks:
            self.record.remarks.append(remark)
        if not self._warned:
            self._warned = True
            try:
                warnings.warn(f"watch: {message}. Training goes on", RuntimeWarning, stacklevel=2)
            except RuntimeWarning:  # where warnings are errors, this one must not be: it would end the training
                sys.stderr.write(f"watch: {message}. Training goes on\n")


def _number(name: str, x: Any) -> float:
    try:
        return float(x)
    except (TypeError, ValueError):
        raise TypeError(f"{name} = {x!r:.60}: a curve is made of numbers or Values") from None
