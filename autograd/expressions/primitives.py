"""Functions of floats are read too: those of `math` become operations of an expression, as primitives.

This file owns what stands for `math` and the builtin functions while a function is read, and must not know what is
made of primitives. A function is not run itself but a copy, in which the names that it looks up mean something else;
so are the functions that it calls. Operands are taken not to be nan, so that `math.isnan` does not double the reading.
Read next: `reading.py`, which runs the copy.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import BuiltinFunctionType, CellType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from ..engine import Op, choose, no_rule
from .symbols import Question, Symbol
from .terms import Both, Choice, Comparison, Either, Number

if TYPE_CHECKING:
    from .reading import Reading

__all__ = ["POWER", "REMAINDER", "Translation", "full_name", "primitive"]

FOLDS = ("builtins.sum", "builtins.max", "builtins.min", "math.prod")  # of a sequence, or of several operands
TAKEN = {"abs": math.fabs, "round": builtins.round, "sum": builtins.sum, "max": builtins.max, "min": builtins.min}


@cache
def primitive(function: Any) -> Op:
    """The operation that stands for a function of floats, as `math.exp`; its name is that of the function.

    Example:
        >>> import math
        >>> from autograd.expressions import primitive
        >>> primitive(math.exp)
        <Op math.exp>
    """
    name = full_name(function)
    return Op(name, name, None, (lambda *xs: function(xs)) if name in FOLDS else function, no_rule)


def full_name(function: Any) -> str:
    """The name of a function with that of its module, as "math.exp" or "operator.pow"."""
    return f"{function.__module__}.{function.__qualname__}".removeprefix("_")


POWER, REMAINDER = primitive(operator.pow), primitive(operator.mod)


class Names(dict[str, Any]):
    """What the names that a function looks up mean while it is read: translated when they are looked up."""

    def __init__(self, translation: Translation, original: Mapping[str, Any]) -> None:
        super().__init__()
        self.translation, self.original = translation, original

    def __missing__(self, name: str) -> Any:
        found = self.original[name] if name in self.original else TAKEN[name] if name in TAKEN else _builtin(name)
        self[name] = self.translation.of(found)
        return self[name]


def _builtin(name: str) -> Any:
    if not hasattr(builtins, name):
        raise KeyError(name)
    return getattr(builtins, name)


class Module:
    """Stands for a module: its attributes are translated."""

    def __init__(self, translation: Translation, module: ModuleType) -> None:
        self.translation, self.module = translation, module

    def __getattr__(self, name: str) -> Any:
        if self.module is builtins and name in TAKEN:
            return self.translation.of(TAKEN[name])
        return self.translation.of(getattr(self.module, name))


class Translation:
    """What stands for functions while they are read.

    Args:
        reading: The reading that they are for.
        rewritten: Functions that are read instead of others, by the full names of these.
    """

    def __init__(self, reading: Reading, rewritten: Mapping[str, Callable[..., Any]]) -> None:
        self.reading, self.rewritten = reading, rewritten
        self.special: dict[Any, Callable[..., Any]] = {
            choose: self.choose, float: lambda x=0.0: x if self.is_symbol(x) else float(x),
            math.isnan: lambda x: not self.is_symbol(x) and math.isnan(x),
            math.isinf: lambda x: self.outside(x) if self.is_symbol(x) else math.isinf(x),
            math.isfinite: lambda x: self.inside(x) if self.is_symbol(x) else math.isfinite(x),
        }  # fmt: skip

    def of(self, x: Any) -> Any:
        """What stands for x: for most things, x itself."""
        if isinstance(x, FunctionType | BuiltinFunctionType | type) and x in self.special:
            return self.special[x]
        if isinstance(x, BuiltinFunctionType) and (full_name(x).startswith("math.") or x in TAKEN.values()):
            return self.primitive(x)
        if isinstance(x, FunctionType):
            return self.function(self.rewritten.get(full_name(x), x))
        return Module(self, x) if isinstance(x, ModuleType) else x

    def function(self, f: Any) -> Callable[..., Any]:
        """A copy of a function of Python, in which names mean what stands for them."""
        cells = [CellType(self.of(cell.cell_contents)) for cell in f.__closure__ or ()]
        names = Names(self, f.__globals__)
        copy = FunctionType(f.__code__, names, f.__name__, f.__defaults__, tuple(cells))
        copy.__kwdefaults__ = f.__kwdefaults__
        return copy

    def primitive(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """What applies a function to symbols; to numbers the function itself is applied."""
        name = full_name(function)

        def apply(*given: Any, **options: Any) -> Any:
            operands: Sequence[Any] = given
            if name in FOLDS and hasattr(type(given[0]), "__iter__"):
                operands = tuple(given[0])
                given = (operands, *given[1:])
            start = given[1:] if operands is not given and name == "builtins.sum" else ()
            if not any(map(self.is_symbol, (*operands, *start))):
                return function(*given, **options)
            if options:
                raise self.reading.untraceable(f"calls {name} with {', '.join(options)}")
            operands = (*start, *operands)
            if len(operands) == 1 and name in FOLDS:
                return operands[0]
            if name == "builtins.round" and len(operands) > 1:
                raise self.reading.untraceable("rounds to digits")
            return self.reading.apply(primitive(function), tuple(operands))

        return apply

    @staticmethod
    def is_symbol(x: Any) -> bool:
        """Whether it is one; `isinstance` would ask for its class."""
        return issubclass(type(x), Symbol)

    def compared(self, relation: str, x: Any, bound: float) -> Any:
        """The comparison of a symbol with a number."""
        return self.reading.make(Comparison, relation, self.reading.expression(x), self.reading.make(Number, bound))

    def inside(self, x: Any) -> Question:
        """Whether x is finite."""
        sides = self.compared(">", x, -math.inf), self.compared("<", x, math.inf)
        return Question(self.reading, self.reading.make(Both, *sides))

    def outside(self, x: Any) -> Question:
        """Whether x is infinite."""
        sides = self.compared("<=", x, -math.inf), self.compared(">=", x, math.inf)
        return Question(self.reading, self.reading.make(Either, *sides))

    def choose(self, condition: Any, x: Any, y: Any) -> Any:
        """The `choose` of rules, with both sides read at once, so that n choices are not 2ⁿ readings."""
        if not self.is_symbol(condition):
            return choose(condition, x, y)
        made = self.reading.make
        zero = made(Number, 0.0)
        asked = condition.condition if type(condition) is Question else None
        asked = asked or made(Comparison, "!=", condition.expression, zero)
        then, otherwise = [side() if callable(side) else side for side in (x, y)]
        if type(then) is tuple:
            return tuple([self.chosen(asked, a, b) for a, b in zip(then, otherwise, strict=True)])
        return self.chosen(asked, then, otherwise)

    def chosen(self, condition: Any, x: Any, y: Any) -> Any:
        """One of two, as a symbol."""
        a, b = self.reading.expression(x), self.reading.expression(y)
        return x if a is b else Symbol(self.reading, self.reading.make(Choice, condition, a, b))
