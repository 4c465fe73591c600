"""Adam and its relatives: steps by running means of the gradient and of its square.

It owns these update rules; it must not know networks, losses or data.
Read next: `lbfgs.py`, which learns the curvature of the loss.
"""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer, Parameters, Settings, State

__all__ = ["Adam", "AdamW", "Adamax", "NAdam"]


def _move(gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
    """What Adam takes from the parameter, and the state after it: `η m̂ / (√v̂ + ε)`."""
    beta1, beta2 = settings["beta1"], settings["beta2"]
    m, v, largest = state
    m = m + (1 - beta1) * (gradient - m)
    v = beta2 * v + (1 - beta2) * gradient * gradient
    largest = settings["amsgrad"] * largest  # 0 without AMSGrad, so that the maximum is v
    largest = v * (v >= largest) + largest * (v < largest)
    root = (largest / (1 - beta2**step)) ** 0.5
    return settings["learning_rate"] / (1 - beta1**step) * m / (root + settings["epsilon"]), (m, v, largest)


class Adam(Optimizer):
    """`w ← w - η m̂ / (√v̂ + ε)`: steps of about η for each parameter, whatever the size of its gradients.

    With the gradient g (with weight decay `g + λ w`) of step t: `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) g²`,
    `m̂ = m / (1 - β₁ᵗ)`, `v̂ = v / (1 - β₂ᵗ)`. With AMSGrad, v̂ is of the largest v so far.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of a step, a finite number of at least 0.
        beta1: How much of the mean m stays at each step, in [0, 1).
        beta2: How much of the mean square v stays at each step, in [0, 1).
        epsilon: ε, larger than 0, which bounds the step where gradients are tiny.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0.
        amsgrad: Whether steps may only become smaller by v: Adam with it converges where Adam need not.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        The first step is one of η, against the sign of the gradient:

        >>> from autograd import Value
        >>> w, b = Value(1.0), Value(2.0)
        >>> optimizer = Adam([w, b], learning_rate=0.1)
        >>> w.grad, b.grad = 1000.0, -0.001
        >>> optimizer.step()
        >>> round(w.data, 6), round(b.data, 6)
        (0.9, 2.099999)

    References:
        D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, 2015.
        S. J. Reddi, S. Kale, S. Kumar, On the convergence of Adam and beyond, 2018.
    """

    slots = 3  # m, v and, for AMSGrad, the largest v so far

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999,
        epsilon: float = 1e-8, weight_decay: float = 0.0, amsgrad: bool = False,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, beta1=beta1, beta2=beta2, epsilon=epsilon,
                         weight_decay=weight_decay, amsgrad=amsgrad)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - η m̂ / (√v̂ + ε)`; the state is m, v and the largest v so far."""
        move, state = _move(gradient + settings["weight_decay"] * parameter, state, step, settings)
        return parameter - move, state


class AdamW(Optimizer):
    """`w ← (1 - η λ) w - η m̂ / (√v̂ + ε)`: Adam whose weight decay λ shrinks the weights themselves.

    In Adam the decay goes through m and v, so that weights with large gradients decay less; here all decay alike.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of a step, a finite number of at least 0.
        beta1: How much of the mean m stays at each step, in [0, 1).
        beta2: How much of the mean square v stays at each step, in [0, 1).
        epsilon: ε, larger than 0, which bounds the step where gradients are tiny.
        weight_decay: The strength λ of the decay, at least 0.
        amsgrad: Whether v̂ is of the largest v so far.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        >>> from autograd import Value
        >>> w = Value(1.0)
        >>> optimizer = AdamW([w], learning_rate=0.1, weight_decay=0.5)
        >>> optimizer.step()  # the gradient is 0: there is only the decay
        >>> w.data
        0.95

    References:
        I. Loshchilov, F. Hutter, Decoupled weight decay regularization, 2019.
    """

    slots = 3  # m, v and, for AMSGrad, the largest v so far

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999,
        epsilon: float = 1e-8, weight_decay: float = 0.01, amsgrad: bool = False,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, beta1=beta1, beta2=beta2, epsilon=epsilon,
                         weight_decay=weight_decay, amsgrad=amsgrad)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`(1 - η λ) w - η m̂ / (√v̂ + ε)`; the state is m, v and the largest v so far."""
        move, state = _move(gradient, state, step, settings)
        return parameter * (1 - settings["learning_rate"] * settings["weight_decay"]) - move, state


class NAdam(Optimizer):
    """Adam with Nesterov's look ahead: `w ← w - η ((1 - μₜ) g / (1 - Πμ) + μₜ₊₁ m / (1 - μₜ₊₁ Πμ)) / (√v̂ + ε)`.

    m, v and v̂ are those of Adam, `μₜ = β₁ (1 - ½ 0.96^(t ψ))` is a momentum that grows to β₁, and Πμ is the product of
    μ₁ to μₜ.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of a step, a finite number of at least 0.
        beta1: How much of the mean m stays at each step, in [0, 1).
        beta2: How much of the mean square v stays at each step, in [0, 1).
        epsilon: ε, larger than 0, which bounds the step where gradients are tiny.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0: it adds λ w to g.
        momentum_decay: ψ, at least 0: how fast the momentum grows.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        >>> from autograd import Value
        >>> w = Value(1.0)
        >>> optimizer = NAdam([w], learning_rate=0.1)
        >>> w.grad = 1000.0
        >>> optimizer.step()
        >>> round(w.data, 4)
        0.8944

    References:
        T. Dozat, Incorporating Nesterov momentum into Adam, 2016.
    """

    slots = 3  # m, v and the product of the momenta

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.002, beta1: float = 0.9, beta2: float = 0.999,
        epsilon: float = 1e-8, weight_decay: float = 0.0, momentum_decay: float = 0.004,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, beta1=beta1, beta2=beta2, epsilon=epsilon,
                         weight_decay=weight_decay, momentum_decay=momentum_decay)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """One step; the state is m, v and the product of the momenta."""
        beta1, beta2, decay = settings["beta1"], settings["beta2"], settings["momentum_decay"]
        g = gradient + settings["weight_decay"] * parameter
        m = state[0] + (1 - beta1) * (g - state[0])
        v = beta2 * state[1] + (1 - beta2) * g * g
        now = beta1 * (1 - 0.5 * 0.96 ** (step * decay))
        later = beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * decay))
        product = (state[2] + 1.0 * (step == 1)) * now  # the empty product is 1
        root = (v / (1 - beta2**step)) ** 0.5 + settings["epsilon"]
        ahead = (1 - now) / (1 - product) * g + later / (1 - product * later) * m
        return parameter - settings["learning_rate"] * ahead / root, (m, v, product)


class Adamax(Optimizer):
    """`u ← max(β₂ u, |g| + ε)`, `w ← w - η m̂ / u`: Adam with the largest recent gradient in place of the mean square.

    m and m̂ are those of Adam.

    Args:
        parameters: The Values to change, or groups of them.
        learning_rate: The size η of a step, a finite number of at least 0.
        beta1: How much of the mean m stays at each step, in [0, 1).
        beta2: How much of the maximum u stays at each step, in [0, 1).
        epsilon: ε, larger than 0, which keeps the division defined.
        weight_decay: The strength λ of an L2 penalty ½ λ w², at least 0: it adds λ w to g.
        clip_norm: The limit of the norm of the gradient; None for none.
        clip_value: The limit of each gradient; None for none.

    Raises:
        TypeError, ValueError: As `Optimizer`.

    Example:
        >>> from autograd import Value
        >>> w = Value(1.0)
        >>> optimizer = Adamax([w], learning_rate=0.1)
        >>> for gradient in (1000.0, 0.0):
        ...     w.grad = gradient
        ...     optimizer.step()
        ...     print(round(w.data, 6))
        0.9
        0.852584

    References:
        D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, 2015.
    """

    slots = 2  # m and u

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.002, beta1: float = 0.9, beta2: float = 0.999,
        epsilon: float = 1e-8, weight_decay: float = 0.0,
        clip_norm: float | None = None, clip_value: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parameters, learning_rate, clip_norm, clip_value, beta1=beta1, beta2=beta2, epsilon=epsilon,
                         weight_decay=weight_decay)  # fmt: skip

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """`w - η m̂ / u`; the state is m and u."""
        beta1 = settings["beta1"]
        g = gradient + settings["weight_decay"] * parameter
        m = state[0] + (1 - beta1) * (g - state[0])
        kept, new = settings["beta2"] * state[1], abs(g) + settings["epsilon"]
        u = kept * (kept >= new) + new * (kept < new)
        return parameter - settings["learning_rate"] / (1 - beta1**step) * m / u, (m, u)
