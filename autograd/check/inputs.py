"""The arguments of a checked function: found, named, copied, and put together again.

This file owns nested arguments; it must know nothing of differences.
Read next: `subjects.py`, which varies the inputs found here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from numbers import Real
from operator import itemgetter
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


def arrangement(x: Any, places: Iterator[int]) -> Callable[[list[Any]], Any]:
    """What makes the structure of x anew from the list of all inputs; `places` are their positions in that list.

    It is found once and not at every evaluation, where a list of numbers, the usual argument, is then a slice.
    """
    if is_number(x):
        return itemgetter(next(places))
    if type(x) is list and x and all(map(is_number, x)):
        found = [next(places) for _ in x]
        if found == [*range(found[0], found[0] + len(x))]:  # else some Value occurs twice
            return itemgetter(slice(found[0], found[0] + len(x)))
        return lambda inputs: [inputs[i] for i in found]
    if isinstance(x, (list, tuple)):
        parts = [arrangement(item, places) for item in x]
        kind = list if isinstance(x, list) else getattr(x, "_make", tuple)  # a named tuple stays one
        return lambda inputs: kind([part(inputs) for part in parts])
    if isinstance(x, dict):
        entries = {key: arrangement(item, places) for key, item in x.items()}
        return lambda inputs: {key: entry(inputs) for key, entry in entries.items()}
    return lambda inputs: x


class Inputs:
    """The numbers among the arguments of a function, in whose places others can be put.

    A Value that occurs several times is one input. Strings, None, booleans and the like are passed on as they are.

    Args:
        f: The function, asked for the names of its parameters.
        xs: Its arguments.

    Attributes:
        names: The names of the inputs, as `x` or `ws[0][1]`.
        labels: The labels of those that are Values, "" for the others.
        data: What they hold.

    Raises:
        TypeError: If there is no number among them, or an array.
    """

    def __init__(self, f: Callable[..., Any], xs: Sequence[Any]) -> None:
        found = [item for name, x in zip(parameter_names(f, len(xs)), xs, strict=True) for item in flat(x, name)]
        if not found:
            raise TypeError("there is nothing to check: no Value and no number among the arguments")
        first: dict[int, tuple[str, Any]] = {}
        keys = [id(x) if isinstance(x, Value) else -1 - position for position, (_, x) in enumerate(found)]
        for key, named in zip(keys, found, strict=True):
            first.setdefault(key, named)
        place = {key: i for i, key in enumerate(first)}
        places = iter([place[key] for key in keys])
        self.arrangements = [arrangement(x, places) for x in xs]
        self.names = [name for name, _ in first.values()]
        self.labels = [x.label if isinstance(x, Value) else "" for _, x in first.values()]
        self.data = [x.data if isinstance(x, Value) else number(x) for _, x in first.values()]

    def arranged(self, inputs: list[Any]) -> list[Any]:
        """The arguments of the function with these inputs, in new lists, tuples and dicts."""
        return [arrange(inputs) for arrange in self.arrangements]


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
