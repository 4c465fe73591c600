"""Bound: a compiled function with its parameters, gradients and the state of optimizers as flat arrays.

This file owns what lies between the calls of a training: the arrays, the optimizer's step on them, and the way back to
the Values; it must not know how programs are found. Read next: `state.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from math import isfinite
from typing import Any, TypeVar

import numpy as np
from numpy import vdot  # which says nothing of squares that overflow
from numpy.typing import NDArray

from ...errors import NotFiniteWarning, ShapeError, TraceError
from ..trace.leaves import data_of, exhaust, write_data, write_gradients
from .batches import Batch, batches
from .checking import warn
from .path import NOTHING, seeds_of
from .plans import Plans
from .state import State
from .straight import kind_of

__all__ = ["Bound"]

T = TypeVar("T")

ALL = slice(None)
GOLDEN = 0.618034  # whose multiples are spread evenly, that of each power of two elsewhere
SINGLE = 8  # from this call on one sample is run eagerly
FEW = 8  # samples are run eagerly in each call to tell what is not finite, once something was told


class Bound:
    """A compiled function whose parameters are kept in flat arrays: see `compile`.

    Args:
        plans: The plans of the function with these parameters.

    Attributes:
        values: The Values in the parameters, n of them, in the order of the arrays.
        parameters: What they hold, an array (n,) that may be written to.
        gradients: Those of the last call that computed them, an array (n,) which the next one overwrites.
    """

    def __init__(self, plans: Plans) -> None:
        self._plans, self.values = plans, plans.values
        self.parameters: NDArray[np.float64] = data_of(plans.values)
        self.gradients: NDArray[np.float64] = np.zeros(len(plans.values))
        self._rows, self._is_loss = np.empty((0, 0)), False
        self._calls = 0
        self._told: set[str] = set()  # what has made something not finite
        self._states: dict[int, State] = {}  # by the identity of the optimizer, which the state holds

    def __reduce__(self) -> Any:
        raise TypeError("what is bound goes with its Values and is not copied: sync(), copy these, and bind the copy")

    @property
    def losses(self) -> NDArray[Any]:
        """For each sample of the last call its loss, (samples,); none, (0,), if the function returns lists."""
        return self._rows[0] if self._is_loss else NOTHING

    @property
    def outputs(self) -> NDArray[Any]:
        """For each sample of the last call what was returned after the loss, or all if that is not one Value.

        An array (samples, results); (0,) if there is nothing.
        """
        rows = self._rows[1:] if self._is_loss else self._rows
        return rows.T if len(rows) else NOTHING

    def __call__(self, X: Any = None, Y: Any = None, weights: Any = None) -> float:
        """The loss of a batch; its gradient is in `gradients` then, its results in `losses` and `outputs`.

        Args:
            X: The samples, as for `step(params, X, Y)`.
            Y: What belongs to them.
            weights: For each sample a factor of its loss; the mean is by the number of samples still.

        Raises:
            TypeError: If there is no Value in params, if f returns a list or an array, or if a weight is no number; and
                as `step(params, X, Y)`.
            ValueError: If a weight is inf or nan.
            ShapeError: If there are not as many weights as samples; and as `step(params, X, Y)`.
            TraceError, DomainError, OverflowError, AutogradError: As `step(params, X, Y)`, see `compile`; the arrays
                are as before then.

        Warns:
            NotFiniteWarning, PathsWarning: As `step(params, X, Y)`, see `compile`.

        Example:
            >>> import autograd
            >>> w = [autograd.Value(3.0)]
            >>> bound = autograd.compile(lambda w, x: w[0] * x).bind(w)
            >>> bound([1.0, 2.0]), bound.gradients.tolist(), w[0].grad
            (4.5, [1.5], 0.0)
            >>> bound([1.0, 2.0], weights=[1.0, 0.0]), bound.losses.tolist()
            (1.5, [3.0, 6.0])
        """
        return self._run(X, Y, weights, True)

    def evaluate(self, X: Any = None, Y: Any = None, weights: Any = None) -> float:
        """The loss of a batch, 0 if f returns a list or an array; the results are in `losses` and `outputs` then.

        `gradients` stay as they are, and there need be no Values in params.

        Raises:
            As a call of this, but for the TypeErrors about Values and lists.

        Example:
            >>> import autograd
            >>> bound = autograd.compile(lambda w, x: [w[0] * x, x]).bind([autograd.Value(3.0)])
            >>> bound.evaluate([1.0, 2.0]), bound.outputs.tolist()
            (0.0, [[3.0, 1.0], [6.0, 2.0]])
        """
        return self._run(X, Y, weights, False)

    def loss_or_results(self, X: Any, Y: Any) -> float | NDArray[Any]:
        """What a plain call asks for: the loss, with its gradient in `gradients`; or the results, if there is none."""
        with self._plans.lock:
            loss = self._run(X, Y, None, None)
            return loss if self._is_loss else self.outputs

    def each(self, X: Any, Y: Any, rows: int | None = None) -> tuple[NDArray[Any], NDArray[Any]]:
        """For each sample all results, or that many of a loss, and their gradients: (results, samples, parameters)."""
        with self._plans.lock:
            self._calls += 1
            return self._trusting(self._each, X, Y, rows, not self._calls & (self._calls - 1))

    def _each(self, X: Any, Y: Any, rows: int | None, is_checked: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        _check_params(self._plans.keeper)
        parts = batches(X, Y)
        size = sum(map(len, parts))
        found = gradients = NOTHING
        for batch in parts:
            paths = self._plans.of(batch)
            n = n_results = paths.prepare(batch, self.parameters)
            if rows is not None:
                _check_loss(paths.is_loss, n_results)
                n = rows
            if not found.size:
                found, gradients = np.empty((n, size)), np.empty((n, size, len(self.parameters)))
            index = ALL if batch.index is None else batch.index
            for row in range(n):
                some, gradients[row, index] = paths.each(batch, self.parameters, row)
                found[:, index] = some[:n]
            if is_checked:
                k, row = self._calls % len(batch), self._calls.bit_length() % n
                given = self.parameters, batch.sample(k), batch.place(k), self._plans.options.dtype
                paths.eager.check(*given, some[:, k], gradients[row, index][k], row)
        self._look(parts, found)
        return found, gradients

    def _run(self, X: Any, Y: Any, weights: Any, differentiate: bool | None) -> float:
        """The loss of a batch, with its gradient; None: if the function returns a loss."""
        plans = self._plans
        with plans.lock:
            self._calls = n = self._calls + 1
            is_checked = not n & (n - 1)
            if is_checked or plans.is_due():
                plans.renew()
            way = plans.straight.get(kind_of(X, Y)) if weights is None and not is_checked else None
            if way is not None:
                if differentiate is None:
                    differentiate = way.paths.is_asked_for_loss(Y)
                loss = way.run(self.parameters, X, Y, differentiate)
                if loss is not None:
                    if differentiate:
                        self.gradients[...] = way.gradients
                    self._rows, self._is_loss = way.rows.copy(), way.is_loss
                    return loss
            return self._trusting(self._computed, X, Y, weights, differentiate, is_checked)

    def _computed(self, X: Any, Y: Any, weights: Any, differentiate: bool | None, is_checked: bool) -> float:
        """The loss of a batch, part by part, each by its paths."""
        plans, parameters = self._plans, self.parameters
        parts = batches(X, Y)
        size = sum(map(len, parts))
        scales = np.full(size, 1.0 / size if plans.options.reduce == "mean" else 1.0)
        if weights is not None:
            scales *= _factors(weights, size)
        rows: NDArray[Any] = NOTHING
        gradient: NDArray[Any] = NOTHING
        for batch in parts:
            paths = plans.of(batch)
            n_results = paths.prepare(batch, parameters)
            if differentiate is None:
                differentiate = paths.is_asked_for_loss(Y)
            if differentiate:
                _check_params(plans.keeper)
                if not self.values:
                    raise TypeError(
                        "there is no Value in params, so there is no gradient: give the Values themselves, in lists or "
                        "dicts, or a model that has parameters(); for the loss alone call predict or evaluate"
                    )
                _check_loss(paths.is_loss, n_results)
            index = ALL if batch.index is None else batch.index
            found, some = paths.run(batch, parameters, seeds_of(n_results, scales[index]) if differentiate else None)
            if not rows.size:
                rows, gradient = np.empty((n_results, size), found.dtype), np.zeros(len(some))
            if len(rows) != n_results:
                raise ShapeError(f"f returns {len(rows)} numbers for one sample and {n_results} for another")
            rows[:, index] = found
            gradient += some
        loss = float(rows[0].dot(scales)) if paths.is_loss else 0.0
        if is_checked:
            self._check(parts, rows, size)
        if not isfinite(loss + vdot(gradient, gradient)):
            self._tell(parts, rows, loss, gradient)
        elif not paths.is_loss:
            self._look(parts, rows)
        if weights is None and (kind := kind_of(X, Y)) is not None:
            plans.go_straight(kind, paths, batch, float(scales[0]))
        if gradient.size:
            self.gradients[...] = gradient
        self._rows, self._is_loss = rows, paths.is_loss
        return loss

    def _check(self, parts: list[Batch], rows: NDArray[Any], size: int) -> None:
        """TraceError if two samples, later one, come out otherwise when they are run eagerly."""
        first = int(self._calls * GOLDEN % 1.0 * size)
        for i in {first, (first + size // 2) % size} if self._calls < SINGLE else {first}:
            for batch in parts:
                at = np.flatnonzero(np.arange(size) == i if batch.index is None else batch.index == i)
                if at.size:
                    self._plans.of(batch).check(batch.take(at), rows[:, i], self.parameters)

    def _look(self, parts: list[Batch], rows: NDArray[Any]) -> None:
        """TraceError if one of a few samples whose results are not finite has finite ones when it is run eagerly."""
        for batch in parts:
            mine = rows if batch.index is None else rows[:, batch.index]
            for i in np.flatnonzero(~np.isfinite(mine).all(axis=0))[:FEW]:
                self._plans.of(batch).explain(batch.take(np.array([i])), mine[:, i], self.parameters)

    def _trusting(self, compute: Callable[..., T], *given: Any) -> T:
        """What is computed; anew if that is refused and something has changed outside of the function meanwhile."""
        try:
            return compute(*given)
        except TraceError:
            outside = self._plans.outside
            is_as_it_was = all(self._plans.is_as_it_was() for _ in range(outside.parts))
            self._plans.forget()
            self._calls = 0  # so that the next call is checked
            if is_as_it_was:
                raise
        return compute(*given)

    def _tell(self, parts: list[Batch], rows: NDArray[Any], loss: float, gradient: NDArray[Any]) -> None:
        """A warning that names what made the loss or its gradient something that is not finite, if it is new."""
        if isfinite(loss) and np.isfinite(gradient).all():
            return  # only the square of a gradient is too large
        if self._told and not np.isfinite(self.parameters).all():
            return  # what has come of that
        samples = [(batch, i) for batch in parts for i in range(len(batch))
                   if isfinite(loss) or not isfinite(rows[0, batch.place(i)])]  # fmt: skip
        if self._told and samples:  # a few, others in each call
            first = self._calls * FEW % len(samples)
            samples = [*samples[first:], *samples[:first]][:FEW]
        for batch, i in samples:
            place = batch.place(i)
            cause = self._plans.of(batch).explain(batch.take(np.array([i])), rows[:, place], self.parameters)
            if cause is not None and cause not in self._told:
                self._told.add(cause)
                what = f"the loss is {loss}" if not isfinite(loss) else "a gradient is not finite"
                warn(NotFiniteWarning(f"{what}: in sample {place} of the batch {cause}"))
                return

    def update(self, optimizer: Any) -> None:
        """One step of an optimizer, by its own rule on whole arrays: as `optimizer.step()` does on Values.

        `parameters` change, and `gradients` where they are clipped; the Values and `optimizer.state` do at `sync()`.

        Args:
            optimizer: One of `nn.optimizers`, or what has `groups`, `slots`, `update`, `settings_of`, `steps`,
                `state`, `clip_norm` and `clip_value` as these have. Its parameters are among those that are bound.
                An `update` of one's own is a function of its arguments alone, the same for floats and for arrays,
                element by element: it draws no random numbers, and keeps or counts nothing in `self`. It is read
                once, and called no more if it is arithmetic; there is no call for each parameter.

        Raises:
            ValueError: If it changes a Value that is not bound.
            TypeError: If it is none; if its rule needs the loss anew, as that of L-BFGS; if it gives something else
                when it is read again; what it raises itself, with a note, if it is not for arrays.
            DomainError: If gradients are to be clipped and one is inf or nan; nothing is changed then.

        Example:
            >>> import autograd
            >>> from nn.optimizers import SGD
            >>> w = [autograd.Value(3.0)]
            >>> bound, optimizer = autograd.compile(lambda w, x: w[0] * x).bind(w), SGD(w, learning_rate=0.5)
            >>> _ = bound([1.0, 2.0])
            >>> bound.update(optimizer)
            >>> bound.parameters.tolist(), w[0].data
            ([2.25], 3.0)
            >>> bound.sync()
            >>> w[0].data, w[0].grad
            (2.25, 1.5)
        """
        state = self._states.get(id(optimizer))
        if state is None or not state.is_of(optimizer):
            state = self._states[id(optimizer)] = State(optimizer, self.values)
        state.step(self.parameters, self.gradients)

    def sync(self) -> None:
        """Give the Values what the arrays hold: data, gradients, and the optimizer its state. See `update`."""
        data, gradients = write_data(self.values, self.parameters), write_gradients(self.values, self.gradients)
        exhaust(chain(data, gradients, *[state.written() for state in self._states.values()]))

    def read(self) -> None:
        """Take the numbers that the Values hold, where they were changed since: the opposite of `sync`.

        So is an optimizer's state whose list was changed in place, as `optimizer.state[0] = (0.0, 0.0)`; what is put
        in its place, as `optimizer.state = [...]` and `load_state_dict` do, is seen by `update`.
        What f reads outside of its arguments is looked at too: where it has changed, the next call compiles anew.

        Example:
            >>> import autograd
            >>> w = [autograd.Value(3.0)]
            >>> bound = autograd.compile(lambda w, x: w[0] * x).bind(w)
            >>> w[0].data = 5.0
            >>> bound.read()
            >>> bound([1.0, 2.0])
            7.5
        """
        with self._plans.lock:
            self._plans.renew()
            self._states = {key: state for key, state in self._states.items() if state.is_as_written()}
            self.parameters[...] = data_of(self.values)


def _factors(weights: Any, size: int) -> NDArray[Any]:
    """The weights of that many samples as an array."""
    try:
        factors = np.asarray(weights, np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"weights are numbers, one a sample, not {weights!r:.60}") from None
    if factors.shape != (size,):
        raise ShapeError(f"there are {size} samples and weights of shape {factors.shape}: give one a sample")
    if not (is_finite := np.isfinite(factors)).all():
        i = int(np.argmin(is_finite))
        raise ValueError(f"the weight of sample {i} is {factors[i]}: weights are finite numbers")
    return factors


def _check_params(keeper: str | None) -> None:
    """TypeError if something in the parameters holds Values that nothing tells."""
    if keeper is not None:
        raise TypeError(
            f"there is a {keeper} in params that has Values and no method parameters(), so that their gradient would "
            "be lost: write one that returns them, or give the Values themselves"
        )


def _check_loss(is_loss: bool, n_results: int) -> None:
    """TypeError if the function returns no loss."""
    if is_loss:
        return
    if n_results > 1:
        raise TypeError("f returns several numbers, of which there is no gradient: ask for predict or jacobian")
    raise TypeError(
        "f returns a list or an array of one number, of which there is no gradient: ask for predict or jacobian. For a "
        "loss return the number itself; is Y of shape (B, 1)? Give Y.ravel()"
    )
