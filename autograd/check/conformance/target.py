"""From what a user types, `engine.py:Value` or `package.module:Value`, to a class; or a message that helps.

This file owns reading and importing that; it must not know what is done with the class.
Read next: `worker.py`, where foreign code is imported.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from ...errors import AutogradError

__all__ = ["Target", "TargetError", "found_again", "imported", "parsed"]

CLASS = "Value"  # what is looked for if no class is named


class TargetError(AutogradError, ImportError):
    """What was asked for cannot be imported: the message says what was looked for, and what is there."""


class Target:
    """A class that is to be imported.

    Args:
        place: The name of a module, or the path of a file.
        name: The name of the class, dotted if it stands in another one.

    Attributes:
        is_file: Whether place is the path of a file.
    """

    def __init__(self, place: str, name: str) -> None:
        self.place, self.name = place, name
        self.is_file = place.endswith(".py") or os.sep in place or "/" in place


def parsed(text: str) -> Target:
    """The target that a text names; without a class, `Value` is meant.

    Raises:
        TargetError: If there is nothing in front of the colon.

    Example:
        >>> from autograd.check.conformance.target import parsed
        >>> parsed("engine.py:Scalar").name, parsed("lesson/engine.py").name
        ('Scalar', 'Value')
    """
    place, colon, name = text.strip().rpartition(":")
    if not colon or not name.replace(".", "").isidentifier():  # no colon, or that of a drive: C:\\engine.py
        place, name = text.strip(), CLASS
    place = place.removesuffix(":")
    if not place:
        raise TargetError(f"{text!r} names no module: write MODULE:CLASS or path/to/file.py:CLASS")
    return Target(place, name)


def found_again(value_class: type) -> Target:
    """The target by which another process finds a class.

    Raises:
        TargetError: If it cannot: the class was written in a notebook, at a prompt, in the script that runs, or inside
            a function.
    """
    module, name = value_class.__module__, value_class.__qualname__
    if module == "__main__" or "<locals>" in name:
        where = "inside a function" if "<locals>" in name else "in a notebook or in the script that runs"
        raise TargetError(
            f"{value_class.__name__} was defined {where}, where another process does not find it: write it into a file "
            f'of its own, in a notebook with %%writefile engine.py, and examine "engine.py:{value_class.__name__}"'
        )
    return Target(module, name)


def imported(target: Target) -> tuple[type, ModuleType]:
    """The class and its module.

    Raises:
        TargetError: If the module cannot be found or imported, or has no such class. SystemExit and KeyboardInterrupt
            of the module are told in the same way: here they come from the module, not from a user.
    """
    find = from_file if target.is_file else from_path
    try:
        module = find(target.place)
    except TargetError:
        raise
    except BaseException as error:
        raise TargetError(f"importing {target.place} raised {told(error, target.place)}") from None
    found: object = module
    for part in target.name.split("."):
        names = classes(found)
        found = getattr(found, part, None)
        if not isinstance(found, type):
            lacks = f"{target.place} has no class {part}"
            if found is not None:
                lacks = f"{part} of {target.place} is a {type(found).__name__}, not a class"
            there = f"it has: {', '.join(names[:12])}" if names else "it has no class at all"
            raise TargetError(f"{lacks}; {there}{suggestion(part, names)}")
    assert isinstance(found, type)
    return found, module


def from_file(path: str) -> ModuleType:
    """The module of a file: under its own name, in its package if it lies in one, with its folder to import from."""
    file = Path(path).resolve()
    if not file.is_file():
        near = [other.name for other in sorted(file.parent.glob("*.py"))] if file.parent.is_dir() else []
        where = f"there are: {', '.join(near[:12])}" if near else "no Python file is there"
        raise TargetError(f"there is no file {path}; {where}{suggestion(file.name, near)}")
    root, names = file.parent, [file.stem]
    while (root / "__init__.py").is_file() and root.name.isidentifier() and root.parent != root:
        names.insert(0, root.name)
        root = root.parent
    if names[-1] == "__init__":
        names.pop()
    sys.path.insert(0, str(root))
    if all(name.isidentifier() for name in names):
        return from_path(".".join(names))
    spec = importlib.util.spec_from_file_location("examined", file)  # a name that no import statement could have
    if spec is None or spec.loader is None:
        raise TargetError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def from_path(name: str) -> ModuleType:
    """The module of that name, first on `sys.path`."""
    top = name.partition(".")[0]
    make_room(top)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name == error.name or name.startswith(f"{error.name}.")):
            raise  # of an import inside the module
        near = [path.stem for path in sorted(Path.cwd().glob("*.py"))]
        raise TargetError(
            f"there is no module {error.name}; it was looked for in the current folder and on the path of Python"
            f"{suggestion(top, near)}"
        ) from None


def make_room(top: str) -> None:
    """Forget a loaded module of that name, if importing it now would find another file: somebody's own `autograd`.

    What holds references to the forgotten module goes on working with it.
    """
    loaded = sys.modules.get(top)
    spec = importlib.machinery.PathFinder.find_spec(top) if loaded is not None else None
    if spec is None or spec.origin is None or not os.path.exists(spec.origin):
        return
    if os.path.realpath(spec.origin) != os.path.realpath(getattr(loaded, "__file__", None) or spec.origin):
        for name in [name for name in sys.modules if name == top or name.startswith(f"{top}.")]:
            del sys.modules[name]


def classes(owner: object) -> list[str]:
    """The names of the classes in a module or class, those that were written in it first."""
    own = getattr(owner, "__name__", "")
    found = {name: thing for name, thing in vars(owner).items() if isinstance(thing, type) and name[:1] != "_"}
    return sorted(found, key=lambda name: getattr(found[name], "__module__", "") != own)


def suggestion(name: str, names: Iterable[str]) -> str:
    """The question whether something near was meant; "" if nothing is near."""
    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    lower = next((other for other in names if other.lower() == name.lower()), None)
    found = lower or (near[0] if near else "")
    return f"; did you mean {found}?" if found else ""


def told(error: BaseException, place: str) -> str:
    """An error of an import in one line, with the place in the file where there is one."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # of a class of somebody's own
        text = ""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else last_line(error, place)
    where = f" (line {line})" if line and "line" not in text else ""
    return f"{type(error).__name__}{f': {text:.200}' if text else ''}{where}"


def last_line(error: BaseException, place: str) -> int | None:
    """The line of the module at which an error left it."""
    traceback, line = error.__traceback__, None
    while traceback is not None:
        if os.path.basename(traceback.tb_frame.f_code.co_filename) == os.path.basename(place):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
