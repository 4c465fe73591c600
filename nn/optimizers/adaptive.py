"""Adagrad, Adadelta and RMSprop: steps whose size for each parameter follows from its gradients so far.

It owns these update rules; it must not know networks, losses or data.
Read next: `adam.py`, which joins them with momentum.
"""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer, Parameters, Settings, State

__all__ = ["Adadelta", "Adagrad", "RMSprop"]


class Adagrad(Optimizer):
    """`G ← G + g²`, `w ← w - η g / (√G + ε)`: parameters that rarely have a gradient move further when they do.

    The steps become smaller all the time; with a decay δ of the rate, η is η / (1 + (t - 1) δ) at step t.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of the first step, a finite number of at least 0.
        learning_rate_decay: δ, at least 0.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0: it adds λ w to g.
        initial_accumulator: The sum G at the start, at least 0.
        epsilon: ε, larger than 0, which keeps the division defined.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        With one and the same gradient the steps are η / √t:

        >>> from autograd import Value
        >>> w = Value(1.0)
        >>> optimizer = Adagrad([w], learning_rate=0.5)
        >>> for _ in range(4):
        ...     w.grad, before = 2.0, w.data
        ...     optimizer.step()
        ...     print(round(before - w.data, 4))
        0.5
        0.3536
        0.2887
        0.25

    References:
        J. Duchi, E. Hazan, Y. Singer, Adaptive subgradient methods for online learning and stochastic optimization,
        2011.
    """

    slots = 1  # the sum G of the squares

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.01, learning_rate_decay: float = 0.0,
        weight_decay: float = 0.0, initial_accumulator: float = 0.0, epsilon: float = 1e-10,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, learning_rate_decay=learning_rate_decay,
                         weight_decay=weight_decay, initial_accumulator=initial_accumulator,
                         epsilon=epsilon)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - η g / (√G + ε)`; the state is G."""
        g = gradient + settings["weight_decay"] * parameter
        total = state[0] + settings["initial_accumulator"] * (step == 1) + g * g
        rate = settings["learning_rate"] / (1 + (step - 1) * settings["learning_rate_decay"])
        return parameter - rate * g / (total**0.5 + settings["epsilon"]), (total,)


class Adadelta(Optimizer):
    """`w ← w - η g √(D + ε) / √(V + ε)`: steps in the unit of the parameter, without a rate to choose.

    V and D are running means of the squares: `V ← ρ V + (1 - ρ) g²` before the step, and of the moves Δ that it
    makes at η = 1, `D ← ρ D + (1 - ρ) Δ²` after it.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: A factor η of the step, a finite number of at least 0.
        rho: How much ρ of the means stays at each step, in [0, 1).
        epsilon: ε, larger than 0, which sets the size of the first steps.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0: it adds λ w to g.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        The first step does not depend on the size of the gradient, if it is not tiny:

        >>> from autograd import Value
        >>> w, b = Value(0.0), Value(0.0)
        >>> optimizer = Adadelta([w, b])
        >>> w.grad, b.grad = 1000.0, -1.0
        >>> optimizer.step()
        >>> round(w.data, 6), round(b.data, 6)
        (-0.003162, 0.003162)

    References:
        M. D. Zeiler, ADADELTA: an adaptive learning rate method, 2012.
    """

    slots = 2  # the mean squares V of the gradients and D of the moves

    def __init__(
        self, parameters: Parameters, learning_rate: float = 1.0, rho: float = 0.9, epsilon: float = 1e-6,
        weight_decay: float = 0.0, clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, rho=rho, epsilon=epsilon,
                         weight_decay=weight_decay)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - η Δ`; the state is V and D."""
        rho, epsilon = settings["rho"], settings["epsilon"]
        g = gradient + settings["weight_decay"] * parameter
        squares = rho * state[0] + (1 - rho) * g * g
        move = (state[1] + epsilon) ** 0.5 / (squares + epsilon) ** 0.5 * g
        moves = rho * state[1] + (1 - rho) * move * move
        return parameter - settings["learning_rate"] * move, (squares, moves)


class RMSprop(Optimizer):
    """`V ← α V + (1 - α) g²`, `w ← w - η g / (√V + ε)`: the gradient by its recent size.

    Centered, the size is that about the mean: `M ← α M + (1 - α) g`, and V - M² in place of V. With momentum μ
    a velocity `v ← μ v + g / (√V + ε)` is followed, `w ← w - η v`.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of a step, a finite number of at least 0.
        alpha: How much α of the means stays at each step, in [0, 1).
        epsilon: ε, larger than 0, which bounds the step where gradients are tiny.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0: it adds λ w to g.
        momentum: How much μ of the velocity stays at each step, at least 0.
        centered: Whether the size is that about the mean.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        The mean starts at 0, so that the first step is one of η / √(1 - α):

        >>> from autograd import Value
        >>> w = Value(1.0)
        >>> optimizer = RMSprop([w], learning_rate=0.01)
        >>> w.grad = 1000.0
        >>> optimizer.step()
        >>> round(w.data, 6)
        0.9

    References:
        T. Tieleman, G. Hinton, Lecture 6.5: RMSProp, divide the gradient by a running average of its recent
        magnitude, 2012.
        A. Graves, Generating sequences with recurrent neural networks, 2013 (centered).
    """

    slots = 3  # the mean square V, the mean M, the velocity v

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.01, alpha: float = 0.99, epsilon: float = 1e-8,
        weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, alpha=alpha, epsilon=epsilon,
                         weight_decay=weight_decay, momentum=momentum, centered=centered)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - η v`; the state is V, M and v."""
        alpha = settings["alpha"]
        g = gradient + settings["weight_decay"] * parameter
        squares = alpha * state[0] + (1 - alpha) * g * g
        mean = state[1] + (1 - alpha) * (g - state[1])
        variance = squares - settings["centered"] * mean * mean
        variance = variance * (variance > 0)  # below 0 by rounding, where all gradients were the same
        velocity = settings["momentum"] * state[2] + g / (variance**0.5 + settings["epsilon"])
        return parameter - settings["learning_rate"] * velocity, (squares, mean, velocity)
