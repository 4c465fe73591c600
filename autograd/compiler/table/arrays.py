"""Expressions of arrays: the calls of numpy that compute them, made once and repeated for every batch.

This file owns which function of arrays stands for which one of floats, and where results between lie; it must not know
what is computed, nor for whom. A call is a function without arguments that writes into an array; nothing is allocated
when it runs. Both sides of a choice are computed, so that either may divide by zero; the side that counts is kept.
Read next: `../run/executor.py`; `../run_numpy/executor.py` arranges the calls.

Example:
    >>> import numpy as np
    >>> from autograd.compiler.table.arrays import Writer
    >>> from autograd.compiler.table.kernels import value_expression
    >>> from autograd.functions import sigmoid
    >>> x, y = np.array([-1000.0, 0.0, 1000.0]), np.empty(3)
    >>> writer = Writer(np.float64)
    >>> _ = writer.write([value_expression(sigmoid, 1)], [x], None, [y])
    >>> for call in writer.calls:
    ...     _ = call()
    >>> y
    array([0. , 0.5, 1. ])
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextvars import Context, copy_context
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import Op
from ...expressions import (
    Apply,
    Both,
    Choice,
    Comparison,
    Either,
    Expression,
    Number,
    Operand,
    Part,
    Result,
    Undefined,
    Untraceable,
    in_order,
    parts,
)
from .kernels import Fold

__all__ = ["Alarm", "Array", "Call", "Known", "Writer", "context", "repeat"]

Array = NDArray[Any]
Call = Callable[[], Any]
Known = dict[Part, Array]

# The functions of numpy whose names are not those of Python's; all others are looked up by name.
FUNCTIONS: dict[str, Any] = {
    "div": np.divide, "add": np.add, "sub": np.subtract, "mul": np.multiply, "neg": np.negative, "pos": np.positive,
    "operator.pow": np.power, "operator.mod": np.remainder, "builtins.round": np.rint, "builtins.sum": np.add,
    "builtins.max": np.maximum, "builtins.min": np.minimum, "math.prod": np.multiply, "math.pow": np.power,
    "math.acos": np.arccos, "math.acosh": np.arccosh, "math.asin": np.arcsin, "math.asinh": np.arcsinh,
    "math.atan": np.arctan, "math.atan2": np.arctan2, "math.atanh": np.arctanh,
}  # fmt: skip
SPECIAL = {"math.erf": "erf", "math.erfc": "erfc", "math.gamma": "gamma", "math.lgamma": "gammaln"}  # of scipy
RELATIONS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "!=": np.not_equal}
SLOW_WITH_NUMBERS = (np.maximum, np.minimum, *RELATIONS.values())  # faster with an array full of the number,
FEW = 2**14  # if it has no more elements


class Alarm:
    """What numpy noticed: that something was undefined or overflowed.

    Attributes:
        raised: Whether anything did.
        everywhere: Whether it did in an operation of a user's, whose result may be finite all the same.
    """

    def __init__(self) -> None:
        self.raised = self.everywhere = self.before = False

    def ring(self, kind: str = "", flag: int = 0) -> None:
        """Called by numpy."""
        self.raised = True

    def watch(self) -> None:
        """From here on it is about an operation of a user's."""
        self.before, self.raised = self.raised, False

    def watched(self) -> None:
        """Until here."""
        self.everywhere |= self.raised
        self.raised |= self.before


class Writer:
    """Writes the calls that compute expressions, one list for all that is given to it.

    Args:
        dtype: The type of numbers.
        alarm: What operations of users are watched by.

    Attributes:
        calls: The calls so far, to be run in order.
    """

    def __init__(self, dtype: Any, alarm: Alarm | None = None) -> None:
        self.dtype, self.alarm = np.dtype(dtype), alarm or Alarm()
        self.calls: list[Call] = []
        self.free: dict[tuple[tuple[int, ...], str], list[Array]] = {}  # arrays between, for whoever is next
        self.made: dict[int, Array] = {}  # all that were taken, by id
        self.constants: dict[tuple[str, tuple[int, ...]], Array] = {}

    def call(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        """One more call; where its result goes is said by place, which is faster, if numpy takes it there."""
        if isinstance(function, np.ufunc) and function not in (np.maximum, np.minimum):
            arguments += (options.pop("out"),)
        self.calls.append(partial(function, *arguments, **options))

    def take(self, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """An array for a result between."""
        kind = np.dtype(dtype or self.dtype)
        free = self.free.setdefault((shape, kind.str), [])
        if free:
            return free.pop()
        array = np.empty(shape, kind)
        self.made[id(array)] = array
        return array

    def give(self, array: Array) -> None:
        """The array is needed no more, once the calls so far have run; one that was not taken is left alone."""
        if id(array) in self.made:
            free = self.free.setdefault((array.shape, array.dtype.str), [])
            if not any(array is other for other in free):
                free.append(array)

    def constant(self, value: float, shape: tuple[int, ...] = ()) -> Array:
        """An array full of a number."""
        key = repr(value), shape
        if key not in self.constants:
            self.constants[key] = np.full(shape, value, self.dtype)
            self.constants[key].setflags(write=False)
        return self.constants[key]

    def filled(self, x: Any, shape: tuple[int, ...]) -> Any:
        """A constant as an array full of it; anything else as it is."""
        is_constant = isinstance(x, np.ndarray) and not x.ndim and not x.flags.writeable
        return self.constant(float(x), shape) if is_constant else x

    def write(
        self, expressions: Sequence[Expression], xs: Sequence[Array], y: Array | None,
        targets: Sequence[Array | None], known: Known | None = None, keep: Collection[Part] = (),
    ) -> list[Array]:  # fmt: skip
        """Calls that compute expressions.

        Args:
            expressions: What to compute.
            xs: The operands; they are broadcast.
            y: The result, if the expressions are partials.
            targets: Where to put each result; where None, it is put anywhere, for the caller to `give` back.
            known: Parts of the expressions that have been computed before, and where.
            keep: Parts that are added to these.

        Returns:
            Where the results are. One that is an operand, or a number, or equals another one, is there unless it has a
            target.

        Raises:
            Untraceable: If numpy has not what an expression is made of.
        """
        known = {} if known is None else known
        wanted = {e: target for e, target in zip(expressions, targets, strict=True) if target is not None}
        writing = _Writing(self, xs, y, wanted, known)
        for part in _analysed(tuple(expressions), frozenset(known)):
            writing.known[part] = writing.part(part)
        found = [writing.result(e, target) for e, target in zip(expressions, targets, strict=True)]
        writing.settle([*found, *[writing.known[part] for part in keep]])
        known |= {part: _array(writing.known[part]) for part in keep}
        return [_array(result) for result in found]


class _Between:
    """A result between: its array is found when it is known how long it is needed."""

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape, self.dtype = shape, dtype
        self.array: Array | None = None


class _Writing:
    """One list of expressions being written: first which calls there are, then in which arrays results between lie.

    Whatever is computed stands here as an array, or as a `_Between`.
    """

    def __init__(
        self, writer: Writer, xs: Sequence[Array], y: Array | None, targets: dict[Expression, Array], known: Known
    ) -> None:
        self.writer, self.xs, self.y, self.targets = writer, xs, y, targets
        self.known: dict[Part, Any] = dict(known)
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []  # functions, and what they are called with

    # --- which calls ------------------------------------------------------------------------------------------------

    def part(self, part: Part) -> Any:
        """Where a part is once the calls that are added have run; what it is made of is known."""
        match part:
            case Number(value):
                return self.writer.constant(value)
            case Operand(position):
                return self.xs[position]
            case Result():
                return self.y
            case Undefined():
                return self.writer.constant(float("nan"))
            case Fold(op, (vector,)):
                return self.fold(part, function(op, 2), self.known[vector])
            case Apply(op, operands):
                return self.apply(part, function(op, len(operands)), [self.known[x] for x in operands])
            case Comparison(relation, left, right):
                return self.computed(part, RELATIONS[relation], self.known[left], self.known[right], dtype=bool)
            case Both(left, right) | Either(left, right):
                word = np.logical_and if isinstance(part, Both) else np.logical_or
                return self.computed(part, word, self.known[left], self.known[right], dtype=bool)
            case Choice(condition) if _is_indicator(part):
                return self.indicator(part, condition)
            case Choice(condition, Undefined(), otherwise):
                return self.undefined(part, self.known[condition], -1.0, self.known[otherwise])
            case Choice(condition, then, Undefined()):
                return self.undefined(part, self.known[condition], 1.0, self.known[then])
            case Choice():
                return self.choice(part, *[self.known[x] for x in parts(part)])

    def call(self, function: Any, *arguments: Any, **options: Any) -> None:
        """One more call."""
        self.calls.append((function, arguments, options))

    def place(self, part: Part | None, shape: tuple[int, ...], dtype: Any = None) -> Any:
        """Where a result goes: the target of the part if it has one of this shape, else anywhere."""
        target = self.targets.get(part)  # type: ignore[arg-type]
        return target if target is not None and target.shape == shape else _Between(shape, dtype)

    def computed(self, part: Part | None, ufunc: Any, *xs: Any, dtype: Any = None) -> Any:
        """A function of arrays applied."""
        shape = np.broadcast_shapes(*[x.shape for x in xs])
        if ufunc in SLOW_WITH_NUMBERS and np.prod(shape) <= FEW:
            xs = tuple([self.writer.filled(x, shape) for x in xs])
        out = self.place(part, shape, dtype)
        self.call(ufunc, *xs, out=out)
        return out

    def apply(self, part: Part, ufunc: Any, xs: list[Any]) -> Any:
        """An operation applied; one of two operands to one after the other, if there are more."""
        while len(xs) > ufunc.nin:
            xs = [self.computed(None, ufunc, *xs[:2]), *xs[2:]]
        return self.computed(part, ufunc, *xs)

    def fold(self, part: Part, ufunc: Any, vector: Any) -> Any:
        if not vector.shape:
            raise Untraceable("folds what is the same for all operands")
        out = self.place(part, vector.shape[1:])
        if ufunc is np.add and len(vector.shape) == 2 and isinstance(vector, _Between):
            self.call(self.writer.constant(1.0, vector.shape[:1]).dot, vector, out)  # a third of the time of reduce
        else:  # operands in their order, as the engine, whatever cancels
            self.call(ufunc.reduce, vector, 0, None, out)
        return out

    def choice(self, part: Part, mask: Any, then: Any, otherwise: Any) -> Any:
        shape = np.broadcast_shapes(mask.shape, then.shape, otherwise.shape)
        out = self.place(part, shape)
        self.call(np.copyto, out, otherwise)
        is_contiguous = isinstance(out, _Between) or out.flags.c_contiguous
        if mask.shape == shape and then.shape in ((), shape) and is_contiguous:
            self.call(np.putmask, out, mask, then)  # half the time of copyto
        else:
            self.call(np.copyto, out, then, where=mask)
        return out

    def indicator(self, part: Any, condition: Any) -> Any:
        """1 where the relation holds, or does not, else 0: found as truths, which are copied as numbers at once."""
        relation, sides = RELATIONS[condition.relation], [self.known[x] for x in parts(condition)]
        holds = self.computed(None, relation, *sides, dtype=bool)
        if not part.then.value:  # the opposite relation would be wrong of nan
            holds = self.computed(None, np.logical_not, holds, dtype=bool)
        out = self.place(part, holds.shape)
        self.call(np.copyto, out, holds)
        return out

    def undefined(self, part: Part, mask: Any, sign: float, value: Any) -> Any:
        """What is defined, plus √0 where it is; √-1, a nan that raises numpy's flag, where it is not."""
        flag = self.computed(None, np.multiply, mask, self.writer.constant(sign))
        if sign > 0:
            flag = self.computed(None, np.subtract, flag, self.writer.constant(1.0))
        return self.computed(part, np.add, value, self.computed(None, np.sqrt, flag))

    def result(self, expression: Expression, target: Array | None) -> Any:
        """Where an expression is: in its target, if it has one."""
        found = self.known[expression]
        if target is None or found is target:
            return found
        self.call(np.copyto, target, found)
        return target

    # --- in which arrays --------------------------------------------------------------------------------------------

    def settle(self, kept: Sequence[Any]) -> None:
        """Gives each result between an array, from the first to the last call that names it, and writes the calls.

        It may lie where an operand lay that nobody needs any more: numpy reads a number before it writes there.
        """
        last: dict[Any, int] = {}
        for i, (_, arguments, options) in enumerate(self.calls):
            last |= dict.fromkeys(_between(*arguments, *options.values()), i)
        last |= dict.fromkeys(_between(*kept), len(self.calls))
        for i, (function, arguments, options) in enumerate(self.calls):
            named = _between(*arguments, *options.values())
            for x in named:
                if x.array is not None and last[x] == i:
                    self.writer.give(x.array)
            for x in named:
                if x.array is None:
                    x.array = self.writer.take(x.shape, x.dtype)
            found = [_array(x) for x in arguments]
            if function is not np.copyto or found[0] is not found[1]:
                self.writer.call(function, *found, **{name: _array(x) for name, x in options.items()})


def _between(*xs: Any) -> list[_Between]:
    return [x for x in xs if isinstance(x, _Between)]


def _array(x: Any) -> Any:
    return x.array if isinstance(x, _Between) else x


@lru_cache(1024)
def _analysed(expressions: tuple[Part, ...], known: frozenset[Part]) -> list[Part]:
    """What is to be computed, in order; not what lies below of what is known, nor what choices compare themselves."""
    wanted: set[Part] = set()
    waiting: list[Any] = list(expressions)
    while waiting:
        part = waiting.pop()
        if part not in known and part not in wanted:
            wanted.add(part)
            waiting += parts(part.condition if _is_indicator(part) else part)
    return [part for part in in_order(expressions) if part in wanted]


def _is_indicator(part: Any) -> bool:
    """Whether it is a choice that is 1 where a relation holds, and 0 where not; or the other way round."""
    if not isinstance(part, Choice) or not isinstance(part.condition, Comparison):
        return False
    return [getattr(side, "value", None) for side in (part.then, part.otherwise)] in ([1.0, 0.0], [0.0, 1.0])


def context(handler: Callable[[str, int], None] | None = None, **settings: Any) -> Context:
    """A context in which numpy treats what is undefined as told; to run in it costs a tenth of `np.errstate`."""
    found = copy_context()
    found.run(np.seterr, **settings)
    found.run(np.seterrcall, handler)
    return found


def repeat(calls: Sequence[Call]) -> None:
    """Makes the calls."""
    for call in calls:
        call()


def function(op: Op, count: int) -> Any:
    """The function of arrays that stands for one of floats."""
    name = op.name
    if name in SPECIAL:
        from scipy import special  # takes 0.2 s, which few programs need

        return getattr(special, SPECIAL[name])
    found = FUNCTIONS.get(name) or (getattr(np, name.removeprefix("math."), None) if name.startswith("math.") else None)
    if not isinstance(found, np.ufunc) or found.nout != 1 or not (found.nin == count or (found.nin == 2 < count)):
        raise Untraceable(f"{name} of {count} operands has no function of arrays")
    return found
