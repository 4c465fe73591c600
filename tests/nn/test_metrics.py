"""Metrics against scikit-learn, counts by hand and the course; what they refuse; the step from outputs to classes."""

import math

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings, strategies as st

from autograd import Value, softmax
from nn.metrics import (
    METRICS,
    SCORE_METRICS,
    accuracy,
    balanced_accuracy,
    class_from_logits,
    class_from_probability,
    class_from_score,
    confusion_matrix,
    f1,
    log_loss,
    mae,
    precision,
    r2,
    recall,
    rmse,
    roc_auc,
)


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


# --- by hand -------------------------------------------------------------------------------------------------

# TP 2, TN 1, FP 1, FN 2
TRUE, PREDICTED = [1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1]


def test_the_counts_by_hand():
    assert confusion_matrix(TRUE, PREDICTED).tolist() == [[1, 1], [2, 2]]  # [[TN, FP], [FN, TP]]
    assert accuracy(TRUE, PREDICTED) == 3 / 6
    assert precision(TRUE, PREDICTED) == pytest.approx(2 / 3)
    assert recall(TRUE, PREDICTED) == 2 / 4
    assert f1(TRUE, PREDICTED) == pytest.approx(4 / 7)
    assert balanced_accuracy(TRUE, PREDICTED) == pytest.approx((2 / 4 + 1 / 2) / 2)


def test_several_classes_by_hand():
    true, predicted = [0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 2, 0, 0]
    assert confusion_matrix(true, predicted).tolist() == [[1, 1, 0], [0, 2, 0], [2, 0, 1]]
    assert precision(true, predicted) == pytest.approx((1 / 3 + 2 / 3 + 1) / 3)
    assert recall(true, predicted) == balanced_accuracy(true, predicted) == pytest.approx((1 / 2 + 1 + 1 / 3) / 3)
    assert f1(true, predicted) == pytest.approx((2 / 5 + 4 / 5 + 2 / 4) / 3)
    assert (
        recall(true, predicted, average="weighted") == recall(true, predicted, average="micro") == pytest.approx(4 / 7)
    )


def test_accuracy_says_little_where_one_class_is_rare():
    true, predicted = [0] * 99 + [1], [0] * 100
    assert accuracy(true, predicted) == 0.99
    assert balanced_accuracy(true, predicted) == 0.5
    assert precision(true, predicted) == recall(true, predicted) == f1(true, predicted) == 0.0


def test_a_class_never_predicted_has_precision_0_and_one_that_is_not_there_recall_0():
    assert precision([0, 1, 2], [0, 1, 1]) == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert recall([0, 1, 1], [0, 1, 2]) == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert balanced_accuracy([0, 1, 1], [0, 1, 2]) == pytest.approx((1 + 1 / 2) / 2)  # classes that are there


def test_errors_by_hand():
    assert mae([1, 2, 3], [1, 4, 0]) == pytest.approx(5 / 3)
    assert rmse([1, 2, 3], [1, 4, 0]) == pytest.approx(math.sqrt(13 / 3))
    assert r2([1, 2, 3], [1, 4, 0]) == pytest.approx(1 - 13 / 2)
    assert r2([1, 2, 3], [2, 2, 2]) == 0.0
    assert r2([2, 2], [2, 2]) == 1.0
    assert r2([2, 2], [2, 3]) == 0.0  # nothing to explain
    # two outputs: the mean of both, for rmse of both roots
    true, predicted = [[0, 0], [2, 0]], [[1, 0], [1, 4]]
    assert mae(true, predicted) == pytest.approx((1 + 2) / 2)
    assert rmse(true, predicted) == pytest.approx((1 + math.sqrt(8)) / 2)
    assert r2([[0, 0], [2, 2]], [[1, 0], [1, 2]]) == pytest.approx((0 + 1) / 2)


def test_areas_by_hand():
    # pairs (positive, negative) in the right order, ties a half: 3 of 4, and 3.5 of 4
    assert roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
    assert roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8]) == 0.875
    assert roc_auc([-1, -1, 1, 1], [-9.0, -4.0, -5.0, 3.0]) == 0.75
    assert roc_auc(["no", "yes"], [[0.9, 0.1], [0.2, 0.8]]) == 1.0


def test_the_courses_cross_entropies():
    """Comparing networks: 0.3757 and 1.0567, from rows and from the probability of the second class."""
    for network, expected in (
        ([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]], 0.3757), ([[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]], 1.0567)
    ):  # fmt: skip
        assert log_loss([0, 1, 0], network) == pytest.approx(expected, abs=5e-5)
        assert log_loss([0, 1, 0], [row[1] for row in network]) == pytest.approx(expected, abs=5e-5)
        assert log_loss(["dog", "eat", "dog"], network) == pytest.approx(expected, abs=5e-5)
        assert log_loss([-1, 1, -1], network) == pytest.approx(expected, abs=5e-5)


def test_log_loss_of_one_class_and_of_certainty():
    assert log_loss([1, 1], [0.5, 0.25]) == pytest.approx(1.5 * math.log(2))
    assert log_loss([2], [[0.25, 0.25, 0.5]]) == pytest.approx(math.log(2))
    assert log_loss([0], [1.0]) == pytest.approx(-math.log(np.finfo(float).eps))


# --- scikit-learn --------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), st.integers(5, 40), st.integers(0, 10**6))
def test_metrics_of_classes_equal_scikit_learns(k, n, seed):
    rng = np.random.default_rng(seed)
    true, predicted = [*range(k), *rng.integers(0, k, n)], [*range(k), *rng.integers(0, k, n)]
    average = "binary" if k == 2 else "macro"
    assert accuracy(true, predicted) == sklearn.metrics.accuracy_score(true, predicted)
    assert balanced_accuracy(true, predicted) == pytest.approx(sklearn.metrics.balanced_accuracy_score(true, predicted))
    assert (confusion_matrix(true, predicted) == sklearn.metrics.confusion_matrix(true, predicted)).all()
    assert precision(true, predicted) == sklearn.metrics.precision_score(true, predicted, average=average)
    assert recall(true, predicted) == sklearn.metrics.recall_score(true, predicted, average=average)
    assert f1(true, predicted) == sklearn.metrics.f1_score(true, predicted, average=average)
    texts = [[f"class {label}" for label in labels] for labels in (true, predicted)]
    assert f1(*texts, average="macro") == pytest.approx(sklearn.metrics.f1_score(true, predicted, average="macro"))
    for metric in (precision, recall, f1):
        theirs = getattr(sklearn.metrics, f"{metric.__name__}_score")
        assert metric(*texts, positive="class 0") == metric(true, predicted, positive=0)
        assert metric(true, predicted, positive=0) == theirs(true, predicted, labels=[0], average="macro")
    if k > 2:
        for name in ("weighted", "micro"):
            assert f1(true, predicted, average=name) == sklearn.metrics.f1_score(true, predicted, average=name)
    probabilities = [softmax(row) for row in rng.normal(size=(n + k, k)).tolist()]
    assert log_loss(true, probabilities) == pytest.approx(sklearn.metrics.log_loss(true, probabilities), rel=1e-12)
    if k == 2:
        scores = [row[1] for row in probabilities]
        expected = sklearn.metrics.roc_auc_score(true, scores)
        assert roc_auc(true, scores) == roc_auc(true, probabilities) == expected
        assert roc_auc([2 * y - 1 for y in true], [10 * s - 3 for s in scores]) == expected
    else:
        expected = sklearn.metrics.roc_auc_score(true, probabilities, multi_class="ovr")
        assert roc_auc(true, probabilities) == roc_auc(texts[0], probabilities) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 30), st.integers(1, 3), st.integers(0, 10**6))
def test_metrics_of_numbers_equal_scikit_learns(n, outputs, seed):
    true, predicted = np.random.default_rng(seed).normal(size=(2, n, outputs))
    assert r2(true, predicted) == pytest.approx(sklearn.metrics.r2_score(true, predicted), rel=1e-12)
    assert mae(true, predicted) == pytest.approx(sklearn.metrics.mean_absolute_error(true, predicted), rel=1e-12)
    expected = sklearn.metrics.root_mean_squared_error(true, predicted)
    assert rmse(true.tolist(), predicted.tolist()) == pytest.approx(expected, rel=1e-12)
    if outputs == 1:
        assert mae(true, predicted[:, 0]) == mae(true[:, 0], predicted)


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda labels: [float(y) for y in labels],
                                  lambda labels: [Value(y) for y in labels], lambda labels: [bool(y) for y in labels],
                                  lambda labels: [np.int64(y) for y in labels]])  # fmt: skip
def test_labels_may_be_written_in_many_ways(kind):
    for metric in (accuracy, balanced_accuracy, precision, recall, f1):
        assert metric(kind(TRUE), PREDICTED) == metric(TRUE, kind(PREDICTED)) == metric(TRUE, PREDICTED)


def test_signs_are_binary_too():
    signs = [[2 * y - 1 for y in labels] for labels in (TRUE, PREDICTED)]
    for metric in (precision, recall, f1):
        assert metric(*signs) == metric(TRUE, PREDICTED)


def test_rows_of_labels_are_right_if_all_labels_are():
    assert accuracy([[0, 1], [1, 1]], [[0, 1], [1, 0]]) == 0.5
    assert accuracy(np.array([[1, -1], [1, 1]]), [[1, -1], [1, 1]]) == 1.0


def test_the_order_of_a_confusion_matrix():
    true, predicted = ["cat", "dog", "cat"], ["cat", "cat", "cat"]
    assert confusion_matrix(true, predicted).tolist() == [[2, 0], [1, 0]]
    assert confusion_matrix(true, predicted, labels=["dog", "cat", "eel"]).tolist() == [[0, 1, 0], [0, 2, 0], [0, 0, 0]]
    assert confusion_matrix([1, 1], [1, 1]).tolist() == [[2]]
    assert confusion_matrix([1, 1], [1, 1], labels=np.arange(3)).tolist() == [[0, 0, 0], [0, 2, 0], [0, 0, 0]]
    with pytest.raises(ValueError, match="met the class 'dog', which is not among the labels"):
        confusion_matrix(true, predicted, labels=["cat"])


def test_the_metrics_by_name():
    assert all(function.__name__ == name for name, function in METRICS.items())
    assert set(SCORE_METRICS) <= set(METRICS)


# --- what is refused -----------------------------------------------------------------------------------------

OF_CLASSES = (accuracy, balanced_accuracy, confusion_matrix, precision, recall, f1)


@pytest.mark.parametrize("metric", [*METRICS.values(), confusion_matrix])
def test_nothing_to_measure(metric):
    name = metric.__name__
    with pytest.raises(ValueError, match=f"{name} of no predictions at all: y_true is empty"):
        metric([], [])
    with pytest.raises(ValueError, match=f"{name} needs as many true as predicted ones: 1 in y_true, 2 in "):
        metric([1], [1, 0])
    with pytest.raises(ValueError, match=f"{name} needs as many true as predicted ones: 2 in y_true, 0 in "):
        metric(np.array([1, 0]), np.array([]))


@pytest.mark.parametrize("metric", OF_CLASSES)
def test_labels_that_are_no_classes(metric):
    name = metric.__name__
    with pytest.raises(ValueError, match=f"{name} takes classes that are all numbers or all text, got 1 and 'cat'"):
        metric([1, "cat"], [1, 1])
    with pytest.raises(ValueError, match=f"{name} takes classes that are all numbers or all text, got 1 and 'cat'"):
        metric(["cat", "cat"], [1, 1])
    for bad in (0.37, math.nan, math.inf):
        with pytest.raises(ValueError, match=f"{name} takes classes, whole numbers or text, got {bad}: decide"):
            metric([0, 1], [bad, 1])
    with pytest.raises(ValueError, match=f"{name} takes classes, whole numbers or text, got None"):
        metric([0, None], [0, 1])
    with pytest.raises(ValueError, match=rf"{name} takes one class per sample, got the row \[0, 1\]: give its index"):
        metric([[0, 1]], [1])


def test_of_two_texts_the_positive_one_must_be_named():
    texts = [["yes" if y else "no" for y in labels] for labels in (TRUE, PREDICTED)]
    for metric in (precision, recall, f1):
        name = metric.__name__
        assert metric(*texts, positive="yes") == metric(np.array(texts[0]), texts[1], positive=np.str_("yes"))
        assert metric(*texts, positive="yes") == metric(TRUE, PREDICTED) == metric(TRUE, PREDICTED, positive=1)
        assert metric(*texts, positive="no") == metric(TRUE, PREDICTED, positive=np.int64(0))
        both = (metric(*texts, positive="yes") + metric(*texts, positive="no")) / 2
        assert metric(*texts, average="macro") == metric(TRUE, PREDICTED, average="macro") == pytest.approx(both)
        for labels in (texts, [["yes", "yes"], ["yes", "yes"]]):
            with pytest.raises(
                ValueError, match=rf"{name} of the classes \[.*\] needs to know .*: give positive='yes'"
            ):
                metric(*labels)
        with pytest.raises(
            ValueError, match=rf"{name}: the positive class is 'Yes', but the classes are \['no', 'yes'"
        ):
            metric(*texts, positive="Yes")
        with pytest.raises(ValueError, match=f"{name} is of the class 'no' or an average, 'micro': give one of both"):
            metric(*texts, positive="no", average="micro")


def test_whole_numbers_are_the_indices_of_classes():
    for metric in (precision, recall, f1):
        assert metric([1, 2, 2, 1], [1, 1, 2, 1]) == metric([1, 2, 2, 1], [1, 1, 2, 1], average="macro")
        assert metric([0, 0], [0, 0]) == metric([0, 0], [0, 0], positive=1) == 0.0  # of class 1, which is not there
        assert metric([0, 0], [0, 0], positive=0) == 1.0


def test_an_average_that_does_not_exist():
    for metric in (precision, recall, f1):
        with pytest.raises(
            ValueError, match=f"unknown average 'mean' of {metric.__name__}. There are: macro, weighted"
        ):
            metric(TRUE, PREDICTED, average="mean")


@pytest.mark.parametrize(
    ("y_true", "scores", "message"),
    [
        ([1, 1], [0.2, 0.7], "roc_auc is undefined: y_true holds one class only, 1"),
        ([0, 1, 2], [0.1, 0.2, 0.3], "roc_auc of 3 classes takes rows with a probability for every class, not numbers"),
        ([0, 1], [[0.2, 0.3, 0.5]] * 2, r"y_true holds 2 classes, \[0, 1\], and a row of scores has 3 prob"),
        ([0, 1, 2], [[0.5, 0.5]] * 3, "y_true holds 3 classes, .* has 2 probabilities"),
        ([0, 1, 2], [[1.0, 2.0, 3.0]] * 3, r"roc_auc takes probabilities in \[0, 1\]: sample 0 has \[1.0, 2.0, 3.0\]"),
        ([0, 1, 2], [[0.2, 0.2, 0.2]] * 3, "roc_auc takes rows of probabilities that sum to 1: sample 0 has"),
        ([0, 1], [0.5, math.nan], "roc_auc takes finite numbers: sample 1 of scores is nan"),
        ([0, 1], [0.5, "high"], "roc_auc takes numbers, or rows of them of one length: scores is"),
        ([0, 1], [[0.5, 0.5], [1.0]], "roc_auc takes numbers, or rows of them of one length"),
        ([0, "cat"], [0.5, 0.5], "all numbers or all text"),
        ([[0], [1]], [0.5, 0.5], "roc_auc takes one class per sample, got the row"),
    ],
)
def test_areas_that_are_undefined(y_true, scores, message):
    with pytest.raises(ValueError, match=message):
        roc_auc(y_true, scores)


@pytest.mark.parametrize(
    ("y_true", "probabilities", "message"),
    [
        ([0, 1], [0.5, 1.5], r"log_loss takes probabilities in \[0, 1\]: sample 1 has"),
        ([0, 1], [[0.5, 0.4]] * 2, "log_loss takes rows of probabilities that sum to 1: sample 0 .* softmax"),
        ([0, 3], [[0.5, 0.5]] * 2, r"log_loss got probabilities of 2 classes, \[0, 3\] in y_true: each needs its own"),
        (["a", "b", "c"], [[0.5, 0.5]] * 3, "log_loss got probabilities of 2 classes"),
        ([0, 1], [math.nan, 0.5], "log_loss takes finite numbers: sample 0 of probabilities is nan"),
        ([0, 1], [[[0.5]], [[0.5]]], r"probabilities has the shape \(2, 1, 1\)"),
        ([0.5, 1], [0.5, 0.5], "log_loss takes classes, whole numbers or text, got 0.5"),
    ],
)
def test_probabilities_that_are_none(y_true, probabilities, message):
    with pytest.raises(ValueError, match=message):
        log_loss(y_true, probabilities)


@pytest.mark.parametrize("metric", [r2, mae, rmse])
def test_numbers_that_are_none(metric):
    name = metric.__name__
    with pytest.raises(ValueError, match=f"{name} takes finite numbers: sample 1 of y_pred is inf"):
        metric([1.0, 2.0], [1.0, math.inf])
    with pytest.raises(ValueError, match=rf"{name} takes finite numbers: sample 0 of y_true is \[1.0, nan\]"):
        metric([[1.0, math.nan]], [[1.0, 2.0]])
    with pytest.raises(ValueError, match=f"{name} takes numbers, or rows of them of one length: y_true is"):
        metric(["a", "b"], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"y_true has the shape \(2, 2\), y_pred \(2,\)"):
        metric([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0])


def test_r2_of_one_sample():
    with pytest.raises(ValueError, match="r2 needs two samples at least"):
        r2([1.0], [1.0])
