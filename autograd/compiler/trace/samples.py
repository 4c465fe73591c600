"""Samples as flat rows of numbers: the columns of a batch, and the way back from a row to what a function takes.

This file owns which numbers a sample is made of, in which order, and which of them are whole, and which Values are in
the parameters; it must not know what is computed from them. Read next: `integers.py`.

The frame of a sample says how it is built:

    2.5                  None
    [0.5, 1.5]           ("list", 2)
    ([0.5], 3)           ("tuple", (("list", 1), None))
    {"a": 1.0}           ("dict", ("a",), 1)
    a numpy array        ("array", (8, 8))

A number is whole by its kind, a Python int or a numpy integer, not by its value; a column is whole if it is in every
sample. Those of fewer than 32 bits wrap around when they are computed with, and the sum of two of numpy's bools is
one. Whole numbers may pick, as in `logits[y]`.

Example:
    `f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2` takes an x of two numbers and a number y:

    >>> batch = columns([[0.5, -1.0], [2.0, 0.25]], [1, -1])
    >>> batch.numbers
    array([[ 0.5 , -1.  ,  1.  ],
           [ 2.  ,  0.25, -1.  ]])
    >>> [list(part.whole) for part in batch.form]
    [[0, 0], [1]]
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import reduce
from itertools import chain
from math import prod
from numbers import Integral, Real
from types import MemberDescriptorType
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...engine import Value
from ...errors import ShapeError

__all__ = [
    "MISSING",
    "Columns",
    "Form",
    "build",
    "columns",
    "flatten_parameters",
    "flatten_result",
    "flatten_sample",
    "form_of",
    "keeper_of_values",
    "slots_of",
    "take_apart",
]

Frame: TypeAlias = Any
EXACT = 2.0**53
MISSING = object()  # stands for an attribute that has no value yet


class Form(NamedTuple):
    """How an argument of a sample is built; it can be hashed, so that plans are kept by it.

    Attributes:
        frame: The lists, tuples, dicts and arrays around the numbers.
        kinds: For each number 1 if it is whole, 2 if it is and of fewer than 32 bits, 3 if it is numpy's bool, else 0.
    """

    frame: Frame
    kinds: bytes

    @property
    def whole(self) -> bytes:
        """For each number its kind if it is whole, else 0."""
        return self.kinds.replace(b"\3", b"\0")


class Columns(NamedTuple):
    """A batch as columns.

    Attributes:
        numbers: All numbers, a row for each sample: those of the first argument, then those of the second, ...
        integers: Those columns of them that are whole.
        form: How one sample is built: a form for each argument.
    """

    numbers: NDArray[np.float64]
    integers: NDArray[np.int64]
    form: tuple[Form, ...]


def form_of(sample: Any) -> Form:
    """How one argument of a sample is built.

    Raises:
        TypeError: If it is made of anything but numbers, lists, tuples, dicts and arrays of numbers.

    Example:
        >>> form = form_of([0.5, 3])
        >>> form.frame, list(form.whole)
        (('list', 2), [0, 1])
    """
    numbers: list[Any] = []
    frame = take_apart(sample, numbers)
    return Form(frame, bytes(map(_kind, numbers)))


def flatten_sample(*arguments: Any) -> tuple[list[float], list[int]]:
    """The numbers of one sample, and those of them that are whole.

    Example:
        >>> flatten_sample([0.5, 1.5], 3)
        ([0.5, 1.5, 3.0], [3])
    """
    numbers: list[Any] = []
    for x in arguments:
        take_apart(x, numbers)
    return list(map(float, numbers)), [int(x) for x in numbers if _kind(x) in (1, 2)]


def build(frame: Frame, numbers: Iterator[Any]) -> Any:
    """What has that frame, from its numbers in their order; an array is one of objects.

    Example:
        >>> build(("tuple", (("list", 2), None)), iter([0.5, 1.5, 3]))
        ([0.5, 1.5], 3)
    """
    if frame is None:
        return next(numbers)
    kind, parts = frame[0], frame[-1]
    if kind == "array":
        array = np.empty(prod(parts), dtype=object)
        array[:] = [next(numbers) for _ in range(array.size)]
        return array.reshape(parts)
    built = [build(part, numbers) for part in ((None,) * parts if isinstance(parts, int) else parts)]
    if kind == "dict":
        return dict(zip(frame[1], built, strict=True))
    return built if kind == "list" else tuple(built)


def flatten_parameters(params: Any) -> list[Value]:
    """The Values of params in the order of their appearance, each once.

    Args:
        params: A Value, a module (anything with `parameters()`), or nested lists, tuples, dicts and arrays of these.

    Example:
        >>> from autograd import Value
        >>> w, b = Value(1.0), Value(2.0)
        >>> flatten_parameters({"weights": [w, w], "bias": b}) == [w, b]
        True
    """
    found: dict[Value, None] = {}
    for x in _leaves(params):
        if isinstance(x, Value):
            found[x] = None
        elif _is_module(x):
            found.update(dict.fromkeys(x.parameters()))
    return list(found)


def keeper_of_values(params: Any) -> str | None:
    """The type of something in params that holds Values in attributes or as a set, and does not tell them; or None.

    Example:
        >>> from types import SimpleNamespace
        >>> from autograd import Value
        >>> keeper_of_values([SimpleNamespace(w=Value(1.0)), Value(2.0)])
        'SimpleNamespace'
    """
    for x in _leaves(params):
        if not (isinstance(x, Value) or _is_module(x)):
            held = [*getattr(x, "__dict__", {}).values(), *slots_of(x).values()]
            held += x if isinstance(x, (Set, deque)) else []
            if any(isinstance(leaf, Value) for part in held for leaf in _leaves(part)):
                return type(x).__name__
    return None


def slots_of(x: Any) -> dict[str, Any]:
    """The attributes of an object that are in slots."""
    names = [key for kind in type(x).__mro__ for key, slot in vars(kind).items() if type(slot) is MemberDescriptorType]
    return {name: getattr(x, name, MISSING) for name in names}


def flatten_result(found: Any) -> list[Any]:
    """The Values and numbers that a function returned, in order.

    Example:
        >>> flatten_result({"a": [1.0, 2.0], "b": np.array([3.0])})
        [1.0, 2.0, 3.0]
    """
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if isinstance(found, (list, tuple, Mapping)):
        return [x for part in _parts(found) for x in flatten_result(part)]
    return [found]


def _is_module(x: Any) -> bool:
    return callable(getattr(x, "parameters", None))


def _leaves(params: Any) -> Iterator[Any]:
    """What stands in nested lists, tuples, dicts and arrays, in order."""
    waiting = [params]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Value):
            yield x
        elif isinstance(x, (list, tuple)):
            waiting += reversed(x)
        elif isinstance(x, Mapping):
            waiting += reversed(list(x.values()))
        elif isinstance(x, np.ndarray) and x.dtype == object:
            waiting += reversed(x.ravel().tolist())
        else:
            yield x


def columns(*batches: Any) -> Columns:
    """A batch as columns: of each argument all samples, an array or a sequence whose first axis is that of the samples.

    Raises:
        ShapeError: If there are no samples, not as many of one argument as of another, or they differ in their frame.
        TypeError: If a sample is made of anything but numbers.
        OverflowError: If a whole number in a list is 2**53 or more, where floats do not tell all of them apart.
    """
    parts = [_columns(batch, place) for place, batch in enumerate(batches, 1)]
    counts = [len(rows) for rows, _ in parts]
    if len(set(counts)) > 1:
        raise ShapeError(f"each argument needs as many samples as the others, got {' and '.join(map(str, counts))}")
    if not any(counts):
        raise ShapeError("there are no samples: give one at least")
    numbers = parts[0][0] if len(parts) == 1 else np.concatenate([rows for rows, _ in parts], axis=1)
    form = tuple([form for _, form in parts])
    whole = np.frombuffer(b"".join([part.whole for part in form]), np.uint8) > 0
    integers = numbers[:, whole]
    if integers.dtype == np.float64 and integers.size and max(-integers.min(), integers.max()) >= EXACT:
        raise OverflowError(
            "there is a whole number of 2**53 or more in X or Y, where floats do not tell all of them apart: write it "
            "as a float, or give X and Y as arrays of whole numbers"
        )
    return Columns(np.asarray(numbers, np.float64), integers.astype(np.int64), form)


def _columns(batch: Any, place: int) -> tuple[NDArray[Any], Form]:
    """All samples of one argument as rows, and their form."""
    if isinstance(batch, np.ndarray) and batch.ndim and batch.dtype.kind in "fiub":
        rows = batch.reshape(len(batch), prod(batch.shape[1:]))
        whole = bytes([_kind(batch.dtype.type())]) * rows.shape[1]
        return rows, Form(None if batch.ndim == 1 else ("array", batch.shape[1:]), whole)
    if not isinstance(batch, (Sequence, np.ndarray)) or isinstance(batch, str):
        raise TypeError(f"{_name(place)} is a list or an array of samples, not {type(batch).__name__}")
    lists = set(map(type, batch)) == {list} and len(set(map(len, batch))) == 1
    types = set(map(type, chain.from_iterable(batch) if lists else batch))  # all in C, for most samples are such
    if types in ({float}, {int}):
        rows = np.array(batch, np.float64).reshape(len(batch), -1)
        return rows, Form(("list", rows.shape[1]) if lists else None, bytes([int in types]) * rows.shape[1])
    frames: list[Frame] = []
    numbers: list[list[Any]] = []
    for sample in batch:
        row: list[Any] = []
        frames.append(take_apart(sample, row))
        numbers.append(row)
        if frames[-1] != frames[0]:
            raise ShapeError(
                f"the samples of {_name(place)} are not built alike: that of sample 0 has {len(numbers[0])} numbers, "
                f"as {frames[0]}, that of sample {len(frames) - 1} has {len(row)}, as {frames[-1]}"
            )
    whole = reduce(lambda a, b: bytes(map(min, a, b)), {bytes(map(_kind, row)) for row in numbers} or {b""})
    return np.array(numbers, np.float64).reshape(len(batch), len(whole)), Form(frames[0] if frames else None, whole)


def take_apart(sample: Any, numbers: list[Any]) -> Frame:
    """The frame of a sample, whose numbers are added to those before."""
    if isinstance(sample, np.ndarray) and sample.ndim:
        is_numpys = _kind(sample.dtype.type()) >= 2  # which computes otherwise than Python's does
        for x in sample.ravel() if is_numpys else sample.ravel().tolist():
            take_apart(x, numbers)
        return ("array", sample.shape)
    if isinstance(sample, (list, tuple, Mapping)):
        parts: Any = tuple([take_apart(x, numbers) for x in _parts(sample)])
        parts = parts if any(parts) else len(parts)
        if isinstance(sample, Mapping):
            return ("dict", tuple(sample), parts)
        return ("list" if isinstance(sample, list) else "tuple", parts)
    if not isinstance(sample, (Real, np.bool_)):
        raise TypeError(f"a sample is made of numbers, in lists, tuples, dicts or arrays, not of {sample!r:.60}")
    numbers.append(sample)
    return None


def _name(place: int) -> str:
    """What a user calls an argument of the batch."""
    return "XY"[place - 1] if place <= 2 else f"argument {place + 1}"


def _parts(sample: Any) -> Any:
    return sample.values() if isinstance(sample, Mapping) else sample


def _kind(x: Any) -> int:
    """1 for a whole number, 2 for one of fewer than 32 bits, 3 for numpy's bool, 0 for another."""
    if isinstance(x, np.bool_):
        return 3
    if isinstance(x, np.integer):
        return 1 if x.itemsize >= 4 else 2
    return int(isinstance(x, Integral) and not isinstance(x, bool))
