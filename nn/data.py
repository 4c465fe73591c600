"""The data sets: measured ones, which scikit-learn brings, made ones, and truth tables.

It owns where samples come from; it must not know networks or training.
Read next: `preprocessing/splits.py`, which divides them, and `preprocessing/inputs.py`, which scales them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .counts import positive
from .finite import finite
from .lookup import look_up
from .seeds import check_seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "DATASETS", "Dataset", "and_", "blobs", "breast_cancer", "circles", "diabetes", "digits", "iris", "load",
    "moons", "or_", "sine", "spirals", "wine", "xor",
]  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """Samples with their classes, or with the quantity to predict.

    Attributes:
        name: What it is called.
        X: The inputs: an array of floats, samples x features, as they were measured (not scaled).
        y: The targets, one per sample: an array of ints from 0 on for classes, of floats for regression.
        feature_names: The name of each feature.
        class_names: The name of each class; () for regression.
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[np.int64] | NDArray[np.float64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


def _bundled(name: str, bunch: Any, feature_names: Iterable[str], class_names: Iterable[str]) -> Dataset:
    features, classes = tuple(map(str, feature_names)), tuple(map(str, class_names))
    y = bunch.target.astype("int64" if classes else "float64")
    return Dataset(name, bunch.data.astype("float64"), y, features, classes)


def iris() -> Dataset:
    """Iris: 150 flowers of three species, four lengths and widths of each in cm.

    Example:
        >>> data = iris()
        >>> data.X.shape, data.class_names
        ((150, 4), ('setosa', 'versicolor', 'virginica'))

    References:
        R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936.
    """
    from sklearn.datasets import load_iris

    bunch = load_iris()
    return _bundled("iris", bunch, bunch.feature_names, bunch.target_names)


def wine() -> Dataset:
    """Wine: 178 wines of three growers, 13 chemical measures of each.

    Example:
        >>> data = wine()
        >>> data.X.shape, data.class_names
        ((178, 13), ('class_0', 'class_1', 'class_2'))

    References:
        M. Forina, S. Aeberhard, R. Leardi, Wine data set, UCI Machine Learning Repository, 1991.
    """
    from sklearn.datasets import load_wine

    bunch = load_wine()
    return _bundled("wine", bunch, bunch.feature_names, bunch.target_names)


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
    return _bundled("breast_cancer", bunch, bunch.feature_names, bunch.target_names)


def digits() -> Dataset:
    """Handwritten digits: 1797 pictures of 8 x 8 pixels, flattened row by row; 0 is white, 16 is black.

    Example:
        >>> data = digits()
        >>> data.X.shape, data.feature_names[8], data.class_names[0]
        ((1797, 64), 'pixel_1_0', '0')

    References:
        E. Alpaydin, C. Kaynak, Optical recognition of handwritten digits, UCI Machine Learning Repository, 1998.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return _bundled("digits", bunch, bunch.feature_names, bunch.target_names)


def diabetes() -> Dataset:
    """Diabetes: 442 patients, ten measures of each, and how far the disease has gone a year later (regression).

    The measures are as they were taken (years, kg/m², mmHg, blood values). scikit-learn's scaled form is not used:
    its means and deviations are those of all samples, the ones to be tested on included.

    Example:
        >>> data = diabetes()
        >>> data.X.shape, data.class_names, data.feature_names[:3]
        ((442, 10), (), ('age', 'sex', 'bmi'))

    References:
        B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, Least angle regression, 2004.
    """
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    return _bundled("diabetes", bunch, bunch.feature_names, ())


def _check(n_samples: int, noise: float, seed: int | None, classes: int = 1) -> None:
    """The settings of a made data set.

    Raises:
        ValueError: If n_samples or classes is no whole number of at least 1, noise is negative or not finite, or the
            seed is out of range.
        TypeError: If noise is no number, or the seed no whole number.
    """
    positive("n_samples", n_samples)
    finite("noise", noise, minimum=0)
    check_seed(seed)
    positive("classes", classes)


def moons(n_samples: int = 300, noise: float = 0.15, seed: int | None = 0) -> Dataset:
    """Two interleaving half circles: 2 features, 2 classes that no straight line separates.

    Args:
        n_samples: How many, both classes together.
        noise: The standard deviation of the Gaussian noise on each coordinate, at least 0.
        seed: What makes the noise repeat; None for another each time.

    Example:
        >>> moons().X.shape
        (300, 2)
    """
    from sklearn.datasets import make_moons

    _check(n_samples, noise, seed)
    X, y = make_moons(n_samples=n_samples, noise=noise, random_state=seed)
    return Dataset("moons", X, y, ("x₁", "x₂"), ("upper moon", "lower moon"))


def circles(n_samples: int = 300, noise: float = 0.1, seed: int | None = 0) -> Dataset:
    """A circle of radius 1 and one of radius 1/2 inside it: 2 features, 2 classes that no straight line separates.

    Args:
        n_samples: How many, both classes together.
        noise: The standard deviation of the Gaussian noise on each coordinate, at least 0.
        seed: What makes the noise repeat; None for another each time.

    Example:
        >>> circles().X.shape
        (300, 2)
    """
    from sklearn.datasets import make_circles

    _check(n_samples, noise, seed)
    X, y = make_circles(n_samples=n_samples, noise=noise, factor=0.5, random_state=seed)
    return Dataset("circles", X, y, ("x₁", "x₂"), ("outer circle", "inner circle"))


def blobs(n_samples: int = 300, classes: int = 3, noise: float = 0.5, seed: int | None = 0) -> Dataset:
    """Round clouds of points about centres that lie evenly on a circle of radius 2: 2 features.

    Args:
        n_samples: How many, all classes together.
        classes: How many clouds; each is a class.
        noise: The standard deviation of each coordinate within a cloud, at least 0.
        seed: What makes the points repeat; None for others each time.

    Example:
        >>> blobs(classes=4).class_names
        ('blob 1', 'blob 2', 'blob 3', 'blob 4')
    """
    from sklearn.datasets import make_blobs

    _check(n_samples, noise, seed, classes)
    angles = [2 * math.pi * k / classes for k in range(classes)]
    centres = [(2 * math.cos(angle), 2 * math.sin(angle)) for angle in angles]
    X, y = make_blobs(n_samples=n_samples, centers=centres, cluster_std=noise, random_state=seed)
    return Dataset("blobs", X, y, ("x₁", "x₂"), tuple(f"blob {k + 1}" for k in range(classes)))


def spirals(n_samples: int = 300, classes: int = 2, noise: float = 0.03, seed: int | None = 0) -> Dataset:
    """Interleaving spiral arms of one and a half turns: 2 features. Hard: an arm is met many times on a straight line.

    Arm k has the points `r (cos φ, sin φ)` with `r` from 0.1 to 1 and `φ = 3π r + 2πk / classes`.

    Args:
        n_samples: How many, all classes together; they are dealt out in turn.
        classes: How many arms; each is a class.
        noise: The standard deviation of the Gaussian noise on each coordinate, at least 0.
        seed: What makes the noise repeat; None for another each time.

    Example:
        >>> spirals().X.shape
        (300, 2)
    """
    import numpy as np

    _check(n_samples, noise, seed, classes)
    y = np.arange(n_samples) % classes
    r = np.linspace(0.1, 1.0, n_samples)
    phi = 3 * np.pi * r + 2 * np.pi * y / classes
    X = np.column_stack([r * np.cos(phi), r * np.sin(phi)])
    X += np.random.default_rng(seed).normal(0.0, noise, X.shape)
    return Dataset("spirals", X, y, ("x₁", "x₂"), tuple(f"arm {k + 1}" for k in range(classes)))


def _truth_table(name: str, outputs: Sequence[int], n_samples: int, noise: float, seed: int | None) -> Dataset:
    import numpy as np

    _check(n_samples, noise, seed)
    rows = np.arange(n_samples) % 4
    X = np.column_stack([rows // 2, rows % 2]) + np.random.default_rng(seed).normal(0.0, noise, (n_samples, 2))
    return Dataset(name, X, np.array(outputs)[rows], ("x₁", "x₂"), ("false", "true"))


def xor(n_samples: int = 4, noise: float = 0.0, seed: int | None = 0) -> Dataset:
    """Exclusive or: true if one of two bits is set, not both. No single neuron can learn it.

    Args:
        n_samples: How many; the four rows of the truth table in turn.
        noise: The standard deviation of the Gaussian noise on each bit, at least 0.
        seed: What makes the noise repeat; None for another each time.

    Example:
        >>> xor().X.tolist(), xor().y.tolist()
        ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])

    References:
        M. Minsky, S. Papert, Perceptrons, 1969.
    """
    return _truth_table("xor", (0, 1, 1, 0), n_samples, noise, seed)


def or_(n_samples: int = 4, noise: float = 0.0, seed: int | None = 0) -> Dataset:
    """Or: true if at least one of two bits is set. One neuron learns it.

    Args:
        n_samples: How many; the four rows of the truth table in turn.
        noise: The standard deviation of the Gaussian noise on each bit, at least 0.
        seed: What makes the noise repeat; None for another each time.

    Example:
        >>> or_().y.tolist()
        [0, 1, 1, 1]
    """
    return _truth_table("or", (0, 1, 1, 1), n_samples, noise, seed)


def and_(n_samples: int = 4, noise: float = 0.0, seed: int | None = 0) -> Dataset:
    """And: true if both of two bits are set. One neuron learns it.

    Args:
        n_samples: How many; the four rows of the truth table in turn.
        noise: The standard deviation of the Gaussian noise on each bit, at least 0.
        seed: What makes the noise repeat; None for another each time.

    Example:
        >>> and_().y.tolist()
        [0, 0, 0, 1]
    """
    return _truth_table("and", (0, 0, 0, 1), n_samples, noise, seed)


def sine(n_samples: int = 200, noise: float = 0.1, seed: int | None = 0) -> Dataset:
    """A noisy sine (regression): `y = sin x + noise`, x uniform in [-π, π].

    Args:
        n_samples: How many.
        noise: The standard deviation of the Gaussian noise on y, at least 0.
        seed: What makes x and the noise repeat; None for others each time.

    Example:
        >>> data = sine()
        >>> data.X.shape, data.class_names
        ((200, 1), ())
    """
    import numpy as np

    _check(n_samples, noise, seed)
    rng = np.random.default_rng(seed)
    X = rng.uniform(-np.pi, np.pi, (n_samples, 1))
    return Dataset("sine", X, np.sin(X[:, 0]) + rng.normal(0.0, noise, n_samples), ("x",), ())


DATASETS: Mapping[str, Callable[[], Dataset]] = {
    "iris": iris, "wine": wine, "breast_cancer": breast_cancer, "digits": digits, "diabetes": diabetes,
    "moons": moons, "circles": circles, "blobs": blobs, "spirals": spirals,
    "xor": xor, "or": or_, "and": and_, "sine": sine,
}  # fmt: skip
"""The data sets by name."""


def load(name: str) -> Dataset:
    """The data set of that name.

    Raises:
        ValueError: If there is none of that name; the message suggests the nearest.

    Example:
        >>> load("moon")
        Traceback (most recent call last):
        ...
        ValueError: unknown dataset 'moon', did you mean 'moons'? There are: iris, wine, breast_cancer, ...
    """
    return look_up("dataset", name, DATASETS)()
