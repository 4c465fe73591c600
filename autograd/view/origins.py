"""Which parts a model is made of, by their paths, and which parameter belongs to which.

This module owns the walk through a model of any library: what has a method `named_parameters()` is a module, and its
attributes, lists, tuples and dicts are looked into. It must not know `nn`, nor what is done with the paths.
Read next: `tracing.py` and `groups.py`, which use them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..engine import Value
from .flat import Flat

__all__ = ["ModelParts", "PartsUsed", "is_module"]

NOBODY = -1  # in place of the number of a module


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
        self._known: dict[int, tuple[str, Any]] = {}  # by identity: a module may compare and hash as it likes
        held: list[tuple[str, list[Value]]] = []
        for path, module, values in _modules(model):
            self.titles[path] = type(module).__name__
            self._known[id(module)] = path, module  # the module is held: no other can get its id
            held.append((path, values))
        parameters = _parameters(model)
        met = self._owners(held)
        if any(parameter not in met for parameter in parameters):  # in a container that is not looked into
            met = self._owners([(path, _parameters(module)) for path, module in self._known.values()])
        self.owners = {parameter: met[parameter] for parameter in parameters}

    def _owners(self, held: Iterable[tuple[str, Iterable[Value]]]) -> dict[Value, str]:
        """For each Value the path of the innermost of those that hold it; inner ones come later."""
        owners: dict[Value, str] = {}
        for path, values in held:
            for value in values:
                before = owners.get(value)
                if before is None or not before or path.startswith(before + "."):
                    owners[value] = path
        return owners

    def path_of(self, module: Any) -> str | None:
        """The path of a module; None if it is no part of the model."""
        known = self._known.get(id(module))
        return None if known is None else known[0]


def _parameters(module: Any) -> list[Value]:
    """The parameters of a module; where it can tell them without their names, a million names are not made."""
    if callable(getattr(module, "parameters", None)):
        return list(module.parameters())
    return [parameter for _, parameter in module.named_parameters()]


def _modules(model: Any) -> Iterator[tuple[str, Any, list[Value]]]:
    """The modules of a model, each once, in the order of the attributes: path, module, the Values in it alone."""
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", model)]
    while stack:
        path, module = stack.pop()
        if id(module) not in seen:
            seen.add(id(module))
            values, inner = _contents(path, module)
            yield path, module, values
            stack += reversed(inner)


def _contents(path: str, module: Any) -> tuple[list[Value], list[tuple[str, Any]]]:
    """The Values and, with their paths, the modules in the attributes of a module, and in containers there."""
    values: list[Value] = []
    modules: list[tuple[str, Any]] = []
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [(path, getattr(module, "__dict__", {}))]
    while stack:
        path, thing = stack.pop()
        if is_module(thing):
            modules.append((path, thing))
        elif id(thing) not in seen:
            seen.add(id(thing))
            parts: list[tuple[str, Any]] = []
            for key, part in thing.items() if isinstance(thing, Mapping) else enumerate(thing):
                if isinstance(part, Value):
                    values.append(part)
                elif isinstance(part, (list, tuple, Mapping)) or is_module(part):
                    parts.append((f"{path}.{key}" if path else str(key), part))
            stack += reversed(parts)
    return values, modules


class PartsUsed:
    """The modules of the nodes of a computation, as the parameters that they use tell.

    A node that uses parameters belongs to the latest module that has one of them. Any other belongs to the module of
    its operands, and where these differ, to the smallest one that they are all parts of.

    Args:
        model: The model.
        flat: The computation.

    Attributes:
        titles: The paths of all modules with the names of their classes; the model itself goes by its own.
        models: The path of the model itself, alone in a tuple.

    Raises:
        TypeError: If model has no method `named_parameters()`.
        ValueError: If none of its parameters is in the computation.
    """

    def __init__(self, model: Any, flat: Flat) -> None:
        parts = ModelParts(model)
        self.titles = {path or parts.title: title for path, title in parts.titles.items()}
        self.models = (parts.title,)
        paths = list(parts.titles)
        rank = {path: number for number, path in enumerate(paths)}
        owner = [rank[parts.owners[v]] if v in parts.owners else NOBODY for v in flat.order]
        if max(owner) == NOBODY:
            raise ValueError(f"no parameter of modules, a {parts.title}, is part of this computation")
        found: list[int] = []
        for own, operands in zip(owner, flat.operands, strict=True):
            latest = max(own, max(map(owner.__getitem__, operands), default=NOBODY))
            if latest == NOBODY and (met := set(map(found.__getitem__, operands)) - {NOBODY}):
                latest = rank[_common({paths[number] for number in met}, rank)]
            found.append(latest)
        names = [*[path or parts.title for path in paths], ""]  # the last one is for NOBODY
        self._names = {v: names[number] for v, number in zip(flat.order, found, strict=True)}

    def module_of(self, v: Value) -> str:
        """The path of the module that a Value belongs to; "" if there is none."""
        return self._names.get(v, "")

    def source_of(self, v: Value) -> None:
        """None: the lines of code are not known."""


def _common(paths: set[str], known: Mapping[str, int]) -> str:
    """The path of the smallest module that has them all as parts."""
    path, *others = paths
    while any(other != path and not other.startswith(f"{path}.") for other in others) and path:
        path = path.rpartition(".")[0]
        while path and path not in known:
            path = path.rpartition(".")[0]
    return path
