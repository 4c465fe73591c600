"""Tracing: a function is run once, on one sample, and what it computes is written on a tape.

This file owns how a computation comes onto a tape; it must not know what becomes of the tape. While the function runs,
the engine's one hook, `recording`, gives every operation to a `Trail`. The numbers of the sample and the parameters are
`Tracer`s then: Values that know their node, and of which no number can be read without a note of it. Comparisons
become guards. Nothing is kept of a node but its row.

Before, a neuron with squared error, and after:

    >>> from autograd import Value, tanh
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> print(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape)
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = parameter[2]
    %3 = input[0]
    %4 = input[1]
    %5 = input[2]
    %6 = mul(%0, %3)
    %7 = mul(%1, %4)
    %8 = add(%6, %7)
    %9 = add(%8, %2)
    %10 = tanh(%9)
    %11 = sub(%10, %5)
    %12 = 2
    %13 = pow(%11, %12)
    return %13

Read next: `tracers.py`, the Values of a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import chain, count, repeat
from numbers import Real
from operator import is_
from random import getstate
from sys import getrefcount
from threading import RLock
from typing import Any, NamedTuple

import numpy as np

from ...engine import Op, Value, _open_blocks as open_blocks, _recorders as recorders, recording, toposort
from ...errors import TraceError
from .chance import Calls
from .leaves import exhaust
from .samples import Form, build, columns, flatten_parameters, flatten_sample, form_of, take_apart
from .tape import INPUT, Tape
from .tracers import INSIDE, TracedInteger, TracedNumber, Tracer, line_of, refusal, set_class, traced_class
from .trail import Trail

__all__ = ["Traced", "columns", "flatten_parameters", "flatten_sample", "form_of", "lines_of", "trace"]


COPY = "what is changed is seen by the next call too; change a copy, as list(x)"
OUTSIDE = "which was computed outside of it from a parameter, through which no gradient goes then: compute it inside"
set_node, set_trail = [vars(Value)[name].__set__ for name in ("a", "b")]


class Traced(NamedTuple):
    """What a trace has found.

    Attributes:
        tape: The computation.
        result: What the function returned, with numbers of roots in the places of Values: 0 for one Value.
        integers_read: The columns of whole numbers that were read as numbers: the tape holds for these values alone.
        integers_hard: Those of them that were read in another way than as an index, or as one together.
        captured: Values from outside of the parameters, with the data that the tape has as constants.
        form: How the sample is built.
        numbers: What the roots are for this sample.
    """

    tape: Tape
    result: Any
    integers_read: tuple[int, ...]
    integers_hard: tuple[int, ...]
    captured: tuple[tuple[Value, float], ...]
    form: tuple[Form, ...]
    numbers: tuple[float, ...]


def trace(
    f: Callable[..., Any], params: Any, *arguments: Any,
    form: tuple[Form, ...] | None = None, integers: Sequence[int] | None = None,
    watch: Callable[[int], None] | None = None, parameters: Sequence[Value] | None = None,
) -> Traced:  # fmt: skip
    """Run `f(params, *arguments)` once and write down what it computes.

    Args:
        f: The function: of the parameters and of one sample, as x and y or x alone.
        params: A module, Values, nested lists, tuples, dicts or arrays of Values.
        arguments: One sample: numbers, nested lists, tuples, dicts or arrays of numbers.
        form: How the sample is built, one for each argument, where that is not taken from the sample itself: a number
            that is whole in this sample may not be in others.
        integers: Whole numbers in place of those of the sample.
        watch: Called after each operation with its node.
        parameters: The Values of params, where they are known already; with Values beside them that f reads from
            elsewhere these are parameters too.

    Returns:
        The tape, and what else was found.

    Raises:
        TraceError: If f does what cannot be followed.
        Exception: What f raises.
    """
    form = form or tuple(map(form_of, arguments))
    parameters = flatten_parameters(params) if parameters is None else parameters
    numbers, trail, before = flatten_sample(*arguments)[0], Trail(len(parameters)), getstate()
    inputs = list(_inputs(numbers, form, integers, trail))
    rest = iter(inputs)
    given = [build(part.frame, rest) for part in form]
    roots: list[tuple[int, float]] = []
    with _tracing:
        there, back = _as_tracers(parameters, trail, trail.record if watch is None else _watched(trail.record, watch))
        try:
            exhaust(there)
            found = f(params, *given)
            result = _result(found, roots, trail)
        finally:  # no signal comes between this line and the end of the next
            exhaust(back)
    if trail.refused is not None:
        raise trail.refused
    if not _is_as_given(given, form, inputs):
        raise TraceError(f"{_calls(f, params, arguments).entered}\n    the function changes its arguments: {COPY}")
    if getstate() != before:
        calls = _calls(f, params, arguments)
        raise TraceError(f"{calls.found}\n    {calls.remedy}")
    computed = [v for v in trail.captured if v.op is not None]
    if computed and not set(parameters).isdisjoint(toposort(Value(0.0, computed))):
        raise TraceError(f"{_calls(f, params, arguments).entered}\n    the function uses {computed[0]!r}, {OUTSIDE}")
    found = None
    captured = tuple([(v, v.data) for v in trail.captured if getrefcount(v) > 3])  # not what f itself has made
    read, hard = tuple(sorted(trail.integers_read)), tuple(sorted(trail.integers_hard))
    nodes, results = zip(*roots, strict=True) if roots else ((), ())
    return Traced(trail.tape(list(nodes)), result, read, hard, captured, form, results)


_tracing = RLock()  # parameters can be Tracers of one trace only


def _as_tracers(
    parameters: Sequence[Value], trail: Trail, recorder: Callable[..., Any]
) -> tuple[Iterator[Any], Iterator[Any]]:
    """What makes the parameters Tracers and opens the recording, and what takes all of it back, for `exhaust`."""
    if any(isinstance(p, Tracer) for p in parameters):
        raise refusal(next(p.trail for p in parameters if isinstance(p, Tracer)), *INSIDE)
    kinds, block, outer = list(map(type, parameters)), recording(recorder), recorders.get()
    there = chain(
        map(set_class, parameters, list(map(traced_class, kinds))), map(set_trail, parameters, repeat(trail)),
        map(set_node, parameters, count()), map(recorders.set, ((*outer, recorder),)),
        map(open_blocks.append, (block,)),
    )  # fmt: skip
    back = chain(
        map(set_node, parameters, [p.a for p in parameters]), map(set_trail, parameters, [p.b for p in parameters]),
        map(set_class, parameters, kinds), map(recorders.set, (outer,)),
        map(open_blocks.remove, filter(open_blocks.__contains__, (block,))),
        map(setattr, (trail,), ("thread",), (None,)),
    )  # fmt: skip
    return there, back


def _is_as_given(given: list[Any], form: tuple[Form, ...], inputs: list[Any]) -> bool:
    """Whether the sample is as the function got it."""
    numbers: list[Any] = []
    try:
        frames = [take_apart(x, numbers) for x in given]
    except TypeError:  # there is something else in it
        return False
    return frames == [part.frame for part in form] and all(map(is_, numbers, inputs))


def _calls(f: Callable[..., Any], params: Any, arguments: tuple[Any, ...]) -> Calls:
    """What a call of the function calls."""
    with Calls() as calls:
        f(params, *deepcopy(arguments))
    return calls


def _inputs(
    numbers: list[float], form: tuple[Form, ...], integers: Sequence[int] | None, trail: Trail
) -> Iterator[Any]:
    """The numbers of a sample as Tracers."""
    column = count()
    for place, (x, kind) in enumerate(zip(numbers, b"".join([part.kinds for part in form]), strict=True)):
        if kind in (1, 2):
            c = next(column)
            if kind == 2:
                trail.narrow.add(c)
            tracer = trail.leaf(INPUT, place, int(x) if integers is None else integers[c], TracedInteger)
            tracer.columns = frozenset([c])
            yield tracer
        else:
            tracer = trail.leaf(INPUT, place, x, TracedNumber)
            if kind == 3:
                trail.logical.add(tracer.node)
            yield tracer


def _watched(record: Callable[..., Any], watch: Callable[[int], None]) -> Callable[..., Any]:
    def recorder(op: Op, operands: tuple[Any, ...]) -> Any:
        made = record(op, operands)
        watch(made.node)
        return made

    return recorder


def lines_of(nodes: Iterable[int], f: Callable[..., Any], params: Any, *arguments: Any, **options: Any) -> list[str]:
    """The lines of source that made these nodes, found by tracing once more; "" for a leaf.

    Args:
        nodes: Nodes of the tape that `trace` gives for the rest of the arguments.
        f: As for `trace`, as is all that follows.
        params: The parameters.
        arguments: One sample.
        options: `form`, `integers` and `parameters`.

    Example:
        >>> w = [Value(0.5)]
        >>> lines_of([2], lambda w, x: w[0] * x, w, 3.0)[0].partition(":1: ")[2]
        'lines_of([2], lambda w, x: w[0] * x, w, 3.0)[0].partition(":1: ")[2]'
    """
    wanted = list(nodes)
    found = dict.fromkeys(wanted, "")

    def watch(node: int) -> None:
        if node in found:
            found[node] = line_of()

    trace(f, params, *arguments, watch=watch, **options)
    return [found[node] for node in wanted]


def _result(found: Any, roots: list[tuple[int, float]], trail: Trail) -> Any:
    """What the function returned, with places of roots for Values and numbers; the roots are nodes and numbers."""
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if isinstance(found, (list, tuple)):
        parts = [_result(x, roots, trail) for x in found]
        return parts if isinstance(found, list) else tuple(parts)
    if isinstance(found, Mapping):
        return {key: _result(x, roots, trail) for key, x in found.items()}
    if not isinstance(found, (Value, Real)):
        raise TraceError(
            f"the function must return a Value, or lists of Values, not {type(found).__name__}: {found!r:.60}"
        )
    roots.append(trail.operand(found)[:2])
    return len(roots) - 1
