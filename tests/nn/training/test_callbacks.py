"""Callbacks: what they are told, early stopping and the best weights."""

import math
import signal

import pytest

from nn.modules import MLP
from nn.optimizers import SGD
from nn.training import EarlyStopping, NotFiniteError, evaluate, fit

X, Y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]


class Script:
    """Validation losses that are written down: the model's weight is moved so that (w - 0)² gives them."""

    def __init__(self, losses):
        self.losses = losses
        self.epochs = []

    def on_epoch_end(self, training):
        training.row["validation_loss"] = self.losses[training.epoch - 1]
        self.epochs.append(training.epoch)


class Recorder:
    def __init__(self):
        self.weights, self.ends = [], 0

    def on_epoch_end(self, training):
        self.weights.append([p.data for p in training.optimizer.parameters])

    def on_train_end(self, training):
        self.ends += 1


def train(*callbacks, model=None, **given):
    model = model or MLP(1, [1], seed=0)
    options = {"loss": "mean_squared_error", "seed": 0, "progress": False, "epochs": 20}
    options = {**options, "validation": (X, Y), **given}
    history = fit(
        model, X, Y, optimizer=SGD(model.parameters(), learning_rate=0.05), callbacks=list(callbacks), **options
    )
    return model, history


def test_a_callback_sees_every_epoch_after_its_updates():
    recorder = Recorder()
    model, history = train(recorder, epochs=3)
    assert len(recorder.weights) == 3
    assert len({tuple(w) for w in recorder.weights}) == 3
    assert recorder.weights[-1] == [p.data for p in model.parameters()]
    assert recorder.ends == 1
    assert history.stopped == ""


def test_a_callback_can_stop_the_training():
    class Stop:
        def on_epoch_end(self, training):
            if training.epoch == 4:
                training.stop("enough")

    _, history = train(Stop())
    assert len(history.rows) == 4
    assert history.stopped == "enough"
    assert not history.interrupted


@pytest.mark.parametrize(
    ("losses", "patience", "epochs", "best"),
    [
        ([5, 4, 3, 3, 3, 3, 3, 3], 2, 5, 3),  # equal is not better
        ([5, 4, 6, 3, 6, 6, 1, 1], 2, 6, 4),
        ([1, 2, 2, 2], 3, 4, 1),
        ([5, 4, 3, 2, 1], 1, 5, 5),
    ],
)
def test_early_stopping_by_hand(losses, patience, epochs, best):
    recorder, stopping = Recorder(), EarlyStopping(patience)
    model, history = train(Script(losses), stopping, recorder, epochs=len(losses))
    assert len(history.rows) == epochs
    assert (stopping.best_epoch, stopping.best) == (best, losses[best - 1])
    assert [p.data for p in model.parameters()] == recorder.weights[best - 1]
    assert history.stopped == ("" if epochs == best else f"no better validation_loss for {patience} epochs")


def test_min_delta_counts_small_gains_as_none():
    _, history = train(Script([1.0, 0.95, 0.9, 0.85, 0.8]), EarlyStopping(2, min_delta=0.2), epochs=5)
    assert len(history.rows) == 3


def test_accuracy_shall_rise_and_a_loss_shall_fall():
    X, y = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1]
    for monitor, figures in [("validation_accuracy", [0.5, 0.75, 1.0, 0.5]), ("validation_loss", [3.0, 2.0, 1.0, 2.0])]:
        stopping = EarlyStopping(1, monitor)

        class Figures:
            def __init__(self, column, figures):
                self.column, self.figures = column, figures

            def on_epoch_end(self, training):
                training.row[self.column] = self.figures[training.epoch - 1]

        model = MLP(1, [1], seed=0)
        history = fit(
            model, X, y, loss="binary_cross_entropy_with_logits", optimizer="sgd", epochs=4, progress=False,
            validation=(X, y), callbacks=[Figures(monitor, figures), stopping],
        )  # fmt: skip
        assert stopping.best_epoch == 3
        assert len(history.rows) == 4


def test_the_best_weights_come_back_after_ctrl_c():
    class Interrupt:
        def on_epoch_end(self, training):
            if training.epoch == 3:
                signal.raise_signal(signal.SIGINT)

    recorder = Recorder()
    model, history = train(Script([1, 2, 2, 2]), EarlyStopping(10), recorder, Interrupt(), epochs=4)
    assert history.interrupted
    assert len(history.rows) == 3
    assert [p.data for p in model.parameters()] == recorder.weights[0]


def test_the_best_weights_come_back_after_a_loss_that_is_not_finite():
    def loss(prediction, target):
        return prediction * math.inf if len(recorder.weights) == 3 else (prediction - target) ** 2

    recorder = Recorder()
    model = MLP(1, [1], seed=0)
    with pytest.raises(NotFiniteError, match="epoch 4") as raised:
        train(Script([3, 1, 2, 2]), EarlyStopping(10), recorder, model=model, loss=loss)
    assert [p.data for p in model.parameters()] == recorder.weights[1]
    assert raised.value.history.column("epoch") == [1, 2, 3]


def test_early_stopping_on_real_validation_data_keeps_the_best_of_all_epochs():
    model = MLP(1, [1], initializer="zeros")
    held_out = [[0.0], [1.0], [2.0]], [0.0, 0.5, 1.0]  # its best line, y = x / 2, lies on the way from 0 to y = x
    stopping = EarlyStopping(5)
    model, history = train(stopping, model=model, validation=held_out, epochs=200)
    figures = history.column("validation_loss")
    assert stopping.best == min(figures)
    assert evaluate(model, *held_out, loss="mean_squared_error")["loss"] == min(figures)
    assert len(figures) == stopping.best_epoch + 5 < 200


def test_bad_settings():
    for bad in (0, -1, 2.5):
        with pytest.raises(ValueError, match=f"patience must be a whole number of at least 1, got {bad}"):
            EarlyStopping(bad)
    for bad in (-0.1, math.nan, math.inf):
        with pytest.raises(ValueError, match="min_delta must be a finite number of at least 0, got"):
            EarlyStopping(min_delta=bad)
    model = MLP(1, [1], seed=0)
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"to watch validation_loss, fit needs validation=\(X, y\)"):
        train(EarlyStopping(), model=model, validation=None)
    with pytest.raises(
        ValueError, match="unknown column of the history 'validation_los', did you mean 'validation_loss'"
    ):
        train(EarlyStopping(monitor="validation_los", mode="min"), model=model)
    assert model.state_dict() == before
    with pytest.raises(ValueError, match="whether 'error' shall fall or rise is not known: write mode=\"min\""):
        EarlyStopping(monitor="error")
    with pytest.raises(ValueError, match="unknown mode 'mn', did you mean 'min'"):
        EarlyStopping(mode="mn")


def test_a_figure_of_your_own_falls_or_rises_as_the_mode_says():
    def error(y_true, y_pred):
        return float(5 - len(recorder.weights))  # 5, 4, 3, ...: a smaller one in every epoch

    for mode, best in (("min", 4), ("max", 1)):
        recorder, stopping = Recorder(), EarlyStopping(3, "error", mode=mode)
        train(stopping, recorder, metrics=[error], epochs=4)
        assert stopping.best_epoch == best


def test_a_reason_that_is_empty_stops_too():
    class Stop:
        def on_epoch_end(self, training):
            training.stop("")

    _, history = train(Stop())
    assert (len(history.rows), history.stopped) == (1, "a callback stopped it")


def test_early_stopping_begins_anew_in_every_training():
    stopping = EarlyStopping(2)
    first, history = train(Script([5, 1, 2, 2]), stopping, epochs=4)
    kept = [p.data for p in first.parameters()]
    _, again = train(Script([9, 8, 7, 6]), stopping, epochs=4)
    assert (len(history.rows), len(again.rows), stopping.best) == (4, 4, 6)
    assert [p.data for p in first.parameters()] == kept


@pytest.mark.parametrize(
    ("callbacks", "named"),
    [(EarlyStopping(), "callbacks must be a list"), ([3], "on_epoch_end"), (["early_stopping"], "on_epoch_end"),
     ([EarlyStopping], "on_epoch_end"), (3, "callbacks must be a list")],
)  # fmt: skip
def test_what_is_no_callback(callbacks, named):
    model = MLP(1, [1], seed=0)
    before = model.state_dict()
    with pytest.raises(TypeError, match=named):
        fit(model, X, Y, loss="mean_squared_error", callbacks=callbacks, validation=(X, Y), progress=False)
    assert model.state_dict() == before


def test_a_callback_that_fails_leaves_the_model_in_evaluation_mode():
    class Broken:
        def on_epoch_end(self, training):
            raise RuntimeError("broken")

    model = MLP(1, [1], seed=0)
    with pytest.raises(RuntimeError, match="broken"):
        train(Broken(), model=model)
    assert not model.training
