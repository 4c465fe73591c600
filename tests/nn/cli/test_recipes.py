"""What is chosen where nothing is asked for."""

import pytest

from nn.cli.recipes import BEARABLE, n_parameters, recipe, seconds_of_epoch
from nn.losses import LOSSES
from nn.modules import MLP
from nn.optimizers import OPTIMIZERS
from nn.tasks import output_activation_of, task_of
from nn.training import fit


@pytest.mark.parametrize(
    ("n_classes", "loss", "n_outputs"),
    [
        (2, "binary_cross_entropy_with_logits", 1), (3, "categorical_cross_entropy_with_logits", 3),
        (10, "categorical_cross_entropy_with_logits", 10), (None, "mean_squared_error", 1),
    ],
)  # fmt: skip
def test_the_loss_and_the_outputs_suit_the_target(n_classes, loss, n_outputs):
    chosen = recipe(100, 4, n_classes)
    assert (chosen.loss, chosen.n_outputs) == (loss, n_outputs)
    assert chosen.loss in LOSSES
    assert chosen.optimizer in OPTIMIZERS
    network = MLP(4, [*chosen.hidden, chosen.n_outputs], activation=chosen.activation)
    assert output_activation_of(network) in task_of(chosen.loss).fitting_activations


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="1 class teaches nothing"):
        recipe(100, 4, 1)


def test_the_layers_that_were_asked_for_are_kept():
    assert recipe(100, 4, 2, hidden=[]).hidden == ()
    assert recipe(100, 4, 2, hidden=[7, 3]).hidden == (7, 3)


def test_a_run_stays_bearable_however_many_samples_there_are():
    for n_samples in (1, 4, 50, 300, 1000, 5000, 20_000):
        for n_features in (1, 10, 64):
            chosen = recipe(n_samples, n_features, 2)
            parameters = n_parameters(n_features, [*chosen.hidden, 1])
            time = chosen.epochs * seconds_of_epoch(n_samples, parameters, chosen.batch_size)
            assert chosen.epochs == 3 or time <= BEARABLE
    assert recipe(10**6, 100, 2).epochs == 3
    assert recipe(1078, 64, 10, hidden=[30, 30]).epochs > 75  # the digits


def test_patience_grows_with_the_epochs():
    for n_samples in (4, 90, 300, 1000, 10_000):
        chosen = recipe(n_samples, 4, 2)
        assert chosen.patience == max(10, chosen.epochs // 5)


def test_few_samples_are_seen_often_enough_to_learn():
    assert recipe(4, 2, 2).epochs >= 1000
    assert recipe(90, 4, 3).epochs >= 150


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns_with_the_rate_it_gets(name):
    chosen = recipe(16, 1, None, hidden=[4], optimizer=name)
    X = [[i / 8 - 1] for i in range(16)]
    y = [2 * x[0] for x in X]
    network = MLP(1, [*chosen.hidden, 1], seed=1)
    optimizer = OPTIMIZERS[name](network.parameters(), learning_rate=chosen.learning_rate)
    history = fit(
        network, X, y, loss=chosen.loss, optimizer=optimizer, epochs=60, batch_size=chosen.batch_size, seed=0,
        progress=False,
    )  # fmt: skip
    assert chosen.optimizer == name
    assert history.rows[-1]["loss"] < 0.5 * history.rows[0]["loss"]


def test_more_samples_need_less_of_a_penalty():
    for n_classes in (2, None):
        strengths = [recipe(n_samples, 4, n_classes).l2 for n_samples in (300, 1000, 10_000)]
        assert sorted(strengths, reverse=True) == strengths
        assert 0 < strengths[2] < strengths[0]
    assert recipe(300, 2).l2 < recipe(300, 8).l2 <= recipe(300, 100).l2


@pytest.mark.parametrize("sizes", [(3, [4, 2]), (3, [4, 4, 1]), (30, [16, 16, 1]), (2, [1])])
def test_parameters_are_counted_as_the_network_has_them(sizes):
    assert n_parameters(*sizes) == MLP(*sizes).n_parameters
