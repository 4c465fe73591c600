"""Tests with the marker `gradcheck`: what they return is checked as a function of their inputs, point by point.

This file owns the search for points and the report of a failure; it must not know how pytest collects, nor how a
gradient is checked. Read next: `marker.py`, the settings.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from ..engine import Value
from .gradcheck import gradcheck, gradcheck_pair
from .marker import Point, Settings
from .points import random_point
from .result import GradcheckResult, badness
from .verdict import CANNOT_TELL, CORRECT, WRONG

__all__ = ["MarkedFunction", "Outcome", "check_marked"]

UNDEFINED_IN_A_ROW = 1000  # draws without a point where f is defined, after which none is expected any more
SHOWN = 3  # points whose tables a failure shows
UNDEFINED = "undefined"
WORDS = {WRONG: "is wrong at", UNDEFINED: "is undefined at", CANNOT_TELL: "cannot be told at"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found at one point: a result, or the error because of which there is none."""

    point: Point
    result: GradcheckResult | None
    error: str = ""

    @property
    def verdict(self) -> str:
        """That of the result; "undefined" without one."""
        return UNDEFINED if self.result is None else self.result.verdict

    def text(self, with_diagnoses: bool) -> str:
        """The table, or the error; the diagnoses of one point are those of the next, as a rule."""
        if self.result is None:
            return self.error
        return str(self.result if with_diagnoses else GradcheckResult(self.result.rows))

    def badness(self) -> tuple[float, ...]:
        """The sorting key that puts the worst first."""
        return (-1.0,) if self.result is None else badness(self.result.rows[0])


def check_marked(item: pytest.Function, inputs: Sequence[str]) -> None:
    """Check the gradient of what a marked test returns, at every point; the test fails with the tables of the worst.

    Args:
        item: The test.
        inputs: The names of those of its parameters that pytest has no value for.
    """
    marker = item.get_closest_marker("gradcheck")
    assert marker is not None  # it was there when the test was collected
    if not inputs:
        pytest.fail(
            f"{item.name} has nothing to differentiate by: a test that is marked gradcheck takes its inputs as "
            "parameters that are no fixtures, as in def test_square(x): return x * x",
            pytrace=False,
        )
    if inspect.iscoroutinefunction(item.obj):
        pytest.fail(f"{item.name} is async: a test that is marked gradcheck is a plain function", pytrace=False)
    refused = ""
    f = MarkedFunction(item, inputs, item.funcargs.get("value_class", Value))
    try:
        settings = Settings.of(marker, inputs)
        check = _check(f, settings)
    except (TypeError, ValueError) as error:
        refused = f"{item.name}: {error}"
    if refused:
        pytest.fail(refused, pytrace=False)
    if isinstance(settings.points, int):
        outcomes = _at_random_points(item, inputs, settings, check)
    else:
        outcomes = [_at(point, inputs, check) for point in settings.points]
    failed = [outcome for outcome in outcomes if outcome.verdict != CORRECT]
    if failed:
        pytest.fail(_report(f, settings, outcomes, failed), pytrace=False)


def _at(point: Point, inputs: Sequence[str], check: Callable[[Point], GradcheckResult]) -> Outcome:
    """The outcome at a point that was asked for, where the function has to be defined."""
    try:
        return Outcome(point, check(point))
    except (ValueError, ArithmeticError) as error:
        return Outcome(point, None, f"{type(error).__name__}: {error}")
    except Exception as error:
        error.add_note(f"at the point {_written(inputs, point)}")
        raise


def _at_random_points(
    item: pytest.Function, inputs: Sequence[str], settings: Settings, check: Callable[[Point], GradcheckResult]
) -> list[Outcome]:
    """The outcomes at random points; those where f is undefined, or it cannot be told, are drawn again.

    A random point may lie close to a kink, which says nothing against f. A function of which it cannot be told at more
    than every second point does not get away with that.
    """
    rng = random.Random(settings.seed)
    told: list[Outcome] = []
    untold: list[Outcome] = []
    undefined = 0
    assert isinstance(settings.points, int)
    while len(told) < settings.points and len(untold) <= settings.points:
        outcome = _at(random_point(rng, inputs, settings.domains), inputs, check)
        if outcome.result is None:
            undefined += 1
            if undefined == UNDEFINED_IN_A_ROW:
                pytest.fail(
                    f"{item.name} is defined at none of {undefined} random points in a row; the last: "
                    f"{_written(inputs, outcome.point)}: {outcome.error}\nSay where it is defined: "
                    "gradcheck(domain='(0, inf)'), or give the points themselves.",
                    pytrace=False,
                )
            continue
        undefined = 0
        (untold if outcome.verdict == CANNOT_TELL else told).append(outcome)
    return told if len(told) == settings.points else told + untold


def _check(f: MarkedFunction, settings: Settings) -> Callable[[Point], GradcheckResult]:
    """The check of the test's function at a point."""
    if settings.df is not None:
        return _with(gradcheck_pair, settings, f, settings.df)
    if f.value_class is Value:
        return _with(gradcheck, settings, f)
    return _with(gradcheck_pair, settings, *_pair(f, f.value_class))


def _with(check: Callable[..., GradcheckResult], settings: Settings, *functions: Any) -> Callable[[Point], Any]:
    known = [p.name for p in inspect.signature(check).parameters.values() if p.kind is p.KEYWORD_ONLY]
    unknown = [name for name in settings.checked if name not in known]
    if unknown:
        offered = ", ".join(["points", "seed", "domain", "df", *(name for name in known if name != "seed")])
        raise TypeError(f"the marker gradcheck has no setting {', '.join(unknown)} here; it has {offered}")
    return lambda point: check(*functions, *point, **settings.checked)


class MarkedFunction:
    """A marked test as a function of its inputs alone, the fixtures and the parametrisation filled in.

    Args:
        item: The test.
        inputs: The names of its inputs.
        value_class: What it computes with, unless it is one of plain floats.

    Attributes:
        gave_a_number: Whether it returned a plain number, which has no gradient.
    """

    def __init__(self, item: pytest.Function, inputs: Sequence[str], value_class: Any = Value) -> None:
        self.item, self.inputs, self.value_class = item, inputs, value_class
        parameters = inspect.signature(item.obj).parameters
        self.supplied = {
            name: item.funcargs[name] for name in parameters if name in item.funcargs and name not in inputs
        }
        self.first = sum(parameters[name].kind is inspect.Parameter.POSITIONAL_ONLY for name in inputs)
        self.gave_a_number = False
        self.__signature__ = inspect.Signature([parameters[name] for name in inputs])

    def __call__(self, *xs: Any) -> Any:
        """What the test returns for these inputs."""
        named = dict(zip(self.inputs[self.first :], xs[self.first :], strict=True))
        y = self.item.obj(*xs[: self.first], **named, **self.supplied)
        if y is None:
            pytest.fail(
                f"{self.item.name} returns nothing: a test that is marked gradcheck returns the result whose gradient "
                "is checked",
                pytrace=False,
            )
        self.gave_a_number |= isinstance(y, (int, float))
        return y


def _pair(f: Callable[..., Any], value_class: type) -> tuple[Callable[..., float], Callable[..., list[float]]]:
    """The function and the gradient that an engine of somebody's own gives, both in floats."""
    from .conformance import Dialect

    dialect = Dialect(value_class)

    def result(*xs: float) -> float:
        y = f(*[dialect.leaf(x) for x in xs])
        return dialect.data(y) if isinstance(y, value_class) else y

    def gradient(*xs: float) -> list[float]:
        leaves = [dialect.leaf(x) for x in xs]
        y = f(*leaves)
        if isinstance(y, value_class):
            dialect.backward(y)
        return [dialect.gradient(leaf) for leaf in leaves]

    result.__signature__ = inspect.signature(f)  # type: ignore[attr-defined]
    return result, gradient


# --- the report ----------------------------------------------------------------------------------------------------


def _report(f: MarkedFunction, settings: Settings, outcomes: list[Outcome], failed: list[Outcome]) -> str:
    failed = sorted(failed, key=Outcome.badness)
    is_theirs = settings.df is None and f.value_class is not Value  # an engine that can be diagnosed as a whole
    counts = {verdict: sum(outcome.verdict == verdict for outcome in failed) for verdict in WORDS}
    what = ", ".join([f"{WORDS[verdict]} {count}" for verdict, count in counts.items() if count])
    drawn = f" (seed {settings.seed})" if isinstance(settings.points, int) else ""
    lines = [f"the gradient of {f.item.name} {what} of {len(outcomes)} points{drawn}"]
    for i, outcome in enumerate(failed[:SHOWN]):
        lines += ["", f"at {_written(f.inputs, outcome.point)}", outcome.text(with_diagnoses=i == 0 and not is_theirs)]
    if len(failed) > SHOWN:
        lines += ["", f"... {len(failed) - SHOWN} more such points, none of them worse"]
    if counts[WRONG] and f.gave_a_number and settings.df is None:
        lines += ["", "The test returned a plain number, which has no gradient: compute with the functions of autograd "
                      "in place of those of math, or give the derivative, df=..."]  # fmt: skip
    if isinstance(settings.points, int):
        lines += ["", f"To check the worst point alone: points=[{failed[0].point!r}]"]
    if counts[WRONG] and is_theirs:
        lines += [line for text in _diagnoses(f.value_class) for line in ("", text)]
    return "\n".join(lines)


@cache
def _diagnoses(value_class: type) -> tuple[str, ...]:
    """What is probably wrong with somebody's own engine."""
    from .diagnosis import diagnose

    return tuple([diagnosis.text() for diagnosis in diagnose(value_class)])


def _written(inputs: Sequence[str], point: Point) -> str:
    return ", ".join(f"{name} = {x!r}" for name, x in zip(inputs, point, strict=True))
