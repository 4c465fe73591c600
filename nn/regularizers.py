"""The regularizers: what keeps the weights of a network small, or many of them exactly zero.

It owns the penalties and what they do to the weights after an update; it must not know losses, optimizers or data.
Read next: `training/updates.py`, which adds the penalty to the loss of every minibatch and calls `after_step` after it.

A regularizer acts on weights alone unless told: not on biases (parameters named `b` or `bias`), never on learned
slopes, and never on what is frozen. A penalty that is not differentiable at 0 does not go through the gradient:
it acts after the update, by its proximal map.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias

from autograd import Value, dot

from .lookup import look_up
from .module import Module, is_weight

__all__ = [
    "Combined",
    "ElasticNet",
    "L1",
    "L2",
    "MaxNorm",
    "REGULARIZERS",
    "Regularizer",
    "resolve",
    "shortened",
    "soft_threshold",
]

InArray: TypeAlias = Callable[[Any, float], None]
"""What changes an array of parameters in place, given the learning rate."""


def soft_threshold(weight: Any, threshold: float) -> Any:
    """`sign(w) max(|w| - t, 0)`: the proximal map of `t |w|`, elementwise, for a float or an array.

    It has no branches, so that compiled training uses it as it stands.

    Args:
        weight: A float, or an array.
        threshold: How much closer to 0 a weight comes, at least 0; what is no farther from it becomes exactly 0.

    Example:
        >>> soft_threshold(0.5, 0.125), soft_threshold(-0.5, 0.125), soft_threshold(-0.1, 0.125)
        (0.375, -0.375, 0.0)

    References:
        D. L. Donoho, De-noising by soft-thresholding, 1995.
    """
    return (weight - threshold) * (weight > threshold) + (weight + threshold) * (weight < -threshold)


def shortened(weight: Any, length: Any, limit: float) -> Any:
    """`w · min(1, c / ‖w‖)`: a weight of a vector made no longer than c; for floats or arrays, without branches.

    Args:
        weight: A float, or an array.
        length: `‖w‖`, of the vector that it is in.
        limit: c, above 0; in a vector that is no longer, a weight stays exactly what it is.

    Example:
        >>> shortened(3.0, 5.0, 2.5), shortened(3.0, 5.0, 7.0)
        (1.5, 3.0)
    """
    return weight * (limit / (length * (length > limit) + limit * (length <= limit)))


class Regularizer:
    """What acts on the weights besides the loss: the base class of all of them, and of your own.

    This one does nothing. One of your own overrides `penalty`, and `value` and `after_step` where needed.

    Args:
        modules: The modules of the model, as layers, on whose weights it acts; None for the whole model.
        biases: Whether it acts on the biases too.

    Attributes:
        smooth: Whether all that it does is in `penalty`: an optimizer that searches along a line needs that.

    Raises:
        TypeError: If modules is not None or a list of modules.

    Example:
        >>> from nn.modules import MLP
        >>> class Antisymmetric(Regularizer):
        ...     def penalty(self, model):
        ...         return 0.1 * sum(self.weights(model)) ** 2
        >>> network = MLP(2, [1], initializer=lambda *_: [[1.0, 2.0]])
        >>> round(Antisymmetric().value(network), 4)
        0.9
    """

    smooth: bool = True
    _found: tuple[Module, list[list[Value]]] | None = None

    def __init__(self, *, modules: Sequence[Module] | None = None, biases: bool = False) -> None:
        if modules is not None and not isinstance(modules, (list, tuple)):
            raise TypeError(f"modules must be a list of modules, as [network.layers[0]], got {modules!r:.80}")
        if strangers := [x for x in modules or () if not isinstance(x, Module)]:
            raise TypeError(f"modules must be a list of modules, but it holds {strangers[0]!r:.80}")
        self.modules = modules
        self.biases = biases

    @contextmanager
    def acting_on(self, model: Any) -> Iterator[None]:
        """While the block runs, the weights of this model are known, and need not be looked for in every minibatch.

        Args:
            model: The model, whose structure must stay as it is meanwhile.

        Raises:
            ValueError: If one of the chosen modules is not a part of the model.
        """
        self._found = (model, self.vectors(model)) if isinstance(model, Module) else None
        try:
            yield
        finally:
            self._found = None

    def weights(self, model: Module) -> list[Value]:
        """The parameters that it acts on, each once.

        Args:
            model: The model, or a model whose part the chosen modules are.

        Raises:
            TypeError: If the model is not a Module.
            ValueError: If one of the chosen modules is not a part of the model.
        """
        return [w for vector in self.vectors(model) for w in vector]

    def vectors(self, model: Module) -> list[list[Value]]:
        """The parameters that it acts on, those of one list together: of a neuron its weight vector.

        Args:
            model: The model, or a model whose part the chosen modules are.

        Raises:
            TypeError: If the model is not a Module.
            ValueError: If one of the chosen modules is not a part of the model.
        """
        if self._found is not None and self._found[0] is model:
            return self._found[1]
        if not isinstance(model, Module):
            raise TypeError(f"a regularizer needs an nn.Module to find weights in, not {type(model).__name__}")
        if self.modules is not None and (strangers := [m for m in self.modules if m not in model.modules()]):
            raise ValueError(f"{strangers[0]!r} is not a part of the model, so that its weights cannot be regularized")
        free = {id(p) for p in model.trainable_parameters()}
        groups: dict[tuple[int, str], list[Value]] = {}
        for i, module in enumerate([model] if self.modules is None else self.modules):
            for name, parameter in module.named_parameters():
                if id(parameter) in free:
                    free.remove(id(parameter))  # a shared weight, or one in two of the modules, counts once
                    groups.setdefault((i, _list_of(name)), []).append(parameter)
        return [vector for (_, path), vector in groups.items() if self._acts_on(path)]

    def _acts_on(self, path: str) -> bool:
        """Whether parameters of that path, without the position in a list, are meant: never learned slopes."""
        return is_weight(path) or (self.biases and path.rpartition(".")[2] != "slope")

    def penalty(self, model: Module) -> Any:
        """The part that is added to the loss of every minibatch and differentiated: a Value, or 0.0 if there is none.

        Args:
            model: The model, or a model whose part the chosen modules are.
        """
        return 0.0

    def value(self, model: Module) -> float:
        """All that the regularizer adds to the objective, as a number: the penalty and what is not differentiated.

        Args:
            model: The model, or a model whose part the chosen modules are.
        """
        return float(self.penalty(model))

    def after_step(self, model: Module, learning_rate: float) -> None:
        """Change the weights after an update, where the penalty alone does not do it.

        Args:
            model: The model, or a model whose part the chosen modules are.
            learning_rate: The rate η of the update.
        """

    def after_step_in_array(self, model: Module, places: Mapping[Value, int]) -> InArray | None:
        """`after_step` where the parameters are numbers in one array, as in compiled training.

        Args:
            model: The model, or a model whose part the chosen modules are.
            places: Where in the array each parameter is.

        Returns:
            A function (array, learning rate) that changes the array; None if there is `after_step` alone.

        Example:
            >>> import numpy as np
            >>> from nn.modules import MLP
            >>> network, numbers = MLP(2, [1]), np.array([1.0, -0.5, 0.25])
            >>> act = L1(0.5).after_step_in_array(network, {p: i for i, p in enumerate(network.parameters())})
            >>> act(numbers, 0.125)
            >>> numbers
            array([ 0.9375, -0.4375,  0.25  ])
        """
        return _nothing if self._acts_by(Regularizer) else None

    def _acts_by(self, kind: type[Regularizer]) -> bool:
        """Whether `after_step` is still that of this class."""
        return type(self).after_step is kind.after_step

    def _options(self) -> str:
        chosen = "" if self.modules is None else f", modules={list(self.modules)!r}"
        return chosen + (", biases=True" if self.biases else "")


def _nothing(numbers: Any, learning_rate: float) -> None:
    pass


def _list_of(name: str) -> str:
    """`layers.0.neurons.3.w.1` is in the list `layers.0.neurons.3.w`; a parameter in no list is alone."""
    head, _, last = name.rpartition(".")
    return head if last.isdigit() else name


class L1(Regularizer):
    """`λ Σ |w|`: a penalty that makes weights exactly 0, those that the loss needs least.

    Its gradient is not used: steps along `λ sign(w)` jump over 0. After the update of the loss, every weight takes the
    proximal step `w ← sign(w) max(|w| - ηλ, 0)`. With gradient descent that is FOBOS, and on all samples at once
    ISTA: its fixed points are the minima of loss + penalty. An optimizer with steps of another size for every
    parameter, as Adam, gives zeros too, but for it η and λ do not act together in one objective.

    Args:
        strength: λ, a finite number of at least 0.
        modules: The modules of the model, as layers, on whose weights it acts; None for the whole model.
        biases: Whether it acts on the biases too.

    Raises:
        TypeError: If the strength is no number, or modules is not None or a list of modules.
        ValueError: If the strength is negative or not finite.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(3, [1], initializer=lambda *_: [[1.0, -0.5, 0.03125]])
        >>> regularizer = L1(0.5)
        >>> regularizer.value(network), regularizer.penalty(network)
        (0.765625, 0.0)
        >>> regularizer.after_step(network, learning_rate=0.125)
        >>> [w.data for w in network.layers[0].neurons[0].w]
        [0.9375, -0.4375, 0.0]

    References:
        R. Tibshirani, Regression shrinkage and selection via the lasso, 1996. J. Duchi, Y. Singer, Efficient online
        and batch learning using forward backward splitting, 2009.
    """

    def __init__(
        self, strength: float = 0.01, *, modules: Sequence[Module] | None = None, biases: bool = False
    ) -> None:
        super().__init__(modules=modules, biases=biases)
        self.strength = _at_least_zero("the strength of L1", strength)
        self.smooth = self.strength == 0

    def value(self, model: Module) -> float:
        """`λ Σ |w|`."""
        return self.strength * math.fsum(abs(w.data) for w in self.weights(model))

    def after_step(self, model: Module, learning_rate: float) -> None:
        """`w ← sign(w) max(|w| - ηλ, 0)`."""
        for w in self.weights(model):
            w.data = soft_threshold(w.data, learning_rate * self.strength)

    def after_step_in_array(self, model: Module, places: Mapping[Value, int]) -> InArray | None:
        """As `after_step`."""
        import numpy as np

        where = np.array([places[w] for w in self.weights(model)], np.intp)

        def act(numbers: Any, learning_rate: float) -> None:
            numbers[where] = soft_threshold(numbers[where], learning_rate * self.strength)

        return act if self._acts_by(L1) else None

    def __repr__(self) -> str:
        return f"L1({self.strength!r}{self._options()})"


class L2(Regularizer):
    """`λ Σ w²`: a penalty that shrinks all weights, large ones most, and makes none exactly 0.

    Its gradient is `2 λ w`: for gradient descent it is the weight decay `2 λ`.

    Args:
        strength: λ, a finite number of at least 0.
        modules: The modules of the model, as layers, on whose weights it acts; None for the whole model.
        biases: Whether it acts on the biases too.

    Raises:
        TypeError: If the strength is no number, or modules is not None or a list of modules.
        ValueError: If the strength is negative or not finite.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(2, [1], initializer=lambda *_: [[3.0, -4.0]])
        >>> penalty = L2(0.5).penalty(network)
        >>> penalty.backward()
        >>> penalty.data, [w.grad for w in network.layers[0].neurons[0].w]
        (12.5, [3.0, -4.0])

    References:
        A. E. Hoerl, R. W. Kennard, Ridge regression: biased estimation for nonorthogonal problems, 1970. A. Krogh,
        J. A. Hertz, A simple weight decay can improve generalization, 1991.
    """

    def __init__(
        self, strength: float = 0.01, *, modules: Sequence[Module] | None = None, biases: bool = False
    ) -> None:
        super().__init__(modules=modules, biases=biases)
        self.strength = _at_least_zero("the strength of L2", strength)

    def penalty(self, model: Module) -> Any:
        """`λ Σ w²`, from one node of the graph."""
        weights = self.weights(model)
        return self.strength * dot(weights, weights)

    def __repr__(self) -> str:
        return f"L2({self.strength!r}{self._options()})"


class ElasticNet(Regularizer):
    """`λ₁ Σ |w| + λ₂ Σ w²`: L1 and L2 together; of inputs that say the same, L1 keeps one, this all.

    The second part goes through the gradient, the first acts after the update, as `L1`.

    Args:
        l1: λ₁, a finite number of at least 0.
        l2: λ₂, a finite number of at least 0.
        modules: The modules of the model, as layers, on whose weights it acts; None for the whole model.
        biases: Whether it acts on the biases too.

    Raises:
        TypeError: If a strength is no number, or modules is not None or a list of modules.
        ValueError: If a strength is negative or not finite.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(2, [1], initializer=lambda *_: [[3.0, -4.0]])
        >>> regularizer = ElasticNet(l1=0.25, l2=0.5)
        >>> regularizer.penalty(network).data, regularizer.value(network)
        (12.5, 14.25)

    References:
        H. Zou, T. Hastie, Regularization and variable selection via the elastic net, 2005.
    """

    def __init__(
        self, l1: float = 0.01, l2: float = 0.01, *, modules: Sequence[Module] | None = None, biases: bool = False
    ) -> None:
        super().__init__(modules=modules, biases=biases)
        self.l1 = _at_least_zero("l1 of ElasticNet", l1)
        self.l2 = _at_least_zero("l2 of ElasticNet", l2)
        self._first = L1(self.l1, modules=modules, biases=biases)
        self._second = L2(self.l2, modules=modules, biases=biases)
        self.smooth = self._first.smooth

    def penalty(self, model: Module) -> Any:
        """`λ₂ Σ w²`."""
        return self._second.penalty(model)

    def value(self, model: Module) -> float:
        """`λ₁ Σ |w| + λ₂ Σ w²`."""
        return self._first.value(model) + self._second.value(model)

    def after_step(self, model: Module, learning_rate: float) -> None:
        """`w ← sign(w) max(|w| - ηλ₁, 0)`."""
        self._first.after_step(model, learning_rate)

    def after_step_in_array(self, model: Module, places: Mapping[Value, int]) -> InArray | None:
        """As `after_step`."""
        return self._first.after_step_in_array(model, places) if self._acts_by(ElasticNet) else None

    def __repr__(self) -> str:
        return f"ElasticNet(l1={self.l1!r}, l2={self.l2!r}{self._options()})"


class MaxNorm(Regularizer):
    """`‖w‖ ≤ c` for the weights of every neuron: after each update, `w ← w · min(1, c / ‖w‖)`.

    It adds nothing to the loss. The weights of one list are one vector: those that come into a neuron.

    Args:
        limit: The longest length c of a weight vector, a finite number above 0.
        modules: The modules of the model, as layers, on whose weights it acts; None for the whole model.

    Raises:
        TypeError: If the limit is no number, or modules is not None or a list of modules.
        ValueError: If the limit is not above 0 or not finite.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(2, [2], initializer=lambda *_: [[3.0, -4.0], [0.5, 0.5]])
        >>> MaxNorm(2.5).after_step(network, learning_rate=0.1)
        >>> [[w.data for w in neuron.w] for neuron in network.layers[0].neurons]
        [[1.5, -2.0], [0.5, 0.5]]

    References:
        N. Srebro, A. Shraibman, Rank, trace-norm and max-norm, 2005. N. Srivastava, G. Hinton, A. Krizhevsky,
        I. Sutskever, R. Salakhutdinov, Dropout: a simple way to prevent neural networks from overfitting, 2014.
    """

    smooth = False

    def __init__(self, limit: float = 3.0, *, modules: Sequence[Module] | None = None) -> None:
        super().__init__(modules=modules)
        self.limit = _at_least_zero("the limit of MaxNorm", limit)
        if not self.limit:
            raise ValueError("the limit of MaxNorm must be above 0, got 0: it would set all weights to 0")

    def after_step(self, model: Module, learning_rate: float) -> None:
        """`w ← w · min(1, c / ‖w‖)`, for every weight vector."""
        for vector in self.vectors(model):
            length = math.hypot(*(w.data for w in vector))  # hypot neither overflows nor underflows
            for w in vector:
                w.data = shortened(w.data, length, self.limit)

    def after_step_in_array(self, model: Module, places: Mapping[Value, int]) -> InArray | None:
        """As `after_step`; vectors of one size are the rows of one array."""
        import numpy as np

        of_size: dict[int, list[list[int]]] = {}
        for vector in self.vectors(model):
            of_size.setdefault(len(vector), []).append([places[w] for w in vector])
        tables = [np.array(rows, np.intp) for rows in of_size.values()]

        def act(numbers: Any, learning_rate: float) -> None:
            for where in tables:
                lengths = np.hypot.reduce(numbers[where], axis=1, keepdims=True)
                numbers[where] = shortened(numbers[where], lengths, self.limit)

        return act if self._acts_by(MaxNorm) else None

    def __repr__(self) -> str:
        return f"MaxNorm({self.limit!r}{self._options()})"


class Combined(Regularizer):
    """Several regularizers at once: their penalties add up, and after an update each acts in its turn.

    Args:
        regularizers: One or more, say of different strengths for different layers.

    Raises:
        TypeError: If one of them is not a Regularizer.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(2, [3, 1], seed=0)
        >>> first, second = network.layers
        >>> Combined(L1(0.1, modules=[first]), L2(0.01, modules=[second]), MaxNorm(3.0)).smooth
        False
    """

    def __init__(self, *regularizers: Regularizer) -> None:
        super().__init__()
        if strangers := [r for r in regularizers if not isinstance(r, Regularizer)]:
            raise TypeError(f"Combined takes regularizers, as L2(0.01), not {strangers[0]!r:.80}")
        self.regularizers = regularizers
        self.smooth = all(r.smooth for r in regularizers)

    @contextmanager
    def acting_on(self, model: Any) -> Iterator[None]:
        """While the block runs, each of them knows the weights of this model."""
        with ExitStack() as stack:
            for r in self.regularizers:
                stack.enter_context(r.acting_on(model))
            yield

    def penalty(self, model: Module) -> Any:
        """The sum of the penalties."""
        return sum(r.penalty(model) for r in self.regularizers)

    def value(self, model: Module) -> float:
        """The sum of the values."""
        return math.fsum(r.value(model) for r in self.regularizers)

    def after_step(self, model: Module, learning_rate: float) -> None:
        """What each does, in their order."""
        for r in self.regularizers:
            r.after_step(model, learning_rate)

    def after_step_in_array(self, model: Module, places: Mapping[Value, int]) -> InArray | None:
        """As `after_step`, if each of them can."""
        acts = [act for r in self.regularizers if (act := r.after_step_in_array(model, places))]

        def act_in_turn(numbers: Any, learning_rate: float) -> None:
            for act in acts:
                act(numbers, learning_rate)

        return act_in_turn if self._acts_by(Combined) and len(acts) == len(self.regularizers) else None

    def __repr__(self) -> str:
        return f"Combined({', '.join(map(repr, self.regularizers))})"


REGULARIZERS: Mapping[str, type[Regularizer]] = {"l1": L1, "l2": L2, "elastic_net": ElasticNet, "max_norm": MaxNorm}
"""The regularizers by name."""


def resolve(regularizer: str | Regularizer) -> Regularizer:
    """The regularizer that is meant.

    Args:
        regularizer: A name, for one with its default strength, or a regularizer.

    Raises:
        ValueError: If there is no regularizer of that name.
        TypeError: If it is neither a name nor a Regularizer: a class, too.

    Example:
        >>> resolve("l2")
        L2(0.01)
    """
    if isinstance(regularizer, str):
        return look_up("regularizer", regularizer, REGULARIZERS)()
    if isinstance(regularizer, type):
        raise TypeError(f"a regularizer needs its strength: write {regularizer.__name__}(0.01)")
    if not isinstance(regularizer, Regularizer):
        raise TypeError(f"a regularizer is a name or a Regularizer, as L2(0.01), not {regularizer!r}")
    return regularizer


def _at_least_zero(name: str, number: Any) -> float:
    try:
        usable = math.isfinite(number) and number >= 0
    except TypeError:
        raise TypeError(f"{name} must be a number, as 0.01, got {number!r}") from None
    if not usable:
        raise ValueError(f"{name} must be a finite number of at least 0, got {number!r}")
    return float(number)
