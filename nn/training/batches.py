"""Where the samples of an epoch come from: lists in a fresh random order, or a stream in its own.

It owns minibatches and the checks of what is put into them; it must not know models or losses.
Read next: `loop.py`, which takes the minibatches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from itertools import islice
from typing import Any, NamedTuple, Protocol

from autograd import ShapeError

from ..finite import MEND_INPUT, MEND_TARGET, check_finite, finite
from ..losses.checks import plain

__all__ = ["InMemory", "Sample", "Source", "Stream", "aligned"]


class Sample(NamedTuple):
    """One sample of a minibatch: its place in the data, its inputs, its target, and how much its loss counts."""

    place: int
    x: Any
    target: Any
    weight: float


class Source(Protocol):
    """What gives minibatches; `n_samples` is how many samples an epoch has, None if nobody knows."""

    n_samples: int | None

    def epoch(self) -> Iterator[list[Sample]]:
        """The minibatches of one epoch."""


class InMemory:
    """Samples that are all there: every epoch takes each of them once, in a fresh random order.

    Args:
        samples: The inputs.
        targets: The targets, as many.
        batch_size: How many make a minibatch; the last of an epoch may be smaller.
        seed: What makes the orders repeat; None for new ones every time.

    Example:
        >>> source = InMemory([[0.0], [1.0], [2.0]], [0, 1, 2], batch_size=2, seed=0)
        >>> [[sample.target for sample in batch] for batch in source.epoch()]
        [[2, 0], [1]]

    References:
        M. Gürbüzbalaban, A. Ozdaglar, P. Parrilo, Why random reshuffling beats stochastic gradient descent, 2021.
    """

    def __init__(self, samples: Sequence[Any], targets: Sequence[Any], batch_size: int, seed: int | None) -> None:
        from numpy.random import default_rng

        self.samples = [Sample(i, *pair, 1.0) for i, pair in enumerate(zip(samples, targets, strict=True))]
        self.n_samples: int | None = len(self.samples)
        self.batch_size = batch_size
        self.generator = default_rng(seed)

    def weigh(self, weights: Sequence[float]) -> None:
        """Let the loss of each sample count as its weight says; without, each counts 1."""
        pairs = zip(self.samples, weights, strict=True)
        self.samples = [sample._replace(weight=weight) for sample, weight in pairs]

    def epoch(self) -> Iterator[list[Sample]]:
        """The minibatches of one epoch."""
        order = self.generator.permutation(len(self.samples)).tolist()
        for start in range(0, len(order), self.batch_size):
            yield [self.samples[i] for i in order[start : start + self.batch_size]]


class Stream:
    """Samples that come one after the other, as from a sensor or a file too large for memory; taken in their order.

    Args:
        pairs: An iterable of (x, target), or of (x, target, weight). Each epoch iterates over it anew.
        batch_size: How many make a minibatch; the last of an epoch may be smaller.

    Example:
        >>> source = Stream(([float(i)], 2.0 * i) for i in range(3))
        >>> [[sample.target for sample in batch] for batch in source.epoch()]
        [[0.0, 2.0], [4.0]]
    """

    def __init__(self, pairs: Iterable[Any], batch_size: int = 2) -> None:
        self.pairs, self.batch_size = pairs, batch_size
        self.n_samples: int | None = len(pairs) if isinstance(pairs, Sized) else None

    def epoch(self) -> Iterator[list[Sample]]:
        """The minibatches of one epoch.

        Raises:
            ShapeError: If an element is not a pair, or a triple with a weight.
            ValueError: If a number is inf or nan.
        """
        samples = (self._sample(i, element) for i, element in enumerate(self.pairs))
        while batch := list(islice(samples, self.batch_size)):
            yield batch

    def _sample(self, index: int, element: Any) -> Sample:
        try:
            x, target, weight = element if len(element) == 3 else (*element, 1.0)
        except (TypeError, ValueError):
            raise ShapeError(f"element {index} of the stream must be a pair (x, target), got {element!r:.80}") from None
        x, target = plain(x), plain(target)
        check_finite("x", [x], MEND_INPUT, first=index)
        check_finite("the target", [target], MEND_TARGET, first=index)
        return Sample(index, x, target, finite(f"the weight of sample {index}", weight, minimum=0))


def aligned(X: Any, y: Any, of: str = "") -> tuple[list[Any], list[Any]]:
    """Samples and targets as lists, whose numbers are Python's own: those of numpy are slow one by one.

    Args:
        X: The samples.
        y: The targets.
        of: What they are, for the errors: `"validation: "`.

    Raises:
        TypeError: If one of both is no sequence.
        ShapeError: If there are no samples, or not as many targets as samples.
        ValueError: If a number among them is inf or nan, or a text.
    """
    samples, targets = _listed(f"{of}X", X), _listed(f"{of}y", y)
    if len(samples) != len(targets):
        raise ShapeError(f"{of}each sample needs one target: {len(samples)} samples, {len(targets)} targets")
    if not samples:
        raise ShapeError(f"{of}there are no samples: X and y are empty")
    check_finite(f"{of}X", samples, MEND_INPUT)
    check_finite(f"{of}y", targets, MEND_TARGET)
    return samples, targets


def _listed(name: str, values: Any) -> list[Any]:
    if isinstance(values, (str, Mapping)) or not (hasattr(values, "tolist") or hasattr(values, "__iter__")):
        raise TypeError(f"{name} must be a list or an array with one entry per sample, got {values!r:.60}")
    rows = values.to_numpy() if hasattr(values, "to_numpy") else values  # a DataFrame would give its columns' names
    return list(map(plain, plain(rows)))
