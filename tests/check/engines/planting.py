"""Plants mistakes in the source of an engine, as text that must stand in its place exactly once, and loads the result.

A mistake that no longer fits the text is an error and not a pass. The right engines are `closures.py`,
`local_grads.py`, `tape.py` and `op_classes.py`; `mistakes.py` lists what is planted in them.
"""

import ast
import contextlib
import functools
import itertools
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

FOLDER = Path(__file__).parent
_numbers = itertools.count(1)


class Style(NamedTuple):
    """How an engine is built, the name of its class and of its two attributes."""

    name: str
    value_class: str
    data: str
    grad: str

    @property
    def source(self):
        return _read(self.name)


STYLES = (
    Style("closures", "Value", "data", "grad"),
    Style("local_grads", "Value", "data", "grad"),
    Style("tape", "Var", "value", "derivative"),
    Style("op_classes", "Scalar", "val", "grad"),
)


class Edit(NamedTuple):
    """In the function or class of that name ("" for the whole file), one text instead of another."""

    section: str
    old: str
    new: str


class Planted(NamedTuple):
    """A mistake in an engine.

    `also_right` are names that are true of it too; `isolated` says that it may hang or end the interpreter; `base` are
    rewrites of the right engine that come first.
    """

    style: Style
    mistake: str
    where: str
    edits: tuple[Edit, ...]
    also_right: tuple[str, ...] = ()
    isolated: bool = False
    base: tuple[Edit, ...] = ()

    def __str__(self):
        return f"{self.style.name}: {self.mistake} ({self.where})"

    @property
    def source(self):
        return edited(edited(self.style.source, self.base), self.edits)


@functools.cache
def _read(name):
    return (FOLDER / f"{name}.py").read_text("utf-8")


@functools.cache
def sections(source):
    """Where each function and class stands in the source: its first and last position, by name ("Value.__add__")."""
    starts = [0, *itertools.accumulate(len(line) for line in source.splitlines(keepends=True))]
    found = {"": (0, len(source))}

    def walk(node, prefix):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                name = prefix + child.name
                found[name] = (starts[child.lineno - 1], starts[child.end_lineno])
                walk(child, f"{name}.")

    walk(ast.parse(source), "")
    return found


def located(source, edit):
    """The position of the text that is replaced; LookupError unless it stands there exactly once."""
    first, last = sections(source)[edit.section]
    count = source.count(edit.old, first, last)
    if count != 1:
        raise LookupError(f"{edit.old!r} stands in {edit.section or 'the file'} {count} times, not once")
    start = source.index(edit.old, first, last)
    return start, start + len(edit.old)


def edited(source, edits):
    """The source after the edits; ValueError if two of them overlap."""
    places = sorted((*located(source, edit), edit.new) for edit in edits)
    if any(end > start for (_, end, _), (start, _, _) in itertools.pairwise(places)):
        raise ValueError("two of the edits overlap")
    for start, end, new in reversed(places):
        source = source[:start] + new + source[end:]
    return source


@contextlib.contextmanager
def loaded(source, value_class):
    """The class that the source defines, for as long as the block runs, in a module of its own."""
    module = ModuleType(f"planted_engine_{next(_numbers)}")
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, f"<{module.__name__}>", "exec"), vars(module))
        yield vars(module)[value_class]
    finally:
        del sys.modules[module.__name__]
