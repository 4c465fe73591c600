"""What fit does with its options: kinds of problems, regularizers, schedules, freezing, dropout, L-BFGS."""

import math

import numpy as np
import pytest
import torch

from nn.data import iris, load
from nn.layers import Sequential
from nn.modules import MLP
from nn.noise import GaussianNoise
from nn.optimizers import LBFGS, SGD, Adam
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
