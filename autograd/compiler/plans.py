"""Plans: what was compiled of a function with certain parameters, the paths for each form of sample.

This file owns what is kept, for how long, and when it does not hold any more; it must not know how paths are found.
Read next: `bound.py`, which keeps the arrays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from ..engine import Value
from .batches import Batch
from .outside import Outside
from .path import Options
from .paths import Paths
from .straight import Straight

__all__ = ["Plans"]


class Plans:
    """What was compiled of a function with certain parameters: the paths for each form of sample, the latest kept.

    Attributes:
        lock: Held by whoever runs one of the programs, whose arrays are those of one call at a time.
    """

    LIMIT, KINDS = 64, 8

    def __init__(self, f: Callable[..., Any], params: Any, values: list[Value], options: Options) -> None:
        self.f, self.params, self.values, self.options = f, params, values, options
        self.lock = threading.RLock()
        self.forms: dict[Any, Paths] = {}
        self.straight: dict[Any, Straight] = {}
        self.outside = Outside(f, params)

    def of(self, batch: Batch) -> Paths:
        """The paths for samples as those of the batch."""
        if batch.form not in self.forms:
            while len(self.forms) >= self.LIMIT:
                del self.forms[next(iter(self.forms))]
            self.forms[batch.form] = Paths(self.f, self.params, self.values, self.options, batch.form, bool(self.forms))
        return self.forms[batch.form]

    def go_straight(self, kind: Any, paths: Paths, batch: Batch, scale: float) -> None:
        """From now on batches of arrays as this one go the straight way, if they can."""
        if Straight.fits(paths, batch) and (kind not in self.straight or self.straight[kind].known is not paths.known):
            while len(self.straight) >= self.KINDS:
                del self.straight[next(iter(self.straight))]
            self.straight[kind] = Straight(paths, batch, scale)

    def is_as_it_was(self) -> bool:
        """Whether all that `f` reads from outside is as it was when this was compiled."""
        return self.outside.changed() is None and all(v.data == x for v, x in self.captured())

    def renew(self, params: Any) -> None:
        """Forget all that was compiled, if it does not hold any more."""
        if params is not self.params or not self.is_as_it_was():
            self.params = params
            self.forms.clear()
            self.straight.clear()
            self.outside = Outside(self.f, params)

    def captured(self) -> Iterator[tuple[Value, float]]:
        """The Values that are constants in what was compiled, and their data then."""
        return (pair for paths in self.forms.values() for path in paths.known for pair in path.traced.captured)
