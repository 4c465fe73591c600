"""Whether a function does the same each time it is called: no randomness, and nothing outside of it is changed.

A trace is what one call has done. This file owns how it is noticed that another call would do something else, and the
line that is the reason; it must not know what a trace is made into. Read next: `chance.py`, then `outside.py`.

    >>> import random
    >>> from autograd import Value, tanh
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y + random.random()) ** 2
    >>> check_steady(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0)
    Traceback (most recent call last):
    ...
    autograd.errors.TraceError: <doctest autograd.compiler.trace.steady[2]>:1: f = lambda w, x, y: (tanh(w[0] * x[0] ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from ...engine import Value
from ...errors import TraceError
from .chance import REMEDY, Calls
from .outside import Outside
from .samples import flatten_result
from .tape import Tape
from .tracing import Traced, lines_of, trace

__all__ = ["check_steady"]

USED_UP = (
    "the function returns something else when it is called again: is there an iterator outside of it that is used up, "
    "as zip(...), map(...) or a file? Make a list of it"
)


def check_steady(f: Callable[..., Any], params: Any, *arguments: Any, **options: Any) -> Traced:
    """Trace a function twice on the same sample; where that is refused, what it has changed outside is put back.

    Args:
        f: The function.
        params: Its parameters.
        arguments: One sample.
        options: `form`, `integers` and `parameters`, as for `trace`.

    Returns:
        The trace.

    Raises:
        TraceError: If f draws random numbers, changes something outside of itself, or does not do the same again.
    """
    before = Outside(f, params)
    with Calls() as calls:
        given = _numbers(f(params, *deepcopy(arguments)))
    try:
        if calls.found:
            raise TraceError(f"{calls.found}\n    {calls.remedy}")
        outside = before if before.changed() is None else Outside(f, params)  # with what the run has put into a cache
        first = trace(f, params, *arguments, **options)
        with catch_warnings():
            simplefilter("ignore")  # what comparing Values gives
            name = before.replaced() or outside.changed()
        if name:
            what = f"the function changes {name}, which is outside of it: return what is to be kept"
            raise TraceError(f"{calls.entered}\n    {what}")
        again = trace(f, params, *arguments, **options)
        if (node := _first_difference(first.tape, again.tape)) is not None:
            following = np.flatnonzero(again.tape.code[node:] >= 0)[:1] + node  # after its constants
            line = "".join(lines_of(following.tolist(), f, params, *arguments, **options))
            raise TraceError(f"{line}\n    computes something else each time it is called; {REMEDY}")
        if name := before.drawn():
            raise TraceError(f"{calls.entered}\n    the function draws from {name}: {REMEDY}")
        if not _same(given, first.numbers) and not _same(given, _numbers(f(params, *deepcopy(arguments)))):
            raise TraceError(f"{calls.entered}\n    {USED_UP}")
    except BaseException:  # no Tracer stays outside, and the engine begins where it would have without us
        before.restore()
        raise
    return again


def _numbers(found: Any) -> list[Any]:
    """The numbers that a function returned, in order."""
    return [x.data if isinstance(x, Value) else x for x in flatten_result(found)]


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether numbers are the same, of which nan is one."""
    return np.array_equal(np.array(a, np.float64), np.array(b, np.float64), equal_nan=True)


def _first_difference(first: Tape, second: Tape) -> int | None:
    """The first node that is not the same in two tapes."""
    n = min(len(first), len(second))
    same = (first.code[:n] == second.code[:n]) & (first.first[1 : n + 1] == second.first[1 : n + 1])
    same &= (first.data[:n] == second.data[:n]) | np.isnan(first.data[:n])
    n_operands = min(len(first.operands), len(second.operands))
    other = np.flatnonzero(first.operands[:n_operands] != second.operands[:n_operands])
    same[np.searchsorted(first.first[: n + 1], other, side="right") - 1] = False
    if first.ops == second.ops and len(first) == len(second) and same.all():
        return None
    return int(np.argmin(same)) if not same.all() else n
