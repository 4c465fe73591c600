"""Accuracy, and the step from outputs to classes."""

import numpy as np
import pytest

from autograd import Value
from nn import accuracy, class_from_logits, class_from_probability, class_from_score


def test_the_courses_confusion():
    # TP 2, TN 1, FP 1, FN 1
    assert accuracy([1, 1, 1, 0, 0], [1, 1, 0, 0, 1]) == pytest.approx(3 / 5)


def test_comparing_networks():
    """Both networks of the course err on one of three."""
    targets = [0, 1, 0]
    for network in ([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]], [[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]):
        assert 1 - accuracy(targets, [class_from_logits(row) for row in network]) == pytest.approx(1 / 3)


def test_classes_from_outputs():
    assert [class_from_logits(z) for z in (Value(0.1), Value(-0.1), 0.0, [Value(1.0), Value(2.0)])] == [1, 0, 0, 1]
    assert [class_from_probability(p) for p in (Value(0.7), 0.5, 0.4)] == [1, 0, 0]
    assert [class_from_score(s) for s in (Value(0.7), -0.5)] == [1, -1]


@pytest.mark.parametrize("number", [np.float32, np.float64, np.array])
def test_classes_from_numpy(number):
    assert [class_from_logits(number(z)) for z in (0.3, -0.3)] == [1, 0]
    assert class_from_logits(np.array([0.1, 2.0, 1.0])) == 1


def test_nothing_to_measure():
    with pytest.raises(ValueError, match="y_true is empty"):
        accuracy([], [])
    with pytest.raises(ValueError, match="as many true as predicted ones: 1 in y_true, 2 in y_pred"):
        accuracy([1], [1, 0])
