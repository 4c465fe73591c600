"""The engine: `Op`, a row of the table of operations; `Value`, a number that remembers how it was computed.

This file owns recording, the topological sort, `backward` and the operators `+ - * / **`; it must know
nothing of drawing, checking, compiling or neural networks, and imports the standard library alone.
Read next: `functions.py`, the rest of the table.
"""

from __future__ import annotations

import math
import operator
import warnings
from contextvars import ContextVar
from numbers import Real

from .errors import AutogradError, DivisionByZeroError, DomainError

TYPE_CHECKING = False  # as in `typing`, whose import would be a third of the time that ours takes
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .methods import Methods, Operand, Recorder
else:
    Methods = object

__all__ = ["Op", "Value", "no_grad", "record", "recording", "toposort"]

REAL_LINE = "(-inf, inf)"
NUMBERS = (float, int, Real)  # the first two for speed: asking an abstract class takes ten times as long
NO_GRADIENT = float("0")  # an object of its own: a `grad` that *is* this zero was never computed


class Op:
    """One operation: a row of the table, from which everything else about it is derived.

    An op is also a function: of numbers it returns a float, with any `Value` operand a `Value`.

    Args:
        name: The name of the function, as `"tanh"`.
        symbol: What stands in drawings, as `"+"`.
        arity: The number of operands; None means any number (`sum`, `dot`).
        forward: Floats to float. Raises ValueError or ZeroDivisionError where the operation is undefined; too large
            a result is inf.
        partials: `partials(y, *xs)` gives the local derivatives ∂y/∂x, one per operand, given the result y too.
            Written once for floats and Values: plain arithmetic, functions of this package and `choose` in place of
            `if`. With a function of `math`, which gives floats, derivatives of higher order would be wrong.
        code: Template of the printed and the compiled form; None means `name({0}, {1}, ...)`.
        latex: The derivative rule for each operand, as mathematics of a, b, x and the result y; the last one counts for
            all further operands. With any number of operands, the last of several is that of the last operand, and the
            others have equal shares of the rest (`dot`: weights, inputs, bias), in which i is the place.
        domain: One interval per operand, or unions of them joined by `|`; the last one counts for all further operands.
        kinks: Where the op is not differentiable, and which convention holds there.
        doc: The documentation of the function.

    Example:
        An operation of your own; its derivatives of any order, its drawing and its checks come from the rule:

        >>> from autograd import Value, Op
        >>> cube = Op("cube", "³", 1, forward=lambda x: x * x * x, partials=lambda y, x: (3 * x * x,))
        >>> x = Value(2.0)
        >>> y = cube(x)
        >>> y.backward()
        >>> y.data, x.grad
        (8.0, 12.0)
    """

    def __init__(
        self, name: str, symbol: str, arity: int | None,
        forward: Callable[..., float], partials: Callable[..., tuple[Any, ...]],
        code: str | None = None, latex: str | tuple[str, ...] = (),
        domain: tuple[str, ...] = (REAL_LINE,), kinks: dict[str, str] | None = None, doc: str = "",
    ) -> None:  # fmt: skip
        self.name, self.symbol, self.arity, self.code = name, symbol, arity, code
        self.forward, self.partials, self.domain, self.kinks = forward, partials, domain, kinks or {}
        self.latex = (latex,) if isinstance(latex, str) else latex
        self.__doc__, self.__name__ = doc, name

    def __call__(self, *operands: Any) -> Any:
        """The operation on numbers or Values; TypeError if their count is not the arity."""
        if self.arity is not None and len(operands) != self.arity:
            raise TypeError(f"{self.name} takes {self.arity} operands, got {len(operands)}")
        for x in operands:
            if isinstance(x, Value):
                return record(self, operands)
        return self.evaluate(floats(operands), operands)

    def evaluate(self, xs: tuple[float, ...], operands: tuple[Operand, ...]) -> float:
        """The value of the operation at xs, the data of its operands; DomainError where it is undefined."""
        try:
            return self.forward(*xs)
        except (ValueError, ZeroDivisionError) as error:
            raise self.undefined(operands, error) from None

    def undefined(self, operands: tuple[Operand, ...], error: Exception) -> DomainError:
        """The error that names the op, its operands, their labels and values, and the domain."""
        values = [x if isinstance(x, Value) else Value(x) for x in operands]
        shown = ", ".join([f"{x.data!r} (label {x.label!r})" if x.label else repr(x.data) for x in values])
        kind = DivisionByZeroError if isinstance(error, ZeroDivisionError) else DomainError
        return kind(f"{self.name} is undefined at {shown}; it is defined at least in {', '.join(self.domain)}")

    def __repr__(self) -> str:
        return f"<Op {self.name}>"


def no_rule(*_: Any) -> Any:
    """What stands for the rules of a node that was drawn by hand."""
    raise AutogradError("a Value made by hand from _children has no derivative rule: declare an Op instead")


def number(x: Any) -> float:
    """`x` as a float: a number, a numpy scalar or an array of one element; TypeError for anything else."""
    if isinstance(x, NUMBERS):
        return float(x)
    if hasattr(x, "item") and getattr(x, "size", 2) == 1 and isinstance(item := x.item(), Real):
        return float(item)
    raise TypeError(f"the data of a Value is one real number, not {type(x).__name__}: {x!r:.60}")


def floats(operands: Iterable[Operand]) -> tuple[float, ...]:
    """The data of the operands."""
    return tuple([x.data if isinstance(x, Value) else x if type(x) is float else number(x) for x in operands])


# --- recording: every node is made here ----------------------------------------------------------------------

_recorders: ContextVar[tuple[Recorder, ...]] = ContextVar("recorders", default=())  # the innermost one last
_open_blocks: list[recording] = []  # of any thread: while it is empty, operations do not look further


class recording:  # noqa: N801  (used like a keyword: `with recording(...):`)
    """While the block is open, this thread's (or task's) operations are made by `recorder(op, operands)`."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def __enter__(self) -> None:
        _recorders.set((*_recorders.get(), self.recorder))
        _open_blocks.append(self)  # appending and removing are atomic: no lock is needed

    def __exit__(self, *exception: object) -> None:
        _open_blocks.remove(self)
        _recorders.set(_recorders.get()[:-1])


def no_grad() -> recording:
    """A block in which operations compute their values but record nothing.

    Example:
        >>> from autograd import Value, no_grad
        >>> x = Value(3.0)
        >>> with no_grad():
        ...     y = x * x
        >>> y.data, y._prev
        (9.0, ())
    """
    return recording(lambda op, operands: Value(op.evaluate(floats(operands), operands)))


def record(op: Op, operands: tuple[Any, ...]) -> Value:
    """The result of `op` on its operands: a new node of the graph, or what an open `recording` block makes."""
    if _open_blocks and (recorders := _recorders.get()):
        return recorders[-1](op, operands)
    return node(op, operands)


def node(op: Op, operands: tuple[Any, ...]) -> Value:
    """A new node with its value and its local partials; see `Value` for how operands are kept."""
    xs: Any = [x.data for x in operands if x.__class__ is Value]
    only_values = len(xs) == len(operands) > 2
    xs = xs if only_values else floats(operands)
    y = op.evaluate(xs, operands)
    sides, out = op.partials(y, *xs), _new(Value)
    if type(sides) is not tuple or len(sides) != len(operands):
        raise ValueError(f"{op.name}: partials gave {sides!r:.60}, not a tuple of {len(operands)} derivatives")
    if only_values:
        out.a, out.da, out.b, out.db = None, None, operands, sides
    else:
        kept: Any = [(x, d) if isinstance(x, Value) else (None, c) for x, d, c in zip(operands, sides, xs)]  # noqa: B905
        kept = [*kept, (None, None)] if len(kept) < 3 else [(None, None), tuple(zip(*kept))]  # noqa: B905
        (out.a, out.da), (out.b, out.db) = kept[:2]
    out.data, out.op = y, op
    out.grad, out.label = NO_GRADIENT, ""
    return out


_new = object.__new__


def unary(op: Op) -> Callable[[Value], Value]:
    """The method of a one-operand op: `record` again, unrolled for speed."""
    forward, partials = op.forward, op.partials

    def method(self: Value) -> Value:
        if _open_blocks:
            return record(op, (self,))
        x = self.data
        try:
            y = forward(x)
        except (ValueError, ZeroDivisionError) as error:
            raise op.undefined((self,), error) from None
        out = _new(Value)
        (out.da,) = partials(y, x)
        out.data, out.op = y, op
        out.grad, out.label = NO_GRADIENT, ""
        out.a, out.b, out.db = self, None, None
        return out

    return method


def binary(op: Op) -> Callable[[Value, Any], Value]:
    """The method of a two-operand op: `record` again, unrolled for two Values."""
    forward, partials = op.forward, op.partials

    def method(self: Value, other: Any) -> Value:
        if other.__class__ is not Value or _open_blocks:
            return record(op, (self, other)) if isinstance(other, (Value, float, int, Real)) else NotImplemented
        x1, x2 = self.data, other.data
        try:
            y = forward(x1, x2)
        except (ValueError, ZeroDivisionError) as error:
            raise op.undefined((self, other), error) from None
        out = _new(Value)
        out.da, out.db = partials(y, x1, x2)
        out.data, out.op = y, op
        out.grad, out.label = NO_GRADIENT, ""
        out.a, out.b = self, other
        return out

    return method


def reflected(op: Op) -> Callable[[Value, Any], Value]:
    """The method for `number op self`."""
    return lambda self, other: record(op, (other, self)) if isinstance(other, NUMBERS) else NotImplemented


def comparison(holds: Callable[[float, float], bool]) -> Callable[[Value, Any], bool]:
    """The method that compares the data of two Values, or of a Value and a number."""
    return lambda self, other: holds(self.data, other.data if isinstance(other, Value) else other)


def reading(function: Any) -> Callable[..., Any]:
    """The method that reads a Value as the float that it holds, as `round(v, 2)` or `f"{v:.2f}"`."""
    return lambda self, *arguments: function(self.data, *arguments)


# --- the table begins: the operators. The rest of it is in functions.py ---------------------------------------


def _power(a: float, b: float) -> float:
    if a < 0 and b % 1 and math.isfinite(b):
        raise ValueError  # the power is complex, or an overflow of a complex one
    try:
        y: float = a**b
    except OverflowError:
        y = -math.inf if a < 0 and b % 2 else math.inf
    return y


def choose(condition: Any, x: Any, y: Any) -> Any:
    """The `where` of rules: `x` where the condition holds, else `y`; of functions only the chosen one is run."""
    chosen = x if condition else y
    return chosen() if callable(chosen) else chosen


def _power_partials(y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    def formula() -> Any:  # for b = 0 the first form, whose derivatives are the same: the second may be 0 * inf
        return choose((b >= 0) & (b <= 0), lambda: b * y / a, lambda: b * power(a, b - 1))

    limit = (a >= 0) & (a <= 0) & (b < 1)  # there the formula would be 1/0
    by_base = choose(limit, choose(b > 0, math.inf, 0.0), formula)
    at_zero = choose(b > 0, 0.0, choose(b <= 0, -math.inf, math.nan))
    by_exponent = choose(a > 0, lambda: y * log(a), choose(a >= 0, at_zero, math.nan))
    return by_base, by_exponent


add = Op("add", "+", 2, operator.add, lambda y, a, b: (1.0, 1.0), "{0} + {1}", ("1", "1"), doc="`a + b`.")
sub = Op("sub", "-", 2, operator.sub, lambda y, a, b: (1.0, -1.0), "{0} - {1}", ("1", "-1"), doc="`a - b`.")
mul = Op("mul", "*", 2, operator.mul, lambda y, a, b: (b, a), "{0} * {1}", ("b", "a"), doc="`a * b`.")
div = Op("div", "/", 2, operator.truediv, lambda y, a, b: (1 / b, -y / b), "{0} / {1}", (r"\frac1b", r"-\frac{y}{b}"),
         (REAL_LINE, "(-inf, 0) | (0, inf)"), doc="`a / b`; DivisionByZeroError if b = 0.")  # fmt: skip
neg = Op("neg", "-", 1, operator.neg, lambda y, x: (-1.0,), "-{0}", "-1", doc="`-x`.")
pos = Op("pos", "+", 1, operator.pos, lambda y, x: (1.0,), "+{0}", "1", doc="`+x`: the same value, a node of its own.")
log = Op("log", "log", 1, math.log, lambda y, x: (1 / x,), None, r"\frac{1}{x}", ("(0, inf)",),
         doc="The natural logarithm ln x; DomainError if x <= 0. Here since the rule of `**` needs it.")  # fmt: skip
power = Op("pow", "**", 2, _power, _power_partials, "{0} ** {1}", (r"b a^{b-1}", r"a^b \ln a"),
           ("(0, inf)", REAL_LINE), {"a < 0": "defined for whole b only; no derivative by b: nan",
            "a = 0": "defined for b >= 0; one-sided limits: by a 0, 1, inf (b > 1, = 1, < 1), by b 0 or -inf (b = 0)",
            "b = 0": "the derivative by a is 0, at a = 0 too"},
           "`a ** b`; DomainError if a < 0 and b is not whole, DivisionByZeroError if a = 0 and b < 0.")  # fmt: skip
OPERATORS = (add, sub, mul, div, power, neg, pos, log)


class Value(Methods):
    """A number that remembers how it was computed, so that it can be differentiated.

    Args:
        data: The number: an int, a float, a numpy scalar or an array of one element.
        _children: Values to show as its operands, for drawings made by hand; such a node has no derivative rule.
        _op: The symbol to show for it.
        label: A name for drawings and messages.

    Attributes:
        data: The value, a float.
        grad: The derivative of the value that `backward()` was called on by this one; 0.0 before.
        label: The name.
        op: The operation that made it, None for a leaf.
        a, b: Its operands, and
        da, db: the local partials ∂self/∂a and ∂self/∂b, stored when the value was computed.
            A number operand is kept as None, and the number itself stands where the partial would.
            With three operands or more, `a` is None, and `b` and `db` are tuples.

    These slots are flat, since a node of one tracked object is what keeps the garbage collector out of the way.

    Raises:
        TypeError: If data is not one real number.

    Example:
        >>> from autograd import Value
        >>> x, w = Value(3.0), Value(-2.0, label="w")
        >>> y = (w * x).tanh()
        >>> y.backward()
        >>> round(y.data, 4), w.grad == x.data * (1 / math.cosh(6.0)) ** 2
        (-1.0, True)
    """

    __slots__ = ("a", "b", "da", "data", "db", "grad", "label", "op")

    def __init__(self, data: Any, _children: Iterable[Operand] = (), _op: str = "", label: str = "") -> None:
        self.data, self.grad, self.label, self.op = number(data), NO_GRADIENT, label, None
        self.a = self.da = self.b = self.db = None
        if children := tuple([x if isinstance(x, Value) else Value(x) for x in _children]):
            self.op, self.b = Op(_op, _op, None, no_rule, no_rule), children

    @property
    def operands(self) -> tuple[Operand, ...]:
        """What it was computed from, in order and with multiplicity: Values, and numbers as floats."""
        if type(self.b) is tuple:
            return tuple([d if x is None else x for x, d in zip(self.b, self.db or self.b, strict=True)])
        if self.op is None:
            return ()
        first = self.da if self.a is None else self.a
        return (first,) if self.db is None else (first, self.db if self.b is None else self.b)

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands as micrograd shows them: all Values, a number being a leaf."""
        return tuple([x if isinstance(x, Value) else Value(x) for x in self.operands])

    @property
    def _op(self) -> str:
        """The symbol of the operation, "" for a leaf."""
        return self.op.symbol if self.op else ""

    def backward(self, seed: float = 1.0) -> None:
        """Add to every leaf's `grad` the derivative of this value by that leaf, times `seed`.

        The chain rule, from the result to the leaves: each operand's gradient grows by the local partial times
        the gradient that arrives. Leaves accumulate over calls; the nodes between hold the latest call's gradients.

        Cost: two passes over the graph, whatever the number of paths through it.
        """
        gradient, order = number(seed), toposort(self)
        leaves = [(leaf, leaf.grad) for leaf in order if leaf.op is None]
        try:
            for v in order:
                v.grad = None  # type: ignore[assignment]  # nothing has arrived yet
            self.grad = gradient
            for v in reversed(order):
                gradient, a, b = v.grad, v.a, v.b
                if a is not None:
                    term = gradient if v.da == 1.0 else v.da * gradient  # 1 * gradient is the same object: saves memory
                    a.grad = term if a.grad is None else a.grad + term
                if b is not None and type(b) is not tuple:
                    term = gradient if v.db == 1.0 else v.db * gradient
                    b.grad = term if b.grad is None else b.grad + term
                elif b is not None:
                    for x, partial in zip(b, v.db or no_rule()):  # noqa: B905  (`node` has counted them)
                        if x is not None:
                            term, before = partial * gradient, x.grad
                            x.grad = term if before is None else before + term
            for leaf, before in leaves:
                leaf.grad += before
        except BaseException:  # also a keyboard interrupt: what earlier calls gave to the leaves is not lost
            for v, before in [(v, NO_GRADIENT) for v in order] + leaves:
                v.grad = before
            raise

    def detach(self) -> Value:
        """A leaf of the same data: a constant for everything computed from it."""
        return Value(self.data, label=self.label)

    __add__, __sub__, __mul__, __truediv__, __pow__ = map(binary, OPERATORS[:5])
    __radd__, __rsub__, __rmul__, __rtruediv__, __rpow__ = map(reflected, OPERATORS[:5])
    __neg__, __pos__ = unary(neg), unary(pos)

    __lt__, __le__, __gt__, __ge__ = map(comparison, (operator.lt, operator.le, operator.gt, operator.ge))
    __float__, __int__, __bool__, __trunc__ = map(reading, (float, int, bool, math.trunc))
    __floor__, __ceil__, __round__, __format__ = map(reading, (math.floor, math.ceil, round, format))
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Real):
            warnings.warn("== on a Value is identity; to compare numbers write v.data == number", stacklevel=2)
        return self is other

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad}{f', label={self.label!r}' if self.label else ''})"


def toposort(root: Value) -> list[Value]:
    """Every Value that `root` was computed from, and itself: each once, operands before results.

    A depth-first walk with a stack of its own, so that the depth of a graph is limited by memory alone.
    """
    order: list[Value] = []
    visited: set[Any] = {None}
    stack: list[Any] = []  # what is left to visit; below a None lies a node whose operands come first
    v: Any = root
    while True:
        while v not in visited:  # down along the first operands
            visited.add(v)
            stack.append(v)
            stack.append(None)
            b = v.b
            if type(b) is tuple:
                if not visited.issuperset(b):
                    stack += [x for x in b if x not in visited]
            elif b not in visited:
                stack.append(b)
            v = v.a
        while stack and (v := stack.pop()) is None:
            order.append(stack.pop())
        if not stack:
            return order
