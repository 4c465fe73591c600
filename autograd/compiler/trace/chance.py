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
import os
import random
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .outside import GENERATORS, OWN, is_library_file
from .tracers import line_of

__all__ = ["COMPILER", "REMEDY", "Calls"]

CLOCKS = ("time", "datetime", "secrets")
DRAWS = ("urandom", "getrandom")  # of the operating system, most of whose functions draw nothing
BESIDE = ("logging", "importlib._bootstrap")  # modules whose clocks and generators say nothing of what f computes
COMPILER = os.path.dirname(os.path.dirname(__file__)) + os.sep
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
        self.opened, self.before, self.collects = sys._getframe(1), sys.getprofile(), gc.isenabled()
        gc.disable()  # whoever wants to be told of collections may look at the clock then
        sys.setprofile(self._watching())
        return self

    def __exit__(self, *exception: object) -> None:
        if self.collects:
            gc.enable()
        enable = getattr(self.before, "enable", None)  # of cProfile, which is no function that Python can call
        sys.setprofile(None if enable else self.before)
        if enable:
            enable()

    def _watching(self) -> Callable[[Any, Any, Any], None]:
        """What Python calls for every call, and for its end: a dozen times for each operation."""
        before = self.before if callable(self.before) else None
        harmless: set[Any] = set()  # functions of C that are known

        def watch(frame: Any, event: Any, function: Any) -> None:
            if before is not None:
                before(frame, event, function)
            if event == "c_call" and function not in harmless:
                owner, name = function.__self__, function.__name__
                is_clock = getattr(owner, "__name__", None) in CLOCKS and name != "sleep"
                if is_clock or name in DRAWS or isinstance(owner, GENERATORS):
                    self._find(frame)
                elif isinstance(owner, (ModuleType, type)):
                    harmless.add(function)
            elif event == "call":
                file = frame.f_code.co_filename
                if file == random.__file__:
                    self._find(frame.f_back)
                elif not self.entered and not is_library_file(file):
                    self.entered = line_of(frame)

        return watch

    def _find(self, frame: Any) -> None:
        if self.found:
            return
        caller = frame
        while caller is not None and caller is not self.opened:
            is_compilers = caller.f_code.co_filename.startswith(COMPILER) and caller.f_back is not self.opened
            if is_compilers or caller.f_globals.get("__name__") in BESIDE:
                return  # what is compiled inside of another function says so itself
            caller = caller.f_back
        self.found = line_of(frame)
        self.remedy = OF_A_MODEL if frame.f_code.co_filename.startswith(OWN) else REMEDY
