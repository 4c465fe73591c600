"""When there is time for a piece of work beside the training: so often, and at such a share of the time.

This module owns the arithmetic of the budget, on a clock that it is given; it must not know what the work is.
The time of training is the time that passes less the time of all such work.
Read next: `watching.py`, which asks before each piece of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Budget", "Pace"]

Clock = Callable[[], float]


class Budget:
    """The time that training has taken, and the time that watching it has.

    Args:
        clock: Seconds since any fixed moment.

    Attributes:
        spent: The seconds inside `measured`.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock, self.spent, self._began = clock, 0.0, clock()

    @property
    def trained(self) -> float:
        """The seconds since the beginning that were not spent on watching."""
        return self.clock() - self._began - self.spent

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Counts the time of the block as spent, however it ends."""
        began = self.clock()
        try:
            yield
        finally:
            self.spent += self.clock() - began


class Pace:
    """One kind of work: when it is due, by what it has cost.

    It is due if a pause has passed since it was last done, and if all its cost, the next time included, is at most
    its share of the time of training. The first time is always due: before it, its cost is not known.

    Args:
        budget: Where the time of training is known.
        share: The part of that time that the work may take.
        pause: The least seconds between two times.

    Attributes:
        cost: The seconds that it took the last time.

    Example:
        Work of one second, which may take a quarter of the time:

        >>> now = [0.0]
        >>> budget = Budget(lambda: now[0])
        >>> pace = Pace(budget, share=0.25)
        >>> with budget.measured(), pace.work():
        ...     now[0] += 1.0
        >>> while not pace.due:
        ...     now[0] += 0.5
        >>> budget.trained
        8.0
    """

    def __init__(self, budget: Budget, share: float, pause: float = 0.0) -> None:
        self.budget, self.share, self.pause = budget, share, pause
        self.cost = self.spent = 0.0
        self._last: float | None = None

    @property
    def due(self) -> bool:
        """Whether it is time to do it again."""
        if self._last is None:
            return True
        paused = self.budget.clock() - self._last >= self.pause
        return paused and self.spent + self.cost <= self.share * self.budget.trained

    @contextmanager
    def work(self) -> Iterator[None]:
        """Measures the work of the block, however it ends."""
        began = self.budget.clock()
        try:
            yield
        finally:
            self._last = self.budget.clock()
            self.cost = self._last - began
            self.spent += self.cost
