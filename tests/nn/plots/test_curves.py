"""Learning curves: what is drawn of a history, and what is refused."""

import pytest

from nn.modules import MLP
from nn.plots import learning_curve, new_figure
from nn.training import History

from .looks import dashed

ROWS = [
    {"epoch": 1, "loss": 0.7, "accuracy": 0.5, "validation_loss": 0.8, "validation_accuracy": 0.4,
     "learning_rate": 0.1, "seconds": 0.5},
    {"epoch": 2, "loss": 0.3, "accuracy": 0.9, "validation_loss": 0.5, "validation_accuracy": 0.8,
     "learning_rate": 0.05, "seconds": 0.4},
]  # fmt: skip


@pytest.fixture
def ax():
    return new_figure(5, 4).subplots()


def losses(*values):
    return History([{"epoch": k, "loss": value} for k, value in enumerate(values, start=1)])


@pytest.mark.parametrize("quantity", ["loss", "accuracy"])
def test_learning_curves_show_the_history(ax, quantity):
    learning_curve(History(ROWS), quantity, ax)
    train, validation = ax.get_lines()
    assert train.get_xydata().tolist() == [[row["epoch"], row[quantity]] for row in ROWS]
    assert validation.get_xydata().tolist() == [[row["epoch"], row[f"validation_{quantity}"]] for row in ROWS]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["train", "validation"]
    assert train.get_color() != validation.get_color()
    assert (dashed(train), dashed(validation)) == (False, True)  # not told apart by colour alone
    assert train.get_marker() != validation.get_marker()


@pytest.mark.parametrize("quantity", ["learning_rate", "seconds"])
def test_quantities_of_the_training_itself(ax, quantity):
    learning_curve(History(ROWS), quantity, ax)
    (line,) = ax.get_lines()
    assert line.get_ydata().tolist() == [row[quantity] for row in ROWS]
    assert ax.get_ylabel() == quantity.replace("_", " ")
    assert ax.get_legend() is None  # neither of training nor of validation data


def test_one_epoch_is_a_point_inside_the_axes(ax):
    learning_curve(losses(0.7), ax=ax)
    (line,) = ax.get_lines()
    assert line.get_marker() not in ("", "None", None)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 1 < right
    assert bottom == 0.0
    assert 0.7 < top < 1.0
    assert [tick for tick in ax.get_xticks() if left <= tick <= right] == [1]


def test_a_loss_starts_at_0_unless_it_is_negative_or_spans_decades():
    def drawn(*values):
        return learning_curve(losses(*values), ax=new_figure(5, 4).subplots())

    assert drawn(0.9, 0.3).get_ylim()[0] == 0
    assert drawn(3.0, -2.0).get_ylim()[0] < -2  # a density may be above 1, and its logarithm positive
    wide = drawn(1e6, 1.0, 1e-9)
    assert wide.get_yscale() == "log"
    assert wide.get_ylim()[0] < 1e-9
    low, high = drawn(0.0, 0.0).get_ylim()
    assert low < 0 < high  # the line is not hidden in the axis


def test_a_share_has_room_up_to_1(ax):
    learning_curve(History([{"epoch": 1, "accuracy": 1.0}, {"epoch": 2, "accuracy": 1.0}]), "accuracy", ax)
    assert ax.get_ylim()[0] < 1.0 < ax.get_ylim()[1] < 1.01


def test_epochs_that_are_not_finite_are_gaps(ax):
    learning_curve(losses(0.5, float("nan"), 0.3), ax=ax)
    assert ax.get_ylim()[1] < 1


def test_what_the_history_lacks(ax):
    with pytest.raises(ValueError, match=r"unknown quantity 'accuracy'\. There are: loss"):
        learning_curve(losses(0.7), "accuracy", ax)
    with pytest.raises(ValueError, match=r"did you mean 'accuracy'\? There are: loss, accuracy, learning_rate, sec"):
        learning_curve(History(ROWS), "acuracy", ax)
    with pytest.raises(ValueError, match="the history is empty, there is no loss to draw: train for one epoch"):
        learning_curve(History(), ax=ax)
    with pytest.raises(ValueError, match=r"no finite number of loss to draw: \[nan\]"):
        learning_curve(losses(float("nan")), ax=ax)


@pytest.mark.parametrize("history", [[{"loss": 1.0}], None, MLP(1, [1])])
def test_what_is_no_history(ax, history):
    with pytest.raises(TypeError, match=r"drawn of the History that fit returned, got (list|NoneType|MLP): "):
        learning_curve(history, ax=ax)


def test_a_run_that_diverged_can_be_drawn(tmp_path):
    rows = [{"epoch": k, "loss": 10.0 ** (29 * k)} for k in range(1, 11)]
    figure = new_figure(6, 4)
    ax = learning_curve(History(rows), ax=figure.subplots())
    figure.savefig(tmp_path / "curve.png")
    low, high = ax.get_ylim()
    assert (low, high) == (pytest.approx(1e28), 1e100)
    assert ax.get_lines()[0].get_ydata().tolist() == [row["loss"] for row in rows]
