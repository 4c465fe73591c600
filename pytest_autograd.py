"""The pytest plugin of scalar-autograd: the marker `gradcheck`, three fixtures and `--value-class`.

pytest loads this file in every session of an environment that scalar-autograd is installed in, so it must know nothing
but pytest: `autograd` is imported by the first test that uses it, after pytest-cov has started to measure, and a
broken one concerns nobody else. Read next: `autograd/check/plugin.py`, which is loaded then.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

import pytest

__all__ = [
    "assert_gradients",
    "gradcheck",
    "pytest_addoption",
    "pytest_configure",
    "pytest_pycollect_makeitem",
    "pytest_pyfunc_call",
    "value_class",
]

MARKER = (
    "gradcheck(points=10, seed=0, domain='(-inf, inf)', df=None, **settings): check the gradient of what the test "
    "returns, a function of those parameters that are no fixtures, at `points` random points or at those of a list"
)
INPUTS = pytest.StashKey[tuple[str, ...]]()


# --- what pytest asks ----------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; without them nothing changes."""
    group = parser.getgroup("autograd", "gradients (scalar-autograd)")
    group.addoption(
        "--value-class", metavar="MODULE:CLASS",
        help="the engine under test, also as path/to/file.py:Class: what the fixture value_class gives, what marked "
        "tests that use this fixture compute with, and what autograd.check.suite examines",
    )  # fmt: skip
    group.addoption(
        "--value-level", choices=("lesson", "complete", "robust"), default="lesson",
        help="how much autograd.check.suite asks of the engine (default: lesson)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse a `--value-class` that names no class."""
    config.addinivalue_line("markers", MARKER)
    target = config.getoption("value_class")
    if target is not None:
        file, _, name = target.rpartition(":")
        if not file or not name.replace(".", "").isidentifier():
            raise pytest.UsageError(
                f"--value-class takes MODULE:CLASS or path/to/file.py:CLASS, as in engine:Value; got {target!r}"
            )
        if file.endswith(".py") and not (config.invocation_params.dir / file).is_file():
            raise pytest.UsageError(f"--value-class {target}: there is no file {config.invocation_params.dir / file}")


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: Any, obj: object) -> Generator[None, Any, Any]:
    """Let pytest collect a marked test without its inputs, which it would take for fixtures."""
    function = getattr(obj, "__func__", obj) if isinstance(obj, (staticmethod, classmethod)) else obj
    if not isinstance(function, FunctionType) or not _marked(collector, function):
        return (yield)
    is_method = isinstance(collector, pytest.Class) and not isinstance(obj, staticmethod)
    parameters = list(inspect.signature(function).parameters.values())
    inputs = [p for p in parameters[is_method:] if p.default is p.empty and not _supplied(collector, function, p)]
    with _collected_as(function, [p for p in parameters if p not in inputs]):
        items = yield
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, pytest.Function):
            item.stash[INPUTS] = tuple(p.name for p in inputs)
    return items


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Check the gradient of what a marked test returns; every other test is left to pytest."""
    inputs = pyfuncitem.stash.get(INPUTS, None)
    if inputs is None:
        return None
    _checks().check_marked(pyfuncitem, inputs)
    return True


# --- fixtures, of the whole session so that they go with hypothesis --------------------------------------------


@pytest.fixture(scope="session")
def gradcheck() -> Callable[..., Any]:
    """The function of that name in `autograd`, whose result has `.ok` and prints as a table."""
    return _checks().gradcheck


@pytest.fixture(scope="session")
def assert_gradients() -> Callable[..., Any]:
    """The function of that name in `autograd`, which fails with a table, as in `assert_gradients(f, 2.0)`."""
    return _checks().assert_gradients


@pytest.fixture(scope="session")
def value_class(request: pytest.FixtureRequest) -> type:
    """The class that `--value-class` names; without that option `autograd.Value`."""
    return _checks().value_class_of(request.config)


# --- the parts ---------------------------------------------------------------------------------------------------


def _checks() -> ModuleType:
    """`autograd.check.plugin`, imported when something is checked for the first time."""
    try:
        import autograd
        from autograd.check import plugin

        autograd.Value  # noqa: B018  (HIPS autograd has none)
        return plugin
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    pytest.fail(
        "gradients cannot be checked: the `autograd` that is found is not that of scalar-autograd, or is broken "
        f"({reason}). If HIPS autograd (the distribution `autograd`) was installed over it: `pip uninstall autograd`, "
        "then `pip install --force-reinstall scalar-autograd`.",
        pytrace=False,
    )


def _marked(collector: Any, function: FunctionType) -> bool:
    """Whether the mark `gradcheck` is on the function, its class or module, and is not one of the project's own."""
    own = vars(function).get("pytestmark", [])
    marks = [mark for mark in own if getattr(mark, "name", "") == "gradcheck"] if isinstance(own, list) else []
    if not marks and collector.get_closest_marker("gradcheck") is None:
        return False
    return not any(_names_gradcheck(line) for line in collector.config.getini("markers") if line != MARKER)


def _names_gradcheck(line: str) -> bool:
    return line.partition(":")[0].partition("(")[0].strip() == "gradcheck"


def _supplied(collector: Any, function: FunctionType, parameter: inspect.Parameter) -> bool:
    """Whether pytest has a value for the parameter: a fixture, or a parametrisation."""
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or parameter.name == "request":
        return True
    if parameter.kind is parameter.POSITIONAL_ONLY:  # pytest hands everything over by name
        return False
    # pytest has no public way to ask which names are fixtures.
    if collector.session._fixturemanager.getfixturedefs(parameter.name, collector):
        return True
    marks = [*vars(function).get("pytestmark", []), *collector.iter_markers("parametrize")]
    return any(parameter.name in _parametrised(mark) for mark in marks if mark.name == "parametrize")


def _parametrised(mark: pytest.Mark) -> list[str]:
    """The names of a mark `parametrize`, which are a list or a text with commas."""
    names = mark.kwargs.get("argnames", mark.args[0] if mark.args else ())
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


@contextmanager
def _collected_as(function: FunctionType, parameters: list[inspect.Parameter]) -> Iterator[None]:
    """The function with these parameters alone, as long as pytest reads them."""
    before = {"__signature__": function.__signature__} if "__signature__" in vars(function) else {}  # type: ignore[attr-defined]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del function.__signature__  # type: ignore[attr-defined]
        vars(function).update(before)
