"""Samples as flat rows of numbers: the columns of a batch, and the way back from a row to what a function takes.

This file owns which numbers a sample is made of, in which order, and which of them are whole; it must not know what is
computed from them. Read next: `tracing.py`, which gives a function one sample.

A *form* says how a sample is built, and can be hashed, so that plans are kept by it:

    2.5                         "number"
    3                           "whole"          a Python int or a numpy integer: it may pick from a list
    [0.5, 1.5]                  ("list", 2, "number")
    ([0.5], 3)                  ("tuple", (("list", 1, "number"), "whole"))
    {"a": 1.0}                  ("dict", ("a",), ("number",))
    a numpy array               ("array", (8, 8), "number")

A number is whole by its kind, not by its value; a column is whole if it is in every sample.

Example:
    `f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2` takes an x of two numbers and a number y:

    >>> batch = columns([[0.5, -1.0], [2.0, 0.25]], [1.0, -1.0])
    >>> batch.numbers
    array([[ 0.5 , -1.  ,  1.  ],
           [ 2.  ,  0.25, -1.  ]])
    >>> batch.form
    (('list', 2, 'number'), 'number')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from numbers import Integral, Real
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError

__all__ = ["Columns", "Form", "build", "columns", "flatten_sample", "form_of", "kinds"]

Form: TypeAlias = Any
NUMBER, WHOLE = "number", "whole"


class Columns(NamedTuple):
    """A batch as columns.

    Attributes:
        numbers: All numbers, one row a sample: those of the first argument, then those of the second, ...
        integers: Those columns of them that are whole.
        form: How one sample is built: a form for each argument.
    """

    numbers: NDArray[np.float64]
    integers: NDArray[np.int64]
    form: tuple[Form, ...]


def form_of(sample: Any) -> Form:
    """How a sample is built.

    Raises:
        TypeError: If it is made of anything but numbers, lists, tuples, dicts and arrays of numbers.

    Example:
        >>> form_of(([0.5, 1.5], 3))
        ('tuple', (('list', 2, 'number'), 'whole'))
    """
    if isinstance(sample, np.ndarray) and sample.dtype != object:
        return _kind_of(sample.dtype) if sample.ndim == 0 else ("array", sample.shape, _kind_of(sample.dtype))
    if isinstance(sample, np.ndarray):
        return ("array", sample.shape, _joined([form_of(x) for x in sample.ravel().tolist()]))
    if isinstance(sample, Mapping):
        return ("dict", tuple(sample), tuple([form_of(x) for x in sample.values()]))
    if isinstance(sample, (list, tuple)):
        return _sequence(type(sample).__name__, [form_of(x) for x in sample])
    if isinstance(sample, (bool, np.bool_)):
        return NUMBER
    if isinstance(sample, Real):
        return WHOLE if isinstance(sample, Integral) else NUMBER
    raise TypeError(f"a sample is a number, or a list, a tuple, a dict or an array of numbers, not {sample!r:.60}")


def kinds(form: Form) -> list[bool]:
    """For each number of a sample of that form whether it is whole.

    Example:
        >>> kinds(("tuple", (("list", 2, "number"), "whole")))
        [False, False, True]
    """
    if isinstance(form, str):
        return [form == WHOLE]
    if form[0] == "array":
        return [form[2] == WHOLE] * int(np.prod(form[1]))
    if len(form) == 3 and form[0] != "dict":
        return kinds(form[2]) * int(form[1])
    return list(chain.from_iterable(map(kinds, form[-1])))


def build(form: Form, numbers: Iterator[Any]) -> Any:
    """A sample of that form from its numbers in their order.

    Example:
        >>> build(("tuple", (("list", 2, "number"), "whole")), iter([0.5, 1.5, 3]))
        ([0.5, 1.5], 3)
    """
    if isinstance(form, str):
        return next(numbers)
    if form[0] == "array":
        array = np.empty(form[1], dtype=object)
        array.ravel()[:] = [next(numbers) for _ in range(array.size)]
        return array
    if form[0] == "dict":
        return {key: build(part, numbers) for key, part in zip(form[1], form[2], strict=True)}
    parts = [form[2]] * form[1] if len(form) == 3 else form[1]
    built = [build(part, numbers) for part in parts]
    return built if form[0] == "list" else tuple(built)


def flatten_sample(*arguments: Any) -> tuple[list[float], list[int]]:
    """The numbers of one sample, and those of them that are whole.

    Example:
        >>> flatten_sample([0.5, 1.5], 3)
        ([0.5, 1.5, 3.0], [3])
    """
    numbers = list(chain.from_iterable(map(_numbers, arguments)))
    whole = list(chain.from_iterable(kinds(form_of(x)) for x in arguments))
    return [float(x) for x in numbers], [int(x) for x, is_whole in zip(numbers, whole, strict=True) if is_whole]


def columns(*batches: Any) -> Columns:
    """A batch as columns: of each argument all samples, an array or a sequence whose first axis is that of the samples.

    Raises:
        ShapeError: If there are no samples, not as many of one argument as of another, or they differ in their form.
        TypeError: If a sample is made of anything but numbers.
    """
    parts = [_columns(batch, place) for place, batch in enumerate(batches, 1)]
    counts = [len(numbers) for numbers, _ in parts]
    if len(set(counts)) > 1:
        raise ShapeError(f"as many samples are needed in each argument, got {' and '.join(map(str, counts))}")
    if not parts or not counts[0]:
        raise ShapeError("there are no samples: give one at least")
    form = tuple([part for _, part in parts])
    numbers = parts[0][0] if len(parts) == 1 else np.concatenate([numbers for numbers, _ in parts], axis=1)
    whole = np.flatnonzero(list(chain.from_iterable(map(kinds, form))))
    return Columns(np.asarray(numbers, np.float64), numbers[:, whole].astype(np.int64), form)


def _columns(batch: Any, place: int) -> tuple[NDArray[Any], Form]:
    """All samples of one argument as rows, and their form."""
    if hasattr(batch, "to_numpy"):  # a table
        batch = batch.to_numpy()
    if isinstance(batch, np.ndarray) and batch.ndim and batch.dtype != object:
        kind = _kind_of(batch.dtype)
        form = kind if batch.ndim == 1 else ("array", batch.shape[1:], kind)
        return batch.reshape(len(batch), -1), form
    if not isinstance(batch, (Sequence, np.ndarray)) or isinstance(batch, str):
        raise TypeError(f"argument {place} is a list or an array of samples, not {type(batch).__name__}")
    types = set(map(type, batch))
    if types <= {float, int}:
        return np.array(batch, np.float64).reshape(-1, 1), WHOLE if types == {int} else NUMBER
    if types in ({list}, {tuple}) and len(set(map(len, batch))) == 1:
        inner = set(map(type, chain.from_iterable(batch)))
        if inner in ({float}, {int}):
            form = (types.pop().__name__, len(batch[0]), WHOLE if inner == {int} else NUMBER)
            return np.array(batch, np.float64), form
    forms: dict[Form, int] = {}
    for i, sample in enumerate(batch):
        forms.setdefault(form_of(sample), i)
    form = _common(list(forms.items()), place)
    rows = [[float(x) for x in _numbers(sample)] for sample in batch]
    return np.array(rows, np.float64).reshape(len(rows), -1), form


def _common(forms: list[tuple[Form, int]], place: int) -> Form:
    """The form of samples that differ at most in which of their numbers are whole: those that are in all."""
    if not forms:
        return NUMBER
    first = forms[0][0]
    whole = kinds(first)
    for form, i in forms[1:]:
        others = kinds(form)
        if _shape(form) != _shape(first):
            raise ShapeError(
                f"the samples of argument {place} must be alike: sample 0 has {len(whole)} numbers, as {first}, sample {i} "
                f"has {len(others)}, as {form}"
            )
        whole = [a and b for a, b in zip(whole, others, strict=True)]
    return _with_kinds(first, iter(whole))


def _shape(form: Form) -> Form:
    return _with_kinds(form, iter([False] * len(kinds(form))))


def _with_kinds(form: Form, whole: Iterator[bool]) -> Form:
    """The form with other kinds; an array has one kind for all."""
    if isinstance(form, str):
        return WHOLE if next(whole) else NUMBER
    if form[0] == "array":
        return (*form[:2], WHOLE if all([next(whole) for _ in range(int(np.prod(form[1])))]) else NUMBER)
    if form[0] == "dict":
        return (*form[:2], tuple([_with_kinds(part, whole) for part in form[2]]))
    parts = [form[2]] * form[1] if len(form) == 3 else form[1]
    return _sequence(form[0], [_with_kinds(part, whole) for part in parts])


def _sequence(name: str, forms: list[Form]) -> Form:
    same = len(set(forms)) == 1
    return (name, len(forms), forms[0]) if same else (name, tuple(forms))


def _joined(forms: list[Form]) -> Form:
    return WHOLE if forms and all(form == WHOLE for form in forms) else NUMBER


def _kind_of(dtype: np.dtype[Any]) -> Form:
    if dtype.kind not in "fiub":
        raise TypeError(f"a sample is made of real numbers, not of {dtype}")
    return WHOLE if dtype.kind in "iu" else NUMBER


def _numbers(sample: Any) -> list[Any]:
    """The numbers of a sample in their order."""
    if isinstance(sample, np.ndarray):
        return list(sample.ravel().tolist())
    if isinstance(sample, (list, tuple, Mapping)):
        parts = sample.values() if isinstance(sample, Mapping) else sample
        return list(chain.from_iterable(map(_numbers, parts)))
    return [sample]
