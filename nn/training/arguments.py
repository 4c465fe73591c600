"""What `fit` is given, checked and made into what the loop works with, before anything is changed.

It owns these checks and their errors; it must not know how training goes.
Read next: `loop.py`, which asks for them in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from numbers import Real
from typing import Any

from autograd import ShapeError, Value

from .. import optimizers, regularizers
from ..module import Module
from ..optimizers import Optimizer
from ..regularizers import Combined, Regularizer
from ..tasks import Task, class_weights
from .batches import InMemory, Source, Stream, aligned

__all__ = [
    "check_callbacks", "check_model", "check_regularizer", "check_widths", "make_optimizer",
    "make_regularizer", "make_source", "make_validation", "weigh",
]  # fmt: skip


def check_model(model: Any) -> None:
    """TypeError if the model is none that maps one sample to its outputs."""
    if isinstance(model, type):
        raise TypeError(f"the model is the class {model.__name__}: make one of it, as MLP(2, [8, 1])")
    if hasattr(model, "preprocessing"):
        raise TypeError(
            "fit and evaluate take a network, not a pipeline: give pipeline.network, and the samples as "
            "pipeline.preprocessing.transform(rows)"
        )
    if not callable(model):
        raise TypeError(f"a model maps a sample to its outputs when it is called, and {model!r:.60} cannot be called")


def make_optimizer(optimizer: str | Optimizer, model: Any) -> Optimizer:
    """The optimizer that is meant, for the parameters of the model.

    Raises:
        ValueError: If there is none of that name, all parameters are frozen, or the optimizer holds frozen parameters
            of the model or none of its parameters at all.
        TypeError: If it is neither a name nor an optimizer, or a name and the parameters cannot be found.
    """
    if isinstance(optimizer, str):
        return optimizers.resolve(optimizer, _trainable(model))
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f'optimizer must be a name, as "adam", or one made as Adam(model.parameters()); got {optimizer!r}'
        )
    if isinstance(model, Module):
        own = {id(p) for p in model.parameters()}
        frozen = own - {id(p) for p in model.trainable_parameters()}
        held = [id(p) for p in optimizer.parameters]
        if not own.intersection(held):
            raise ValueError(
                "none of the optimizer's parameters belongs to the model, perhaps because the model was made anew: "
                "make the optimizer anew, from model.parameters()"
            )
        if n := sum(p in frozen for p in held):
            raise ValueError(f"the optimizer holds {n} frozen parameters: give it model.trainable_parameters()")
    return optimizer


def _trainable(model: Any) -> list[Value]:
    """The parameters for an optimizer that is given by name."""
    if not hasattr(model, "parameters"):
        raise TypeError("the parameters of a plain function cannot be found: give optimizer=Adam(parameters)")
    values: list[Value] = model.trainable_parameters() if isinstance(model, Module) else model.parameters()
    if not values:
        raise ValueError("the model has no parameters to train: all are frozen (model.unfreeze()), or there are none")
    return values


def make_regularizer(regularizer: str | Regularizer | Sequence[str | Regularizer] | None) -> Regularizer:
    """The regularizer that is meant: None does nothing, several act together."""
    if regularizer is None:
        return Regularizer()
    if isinstance(regularizer, (list, tuple)):
        return Combined(*map(regularizers.resolve, regularizer))
    return regularizers.resolve(regularizer)  # type: ignore[arg-type]


def check_regularizer(regularizer: Regularizer, optimizer: Optimizer, model: Any) -> None:
    """That the regularizer and the optimizer go together.

    Raises:
        ValueError: If the regularizer acts after the update, and the optimizer searches along a line, has several
            learning rates, or does not hold what the regularizer moves.
    """
    if regularizer.smooth:
        return
    if optimizer.needs_closure:
        raise ValueError(
            f"{type(optimizer).__name__} needs a smooth objective, and {regularizer!r} is not: use Adam or SGD"
        )
    if len({group["learning_rate"] for group in optimizer.groups}) > 1:
        raise ValueError(f"{regularizer!r} acts with one learning rate, and the optimizer has several: give all one")
    held = {id(p) for p in optimizer.parameters}
    if any(id(w) not in held for w in regularizer.weights(model)):
        raise ValueError(
            f"{regularizer!r} acts on weights that the optimizer does not hold: freeze them, or name the modules to "
            "act on with modules=[...]"
        )


def make_validation(validation: Any, model: Any) -> tuple[list[Any], list[Any]] | None:
    """The samples and targets that are measured every epoch; None if there are none.

    Raises:
        TypeError: If it is not a pair (X, y).
        ShapeError: If there are not as many targets as samples, or a sample has another width than the model takes.
        ValueError: If a number among them is inf, nan or a text.
    """
    if validation is None:
        return None
    if not isinstance(validation, (list, tuple)) or len(validation) != 2:
        raise TypeError(f"validation must be a pair (X, y), as nn.split gives one; got {validation!r:.60}")
    X, y = validation
    samples, targets = aligned(X, y, of="validation: ")
    check_widths(model, samples, "validation: ")
    return samples, targets


def check_callbacks(callbacks: Any) -> list[Any]:
    """The callbacks as a list.

    Raises:
        TypeError: If it is not a list of objects with `on_epoch_end(training)`.
    """
    if hasattr(callbacks, "on_epoch_end") or not isinstance(callbacks, (list, tuple)):
        raise TypeError(f"callbacks must be a list, as [EarlyStopping()]; got {callbacks!r:.60}")
    for callback in callbacks:
        if isinstance(callback, type) or not callable(getattr(callback, "on_epoch_end", None)):
            raise TypeError(
                f"a callback is an object with on_epoch_end(training), as EarlyStopping(); got {callback!r:.60}"
            )
    return list(callbacks)


def make_source(X: Any, y: Any, model: Any, batch_size: int, epochs: int, seed: int | None) -> Source:
    """Where the minibatches come from, its numbers checked.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples, or a sample has another width than the
            model takes.
        ValueError: If a number among them is inf, nan or a text, or a stream that can be read only once is to be
            read for several epochs.
    """
    if y is None:
        if _is_table(X, model):
            raise TypeError("y is missing: write fit(model, X, y, ...); a stream gives pairs (x, target)")
        if not hasattr(X, "__iter__"):
            raise TypeError(f"X must be a list, an array or an iterable of pairs (x, target), got {X!r:.60}")
        if epochs > 1 and isinstance(X, Iterator):
            raise ValueError(f"an iterator can be read once, and epochs is {epochs}: give a list, or epochs=1")
        return Stream(X, batch_size)
    samples, targets = aligned(X, y)
    check_widths(model, samples)
    return InMemory(samples, targets, batch_size, seed)


def _is_table(X: Any, model: Any) -> bool:
    """Whether these are samples of numbers rather than pairs (x, target), for a model that takes lists of numbers."""
    if not isinstance(getattr(model, "n_inputs", None), int) or not isinstance(X, Sequence) or not X:
        return hasattr(X, "tolist")
    return hasattr(X[0], "__getitem__") and isinstance(X[0][0], Real)


def check_widths(model: Any, samples: Sequence[Any], of: str = "") -> None:
    """That every sample has as many numbers as a model takes that says how many.

    Raises:
        ShapeError: If one has not.
        TypeError: If one is no list of numbers.
    """
    width = getattr(model, "n_inputs", None)
    if not isinstance(width, int):
        return
    for i, sample in enumerate(samples):
        if isinstance(sample, Mapping):
            raise TypeError(
                f"{of}sample {i} is a dict: a network takes numbers, which Preprocessing.transform makes of rows"
            )
        if not isinstance(sample, (list, tuple)):
            remedy = (
                "for one feature write [[x] for x in X]" if width == 1 else f"each sample is a list of {width} numbers"
            )
            raise ShapeError(f"{of}sample {i} is {sample!r:.40}, and the model takes lists of {width}: {remedy}")
        if len(sample) != width:
            raise ShapeError(
                f"{of}sample {i} has {len(sample)} numbers, and the model takes {width} inputs: {sample!r:.60}"
            )
        if nested := next((x for x in sample if isinstance(x, (list, tuple))), None):
            raise ShapeError(f"{of}sample {i} holds the list {nested!r:.40}: flatten it, each input is one number")


def weigh(source: Source, task: Task, class_weight: Any, sample_weight: Any) -> None:
    """Give the samples their weights.

    Raises:
        ShapeError: If there are not as many weights as samples.
        ValueError: If they are to weigh the samples of a stream, or classes where there are none; if a weight is
            negative or no finite number, or all are 0.
    """
    if class_weight is None and sample_weight is None:
        return
    if not isinstance(source, InMemory):
        raise ValueError("a stream carries its weights itself: give triples (x, target, weight)")
    targets = [sample.target for sample in source.samples]
    weights = [1.0] * len(targets)
    if sample_weight is not None:
        weights, _ = aligned(sample_weight, targets, of="sample_weight: ")
    if class_weight is not None:
        if task.kind == "regression":
            raise ValueError(
                f"class_weight weighs classes, and the targets are numbers ({task.name}): use sample_weight"
            )
        weights = [w * c for w, c in zip(weights, class_weights(targets, class_weight), strict=True)]
    if min(weights) < 0 or not any(weights):
        raise ValueError(
            f"the weights of samples are at least 0, and not all are 0; the smallest is {min(weights)}, the largest "
            f"{max(weights)}"
        )
    source.weigh(weights)
