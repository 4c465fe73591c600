"""`Module`: what has parameters, and how they are found, named, frozen, stored and loaded.

It owns the walk through the parts of a module, and its two states, training and frozen; it must not know what a module
computes. Read next: `modules.py`, the modules that a network is made of.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from reprlib import recursive_repr
from typing import Any, Self, TypeAlias

from autograd import Value

__all__ = ["Module", "count", "evaluating", "is_weight", "nothing_shared", "own_parameters", "path_name", "walk"]

Path: TypeAlias = tuple[Any, ...]  # () at the root, else the path of what contains it and the key in there


class Module:
    """What has parameters: the base class of everything here, and of networks of your own.

    Parameters are the leaf Values in its attributes, also inside lists, tuples, dicts, numpy object arrays and other
    modules. Nothing else is looked into; a set of Values or modules has no order, so no names, and is an error.

    Attributes:
        training: Whether it is being trained, which dropout and noise ask; True at first.

    Example:
        >>> from autograd import Value, sin
        >>> class Wave(Module):
        ...     def __init__(self):
        ...         self.frequency, self.shift = Value(2.0), Value(0.5)
        ...     def __call__(self, x):
        ...         return sin(self.frequency * x + self.shift)
        >>> wave = Wave()
        >>> [name for name, parameter in wave.named_parameters()]
        ['frequency', 'shift']
        >>> wave
        Wave(2 parameters)
    """

    training: bool = True  # in the class, so that a module of one's own need not call super().__init__()
    _frozen: bool = False
    _neurons: int = 0  # how many neurons this module is, without those of its parts

    # --- parameters ---

    def parameters(self) -> list[Value]:
        """All parameters, each once, in the order of the attributes.

        Raises:
            TypeError: If some are in a set.
        """
        return [x for _, x in walk(self) if isinstance(x, Value) and x.op is None]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their paths; one that is shared has the first of its paths.

        Raises:
            TypeError: If some are in a set.

        Example:
            >>> from nn.modules import MLP
            >>> network = MLP(2, [3, 1])
            >>> [name for name, parameter in network.layers[1].named_parameters()]
            ['neurons.0.w.0', 'neurons.0.w.1', 'neurons.0.w.2', 'neurons.0.b']
        """
        return [(path_name(path), x) for path, x in walk(self) if isinstance(x, Value) and x.op is None]

    def trainable_parameters(self) -> list[Value]:
        """The parameters that are not frozen: what an optimizer should be given.

        Raises:
            TypeError: If some are in a set.
        """
        frozen = {id(x) for module in self.modules() if module._frozen for _, x in own_parameters(module)}
        return [x for x in self.parameters() if id(x) not in frozen]

    def modules(self) -> list[Module]:
        """This module and all that it is made of, each once."""
        return [x for _, x in walk(self) if isinstance(x, Module)]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    # --- states ---

    def freeze(self) -> Self:
        """Keep the parameters of this module, and of all that it is made of, as they are while others train.

        A parameter that several modules share stays as it is if one of them is frozen. What is computed does not
        change, and neither do gradients: `trainable_parameters` leaves them out, so that no optimizer moves them.

        Example:
            Transfer learning: only the new output layer is trained.

            >>> from nn.modules import MLP
            >>> network = MLP(3, [4, 2])
            >>> _ = network.layers[0].freeze()
            >>> len(network.parameters()), len(network.trainable_parameters())
            (26, 10)
        """
        return self._set("_frozen", True)

    def unfreeze(self) -> Self:
        """Let the parameters of this module, and of all that it is made of, be trained again."""
        return self._set("_frozen", False)

    def train(self) -> Self:
        """Set `training` here and in all that it is made of: dropout drops, noise is added."""
        return self._set("training", True)

    def eval(self) -> Self:
        """Clear `training` here and in all that it is made of: the same inputs give the same outputs.

        Example:
            >>> from nn.modules import MLP
            >>> network = MLP(2, [3, 1]).eval()
            >>> network.training, network.layers[0].training
            (False, False)
        """
        return self._set("training", False)

    def _set(self, name: str, state: bool) -> Self:
        for module in self.modules():
            setattr(module, name, state)
        return self

    # --- storing and loading ---

    def state_dict(self) -> dict[str, float]:
        """The numbers of all parameters, by their paths.

        Raises:
            ValueError: If two parameters have the same path, as the keys 1 and "1" of a dict.

        Example:
            >>> from nn.modules import Neuron
            >>> Neuron(2, weights=[1.0, -1.0], bias=-0.5).state_dict()
            {'w.0': 1.0, 'w.1': -1.0, 'b': -0.5}
        """
        return {name: parameter.data for name, parameter in self._by_name().items()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Give all parameters the numbers of a `state_dict`; if anything is wrong with it, none is changed.

        Args:
            state: A finite number for the path of every parameter, and nothing else.

        Raises:
            ValueError: If paths are missing or unexpected, or a number is not finite.
            TypeError: If state is not a mapping, or holds something else than numbers.

        Example:
            >>> from nn.modules import Neuron
            >>> neuron = Neuron(1)
            >>> neuron.load_state_dict({"w.0": 2.0, "b": 0.5})
            >>> neuron([3.0]).data
            6.5
            >>> neuron.load_state_dict({"w.0": 2.0, "bias": 0.5})
            Traceback (most recent call last):
            ...
            ValueError: the state does not fit Neuron: missing b; unexpected bias
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"a state is a dict of numbers, as state_dict() gives it, not {type(state).__name__}")
        parameters = self._by_name()
        wrong = [
            f"{what} {_some(names)}"
            for what, names in (
                ("missing", [name for name in parameters if name not in state]),
                ("unexpected", [name for name in state if name not in parameters]),
            ) if names
        ]  # fmt: skip
        if wrong:
            raise ValueError(f"the state does not fit {type(self).__name__}: {'; '.join(wrong)}")
        numbers = {name: _finite(name, state[name]) for name in parameters}
        for name, parameter in parameters.items():
            parameter.data = numbers[name]

    def _by_name(self) -> dict[str, Value]:
        named = self.named_parameters()
        if twice := [name for name, times in Counter(name for name, _ in named).items() if times > 1]:
            raise ValueError(f"two parameters of {type(self).__name__} have the path {twice[0]!r}: rename one")
        return dict(named)

    # --- counting and showing ---

    @property
    def n_parameters(self) -> int:
        """The number of parameters: weights, biases and learned slopes."""
        return len(self.parameters())

    @property
    def n_neurons(self) -> int:
        """The number of neurons; inputs are not counted."""
        return sum(module._neurons for module in self.modules())

    @property
    def n_weights(self) -> int:
        """The number of weights: the parameters that are neither biases nor learned slopes.

        Example:
            >>> from nn.modules import MLP
            >>> network = MLP(3, [4, 2])
            >>> network.n_neurons, network.n_weights, network.n_parameters
            (6, 20, 26)
        """
        return sum(is_weight(name) for name, _ in self.named_parameters())

    @recursive_repr()
    def __repr__(self) -> str:
        parts = [(name, x) for name, x in _members(self) if isinstance(x, Module)]
        if not parts:
            return f"{type(self).__name__}({count(self.n_parameters, 'parameter')})"
        lines = [f"  {name}: {part!r}".replace("\n", "\n  ") for name, part in parts]
        return "\n".join([f"{type(self).__name__}(", *lines, f")  # {count(self.n_parameters, 'parameter')}"])


@contextmanager
def evaluating(model: object) -> Iterator[None]:
    """While the block runs, dropout and noise are off; afterwards every module is in the mode that it had.

    Args:
        model: A module; of anything else, as a plain function, nothing is changed.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(2, [1])
        >>> with evaluating(network):
        ...     network.training
        False
        >>> network.training
        True
    """
    modules = model.modules() if isinstance(model, Module) else []
    modes = [module.training for module in modules]
    try:
        for module in modules:
            module.training = False
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


def is_weight(name: str) -> bool:
    """Whether a parameter is a weight, going by its path: not a bias (`b`, `bias`), not a learned `slope`.

    Args:
        name: The path, as `named_parameters` gives it.

    Example:
        >>> is_weight("layers.0.neurons.3.w.1"), is_weight("layers.0.neurons.3.b")
        (True, False)
    """
    return name.rpartition(".")[2] not in ("b", "bias", "slope")


def count(number: int, thing: str) -> str:
    """A number of things in words.

    Example:
        >>> count(1, "neuron"), count(2, "neuron")
        ('1 neuron', '2 neurons')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def nothing_shared(module: Module, config: dict[str, Any], expected: int) -> dict[str, Any]:
    """The config of a module, if what it builds has as many parameters.

    Args:
        module: The module.
        config: What its class would be called with.
        expected: How many parameters that gives.

    Raises:
        TypeError: If the module has fewer, since some are shared.
    """
    if module.n_parameters != expected:
        raise TypeError(f"{module!r} shares parameters among its parts, which a config cannot say")
    return config


# --- the walk ------------------------------------------------------------------------------------------------


def _members(container: object) -> Iterator[tuple[str, object]]:
    """The named parts of a module, a list, a tuple or a dict; of a module, those in its lists and dicts too."""
    if isinstance(container, Module):
        for name, x in vars(container).items():
            yield name, x
            if isinstance(x, (list, tuple, dict)):
                yield from ((f"{name}.{inner}", y) for inner, y in _members(x))
    elif isinstance(container, Mapping):
        yield from ((str(key), x) for key, x in container.items())
    elif isinstance(container, (list, tuple)):
        yield from ((str(i), x) for i, x in enumerate(container))


_PARTS = (Value, Module, list, tuple, dict, set, frozenset)


def _is_part(x: Any) -> bool:
    """Whether parameters are looked for in it; numpy's arrays are known by their name, so that it is not imported."""
    return isinstance(x, _PARTS) or (type(x).__name__ == "ndarray" and x.dtype.hasobject)


def walk(root: Module, closed: Callable[[Any], bool] = lambda x: isinstance(x, Value)) -> Iterator[tuple[Path, Any]]:
    """All that is reachable from a module, each thing once with its path, depth first, in the order of attributes.

    Args:
        root: The module.
        closed: Tells what is given but not looked into.

    Raises:
        TypeError: If there is a set of Values or modules.
    """
    visited: dict[int, Any] = {}  # the things too: an id is free for another when its object is gone
    stack: list[tuple[Path, Any]] = [((), root)]
    while stack:
        path, x = stack.pop()
        if id(x) in visited:
            continue
        visited[id(x)] = x
        yield path, x
        if closed(x):
            continue
        parts = _parts(path, x)
        for key in reversed(parts) if isinstance(parts, dict) else range(len(parts) - 1, -1, -1):
            if _is_part(part := parts[key]):
                stack.append(((path, key), part))


def _parts(path: Path, x: Any) -> Any:
    """The parts of a module or a container, in a dict or a sequence."""
    if isinstance(x, Module):
        return vars(x)
    if isinstance(x, (set, frozenset)):
        if any(map(_is_part, x)):
            raise TypeError(f"{path_name(path)} is a set, whose parts have no order, so no names: write a list")
        return ()
    return x if isinstance(x, (list, tuple, dict)) else x.reshape(x.shape or 1).tolist()


def own_parameters(module: Module) -> list[tuple[str, Value]]:
    """The named parameters in a module itself, in its containers too, not in the modules that it is made of.

    Args:
        module: The module.
    """
    own = walk(module, closed=lambda x: isinstance(x, (Value, Module)) and x is not module)
    return [(path_name(path), x) for path, x in own if isinstance(x, Value) and x.op is None]


def path_name(path: Path) -> str:
    """A path as text, its keys joined by dots; "" for the root.

    Args:
        path: The path, as `walk` gives it.
    """
    keys = []
    while path:
        path, key = path
        keys.append(str(key))
    return ".".join(reversed(keys))


def _some(names: list[str], shown: int = 5) -> str:
    """The first names and the number of the others."""
    rest = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(map(str, names[:shown])) + rest


def _finite(name: str, x: Any) -> float:
    try:
        number = Value(x).data
    except TypeError:
        raise TypeError(f"the state of {name} must be a number, not {type(x).__name__}: {x!r:.60}") from None
    if not math.isfinite(number):
        raise ValueError(f"the state of {name} must be a finite number, got {number}")
    return number
