"""`fit` and `evaluate`: minibatches forward, loss, backward, update, over and over, and the record of how it went.

It owns the loop over epochs; it must not know which network, loss, optimizer or data it is given.
Read next: `updates.py`, which makes one update.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from time import perf_counter
from typing import Any, Literal

from autograd import DomainError, ShapeError, Value, no_grad

from .. import losses, schedules
from ..counts import positive
from ..losses import Loss
from ..metrics.checks import plain
from ..module import Module, evaluating
from ..noise import Noise
from ..optimizers import Optimizer
from ..regularizers import Regularizer
from ..schedules import ReduceOnPlateau, Schedule
from ..seeds import check_seed
from ..tasks import check_match, check_targets, output_activation_of, task_of
from .arguments import (
    check_callbacks,
    check_model,
    check_regularizer,
    check_widths,
    make_optimizer,
    make_regularizer,
    make_source,
    make_validation,
    weigh,
)
from .batches import InMemory, Source, aligned
from .callbacks import Callback, Training
from .compiled import CompiledUpdates
from .history import History, Row
from .judge import Decide, Judge, Metric
from .not_finite import NotFiniteError, first_not_finite, likely_cause
from .progress import Bar, ctrl_c
from .tally import Tally
from .updates import Updates

__all__ = ["evaluate", "fit"]


def fit(
    model: Callable[[Any], Any],
    X: Any,
    y: Any = None,
    *,
    loss: str | Loss,
    optimizer: str | Optimizer = "adam",
    epochs: int = 20,
    batch_size: int = 16,
    validation: tuple[Any, Any] | None = None,
    callbacks: Sequence[Callback] = (),
    schedule: str | Schedule | None = None,
    regularizer: str | Regularizer | Sequence[str | Regularizer] | None = None,
    metrics: Sequence[Metric] | None = None,
    decide: Decide | None = None,
    class_weight: Any = None,
    sample_weight: Sequence[float] | None = None,
    seed: int | None = None,
    progress: bool = True,
    compiled: bool | Literal["auto"] = "auto",
) -> History:
    """Change the parameters so that the mean loss over the samples becomes small.

    Every epoch takes all samples once, in a fresh random order, in minibatches of `batch_size`; the last may be
    smaller. For each, the four steps: feed forward, compute the loss, backpropagate, update.

    Args:
        model: What maps one sample to its outputs: a network.
        X: The inputs: a sequence of samples, or an array samples x features. Without y: an iterable of pairs
            (x, target) or triples (x, target, weight), taken in its own order.
        y: The targets, one per sample, as the loss takes them.
        loss: Maps (outputs, target) of one sample to one Value, or its name; the loss of a minibatch is the mean.
        optimizer: Holds the parameters and changes them; or its name, for all trainable parameters of the model.
        epochs: How many times all samples are seen.
        batch_size: How many samples an update is computed from, from 1 to all.
        validation: (X, y) to measure after every epoch, without weights; nothing is learnt from it.
        callbacks: What is asked after every epoch, as `EarlyStopping`.
        schedule: Maps the time in epochs to the factor of the learning rate; or its name; None for a constant rate.
        regularizer: What keeps weights small, as `L2(0.01)`; several in a list.
        metrics: Names or functions (y_true, y_pred); None for those that suit the loss.
        decide: Maps outputs to the prediction that the metrics see; None for what suits the loss.
        class_weight: The weight of each class in training, `{class: weight}`, or `"balanced"`: rare classes count
            more. Probabilities then lean towards them; they are no longer the shares in the data.
        sample_weight: A weight for each sample. The loss of a minibatch of n samples is `Σ wᵢ lossᵢ / n`.
        seed: What makes the orders, and dropout and noise, repeat; None for new ones every time.
        progress: Whether to show a progress bar on stderr.
        compiled: Whether to compute many samples at once, by `autograd.compile`, which gives the same numbers but for
            rounding: `"auto"` where it pays and is possible; True must, False does not. `History.compiled` tells.

    Returns:
        One row per epoch. Ctrl-C ends the training after the minibatch at hand, and is not an error: what was learnt
        so far is kept. A model that is a Module is in `eval()` mode afterwards and knows its task for `predict`.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples, or they do not fit the model.
        ValueError: If epochs or batch_size is not a whole number of at least 1, a number in X or y is inf, nan or a
            text, a target is nothing that the loss takes, all samples are of one class, a name is unknown, or the
            optimizer holds frozen parameters or none of the model.
        TypeError: If an argument is of the wrong kind, or the loss is not a Value.
        AutogradError: If compiled is True and the model or the loss cannot be compiled.
        NotFiniteError: If a loss, a gradient or a parameter becomes inf or nan. It names epoch, sample, the first
            operation that gave it and the likely cause; the parameters are the last with which all was finite.

    Example:
        >>> from nn import MLP, SGD
        >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]
        >>> network = MLP(2, [1], seed=0)
        >>> history = fit(network, X, y, loss="binary_cross_entropy_with_logits", epochs=50, batch_size=4,
        ...               optimizer=SGD(network.parameters(), learning_rate=1.0), seed=0, progress=False)
        >>> history.rows[-1]["accuracy"]
        1.0
    """
    check_model(model)
    if compiled not in (True, False, "auto"):
        raise ValueError(f'compiled must be "auto", True or False, got {compiled!r:.60}')
    epochs, batch_size, seed = positive("epochs", epochs), positive("batch_size", batch_size), check_seed(seed)
    loss, schedule = losses.resolve(loss), schedules.resolve(schedule, epochs)
    regularizer = make_regularizer(regularizer)
    optimizer, callbacks = make_optimizer(optimizer, model), check_callbacks(callbacks)
    source, held_out = make_source(X, y, model, batch_size, epochs, seed), make_validation(validation, model)
    targets = [sample.target for sample in source.samples] if isinstance(source, InMemory) else None
    judge = Judge(loss, task_of(loss, output_activation_of(model), targets), decide, metrics)
    weigh(source, judge.task, class_weight, sample_weight)
    check_regularizer(regularizer, optimizer, model)
    if held_out is not None:
        check_targets(model, loss, *held_out, of="validation: ")
    if isinstance(source, InMemory) and targets:
        check_match(model, loss, [sample.x for sample in source.samples], targets)
    training = Training(model, optimizer, History(), judge.columns(held_out is not None))
    for callback in callbacks:
        if hasattr(callback, "on_train_begin"):
            callback.on_train_begin(training)
    if isinstance(schedule, ReduceOnPlateau):
        schedule.reset()
    if isinstance(model, Module):
        model.task = judge.task.name if judge.task.name != "raw" else None  # None: the output activation tells
        _reseed(model, seed)
    total = source.n_samples and epochs * source.n_samples
    updates = Updates(model, loss, optimizer, regularizer)
    if compiled:
        updates = CompiledUpdates(updates, source, total, compiled is True)
    try:
        with ctrl_c() as asked, regularizer.acting_on(model), updates.acting(), Bar(total, progress) as bar:
            for epoch in range(1, epochs + 1):
                row = _epoch(updates, judge, source, held_out, schedule, training.history, epoch, asked, bar)
                training.history.rows.append(row)
                training.history.compiled = updates.told
                bar.show(row)
                if isinstance(schedule, ReduceOnPlateau):
                    schedule.observe(row.get("validation_loss", row["loss"]))
                for callback in callbacks:
                    callback.on_epoch_end(training)
                training.history.stopped, training.history.interrupted = training.stopped, asked()
                if training.stopped or asked():
                    break
    finally:
        training.history.compiled = updates.told
        optimizer.factor = 1.0
        if isinstance(model, Module):
            model.eval()
        for callback in callbacks:
            if hasattr(callback, "on_train_end"):
                callback.on_train_end(training)
    return training.history


def evaluate(
    model: Callable[[Any], Any], X: Any, y: Any, *, loss: str | Loss, metrics: Sequence[Metric] | None = None,
    decide: Decide | None = None,
) -> Row:  # fmt: skip
    """The mean loss over samples and the metrics; nothing is recorded for gradients, dropout and noise are off.

    Args:
        model: What maps one sample to its outputs: a network.
        X: The inputs: a sequence of samples, or an array samples x features.
        y: The targets, one per sample.
        loss: Maps (outputs, target) of one sample to one Value, or its name.
        metrics: Names or functions (y_true, y_pred); None for those that suit the loss.
        decide: Maps outputs to the prediction that the metrics see; None for what suits the loss.

    Returns:
        `{"loss": ...}` and a number for each metric.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples.
        ValueError: If a number in X or y is inf, nan or a text, or a name is unknown.
        NotFiniteError: If the loss of a sample is inf or nan, or undefined, as ln 0 is.

    Example:
        >>> evaluate(lambda x: x[0], [[1.0], [2.0]], [1, 4], loss=lambda p, y: (p - y) ** 2)
        {'loss': 2.0}
    """
    check_model(model)
    loss = losses.resolve(loss)
    samples, targets = aligned(X, y)
    check_widths(model, samples)
    check_targets(model, loss, samples, targets)
    judge = Judge(loss, task_of(loss, output_activation_of(model), targets), decide, metrics)
    return judge.measure(*_outputs(model, judge, samples, targets))


def _epoch(
    updates: Updates, judge: Judge, source: Source, held_out: tuple[list[Any], list[Any]] | None, schedule: Schedule,
    history: History, epoch: int, asked: Callable[[], bool], bar: Bar,
) -> Row:  # fmt: skip
    """One epoch, measured. If a number is not finite, or it is broken off, the parameters go back to good ones."""
    began = perf_counter()
    try:
        row = {"epoch": epoch, **_minibatches(updates, judge, source, schedule, epoch, asked, bar)}
        if held_out is not None:
            row |= _validation(updates, judge, held_out)
    except NotFiniteError as error:
        updates.go_back()
        named = NotFiniteError(f"epoch {epoch}, {error}")
        named.history = history
        raise named from error
    except KeyboardInterrupt:  # the second Ctrl-C, perhaps in the middle of an update
        updates.go_back()
        raise
    rate = updates.optimizer.learning_rate * updates.optimizer.factor
    return row | {"learning_rate": rate, "seconds": perf_counter() - began}


def _minibatches(
    updates: Updates, judge: Judge, source: Source, schedule: Schedule, epoch: int, asked: Callable[[], bool], bar: Bar
) -> Row:
    """All minibatches of one epoch, or those until Ctrl-C. Returns the figures of what was seen."""
    seen = Tally(bounded=not isinstance(source, InMemory))
    updates.begin_epoch()
    told = updates.told
    try:
        for batch in source.epoch():
            share = seen.n / source.n_samples if source.n_samples else 0.0
            updates.optimizer.factor = _factor(schedule, epoch - 1 + share)
            seen.add(updates.update(batch))
            bar.advance(len(batch))
            if updates.told != told:
                bar.say(told := updates.told)
            if asked():
                break
    finally:  # also if the source or a schedule of the user's ends it with an error
        updates.end_epoch()
    if not seen.n:
        raise ShapeError(f"the stream has no samples in epoch {epoch}: an epoch iterates over it anew")
    return judge.measure_in_training(*map(list, zip(*seen.kept, strict=True))) | {"loss": seen.loss}


def _factor(schedule: Schedule, time: float) -> float:
    """What the schedule gives, checked."""
    factor = schedule(time)
    try:
        usable = math.isfinite(factor) and factor >= 0
    except TypeError:
        usable = False
    if not usable:
        raise ValueError(
            f"the schedule must give a finite factor of at least 0, and gave {factor!r:.60} at {time:g} epochs"
        )
    return float(factor)


def _outputs(
    model: Callable[[Any], Any], judge: Judge, samples: Sequence[Any], targets: Sequence[Any]
) -> tuple[list[float], list[Any], Sequence[Any]]:
    """The loss of each sample, its outputs, and the targets.

    Raises:
        NotFiniteError: If a loss is undefined, inf or nan.
    """
    values, outputs = [], []
    with no_grad(), evaluating(model):
        for i, (x, target) in enumerate(zip(samples, targets, strict=True)):
            try:
                output = model(x)
                values.append(float(judge.loss(output, target)))
            except DomainError as error:
                raise NotFiniteError(f"sample {i}: {error}") from error
            outputs.append(plain(output))
            if not math.isfinite(values[-1]):
                break
        else:
            return values, outputs, targets
    raise NotFiniteError(f"sample {i}: the loss is {values[-1]}{_origin(model, judge, x, target)}")


def _origin(model: Callable[[Any], Any], judge: Judge, x: Any, target: Any) -> str:
    """Where a loss that is not finite comes from: computed once more, with its graph."""
    with evaluating(model):
        loss = judge.loss(model(x), target)
    if not isinstance(loss, Value):
        return ""
    parameters: list[float] = [p.data for p in model.parameters()] if isinstance(model, Module) else []
    return f", first {first_not_finite(loss)}; {likely_cause(parameters, x, target)}"


def _validation(updates: Updates, judge: Judge, held_out: tuple[list[Any], list[Any]]) -> Row:
    quick = updates.outputs(*held_out)
    try:
        found = (*quick, held_out[1]) if quick else _outputs(updates.model, judge, *held_out)
        measured = judge.measure_in_training(*found)
    except NotFiniteError as error:
        raise NotFiniteError(f"validation {error}") from error
    return {f"validation_{name}": value for name, value in measured.items()}


def _reseed(model: Module, seed: int | None) -> None:
    """Let dropout and noise draw from a generator of their own, so that a seeded run repeats."""
    if seed is not None:
        generator = Random(seed)
        for module in model.modules():
            if isinstance(module, Noise):
                module.reseed(generator)
