"""Plans: what was compiled of a function with certain parameters, the paths for each form of sample.

This file owns what is kept, for how long, and when it does not hold any more; it must not know how paths are found.
Read next: `straight.py`.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from operator import is_
from time import perf_counter
from typing import Any

import numpy as np

from ...engine import Value
from ..trace.outside import SIMPLE, Outside
from ..trace.samples import keeper_of_values
from .batches import Batch
from .path import Options
from .paths import Paths
from .straight import Straight

__all__ = ["Plans", "equal"]


class Plans:
    """What was compiled of a function with certain parameters: the paths for each form of sample, the latest kept.

    Attributes:
        keeper: The type of something in the parameters that holds Values and does not tell them; None: of nothing.
        lock: Held by whoever runs one of the programs, whose arrays are those of one call at a time.
    """

    LIMIT, KINDS = 256, 8
    SHARE = 1 / 100  # of the time, at most, goes to looking whether all is as it was

    def __init__(self, f: Callable[..., Any], params: Any, values: list[Value], options: Options) -> None:
        self.f, self.params, self.values, self.options = f, params, values, options
        self.lock = threading.RLock()
        self.forms: dict[Any, Paths] = {}
        self.straight: dict[Any, Straight] = {}
        self.outside = Outside(f, params)
        self.keeper = keeper_of_values(params)
        self.cost, self.next_look = math.inf, 0.0  # of a look, in seconds, and when the next one is due

    def of(self, batch: Batch) -> Paths:
        """The paths for samples as those of the batch."""
        if batch.form not in self.forms:
            while len(self.forms) >= self.LIMIT:
                del self.forms[next(iter(self.forms))]
            self.forms[batch.form] = Paths(self.f, self.params, self.values, self.options, batch.form)
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

    def renew(self) -> None:
        """Forget all that was compiled, if it does not hold any more."""
        began = perf_counter()
        if not self.is_as_it_was():
            self.forget()
        now = perf_counter()
        self.cost = min(self.cost, now - began)
        self.next_look = now + self.cost / self.SHARE

    def is_due(self) -> bool:
        """Whether it is time to look again, or a number is seen to be another one."""
        return perf_counter() >= self.next_look or self.outside.has_other_numbers()

    def forget(self) -> None:
        """Forget all that was compiled."""
        self.forms.clear()
        self.straight.clear()
        self.outside = Outside(self.f, self.params)

    def captured(self) -> Iterator[tuple[Value, float]]:
        """The Values that are constants in what was compiled, and their data then."""
        return (pair for paths in self.forms.values() for path in paths.known for pair in path.traced.captured)


def alike(a: Any, b: Any, is_same: Callable[[Any, Any], bool] = is_) -> bool:
    """Whether two parameters are the same: the same Values in lists built alike, and beside them what `is_same`."""
    if a is b or type(a) is not type(b):
        return a is b
    if isinstance(a, np.ndarray) and (a.dtype.hasobject or b.dtype.hasobject):
        return a.shape == b.shape and alike(a.ravel().tolist(), b.ravel().tolist(), is_same)
    if isinstance(a, Mapping):
        return list(a) == list(b) and all(map(alike, a.values(), b.values(), repeat(is_same)))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(alike, a, b, repeat(is_same)))
    return is_same(a, b)


def equal(a: Any, b: Any) -> bool:
    """Whether two things of one type are one number or text, or arrays of the same numbers: 0.0 is not -0.0."""
    if isinstance(a, np.ndarray):
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    return (type(a) in SIMPLE or isinstance(a, np.number)) and repr(a) == repr(b)
