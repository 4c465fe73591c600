"""What fit does with its options: kinds of problems, regularizers, schedules, freezing, dropout, L-BFGS."""

import math
import signal

import numpy as np
import pytest
import torch

from nn.data import iris, load
from nn.layers import Sequential
from nn.losses import binary_cross_entropy_with_logits
from nn.metrics import class_from_logits
from nn.modules import MLP
from nn.noise import GaussianNoise
from nn.optimizers import LBFGS, SGD, Adam
from nn.prediction import predict
from nn.regularizers import L1, L2, MaxNorm
from nn.schedules import ReduceOnPlateau, step_decay
from nn.training import NotFiniteError, evaluate, fit

X, Y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


def line(**options):
    model = MLP(1, [1], initializer="zeros")
    options = {"loss": "mean_squared_error", "batch_size": 4, "seed": 0, "progress": False, **options}
    optimizer = options.pop("optimizer", None) or SGD(model.parameters(), learning_rate=0.05)
    history = fit(model, X, Y, optimizer=optimizer, **options)
    return model, history


def weights(model):
    return [p.data for p in model.parameters()]


# --- one call for every kind of problem ----------------------------------------------------------------------


def test_binary_classes():
    data = load("moons")
    model = MLP(2, [8, 1], activation="tanh", seed=0)
    history = fit(
        model, data.X, data.y, loss="binary_cross_entropy_with_logits", optimizer=Adam(model.parameters(), 0.1),
        epochs=20, batch_size=32, metrics=["accuracy", "roc_auc", "f1"], seed=0, progress=False,
    )  # fmt: skip
    assert history.columns == ["epoch", "loss", "accuracy", "roc_auc", "f1", "learning_rate", "seconds"]
    last = history.rows[-1]
    assert min(last["accuracy"], last["roc_auc"], last["f1"]) > 0.95
    assert model.task == "binary_logits"


def test_several_classes():
    data = iris()
    model = MLP(4, [8, 3], seed=0)
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    options = {"loss": "categorical_cross_entropy_with_logits", "seed": 0, "progress": False}
    one_hot = np.eye(3)[data.y]
    history = fit(model, X, data.y, epochs=15, optimizer=Adam(model.parameters(), 0.03), **options)
    assert history.rows[-1]["accuracy"] > 0.95
    assert model.task == "classes_logits"
    again = MLP(4, [8, 3], seed=0)
    same = fit(again, X, one_hot, epochs=15, optimizer=Adam(again.parameters(), 0.03), **options)
    assert same.column("accuracy") == history.column("accuracy")


def test_regression_with_several_outputs():
    """Two linear neurons at once are two regressions: against least squares by numpy."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    Y = X @ rng.normal(size=(3, 2)) + [1.0, -2.0] + 0.1 * rng.normal(size=(40, 2))
    model = MLP(3, [2], seed=0)
    fit(
        model, X, Y, loss="mean_squared_error", optimizer=LBFGS(model.parameters()), epochs=30, batch_size=40,
        progress=False,
    )  # fmt: skip
    exact, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(40)]), Y, rcond=None)
    found = [[*[w.data for w in neuron.w], neuron.b.data] for neuron in model.layers[0].neurons]
    assert np.array(found).T == pytest.approx(exact, abs=1e-6)
    assert model.task == "regression"
    assert evaluate(model, X, Y, loss="mean_squared_error", metrics=["r2"])["r2"] > 0.9


def test_squared_error_of_a_sigmoid_on_classes_is_a_classification():
    """As the courses train the perceptron: accuracy is what one wants to see."""
    X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]
    model = MLP(2, [1], output_activation="sigmoid", seed=0)
    history = fit(
        model, X, y, loss="mean_squared_error", optimizer=SGD(model.parameters(), 2.0), epochs=300, seed=0,
        progress=False,
    )  # fmt: skip
    assert history.rows[-1]["accuracy"] == 1.0


# --- what acts besides the loss ------------------------------------------------------------------------------


def test_l2_is_weight_decay_of_the_weights():
    """SGD on loss + λ w² against PyTorch's SGD with weight_decay = 2 λ on the weight alone."""
    model, _ = line(regularizer=L2(0.3), epochs=7)
    w, b = (torch.zeros(1, dtype=torch.float64, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([{"params": [w], "weight_decay": 0.6}, {"params": [b]}], lr=0.05)
    for _ in range(7):
        optimizer.zero_grad()
        (w * torch.tensor(X).flatten() + b - torch.tensor(Y)).square().mean().backward()
        optimizer.step()
    assert weights(model) == pytest.approx([w.item(), b.item()], rel=1e-12)


def test_the_history_holds_the_loss_without_the_penalty():
    assert line(regularizer=L2(10.0), epochs=1)[1].column("loss") == line(epochs=1)[1].column("loss") == [21.0]


def test_several_regularizers_in_a_list():
    model, _ = line(regularizer=[L2(0.1), MaxNorm(0.5)], epochs=5)
    assert weights(model)[0] == pytest.approx(0.5)


def test_l1_acts_with_the_rate_of_the_schedule():
    """One step by hand: w = 0 - η 2 mean(-x y) = 1.7, then its soft threshold η λ, with η = 0.05 · 0.1."""
    model, _ = line(regularizer=L1(100.0), epochs=1, schedule=lambda time: 0.1)
    gradient = -2 * np.mean([x * y for (x,), y in zip(X, Y, strict=True)])
    assert weights(model)[0] == max(-0.005 * gradient - 0.5, 0.0) == 0.0
    model, _ = line(regularizer=L1(1.0), epochs=1, schedule=lambda time: 0.1)
    assert weights(model)[0] == pytest.approx(-0.005 * gradient - 0.005)


def test_a_schedule_sets_the_rate_of_each_minibatch():
    times = []

    def schedule(time):
        times.append(time)
        return 1.0

    line(schedule=schedule, batch_size=2, epochs=3)
    assert times == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    _, history = line(schedule=step_decay(2, factor=0.5), epochs=6)
    assert history.column("learning_rate") == pytest.approx([0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125])


def test_reduce_on_plateau_watches_the_validation_loss():
    losses = [3.0, 2.0, 2.0, 2.0, 2.0, 2.0]

    seen = []

    class Script(ReduceOnPlateau):
        def observe(self, loss):
            seen.append(loss)
            super().observe(losses[len(seen) - 1])

    _, history = line(schedule=Script(factor=0.5, patience=1), epochs=6, validation=(X, Y))
    assert seen == history.column("validation_loss")
    # As PyTorch's: two epochs without improvement (more than patience) reduce the rate of the next.
    assert history.column("learning_rate") == pytest.approx([0.05, 0.05, 0.05, 0.05, 0.025, 0.025])


def test_schedules_and_regularizers_by_name():
    _, history = line(schedule="constant", regularizer="l2", epochs=2)
    assert history.column("learning_rate") == [0.05, 0.05]


# --- freezing, dropout, noise --------------------------------------------------------------------------------


def test_frozen_layers_stay_as_they_are():
    model = MLP(1, [3, 1], activation="tanh", seed=0)
    model.layers[0].freeze()
    before = model.state_dict()
    fit(model, X, Y, loss="mean_squared_error", optimizer="adam", epochs=3, progress=False)
    after = model.state_dict()
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {name for name in before if name.startswith("layers.1")}


def test_an_optimizer_that_holds_frozen_parameters_is_refused():
    model = MLP(1, [3, 1], seed=0)
    optimizer = SGD(model.parameters())
    model.layers[0].freeze()
    with pytest.raises(
        ValueError, match=r"the optimizer holds 6 frozen parameters: give it model.trainable_parameters"
    ):
        fit(model, X, Y, loss="mean_squared_error", optimizer=optimizer, progress=False)


def test_dropout_acts_in_training_alone_and_repeats_with_the_seed():
    def run(seed):
        model = MLP(1, [8, 1], seed=0, dropout=0.5)
        history = fit(
            model, X, Y, loss="mean_squared_error", optimizer=SGD(model.parameters(), 0.01), epochs=3, seed=seed,
            validation=(X, Y), progress=False,
        )  # fmt: skip
        return model, history

    model, history = run(1)
    assert weights(model) == weights(run(1)[0]) != weights(run(2)[0])
    assert not model.training
    assert evaluate(model, X, Y, loss="mean_squared_error")["loss"] == history.rows[-1]["validation_loss"]
    model.train()
    first, second = (evaluate(model, X, Y, loss="mean_squared_error") for _ in range(2))
    assert first == second
    assert model.training


def test_noise_on_the_inputs_repeats_with_the_seed():
    def run(seed):
        model = Sequential(GaussianNoise(0.5), MLP(1, [1], initializer="zeros"))
        fit(model, X, Y, loss="mean_squared_error", optimizer="sgd", epochs=2, seed=seed, progress=False)
        return weights(model)

    assert run(1) == run(1) != run(2)


# --- L-BFGS --------------------------------------------------------------------------------------------------


def test_lbfgs_finds_the_line():
    model, history = line(optimizer=None, epochs=1)
    model, history = MLP(1, [1], seed=0), None
    history = fit(
        model, X, Y, loss="mean_squared_error", optimizer=LBFGS(model.parameters()), epochs=10, batch_size=4,
        progress=False,
    )  # fmt: skip
    assert weights(model) == pytest.approx([2.0, 1.0], abs=1e-9)
    assert history.column("loss")[-1] < 1e-15


def test_lbfgs_needs_a_smooth_objective():
    model = MLP(1, [1], seed=0)
    with pytest.raises(ValueError, match=r"LBFGS needs a smooth objective, and L1\(0.1\) is not"):
        fit(model, X, Y, loss="mean_squared_error", optimizer=LBFGS(model.parameters()), regularizer=L1(0.1))


# --- not finite ----------------------------------------------------------------------------------------------


def test_divergence_goes_back_to_the_last_finite_weights_and_says_why():
    model = MLP(1, [1], seed=0)
    with pytest.raises(
        NotFiniteError, match=r"epoch .*the largest parameter has grown to .*smaller learning rate"
    ) as e:
        fit(model, X, Y, loss="mean_squared_error", optimizer=SGD(model.parameters(), 1e3), epochs=500, progress=False)
    assert math.isfinite(evaluate(model, X, Y, loss=lambda p, t: abs(p))["loss"])
    assert e.value.history.columns[:2] == ["epoch", "loss"]
    assert all(map(math.isfinite, e.value.history.column("loss")))


def test_the_last_weights_with_a_finite_loss_come_back():
    """Not the weights at the start, and not those that the last update gave: those of the last finite losses."""
    finite = []

    def loss(prediction, target):
        value = (prediction - target) ** 2
        if math.isfinite(value):
            finite.append(weights(model))
        return value

    model = MLP(1, [1], seed=0)
    start = weights(model)
    with pytest.raises(NotFiniteError):
        fit(model, X, Y, loss=loss, optimizer=SGD(model.parameters(), 1e3), epochs=500, batch_size=4, progress=False)
    assert weights(model) == finite[-1] != start
    assert len(finite) > 8


def test_a_validation_loss_that_is_not_finite_ends_training():
    model = MLP(1, [1], seed=0)
    with pytest.raises(
        NotFiniteError, match=r"^epoch 1, validation sample 1: the loss is inf, first pow.* = inf; an input is as large"
    ) as raised:
        fit(model, X, Y, loss="mean_squared_error", epochs=3, validation=([[0.0], [1e200]], [0.0, 1.0]), progress=False)
    assert raised.value.history.rows == []
    with pytest.raises(NotFiniteError, match=r"^sample 0: the loss is inf"):
        evaluate(model, [[1e200]], [0.0], loss="mean_squared_error")


def test_a_metric_that_is_undefined_for_an_epoch_is_nan():
    """Ctrl-C in the first minibatch, which holds one class only: the history is kept all the same."""
    y = [0, 1, 1, 1]

    def loss(prediction, target):
        signal.raise_signal(signal.SIGINT)
        return binary_cross_entropy_with_logits(prediction, target)

    model = MLP(1, [1], seed=0)
    history = fit(
        model, X, y, loss=loss, decide=class_from_logits, metrics=["roc_auc"], batch_size=1, seed=1, progress=False,
    )  # fmt: skip
    assert history.interrupted
    assert math.isnan(history.rows[0]["roc_auc"])


def test_a_second_ctrl_c_leaves_whole_weights():
    class Torn(SGD):
        def step(self):
            self.parameters[0].data += 1.0
            raise KeyboardInterrupt

    model = MLP(1, [1], seed=0)
    before = weights(model)
    with pytest.raises(KeyboardInterrupt):
        fit(model, X, Y, loss="mean_squared_error", optimizer=Torn(model.parameters()), progress=False)
    assert weights(model) == before


def test_what_moves_weights_after_the_update_must_go_with_the_optimizer():
    model = MLP(1, [2, 1], seed=0)
    first, second = (layer.parameters() for layer in model.layers)
    options = {"loss": "mean_squared_error", "regularizer": L1(0.1), "progress": False}
    groups = SGD([{"parameters": first, "learning_rate": 0.1}, {"parameters": second, "learning_rate": 0.2}])
    with pytest.raises(ValueError, match="acts with one learning rate, and the optimizer has several"):
        fit(model, X, Y, optimizer=groups, **options)
    with pytest.raises(ValueError, match="acts on weights that the optimizer does not hold: freeze them"):
        fit(model, X, Y, optimizer=SGD(second), **options)
    fit(model, X, Y, optimizer=SGD(second), **{**options, "regularizer": L1(0.1, modules=[model.layers[1]])}, epochs=1)


def test_a_penalty_that_is_not_finite():
    for optimizer in (SGD, LBFGS):
        model = MLP(1, [1], initializer=lambda *_: [[2.0]])
        with pytest.raises(NotFiniteError, match=r"^epoch 1, the penalty of L2\(1e\+308\) is inf"):
            fit(
                model, X, Y, loss="mean_squared_error", optimizer=optimizer(model.parameters()), progress=False,
                regularizer=L2(1e308),
            )  # fmt: skip
        assert weights(model) == [2.0, 0.0]


@pytest.mark.parametrize("given", [-1.0, math.nan, None, lambda time: 1.0])
def test_a_schedule_that_gives_no_factor(given):
    with pytest.raises(ValueError, match="the schedule must give a finite factor of at least 0, and gave"):
        line(schedule=lambda time: given)


def test_the_factor_of_the_schedule_ends_with_training():
    model = MLP(1, [1], initializer="zeros")
    optimizer = SGD(model.parameters(), 0.05)
    fit(model, X, Y, loss="mean_squared_error", optimizer=optimizer, schedule="cosine", epochs=3, progress=False)
    assert optimizer.factor == 1.0


def test_a_plateau_of_an_earlier_training_is_forgotten():
    schedule = ReduceOnPlateau(factor=0.5, patience=0)
    options = {"schedule": schedule, "epochs": 4, "loss": lambda p, t: p * 0 + 1}
    rates = [line(**options)[1].column("learning_rate") for _ in range(2)]
    assert rates[0] == rates[1]
    assert rates[0][-1] < rates[0][0] == 0.05


def test_metrics_need_names_of_their_own():
    for metrics in ([lambda t, p: 0.0, lambda t, p: 1.0], ["mae", "mae"]):
        with pytest.raises(ValueError, match="every metric needs a name of its own"):
            line(metrics=metrics)

    def loss(y_true, y_pred):
        return 0.0

    def nothing(y_true, y_pred):
        return None

    with pytest.raises(ValueError, match="every metric needs a name of its own"):
        line(metrics=[loss])
    with pytest.raises(TypeError, match="the metric nothing must give a number, and gave None"):
        line(metrics=[nothing])


def test_a_loss_of_your_own_leaves_the_meaning_to_the_output_activation():
    model = MLP(1, [1], output_activation="sigmoid", seed=0)
    fit(model, X, [0, 0, 1, 1], loss=lambda p, t: (p - t) ** 2, epochs=1, progress=False)
    assert set(predict(model, X).tolist()) <= {0, 1}
