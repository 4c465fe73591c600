"""The functions that are compiled: the loss of one sample with its outputs, and the penalty of a regularizer.

It owns what `autograd.compile` is given and the arrays that it gives back; it must not know when that pays or what
becomes of an error. Read next: `packing.py`, which makes arrays of samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import autograd
from autograd import Value

from ..losses import Loss
from ..losses.checks import plain
from ..noise import Noise, replayed
from ..optimizers import Optimizer
from ..regularizers import InArray, Regularizer
from ..tasks import task_of
from .updates import untouched

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Forward", "Penalty", "is_alone", "kinds_of_numbers"]

AT_ONCE = 1024
"""How many samples are computed at once at most, so that memory is bounded."""


class Forward:
    """The loss of a minibatch, its gradients and the outputs, compiled; parameters and gradients are flat arrays.

    Args:
        model: Maps one sample to its outputs.
        loss: Maps (outputs, target) of one sample to one Value.
        optimizer: Whose parameters come first in the arrays; others of the model follow.
        noises: The modules that draw random numbers.
        n_draws: How many they draw for a sample.
        alone: Whether the model's output is one Value, not a list.
    """

    def __init__(
        self, model: Any, loss: Loss, optimizer: Optimizer, noises: Sequence[Noise] = (), n_draws: int = 0,
        alone: bool = False,
    ) -> None:  # fmt: skip
        self.optimizer, self._n = optimizer, len(optimizer.parameters)
        self.parameters = [*optimizer.parameters, *untouched(model, optimizer)]
        self._alone = alone

        def of_sample(parameters: Any, x: Any, target: Any) -> tuple[Any, list[Any]]:
            inputs, drawn = _divided(x, n_draws)
            if n_draws:
                with replayed(noises, drawn):
                    outputs = model(inputs)
            else:
                outputs = model(inputs)
            return loss(outputs, plain(target)), _listed(outputs)

        self._step = autograd.compile(of_sample, has_aux=True)
        self._bound = self._step.bind(self.parameters)

    @property
    def told(self) -> str:
        """What the plan is, in a line."""
        stages, sizes = str(self._step.plan).splitlines()[:2]
        return f"compiled: {stages.partition(': ')[2]}, {sizes.rpartition('; ')[2]}"

    # --- between the Values and the arrays ---

    def load(self) -> None:
        """Take over parameters and the optimizer's state, and what else was changed since, as a rate of dropout."""
        self._bound.read()

    def store(self) -> None:
        """Hand over parameters, gradients and the optimizer's state."""
        self._bound.sync()

    def load_parameters(self) -> None:
        """Take over the parameters alone."""
        self._bound.parameters[:] = [p.data for p in self.parameters]

    def store_parameters(self) -> None:
        """Hand over the parameters alone."""
        for p, number in zip(self.parameters, self._bound.parameters.tolist(), strict=True):
            p.data = number

    def load_gradients(self) -> None:
        """Take over the gradients."""
        self._bound.gradients[:] = [p.grad for p in self.parameters]

    def store_gradients(self) -> None:
        """Hand over the gradients."""
        for p, slope in zip(self.parameters, self._bound.gradients.tolist(), strict=True):
            p.grad = slope

    @property
    def arrays(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The parameters and the gradients."""
        return self._bound.parameters, self._bound.gradients

    def numbers(self) -> list[float]:
        """The optimizer's parameters as they are."""
        found: list[float] = self._bound.parameters[: self._n].tolist()
        return found

    def is_finite(self, which: str) -> bool:
        """Whether all `"parameters"` or `"gradients"` of the optimizer are finite."""
        import numpy as np

        return bool(np.isfinite(getattr(self._bound, which)[: self._n]).all())

    # --- computing ---

    def gradients(self, x: Any, targets: Any, weights: Any, drawn: list[list[float]]) -> tuple[float, Any, list[Any]]:
        """`Σ wᵢ lossᵢ / n` and its gradients, in `arrays`.

        Returns:
            It, the losses without weights, an array, and the outputs.
        """
        import numpy as np

        if drawn and drawn[0]:
            x = np.column_stack([x, drawn])
        n = len(targets)
        if n <= AT_ONCE:
            objective = float(self._bound(x, targets, weights))
            return objective, np.array(self._bound.losses), self._outputs()
        objective, losses, outputs, total = 0.0, [], [], np.zeros_like(self._bound.gradients)
        for start in range(0, n, AT_ONCE):
            part = slice(start, start + AT_ONCE)
            of_part = None if weights is None else weights[part]
            share = len(targets[part]) / n
            objective += share * float(self._bound(x[part], targets[part], of_part))
            total += share * self._bound.gradients
            losses.append(np.array(self._bound.losses))
            outputs += self._outputs()
        self._bound.gradients[:] = total
        return objective, np.concatenate(losses), outputs

    def evaluate(self, x: Any, targets: Any) -> tuple[list[float], list[Any]]:
        """The loss of each sample and its outputs."""
        losses: list[float] = []
        outputs: list[Any] = []
        for start in range(0, len(targets), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            self._bound.evaluate(x[part], targets[part])
            losses += self._bound.losses.tolist()
            outputs += self._outputs()
        return losses, outputs

    def step(self) -> None:
        """Change the parameters by their gradients, as the optimizer does."""
        self._bound.update(self.optimizer)

    def in_array(self, regularizer: Regularizer, model: Any) -> InArray | None:
        """What a regularizer does after a step, in the array of the parameters; None if it needs the Values."""
        return regularizer.after_step_in_array(model, {p: i for i, p in enumerate(self.parameters)})

    def act(self, change: InArray, learning_rate: float) -> None:
        """Change the parameters."""
        import numpy as np

        with np.errstate(all="ignore"):  # as floats in Python, which overflow without a word
            change(self._bound.parameters, learning_rate)

    def _outputs(self) -> list[Any]:
        rows: list[Any] = self._bound.outputs.tolist()
        return [row[0] for row in rows] if self._alone else rows


class Penalty:
    """The penalty of a regularizer, compiled."""

    def __init__(self, regularizer: Regularizer, model: Any, parameters: list[Value]) -> None:
        import numpy as np

        def penalty(parameters: Any, x: Any) -> Any:
            return regularizer.penalty(model)

        self._bound = autograd.compile(penalty).bind(parameters)
        self._x = np.zeros(1)  # it depends on no sample

    @classmethod
    def of(cls, regularizer: Regularizer, model: Any, forward: Forward) -> Penalty | None:
        """That of a regularizer; None if it has none."""
        if isinstance(regularizer.penalty(model), Value):
            return cls(regularizer, model, forward.parameters)
        return None

    def renew(self) -> None:
        """Compile anew if something that the regularizer reads has changed, as its strength."""
        self._bound.read()

    def add(self, forward: Forward) -> float:
        """Add its gradients to those of the loss; gives the penalty."""
        parameters, gradients = forward.arrays
        self._bound.parameters[:] = parameters
        penalty = float(self._bound(self._x))
        gradients += self._bound.gradients
        return penalty


def kinds_of_numbers(model: Any, loss: Loss) -> tuple[str, str]:
    """Which kind of numbers, for `packed`, the inputs and the targets are."""
    task = task_of(loss)
    target = {"regression": "floats", "multiclass": "classes", "binary": "labels", "raw": "as given"}[task.kind]
    return "floats" if hasattr(model, "n_inputs") else "as given", "floats" if task.name == "binary_logits" else target


def _divided(x: Any, n_draws: int) -> tuple[Any, Any]:
    """The sample, as the model takes it, and the random numbers that stand behind it."""
    x = plain(x)
    return (x[:-n_draws], x[-n_draws:]) if n_draws else (x, ())


def _listed(outputs: Any) -> list[Any]:
    """The outputs as a list, also one that is alone.

    Raises:
        TypeError: If they are lists of lists.
    """
    if is_alone(outputs):
        return [outputs]
    if any(isinstance(output, (list, tuple, dict)) for output in outputs):
        raise TypeError("a model whose outputs are lists of lists cannot be compiled by fit")
    return list(outputs)


def is_alone(outputs: Any) -> bool:
    """Whether the outputs are one Value, not a sequence."""
    return not isinstance(plain(outputs), (list, tuple))
