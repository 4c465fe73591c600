"""`python -m benchmarks.accuracy`: test accuracy beside scikit-learn's networks on the same splits, in ACCURACY.md.

The same architecture, optimizer, learning rate, minibatches, epochs and L2 penalty for both; what differs is the
implementation, and the random weights that each draws. It takes about a minute.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

import nn
from nn import data

from .__main__ import conditions_of, table

RESULTS = Path(__file__).with_name("ACCURACY.md")
SEEDS = range(5)
HIDDEN = (16, 16)
LEARNING_RATE, BATCH_SIZE, ALPHA = 0.01, 32, 1e-4
EPOCHS = {"iris": 60, "wine": 40, "breast_cancer": 25, "moons": 80, "diabetes": 15}
WITHIN = 0.03


def splits(name: str, seed: int) -> tuple[Any, ...]:
    """Standardised training and test parts, and whether the targets are classes."""
    dataset = data.load(name)
    classes = bool(dataset.class_names)
    X_train, X_test, y_train, y_test = train_test_split(
        dataset.X, dataset.y, test_size=0.25, random_state=seed, stratify=dataset.y if classes else None
    )
    scaler = StandardScaler().fit(X_train)
    if not classes:
        y_mean, y_scale = y_train.mean(), y_train.std()
        y_train, y_test = (y_train - y_mean) / y_scale, (y_test - y_mean) / y_scale
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test, len(dataset.class_names)


def ours(name: str, seed: int) -> float:
    """The test accuracy, or R2, of our network."""
    X_train, X_test, y_train, y_test, n_classes = splits(name, seed)
    loss, outputs, metric = {
        0: ("mean_squared_error", 1, "r2"), 2: ("binary_cross_entropy_with_logits", 1, "accuracy"),
    }.get(n_classes, ("categorical_cross_entropy_with_logits", n_classes, "accuracy"))  # fmt: skip
    model = nn.MLP(X_train.shape[1], [*HIDDEN, outputs], seed=seed)
    nn.fit(
        model, X_train, y_train, loss=loss, epochs=EPOCHS[name], batch_size=BATCH_SIZE, metrics=(), seed=seed,
        optimizer=nn.Adam(model.parameters(), learning_rate=LEARNING_RATE), regularizer=nn.L2(ALPHA / (2 * BATCH_SIZE)),
        progress=False,
    )  # fmt: skip
    return nn.evaluate(model, X_test, y_test, loss=loss, metrics=[metric])[metric]


def theirs(name: str, seed: int) -> float:
    """The test accuracy, or R2, of scikit-learn's network; its penalty is ½ α |w|² over the size of the minibatch."""
    X_train, X_test, y_train, y_test, n_classes = splits(name, seed)
    make = MLPClassifier if n_classes else MLPRegressor
    model = make(
        hidden_layer_sizes=HIDDEN, solver="adam", learning_rate_init=LEARNING_RATE, batch_size=BATCH_SIZE, alpha=ALPHA,
        max_iter=EPOCHS[name], n_iter_no_change=EPOCHS[name], random_state=seed,
    )  # fmt: skip
    with warnings.catch_warnings():  # it asks for more epochs than both were given
        warnings.simplefilter("ignore", ConvergenceWarning)
        return float(model.fit(X_train, y_train).score(X_test, y_test))


def main() -> None:
    rows = []
    for name in EPOCHS:
        began = process_time()
        mine = [ours(name, seed) for seed in SEEDS]
        seconds = (process_time() - began) / len(SEEDS)
        peer = [theirs(name, seed) for seed in SEEDS]
        gain = mean(mine) - mean(peer)
        row = [
            name, "R2" if name == "diabetes" else "accuracy", f"{mean(mine):.3f}", f"{mean(peer):.3f}", f"{gain:+.3f}",
            f"{min(mine):.3f} to {max(mine):.3f}", f"{min(peer):.3f} to {max(peer):.3f}", f"{seconds:.1f} s",
            "yes" if abs(gain) <= WITHIN else "**no**",
        ]  # fmt: skip
        print(*row, sep="\t", flush=True)
        rows.append(row)
    header = [
        "data", "measure", "ours", "scikit-learn", "difference", "ours, range", "scikit-learn, range",
        "our training", f"within {WITHIN}",
    ]  # fmt: skip
    text = "\n\n".join([
        "# Accuracy beside scikit-learn", conditions_of("numpy", "scikit-learn"),
        "Written by `python -m benchmarks.accuracy`. Figures are means over the test parts (a quarter of the data, "
        "stratified) of 5 splits, seeds 0 to 4; both see the same splits, standardised by the training part (the "
        f"target of diabetes too). Both: hidden layers {HIDDEN} of ReLU, Adam with learning rate {LEARNING_RATE}, "
        f"minibatches of {BATCH_SIZE}, the L2 penalty of α = {ALPHA:g}; epochs: "
        + ", ".join(f"{name} {epochs}" for name, epochs in EPOCHS.items())
        + ". Our training time is CPU time of one run, compiled where that pays, the collector on.",
        table(header, rows),
    ])  # fmt: skip
    RESULTS.write_text(text + "\n")


if __name__ == "__main__":
    main()
