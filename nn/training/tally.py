"""What was seen in an epoch, kept for its figures: of samples in memory all, of a stream the last.

It owns what is kept and the mean loss; it must not know metrics or how training goes.
Read next: `judge.py`, which measures what is kept.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from .updates import Seen

__all__ = ["RECENT", "Tally"]

RECENT = 100_000
"""Of a stream so many samples are kept for metrics, so that memory does not grow with its length."""


class Tally:
    """The samples of an epoch.

    Args:
        bounded: Whether to keep the last `RECENT` samples only.

    Attributes:
        n: How many samples were seen.
        kept: Those that are kept, with losses, outputs and targets.

    Example:
        >>> tally = Tally(bounded=True)
        >>> tally.add([Seen(0.5, 1.0, 1), Seen(1.5, 0.0, 1)])
        >>> tally.n, tally.loss
        (2, 1.0)
    """

    def __init__(self, bounded: bool) -> None:
        self.n, self.kept = 0, deque[Seen](maxlen=RECENT if bounded else None)
        self._gone: list[float] = []  # sums of the losses of samples that are not kept

    def add(self, seen: Sequence[Seen]) -> None:
        """Samples that were seen now."""
        self.n += len(seen)
        if self.n > RECENT and self.kept.maxlen is not None:
            leaving = min(len(self.kept), max(0, len(self.kept) + len(seen) - RECENT))
            self._gone.append(math.fsum(self.kept.popleft().loss for _ in range(leaving)))
            self._gone.append(math.fsum(each.loss for each in seen[:-RECENT]))
            self._gone = [math.fsum(self._gone)] if len(self._gone) > RECENT else self._gone
        self.kept.extend(seen)

    @property
    def loss(self) -> float:
        """The mean loss of all that were seen."""
        return math.fsum([*self._gone, *(each.loss for each in self.kept)]) / self.n
