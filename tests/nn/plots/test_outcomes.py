"""Predictions against the truth, compared with scikit-learn's numbers."""

import numpy as np
import pytest
from sklearn import metrics

from autograd.errors import ShapeError
from nn.plots import confusion_matrix, new_figure, residuals, roc_curve

from .looks import contrast

RNG = np.random.default_rng(0)
TRUE = RNG.integers(0, 4, 200)
PREDICTED = np.where(RNG.random(200) < 0.7, TRUE, RNG.integers(0, 4, 200))
NAMES = ["ant", "bee", "cat", "dog"]


@pytest.fixture
def ax():
    return new_figure(5, 4).subplots()


def cells(ax):
    return [text.get_text().split("\n") for text in ax.texts]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_counts_and_shares_are_those_of_scikit_learn(ax):
    confusion_matrix(TRUE, PREDICTED, class_names=NAMES, ax=ax)
    counts = metrics.confusion_matrix(TRUE, PREDICTED)
    shares = metrics.confusion_matrix(TRUE, PREDICTED, normalize="true")
    assert [int(cell[0]) for cell in cells(ax)] == counts.ravel().tolist()
    assert np.array(ax.images[0].get_array()) == pytest.approx(shares)
    assert [int(cell[1].split()[0]) for cell in cells(ax)] == pytest.approx(100 * shares.ravel(), abs=0.51)
    assert ticks(ax.xaxis) == ticks(ax.yaxis) == NAMES
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_classes_by_name_stand_in_the_order_of_the_names(ax):
    named = [np.array(NAMES)[y] for y in (TRUE, PREDICTED)]
    order = NAMES[::-1]
    confusion_matrix(*named, class_names=order, ax=ax)
    counts = metrics.confusion_matrix(*named, labels=order)
    assert [int(cell[0]) for cell in cells(ax)] == counts.ravel().tolist()
    assert ticks(ax.xaxis) == order


def test_classes_that_do_not_occur_have_empty_rows(ax):
    confusion_matrix([0, 0], [0, 2], class_names=NAMES[:3], ax=ax)
    assert cells(ax) == [["1", "50 %"], ["0"], ["1", "50 %"], *[["0"]] * 6]


def test_labels_without_names(ax):
    confusion_matrix([-1, 1, 1], [-1, -1, 1], ax=ax)
    assert ticks(ax.xaxis) == ["−1", "1"]
    assert cells(ax) == [["1", "100 %"], ["0"], ["1", "50 %"], ["1", "50 %"]]


def test_a_share_is_0_or_100_percent_only_if_it_is(ax):
    confusion_matrix([0] * 1000 + [1], [0] * 999 + [1, 1], ax=ax)
    assert cells(ax) == [["999", ">99 %"], ["1", "<1 %"], ["0"], ["1", "100 %"]]


@pytest.mark.parametrize("right", range(0, 101, 4))
def test_numbers_are_readable_on_their_shade(ax, right):
    confusion_matrix([0] * 100 + [1], [0] * right + [1] * (101 - right), ax=ax)
    image = ax.images[0]
    for text, share in zip(ax.texts, np.ravel(image.get_array()), strict=True):
        assert contrast(text.get_color(), image.cmap(image.norm(share))) >= 4.5


def test_many_classes_lose_their_percentages_and_then_their_numbers():
    small, tiny = (confusion_matrix(range(n), range(n), ax=new_figure(4, 3).subplots()) for n in (11, 60))
    assert {len(cell) for cell in cells(small)} == {1}
    assert cells(tiny) == []


@pytest.mark.parametrize(
    ("error", "words", "arguments", "names"),
    [
        (ShapeError, "each sample needs one prediction: 3 true classes, 2 predictions", ([0, 1, 1], [0, 1]), ()),
        (ValueError, "there are no samples", ([], []), ()),
        (
            ValueError,
            "no class name for the class 2: the 2 class names are a, b; give one for each",
            ([0, 2], [0, 1]),
            "ab",
        ),
        (ValueError, "no class name for the class 'c'", (["a", "c"], ["a", "b"]), "ab"),
        (ValueError, "not 0.7: round probabilities first", ([0, 1], [0.7, 0.2]), ()),
        (ValueError, "of one-hot rows, take np.argmax", ([0, 1], np.eye(2)), ()),
    ],
)
def test_what_is_no_confusion_matrix(ax, error, words, arguments, names):
    with pytest.raises(error, match=words):
        confusion_matrix(*arguments, class_names=names, ax=ax)


def test_residuals_are_true_minus_predicted():
    true, predicted = RNG.normal(size=30), RNG.normal(size=30)
    left, right = residuals(true, predicted[:, None], name="cost", ax=new_figure(9, 4).subplots(1, 2))
    assert left.collections[0].get_offsets().tolist() == np.column_stack([true, predicted]).tolist()
    assert right.collections[0].get_offsets().tolist() == np.column_stack([predicted, true - predicted]).tolist()
    assert (left.get_xlabel(), left.get_ylabel()) == ("true cost", "predicted cost")
    assert (right.get_xlabel(), right.get_ylabel()) == ("predicted cost", "true − predicted")
    assert left.get_xlim() == left.get_ylim()  # the diagonal is one
    everything = [*true, *predicted]
    assert left.get_xlim()[0] < min(everything) < max(everything) < left.get_xlim()[1]


def test_residuals_of_one_sample_and_of_a_constant():
    for true, predicted in (([3.0], [3.0]), ([0.0], [0.0]), ([1.0, 2.0], [1.5, 1.5])):
        left, _ = residuals(true, predicted, ax=new_figure(9, 4).subplots(1, 2))
        assert left.get_xlim()[0] < min(true) <= max(true) < left.get_xlim()[1]


def test_what_has_no_residuals():
    axes = new_figure(9, 4).subplots(1, 2)
    with pytest.raises(ShapeError, match="3 true numbers, 2 predictions"):
        residuals([1, 2, 3], [1, 2], ax=axes)
    with pytest.raises(ShapeError, match=r"y_pred has the shape \(3, 2\): one number per sample .* y_pred\[:, 0\]"):
        residuals([1, 2, 3], np.zeros((3, 2)), ax=axes)
    with pytest.raises(ShapeError, match=r"y_true has the shape \(0,\)"):
        residuals([], [], ax=axes)
    with pytest.raises(ValueError, match=r"y_pred\[1\] is nan: leave out what is not finite"):
        residuals([1.0, 2.0], [1.0, float("nan")], ax=axes)


@pytest.mark.parametrize("digits", [1, 6])  # with ties and without
def test_the_roc_curve_is_that_of_scikit_learn(ax, digits):
    y = RNG.integers(0, 2, 100)
    scores = (y + RNG.normal(size=100)).round(digits)
    roc_curve(y, scores, ax=ax)
    alarms, found, _ = metrics.roc_curve(y, scores, drop_intermediate=False)
    assert ax.get_lines()[0].get_xydata() == pytest.approx(np.column_stack([alarms, found]))
    area = float(ax.get_legend().get_texts()[0].get_text().split(": ")[1])
    assert area == pytest.approx(metrics.roc_auc_score(y, scores), abs=5.1e-4)


def test_the_larger_label_is_the_positive_one(ax):
    roc_curve(["no", "yes", "no", "yes"], [0.1, 0.9, 0.3, 0.8], ax=ax)
    assert ax.get_legend().get_texts()[0].get_text() == "area under the curve: 1"


def test_of_rows_of_two_probabilities_the_second_counts(ax):
    roc_curve([0, 1, 0, 1], [[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]], ax=ax)
    assert ax.get_legend().get_texts()[0].get_text() == "area under the curve: 1"
    roc_curve([0, 0, 1, 1], np.array([[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]), ax=ax)
    assert ax.get_legend().get_texts()[0].get_text() == "area under the curve: 0.75"


def test_an_area_is_1_only_if_it_is(ax):
    roc_curve([0] * 5000 + [1], [*range(5000), 4998.5], ax=ax)  # 4999 / 5000 = 0.9998
    assert ax.get_legend().get_texts()[0].get_text() == "area under the curve: 0.999"


def test_what_has_no_roc_curve(ax):
    with pytest.raises(ValueError, match=r"two classes, and y_true has 1: \[1\]"):
        roc_curve([1, 1], [0.1, 0.2], ax=ax)
    with pytest.raises(ShapeError, match="each sample needs one score: 2 true classes, 3 scores"):
        roc_curve([0, 1], [0.1, 0.2, 0.3], ax=ax)
    for scores in (np.zeros((2, 2)), np.full((2, 3), 1 / 3)):
        with pytest.raises(
            ShapeError, match=r"scores has the shape \(2, .\): .* positive class, scores\[:, 1\], or rows"
        ):
            roc_curve([0, 1], scores, ax=ax)
    with pytest.raises(ValueError, match=r"scores must be numbers, one per sample, got \['high', 'low'\]"):
        roc_curve([0, 1], ["high", "low"], ax=ax)
    with pytest.raises(ValueError, match=r"scores\[0\] is inf"):
        roc_curve([0, 1], [float("inf"), 1.0], ax=ax)
