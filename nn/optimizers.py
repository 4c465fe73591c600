"""The optimizers: how gradients change parameters.

It owns the update rules and their state; it must not know networks, losses or data.
Read next: `training.py`, which calls `step` once per minibatch.

An update is one branch-free elementwise function of (parameter, gradient, state, step, settings), the same for
floats and for numpy arrays, so that compiled training uses it as it stands.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from autograd import Value

__all__ = ["SGD", "Optimizer"]

State: TypeAlias = tuple[Any, ...]


class Optimizer(ABC):
    """What changes parameters so that a loss becomes smaller: the base class of all of them.

    Args:
        parameters: The Values to change, as `model.parameters()` gives them.
        learning_rate: The size of a step, a finite number of at least 0.

    Attributes:
        parameters: The Values, a list.
        learning_rate: May be changed at any time.
        steps: How many steps were made.

    Raises:
        TypeError: If parameters is not a sequence of Values, or the learning rate no number.
        ValueError: If there are no parameters, or the learning rate is negative or not finite.
    """

    slots: int = 0
    """How many numbers of state there are for each parameter; each starts at 0."""

    def __init__(self, parameters: Iterable[Value], learning_rate: float) -> None:
        if hasattr(parameters, "parameters"):
            raise TypeError("an optimizer takes parameters, not a model: write model.parameters()")
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("an optimizer needs one parameter at least, got none")
        if strangers := [x for x in self.parameters if not isinstance(x, Value)]:
            raise TypeError(f"the parameters of an optimizer are Values, not {type(strangers[0]).__name__}")
        try:
            usable = math.isfinite(learning_rate) and learning_rate >= 0
        except TypeError:
            raise TypeError(f"learning_rate must be a number, as 0.01, got {learning_rate!r}") from None
        if not usable:
            raise ValueError(f"learning_rate must be a finite number of at least 0, got {learning_rate!r}")
        self.learning_rate = learning_rate
        self.steps = 0
        self.state: list[State] = [(0.0,) * self.slots for _ in self.parameters]

    @property
    def settings(self) -> Mapping[str, float]:
        """The numbers that the update reads, by name."""
        return {"learning_rate": self.learning_rate}

    @staticmethod
    @abstractmethod
    def update(
        parameter: Any, gradient: Any, state: State, step: int, settings: Mapping[str, float]
    ) -> tuple[Any, State]:
        """The parameter and the state after one step, from those before it.

        Args:
            parameter: Its value: a float, or an array of many.
            gradient: The derivative of the loss by it, of the same shape.
            state: As many numbers, or arrays of the same shape, as the class has slots.
            step: The number of this step, 1 for the first.
            settings: The settings by name.
        """

    def step(self) -> None:
        """Change every parameter once, by its gradient."""
        self.steps += 1
        update, settings = self.update, self.settings
        for i, p in enumerate(self.parameters):
            p.data, self.state[i] = update(p.data, p.grad, self.state[i], self.steps, settings)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for p in self.parameters:
            p.grad = 0.0

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({settings}; parameters: {len(self.parameters)})"


class SGD(Optimizer):
    """`w ← w - η ∂L/∂w`: gradient descent; stochastic when the loss is that of a minibatch.

    Args:
        parameters: The Values to change, as `model.parameters()` gives them.
        learning_rate: The size η of a step, a finite number of at least 0.

    Example:
        >>> from autograd import Value
        >>> w = Value(1.0)
        >>> optimizer = SGD([w], learning_rate=0.25)
        >>> for _ in range(3):
        ...     optimizer.zero_grad()
        ...     ((w - 3) ** 2).backward()
        ...     optimizer.step()
        ...     print(w.data)
        2.0
        2.5
        2.75

    References:
        H. Robbins, S. Monro, A stochastic approximation method, 1951.
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: float = 0.01) -> None:
        super().__init__(parameters, learning_rate)

    @staticmethod
    def update(
        parameter: Any, gradient: Any, state: State, step: int, settings: Mapping[str, float]
    ) -> tuple[Any, State]:
        """`w - η g`; there is no state."""
        return parameter - settings["learning_rate"] * gradient, state
