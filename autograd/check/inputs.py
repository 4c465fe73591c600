"""The arguments of a checked function: found, named, copied, and put together again.

This file owns nested arguments; it must know nothing of differences.
Read next: `gradcheck.py`, which varies the inputs found here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from numbers import Real
from typing import Any

from ..engine import Value, number

__all__ = ["Inputs", "flat", "is_number"]


def is_number(x: object) -> bool:
    """Whether x is an input to differentiate by: a Value or a number, but no bool."""
    return isinstance(x, Value) or (isinstance(x, Real) and not isinstance(x, bool))


def flat(x: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The numbers in nested lists, tuples and dicts, with names like `x[0][1]`.

    Raises:
        TypeError: If x is an array, which has its elements elsewhere.
    """
    if is_number(x):
        yield name, x
    elif isinstance(x, (list, tuple)):
        for i, item in enumerate(x):
            yield from flat(item, f"{name}[{i}]")
    elif isinstance(x, dict):
        for key, item in x.items():
            yield from flat(item, f"{name}[{key!r}]")
    elif hasattr(x, "tolist"):
        raise TypeError(f"{name} is an array of type {type(x).__name__}: gradcheck takes lists, write {name}.tolist()")


def replaced(x: Any, make: Callable[[Any], Any]) -> Any:
    """The same structure with every number replaced; everything else as it stands."""
    if is_number(x):
        return make(x)
    if isinstance(x, (list, tuple)):
        items = [replaced(item, make) for item in x]
        return items if isinstance(x, list) else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, dict):
        return {key: replaced(item, make) for key, item in x.items()}
    return x


class Inputs:
    """The numbers among the arguments of a function, of which copies with other data can be made.

    A Value that occurs several times is one input. Strings, None, booleans and the like are passed on as they are.

    Args:
        f: The function, asked for the names of its parameters.
        xs: Its arguments.

    Raises:
        TypeError: If there is no number among them, or an array.
    """

    def __init__(self, f: Callable[..., Any], xs: Sequence[Any]) -> None:
        self.xs = xs
        found = [item for name, x in zip(parameter_names(f, len(xs)), xs, strict=True) for item in flat(x, name)]
        first: dict[int, tuple[str, Any]] = {}
        for position, (name, x) in enumerate(found):
            first.setdefault(id(x) if isinstance(x, Value) else -1 - position, (name, x))
        if not first:
            raise TypeError("there is nothing to check: no Value and no number among the arguments")
        self.names = [name for name, _ in first.values()]
        self.labels = [x.label if isinstance(x, Value) else "" for _, x in first.values()]
        self.data = [x.data if isinstance(x, Value) else number(x) for _, x in first.values()]

    def copied(self, data: Sequence[float], make: Callable[[float, str], Any]) -> tuple[list[Any], list[Any]]:
        """The arguments with new inputs `make(data, label)`, and those inputs."""
        made: list[Any] = []
        known: dict[int, Any] = {}

        def copy(x: Any) -> Any:
            if id(x) in known:
                return known[id(x)]
            made.append(make(data[len(made)], self.labels[len(made)]))
            if isinstance(x, Value):
                known[id(x)] = made[-1]
            return made[-1]

        return [replaced(x, copy) for x in self.xs], made


def parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    """The names of the first parameters of f; x0, x1, ... where it has none to give."""
    names: list[str] = []
    try:
        for parameter in inspect.signature(f).parameters.values():
            if parameter.kind is parameter.VAR_POSITIONAL:
                names += [f"{parameter.name}[{i}]" for i in range(count - len(names))]
            elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                names.append(parameter.name)
    except (TypeError, ValueError):  # a builtin without a signature
        pass
    return (names + [f"x{i}" for i in range(len(names), count)])[:count]
