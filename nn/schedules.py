"""The schedules: by which factor the learning rate is changed while training goes on.

It owns these factors as functions of time; it must not know optimizers, networks or data.
Read next: `training/loop.py`, which sets the factor of the optimizer before every step.

A schedule is called with the time in epochs, 0.0 at the start and 0.5 in the middle of the first epoch, and gives the
factor. Any function of that kind is one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .lookup import look_up

__all__ = [
    "SCHEDULES", "ReduceOnPlateau", "Schedule", "constant_rate", "cosine", "exponential", "inverse_time", "one_cycle",
    "resolve", "step_decay", "warm_up",
]  # fmt: skip

Schedule: TypeAlias = Callable[[float], float]


def constant_rate() -> Schedule:
    """`1`: the learning rate as it is.

    Example:
        >>> constant_rate()(7.5)
        1.0
    """
    return lambda epoch: 1.0


def step_decay(every: float, factor: float = 0.1) -> Schedule:
    """`factor^⌊t / every⌋`: the rate falls at once, every so many epochs.

    Args:
        every: The number of epochs between two falls, larger than 0.
        factor: What the rate is multiplied by, larger than 0.

    Raises:
        ValueError: If a number is not in its range.

    Example:
        >>> schedule = step_decay(10, factor=0.5)
        >>> schedule(0.0), schedule(9.9), schedule(10.0), schedule(25.0)
        (1.0, 1.0, 0.5, 0.25)
    """
    every, factor = _positive("every", every), _positive("factor", factor)
    return lambda epoch: factor ** math.floor(epoch / every)


def exponential(rate: float) -> Schedule:
    """`rate^t`: the rate is multiplied by the same number in every epoch, a little in each minibatch.

    Args:
        rate: What the rate is multiplied by in an epoch, larger than 0.

    Raises:
        ValueError: If the rate is not a finite number larger than 0.

    Example:
        >>> schedule = exponential(0.25)
        >>> schedule(0.0), schedule(0.5), schedule(2.0)
        (1.0, 0.5, 0.0625)
    """
    rate = _positive("rate", rate)
    return lambda epoch: rate**epoch


def inverse_time(rate: float) -> Schedule:
    """`1 / (1 + rate t)`: the decay for which gradient descent on noisy gradients provably converges.

    Args:
        rate: How fast the rate falls, at least 0: after 1 / rate epochs it is the half.

    Raises:
        ValueError: If the rate is not a finite number of at least 0.

    Example:
        >>> schedule = inverse_time(0.5)
        >>> schedule(0.0), schedule(2.0), schedule(6.0)
        (1.0, 0.5, 0.25)

    References:
        H. Robbins, S. Monro, A stochastic approximation method, 1951.
    """
    rate = _number("rate", rate, "a finite number of at least 0", lambda x: x >= 0)
    return lambda epoch: 1 / (1 + rate * epoch)


def cosine(epochs: float, minimum: float = 0.0) -> Schedule:
    """`m + (1 - m) (1 + cos(π t / T)) / 2`: half a wave from 1 down to the minimum, where it stays.

    Args:
        epochs: The time T of the minimum, larger than 0.
        minimum: The last factor m, in [0, 1].

    Raises:
        ValueError: If a number is not in its range.

    Example:
        >>> schedule = cosine(10, minimum=0.5)
        >>> schedule(0.0), schedule(5.0), schedule(10.0), schedule(11.0)
        (1.0, 0.75, 0.5, 0.5)

    References:
        I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.
    """
    epochs, minimum = _positive("epochs", epochs), _part("minimum", minimum)
    return lambda epoch: _half_wave(1.0, minimum, epoch / epochs)


def warm_up(epochs: float, then: Schedule | None = None, start: float = 0.0) -> Schedule:
    """`s + (1 - s) t / T` until T, and from there another schedule, whose time begins there.

    Args:
        epochs: How long T the rate grows, larger than 0.
        then: The schedule after it; None for a constant rate.
        start: The first factor s, in [0, 1].

    Raises:
        ValueError: If a number is not in its range.
        TypeError: If `then` is not a schedule.

    Example:
        >>> schedule = warm_up(2, then=step_decay(3))
        >>> schedule(0.0), schedule(0.5), schedule(2.0), schedule(5.0)
        (0.0, 0.25, 1.0, 0.1)

    References:
        P. Goyal et al., Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017.
    """
    epochs, start, after = _positive("epochs", epochs), _part("start", start), constant_rate() if then is None else then
    if not callable(after):
        raise TypeError(f"then must be a schedule, as cosine(10), got {then!r}")
    return lambda epoch: start + (1 - start) * epoch / epochs if epoch < epochs else after(epoch - epochs)


def one_cycle(epochs: float, peak: float = 0.3, start: float = 0.04, end: float = 4e-6) -> Schedule:
    """Half a wave up from `start` to 1, at the part `peak` of the time, and half a wave down to `end`.

    The learning rate of the optimizer is that of the peak: it may be larger than one that is used throughout.

    Args:
        epochs: How long the cycle lasts, larger than 0; after it the factor stays at `end`.
        peak: Which part of it the way up takes, in (0, 1).
        start: The first factor, in [0, 1].
        end: The last factor, in [0, 1].

    Raises:
        ValueError: If a number is not in its range.

    Example:
        >>> schedule = one_cycle(10, peak=0.5, start=0.0, end=0.0)
        >>> [round(schedule(t), 4) for t in (0.0, 2.5, 5.0, 7.5, 10.0)]
        [0.0, 0.5, 1.0, 0.5, 0.0]

    References:
        L. N. Smith, N. Topin, Super-convergence: very fast training of neural networks using large learning rates,
        2018.
    """
    epochs, start, end = _positive("epochs", epochs), _part("start", start), _part("end", end)
    top = epochs * _number("peak", peak, "a number larger than 0 and less than 1", lambda x: 0 < x < 1)

    def schedule(epoch: float) -> float:
        if epoch < top:
            return _half_wave(start, 1.0, epoch / top)
        return _half_wave(1.0, end, (epoch - top) / (epochs - top))

    return schedule


class ReduceOnPlateau:
    """A factor that falls when the loss has not fallen for a while.

    `observe` is called with the loss at the end of each epoch: that of the validation data, if there are any.

    Args:
        factor: What the factor is multiplied by, in (0, 1).
        patience: How many epochs without a lower loss are waited for: with one more, the factor falls.
        threshold: A loss counts as lower if it is so by more than this part of the lowest, in [0, 1).
        cooldown: How many epochs after a fall are not counted.
        minimum: The factor does not fall below it, in [0, 1].

    Attributes:
        lowest: The lowest loss so far; inf at the start.
        waited: How many epochs were without a lower one.

    Raises:
        ValueError: If a number is not in its range.

    Example:
        >>> schedule = ReduceOnPlateau(factor=0.5, patience=1)
        >>> for epoch, loss in enumerate([1.0, 0.5, 0.5, 0.5, 0.5]):
        ...     schedule.observe(loss)
        ...     print(schedule(epoch + 1.0))
        1.0
        1.0
        1.0
        0.5
        0.5
    """

    def __init__(
        self, factor: float = 0.1, patience: int = 10, threshold: float = 1e-4, cooldown: int = 0, minimum: float = 0.0
    ) -> None:
        self.factor = _number("factor", factor, "a number larger than 0 and less than 1", lambda x: 0 < x < 1)
        self.patience, self.cooldown = _count("patience", patience), _count("cooldown", cooldown)
        self.threshold = _number("threshold", threshold, "a number of at least 0 and less than 1", lambda x: 0 <= x < 1)
        self.minimum = _part("minimum", minimum)
        self.reset()

    def reset(self) -> None:
        """Begin anew, as `fit` does: the factor is 1, and no loss has been seen."""
        self.lowest, self.waited = math.inf, 0
        self._rest, self._now = 0, 1.0

    def __call__(self, epoch: float) -> float:
        """The factor of now, whatever the time is."""
        return self._now

    def observe(self, loss: float) -> None:
        """Look at the loss of an epoch that has ended; nan counts as no lower one."""
        margin = self.threshold * abs(self.lowest) if math.isfinite(self.lowest) else 0.0
        if loss < self.lowest - margin:
            self.lowest, self.waited = float(loss), 0
        else:
            self.waited += 1
        if self._rest:
            self._rest, self.waited = self._rest - 1, 0
        if self.waited > self.patience:
            self._now = max(self._now * self.factor, self.minimum)
            self._rest, self.waited = self.cooldown, 0


SCHEDULES: Mapping[str, Callable[..., Schedule]] = {
    "constant": constant_rate,
    "step_decay": step_decay,
    "exponential": exponential,
    "inverse_time": inverse_time,
    "cosine": cosine,
    "warm_up": warm_up,
    "one_cycle": one_cycle,
    "reduce_on_plateau": ReduceOnPlateau,
}
"""What makes the schedules, by name."""


def resolve(schedule: str | Schedule | None, epochs: float) -> Schedule:
    """A schedule as it is; a name as one with the default settings, for training of that many epochs.

    Args:
        schedule: A function of the time in epochs; `"constant"`, `"cosine"`, `"one_cycle"` or `"reduce_on_plateau"`; or
            None for a constant rate. The others have no default settings.
        epochs: How long training lasts.

    Raises:
        ValueError: If there is no such name, or it has no default settings.
        TypeError: If it is something else.

    Example:
        >>> resolve("cosine", epochs=4)(2.0)
        0.5
    """
    if schedule is None:
        return constant_rate()
    if callable(schedule):
        return schedule
    if not isinstance(schedule, str):
        raise TypeError(f'schedule must be a name, as "cosine", or a function of the epoch; got {schedule!r}')
    make = look_up("schedule", schedule, SCHEDULES)
    if make in (constant_rate, ReduceOnPlateau):
        return make()
    if make in (cosine, one_cycle):
        return make(epochs)
    raise ValueError(f"the schedule {schedule!r} needs its settings: give {_EXAMPLES[schedule]}, from nn.schedules")


_EXAMPLES = {"step_decay": "step_decay(every=10)", "exponential": "exponential(rate=0.95)",
             "inverse_time": "inverse_time(rate=0.1)", "warm_up": "warm_up(epochs=5)"}  # fmt: skip


def _half_wave(first: float, last: float, part: float) -> float:
    """From the first number to the last along a cosine, and there for good."""
    return last + (first - last) / 2 * (1 + math.cos(math.pi * min(part, 1.0)))


def _number(name: str, value: Any, meaning: str, is_in_range: Callable[[Any], bool]) -> float:
    try:
        usable = not isinstance(value, bool) and math.isfinite(value) and is_in_range(value)
    except TypeError:
        usable = False
    if not usable:
        raise ValueError(f"{name} must be {meaning}, got {value!r}")
    return float(value)


def _positive(name: str, value: Any) -> float:
    return _number(name, value, "a finite number larger than 0", lambda x: x > 0)


def _part(name: str, value: Any) -> float:
    return _number(name, value, "a number from 0 to 1", lambda x: 0 <= x <= 1)


def _count(name: str, value: Any) -> int:
    return int(_number(name, value, "a whole number of at least 0", lambda x: x >= 0 and x == int(x)))
