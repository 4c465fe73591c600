"""The data sets, and how they are split and standardised.

It owns where samples come from; it must not know networks or training. scikit-learn brings and splits them.
Read next: `training.py`, which takes what is prepared here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .lookup import look_up

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "DATASETS", "Dataset", "Split", "breast_cancer", "load", "moons", "prepare", "standardize", "train_test_split",
]  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """Samples with their classes.

    Attributes:
        name: What it is called.
        X: The inputs: an array of floats, samples x features.
        y: The classes: an array of ints from 0 on, one per sample.
        feature_names: The name of each feature.
        class_names: The name of each class.
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[np.int64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """A data set ready for training: split, and standardised by the training part.

    Attributes:
        dataset: The whole.
        X_train, y_train: The part to train on.
        X_test, y_test: The part that training must not see.
        mean, scale: What was taken off each feature, and what it was divided by.
    """

    dataset: Dataset
    X_train: NDArray[np.float64]
    y_train: NDArray[np.int64]
    X_test: NDArray[np.float64]
    y_test: NDArray[np.int64]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]


def moons(n_samples: int = 300, noise: float = 0.15, seed: int = 0) -> Dataset:
    """Two interleaving half circles: 2 features, 2 classes that no straight line separates.

    Args:
        n_samples: How many, both classes together.
        noise: The standard deviation of the Gaussian noise on each coordinate.
        seed: What makes the noise repeat.

    Example:
        >>> moons().X.shape
        (300, 2)
    """
    from sklearn.datasets import make_moons

    X, y = make_moons(n_samples=n_samples, noise=noise, random_state=seed)
    return Dataset("moons", X, y, ("x₁", "x₂"), ("upper moon", "lower moon"))


def breast_cancer() -> Dataset:
    """Wisconsin diagnostic breast cancer: 569 tumours, 30 measures of their cell nuclei, malignant or benign.

    Example:
        >>> data = breast_cancer()
        >>> data.X.shape, data.class_names
        ((569, 30), ('malignant', 'benign'))

    References:
        W. N. Street, W. H. Wolberg, O. L. Mangasarian, Nuclear feature extraction for breast tumor diagnosis, 1993.
    """
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    features, classes = map(str, bunch.feature_names), map(str, bunch.target_names)
    return Dataset("breast_cancer", bunch.data, bunch.target, tuple(features), tuple(classes))


DATASETS: Mapping[str, Callable[[], Dataset]] = {"moons": moons, "breast_cancer": breast_cancer}
"""The data sets by name."""


def load(name: str) -> Dataset:
    """The data set of that name.

    Raises:
        ValueError: If there is none of that name; the message suggests the nearest.

    Example:
        >>> load("moon")
        Traceback (most recent call last):
        ...
        ValueError: unknown dataset 'moon', did you mean 'moons'? There are: moons, breast_cancer
    """
    return look_up("dataset", name, DATASETS)()


def train_test_split(X: Any, y: Any, test_size: float = 0.2, seed: int = 0) -> tuple[Any, Any, Any, Any]:
    """Two parts at random, in each of which every class has its share.

    Args:
        X: The inputs, samples x features.
        y: The classes, one per sample.
        test_size: The share of the test part, in (0, 1).
        seed: What makes the split repeat.

    Returns:
        X_train, X_test, y_train, y_test, in scikit-learn's order.

    Raises:
        ValueError: If a class has fewer than 2 samples, or a part would be too small to hold every class.
    """
    from sklearn import model_selection

    parts = model_selection.train_test_split(X, y, test_size=test_size, stratify=y, random_state=seed)
    return tuple(parts)


def standardize(X_train: Any, *others: Any) -> tuple[Any, ...]:
    """`(x - mean) / standard deviation` of every feature, both taken from the training part alone.

    Args:
        X_train: The inputs of the training part, samples x features. A constant feature is only centred.
        others: Inputs to transform in the same way.

    Returns:
        The transformed inputs in the order given, then the means and the scales.

    Example:
        >>> train, test, mean, scale = standardize([[1.0], [3.0]], [[5.0]])
        >>> train.tolist(), test.tolist(), mean.tolist(), scale.tolist()
        ([[-1.0], [1.0]], [[3.0]], [2.0], [1.0])
    """
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(X_train)
    return (*[scaler.transform(X) for X in (X_train, *others)], scaler.mean_, scaler.scale_)


def prepare(dataset: Dataset, test_size: float = 0.2, seed: int = 0) -> Split:
    """The data set split into two parts, stratified, and standardised by the training part.

    Args:
        dataset: The data set.
        test_size: The share of the test part, in (0, 1).
        seed: What makes the split repeat.

    Example:
        >>> split = prepare(breast_cancer())
        >>> len(split.y_train), len(split.y_test), split.X_train.shape
        (455, 114, (455, 30))
    """
    X_train, X_test, y_train, y_test = train_test_split(dataset.X, dataset.y, test_size, seed)
    X_train, X_test, mean, scale = standardize(X_train, X_test)
    return Split(dataset, X_train, y_train, X_test, y_test, mean, scale)
