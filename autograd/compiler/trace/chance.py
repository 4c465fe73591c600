"""Chance: the calls that give another number each time, and the lines that make them.

This file owns how a draw of a random number is noticed; it must not know what a trace is. Read next: `outside.py`.

    >>> import random
    >>> with Calls() as calls:
    ...     x = random.random()
    >>> calls.found.endswith("x = random.random()")
    True
"""

from __future__ import annotations

import gc
import random
import sys
from typing import Any

import numpy as np

from .outside import OWN, is_library_file
from .tracers import line_of

__all__ = ["REMEDY", "Calls"]

GENERATORS = (random.Random, np.random.RandomState, np.random.Generator)
CLOCKS = ("time", "datetime", "secrets", "posix")
REMEDY = "this is another number for each call: draw it outside of the function, and give it as a part of x"
OF_A_MODEL = "this draws another number for each call, as Dropout does while it trains: call model.eval() before"


class Calls:
    """While it is open, looks for a call of what gives another number each time.

    Attributes:
        found: The line of the first such call; "" if there is none.
        remedy: What to write in place of that.
        entered: The first line of the first function of the user that was called.
    """

    found = entered = ""
    remedy = REMEDY

    def __enter__(self) -> Calls:
        self.before, self.collects = sys.getprofile(), gc.isenabled()
        gc.disable()  # whoever wants to be told of collections may look at the clock then
        sys.setprofile(self)
        return self

    def __exit__(self, *exception: object) -> None:
        if self.collects:
            gc.enable()
        enable = getattr(self.before, "enable", None)  # of cProfile, which is no function that Python can call
        sys.setprofile(None if enable else self.before)
        if enable:
            enable()

    def __call__(self, frame: Any, event: Any, function: Any) -> None:
        """What Python calls for every call."""
        if callable(self.before):
            self.before(frame, event, function)
        if self.found or event not in ("call", "c_call"):
            return
        if event == "call" and not self.entered and not is_library_file(frame.f_code.co_filename):
            self.entered = line_of(frame)
        owner = getattr(function, "__self__", None) if event == "c_call" else None
        if isinstance(owner, GENERATORS) or getattr(owner, "__name__", None) in CLOCKS:
            self._find(frame)
        elif event == "call" and frame.f_code.co_filename == random.__file__:
            self._find(frame.f_back)

    def _find(self, frame: Any) -> None:
        self.found = line_of(frame)
        if frame.f_code.co_filename.startswith(OWN):
            self.remedy = OF_A_MODEL
