"""Decision boundaries: they are where the class changes, for one score and for several."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba

from autograd import Value
from autograd.errors import ShapeError
from nn.modules import MLP, Neuron
from nn.plots import decision_boundary, new_figure

from .looks import vertices

X, Y = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 0, 1])
CORNERS = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 3.0]])


@pytest.fixture
def ax():
    return new_figure(6, 5).subplots()


def nearest(x):
    """Scores that are the largest for the nearest of the corners."""
    return [Value(-((x[0] - a) ** 2) - (x[1] - b) ** 2) for a, b in CORNERS]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def marks(ax):
    """The samples: a collection for each part and class."""
    return [c for c in ax.collections if isinstance(c, PathCollection)]


def test_the_decision_boundary_is_where_the_score_is_at_the_threshold(ax):
    decision_boundary(lambda x: x[0] - 0.5, X, Y, X_test=X[:1], y_test=Y[:1], class_names=("left", "right"), ax=ax)
    filled, line = ax.collections[:2]
    assert filled.get_array().size > 2
    assert np.array(vertices(line))[:, 0] == pytest.approx(0.5)
    assert legend(ax) == ["left", "right", "hollow: test"]


def test_the_boundary_of_a_sigmoid_neuron_is_where_the_probability_is_a_half(ax):
    """The neuron of the course: p = 0.5 where x₁ - x₂ = 0.5."""
    neuron = Neuron(2, activation="sigmoid", weights=[1.0, -1.0], bias=-0.5)
    decision_boundary(neuron, X, Y, ax=ax, resolution=121)
    points = np.array(vertices(ax.collections[1]))
    assert len(points) > 10
    assert points[:, 0] - points[:, 1] == pytest.approx(0.5, abs=1e-3)
    assert ax.figure.axes[1].get_ylabel() == "score (black line: 0.5)"


@pytest.mark.parametrize(("activation", "threshold"), [("linear", 0), ("tanh", 0), ("step", 0.5)])
def test_the_threshold_suits_the_output_layer(ax, activation, threshold):
    decision_boundary(MLP(2, [3, 1], output_activation=activation, seed=0), X, Y, ax=ax)
    assert ax.figure.axes[1].get_ylabel() == f"score (black line: {threshold})"


def test_samples_stand_where_they_are_in_the_look_of_their_class(ax):
    decision_boundary(lambda x: x[0] - 0.5, X, Y, X_test=X + 0.25, y_test=Y, ax=ax)
    train0, train1, test0, test1 = marks(ax)
    assert train0.get_offsets().tolist() == X[Y == 0].tolist()
    assert train1.get_offsets().tolist() == X[Y == 1].tolist()
    assert test1.get_offsets().tolist() == (X[Y == 1] + 0.25).tolist()
    white = to_rgba("white")
    assert tuple(train0.get_facecolor()[0]) == tuple(test0.get_edgecolor()[0]) != white
    assert tuple(test0.get_facecolor()[0]) == white
    assert train0.get_paths()[0].vertices.shape != train1.get_paths()[0].vertices.shape  # another marker


def test_of_several_classes_each_has_the_area_where_its_score_is_the_largest(ax):
    decision_boundary(nearest, CORNERS, [0, 1, 2], class_names=["a", "b", "c"], ax=ax, resolution=50)
    areas, samples = ax.collections[0:6:2], marks(ax)
    for k, (area, sample) in enumerate(zip(areas, samples, strict=True)):
        inside = [any(path.contains_point(corner) for path in area.get_paths()) for corner in CORNERS]
        assert inside == [j == k for j in range(3)]
        assert tuple(area.get_facecolor()[0][:3]) == tuple(sample.get_facecolor()[0][:3])
    distances = np.linalg.norm(np.array(vertices(ax.collections[1]))[:, None] - CORNERS, axis=2)
    others = distances[:, 1:].min(axis=1)
    assert np.median(np.abs(distances[:, 0] - others)) < 1e-9  # on the lines half way, but for the corner
    assert np.abs(distances[:, 0] - others).max() < 0.1
    assert legend(ax) == ["a", "b", "c"]


def test_ten_classes_differ_in_marker_and_areas_of_one_colour_in_hatching(ax):
    points = np.array([[k % 4, k // 4] for k in range(10)], float)
    decision_boundary(lambda x: [-((x[0] - a) ** 2) - (x[1] - b) ** 2 for a, b in points], points, range(10), ax=ax)
    outlines = {tuple(map(tuple, c.get_paths()[0].vertices.round(3))) for c in marks(ax)}
    assert len(outlines) == 10
    areas = [c for c in ax.collections if getattr(c, "filled", False)]
    looks = {(tuple(c.get_facecolor()[0]), tuple(c.hatches)) for c in areas}
    assert len(areas) == len(looks) == 10


def test_labels_of_two_classes_may_be_minus_and_plus_one(ax):
    decision_boundary(lambda x: x[0] - 0.5, X, 2 * Y - 1, class_names=["no", "yes"], ax=ax)
    assert [c.get_offsets().tolist() for c in marks(ax)] == [X[Y == 0].tolist(), X[Y == 1].tolist()]
    assert legend(ax) == ["no", "yes"]


def test_a_class_without_samples_keeps_its_name_and_look(ax):
    decision_boundary(nearest, CORNERS[[0, 2]], ["a", "c"], class_names=["a", "b", "c"], ax=ax)
    assert legend(ax) == ["a", "b", "c"]
    assert [c.get_offsets().tolist() for c in marks(ax)] == [[[0.0, 0.0]], [], [[2.0, 3.0]]]


@pytest.mark.parametrize("score", [0.0, 1.0, -300.0])
def test_a_score_that_never_changes(ax, score):
    decision_boundary(lambda x: score, X, Y, ax=ax)
    decision_boundary(lambda x: score, X[:1], Y[:1], ax=ax)  # samples without an extent


def test_nothing_is_recorded_for_gradients(ax):
    network = MLP(2, [1], seed=0)
    seen = []
    decision_boundary(lambda x: seen.append(network(x)) or seen[-1], X, Y, resolution=3, ax=ax)
    assert all(output.op is None for output in seen)


@pytest.mark.parametrize(
    ("error", "words", "arguments", "settings"),
    [
        (ShapeError, r"2 features, X has the shape \(4, 3\): train a network on two", (np.zeros((4, 3)), Y), {}),
        (ShapeError, r"2 features, X has the shape \(4,\)", (np.zeros(4), Y), {}),
        (ShapeError, r"X_test has the shape \(1, 5\)", (X, Y), {"X_test": np.zeros((1, 5)), "y_test": [0]}),
        (ShapeError, "X has 4 samples, and there are 3 labels", (X, Y[:3]), {}),
        (ShapeError, "X_test has 4 samples, and there are 0 labels", (X, Y), {"X_test": X}),
        (ShapeError, "one score tells 2 classes apart, not 3", (X, [0, 1, 2, 0]), {}),
        (ShapeError, "feature_names has 3 names, and the plane has 2 axes", (X, Y), {"feature_names": "abc"}),
        (ValueError, "11 classes are more than there are markers for, 10", (np.eye(11, 2), range(11)), {}),
        (ValueError, "no class name for the class 2: the 2 class names are a, b", (X, [0, 1, 2, 0]),
         {"class_names": "ab"}),
        (ValueError, r"not \[1, 0\]: of one-hot rows, take np.argmax", (X, [[1, 0]] * 4), {}),
        (ValueError, r"a class is a whole number or a name, not 0.3: round probabilities", (X, [0.3, 1, 0, 1]), {}),
        (ValueError, "no samples, and so no classes", (np.empty((0, 2)), []), {}),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn(ax, error, words, arguments, settings):
    with pytest.raises(error, match=words):
        decision_boundary(lambda x: x[0], *arguments, ax=ax, **settings)


def test_scores_that_do_not_fit(ax):
    with pytest.raises(ShapeError, match="there are 2 scores for 3 classes"):
        decision_boundary(lambda x: [1.0, 2.0], X, [0, 1, 2, 0], ax=ax)
    with pytest.raises(ValueError, match=r"the score at \(−0.1, −0.1\) is nan"):
        decision_boundary(lambda x: float("nan"), X, Y, ax=ax)
