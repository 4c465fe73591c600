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

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextvars import Context, copy_context
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

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
    "math.atan": np.arctan, "math.atan2": np.arctan2, "math.atanh": np.arctanh, "math.erf": special.erf,
    "math.erfc": special.erfc, "math.gamma": special.gamma, "math.lgamma": special.gammaln,
}  # fmt: skip
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
        """One more call."""
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

    def filled(self, ufunc: Any, arrays: list[Array], shape: tuple[int, ...]) -> list[Array]:
        """The operands, a constant as an array full of it where that is faster."""
        if ufunc not in SLOW_WITH_NUMBERS or np.prod(shape) > FEW:
            return arrays
        return [a if a.ndim or a.flags.writeable else self.constant(float(a), shape) for a in arrays]

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
        return _Writing(self, expressions, xs, y, targets, known, keep).results()


class _Writing:
    """One list of expressions being written."""

    def __init__(
        self, writer: Writer, expressions: Sequence[Expression], xs: Sequence[Array], y: Array | None,
        targets: Sequence[Array | None], known: Known, keep: Collection[Part],
    ) -> None:  # fmt: skip
        self.writer, self.expressions, self.xs, self.y, self.targets = writer, expressions, xs, y, targets
        self.known = dict(known)
        order, uses, self.masks = _analysed(tuple(expressions), frozenset(known), tuple(keep))
        self.uses = dict(uses)
        self.wanted: dict[Part, Array] = {e: t for e, t in zip(expressions, targets, strict=True) if t is not None}
        self.own: set[int] = set()  # ids of arrays between that are not given back yet
        for part in order:
            self.known[part] = self.part(part)
        known |= {part: self.known[part] for part in keep}
        self.own -= {id(self.known[part]) for part in keep}

    def results(self) -> list[Array]:
        found = []
        for expression, target in zip(self.expressions, self.targets, strict=True):
            array = self.known[expression]
            if target is not None and array is not target:
                self.writer.call(np.copyto, target, array)
                array = target
            found.append(array)
        kept = {id(array) for array in found}
        for array in {id(array): array for array in self.known.values()}.values():
            if id(array) in self.own - kept:
                self.writer.give(array)
        return found

    def part(self, part: Part) -> Array:
        match part:
            case Number(value):
                return self.writer.constant(value)
            case Operand(position):
                return self.xs[position]
            case Result():
                assert self.y is not None
                return self.y
            case Undefined():
                return self.writer.constant(float("nan"))
            case Fold(op, (vector,)):
                return self.fold(part, function(op, 2), self.known[vector])
            case Apply(op, operands):
                return self.apply(part, op, operands)
            case Comparison() if part not in self.masks:
                return self.writer.constant(0.0)  # its choices compare themselves
            case Comparison(relation, left, right):
                return self.computed(part, RELATIONS[relation], [left, right], dtype=bool)
            case Both(left, right):
                return self.computed(part, np.logical_and, [left, right], dtype=bool)
            case Either(left, right):
                return self.computed(part, np.logical_or, [left, right], dtype=bool)
            case Choice(condition, then, otherwise):
                return self.choice(part, condition, then, otherwise)

    def place(self, part: Part, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """Where the result goes: its target if it has one of this shape, else an array between."""
        target = self.wanted.get(part)
        if target is not None and target.shape == shape:
            return target
        array = self.writer.take(shape, dtype)
        self.own.add(id(array))
        return array

    def used(self, operands: Sequence[Part]) -> None:
        """These operands have been used once more; arrays between that nobody else needs are given back."""
        for below in operands:
            self.uses[below] -= 1
            array = self.known[below]
            if not self.uses[below] and id(array) in self.own:
                self.own.discard(id(array))
                self.writer.give(array)

    def computed(self, part: Part, ufunc: Any, operands: Sequence[Part], dtype: Any = None) -> Array:
        """A function of arrays applied; it may write over an operand that nobody needs any more."""
        arrays = [self.known[x] for x in operands]
        shape = np.broadcast_shapes(*[array.shape for array in arrays])
        arrays = self.writer.filled(ufunc, arrays, shape)
        self.used(operands)
        out = self.place(part, shape, dtype)
        self.writer.call(ufunc, *arrays, out=out)
        return out

    def apply(self, part: Part, op: Op, operands: Sequence[Part]) -> Array:
        ufunc = function(op, len(operands))
        if len(operands) <= ufunc.nin:
            return self.computed(part, ufunc, operands)
        arrays = [self.known[x] for x in operands]
        out = self.place(part, np.broadcast_shapes(*[array.shape for array in arrays]))
        self.writer.call(ufunc, arrays[0], arrays[1], out=out)
        for array in arrays[2:]:
            self.writer.call(ufunc, out, array, out=out)
        self.used(operands)
        return out

    def fold(self, part: Any, ufunc: Any, vector: Array) -> Array:
        if not vector.ndim:
            raise Untraceable("folds what is the same for all operands")
        out = self.place(part, vector.shape[1:])
        self.writer.call(ufunc.reduce, vector, axis=0, out=out)
        self.used(part.operands)
        return out

    def choice(self, part: Part, condition: Any, then: Any, otherwise: Any) -> Array:
        a, b = self.known[then], self.known[otherwise]
        if _is_indicator(part):
            return self.indicator(part, condition, bool(then.value))
        mask = self.known[condition]
        if isinstance(then, Undefined) or isinstance(otherwise, Undefined):
            return self.undefined(part, mask, then, otherwise)
        shape = np.broadcast_shapes(mask.shape, a.shape, b.shape)
        if self.uses[otherwise] == 1 and id(b) in self.own and b.shape == shape and part not in self.wanted:
            out = b
            self.known[otherwise] = self.writer.constant(0.0)  # lest it be given back
        else:
            out = self.place(part, shape)
            self.writer.call(np.copyto, out, b)
        if mask.shape == shape and a.shape in ((), shape) and out.flags.c_contiguous:
            self.writer.call(np.putmask, out, mask, a)  # half the time of copyto
        else:
            self.writer.call(np.copyto, out, a, where=mask)
        self.used((condition, then, otherwise))
        return out

    def indicator(self, part: Part, condition: Comparison, holds: bool) -> Array:
        """1 where the relation holds, or does not, else 0: the comparison writes numbers itself."""
        relation, arrays = RELATIONS[condition.relation], [self.known[condition.left], self.known[condition.right]]
        shape = np.broadcast_shapes(*[array.shape for array in arrays])
        out = self.place(part, shape)
        mask = out if holds else self.writer.take(shape, bool)
        self.writer.call(relation, *self.writer.filled(relation, arrays, shape), out=mask)
        if not holds:  # nor does it of nan: the opposite relation would be another one
            self.writer.call(np.logical_not, mask, out=out)
            self.writer.give(mask)
        self.used(parts(part))
        return out

    def undefined(self, part: Part, mask: Array, then: Part, otherwise: Part) -> Array:
        """What is defined, plus √0 where it is; √-1, a nan that raises numpy's flag, where it is not."""
        at, value = (-1.0, otherwise) if isinstance(then, Undefined) else (1.0, then)
        flag = self.writer.take(mask.shape)
        self.writer.call(np.multiply, mask, self.writer.constant(at), out=flag)
        if at > 0:
            self.writer.call(np.subtract, flag, self.writer.constant(1.0), out=flag)
        self.writer.call(np.sqrt, flag, out=flag)
        out = self.place(part, np.broadcast_shapes(mask.shape, self.known[value].shape))
        self.writer.call(np.add, self.known[value], flag, out=out)
        self.writer.give(flag)
        self.used(parts(part))
        return out


@lru_cache(1024)
def _analysed(
    expressions: tuple[Part, ...], known: frozenset[Part], keep: tuple[Part, ...]
) -> tuple[list[Part], Counter[Part], set[Part]]:
    """What is to be computed, in order; how often each part is used; which conditions are wanted as such."""
    order = _unknown(expressions, known)
    uses = Counter([*expressions, *keep]) + Counter([below for part in order for below in parts(part)])
    asked = [part for part in order if isinstance(part, Choice) and not _is_indicator(part)]
    masks = {part.condition for part in asked}.union(*[parts(p) for p in order if isinstance(p, Both | Either)])
    return order, uses, masks


def _unknown(expressions: Sequence[Part], known: frozenset[Part]) -> list[Part]:
    """What is to be computed, in order; what lies below of what is known is not."""
    wanted: set[Part] = set()
    waiting: list[Part] = list(expressions)
    while waiting:
        part = waiting.pop()
        if part not in known and part not in wanted:
            wanted.add(part)
            waiting += parts(part)
    return [part for part in in_order(expressions) if part in wanted]


def _is_indicator(part: Any) -> bool:
    """Whether a choice is 1 where a relation holds, and 0 where not; or the other way round."""
    sides = [side.value if isinstance(side, Number) else None for side in (part.then, part.otherwise)]
    return isinstance(part.condition, Comparison) and sides in ([1.0, 0.0], [0.0, 1.0])


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
    found = FUNCTIONS.get(name) or (getattr(np, name.removeprefix("math."), None) if name.startswith("math.") else None)
    if not isinstance(found, np.ufunc) or found.nout != 1 or not (found.nin == count or (found.nin == 2 < count)):
        raise Untraceable(f"{name} of {count} operands has no function of arrays")
    return found
