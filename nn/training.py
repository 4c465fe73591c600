"""Training: minibatches forward, loss, backward, update, over and over, and the record of how it went.

It owns the loop and its history; it must not know which network, loss, optimizer or data it is given.
Read next: `cli.py`, which puts everything together.
"""

from __future__ import annotations

import csv
import math
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Protocol, TypeAlias

import autograd
from autograd import DomainError, ShapeError, Value, no_grad

from .counts import positive
from .losses import Loss

__all__ = ["History", "NotFiniteError", "evaluate", "fit"]

Row: TypeAlias = dict[str, float]
Decide: TypeAlias = Callable[[Any], Any]


class NotFiniteError(DomainError):
    """Training met a loss or a gradient that is inf or nan, or a value that is undefined."""


class _Optimizer(Protocol):
    parameters: list[Value]

    def step(self) -> None: ...
    def zero_grad(self) -> None: ...


@dataclass
class History:
    """How training went.

    Attributes:
        rows: One dict per epoch: `epoch` (1 for the first), `loss` and, for classes, `accuracy` (means over the
            epoch's samples, each taken when its minibatch was seen), with validation data `test_loss` and
            `test_accuracy` (after the epoch).
        interrupted: Whether Ctrl-C ended it; the last row then covers what was seen of its epoch.
    """

    rows: list[Row] = field(default_factory=list)
    interrupted: bool = False

    def column(self, name: str) -> list[float]:
        """One quantity over the epochs."""
        return [row[name] for row in self.rows]

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Write a header and one line per epoch; numbers are written so that they read back exactly."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, fieldnames=list(self.rows[0]) if self.rows else ["epoch"], lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(self.rows)


def fit(
    model: Callable[[Any], Any],
    X: Any,
    y: Any,
    *,
    loss: Loss,
    optimizer: _Optimizer,
    epochs: int = 20,
    batch_size: int = 16,
    decide: Decide | None = None,
    validation: tuple[Any, Any] | None = None,
    seed: int | None = None,
    progress: bool = True,
) -> History:
    """Change the parameters so that the mean loss over the samples becomes small.

    Every epoch takes all samples once, in a fresh random order, in minibatches of `batch_size`; the last may be
    smaller. For each, the four steps: feed forward, compute the loss, backpropagate, update.

    Args:
        model: What maps one sample to its outputs: a network.
        X: The inputs: a sequence of samples, or an array samples x features.
        y: The targets, one per sample, as the loss takes them.
        loss: Maps (outputs, target) of one sample to one Value; the loss of a minibatch is the mean.
        optimizer: Holds the parameters and changes them.
        epochs: How many times all samples are seen.
        batch_size: How many samples an update is computed from.
        decide: Maps outputs to the predicted class, for the accuracy; a target may be the class, a list of it, or a
            one-hot row. None if there is no accuracy, as in regression.
        validation: (X, y) to measure after every epoch.
        seed: What makes the orders repeat; None for new ones every time.
        progress: Whether to show a progress bar on stderr.

    Returns:
        One row per epoch. Ctrl-C ends the training after the minibatch at hand, and is not an error: what was learnt
        so far is kept.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples.
        ValueError: If epochs or batch_size is not a whole number of at least 1.
        TypeError: If the loss is not a Value.
        NotFiniteError: If a loss or a gradient is inf or nan; the parameters stay as they were before that update.

    Example:
        >>> from nn import MLP, SGD, class_from_logits, binary_cross_entropy_with_logits
        >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]
        >>> network = MLP(2, [1], seed=0)
        >>> optimizer = SGD(network.parameters(), learning_rate=1.0)
        >>> history = fit(network, X, y, loss=binary_cross_entropy_with_logits, optimizer=optimizer, epochs=50,
        ...               batch_size=4, decide=class_from_logits, seed=0, progress=False)
        >>> history.rows[-1]["accuracy"]
        1.0
    """
    samples, targets = _aligned(X, y)
    epochs, batch_size = positive("epochs", epochs), positive("batch_size", batch_size)
    from numpy.random import default_rng

    rng = default_rng(seed)
    history = History()
    with _ctrl_c() as asked, _Bar(epochs * len(samples), progress) as bar:
        for epoch in range(1, epochs + 1):
            order = rng.permutation(len(samples)).tolist()
            seen: list[tuple[float, bool]] = []
            for start in range(0, len(order), batch_size):
                chosen = order[start : start + batch_size]
                seen += _step(model, samples, targets, chosen, loss, optimizer, decide, epoch)
                bar.advance(len(chosen))
                if asked():
                    break
            row: Row = {"epoch": epoch, "loss": math.fsum(value for value, _ in seen) / len(seen)}
            if decide:
                row["accuracy"] = sum(right for _, right in seen) / len(seen)
            if validation is not None:
                try:
                    measured = evaluate(model, *validation, loss=loss, decide=decide)
                except NotFiniteError as error:
                    raise NotFiniteError(f"epoch {epoch}, validation {error}") from error
                row.update({f"test_{name}": value for name, value in measured.items()})
            history.rows.append(row)
            bar.show(row)
            if asked():
                history.interrupted = True
                break
    return history


def evaluate(
    model: Callable[[Any], Any], X: Any, y: Any, *, loss: Loss, decide: Decide | None = None
) -> dict[str, float]:
    """The mean loss over samples and, for classes, the accuracy; nothing is recorded for gradients.

    Args:
        model: What maps one sample to its outputs: a network.
        X: The inputs: a sequence of samples, or an array samples x features.
        y: The targets, one per sample.
        loss: Maps (outputs, target) of one sample to one Value.
        decide: Maps outputs to the predicted target; None if there is no accuracy.

    Returns:
        `{"loss": ...}` and, with decide, `"accuracy"`.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples.
        NotFiniteError: If the loss of a sample is undefined, as ln 0 is.

    Example:
        >>> evaluate(lambda x: x[0], [[1.0], [2.0]], [1, 4], loss=lambda p, y: (p - y) ** 2)
        {'loss': 2.0}
    """
    samples, targets = _aligned(X, y)
    losses, right = [], []
    with no_grad():
        for i, (x, target) in enumerate(zip(samples, targets, strict=True)):
            try:
                output = model(x)
                losses.append(float(loss(output, target)))
            except DomainError as error:
                raise NotFiniteError(f"sample {i}: {error}") from error
            if decide:
                right.append(_is_right(decide(output), target))
    measured = {"loss": math.fsum(losses) / len(samples)}
    if decide:
        measured["accuracy"] = sum(right) / len(right)
    return measured


def _is_right(decided: Any, target: Any) -> bool:
    """Whether the predicted class is the target: a class, a list of that one class, or a one-hot row."""
    predicted, true = (x.tolist() if hasattr(x, "tolist") else x for x in (decided, target))
    if isinstance(true, (list, tuple)) and not isinstance(predicted, (list, tuple)):
        true = true[0] if len(true) == 1 else true.index(max(true))
    return bool(predicted == true)


def _step(
    model: Callable[[Any], Any], samples: list[Any], targets: list[Any], chosen: list[int], loss: Loss,
    optimizer: _Optimizer, decide: Decide | None, epoch: int,
) -> list[tuple[float, bool]]:  # fmt: skip
    """One update from the chosen samples. Returns the loss of each, and whether its class was right, before it."""
    values, seen = [], []
    for i in chosen:
        try:
            output = model(samples[i])
            value = loss(output, targets[i])
        except DomainError as error:
            raise NotFiniteError(f"epoch {epoch}, sample {i}: {error}") from error
        try:
            finite = math.isfinite(value)
        except TypeError:
            raise _no_loss(loss, value) from None
        if not finite:
            raise NotFiniteError(f"epoch {epoch}, sample {i}: the loss is {float(value)}. {_REMEDY}")
        values.append(value)
        seen.append((float(value), decide is not None and _is_right(decide(output), targets[i])))
    optimizer.zero_grad()
    # One graph for the minibatch: backward then visits each parameter once, not once per sample.
    total = autograd.mean(values)
    if not isinstance(total, Value):
        raise _no_loss(loss, values[0])
    total.backward()
    if not all(math.isfinite(p.grad) for p in optimizer.parameters):
        raise NotFiniteError(f"epoch {epoch}, samples {chosen}: a gradient is not finite. {_REMEDY}")
    optimizer.step()
    return seen


_REMEDY = "A smaller learning rate or standardised inputs usually mend this"


def _no_loss(loss: Loss, value: object) -> TypeError:
    name = getattr(loss, "__name__", repr(loss))
    return TypeError(f"the loss {name} must return one Value, computed from the model's outputs; it returned {value!r}")


def _aligned(X: Any, y: Any) -> tuple[list[Any], list[Any]]:
    """Samples and targets as lists, whose numbers are Python's own: those of numpy are slow one by one."""
    samples = X.tolist() if hasattr(X, "tolist") else list(X)
    targets = y.tolist() if hasattr(y, "tolist") else list(y)
    if len(samples) != len(targets):
        raise ShapeError(f"each sample needs one target: {len(samples)} samples, {len(targets)} targets")
    if not samples:
        raise ShapeError("there are no samples")
    return samples, targets


@contextmanager
def _ctrl_c() -> Iterator[Callable[[], bool]]:
    """While the block runs, a first Ctrl-C is only noted, for the loop to ask; a second one interrupts at once."""
    asked: list[bool] = []

    def note(number: int, frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:  # only the main thread gets signals; in others there is no Ctrl-C to note
        yield lambda: False
        return
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


class _Bar:
    """The progress bar, in samples; it tells loss and accuracy after every epoch."""

    def __init__(self, total: int, shown: bool) -> None:
        with warnings.catch_warnings():  # a notebook without ipywidgets gets the bar as text, not a complaint
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm

        quiet = {} if shown else {"disable": True}  # not given, the environment variable TQDM_DISABLE decides
        layout = "{desc} |{bar:8}| {elapsed}<{remaining}{postfix}"  # fits into 80 columns
        self.bar: Any = tqdm(total=total, bar_format=layout, mininterval=0.5, **quiet)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *exception: object) -> None:
        self.bar.close()

    def advance(self, samples: int) -> None:
        self.bar.update(samples)

    def show(self, row: Row) -> None:
        figures = {name: f"{value:.3f}" for name, value in row.items() if name not in ("epoch", "test_loss")}
        self.bar.set_description_str(f"epoch {row['epoch']}", refresh=False)
        self.bar.set_postfix(figures)
