"""What a person sees and does while a network trains: the progress bar, and Ctrl-C.

It owns the bar and the signal; it must not know what is trained.
Read next: `loop.py`, which uses both.
"""

from __future__ import annotations

import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .history import Row

__all__ = ["Bar", "ctrl_c"]


@contextmanager
def ctrl_c() -> Iterator[Callable[[], bool]]:
    """While the block runs, a first Ctrl-C is only noted, for the loop to ask; a second one interrupts at once."""
    asked: list[bool] = []

    def note(number: int, frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:  # only the main thread gets signals; in others there is no Ctrl-C to note
        yield lambda: False
        return
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


class Bar:
    """The progress bar, in samples; it tells loss and metrics after every epoch.

    Args:
        total: How many samples there will be; None if nobody knows.
        shown: Whether to show it, on stderr.
    """

    def __init__(self, total: int | None, shown: bool) -> None:
        with warnings.catch_warnings():  # a notebook without ipywidgets gets the bar as text, not a complaint
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm

        quiet = {} if shown else {"disable": True}  # not given, the environment variable TQDM_DISABLE decides
        self._layout = "{desc} |{bar:8}| {elapsed}<{remaining}{postfix}"  # fits into 80 columns
        if total is None:
            self._layout = "{desc} {n_fmt} samples {elapsed}{postfix}"
        first = self._layout.replace("<{remaining}", "")  # the first samples, which may be compiled, tell nothing of it
        self.bar: Any = tqdm(total=total, bar_format=first, mininterval=0.5, **quiet)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *exception: object) -> None:
        self.bar.close()

    def advance(self, samples: int) -> None:
        """So many samples more have been seen."""
        self.bar.update(samples)

    def say(self, line: str) -> None:
        """A line above the bar."""
        if not self.bar.disable:
            self.bar.write(line, file=sys.stderr)

    def show(self, row: Row) -> None:
        """Tell the figures of an epoch, as many as have room."""
        left_out = ("epoch", "validation_loss", "learning_rate", "seconds")
        figures = {
            name.replace("validation_", "val_"): f"{value:.3f}" for name, value in row.items() if name not in left_out
        }
        self.bar.bar_format = self._layout
        self.bar.set_description_str(f"epoch {row['epoch']}", refresh=False)
        self.bar.set_postfix(figures)
