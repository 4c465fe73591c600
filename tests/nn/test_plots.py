"""Plots: what is drawn, and what is refused. That they look right was judged by eye."""

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from nn import History, plots

ROWS = [
    {"epoch": 1, "loss": 0.7, "accuracy": 0.5, "test_loss": 0.8, "test_accuracy": 0.4},
    {"epoch": 2, "loss": 0.3, "accuracy": 0.9, "test_loss": 0.5, "test_accuracy": 0.8},
]
X, Y = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 0, 1])


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.mark.parametrize("quantity", ["loss", "accuracy"])
def test_learning_curves_show_the_history(ax, quantity):
    assert plots.learning_curve(History(ROWS), quantity, ax) is ax
    train, test = ax.get_lines()
    assert train.get_xydata().tolist() == [[row["epoch"], row[quantity]] for row in ROWS]
    assert test.get_xydata().tolist() == [[row["epoch"], row[f"test_{quantity}"]] for row in ROWS]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["train", "test"]
    assert train.get_color() != test.get_color()
    assert train.get_linestyle() != test.get_linestyle()  # not told apart by colour alone


def test_a_history_without_test_data(ax):
    plots.learning_curve(History([{"epoch": 1, "loss": 0.7}]), ax=ax)
    (line,) = ax.get_lines()
    assert line.get_marker() == "o"  # one epoch is a point


def test_what_the_history_lacks(ax):
    with pytest.raises(ValueError, match="no 'accuracy' to draw; it holds epoch, loss"):
        plots.learning_curve(History([{"epoch": 1, "loss": 0.7}]), "accuracy", ax)
    with pytest.raises(ValueError, match="it holds no rows"):
        plots.learning_curve(History(), ax=ax)


def test_the_decision_boundary_is_where_the_score_is_at_the_threshold(ax):
    plots.decision_boundary(
        lambda x: x[0] - 0.5, X, Y, X_test=X[:1], y_test=Y[:1], class_names=("left", "right"), ax=ax
    )
    filled, line = ax.collections[:2]
    assert filled.get_array().size > 2
    vertices = np.vstack([path.vertices for path in line.get_paths()])
    assert vertices[:, 0] == pytest.approx(np.full(len(vertices), 0.5))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["left", "right", "left, test", "right, test"]


def test_a_score_that_never_changes_sign(ax):
    plots.decision_boundary(lambda x: 1.0, X, Y, ax=ax)
    plots.decision_boundary(lambda x: 0.0, X, Y, ax=ax)


def test_a_decision_boundary_has_two_features(ax):
    with pytest.raises(ValueError, match=r"samples of 2 features, not for an array of \(4, 3\)"):
        plots.decision_boundary(lambda x: 0.0, np.zeros((4, 3)), Y, ax=ax)
    with pytest.raises(ValueError, match="6 classes are more than there are colours for"):
        plots.decision_boundary(lambda x: 0.0, np.zeros((6, 2)), np.arange(6), ax=ax)


def test_without_axes_new_ones_are_made(monkeypatch):
    from matplotlib import pyplot

    monkeypatch.setitem(matplotlib.rcParams, "backend", "agg")
    first, second = plots.learning_curve(History(ROWS)), plots.learning_curve(History(ROWS))
    assert first is not second
    pyplot.close("all")


def test_colours_are_told_apart_by_the_colour_blind():
    """The palette is that of Okabe and Ito, 2008."""
    published = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
    assert set(plots.COLOURS) <= published
    assert len(set(plots.COLOURS)) == len(plots.COLOURS) == len(plots.MARKERS)
