"""Compiled: a function of parameters and one sample becomes a function of parameters and a batch.

This file owns what users call; it must not know how programs are found or executed.
Read next: `paths.py`, which finds the program for each sample, then `bound.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine import Value
from .bound import Bound
from .leaves import add_gradients, exhaust
from .outside import LIMIT as LARGE
from .paths import Options, Plans
from .plan import Plan
from .tracing import flatten_parameters

__all__ = ["Compiled", "compile"]


class Compiled:
    """What `compile` returns."""

    LIMIT = 8

    def __init__(self, f: Callable[..., Any], options: Options) -> None:
        self.f, self.options = f, options
        self._known: dict[tuple[Value, ...], tuple[Plans, Bound]] = {}
        self._last: tuple[Plans, Bound] | None = None
        update_wrapper(self, f)

    def __call__(self, params: Any, X: Any = None, Y: Any = None) -> Any:
        """The loss of a batch, whose gradient is added to `.grad` of the parameters; or the results of a prediction."""
        bound = self._bound(params)
        if not bound.is_loss(X, Y):
            return self.predict(params, X, Y)
        loss = bound(X, Y)
        exhaust(add_gradients(bound.values, bound.gradients))
        return loss

    def bind(self, params: Any) -> Bound:
        """The function with these parameters in flat arrays, for the steps of a training."""
        return Bound(self._of(params)[0])

    def value_and_grad(self, params: Any, X: Any = None, Y: Any = None) -> tuple[float, Any]:
        """The loss of a batch, and its gradient in the structure of the parameters; no `.grad` is changed."""
        bound = self._bound(params)
        loss = bound(X, Y)
        return loss, _mirrored(params, dict(zip(bound.values, bound.gradients.tolist(), strict=True)))

    def grad(self, params: Any, X: Any = None, Y: Any = None) -> Any:
        """The gradient of the loss of a batch, in the structure of the parameters."""
        return self.value_and_grad(params, X, Y)[1]

    def predict(self, params: Any, X: Any = None, Y: Any = None) -> NDArray[Any]:
        """What the function returns for each sample: an array (samples,); of several results (samples, results)."""
        bound = self._bound(params)
        bound.evaluate(X, Y)
        return bound.losses if bound.is_loss(X, Y) else bound.outputs

    def per_sample(self, params: Any, X: Any = None, Y: Any = None) -> tuple[NDArray[Any], NDArray[Any]]:
        """For each sample its loss, and the gradient of it: arrays (samples,) and (samples, parameters)."""
        rows, gradients = self._bound(params).each(X, Y, 1)
        return rows[0], gradients[0]

    def jacobian(self, params: Any, X: Any = None, Y: Any = None) -> NDArray[Any]:
        """The derivatives of every result by every parameter: an array (samples, results, parameters)."""
        return self._bound(params).each(X, Y)[1].swapaxes(0, 1)

    @property
    def plan(self) -> Plan:
        """What was compiled so far, to print."""
        return Plan([plans for plans, _ in self._known.values()])

    def _bound(self, params: Any) -> Bound:
        """The arrays of the plain calls for these parameters, with the numbers that the Values hold now."""
        bound = self._of(params)[1]
        bound.read()
        return bound

    def _of(self, params: Any) -> tuple[Plans, Bound]:
        """What is known of the function with these parameters, as these are now."""
        last = self._last
        if last is not None and last[0].params is params and last[0].is_as_it_was() and len(last[0].values) < LARGE:
            return last  # so are the Values in the parameters: they need not be looked for
        values = tuple(flatten_parameters(params))
        if values not in self._known:
            while len(self._known) >= self.LIMIT:
                del self._known[next(iter(self._known))]
            plans = Plans(self.f, params, list(values), self.options)
            self._known[values] = plans, Bound(plans)
        self._last = found = self._known[values]
        found[0].renew(params)
        return found


def _mirrored(params: Any, numbers: Mapping[Value, float]) -> Any:
    """The structure of the parameters with a number for each Value; of a module a dict by name, or a list."""
    if isinstance(params, Value):
        return numbers[params]
    if isinstance(params, Mapping):
        return {key: _mirrored(x, numbers) for key, x in params.items()}
    if isinstance(params, (list, tuple)):
        parts = [_mirrored(x, numbers) for x in params]
        return parts if isinstance(params, list) else tuple(parts)
    if isinstance(params, np.ndarray):
        flat = [_mirrored(x, numbers) for x in params.ravel().tolist()]
        return np.array(flat, np.float64).reshape(params.shape)
    if hasattr(params, "named_parameters"):
        return {name: numbers[p] for name, p in dict(params.named_parameters()).items()}
    return [numbers[p] for p in params.parameters()] if hasattr(params, "parameters") else params


def compile(
    f: Callable[..., Any] | None = None, /, *, reduce: str = "mean", executor: str = "auto", dtype: str = "float64",
    paths: int = 16, has_aux: bool = False,
) -> Any:  # fmt: skip
    """DOC"""
    for name, given, possible in (
        ("reduce", reduce, ("mean", "sum")),
        ("executor", executor, ("auto", "numpy", "numba")),
        ("dtype", dtype, ("float64", "float32")),
    ):
        if given not in possible:
            raise ValueError(f"{name} is one of {', '.join(map(repr, possible))}, not {given!r}")
    if isinstance(paths, bool) or not isinstance(paths, int) or paths < 1:
        raise ValueError(f"paths is a whole number of at least 1, not {paths!r}")
    options = Options(reduce, executor, dtype, paths, has_aux)
    if f is None:
        return lambda f: compile(f, **options._asdict())
    if not callable(f):
        raise TypeError(f"compile takes a function of parameters and one sample, not {type(f).__name__}")
    return Compiled(f, options)
