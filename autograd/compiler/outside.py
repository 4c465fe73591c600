"""What a function reads besides its arguments: code, closures, globals, attributes, and the functions that it calls.

A trace holds as long as these are as they were. This file owns how they are found and compared; it must not know what
is kept for them. Read next: `compiled.py`, which asks before it uses a plan.

    >>> from autograd import tanh
    >>> scale = [2.0]
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** scale[0]
    >>> outside = Outside(f)
    >>> outside.changed() is None
    True
    >>> scale[0] = 3.0
    >>> outside.changed()
    'scale'

What is large is watched by its length alone, what cannot be looked into by its identity. The data of Values do not
count: those that a trace has met are in `Traced.captured`.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Hashable, Iterator
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..engine import Op, Value

__all__ = ["Outside", "fingerprint", "is_library_file"]

SIMPLE = (int, float, complex, str, bytes, bool, type(None))
LIMIT = 10_000  # elements of a list, a dict or an array that are compared
PLACES = tuple([sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")])
OWN = os.path.dirname(os.path.dirname(__file__)) + os.sep
MISSING = object()


class Outside:
    """What a function reads besides its arguments, as it is when this is made.

    Args:
        things: The function; also what it is called with, where attributes of it decide, as `model.training`.

    Attributes:
        key: The same for the same state, as long as this object is there; it can be hashed.
    """

    def __init__(self, *things: Any) -> None:
        self._seen: dict[int, Any] = {}  # kept, so that no other object gets their identity
        self._cells: list[tuple[str, CellType, Any]] = []
        self._names: list[tuple[str, dict[str, Any], str, Any]] = []
        self._containers: list[tuple[str, Any, Any]] = []
        self._arrays: list[tuple[str, Any, Any]] = []
        self._codes: list[CodeType] = []
        waiting = [("", thing) for thing in reversed(things)]
        while waiting:
            name, thing = waiting.pop()
            if not isinstance(thing, (*SIMPLE, Value, Op, ModuleType)) and id(thing) not in self._seen:
                self._seen[id(thing)] = thing
                waiting += reversed(list(self._look_into(name, thing)))
        self.key: Hashable = (
            tuple(self._codes), tuple([_frozen(x) for *_, x in (*self._cells, *self._names)]),
            tuple([_frozen_all(x) for *_, x in self._containers]), tuple([x.tobytes() for *_, x in self._arrays]),
        )  # fmt: skip

    def changed(self) -> str | None:
        """The name of something that is not as it was; None if all is."""
        for name, cell, x in self._cells:
            if not _same(_contents(cell), x):
                return name
        for name, names, key, x in self._names:
            if not _same(names.get(key, MISSING), x):
                return name
        for name, container, copy in self._containers:
            try:
                if container != copy:
                    return name
            except Exception:  # what has another array in it, whose comparison is no bool
                return name
        for name, array, copy in self._arrays:
            if array.shape != copy.shape or not np.array_equal(array, copy, equal_nan=array.dtype.kind == "f"):
                return name
        return None

    def _look_into(self, name: str, thing: Any) -> Iterator[tuple[str, Any]]:
        """Notes what is in a thing, and gives what is to be looked into."""
        if isinstance(thing, FunctionType):
            yield from self._function(thing)
        elif isinstance(thing, MethodType):
            yield from ((name, thing.__func__), (name, thing.__self__))
        elif isinstance(thing, partial):
            yield from ((name, x) for x in (thing.func, thing.args, thing.keywords))
        elif isinstance(thing, type):
            if not _is_library_module(thing.__module__):
                yield from self._container(name or thing.__qualname__, dict(vars(thing)), vars(thing))
                yield from ((name, base) for base in thing.__bases__)
        elif isinstance(thing, np.ndarray):
            if thing.dtype == object:
                yield from ((name, x) for x in thing.ravel().tolist())
            elif thing.size <= LIMIT:
                self._arrays.append((name, thing, thing.copy()))
        elif isinstance(thing, (list, dict, set, tuple)):
            yield from self._container(name, thing.copy() if not isinstance(thing, tuple) else thing, thing)
        elif hasattr(thing, "__dict__"):
            yield name, type(thing)
            yield from self._container(name or type(thing).__name__, vars(thing).copy(), vars(thing))

    def _container(self, name: str, copy: Any, thing: Any) -> Iterator[tuple[str, Any]]:
        """Notes a list or a dict; an attribute is named after its owner."""
        if len(copy) > LIMIT:
            return
        self._containers.append((name, thing, copy))
        if isinstance(copy, dict):
            yield from ((f"{name}.{key}" if isinstance(key, str) else name, x) for key, x in copy.items())
        else:
            yield from ((name, x) for x in copy)

    def _function(self, f: FunctionType) -> Iterator[tuple[str, Any]]:
        """Notes the closure of a function and the globals that its code names."""
        if is_library_file(f.__code__.co_filename):
            return
        codes = [f.__code__]
        for code in codes:
            codes += [x for x in code.co_consts if isinstance(x, CodeType)]
        self._codes += codes
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            self._cells.append((name, cell, contents := _contents(cell)))
            yield name, contents
        yield from ((f.__name__, x) for x in (f.__defaults__, f.__kwdefaults__) if x)
        named = dict.fromkeys([name for code in codes for name in code.co_names])
        for name in named:
            if name in f.__globals__:
                x = f.__globals__[name]
                self._names.append((name, f.__globals__, name, x))
                yield name, x
                if isinstance(x, ModuleType) and not _is_library_module(x.__name__):
                    for attribute in named:
                        if attribute in vars(x):
                            self._names.append((f"{name}.{attribute}", vars(x), attribute, vars(x)[attribute]))
                            yield f"{name}.{attribute}", vars(x)[attribute]


def fingerprint(*things: Any) -> Hashable:
    """What `Outside` finds, as one thing that can be hashed and compared, while all that was found is there.

    Example:
        >>> f, g = [lambda x: x + n for n in (1, 1)]
        >>> fingerprint(f) == fingerprint(g), fingerprint(f) == fingerprint(lambda x: x - 1)
        (True, False)
    """
    return Outside(*things).key


def _contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that has no value yet
        return MISSING


def _same(x: Any, y: Any) -> bool:
    return x is y or (type(x) is type(y) and isinstance(x, SIMPLE) and bool(x == y))


def _frozen(x: Any) -> Hashable:
    if isinstance(x, FunctionType):
        return x.__code__  # that of its closure is noted apart
    return (type(x), x) if isinstance(x, SIMPLE) else id(x)


def _frozen_all(container: Any) -> Hashable:
    if isinstance(container, dict):
        return tuple([(_frozen(key), _frozen(x)) for key, x in container.items()])
    return tuple([_frozen(x) for x in container])


def _is_library_module(name: str) -> bool:
    return name != "__main__" and is_library_file(getattr(sys.modules.get(name), "__file__", None))


def is_library_file(file: str | None) -> bool:
    """Whether a file belongs to Python, to an installed package or to this one: these do not change."""
    return file is None or file.startswith((OWN, *PLACES, "<frozen"))
