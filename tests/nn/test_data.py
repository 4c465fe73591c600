"""Data sets: their sizes as published, made ones where they should lie, and the same again by their seed."""

import math
import operator

import numpy as np
import pytest

from nn import data


def test_breast_cancer_is_the_published_one():
    dataset = data.breast_cancer()
    assert dataset.X.shape == (569, 30)
    assert np.bincount(dataset.y).tolist() == [212, 357]  # malignant, benign: Street, Wolberg, Mangasarian 1993
    assert dataset.class_names == ("malignant", "benign")
    assert len(dataset.feature_names) == 30
    assert dataset.feature_names[0] == "mean radius"


@pytest.mark.parametrize(
    ("name", "shape", "counts"),
    [
        ("iris", (150, 4), [50, 50, 50]),  # Fisher 1936
        ("wine", (178, 13), [59, 71, 48]),  # Forina and others 1991
        ("breast_cancer", (569, 30), [212, 357]),
        ("digits", (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),  # the test part of Alpaydin, Kaynak
        ("xor", (4, 2), [2, 2]),
        ("or", (4, 2), [1, 3]),
        ("and", (4, 2), [3, 1]),
    ],
)
def test_sizes_and_classes_are_the_published_ones(name, shape, counts):
    dataset = data.load(name)
    assert dataset.X.shape == shape
    assert np.bincount(dataset.y).tolist() == counts


@pytest.mark.parametrize("name", data.DATASETS)
def test_every_data_set_is_well_formed(name):
    dataset = data.load(name)
    assert dataset.name == name
    assert dataset.X.dtype == np.float64
    assert np.isfinite(dataset.X).all()
    assert dataset.X.shape == (len(dataset.y), len(dataset.feature_names))
    assert len(set(dataset.feature_names)) == len(dataset.feature_names)
    if dataset.class_names:
        assert dataset.y.dtype == np.int64
        assert sorted(set(dataset.y.tolist())) == list(range(len(dataset.class_names)))
    else:
        assert dataset.y.dtype == np.float64
    again = data.load(name)
    assert np.array_equal(dataset.X, again.X)
    assert np.array_equal(dataset.y, again.y)
    texts = (name, *dataset.feature_names, *dataset.class_names)
    assert all(type(text) is str for text in texts)  # not numpy's, which JSON and repr show otherwise


def test_diabetes_is_as_it_was_measured():
    dataset = data.diabetes()  # the first patient of the table that Efron and others published
    assert dataset.X[0].tolist() == [59.0, 2.0, 32.1, 101.0, 157.0, 93.2, 38.0, 4.0, 4.8598, 87.0]
    assert dataset.y[0] == 151.0
    assert (dataset.y.min(), dataset.y.max()) == (25.0, 346.0)


def test_digits_are_flattened_row_by_row():
    from sklearn.datasets import load_digits

    dataset = data.digits()
    assert (dataset.X.min(), dataset.X.max()) == (0.0, 16.0)
    assert dataset.X[7, dataset.feature_names.index("pixel_2_5")] == load_digits().images[7][2][5]


def test_circles_blobs_and_spirals_lie_where_they_should():
    dataset = data.circles(noise=0.0)
    assert np.hypot(*dataset.X[dataset.y == 0].T) == pytest.approx(np.ones(150))
    assert np.hypot(*dataset.X[dataset.y == 1].T) == pytest.approx(np.full(150, 0.5))
    dataset = data.blobs(4000, classes=4, noise=0.1)
    centres = [dataset.X[dataset.y == k].mean(axis=0) for k in range(4)]
    assert np.array(centres) == pytest.approx(np.array([[2, 0], [0, 2], [-2, 0], [0, -2]]), abs=0.02)
    dataset = data.spirals(301, classes=3, noise=0.0)
    r = np.hypot(*dataset.X.T)
    assert (r[0], r[-1]) == (pytest.approx(0.1), pytest.approx(1.0))
    angle = np.arctan2(dataset.X[:, 1], dataset.X[:, 0]) - 3 * np.pi * r - 2 * np.pi * dataset.y / 3
    assert np.cos(angle) == pytest.approx(np.ones(301))


@pytest.mark.parametrize(
    ("make", "rule"), [(data.xor, operator.xor), (data.or_, operator.or_), (data.and_, operator.and_)]
)
def test_truth_tables(make, rule):
    for dataset in (make(), make(10), make(50, noise=0.1)):
        bits = dataset.X > 0.5
        assert dataset.y.tolist() == rule(*bits.T).astype(int).tolist()
        assert len({tuple(row) for row in bits.tolist()}) == 4
    assert make().X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert np.array_equal(make(8).X[4:], make().X)


def test_sine():
    dataset = data.sine(noise=0.0)
    assert dataset.y == pytest.approx(np.sin(dataset.X[:, 0]))
    assert (np.abs(dataset.X) <= np.pi).all()
    noise = data.sine(20_000, noise=0.2, seed=1)
    assert (noise.y - np.sin(noise.X[:, 0])).std() == pytest.approx(0.2, rel=0.03)


@pytest.mark.parametrize(
    "make", [data.moons, data.circles, data.blobs, data.spirals, data.xor, data.or_, data.and_, data.sine]
)
def test_what_is_made_repeats_by_its_seed(make):
    first, same, other = make(40, noise=0.1, seed=3), make(40, noise=0.1, seed=3), make(40, noise=0.1, seed=4)
    assert np.array_equal(first.X, same.X)
    assert np.array_equal(first.y, same.y)
    assert not np.array_equal(first.X, other.X)
    assert len(first.y) == 40
    for bad in (0, -5, 2.5):
        with pytest.raises(ValueError, match="n_samples must be a whole number of at least 1"):
            make(bad)


def test_the_number_of_classes_is_checked():
    for make in (data.blobs, data.spirals):
        with pytest.raises(ValueError, match="classes must be a whole number of at least 1, got 0"):
            make(classes=0)


@pytest.mark.parametrize(
    "make", [data.moons, data.circles, data.blobs, data.spirals, data.xor, data.or_, data.and_, data.sine]
)
@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"noise": -1}, ValueError, "noise must be a finite number of at least 0, got -1"),
        ({"noise": math.nan}, ValueError, "noise must be a finite number of at least 0, got nan"),
        ({"noise": math.inf}, ValueError, "noise must be a finite number of at least 0, got inf"),
        ({"noise": "a"}, TypeError, "noise must be a number, got str: 'a'"),
        ({"noise": None}, TypeError, "noise must be a number, got NoneType"),
        ({"seed": -1}, ValueError, r"seed must be a whole number from 0 to 2\*\*32 - 1, got -1"),
        ({"seed": 2**40}, ValueError, r"seed must be a whole number from 0 to 2\*\*32 - 1, got 1099511627776"),
        ({"seed": "x"}, TypeError, "seed must be a whole number, as 0, or None, got 'x'"),
        ({"seed": 1.5}, TypeError, "seed must be a whole number, as 0, or None, got 1.5"),
    ],
)
def test_settings_of_made_data_that_are_refused(make, settings, error, message):
    with pytest.raises(error, match=message):
        make(**settings)


def test_without_a_seed_the_noise_differs_each_time():
    assert not np.array_equal(data.moons(seed=None).X, data.moons(seed=None).X)
    assert not np.array_equal(data.sine(seed=None).X, data.sine(seed=None).X)


def test_moons():
    dataset = data.moons(100, noise=0.0)
    upper, lower = dataset.X[dataset.y == 0], dataset.X[dataset.y == 1]
    assert np.hypot(*upper.T) == pytest.approx(np.ones(50))  # a half circle about the origin
    assert np.hypot(*(lower - [1.0, 0.5]).T) == pytest.approx(np.ones(50))
    assert (upper[:, 1] > -1e-12).all()
    assert (lower[:, 1] < 0.5 + 1e-12).all()
    assert np.array_equal(data.moons(seed=3).X, data.moons(seed=3).X)
    assert not np.array_equal(data.moons(seed=3).X, data.moons(seed=4).X)


def test_unknown_names():
    with pytest.raises(ValueError, match="unknown dataset 'breast-cancer', did you mean 'breast_cancer'"):
        data.load("breast-cancer")
    with pytest.raises(ValueError, match="unknown dataset 'XOR', did you mean 'xor'"):
        data.load("XOR")
