"""Gradient descent, plain and with momentum, and Rprop, which looks at the sign of the gradient alone.

It owns these update rules; it must not know networks, losses or data.
Read next: `adaptive.py`, whose steps are of another size for each parameter.
"""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer, Parameters, Settings, State

__all__ = ["SGD"]


class SGD(Optimizer):
    """`w ← w - η ∂L/∂w`: gradient descent; stochastic when the loss is that of a minibatch.

    With momentum μ, dampening τ and weight decay λ, where g is the gradient:
    `g ← g + λ w`, `v ← μ v + (1 - τ) g` (at the first step `v ← g`), `w ← w - η v`; with Nesterov's look ahead
    `w ← w - η (g + μ v)`.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of a step, a finite number of at least 0.
        momentum: How much μ of the velocity stays at each step, at least 0; 0.9 is usual.
        dampening: The part τ of a gradient that does not go into the velocity; without effect if there is no momentum.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0.
        nesterov: Whether to look ahead; it needs a momentum, and no dampening.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`; ValueError also for nesterov without momentum or with dampening.

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
        B. T. Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
        I. Sutskever, J. Martens, G. Dahl, G. Hinton, On the importance of initialization and momentum in deep
        learning, 2013.
    """

    slots = 1  # the velocity

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.001, momentum: float = 0.0, dampening: float = 0.0,
        weight_decay: float = 0.0, nesterov: bool = False,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, momentum=momentum, dampening=dampening,
                         weight_decay=weight_decay, nesterov=nesterov)  # fmt: skip

    @staticmethod
    def check(settings: Settings) -> None:
        """ValueError if nesterov is set without momentum, or with dampening."""
        if settings["nesterov"] and not (settings["momentum"] > 0 and settings["dampening"] == 0):
            raise ValueError(
                f"nesterov needs a momentum larger than 0, as 0.9, and no dampening, got momentum "
                f"{settings['momentum']!r} and dampening {settings['dampening']!r}"
            )

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - η v`; the state is the velocity v."""
        momentum, nesterov = settings["momentum"], settings["nesterov"]
        g = gradient + settings["weight_decay"] * parameter
        taken = 1 - settings["dampening"] * (step != 1) * (momentum != 0)
        v = momentum * state[0] + taken * g
        # With Nesterov's look ahead g + μ v, else v: one of the two factors is 0.
        move = nesterov * g + (1 - nesterov + nesterov * momentum) * v
        return parameter - settings["learning_rate"] * move, (v,)
