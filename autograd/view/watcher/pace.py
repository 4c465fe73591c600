"""When there is time for a piece of work beside the training: so often, and at such a share of the time.

This module owns the arithmetic of the budget, on a clock that it is given; it must not know what the work is.
The time of training is the time that passes less the time of all such work.
Read next: `observing.py`, which asks before each piece of work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Budget", "Pace", "Stride"]

Clock = Callable[[], float]
FIRST = 32  # steps that are seen however short they are: a curve of a few steps is whole
LONGEST = 256  # steps; more would take too long if steps became slow


class Budget:
    """The time that training has taken, and the time that watching it has.

    Args:
        clock: Seconds since any fixed moment.

    Attributes:
        began: The moment at which training began.
        spent: All seconds of watching.
        worked: Those of them that the work of a pace took.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock, self.spent, self.worked, self.began = clock, 0.0, 0.0, clock()

    def trained(self, now: float) -> float:
        """The seconds up to a moment that were not spent on watching."""
        return now - self.began - self.spent


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
        >>> with pace.work():
        ...     now[0] += 1.0
        >>> budget.spent += pace.cost
        >>> while not pace.due(now[0]):
        ...     now[0] += 0.5
        >>> budget.trained(now[0])
        8.0
    """

    def __init__(self, budget: Budget, share: float, pause: float = 0.0) -> None:
        self.budget, self.share, self.pause = budget, share, pause
        self.cost = self.spent = 0.0
        self._last: float | None = None

    def due(self, now: float) -> bool:
        """Whether it is time to do it again; no clock is read."""
        if self._last is None:
            return True
        return now - self._last >= self.pause and self.spent + self.cost <= self.share * self.budget.trained(now)

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
            self.budget.worked += self.cost


class Stride:
    """How many steps go by unseen, so that seeing the others keeps to a share of the time of training.

    The first 32 are seen in any case; never do more than 256 go by.

    Args:
        share: The part of the time of training that seeing may take.

    Example:
        Steps of 10 µs, to see one of which takes 8 µs, and may take a hundredth of the time:

        >>> stride = Stride(share=0.01)
        >>> [stride.after(step=10e-6, cost=8e-6) for _ in range(32)][-2:]
        [0, 79]
    """

    def __init__(self, share: float) -> None:
        self.share = share
        self._seen, self._cost = 0, math.inf

    def after(self, step: float, cost: float) -> int:
        """How many steps to let go by.

        Args:
            step: The seconds of a step of training.
            cost: The seconds that it took to see this one.
        """
        self._seen += 1
        # The smaller of two, as one may have been interrupted by another program.
        cost, self._cost = min(cost, self._cost), cost
        if self._seen < FIRST or cost <= 0:
            return 0
        return min(LONGEST, math.ceil(cost / (self.share * step)) - 1) if step > 0 else LONGEST
