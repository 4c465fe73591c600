"""`summary`: what a network is made of, layer by layer, and how many neurons, weights and parameters it has.

It owns the counting of each part and the two tables, text and HTML; it must not know how outputs are computed.
Read next: `module.py`, which counts the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autograd import Value

from .layers import Dropout, GaussianNoise, Maxout, MaxoutNeuron
from .module import Module, count, is_weight, own_parameters, path_name, walk
from .modules import Layer, Neuron
from .pipeline import Pipeline
from .readable import html_row

__all__ = ["Part", "Summary", "summary"]


@dataclass(frozen=True)
class Part:
    """One row of a summary: a layer, or what a module of your own holds itself.

    Attributes:
        path: Where it is in the network, as `"layers.0"`; "" for the network itself.
        kind: What it is, as `"Layer(3 -> 4 relu)"`.
        outputs: The number of its outputs; None if it does not tell.
        neurons: The number of its neurons.
        weights: The number of its weights: parameters that are neither biases nor learned slopes.
        parameters: The number of its parameters.
        frozen: How many of them are frozen.
    """

    path: str
    kind: str
    outputs: int | None
    neurons: int
    weights: int
    parameters: int
    frozen: int


@dataclass(frozen=True, repr=False)
class Summary:
    """What a network is made of; prints as a table, and shows itself as one in a notebook.

    Attributes:
        title: The name of its class.
        parts: Its layers, a `Part` each.
        neurons: The number of neurons; inputs are not counted.
        weights: The number of weights: parameters that are neither biases nor learned slopes.
        parameters: The number of parameters, shared ones counted once.
        frozen: How many of them are frozen.
    """

    title: str
    parts: tuple[Part, ...]
    neurons: int
    weights: int
    parameters: int
    frozen: int

    @property
    def trainable(self) -> int:
        """The number of parameters that are not frozen."""
        return self.parameters - self.frozen

    @property
    def note(self) -> str:
        """What of the parameters is trained, and whether parts share some."""
        text = f"{count(self.parameters, 'parameter')}: {self.trainable} trainable, {self.frozen} frozen"
        shared = sum(part.parameters for part in self.parts) - self.parameters
        return f"{text}; {shared} more in the rows, since parts share them" if shared else text

    def _cells(self) -> list[list[str]]:
        """The table: a head, a row for each part, the total."""
        head = ["", "layer", "outputs", "neurons", "weights", "parameters", "frozen"]
        rows = [
            [part.path, part.kind, _shown(part.outputs), str(part.neurons), str(part.weights), str(part.parameters),
             _shown(part.frozen or None)]
            for part in self.parts
        ]  # fmt: skip
        total = [
            "",
            "total",
            "",
            str(self.neurons),
            str(self.weights),
            str(self.parameters),
            _shown(self.frozen or None),
        ]
        return [head, *rows, total]

    def __str__(self) -> str:
        cells = self._cells()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [_aligned(line, widths) for line in cells]
        rule = "-" * max(map(len, lines))
        return "\n".join([self.title, lines[0], rule, *lines[1:-1], rule, lines[-1], self.note])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head, *rows, total = self._cells()
        return (
            f"<table><caption>{escape(self.title)}</caption><thead>{html_row(head, 'th')}</thead>"
            f"<tbody>{''.join(html_row(row, 'td') for row in rows)}</tbody>"
            f"<tfoot>{html_row(total, 'th')}</tfoot></table><p>{escape(self.note)}</p>"
        )


def summary(model: Module | Pipeline) -> Summary:
    """What a network is made of: its layers with their neurons, weights and parameters.

    Args:
        model: A network, a layer, or a module of your own; or a `Pipeline`, whose network is meant.

    Returns:
        The table, which prints itself, with the numbers as attributes.

    Raises:
        TypeError: If model is neither a Module nor a Pipeline.

    Example:
        >>> from nn.modules import MLP
        >>> summary(MLP(3, [4, 2], seed=0))
        MLP
                  layer                 outputs  neurons  weights  parameters  frozen
        -----------------------------------------------------------------------------
        layers.0  Layer(3 -> 4 relu)          4        4       12          16
        layers.1  Layer(4 -> 2 linear)        2        2        8          10
        -----------------------------------------------------------------------------
                  total                                6       20          26
        26 parameters: 26 trainable, 0 frozen
    """
    if isinstance(model, Pipeline):
        model = model.network
    if not isinstance(model, Module):
        raise TypeError(f"summary takes a Module, as MLP(2, [3, 1]), not {type(model).__name__}: {model!r:.60}")
    trainable = {id(x) for x in model.trainable_parameters()}
    parts = [
        _part(path_name(path), x, trainable)
        for path, x in walk(model, closed=lambda x: isinstance(x, (Value, *_LAYERS)))
        if isinstance(x, Module) and _is_shown(x)
    ]
    return Summary(
        type(model).__name__, tuple(parts), model.n_neurons, model.n_weights, model.n_parameters,
        model.n_parameters - len(trainable),
    )  # fmt: skip


_LAYERS = (Layer, Neuron, Maxout, MaxoutNeuron, Dropout, GaussianNoise)  # a row each, whatever they are made of


def _is_shown(module: Module) -> bool:
    """Whether a module has a row: a layer that does something, or what has parameters besides those of its parts."""
    if isinstance(module, Dropout):
        return module.p > 0
    return isinstance(module, _LAYERS) or bool(own_parameters(module))


def _part(path: str, module: Module, trainable: set[int]) -> Part:
    is_layer = isinstance(module, _LAYERS)
    named = module.named_parameters() if is_layer else own_parameters(module)
    kind = repr(module) if is_layer else f"{type(module).__name__}, its own parameters"
    outputs = getattr(module, "n_outputs", None)
    neurons = module.n_neurons if is_layer else module._neurons
    return Part(path, kind, outputs, neurons, *_counted(named, trainable))


def _counted(named: Iterable[tuple[str, Value]], trainable: set[int]) -> tuple[int, int, int]:
    """How many are weights, how many there are, and how many are frozen."""
    named = list(named)
    frozen = sum(id(parameter) not in trainable for _, parameter in named)
    return sum(is_weight(name) for name, _ in named), len(named), frozen


def _shown(number: Any) -> str:
    return "" if number is None else str(number)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    """One line of text: path and layer to the left, numbers to the right; no column for paths if there are none."""
    cells = [f"{cell:{'<' if i < 2 else '>'}{width}}" for i, (cell, width) in enumerate(zip(line, widths, strict=True))]
    return "  ".join(cell for cell, width in zip(cells, widths, strict=True) if width).rstrip()
