"""Data sets: their sizes as published, splits that keep classes, standardising by the training part alone."""

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


def test_every_sample_is_in_one_part_and_classes_keep_their_share():
    X, y = np.arange(100.0).reshape(100, 1), np.array([0] * 80 + [1] * 20)
    X_train, X_test, y_train, y_test = data.train_test_split(X, y, test_size=0.25, seed=1)
    assert sorted([*X_train[:, 0], *X_test[:, 0]]) == list(range(100))
    assert np.bincount(y_train).tolist() == [60, 15]
    assert np.bincount(y_test).tolist() == [20, 5]
    assert np.array_equal(X_test, data.train_test_split(X, y, test_size=0.25, seed=1)[1])
    assert not np.array_equal(X_test, data.train_test_split(X, y, test_size=0.25, seed=2)[1])


def test_standardised_by_the_training_part_alone():
    split = data.prepare(data.breast_cancer(), seed=5)
    assert split.X_train.mean(axis=0) == pytest.approx(np.zeros(30), abs=1e-12)
    assert split.X_train.std(axis=0) == pytest.approx(np.ones(30), rel=1e-12)
    assert np.abs(split.X_test.mean(axis=0)).max() > 0.01  # its own mean is not 0
    original = split.X_test * split.scale + split.mean
    rows = {tuple(row) for row in np.round(split.dataset.X, 6).tolist()}
    assert all(tuple(row) in rows for row in np.round(original, 6).tolist())


def test_a_constant_feature_is_only_centred():
    train, mean, scale = data.standardize([[1.0, 7.0], [3.0, 7.0]])
    assert train.tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    assert (mean.tolist(), scale.tolist()) == ([2.0, 7.0], [1.0, 1.0])
