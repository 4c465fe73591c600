"""`watch` in a training by `fit`, and in a loop of one's own: what it sees, and that it changes nothing."""

import math
import random
import re
from array import array

import pytest

import autograd
from autograd import Value
from autograd.view.watcher import boundary, curves, watch
from autograd.view.watcher.records import Grid
from nn import EarlyStopping, fit

from .trainings import Clock, X, epochs, network, quiet, y

LOSS = "binary_cross_entropy_with_logits"


def train(callbacks, *, dropout=0.0, epochs=6):
    model = network(2, 6, 1, dropout=dropout)
    history = fit(model, X, y, loss=LOSS, epochs=epochs, batch_size=4, seed=1, validation=(X[:4], y[:4]),
                  callbacks=callbacks(model), progress=False)  # fmt: skip
    return model, history


def test_fit_gives_a_curve_for_each_column_and_a_frame_for_the_last_epoch():
    seen = []
    model, history = train(lambda model: seen.append(watch(model, X, y, show=False)) or seen)
    record = seen[0].record
    assert record.unit == "epoch"
    assert record.columns == [name for name in history.columns if name not in ("epoch", "seconds")]
    assert [row.figures["loss"] for row in record.rows] == history.column("loss")
    assert list(record.frames.last.weights[:12]) == [
        neuron.w[i].data for i in range(2) for neuron in model.layers[0].neurons
    ]
    assert record.frames.last.row.step == 6


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_weights_are_bit_identical_with_and_without_watching(dropout):
    def trained(callbacks):
        random.seed(7)
        model, _ = train(callbacks, dropout=dropout)
        modes = [module.training for module in model.modules()]
        return [p.data for p in model.parameters()], [p.grad for p in model.parameters()], modes, random.random()

    alone = trained(lambda model: [])
    assert trained(lambda model: [watch(model, X, y, show=False)]) == alone


def test_a_model_that_draws_from_the_global_generators_is_not_disturbed():
    import numpy

    class Noisy:
        training = True

        def __call__(self, x):
            return x[0] + random.random() + float(numpy.random.rand()) * self.training

    model = Noisy()
    random.seed(3)
    numpy.random.seed(3)
    expected = [(random.random(), float(numpy.random.rand())) for _ in range(3)]
    random.seed(3)
    numpy.random.seed(3)
    training = quiet(model, X, y)
    drawn = []
    for _ in range(3):
        drawn.append((random.random(), float(numpy.random.rand())))
        training.update(loss=1.0)
    assert drawn == expected
    assert model.training is True
    assert training.record.plane is not None  # it was asked


def test_nothing_is_recorded_for_gradients_and_no_gradient_changes():
    model = network(2, 3, 1)
    loss = model([1.0, 2.0]) ** 2
    loss.backward()
    before = [p.grad for p in model.parameters()]
    with quiet(model, X, y) as training:
        training.update(loss=loss)
    assert [p.grad for p in model.parameters()] == before
    assert model([1.0, 2.0]).op is not None  # gradients are on again


def test_predictions_for_the_boundary_leave_no_graph():
    w, made = Value(2.0), []

    def model(x):
        made.append(w * x[0])
        return made[-1]

    with quiet(model, X, y) as training:
        training.update(loss=1.0)
    assert len(made) >= 100
    assert {v.op for v in made} == {None}


def test_two_failures_are_two_remarks_and_one_warning():
    model = network(2, 3, 1)
    training = quiet(model, X[:6], [0, 1, 2] * 2)
    model.layers[0].neurons[0].w = []
    with pytest.warns(RuntimeWarning, match="could not be shown") as told:
        training.update(loss=1.0)
    assert len(told) == 1
    assert len(training.record.remarks) == 2


def test_a_loop_of_ones_own_names_its_curves():
    w = Value(0.0)
    with quiet(w.__mul__, title="One weight") as training:
        for _ in range(30):
            loss = (w * 2.0 - 6.0) ** 2
            w.grad = 0.0
            loss.backward()
            w.data -= 0.05 * w.grad
            training.update(loss=loss, distance=abs(w.data - 3.0))
    assert training.record.columns == ["loss", "distance"]
    assert [row.step for row in training.record.rows] == list(range(1, 31))
    assert training.record.rows.last.figures["loss"] == loss.data
    assert repr(training).startswith("<Watch of One weight: step 30: loss ")


def test_ctrl_c_keeps_what_was_seen():
    training = quiet(network(2, 3, 1), X, y)

    def interrupted():
        with training:
            for step in range(1, 6):
                training.update(loss=1.0 / step)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert training.record.frames.last.row.step == 5
    assert training.record.frames.last.grid is not None
    assert "step 5" in training.page.html


def test_the_last_frame_shows_the_weights_that_early_stopping_has_put_back():
    model = network(2, 6, 1)
    stopping, seen = EarlyStopping(patience=2, monitor="loss", mode="max"), watch(model, show=False)
    fit(model, X, y, loss=LOSS, epochs=20, seed=1, callbacks=[stopping, seen], progress=False)
    assert stopping.best_epoch < seen.record.rows.last.step
    assert list(seen.record.frames.last.weights) == list(seen.record.wires.weights())


def test_training_again_starts_anew():
    watch = quiet(network(2, 3, 1))
    epochs(watch, 5)
    epochs(watch, 3)
    assert [row.step for row in watch.record.rows] == [1, 2, 3]


def test_a_loss_that_is_not_finite_is_a_gap_with_a_mark():
    losses = [4.0, 3.0, math.nan, 2.0, math.inf, 1.0]
    training = quiet(network(2, 3, 1))
    for loss in losses:
        training.update(loss=loss)
    training.close()
    image = training.page._image
    assert image.count('class="break"') == 2
    curve = image.split('class="curve"')[1].split("<path")[1]
    assert curve.count("M") == 3
    assert "nan" not in curve


@pytest.mark.parametrize("figures", [{"loss": None}, {"loss": "low"}, {"loss": [1.0, 2.0]}])
def test_a_figure_that_is_no_number_is_named(figures):
    with pytest.raises(TypeError, match=r"loss = .*: a curve is made of numbers or Values"):
        quiet(network(2, 3, 1)).update(**figures)


def test_columns_of_other_callbacks_that_are_no_curves_are_left_out_with_one_remark_each(tmp_path):
    class Notes:
        def on_epoch_end(self, training):
            others = {"note": "fine", "best": None, 5: 1.0, (6,): None, "list": [1.0], "rate": 0.5, "whole": 3}
            training.row.update(others)

    model, seen = network(2, 3, 1), []
    fit(model, X, y, loss=LOSS, epochs=40, callbacks=[Notes(), seen.append(quiet(model)) or seen[0]], progress=False)
    (watch,) = seen
    assert {"rate", "whole"} < set(watch.record.columns)
    assert not {"note", "best", "list", 5, (6,)} & set(watch.record.columns)
    assert watch.record.rows.last.step == 40
    assert watch.record.remarks == [
        "The column note is left out where it holds no number but a str.",
        "The column best is left out where it holds no number but a NoneType.",
        "A column is left out: its name is of type int, not a text.",
        "A column is left out: its name is of type tuple, not a text.",
        "The column list is left out where it holds no number but a list.",
    ]
    assert watch.save(tmp_path / "a.html")


@pytest.mark.parametrize(
    ("samples", "classes", "message"),
    [
        (X, None, "give both X and y, or neither"),
        (None, y, "give both X and y, or neither"),
        (X, y[:-1], "12 samples in X and 11 classes in y"),
        ([], [], "X is empty"),
        ([[1.0, 2.0], [1.0]], [0, 1], r"X\[1\] has 1 numbers, and the plane has 2"),
        ([1.0, 2.0], [0, 1], r"X\[0\] must be a row of two numbers, got 1.0"),
        ([[1.0, math.nan]], [0], r"X\[0\] = \[1.0, nan\]: a place on the plane needs finite numbers"),
        ([[1.0, 2.0]], [[0, 1]], r"y\[0\] must be one class, a number or a text, got \[0, 1\]"),
        ([[1.0, 2.0]], [math.inf], r"y\[0\] = inf: a class needs a finite number"),
        ("text", y, "X must be a list or an array with one entry for each sample, not str"),
        (X, 3, "y must be a list or an array with one entry for each sample, not int"),
    ],
)
def test_samples_that_do_not_fit_are_told_before_training(samples, classes, message):
    with pytest.raises((TypeError, ValueError), match=message):
        watch(network(2, 3, 1), samples, classes)


@pytest.mark.parametrize(
    ("samples", "classes", "remark"),
    [
        ([[1.0, 2.0, 3.0]] * 2, [0, 1], "a sample has 3 inputs, and the plane has 2"),
        ([[float(i), 1.0] for i in range(9)], list(range(9)), "y has 9 different values, more than 5 classes"),
    ],
)
def test_a_boundary_that_cannot_be_is_left_out_with_a_word(samples, classes, remark):
    training = quiet(network(2, 3, 1), samples, classes)
    training.update(loss=1.0)
    assert remark in training.record.remarks[0]
    assert remark in training.page._image
    assert 'class="plane"' not in training.page._image


def test_scores_that_do_not_fit_the_classes_leave_the_boundary_out_with_a_word():
    training = quiet(network(2, 3, 1), X[:6], [0, 1, 2] * 2)
    with pytest.warns(RuntimeWarning, match="one score cannot tell 3 classes apart"):
        training.update(loss=1.0)
    training.update(loss=0.5)
    assert training.record.plane is None
    assert "one score cannot tell 3 classes apart" in training.page._image


def test_a_network_that_changes_its_shape_while_it_trains_still_has_curves():
    model = network(2, 3, 1)
    training = quiet(model, clock=(clock := Clock()))
    training.update(loss=1.0)
    model.layers[0].neurons[0].w = []
    clock.pass_by(10.0)
    with pytest.warns(RuntimeWarning, match="the network could not be shown"):
        training.update(loss=0.5)
    training.update(loss=0.25)
    training.close()
    assert 'class="curve"' in training.page._image


def test_where_warnings_are_errors_training_goes_on_all_the_same(capsys):
    training = quiet(network(2, 3, 1), X[:6], [0, 1, 2] * 2)
    training.update(loss=1.0)  # in these tests every warning is an error
    assert "Training goes on" in capsys.readouterr().err
    assert len(training.record.rows) == 1


def test_the_boundary_is_where_the_model_says():
    with quiet(lambda x: x[0] - 0.25, X, y) as training:
        training.update(loss=1.0)
    plane, grid = training.record.plane, training.record.frames.last.grid
    for v in range(grid.size):
        for u in range(grid.size):
            x1 = plane.low[0] + u / (grid.size - 1) * (plane.high[0] - plane.low[0])
            assert (grid.cells[v * grid.size + u] > 0) == (x1 > 0.25)


def test_where_all_is_one_class_all_has_its_colour():
    with quiet(lambda x: x[0] * x[0] + 0.2, X, y) as training:
        training.update(loss=1.0)
    found = list(boundary.areas(training.record.frames.last.grid, training.record.plane.one_score))
    assert {colour for colour, _, _ in found} == {boundary.COLOURS[1]}


@pytest.mark.parametrize(("sign", "corners"), [(1, {(1, 0), (0, 1)}), (-1, {(0, 0), (1, 1)})])
def test_at_a_saddle_the_line_leaves_those_corners_together_that_the_middle_goes_with(sign, corners):
    grid = Grid(2, array("b", [2 + sign, -2 + sign, -2 + sign, 2 + sign]))
    numbers = [float(x) for x in re.findall(r"[0-9.]+", boundary.contour(grid))]
    left, right = boundary.LEFT, boundary.WIDTH - boundary.RIGHT
    for x1, y1, x2, y2 in (numbers[:4], numbers[4:]):
        u = ((x1 + x2) / 2 - left) / (right - left)
        v = ((y1 + y2) / 2 - boundary.BOTTOM) / (boundary.TOP - boundary.BOTTOM)
        corners -= {(round(u), round(v))}  # a line about a corner has its middle near it
    assert corners == set()


@pytest.mark.parametrize(("settings", "expected"), [({"output_activation": "sigmoid"}, 0.5), ({}, 0.0)])
def test_the_threshold_is_that_of_the_last_layer(settings, expected):
    assert quiet(network(2, 3, 1, **settings), X, y)._observer.threshold == expected
    assert quiet(network(2, 3, 1), X, y, threshold=0.2)._observer.threshold == 0.2


def test_where_a_model_has_no_value_the_plane_is_blank():
    with quiet(lambda x: autograd.log(x[0]) if x[0] < -0.9 else x[1], X, y) as training:
        training.update(loss=1.0)
    cells = training.record.frames.last.grid.cells
    assert 0 < sum(cell == 99 for cell in cells) < len(cells)


def test_a_figure_that_comes_later_has_a_curve_too():
    training = quiet(network(2, 3, 1))
    training.update(loss=1.0)
    training.update(loss=0.5, accuracy=0.75)
    training.close()
    assert training.record.columns == ["loss", "accuracy"]
    assert training.page.html.count("accuracy") >= 2


def test_a_logarithmic_axis_says_so_and_its_numbers_have_no_needless_digits():
    training = quiet(lambda x: x)
    for loss in (10.0, 1.0, 0.1, 1e-4, 1e-6):
        training.update(loss=loss, distance=loss)
    image = training.page._image
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", image)
    assert "Loss, logarithmic" in texts
    assert {"10", "1", "0.1", "0.01", "0.001", "0.0001", "1e-05", "1e-06"} <= set(texts)
    assert not {"10.0000", "0.1000"} & set(texts)


def test_a_last_panel_that_is_alone_in_its_row_stands_in_the_middle():
    training = quiet(network(2, 3, 1))
    training.update(loss=1.0)
    image = training.page._image
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', image)[1])
    lefts = [float(x) for x in re.findall(r'class="panel [^>]*translate\(([\d.]+) ', image)]
    assert len(lefts) == 3
    assert lefts[2] + curves.WIDTH / 2 == pytest.approx(width / 2)
    assert lefts[0] + lefts[1] + curves.WIDTH == pytest.approx(width)
