"""What is done at a step of a training that is seen: figures noted, the model read, the picture shown.

This module owns the order of this work, and that no failure of it stops a training; it must not know who calls it.
Read next: `pace.py`, which says when; `records.py`, what is remembered; `picture.py`, how it looks.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..text import visible
from .pace import Budget, Pace, Stride
from .plane import PROBABILITY
from .records import Frame, Grid, Record, Row
from .screens import Screen
from .wires import Wires

__all__ = ["SHARES", "Observer"]

PAUSE = 0.1  # seconds between two pictures
SHARES = {"steps": 0.005, "numbers": 0.01, "grid": 0.02, "picture": 0.015}  # of the time of training: 5 % together
GRID_SECONDS = 0.012  # a grid that costs more is made coarser: two in a second then keep about their share
LAST_GRID_SECONDS = 0.3
SIZES = (10, 13, 16, 20, 24, 32)
PROBABILITIES = ("sigmoid", "hard_sigmoid")
T = TypeVar("T")


class Observer:
    """One training as it is seen.

    Args:
        model: What is trained.
        record: Where to note it; the network is found in the model and added.
        screen: Where to show it, if anywhere.
        threshold: Where one score changes the class; None to take it from the last layer.
        clock: Seconds since any fixed moment.

    Attributes:
        unseen_cost: The seconds of a step that is not seen.
        over: Whether the last state was taken.
    """

    def __init__(
        self, model: Any, record: Record, screen: Screen | None, threshold: float | None, clock: Callable[[], float]
    ) -> None:
        self.model, self.record, self.screen, self._threshold = model, record, screen, threshold
        self.budget = Budget(clock)
        self.unseen_cost: float | None = None
        self.over = self._warned = False
        self._stride = Stride(SHARES["steps"])
        self._numbers, self._predictions = (Pace(self.budget, SHARES[kind]) for kind in ("numbers", "grid"))
        self._pictures = Pace(self.budget, SHARES["picture"], PAUSE)
        self._step, self._at = 0, self.budget.began
        self._grid_size, self._point_seconds = SIZES[0], 0.0
        try:
            record.wires = Wires(model)
        except ValueError as error:
            record.remarks.append(f"The network is left out: {error}.")
        except Exception as error:
            self._failed("the network", error)

    def see(self, step: int, figures: Mapping[str, Any]) -> int:
        """Do what is due at a step, and tell how many of those that follow may go by unseen.

        Args:
            step: Its number; those since the one that was seen before have gone by.
            figures: Numbers or Values by name.

        Raises:
            TypeError: If a figure is no number.
        """
        budget, steps = self.budget, max(1, step - self._step)
        began, worked = budget.clock(), budget.worked
        seconds = (began - self._at) / steps
        budget.spent += (steps - 1) * (self.unseen_cost or 0.0)
        self._step = step
        try:
            self._do(began, self.note(step, figures))
        finally:
            self._at = budget.clock()
            budget.spent += self._at - began
        return self._stride.after(seconds, self._at - began - (budget.worked - worked))

    def drawable(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        """Those of a row's columns that are numbers under a text as their name; the others get a remark each."""
        return {
            name: x for name, x in row.items() if (type(x) is float and type(name) is str) or self._is_curve(name, x)
        }

    def _is_curve(self, name: Any, x: Any) -> bool:
        """Whether a column can be drawn; if not, that is told in a remark the first time."""
        if not isinstance(name, str):
            self._remark(f"A column is left out: its name is of type {type(name).__name__}, not a text.")
            return False
        try:
            _number(name, x)
        except Exception:  # whatever an object does that is asked for its number
            kind = type(x).__name__
            self._remark(f"The column {visible(name):.60} is left out where it holds no number but a {kind}.")
            return False
        return True

    def _remark(self, text: str) -> None:
        """Tell something once."""
        if text not in self.record.remarks:
            self.record.remarks.append(text)

    def note(self, step: int, figures: Mapping[str, Any]) -> Row:
        """Keep the figures of a step."""
        row = Row(step, {name: x if type(x) is float else _number(name, x) for name, x in figures.items()})
        self.record.rows.append(row)
        if self.screen is not None:
            self._try("the output", self.screen.step, self.record, row)
        return row

    def catch_up(self, step: int, figures: Mapping[str, Any]) -> None:
        """Keep the figures of the newest step if it has gone by unseen."""
        if step > self._step:
            self._step = step
            self._try("the newest step", self.note, step, figures)

    def _do(self, now: float, row: Row) -> None:
        grid_due = self.record.plane is not None and self._predictions.due(now)
        picture_due = self.screen is not None and self._pictures.due(now)
        if grid_due or picture_due or self._numbers.due(now):
            self.record.frames.append(self._frame(row, self._grid() if grid_due else None))
        if picture_due and self.screen is not None:
            with self._pictures.work():
                self._try("the output", self.screen.show, self.record, self.record.whole(self.record.frames.last))

    def _frame(self, row: Row, grid: Grid | None) -> Frame:
        """The numbers of the network at this moment."""
        with self._numbers.work():
            wires = self.record.wires
            weights = self._try("the network", wires.weights) if wires else None
            gradients = self._try("the network", wires.gradients) if wires and weights is not None else None
        return Frame(row, weights, gradients, grid)

    def _grid(self) -> Grid | None:
        """The predictions on a grid, the first time a coarse one, then the finest that is cheap enough."""
        plane, size = self.record.plane, self._grid_size
        if plane is None:
            return None
        with self._predictions.work():
            cells = self._try("the decision boundary", plane.ask, self.model, size, self.threshold)
        self._point_seconds = self._predictions.cost / size**2
        self._grid_size = self._affordable(GRID_SECONDS)
        return None if cells is None else Grid(size, cells)

    def _affordable(self, seconds: float) -> int:
        """The size of the finest grid that costs so many seconds."""
        return max([n for n in SIZES if self._point_seconds * n * n <= seconds], default=SIZES[0])

    @property
    def threshold(self) -> float:
        """Where one score changes the class."""
        if self._threshold is not None:
            return self._threshold
        activations = self.record.wires.activations if self.record.wires else [getattr(self.model, "activation", "")]
        return PROBABILITY if activations[-1] in PROBABILITIES else 0.0

    def finish(self) -> None:
        """Take the last state, with a fine grid, and show it."""
        if self.over or not len(self.record.rows):
            return
        self.over = True
        row = self.record.rows.last
        self._grid_size = self._affordable(LAST_GRID_SECONDS)
        frame = self._frame(row, self._grid() if self.record.plane is not None else None)
        if len(self.record.frames) and self.record.frames.last.row.step == row.step:
            self.record.frames.replace_last(frame)
        else:
            self.record.frames.append(frame)
        if self.screen is not None:
            self._try("the output", self.screen.finish, self.record)

    def frame_now(self) -> None:
        """Add a frame of the newest row, where there is none of it."""
        row = self.record.rows.last
        if not self.over and self.record.frames.last.row.step < row.step:
            self.record.frames.append(self._frame(row, None))

    def displayed(self) -> None:
        """Tell the screen that the training is about to show itself: the last picture may be long past."""
        if self.screen is not None and not self.over:
            self._try("the output", self.screen.displayed, self.record, self.record.whole(self.record.frames.last))

    # --- nothing here may stop a training ---

    def _try(self, what: str, work: Callable[..., T], *arguments: Any) -> T | None:
        """What work gives; if it fails, that is told once, what it is about is left out, and training goes on."""
        try:
            return work(*arguments)
        except Exception as error:
            self._failed(what, error)
            return None

    def _failed(self, what: str, error: Exception) -> None:
        message = visible(f"{what} could not be shown: {type(error).__name__}: {error}")
        if what == "the network":
            self.record.wires = None
        elif what == "the decision boundary":
            self.record.plane = None
        elif what == "the output":
            self.screen = None
        self._remark(message[0].upper() + message[1:] + ".")
        if not self._warned:
            self._warned = True
            try:
                warnings.warn(f"watch: {message}. Training goes on", RuntimeWarning, stacklevel=2)
            except RuntimeWarning:  # where warnings are errors, this one must not be: it would end the training
                sys.stderr.write(f"watch: {message}. Training goes on\n")


def _number(name: str, x: Any) -> float:
    try:
        return float(x)
    except OverflowError:  # an integer beyond all doubles
        return math.inf if x > 0 else -math.inf
    except (TypeError, ValueError):
        raise TypeError(f"{name} = {x!r:.60}: a curve is made of numbers or Values") from None
