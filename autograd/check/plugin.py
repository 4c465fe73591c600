"""What the pytest plugin loads when it is used: the checks, and the class that `--value-class` names.

This file owns how that class is found; it must not know what is done with it.
Read next: `marked.py`, the tests with the marker `gradcheck`; `pytest_autograd.py` holds the hooks in front of both.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from ..engine import Value
from .gradcheck import assert_gradients, gradcheck
from .marked import check_marked

__all__ = ["assert_gradients", "check_marked", "gradcheck", "load_class", "value_class_of"]


def value_class_of(config: pytest.Config) -> type:
    """The class that `--value-class` names; `autograd.Value` without that option."""
    target = config.getoption("value_class")
    if target is None:
        return Value
    try:
        return load_class(target, config.invocation_params.dir)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    pytest.fail(f"--value-class {target} cannot be loaded: {reason}", pytrace=False)


def load_class(target: str, start: Path) -> type:
    """The class that a text names.

    Args:
        target: `module:Class`, where the module is found as by `python -m`, or `path/to/file.py:Class`.
        start: The folder that paths are relative to, and in which modules are looked for too.

    Raises:
        ImportError: If there is no such module or file.
        TypeError: If it has no class of that name.

    Example:
        >>> from pathlib import Path
        >>> from autograd.check.plugin import load_class
        >>> load_class("fractions:Fraction", Path())
        <class 'fractions.Fraction'>
    """
    place, _, name = target.rpartition(":")
    with _also_in(start):
        module = _module_of_file(start / place) if place.endswith(".py") else importlib.import_module(place)
    found: object = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type):
        raise TypeError(f"{place} has no class {name}")
    return found


def _module_of_file(file: Path) -> ModuleType:
    """The module of a file: the one that a test has imported already, so that there is one class, or a new one."""
    file = file.resolve()
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) and Path(str(module.__file__)).resolve() == file:
            return module
    spec = spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise ImportError(f"there is no file {file}")
    module = module_from_spec(spec)
    sys.modules.setdefault(file.stem, module)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _also_in(folder: Path) -> Iterator[None]:
    """With a folder at the end of where modules are looked for."""
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
