"""Decision boundaries: they are where the class changes, for one score and for several."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba

from autograd import Value
from autograd.errors import ShapeError
from nn.modules import MLP, Neuron
from nn.pipeline import Pipeline
from nn.plots import decision_boundary, new_figure
from nn.preprocessing import Preprocessing, Target

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


# --- pipelines -----------------------------------------------------------------------------------------------

RAW, RIPE = [[10.0, 1000.0], [30.0, 1000.0], [10.0, 3000.0], [30.0, 3000.0]], ["no", "yes", "no", "yes"]


def ripe(activation="linear", task="binary_logits", bias=0.0):
    """The boundary is where the first raw number is 20 if the bias is 0: it has the mean 20 and the deviation 10."""
    network = Neuron(2, activation=activation, weights=[1.0, 0.0], bias=bias)
    return Pipeline(network, Preprocessing.fit(RAW, names=["size", "weight"]), Target.fit(RIPE), task)


@pytest.mark.parametrize(
    ("pipeline", "where", "threshold"),
    [
        (ripe(), 20.0, 0),
        (ripe(bias=0.5), 15.0, 0),
        (ripe("sigmoid", "binary_probabilities"), 20.0, 0.5),
        (ripe("tanh", "margin", -0.5), 25.0, 0),
    ],
)
def test_the_plane_of_a_pipeline_is_that_of_its_raw_numbers(ax, pipeline, where, threshold):
    decision_boundary(pipeline, RAW, RIPE, X_test=RAW[:1], y_test=RIPE[:1], resolution=45, ax=ax)
    line = np.array(vertices(ax.collections[1]))
    assert line[:, 0] == pytest.approx(where, abs=0.01)
    assert line[:, 1].max() == pytest.approx(3200)  # a tenth more than the samples' range
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("size", "weight")
    assert ax.figure.axes[1].get_ylabel() == f"score (black line: {threshold})"
    assert legend(ax) == ["no", "yes", "hollow: test"]
    assert [c.get_offsets().tolist() for c in marks(ax)[:2]] == [[RAW[0], RAW[2]], [RAW[1], RAW[3]]]


def test_rows_and_labels_of_a_pipeline_may_have_any_form(ax):
    dicts = [{"ripe": label, "weight": b, "size": a} for (a, b), label in zip(RAW, RIPE, strict=True)]
    for rows, labels in ((dicts, RIPE), (np.array(RAW), np.array(RIPE)), (RAW, [0, 1, 0, 1])):
        ax.figure.clear()
        drawn = decision_boundary(ripe(), rows, labels, resolution=3, ax=ax.figure.subplots())
        assert marks(drawn)[0].get_offsets().tolist() == [RAW[0], RAW[2]]
        assert legend(drawn) == ["no", "yes"]


def test_numbers_may_be_the_classes_of_a_pipeline_and_names_be_given(ax):
    network = MLP(2, [3], seed=0)
    target = Target.fit([4, 5, 9], classes=True)
    pipeline = Pipeline(network, Preprocessing.fit(RAW), target, "classes_logits")
    decision_boundary(pipeline, RAW[:2], [9, 4], class_names=["a", "b", "c"], feature_names=["p", "q"], ax=ax)
    assert [c.get_offsets().tolist() for c in marks(ax)] == [[RAW[1]], [], [RAW[0]]]
    assert (legend(ax), ax.get_xlabel()) == (["a", "b", "c"], "p")


def test_all_points_are_preprocessed_at_once(ax, monkeypatch):
    sizes, transform = [], Preprocessing.transform
    monkeypatch.setattr(Preprocessing, "transform", lambda self, rows: sizes.append(len(rows)) or transform(self, rows))
    decision_boundary(ripe(), RAW, RIPE, resolution=7, ax=ax)
    assert sizes == [49]


def test_pipelines_without_a_plane(ax):
    network = Neuron(2, activation="linear", weights=[1.0, 0.0])
    numbers = Pipeline(network, Preprocessing.fit(RAW), Target.fit([1.5, 2.5]), "regression")
    with pytest.raises(ValueError, match="between classes, and this pipeline predicts a number"):
        decision_boundary(numbers, RAW, RIPE, ax=ax)
    one = Pipeline(MLP(1, [1]), Preprocessing.fit([[1.0], [2.0]]), Target.fit(RIPE), "binary_logits")
    with pytest.raises(ShapeError, match="drawn over 2 columns, and the pipeline has 1"):
        decision_boundary(one, RAW, RIPE, ax=ax)
    texts = Preprocessing.fit([[1.0, "a"], [2.0, "b"]], names=["size", "colour"])
    with pytest.raises(ValueError, match="columns of numbers, and 'colour' holds texts"):
        decision_boundary(Pipeline(MLP(3, [1]), texts, Target.fit(RIPE), "binary_logits"), RAW, RIPE, ax=ax)


@pytest.mark.parametrize("score", [[0.5, 0.5], None, MLP])
def test_what_gives_no_score(ax, score):
    with pytest.raises(TypeError, match=r"score must be a network, a function of \[x₁, x₂\] or a Pipeline, got "):
        decision_boundary(score, X, Y, ax=ax)


def test_a_sample_that_is_not_finite(ax):
    with pytest.raises(ValueError, match=r"sample 1 of X is \[30.0, nan\]: leave out what is not finite"):
        decision_boundary(ripe(), [RAW[0], [30.0, None]], RIPE[:2], ax=ax)


def test_scores_that_do_not_fit(ax):
    with pytest.raises(ShapeError, match="there are 2 scores for 3 classes"):
        decision_boundary(lambda x: [1.0, 2.0], X, [0, 1, 2, 0], ax=ax)
    with pytest.raises(ValueError, match=r"the score at \(−0.1, −0.1\) is nan"):
        decision_boundary(lambda x: float("nan"), X, Y, ax=ax)
