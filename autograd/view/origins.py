"""Which parts a model is made of, by their paths, and which parameter belongs to which.

This module owns the walk through a model of any library: what has a method `named_parameters()` is a module, and its
attributes, lists, tuples and dicts are looked into. It must not know `nn`, nor what is done with the paths.
Read next: `tracing.py` and `groups.py`, which use them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..engine import Value

__all__ = ["ModelParts", "PartsUsed", "is_module"]


def is_module(thing: Any) -> bool:
    """Whether a thing says that it is a module, by a method `named_parameters()`.

    Example:
        >>> is_module(Value(1.0)), is_module([])
        (False, False)
    """
    return callable(getattr(type(thing), "named_parameters", None))


class ModelParts:
    """The modules that a model is made of, as they are when this is made.

    Args:
        model: The outermost module.

    Attributes:
        title: The name of its class.
        paths: For each module its path, as "layers.0"; that of the model itself is "".
        titles: For each path the name of the module's class.
        owners: For each parameter the path of the innermost module that has it, the first one if several do.

    Raises:
        TypeError: If model has no method `named_parameters()`.

    Example:
        >>> from nn import MLP
        >>> parts = ModelParts(MLP(2, [1]))
        >>> parts.titles
        {'': 'MLP', 'dropout': 'Dropout', 'layers.0': 'Layer', 'layers.0.neurons.0': 'Neuron'}
        >>> list(parts.owners.values())
        ['layers.0.neurons.0', 'layers.0.neurons.0', 'layers.0.neurons.0']
    """

    def __init__(self, model: Any) -> None:
        if not is_module(model):
            raise TypeError(f"modules is a model with a method named_parameters(), not {type(model).__name__}")
        self.title = type(model).__name__
        self.titles: dict[str, str] = {}
        self.owners: dict[Value, str] = {}
        self._known: dict[int, tuple[str, Any]] = {}  # by identity: a module may compare and hash as it likes
        for path, module in _modules(model):
            self.titles[path] = type(module).__name__
            self._known[id(module)] = path, module  # the module is held: no other can get its id
        for path, module in self._known.values():  # inner modules come later, and have the last word
            for _, parameter in module.named_parameters():
                before = self.owners.get(parameter)
                if before is None or (path.startswith(before + ".") or not before):
                    self.owners[parameter] = path

    def path_of(self, module: Any) -> str | None:
        """The path of a module; None if it is no part of the model."""
        known = self._known.get(id(module))
        return None if known is None else known[0]


def _modules(model: Any) -> Iterator[tuple[str, Any]]:
    """The modules of a model with their paths, each once, in the order of the attributes and without recursion."""
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", model)]
    while stack:
        path, thing = stack.pop()
        if id(thing) in seen:
            continue
        parts: list[tuple[Any, Any]] = []
        if is_module(thing):
            yield path, thing
            parts = list(getattr(thing, "__dict__", {}).items())
        elif isinstance(thing, Mapping):
            parts = list(thing.items())
        elif isinstance(thing, (list, tuple)):
            parts = list(enumerate(thing))
        if parts:
            seen.add(id(thing))
        stack += [(f"{path}.{key}" if path else str(key), part) for key, part in reversed(parts)]


class PartsUsed:
    """The modules of the nodes of a computation, as the parameters that they use tell.

    A node that uses parameters belongs to the latest module that has one of them. Any other belongs to the module of
    its operands, and where these differ, to the smallest one that they are all parts of.

    Args:
        model: The model.
        order: The Values of the computation, operands before results.

    Attributes:
        titles: The paths of all modules with the names of their classes; the model itself goes by its own.
        models: The path of the model itself, alone in a tuple.

    Raises:
        TypeError: If model has no method `named_parameters()`.
        ValueError: If none of its parameters is in the computation.
    """

    def __init__(self, model: Any, order: Sequence[Value]) -> None:
        parts = ModelParts(model)
        self.titles = {path or parts.title: title for path, title in parts.titles.items()}
        self.models = (parts.title,)
        rank = {path: number for number, path in enumerate(parts.titles)}
        known: dict[Value, str] = {}
        for v in order:
            owned = [parts.owners[x] for x in (v, *_values(v)) if x in parts.owners]
            if owned:
                known[v] = max(owned, key=rank.__getitem__)
            elif met := {known[x] for x in _values(v) if x in known}:
                known[v] = _common(met, rank)
        if not known:
            raise ValueError(f"no parameter of modules, a {parts.title}, is part of this computation")
        self._known = {v: path or parts.title for v, path in known.items()}

    def module_of(self, v: Value) -> str:
        """The path of the module that a Value belongs to; "" if there is none."""
        return self._known.get(v, "")

    def source_of(self, v: Value) -> None:
        """None: the lines of code are not known."""


def _values(v: Value) -> list[Value]:
    return [x for x in v.operands if isinstance(x, Value)]


def _common(paths: set[str], known: Mapping[str, int]) -> str:
    """The path of the smallest module that has them all as parts."""
    path, *others = paths
    while any(other != path and not other.startswith(f"{path}.") for other in others) and path:
        path = path.rpartition(".")[0]
        while path and path not in known:
            path = path.rpartition(".")[0]
    return path
