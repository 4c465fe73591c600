"""L-BFGS: steps by the curvature of the loss, which it learns from the gradients of its last steps.

It owns the direction and its memory; it must not know networks, losses or data.
Read next: `line_search.py`, which says how far to go.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import mul
from typing import Any, TypeAlias

from autograd import DomainError, Value

from .line_search import Point, strong_wolfe
from .optimizer import Optimizer, Parameters

__all__ = ["LBFGS"]

Vector: TypeAlias = list[float]
Closure: TypeAlias = Callable[[], Any]


class LBFGS(Optimizer):
    """`w ← w - t H ∂L/∂w`: H is what the last steps tell about the inverse of the matrix of second derivatives.

    The step t is found by a line search, which makes the loss fall at every step. For the loss of all samples,
    smooth and without chance in it: then a minimum is found to all digits, in tens of evaluations.

    Args:
        parameters: The Values to change.
        learning_rate: The step t that is tried first, larger than 0; with 1, nearly always the right one, after the
            first iteration. At 0 nothing moves.
        history: How many of the last steps H is made of, at least 1.
        iterations: How many line searches one call of `step` makes, at least 1.
        tolerance: If no gradient is larger, the minimum is reached and nothing moves.

    Attributes:
        converged: Whether the last step found no gradient larger than the tolerance.

    Raises:
        TypeError, ValueError: As `Optimizer`; ValueError also for more than one group.

    Example:
        >>> from autograd import Value
        >>> x, y = Value(-1.2), Value(1.0)
        >>> def loss():
        ...     z = (1 - x) ** 2 + 100 * (y - x * x) ** 2
        ...     z.backward()
        ...     return z.data
        >>> optimizer = LBFGS([x, y])
        >>> while not optimizer.converged:
        ...     value = optimizer.step(loss)
        >>> round(x.data, 9), round(y.data, 9)
        (1.0, 1.0)

    References:
        J. Nocedal, Updating quasi-Newton matrices with limited storage, 1980.
        J. Nocedal, S. J. Wright, Numerical optimization, 2nd edition, 2006, algorithms 7.4 and 7.5.
    """

    needs_closure = True

    def __init__(
        self, parameters: Parameters, learning_rate: float = 1.0, history: int = 100, iterations: int = 1,
        tolerance: float = 1e-10,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, history=history, iterations=iterations, tolerance=tolerance)
        if len(self.groups) > 1:
            raise ValueError(f"L-BFGS changes all parameters together: give one list of them, not {len(self.groups)}")
        self.converged = False
        self._pairs: list[tuple[Vector, Vector]] = []  # the last moves, and what they changed in the gradient
        self._last: tuple[Closure, Vector, Point] | None = None

    def step(self, closure: Closure) -> float:  # type: ignore[override]  # it has to evaluate the loss
        """Go to a point with a smaller loss.

        Args:
            closure: Computes the loss at the parameters as they are, calls `backward()` on it and returns it. Gradients
                are set to 0 before. Where the loss is not defined or not finite, the line search takes a smaller
                step. One function is taken to be one loss, and not called again where the step before has ended:
                for another loss, as that of other samples, give another function.

        Returns:
            The loss at the parameters after the step; their gradients are those there. If the line search fails, as
            it does when rounding hides that the loss falls, they are at the lowest point that it saw.

        Raises:
            DomainError: If the loss or a gradient is not finite where the step begins.
        """
        self.steps += 1
        data = [p.data for p in self.parameters]
        here = self._begin(closure, data)
        settings = self.settings
        for _ in range(int(settings["iterations"])):
            self.converged = max(map(abs, here.gradient)) <= settings["tolerance"]
            if self.converged or settings["learning_rate"] == 0:
                break
            data, here = self._iterate(closure, data, here)
        self.converged = max(map(abs, here.gradient)) <= settings["tolerance"]
        self._put(data)
        for p, slope in zip(self.parameters, here.gradient, strict=True):
            p.grad = slope
        self._last = (closure, data, here)
        return here.loss

    def state_dict(self) -> dict[str, Any]:
        """As that of `Optimizer`, with the history: for each step the move and the change of the gradient."""
        return {**super().state_dict(), "history": [[list(move), list(change)] for move, change in self._pairs]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state_dict` was taken.

        Args:
            state: What `state_dict` of an LBFGS for as many parameters gave.

        Raises:
            ValueError: If it is something else; the optimizer is unchanged then.
        """
        self._check_state(state)
        pairs = _checked_history(state["history"], len(self.parameters))
        super().load_state_dict(state)
        self._pairs, self._last, self.converged = pairs, None, False

    def _begin(self, closure: Closure, data: Vector) -> Point:
        """The point where the step begins: that where the last one ended, if nothing has changed since."""
        if self._last is not None and self._last[0] is closure and self._last[1] == data:
            return self._last[2]
        loss, gradient = self._evaluate(closure, data)
        if not _is_finite(loss, gradient):
            raise DomainError(
                f"the loss is {loss} where L-BFGS begins, or a gradient is not finite: begin with other parameters"
            )
        return Point(0.0, loss, 0.0, gradient)

    def _iterate(self, closure: Closure, data: Vector, here: Point) -> tuple[Vector, Point]:
        """One line search from there; the history becomes that of the point that it finds."""
        direction = self._direction(here.gradient)
        slope = _dot(direction, here.gradient)
        if not slope < 0:  # rounding has spoilt the history
            self._pairs.clear()
            direction = [-g for g in here.gradient]
            slope = -_dot(here.gradient, here.gradient)
        first = self.settings["learning_rate"]
        if not self._pairs:  # H is 1: nothing is known about the size of the step
            first *= min(1.0, 1 / sum(map(abs, here.gradient)))

        def evaluate(step: float) -> Point:
            try:
                loss, gradient = self._evaluate(closure, _moved(data, direction, step))
            except (ArithmeticError, DomainError):
                return Point(step, math.inf, math.nan, [])
            if not _is_finite(loss, gradient):
                return Point(step, math.inf, math.nan, [])
            return Point(step, loss, _dot(direction, gradient), gradient)

        try:
            found, is_good = strong_wolfe(evaluate, Point(0.0, here.loss, slope, here.gradient), first)
        except BaseException:  # Ctrl-C, or an error of the closure's own
            self._put(data)
            raise
        there = _moved(data, direction, found.step)
        if not is_good:
            self._pairs.clear()
        elif found.step:
            self._remember(data, there, here.gradient, found.gradient)
        return there, found

    def _direction(self, gradient: Vector) -> Vector:
        """`-H g` by the two loops of algorithm 7.4."""
        q, factors = [-g for g in gradient], []
        for s, y in reversed(self._pairs):
            a = _dot(s, q) / _dot(s, y)
            q = [qi - a * yi for qi, yi in zip(q, y, strict=True)]
            factors.append(a)
        if self._pairs:
            s, y = self._pairs[-1]
            scale = _dot(s, y) / _dot(y, y)
            q = [scale * qi for qi in q]
        for (s, y), a in zip(self._pairs, reversed(factors), strict=True):
            b = a - _dot(y, q) / _dot(s, y)
            q = [qi + b * si for qi, si in zip(q, s, strict=True)]
        return q

    def _remember(self, before: Vector, after: Vector, gradient: Vector, new: Vector) -> None:
        """Keep the move and the change of the gradient, if the loss is curved upwards along it beyond rounding."""
        s = [b - a for a, b in zip(before, after, strict=True)]
        y = [b - a for a, b in zip(gradient, new, strict=True)]
        if _dot(s, y) > 2.2e-16 * _dot(y, y):
            self._pairs.append((s, y))
            del self._pairs[: -int(self.settings["history"])]

    def _evaluate(self, closure: Closure, data: Vector) -> tuple[float, Vector]:
        self._put(data)
        self.zero_grad()
        loss = closure()
        if not isinstance(loss, (Value, float, int)) and not hasattr(loss, "__float__"):
            raise TypeError(f"the closure of L-BFGS must return the loss, it returned {loss!r:.60}")
        return float(loss), [p.grad for p in self.parameters]

    def _put(self, data: Sequence[float]) -> None:
        for p, x in zip(self.parameters, data, strict=True):
            p.data = x


def _dot(a: Vector, b: Vector) -> float:
    return float(sum(map(mul, a, b)))


def _moved(data: Vector, direction: Vector, step: float) -> Vector:
    return [x + step * d for x, d in zip(data, direction, strict=True)]


def _is_finite(loss: float, gradient: Vector) -> bool:
    return math.isfinite(loss) and all(map(math.isfinite, gradient))


def _checked_history(history: Any, size: int) -> list[tuple[Vector, Vector]]:
    """The history as it was saved; ValueError if it is none for that many parameters."""
    try:
        pairs = [([float(x) for x in move], [float(x) for x in change]) for move, change in history]
        usable = all(len(vector) == size and all(map(math.isfinite, vector)) for pair in pairs for vector in pair)
    except (TypeError, ValueError):
        usable = False
    if not usable:
        raise ValueError(f"the history of L-BFGS is a list of pairs of {size} finite numbers, got {history!r:.60}")
    return pairs
