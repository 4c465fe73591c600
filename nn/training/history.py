"""The record of a training: one row of figures per epoch.

It owns the rows and how they are handed on; it must not know how they came about.
Read next: `loop.py`, which fills it, and `plots`, which draws it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, TypeAlias

from ..lookup import look_up

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["History", "Row"]

Row: TypeAlias = dict[str, float]


@dataclass
class History:
    """How training went.

    Attributes:
        rows: One dict per epoch, with the columns `epoch` (1 for the first), `loss` and the metrics (over the samples
            of the epoch, each taken when its minibatch was seen, before the update; a loss as it is weighted, without
            penalties; of a stream metrics are those of its last 100,000 samples), the same as `validation_loss` and so
            on where there is validation data (after the epoch), `learning_rate` (of the last update) and `seconds`.
        interrupted: Whether Ctrl-C ended it; the last row then covers what was seen of its epoch.
        stopped: Why a callback ended it, as early stopping does; "" if none did.
        compiled: How it was computed: as compiled code, or Value by Value and why.

    Example:
        >>> history = History([{"epoch": 1, "loss": 0.9}, {"epoch": 2, "loss": 0.4}])
        >>> history.column("loss")
        [0.9, 0.4]
        >>> history.to_dict()
        {'epoch': [1, 2], 'loss': [0.9, 0.4]}
    """

    rows: list[Row] = field(default_factory=list)
    interrupted: bool = False
    stopped: str = ""
    compiled: str = ""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.rows[0]) if self.rows else []

    def column(self, name: str) -> list[float]:
        """One quantity over the epochs.

        Raises:
            ValueError: If there is none of that name; the message suggests the nearest.
        """
        look_up("column", name, dict.fromkeys(self.columns))
        return [row[name] for row in self.rows]

    def to_dict(self) -> dict[str, list[float]]:
        """The columns by name, as `pandas.DataFrame` takes them."""
        return {name: self.column(name) for name in self.columns}

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Write a header and one line per epoch; numbers are written so that they read back exactly.

        Raises:
            OSError: If it cannot be written; a file that was there is unchanged then.
        """
        from ..serialization.files import replace_file

        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, fieldnames=self.columns or ["epoch"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        replace_file(path, text.getvalue().encode())

    def plot(self, quantity: str = "loss", *, ax: Axes | None = None) -> Axes:
        """Draw the learning curve of a quantity, as `nn.plots.learning_curve` does.

        Args:
            quantity: The name of a column: `"loss"`, `"accuracy"`.
            ax: Where to draw; new Axes if None.

        Returns:
            The Axes.

        Raises:
            ValueError: If the history is empty or has no such column.
        """
        from ..plots import learning_curve

        return learning_curve(self, quantity, ax=ax)
