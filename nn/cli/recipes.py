"""What suits a task where nothing is asked for: network, loss and training, chosen from the data's size and target.

It owns these choices and the reasons for them; it must not know files or the command line.
Read next: `run.py`, which follows the recipe, and `training/loop.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Recipe", "n_parameters", "recipe", "seconds_of_epoch"]

MINIBATCH, PARAMETER = 3e-4, 3e-9
"""Seconds for a minibatch, and for a parameter in a sample, of compiled training."""

QUICK, BEARABLE = 3.0, 60.0
"""Seconds for training: where the data are few, and where they are many."""

UPDATES, FEW_EPOCHS, FEWEST_EPOCHS = 2000, 25, 3
"""What training may need: so many updates where the data are few, so many epochs where they are many; and the least."""

PATIENCE = 10
"""Epochs without improvement to wait for, at least; a fifth of all where they are many: plateaus are longer then."""

MOST_L2 = 0.02
"""The largest penalty, of the smallest data sets."""

LEARNING_RATES = {"sgd": 0.05, "adagrad": 0.05, "adadelta": 1.0, "rmsprop": 0.005, "lbfgs": 1.0}
"""What suits standardised inputs and small networks; 0.01 for optimizers that are not named."""


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        loss: The name of the loss; all take linear outputs.
        n_outputs: How many outputs the network has.
        hidden: The sizes of the hidden layers.
        epochs: The most passes over the training part; early stopping ends them sooner.
        batch_size: Samples per update.
        patience: Epochs without improvement after which training stops; 0: it does not.
        activation: Of the hidden layers.
        optimizer: The name of the optimizer.
        learning_rate: Its step size.
        l2: The strength λ of the penalty `λ Σ w²`.
    """

    loss: str
    n_outputs: int
    hidden: tuple[int, ...]
    epochs: int
    batch_size: int
    patience: int
    activation: str = "relu"
    optimizer: str = "adam"
    learning_rate: float = 0.01
    l2: float = 0.0


def recipe(
    n_samples: int, n_features: int, n_classes: int | None = None, hidden: Sequence[int] | None = None,
    optimizer: str = "adam",
) -> Recipe:  # fmt: skip
    """What suits so many samples of so many features.

    Two classes get one logit and binary cross-entropy, more classes a logit each and categorical cross-entropy, a
    quantity (standardised, so that its loss has the size of the others) one output and the squared error: the losses
    from which the gradient at the outputs is just prediction minus target. Adam with the rate 0.01 needs no tuning for
    standardised inputs and networks of this size. L-BFGS gets all samples at once: its line search needs one function.

    Args:
        n_samples: Those to train on.
        n_features: The inputs of the network.
        n_classes: How many classes there are; None for a quantity.
        hidden: The sizes of the hidden layers if they are fixed; the number of epochs depends on them.
        optimizer: The name of the optimizer, if it is fixed; rate and batch size depend on it.

    Raises:
        ValueError: If there is one class only: nothing can be learnt from it.

    Example:
        >>> recipe(341, 30, n_classes=2).loss, recipe(90, 4, n_classes=3).n_outputs
        ('binary_cross_entropy_with_logits', 3)
        >>> recipe(60_000, 20).epochs < recipe(265, 10).epochs
        True
    """
    if n_classes is not None and n_classes < 2:
        raise ValueError(f"a target of {n_classes} class teaches nothing: two different ones are needed")
    loss = {None: "mean_squared_error", 2: "binary_cross_entropy_with_logits"}.get(
        n_classes, "categorical_cross_entropy_with_logits"
    )
    n_outputs = n_classes if n_classes and n_classes > 2 else 1
    hidden = (16, 16) if hidden is None else tuple(hidden)
    batch_size = 16 if n_samples < 2000 else 32
    epochs = _epochs(n_samples, n_parameters(n_features, (*hidden, n_outputs)), batch_size)
    batch_size = n_samples if optimizer == "lbfgs" else batch_size
    # What is noise looks like structure to many inputs and few samples. A class is less noisy than a quantity.
    l2 = min((1.0 if n_classes else 0.5 * n_features) / n_samples, MOST_L2)
    rate = LEARNING_RATES.get(optimizer, 0.01)
    return Recipe(
        loss,
        n_outputs,
        hidden,
        epochs,
        batch_size,
        max(PATIENCE, epochs // 5),
        optimizer=optimizer,
        learning_rate=rate,
        l2=l2,
    )


def _epochs(n_samples: int, parameters: int, batch_size: int) -> int:
    """A run of some seconds, longer only to see all samples often enough."""
    wanted = max(150, UPDATES * batch_size // n_samples)
    epoch = seconds_of_epoch(n_samples, parameters, batch_size)
    quick, bearable = int(QUICK / epoch), int(BEARABLE / epoch)
    return max(FEWEST_EPOCHS, min(wanted, max(quick, min(FEW_EPOCHS, bearable))))


def seconds_of_epoch(n_samples: int, parameters: int, batch_size: int) -> float:
    """About how long all samples take once.

    Args:
        n_samples: How many there are.
        parameters: The weights and biases.
        batch_size: Samples per update.

    Example:
        >>> round(seconds_of_epoch(1078, 3190, 32), 2)  # the digits, with layers of 30, 30 and 10
        0.02
    """
    return -(-n_samples // batch_size) * MINIBATCH + n_samples * parameters * PARAMETER


def n_parameters(n_inputs: int, n_outputs: Sequence[int]) -> int:
    """The weights and biases of fully connected layers: `Σ (inputs + 1) · outputs`.

    Args:
        n_inputs: The number of inputs.
        n_outputs: The size of every layer.

    Example:
        >>> n_parameters(3, [4, 2])
        26
    """
    return sum((fan_in + 1) * n for fan_in, n in zip([n_inputs, *n_outputs[:-1]], n_outputs, strict=True))
