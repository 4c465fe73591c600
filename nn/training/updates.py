"""One update of the parameters from one minibatch: forward, loss, backward, step.

It owns these four steps and the way back when a number is not finite; it must not know epochs or data sets.
Read next: `loop.py`, which calls `update` for every minibatch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import autograd
from autograd import DomainError, Value

from ..losses import Loss
from ..metrics.checks import plain
from ..module import Module
from ..optimizers import Optimizer
from ..regularizers import Regularizer
from .batches import Sample
from .not_finite import NotFiniteError, first_not_finite, likely_cause, steep_operation

__all__ = ["Seen", "Updates", "untouched"]

GRAPH = 64
"""How many samples share one graph: many, so that parameters are visited seldom; not all, so that memory is bounded."""


class Seen(NamedTuple):
    """What the forward pass gave for one sample: its weighted loss, its outputs as numbers, and its target."""

    loss: float
    output: Any
    target: Any


class Updates:
    """What changes the parameters of a model, one minibatch after the other.

    Args:
        model: Maps one sample to its outputs.
        loss: Maps (outputs, target) of one sample to one Value.
        optimizer: Holds the parameters.
        regularizer: What acts on the weights besides the loss.

    Attributes:
        told: How updates are computed.
    """

    told = "computed Value by Value, as was asked for"

    def __init__(self, model: Any, loss: Loss, optimizer: Optimizer, regularizer: Regularizer) -> None:
        self.model, self.loss, self.optimizer, self.regularizer = model, loss, optimizer, regularizer
        self._others = untouched(model, optimizer)
        self._good = self._numbers()

    def update(self, batch: Sequence[Sample]) -> list[Seen]:
        """Change the parameters once.

        Args:
            batch: The samples.

        Returns:
            What was seen of each sample, before the update.

        Raises:
            NotFiniteError: If a loss, a gradient or a parameter is inf or nan, or a value is undefined.
            TypeError: If the loss is not a Value.
        """
        if self.optimizer.needs_closure:
            seen = self._search(batch)
        else:
            seen, _ = self.gradients(batch)
            self._step()
        if not self._are_finite():
            cause = likely_cause(self._good, batch[0].x)
            raise NotFiniteError(f"samples {_places(batch)}: the update gave a parameter that is not finite; {cause}")
        return seen

    def acting(self) -> AbstractContextManager[None]:
        """The block in which they are made."""
        return nullcontext()

    def begin_epoch(self) -> None:
        """What is done before the first update of an epoch: dropout and noise are switched on."""
        if isinstance(self.model, Module):
            self.model.train()

    def end_epoch(self) -> None:
        """What is done after the last, or an error, so that parameters, gradients and state can be read: nothing."""

    def outputs(self, samples: Sequence[Any], targets: Sequence[Any]) -> tuple[list[float], list[Any]] | None:
        """The loss of each sample and its outputs, in evaluation mode; None if there is no quick way to them."""
        return None

    def gradients(self, batch: Sequence[Sample]) -> tuple[list[Seen], float]:
        """The gradient of `Σ wᵢ lossᵢ / n + penalty`, in `.grad` of every parameter.

        Returns:
            What was seen of each sample, and the objective.
        """
        self._zero_grad()
        seen: list[Seen] = []
        for start in range(0, len(batch), GRAPH):
            part = batch[start : start + GRAPH]
            values = [self._forward(sample, seen) for sample in part]
            # One graph for the part: backward then visits each parameter once, not once per sample.
            total = autograd.dot([sample.weight for sample in part], values)
            total.backward(1.0 / len(batch))
            self._check_gradients(part, values)
        self._good = self._numbers()
        penalty = self.regularizer.penalty(self.model)
        gradients_fit = True  # those of the losses are checked already
        if isinstance(penalty, Value):
            penalty.backward()
            gradients_fit = all(math.isfinite(p.grad) for p in self.optimizer.parameters)
        if not (gradients_fit and math.isfinite(penalty)):
            cause = likely_cause(self._good, batch[0].x)
            raise NotFiniteError(f"the penalty of {self.regularizer!r} is {float(penalty)}, or its gradient; {cause}")
        return seen, math.fsum(sample.loss for sample in seen) / len(batch) + float(penalty)

    def go_back(self) -> None:
        """Put back the last parameters with which every loss was finite."""
        for parameter, number in zip(self.optimizer.parameters, self._good, strict=True):
            parameter.data = number

    def _step(self) -> None:
        """Change the parameters by their gradients."""
        self.optimizer.step()
        self.regularizer.after_step(self.model, self._rate)

    @property
    def _rate(self) -> float:
        return self.optimizer.learning_rate * self.optimizer.factor

    def _are_finite(self) -> bool:
        """Whether all parameters are."""
        return all(map(math.isfinite, self._numbers()))

    def _search(self, batch: Sequence[Sample]) -> list[Seen]:
        """One step of an optimizer that asks for the objective at several points."""
        first: list[Seen] = []

        def objective() -> float:
            try:
                seen, value = self.gradients(batch)
            except NotFiniteError:
                if first:  # a trial point too far out, from which the optimizer comes back
                    return math.inf
                raise
            if not first:
                first.extend(seen)
            return value

        step: Callable[..., None] = self.optimizer.step
        step(objective)
        self.regularizer.after_step(self.model, self._rate)
        return first

    def _forward(self, sample: Sample, seen: list[Seen]) -> Value:
        try:
            output = self.model(sample.x)
            value = self.loss(output, sample.target)
        except DomainError as error:
            raise NotFiniteError(f"sample {sample.place}: {error}") from error
        except Exception as error:
            error.add_note(f"computing the loss of sample {sample.place}, whose target is {sample.target!r:.60}")
            raise
        if not isinstance(value, Value):
            name = getattr(self.loss, "__name__", repr(self.loss))
            raise TypeError(
                f"the loss {name} must return one Value, computed from the model's outputs; it returned {value!r}"
            )
        if not math.isfinite(value.data):
            raise NotFiniteError(
                f"sample {sample.place}: the loss is {value.data}, first {first_not_finite(value)}; "
                f"{likely_cause(self._numbers(), sample.x, sample.target)}"
            )
        seen.append(Seen(sample.weight * value.data, plain(output), sample.target))
        return value

    def _check_gradients(self, part: Sequence[Sample], values: Sequence[Value]) -> None:
        """Name the sample and the operation if a gradient is not finite."""
        if all(math.isfinite(p.grad) for p in self.optimizer.parameters):
            return
        for sample, value in zip(part, values, strict=True):
            self._zero_grad()
            value.backward()
            if operation := steep_operation(value):
                cause = likely_cause(self._numbers(), sample.x)
                raise NotFiniteError(
                    f"sample {sample.place}: a gradient is not finite, first through {operation}; {cause}"
                )
        raise NotFiniteError(f"samples {_places(part)}: the sum of their gradients is not finite")

    def _zero_grad(self) -> None:
        self.optimizer.zero_grad()
        for p in self._others:
            p.grad = 0.0

    def _numbers(self) -> list[float]:
        return [p.data for p in self.optimizer.parameters]


def untouched(model: Any, optimizer: Optimizer) -> list[Value]:
    """The parameters of a model that an optimizer does not change."""
    changed = set(optimizer.parameters)
    return [p for p in model.parameters() if p not in changed] if hasattr(model, "parameters") else []


def _places(batch: Sequence[Sample]) -> str:
    places = [str(sample.place) for sample in batch]
    return ", ".join(places if len(places) <= 6 else [*places[:5], f"... ({len(places)} in all)"])
