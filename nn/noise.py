"""Dropout and Gaussian noise: chance in a network while it is trained, and none of it afterwards.

It owns the two modules, which draw random numbers, and the two functions, which are given them; it must not know
which layers they stand between. Read next: `layers.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import Any, NoReturn, TypeAlias

from autograd import ShapeError, step

from .finite import finite
from .inputs import listed
from .module import Module
from .seeds import Seed, generator

__all__ = ["Draw", "Dropout", "GaussianNoise", "Noise", "dropout", "gaussian_noise", "noted", "replayed"]

Draw: TypeAlias = Callable[[], float]


def dropout(values: Sequence[Any], uniforms: Sequence[Any], p: float) -> list[Any]:
    """`yᵢ = 0 where uᵢ < p, else xᵢ / (1 - p)`: inverted dropout, whose expectation is x.

    The random numbers are inputs, and there is no branch, so that the same line is traced and compiled.

    Args:
        values: The inputs x: Values or numbers.
        uniforms: As many numbers u, drawn evenly from [0, 1).
        p: The probability that a value is dropped, in [0, 1).

    Returns:
        As many outputs; a Value for a Value. Its gradient is 1 / (1 - p) where it is kept, 0 where it is dropped.

    Raises:
        ShapeError: If there are not as many uniforms as values.
        ValueError: If p is not in [0, 1).
        TypeError: If p is no number.

    Example:
        >>> dropout([1.0, 2.0, 3.0], [0.1, 0.5, 0.9], p=0.5)
        [0.0, 4.0, 6.0]

    References:
        N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, Dropout: a simple way to prevent
        neural networks from overfitting, 2014.
    """
    p = _probability(p)
    _same_number("uniforms", uniforms, values)
    scale = 1.0 / (1.0 - p)
    return [x * ((1.0 - step(p - u)) * scale) for x, u in zip(values, uniforms, strict=True)]  # step(0) is 0: kept


def gaussian_noise(values: Sequence[Any], normals: Sequence[Any], deviation: float) -> list[Any]:
    """`yᵢ = xᵢ + σ nᵢ`: noise of the standard deviation σ, whose expectation is 0.

    Args:
        values: The inputs x: Values or numbers.
        normals: As many numbers n, drawn from N(0, 1).
        deviation: The standard deviation σ, a finite number of at least 0.

    Returns:
        As many outputs; a Value for a Value, with the gradient 1.

    Raises:
        ShapeError: If there are not as many normals as values.
        ValueError: If the deviation is negative or not finite.
        TypeError: If the deviation is no number.

    Example:
        >>> gaussian_noise([1.0, 2.0], [-1.0, 2.0], deviation=0.5)
        [0.5, 3.0]

    References:
        C. Bishop, Training with noise is equivalent to Tikhonov regularization, 1995.
    """
    deviation = finite("deviation", deviation, minimum=0)
    _same_number("normals", normals, values)
    return [x + deviation * n for x, n in zip(values, normals, strict=True)]


class Noise(Module):
    """What draws random numbers while it is trained: the base class of dropout and noise, and of your own.

    Example:
        >>> [round(noise([1.0])[0], 4) for noise in (GaussianNoise(0.1, seed=0), GaussianNoise(0.1, seed=0))]
        [1.0942, 1.0942]
    """

    def reseed(self, seed: Seed) -> None:
        """Draw from here on as a new one with that seed does: `fit` with a seed asks for it."""
        self._rng = None if seed is None else generator(seed)  # the module `random` could not be copied


class Dropout(Noise):
    """While training, each value is dropped with probability p and the others are scaled by 1 / (1 - p).

    In `eval()` mode it changes nothing.

    Args:
        p: The probability that a value is dropped, in [0, 1).
        seed: An int or a `random.Random` to draw with; None for the global module `random`.

    Attributes:
        p: The probability.

    Raises:
        ValueError: If p is not in [0, 1).
        TypeError: If p is no number, or the seed is none.

    Example:
        >>> layer = Dropout(0.5, seed=0)
        >>> layer([1.0, 1.0, 1.0, 1.0, 1.0])
        [2.0, 2.0, 0.0, 0.0, 2.0]
        >>> layer.eval()([1.0, 1.0, 1.0, 1.0, 1.0])
        [1.0, 1.0, 1.0, 1.0, 1.0]

    References:
        N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, Dropout: a simple way to prevent
        neural networks from overfitting, 2014.
    """

    def __init__(self, p: float, seed: Seed = None) -> None:
        self.p = _probability(p)
        self.reseed(seed)

    def __call__(self, x: Any) -> list[Any]:
        """As many outputs as inputs.

        Args:
            x: Values or numbers, a list or a row of a numpy array; one Value is a list of one.

        Raises:
            TypeError: If x is neither a sequence nor a Value, or is a sequence of samples.
        """
        values = listed(self, x)
        if not (self.training and self.p):
            return list(values)
        rng = generator(self._rng)
        return dropout(values, [rng.random() for _ in values], self.p)

    def config(self) -> dict[str, Any]:
        """What `Dropout(**config)` makes the same from."""
        return {"p": self.p}

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"


class GaussianNoise(Noise):
    """While training, noise from `N(0, σ²)` is added to each value; in `eval()` mode it changes nothing.

    Args:
        deviation: The standard deviation σ, a finite number of at least 0.
        seed: An int or a `random.Random` to draw with; None for the global module `random`.

    Attributes:
        deviation: The standard deviation.

    Raises:
        ValueError: If the deviation is negative or not finite.
        TypeError: If the deviation is no number, or the seed is none.

    Example:
        >>> layer = GaussianNoise(0.1, seed=0)
        >>> [round(y, 4) for y in layer([1.0, 2.0])]
        [1.0942, 1.8603]
        >>> layer.eval()([1.0, 2.0])
        [1.0, 2.0]

    References:
        C. Bishop, Training with noise is equivalent to Tikhonov regularization, 1995.
    """

    def __init__(self, deviation: float, seed: Seed = None) -> None:
        self.deviation = finite("deviation", deviation, minimum=0)
        self.reseed(seed)

    def __call__(self, x: Any) -> list[Any]:
        """As many outputs as inputs.

        Args:
            x: Values or numbers, a list or a row of a numpy array; one Value is a list of one.

        Raises:
            TypeError: If x is neither a sequence nor a Value, or is a sequence of samples.
        """
        values = listed(self, x)
        if not (self.training and self.deviation):
            return list(values)
        rng = generator(self._rng)
        return gaussian_noise(values, [rng.gauss(0.0, 1.0) for _ in values], self.deviation)

    def config(self) -> dict[str, Any]:
        """What `GaussianNoise(**config)` makes the same from."""
        return {"deviation": self.deviation}

    def __repr__(self) -> str:
        return f"GaussianNoise({self.deviation:g})"


# --- the random numbers as inputs ----------------------------------------------------------------------------


@contextmanager
def noted(modules: Sequence[Noise]) -> Iterator[list[Draw]]:
    """While the block runs, the modules draw as always, and what they draw is noted.

    Args:
        modules: The modules that draw.

    Yields:
        A list that fills: for each number that was drawn the function that draws the next such one.

    Example:
        >>> layers = [Dropout(0.5, seed=0), GaussianNoise(0.1, seed=1)]
        >>> with noted(layers) as draws:
        ...     outputs = [layer([1.0, 2.0]) for layer in layers]
        >>> [draw.func.__name__ if hasattr(draw, "func") else draw.__name__ for draw in draws]
        ['random', 'random', 'gauss', 'gauss']
    """
    draws: list[Draw] = []
    with _replaced(modules, lambda source: _Noting(source, draws)):
        yield draws


@contextmanager
def replayed(modules: Sequence[Noise], numbers: Iterable[Any]) -> Iterator[None]:
    """While the block runs, the modules take these numbers in place of those that they would draw.

    Args:
        modules: The modules that draw.
        numbers: As many numbers or Values as they draw, in their order.

    Raises:
        ShapeError: If they draw more numbers, or fewer.

    Example:
        >>> layer = Dropout(0.5)
        >>> with replayed([layer], [0.1, 0.5, 0.9]):
        ...     layer([1.0, 2.0, 3.0])
        [0.0, 4.0, 6.0]
    """
    waiting = iter(numbers)
    with _replaced(modules, lambda source: _Replaying(waiting)):
        yield
    if next(waiting, None) is not None:
        raise ShapeError("noise has drawn fewer random numbers than for another sample")


@contextmanager
def _replaced(modules: Sequence[Noise], stand_in: Callable[[Random], Random]) -> Iterator[None]:
    """While the block runs, each module has another generator."""
    before = [(module, module._rng) for module in modules if "_rng" in vars(module)]
    try:
        for module, seed in before:
            module._rng = stand_in(generator(seed))
        yield
    finally:
        for module, seed in before:
            module._rng = seed


class _StandIn(Random):
    """A generator that has no numbers of its own: `random` and `gauss`, and what the standard library makes of them."""

    def __init_subclass__(cls) -> None:
        """Not what `Random` does here: it would make whole numbers of floats, others than the generator gives."""

    def getrandbits(self, k: int, /) -> NoReturn:
        raise TypeError("noise that draws whole numbers cannot be compiled: draw with random() or gauss()")

    _randbelow = getrandbits


class _Noting(_StandIn):
    def __init__(self, source: Random, draws: list[Draw]) -> None:
        self._source, self._draws = source, draws

    def __new__(cls, *_: Any) -> _Noting:
        return super().__new__(cls)

    def random(self) -> float:
        self._draws.append(self._source.random)
        return self._source.random()

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        self._draws.append(partial(self._source.gauss, 0.0, 1.0))
        return self._source.gauss(mu, sigma)


class _Replaying(_StandIn):
    def __init__(self, numbers: Iterator[Any]) -> None:
        self._numbers = numbers

    def __new__(cls, *_: Any) -> _Replaying:
        return super().__new__(cls)

    def random(self) -> Any:
        try:
            return next(self._numbers)
        except StopIteration:
            raise ShapeError("noise has drawn more random numbers than for another sample") from None

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> Any:
        normal = self.random()
        return normal if (mu, sigma) == (0, 1) else mu + normal * sigma


def _probability(p: Any) -> float:
    try:
        usable = 0.0 <= p < 1.0
    except (TypeError, ValueError):
        raise TypeError(f"p, the probability of being dropped, must be a number, as 0.5, got {p!r}") from None
    if not usable:
        raise ValueError(f"p, the probability of being dropped, must be at least 0 and less than 1, got {p!r}")
    return float(p)


def _same_number(name: str, numbers: Sequence[Any], values: Sequence[Any]) -> None:
    if len(numbers) != len(values):
        raise ShapeError(f"each value needs one of the {name}: {len(values)} values, {len(numbers)} {name}")
