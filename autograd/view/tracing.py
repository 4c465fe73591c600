"""`trace`: a function run once, with a note of the line of code and the module that made each node.

This module owns what is found out while a function runs, and must not know how it will be shown. The engine calls it
through its one hook, `recording`; nothing is kept on the Values, and what is computed stays the same to the bit.
Read next: `origins.py`, the paths of modules, and `groups.py`, which uses them.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterator, Mapping
from contextvars import copy_context
from types import CodeType, FrameType
from typing import Any

from ..engine import Op, Value, record, recording
from .graph import Graph, Source, read_graph
from .origins import ModelParts, is_module

__all__ = ["Traced", "trace"]

OWN = __name__.partition(".")[0]
MARK = "__autograd_internal__"  # true in a package that is built on this one, and whose lines nobody asks for either
INNER = (".<locals>.<listcomp>", ".<locals>.<genexpr>", ".<locals>.<dictcomp>", ".<locals>.<setcomp>")


def trace(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Traced:
    """Run `f(*args, **kwargs)` and note where each node comes from: the line of code, and the module.

    The results are those of a plain call, Values and gradients alike. A line inside of this library is of no
    interest, nor one in a package that says `__autograd_internal__ = True`: the line that called it is noted. Blocks
    of `no_grad` and traces inside of f work as ever.

    Args:
        f: A function, or a model, which is a function too.
        args: Its arguments.
        kwargs: Its keyword arguments.

    Returns:
        What `draw`, `replay` and `explain` take in place of a Value.

    Raises:
        Exception: What f raises; nothing of the trace remains then.

    Cost: About 10 microseconds for each node, and 0.2 more for each call that it is made in: 3 to 4 times what a
        plain call takes. All nodes are kept as long as the result is.

    Example:
        >>> from autograd import Value
        >>> from nn import MLP
        >>> traced = trace(MLP(2, [3, 1], seed=0), [Value(1.0), Value(-2.0)])
        >>> traced.module_of(traced.output)
        'layers.1.neurons.0'
        >>> traced.titles["layers.1"]
        'Layer'
    """
    notes = _Notes()
    enclosing = copy_context()

    def recorder(op: Op, operands: tuple[Any, ...]) -> Value:
        v = enclosing.copy().run(record, op, operands)  # as it would be made without us: also inside of no_grad
        if v.op is not None:
            notes.add(v, sys._getframe(1))
        return v

    with recording(recorder):
        output = f(*args, **kwargs)
    return Traced(output, notes)


class Traced:
    """What `trace` returns: a result that knows where each of its nodes comes from.

    Attributes:
        output: What the function returned.
        outputs: The Values in it, each once: itself, or those in lists, tuples and dicts.
        titles: The paths of all modules that were met, with the names of their classes.
        models: The paths of those of them that are no parts of others.
    """

    def __init__(self, output: Any, notes: _Notes) -> None:
        self.output = output
        self.outputs = tuple(dict.fromkeys(_values(output)))
        self._notes = notes
        self.titles, self.models = notes.titles()

    def source_of(self, v: Value) -> Source | None:
        """The line of code that made a Value; None for a leaf, and for what the function did not make."""
        note = self._notes.nodes.get(v)
        return None if note is None else note[0]

    def module_of(self, v: Value) -> str:
        """The path of the module that made a Value, or whose parameter it is; "" if none did.

        A model itself, for what it computes outside of its parts, goes by the name of its class; so do the paths of
        its parts begin if the function has called several models.
        """
        note = self._notes.nodes.get(v)
        if note is not None:
            return "" if note[1] is None else self._path(*note[1])
        owner = self._notes.owner_of(v)
        return "" if owner is None else self._path(*owner)

    def _path(self, model: int, path: str) -> str:
        return _joined(self.models[model], path, len(self.models))

    def graph(self, limit: int = 500, *, depth: int | None = None, around: Value | None = None) -> Graph:
        """The computation of the outputs, as `read_graph` gives it, with lines of code and modules.

        Raises:
            ValueError: As `read_graph`; also if the function has not returned a Value.
        """
        return read_graph(self.outputs, limit, depth=depth, around=around, trace=self)

    def __repr__(self) -> str:
        return f"Traced({len(self.outputs)} outputs, {len(self._notes.nodes):,} nodes)"


def _joined(prefix: str, path: str, models: int) -> str:
    """The path of a part of a model, for a number of models."""
    if not path:
        return prefix
    return path if models == 1 else f"{prefix}.{path}"


def _values(output: Any) -> Iterator[Value]:
    """The Values in nested lists, tuples and dicts, in order; of one that is met again, as inside of itself, none."""
    stack: list[Any] = [output]
    seen: dict[int, Any] = {}  # kept, so that no number is given to another one
    while stack:
        found = stack.pop()
        if isinstance(found, Value):
            yield found
        elif isinstance(found, (Mapping, list, tuple)) and id(found) not in seen:
            seen[id(found)] = found
            stack += reversed(list(found.values()) if isinstance(found, Mapping) else found)


class _Notes:
    """What is noted while the function runs: for each node its line, and its module as (number of model, path)."""

    def __init__(self) -> None:
        self.nodes: dict[Value, tuple[Source | None, tuple[int, str] | None]] = {}
        self.models: list[ModelParts] = []
        self._sources: dict[tuple[CodeType, int], Source] = {}
        self._with_self: dict[CodeType, bool] = {}
        self._own: dict[CodeType, bool] = {}

    def add(self, v: Value, frame: FrameType | None) -> None:
        """Notes where a node comes from, as the stack of calls shows it now."""
        source: Source | None = None
        modules: list[Any] = []
        while frame is not None:
            code = frame.f_code
            if source is None and not self._is_own(frame):
                source = self._source(code, frame.f_lineno)
            if self._has_self(code):
                one = frame.f_locals.get("self")
                if is_module(one):
                    modules.append(one)
            frame = frame.f_back
        self.nodes[v] = source, self._place(modules[::-1])

    def _is_own(self, frame: FrameType) -> bool:
        """Whether a line is of this library, or of a package that is built on it and marked as such."""
        known = self._own.get(frame.f_code)
        if known is None:
            package = str(frame.f_globals.get("__name__")).partition(".")[0]
            known = self._own[frame.f_code] = package == OWN or getattr(sys.modules.get(package), MARK, None) is True
        return known

    def _has_self(self, code: CodeType) -> bool:
        known = self._with_self.get(code)
        if known is None:
            known = self._with_self[code] = "self" in code.co_varnames[: code.co_argcount]
        return known

    def _source(self, code: CodeType, line: int) -> Source:
        """Made once for each line, so that a line of a loop is read once."""
        known = self._sources.get((code, line))
        if known is None:
            text = linecache.getline(code.co_filename, line).strip()
            known = self._sources[code, line] = Source(code.co_filename, line, _function(code), text)
        return known

    def _place(self, modules: list[Any]) -> tuple[int, str] | None:
        """The innermost of the modules that are being called: which model it is a part of, and its path there."""
        for module in reversed(modules):
            for number, model in enumerate(self.models):
                path = model.path_of(module)
                if path is not None:
                    return number, path
        if not modules:
            return None
        self.models.append(ModelParts(modules[0]))
        return self._place(modules)

    def owner_of(self, parameter: Value) -> tuple[int, str] | None:
        """The module that a parameter belongs to."""
        for number, model in enumerate(self.models):
            if parameter in model.owners:
                return number, model.owners[parameter]
        return None

    def titles(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """The paths of all modules with their classes, and what the path of each model begins with."""
        prefixes: list[str] = []
        titles: dict[str, str] = {}
        for model in self.models:
            same = sum([prefix.partition("#")[0] == model.title for prefix in prefixes])
            prefixes.append(f"{model.title}#{same + 1}" if same else model.title)
            for path, title in model.titles.items():
                titles[_joined(prefixes[-1], path, len(self.models))] = title
        return titles, tuple(prefixes)


def _function(code: CodeType) -> str:
    """The function that a line stands in; comprehensions are functions to Python alone."""
    name = code.co_qualname
    while name.endswith(INNER):
        name = name.rpartition(".<locals>.")[0]
    return "<module>" if name in ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>") else name
