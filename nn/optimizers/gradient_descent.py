"""Gradient descent, plain and with momentum, and Rprop, which looks at the sign of the gradient alone.

It owns these update rules; it must not know networks, losses or data.
Read next: `adaptive.py`, whose steps are of another size for each parameter.
"""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer, Parameters, Settings, State

__all__ = ["Rprop", "SGD"]


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


class Rprop(Optimizer):
    """`w ← w - Δ sign(g)`: each parameter has a step size Δ of its own; of the gradient only the sign counts.

    Δ grows by a factor while the sign stays, shrinks when it changes (nothing moves then, and the next gradient
    counts as if it were the first), and is kept between two bounds. For the gradient of all samples: the signs of those
    of minibatches change too often.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The step size Δ at the start, a finite number of at least 0; later it has no effect, and
            neither has a schedule.
        decrease: The factor of Δ when the sign changes, in (0, 1).
        increase: The factor of Δ when the sign stays, larger than 1.
        smallest_step: The lower bound of Δ, larger than 0.
        largest_step: The upper bound of Δ, at least smallest_step.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`; ValueError also for factors or bounds outside their range.

    Example:
        >>> from autograd import Value
        >>> w = Value(0.0)
        >>> optimizer = Rprop([w], learning_rate=1.0)
        >>> for gradient in (-5.0, -0.1, 3.0, 3.0):
        ...     w.grad = gradient
        ...     optimizer.step()
        ...     print(round(w.data, 4))
        1.0
        2.2
        2.2
        1.6

    References:
        M. Riedmiller, H. Braun, A direct adaptive method for faster backpropagation learning: the RPROP algorithm,
        1993.
    """

    slots = 2  # the sign of the gradient before, and Δ

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.01, decrease: float = 0.5, increase: float = 1.2,
        smallest_step: float = 1e-6, largest_step: float = 50.0,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, decrease=decrease, increase=increase,
                         smallest_step=smallest_step, largest_step=largest_step)  # fmt: skip

    @staticmethod
    def check(settings: Settings) -> None:
        """ValueError if the factors do not shrink and grow, or the bounds are the wrong way round."""
        if not 0 < settings["decrease"] < 1:
            raise ValueError(f"decrease must be larger than 0 and less than 1, got {settings['decrease']!r}")
        if not settings["increase"] > 1:
            raise ValueError(f"increase must be larger than 1, got {settings['increase']!r}")
        if not settings["smallest_step"] <= settings["largest_step"]:
            raise ValueError(
                f"smallest_step must be at most largest_step, got {settings['smallest_step']!r} and "
                f"{settings['largest_step']!r}"
            )

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - Δ sign(g)`; the state is the sign and Δ."""
        before, size = state
        sign = 1.0 * (gradient > 0) - 1.0 * (gradient < 0)
        stays, turns = sign * before > 0, sign * before < 0
        size = size + settings["learning_rate"] * (step == 1)
        size = size * (settings["increase"] * stays + settings["decrease"] * turns + 1.0 * (sign * before == 0))
        low, high = settings["smallest_step"], settings["largest_step"]
        size = low * (size < low) + size * (size >= low) * (size <= high) + high * (size > high)
        sign = sign * (1.0 - turns)
        return parameter - size * sign, (sign, size)
