"""The training loop: what it computes, that it repeats, how it ends."""

import csv
import math
import signal
import threading

import numpy as np
import pytest

from autograd import ShapeError, Value
from nn import (
    MLP,
    SGD,
    NotFiniteError,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits,
    class_from_logits,
    evaluate,
    fit,
    mean_squared_error,
)

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
OR = [0, 1, 1, 1]


def train(model, X=X, y=OR, learning_rate=0.5, **options):
    options = {"loss": binary_cross_entropy_with_logits, "progress": False, "seed": 0, **options}
    return fit(model, X, y, optimizer=SGD(model.parameters(), learning_rate=learning_rate), **options)


def without_seconds(history):
    return [{name: figure for name, figure in row.items() if name != "seconds"} for row in history.rows]


def test_one_step_by_hand():
    """One linear neuron, one minibatch of two samples: w ← w - η · mean of 2 (ŷ - y) x."""
    model = MLP(1, [1], initializer=lambda *_: [[2.0]])
    history = train(model, [[1.0], [3.0]], [1.0, 2.0], 0.1, loss=mean_squared_error, epochs=1, batch_size=2)
    # ŷ = 2, 6; errors 1, 4; mean loss (1 + 16) / 2; gradients by w (2·1·1 + 2·4·3) / 2 = 13, by b (2 + 8) / 2 = 5
    w, b = [p.data for p in model.parameters()]
    assert history.column("loss") == [8.5]
    assert (w, b) == (pytest.approx(2.0 - 1.3), pytest.approx(-0.5))


def test_minibatches_take_every_sample_once_in_a_fresh_order():
    seen = []

    def loss(prediction, target):
        seen.append(target)
        return prediction * 0

    model = MLP(1, [1], seed=0)
    train(model, [[float(i)] for i in range(10)], list(range(10)), loss=loss, epochs=3, batch_size=4)
    epochs = [seen[:10], seen[10:20], seen[20:]]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_the_last_minibatch_may_be_smaller():
    model = MLP(2, [1], seed=0)
    optimizer = SGD(model.parameters(), learning_rate=0.1)
    fit(model, X, OR, loss=mean_squared_error, optimizer=optimizer, epochs=2, batch_size=3, progress=False)
    assert optimizer.steps == 4


def test_seeded_runs_repeat_bit_for_bit():
    def run():
        model = MLP(2, [4, 1], seed=3)
        history = train(model, epochs=5, batch_size=2, decide=class_from_logits, validation=(X, OR), seed=3)
        return without_seconds(history), [p.data for p in model.parameters()]

    first = run()
    assert run() == first
    other = MLP(2, [4, 1], seed=3)
    train(other, epochs=5, batch_size=2, seed=4)
    assert [p.data for p in other.parameters()] != first[1]


def test_arrays_and_lists_train_alike():
    models = [MLP(2, [3, 1], seed=1), MLP(2, [3, 1], seed=1)]
    train(models[0], X, OR, epochs=3)
    train(models[1], np.array(X), np.array(OR), epochs=3)
    assert [p.data for p in models[0].parameters()] == [p.data for p in models[1].parameters()]


def test_what_the_rows_hold():
    history = train(MLP(2, [1], seed=0), epochs=2, validation=(X, OR))
    columns = ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds"]
    assert [list(row) for row in history.rows] == [columns] * 2
    assert history.columns == list(history.to_dict()) == columns
    assert history.to_dict()["epoch"] == history.column("epoch") == [1, 2]
    assert history.column("learning_rate") == [0.5, 0.5]
    assert all(0 < seconds < 3600 for seconds in history.column("seconds"))
    own = train(MLP(2, [1], seed=0), loss=lambda p, t: (p - t) ** 2, epochs=1)
    assert own.columns == ["epoch", "loss", "learning_rate", "seconds"]


def test_validation_is_measured_after_the_epoch():
    model = MLP(2, [3, 1], seed=0)
    history = train(model, epochs=3, decide=class_from_logits, validation=(X, OR))
    measured = evaluate(model, X, OR, loss=binary_cross_entropy_with_logits, decide=class_from_logits)
    assert history.rows[-1]["validation_loss"] == measured["loss"]
    assert history.rows[-1]["validation_accuracy"] == measured["accuracy"]


def test_evaluate_is_the_mean_over_samples():
    targets = [[1, 0], [0, 1], [1, 0]]
    outputs = [[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]]
    assert evaluate(lambda x: x, outputs, targets, loss=mean_squared_error)["loss"] == pytest.approx(0.76 / 3)


@pytest.mark.parametrize("array", [list, np.array, lambda y: [np.array(t) for t in y]])
@pytest.mark.parametrize(
    ("n_outputs", "loss", "y"),
    [
        (1, binary_cross_entropy_with_logits, [[0], [1], [1], [1]]),
        (2, categorical_cross_entropy_with_logits, [[1, 0], [0, 1], [0, 1], [0, 1]]),
    ],
)
def test_accuracy_of_one_hot_rows_and_lists_of_one_class(n_outputs, loss, y, array):
    y = array(y)
    options = {"loss": loss, "decide": class_from_logits}
    model = MLP(2, [n_outputs], seed=0)
    row = train(model, y=y, learning_rate=1.0, epochs=50, batch_size=4, validation=(X, y), **options).rows[-1]
    assert row["accuracy"] == row["validation_accuracy"] == 1.0
    wrong = [[0], [0], [1], [1]] if n_outputs == 1 else [[1, 0], [1, 0], [0, 1], [0, 1]]
    assert evaluate(model, X, array(wrong), **options)["accuracy"] == 0.75


def test_accuracy_of_several_decisions():
    options = {"loss": lambda p, t: 0.0, "decide": lambda p: [int(s > 0) for s in p]}
    assert evaluate(lambda x: x, [[1.0, -1.0], [1.0, 1.0]], [[1, 0], [1, 0]], **options)["accuracy"] == 0.5


def test_history_as_csv(tmp_path):
    history = train(MLP(2, [1], seed=0), epochs=3, decide=class_from_logits)
    path = tmp_path / "history.csv"
    history.to_csv(path)
    with path.open(newline="", encoding="utf-8") as file:
        read = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert read == history.rows
    assert history.column("epoch") == [1, 2, 3]
    assert b"\r" not in path.read_bytes()


# --- the progress bar ----------------------------------------------------------------------------------------


def test_progress_shows_loss_and_accuracy_on_stderr(capsys):
    train(MLP(2, [1], seed=0), epochs=2, decide=class_from_logits, validation=(X, OR), progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    for words in ("epoch 2", "loss=", "accuracy=", "val_accuracy="):
        assert words in shown.err


def test_progress_is_silent_on_request(capsys):
    train(MLP(2, [1], seed=0), epochs=1)
    assert capsys.readouterr() == ("", "")


# --- how it ends ---------------------------------------------------------------------------------------------


def interrupting(at_call, times=1):
    calls = []

    def loss(prediction, target):
        calls.append(target)
        if len(calls) == at_call:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return mean_squared_error(prediction, target)

    return loss, calls


def test_ctrl_c_ends_after_the_minibatch_and_keeps_what_was_learnt():
    handler = signal.getsignal(signal.SIGINT)
    model = MLP(2, [1], seed=0)
    before = [p.data for p in model.parameters()]
    loss, calls = interrupting(at_call=5)
    history = train(model, loss=loss, epochs=100, batch_size=2)
    assert history.interrupted
    assert len(calls) == 6  # the minibatch at hand is completed
    assert [row["epoch"] for row in history.rows] == [1, 2]
    assert [p.data for p in model.parameters()] != before
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_interrupts_at_once():
    handler = signal.getsignal(signal.SIGINT)
    loss, _ = interrupting(at_call=3, times=2)
    with pytest.raises(KeyboardInterrupt):
        train(MLP(2, [1], seed=0), loss=loss, epochs=100)
    assert signal.getsignal(signal.SIGINT) is handler


def test_training_in_another_thread():
    histories = []
    thread = threading.Thread(target=lambda: histories.append(train(MLP(2, [1], seed=0), epochs=1)))
    thread.start()
    thread.join()
    assert len(histories[0].rows) == 1


def test_a_loss_that_is_not_finite_keeps_the_last_good_weights():
    model = MLP(1, [1], initializer=lambda *_: [[1.0]])
    with pytest.raises(
        NotFiniteError,
        match=r"^epoch 1, sample 0: the loss is inf, first .*\(.*1e\+200.*\) = inf; an input is as large as 1e\+200",
    ):
        train(model, [[1e200]], [0.0], loss=mean_squared_error, epochs=1)
    assert [p.data for p in model.parameters()] == [1.0, 0.0]


def test_a_gradient_that_is_not_finite_keeps_the_last_good_weights():
    model = MLP(1, [1], initializer=lambda *_: [[0.0]])
    with pytest.raises(
        NotFiniteError, match=r"^epoch 1, sample 0: a gradient is not finite, first through sqrt\(0\) = 0"
    ):
        train(model, [[1.0]], [0.0], loss=lambda p, y: p.sqrt(), epochs=1)
    assert [p.data for p in model.parameters()] == [0.0, 0.0]


def test_a_diverging_run_is_stopped():
    model = MLP(1, [1], seed=0)
    with pytest.raises(NotFiniteError, match="epoch"):
        train(model, [[1.0], [2.0]], [1.0, 2.0], 100.0, loss=mean_squared_error, epochs=1000)
    assert all(math.isfinite(p.data) for p in model.parameters())


def test_an_undefined_loss_names_the_sample():
    model = MLP(1, [1], output_activation="hard_sigmoid", initializer=lambda *_: [[-9.0]])
    with pytest.raises(NotFiniteError, match="epoch 1, sample 0: binary_cross_entropy is ln 0"):
        train(model, [[1.0]], [1], loss=binary_cross_entropy, epochs=1)


def test_an_undefined_loss_in_evaluation_names_the_sample():
    ln_0 = "sample 1: binary_cross_entropy is ln 0"
    with pytest.raises(NotFiniteError, match=f"^{ln_0}"):
        evaluate(lambda x: x[0], [[0.5], [0.0]], [1, 1], loss=binary_cross_entropy)
    model = MLP(1, [1], output_activation="hard_sigmoid", initializer=lambda *_: [[1.0]])
    with pytest.raises(NotFiniteError, match=f"^epoch 1, validation {ln_0}"):
        train(model, [[0.0]], [1], loss=binary_cross_entropy, epochs=1, validation=([[0.0], [-99.0]], [1, 1]))


@pytest.mark.parametrize("name", ["epochs", "batch_size"])
@pytest.mark.parametrize("number", [0, -1, 1.5, True])
def test_bad_numbers(name, number):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1, got {number}"):
        train(MLP(2, [1], seed=0), **{name: number})


def test_counts_and_seeds_of_numpy():
    runs = [
        without_seconds(train(MLP(2, [3, 1], seed=1), epochs=whole(5), batch_size=whole(2), seed=whole(3)))
        for whole in (int, np.int64)
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("returned", [1.0, None, []])
def test_a_loss_that_is_no_value(returned):
    def constant(prediction, target):
        return returned

    with pytest.raises(TypeError, match="the loss constant must return one Value") as raised:
        train(MLP(2, [1], seed=0), loss=constant)
    assert str(raised.value).endswith(f"it returned {returned}")


def test_bad_data():
    with pytest.raises(ShapeError, match="4 samples, 3 targets"):
        train(MLP(2, [1], seed=0), y=[0, 1, 1])
    with pytest.raises(ShapeError, match="there are no samples"):
        train(MLP(2, [1], seed=0), X=[], y=[])
    with pytest.raises(ShapeError, match="sample 0 has 2 numbers, and the model takes 3 inputs"):
        train(MLP(3, [1], seed=0))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0, math.nan]], [0], "X: sample 0, number 1 is nan: leave the sample out, or let Preprocessing"),
        ([[1.0, 2.0], [1.0, -math.inf]], [0, 1], "X: sample 1, number 1 is -inf"),
        (np.array([[1.0, math.nan]]), np.array([0]), "X: sample 0, number 1 is nan"),
        ([[1.0, 2.0]], [10**400], "y: sample 0 is 1000000000"),
        ([[1.0, 10**400]], [0], "X: sample 0, number 1 is 1000000000"),
        ([[1.0, 2.0]], [math.nan], "y: sample 0 is nan: leave the sample out: what is not known cannot be learnt"),
        ([[1.0, "2"]], [0], "X: sample 0, number 1 is '2', which is no number: of inputs, Preprocessing makes"),
        ([[1.0, None]], [0], "X: sample 0, number 1 is None: leave the sample out"),
        ([[1.0, 2.0]], ["yes"], "y: sample 0 is 'yes', which is no number"),
    ],
)
def test_numbers_that_are_none(X, y, message):
    model = MLP(2, [1], seed=0)
    before = model.state_dict()
    with pytest.raises(ValueError, match=f"^{message}"):
        train(model, X, y)
    with pytest.raises(ValueError, match=f"^{message}"):
        evaluate(model, X, y, loss=mean_squared_error)
    with pytest.raises(ValueError, match=f"^validation: {message}"):
        train(model, validation=(X, y))
    assert model.state_dict() == before


def test_unknown_names_suggest_the_nearest():
    model = MLP(2, [1], seed=0)
    for options, nearest in [
        ({"loss": "mean_square_error"}, "mean_squared_error"), ({"metrics": ["acuracy"]}, "accuracy"),
        ({"schedule": "cosin"}, "cosine"), ({"regularizer": "l22"}, "l2"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=f"did you mean '{nearest}'"):
            train(model, **options)
    with pytest.raises(ValueError, match="did you mean 'adam'"):
        fit(model, X, OR, loss=mean_squared_error, optimizer="adm")


def test_any_function_with_parameters_can_be_trained():
    frequency = Value(0.8)
    samples = [[0.1 * i] for i in range(20)]
    targets = [math.sin(x) for (x,) in samples]
    fit(
        lambda x: (frequency * x[0]).sin(), samples, targets, loss=mean_squared_error,
        optimizer=SGD([frequency], learning_rate=0.3), epochs=300, batch_size=20, progress=False,
    )  # fmt: skip
    assert frequency.data == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"optimizer": SGD}, TypeError, "optimizer must be a name"),
        ({"optimizer": 0.1}, TypeError, "optimizer must be a name"),
        ({"optimizer": None}, TypeError, "optimizer must be a name"),
        ({"optimizer": SGD(MLP(2, [1]).parameters())}, ValueError, "none of the optimizer's parameters belongs"),
        ({"validation": 0.2}, TypeError, r"validation must be a pair \(X, y\)"),
        ({"validation": (X,)}, TypeError, r"validation must be a pair \(X, y\)"),
        ({"validation": ([[1.0]], [1])}, ShapeError, "validation: sample 0 has 1 numbers, and the model takes 2"),
        ({"validation": (X, [5, 5, 5, 5])}, ValueError, "validation: the target of sample 0 is 5"),
        ({"metrics": "accuracy"}, TypeError, r'metrics must be a list, as \["accuracy"\]'),
        ({"metrics": ["r2"]}, ValueError, "r2 measures predicted numbers, and binary_logits predicts classes"),
        ({"decide": "argmax"}, TypeError, "decide maps outputs to a prediction"),
        ({"loss": "mse"}, ValueError, "unknown loss 'mse': here it is called 'mean_squared_error'"),
        ({"seed": -1}, ValueError, "seed must be a whole number from 0 to"),
        ({"seed": "x"}, TypeError, "seed must be a whole number, as 0"),
        ({"seed": 1.5}, TypeError, "seed must be a whole number, as 0"),
        ({"sample_weight": ["a"] * 4}, ValueError, "sample_weight: X: sample 0 is 'a'"),
        ({"X": None}, TypeError, "X must be a list or an array with one entry per sample, got None"),
        ({"X": [1.0, 2.0, 3.0, 4.0]}, ShapeError, "sample 0 is 1.0, and the model takes lists of 2"),
        ({"X": [{"a": 1.0}] * 4}, TypeError, "sample 0 is a dict"),
        ({"X": [[[1.0, 2.0], [3.0, 4.0]]] * 4}, ShapeError, r"sample 0 holds the list \[1.0, 2.0\]: flatten it"),
        ({"X": [[1.0, 2j]] * 4}, ValueError, "sample 0, number 1 is 2j, which is no number"),
        ({"X": [[1.0, 2.0]] * 3 + [[1.0]]}, ShapeError, "sample 3 has 1 numbers, and the model takes 2 inputs"),
        ({"y": [1, 1, 1, 1]}, ValueError, "all 4 samples are of one class, 1"),
        ({"y": [0, 1, 2, 1]}, ValueError, "the target of sample 2 is 2"),
    ],
)
def test_arguments_are_checked_before_anything_is_changed(options, error, message):
    model = MLP(2, [1], seed=0)
    before = model.state_dict()
    options = {"loss": "binary_cross_entropy_with_logits", "X": X, "y": OR, "progress": False, **options}
    with pytest.raises(error, match=message):
        fit(model, options.pop("X"), options.pop("y"), **options)
    assert model.state_dict() == before
    assert not hasattr(model, "task")
    assert model.training


def test_what_is_no_network():
    options = {"loss": mean_squared_error, "progress": False}
    with pytest.raises(TypeError, match="the model is the class MLP: make one of it"):
        fit(MLP, X, OR, **options)
    with pytest.raises(TypeError, match="cannot be called"):
        fit(3, X, OR, **options)
    with pytest.raises(TypeError, match="the parameters of a plain function cannot be found"):
        fit(lambda x: x[0], X, OR, **options)
    frozen = MLP(2, [1], seed=0).freeze()
    with pytest.raises(ValueError, match=r"all are frozen \(model.unfreeze\(\)\)"):
        fit(frozen, X, OR, **options)


def test_a_probability_row_that_does_not_sum_to_1():
    model = MLP(2, [2], seed=0)
    with pytest.raises(
        ValueError, match=r"the target of sample 1 is \[1, 1\]: the probabilities of its classes sum to 1"
    ):
        fit(model, X[:2], [[1, 0], [1, 1]], loss="categorical_cross_entropy_with_logits", progress=False)


def test_a_history_that_cannot_be_written_leaves_the_old_one(tmp_path):
    history = train(MLP(2, [1], seed=0), epochs=1)
    path = tmp_path / "history.csv"
    path.write_text("old")
    history.rows[0]["loss"] = object()
    history.rows.append({"unknown": 1.0})
    with pytest.raises(ValueError, match="unknown"):
        history.to_csv(path)
    assert path.read_text() == "old"
    with pytest.raises(OSError, match="missing"):
        history.to_csv(tmp_path / "missing" / "history.csv") if history.rows.pop() else None


def test_an_unknown_column_of_the_history():
    history = train(MLP(2, [1], seed=0), epochs=1)
    with pytest.raises(ValueError, match="unknown column 'los', did you mean 'loss'"):
        history.column("los")
