"""Compiled training at its ends: errors, callbacks that read and change, Ctrl-C, and what cannot be compiled."""

import math
import os
import re
import signal

import pytest

from autograd import AutogradError, Value
from nn import MLP, NotFiniteError, fit, optimizers
from nn.noise import Noise
from nn.optimizers import Optimizer
from nn.regularizers import L1, L2, MaxNorm
from nn.training import EarlyStopping, paying

X = [[0.1 * i, 1.0 - 0.05 * i] for i in range(20)]
Y = [x[0] - x[1] for x in X]


def network(**options):
    return MLP(2, [3, 1], **{"activation": "tanh", "seed": 1, **options})


def both(run):
    return run(False), run(True)


def message(compiled, X=X, Y=Y, make=network, rate=0.1, **options):
    model = make()
    options = {"loss": "mean_squared_error", "epochs": 30, **options}
    optimizer = optimizers.SGD(model.parameters(), learning_rate=rate)
    with pytest.raises(NotFiniteError) as caught:
        fit(model, X, Y, optimizer=optimizer, seed=0, progress=False, compiled=compiled, **options)
    parameters = model.parameters()
    gradients = [p.grad for p in parameters]
    return str(caught.value), [p.data for p in parameters], len(caught.value.history.rows), gradients


@pytest.mark.parametrize(
    "options",
    [
        {"rate": 1e200},
        {"rate": 1e308},
        {"Y": [*Y[:-1], 1e200]},
        {"loss": lambda p, y: (p - 10.0).log() + y},
        {"loss": lambda p, y: (p - p).sqrt() + y},
        {"loss": lambda p, y: (1000.0 + p).exp() + y},
        {"rate": 1e200, "validation": (X, Y)},
    ],
    ids=["rate", "update", "target", "undefined", "slope", "overflow", "validation"],
)
def test_what_is_not_finite_is_told_in_the_same_words(options):
    eager, compiled = both(lambda compiled: message(compiled, **options))
    assert compiled[0] == eager[0]
    assert compiled[1] == pytest.approx(eager[1], rel=1e-9)
    assert compiled[2] == eager[2]
    assert compiled[3] == pytest.approx(eager[3], rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("compiled", [False, True])
def test_gradients_of_parameters_that_no_optimizer_changes_are_those_of_the_last_minibatch(compiled):
    def first_layer(model):
        return optimizers.Adam(model.layers[0].parameters(), learning_rate=0.1)

    model, by_hand = network(), network()
    fit(model, X, Y, loss="mean_squared_error", optimizer=first_layer(model), epochs=2, batch_size=20, seed=0,
        regularizer="l2", progress=False, compiled=compiled)  # fmt: skip
    optimizer = first_layer(by_hand)
    for _ in range(2):
        by_hand.zero_grad()
        loss = sum((by_hand(x) - y) ** 2 for x, y in zip(X, Y, strict=True)) / len(X) + L2().penalty(by_hand)
        loss.backward()
        optimizer.step()
    found, expected = model.parameters(), by_hand.parameters()
    assert [p.data for p in found] == pytest.approx([p.data for p in expected], rel=1e-9)
    assert [p.grad for p in found] == pytest.approx([p.grad for p in expected], rel=1e-9)


@pytest.mark.parametrize("place", [4, 11, 19])
def test_a_stream_that_fails_leaves_what_was_learnt_before(place):
    class Broken:
        def __iter__(self):
            for i, pair in enumerate(zip(X, Y, strict=True)):
                yield ([math.nan, 0.0], 0.0) if i == place else pair

    def run(compiled):
        model = network()
        optimizer = optimizers.Adam(model.parameters(), learning_rate=0.1)
        with pytest.raises(ValueError, match=f"sample {place}, number 0 is nan"):
            fit(model, Broken(), loss="mean_squared_error", optimizer=optimizer, epochs=2, batch_size=5, progress=False,
                compiled=compiled)  # fmt: skip
        parameters = model.parameters()
        return [p.data for p in parameters] + [p.grad for p in parameters], optimizer.steps

    eager, compiled = both(run)
    assert compiled[0] == pytest.approx(eager[0], rel=1e-9)
    assert compiled[1] == eager[1] == place // 5


def test_callbacks_read_parameters_gradients_and_state_and_may_change_them():
    class Meddler:
        def __init__(self):
            self.read = []

        def on_epoch_end(self, training):
            parameters = training.optimizer.parameters
            self.read += [p.data for p in parameters] + [p.grad for p in parameters]
            self.read += [x for numbers in training.optimizer.state for x in numbers]
            if training.epoch == 2:
                parameters[0].data = 0.25
                training.optimizer.learning_rate = 0.03
            if training.epoch == 3:
                training.optimizer.load_state_dict(
                    {**training.optimizer.state_dict(), "state": [[0.0] * 3 for _ in parameters]}
                )

    def run(compiled):
        meddler, model = Meddler(), network()
        optimizer = optimizers.Adam(model.parameters(), learning_rate=0.01)
        fit(model, X, Y, loss="mean_squared_error", optimizer=optimizer, epochs=5, seed=0, callbacks=[meddler],
            progress=False, compiled=compiled)  # fmt: skip
        return meddler.read

    eager, compiled = both(run)
    assert compiled == pytest.approx(eager, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("what", ["l1", "l2", "max_norm", "dropout", "no_dropout", "first_dropout", "reseeded"])
def test_what_a_callback_changes_besides_counts_from_the_next_epoch_on(what):
    def change(model, regularizer):
        if what in ("l1", "l2"):
            regularizer.strength = 0.2
        elif what == "max_norm":
            regularizer.limit = 0.3
        elif what == "reseeded":
            model.dropout.reseed(7)
        else:
            model.dropout.p = 0.0 if what == "no_dropout" else 0.6

    def run(compiled, changed=True):
        regularizer = {"l1": L1(0.01), "l2": L2(0.01), "max_norm": MaxNorm(0.8)}.get(what)
        model = network(dropout=0.2)
        model.dropout.p = 0.0 if what == "first_dropout" else 0.2

        class Changing:
            def on_epoch_end(self, training):
                if training.epoch == 2 and changed:
                    change(model, regularizer)

        fit(model, X, Y, loss="mean_squared_error", epochs=5, batch_size=4, seed=0, regularizer=regularizer,
            callbacks=[Changing()], progress=False, compiled=compiled)  # fmt: skip
        return [p.data for p in model.parameters()]

    eager, compiled = both(run)
    assert compiled == pytest.approx(eager, rel=1e-9, abs=1e-12)
    assert compiled != pytest.approx(run(True, changed=False), rel=1e-6)


def test_early_stopping_puts_the_best_weights_back():
    def run(compiled):
        model, stopping = network(), EarlyStopping(patience=2)
        history = fit(model, X[:10], Y[:10], loss="mean_squared_error", epochs=60, seed=0, validation=(X[10:], Y[10:]),
                      optimizer=optimizers.Adam(model.parameters(), learning_rate=0.2), callbacks=[stopping],
                      progress=False, compiled=compiled)  # fmt: skip
        return [p.data for p in model.parameters()], stopping.best_epoch, len(history.rows)

    eager, compiled = both(run)
    assert compiled[0] == pytest.approx(eager[0], rel=1e-9)
    assert compiled[1:] == eager[1:]


def test_ctrl_c_ends_after_the_minibatch_at_hand_with_what_was_learnt():
    def run(compiled):
        model = network()

        def schedule(time):
            if time > 1.2:
                os.kill(os.getpid(), signal.SIGINT)
            return 1.0

        history = fit(model, X, Y, loss="mean_squared_error", epochs=9, batch_size=4, seed=0, schedule=schedule,
                      progress=False, compiled=compiled)  # fmt: skip
        return history.interrupted, len(history.rows), [p.data for p in model.parameters()]

    eager, compiled = both(run)
    assert compiled[:2] == eager[:2] == (True, 2)
    assert compiled[2] == pytest.approx(eager[2], rel=1e-9)


def test_a_second_ctrl_c_leaves_a_model_of_use():
    model = network()

    def schedule(time):
        if time > 1.2:
            raise KeyboardInterrupt
        return 1.0

    with pytest.raises(KeyboardInterrupt):
        fit(model, X, Y, loss="mean_squared_error", epochs=9, batch_size=4, seed=0, schedule=schedule, progress=False,
            compiled=True)  # fmt: skip
    other = network()
    fit(other, X, Y, loss="mean_squared_error", epochs=1, batch_size=4, seed=0, progress=False)
    assert model.state_dict() != network().state_dict()
    assert all(abs(p.data - q.data) < 0.1 for p, q in zip(model.parameters(), other.parameters(), strict=True))


# --- what cannot be compiled ---------------------------------------------------------------------------------


class Reading(MLP):
    def __call__(self, x):
        y = super().__call__(x)
        return y * (1.0 + 0.1 * float(y))


def test_code_that_cannot_be_compiled_is_refused_where_it_must():
    with pytest.raises(AutogradError) as caught:
        fit(Reading(2, [1], seed=0), X, Y, loss="mean_squared_error", epochs=1, progress=False, compiled=True)
    assert ['compiled="auto"' in note for note in caught.value.__notes__] == [True]  # the remedy


def test_and_is_computed_value_by_value_where_it_need_not(monkeypatch):
    monkeypatch.setattr("nn.training.compiled.pays", lambda size, samples: True)

    def run(compiled):
        model = Reading(2, [1], seed=0)
        history = fit(model, X, Y, loss="mean_squared_error", epochs=2, seed=0, progress=False, compiled=compiled)
        return [p.data for p in model.parameters()], history.compiled

    eager, auto = run(False), run("auto")
    assert auto[0] == eager[0]
    assert auto[1].startswith("computed Value by Value, as it could not be compiled: ")
    assert "float" in auto[1]
    assert "\n" not in auto[1]


def test_a_reason_is_told_once_above_the_progress_bar(monkeypatch, capsys):
    monkeypatch.setattr("nn.training.compiled.pays", lambda size, samples: True)
    fit(Reading(2, [1], seed=0), X, Y, loss="mean_squared_error", epochs=3, seed=0, compiled="auto")
    assert capsys.readouterr().err.count("could not be compiled") == 1


def test_little_work_is_not_compiled():
    history = fit(network(), X, Y, loss="mean_squared_error", epochs=1, seed=0, progress=False, compiled="auto")
    assert history.compiled == "computed Value by Value, which is sooner done than compiled"


@pytest.mark.parametrize(
    ("size", "samples", "eagerly", "compiled"),  # the seconds that were measured
    [
        (262, 150 * 10, 0.22, 0.38), (262, 150 * 100, 2.2, 0.5), (1111, 1000, 0.34, 0.30), (1111, 20_000, 6.8, 0.56),
        (4727, 300, 0.42, 0.50), (4727, 300 * 3, 1.25, 0.52), (11651, 100, 0.31, 1.0), (11651, 1797, 5.6, 1.1),
    ],
)  # fmt: skip
def test_it_pays_where_it_takes_less_time(size, samples, eagerly, compiled):
    taken, better = compiled if paying.pays(size, samples) else eagerly, min(eagerly, compiled)
    assert taken <= max(1.2 * better, 1.0)


def test_whether_it_pays_is_decided_by_the_graph_not_by_a_clock():
    w = Value(0.5)  # and 2; their product with 2 operands; 1; the difference with 2; 2; the power with 2: 7 nodes
    assert paying.graph_size((w * 2.0 - 1.0) ** 2.0) == 7 + 6


class Branching(MLP):
    """Whose comparisons go many ways."""

    def __call__(self, x):
        ways = [0.0 * self.layers[0].neurons[0].b + number > 0.15 * i - 0.8 for i, number in enumerate([*x] * 6)]
        return super().__call__(x) * (1.0 + 0.1 * sum(ways))


@pytest.mark.filterwarnings("error")
def test_code_of_too_many_ways_is_computed_value_by_value_without_a_warning_but_where_it_must_be_compiled(monkeypatch):
    monkeypatch.setattr("nn.training.compiled.pays", lambda size, samples: True)
    X = [[math.sin(7 * i), math.cos(3 * i)] for i in range(60)]

    def run(compiled):
        model = Branching(2, [3, 1], activation="tanh", seed=0)
        history = fit(model, X, [x[0] for x in X], loss="mean_squared_error", epochs=2, seed=0, progress=False,
                      compiled=compiled)  # fmt: skip
        return [p.data for p in model.parameters()], history.compiled

    eager, auto = run(False), run("auto")
    assert auto[0] == pytest.approx(eager[0], rel=1e-9)
    assert re.fullmatch(
        "computed Value by Value, as it could not be compiled: by its comparisons, the model or the loss goes more "
        r"ways than are compiled; what it compares is computed at \S*test_compiled_ends.py:\d+: ways = .*: write "
        r"autograd.where\(autograd.step\(v\), a, b\), max or relu to choose between Values, which is one way for all",
        auto[1],
    )
    with pytest.warns(RuntimeWarning, match="^some samples are computed Value by Value, which is slow: by its") as told:
        must = run(True)
    assert [warning.filename for warning in told] == [__file__]
    assert must[0] == pytest.approx(eager[0], rel=1e-9)
    assert must[1].startswith("compiled: ")


def test_what_is_compiled_says_what_became_of_it_and_what_runs_it():
    history = fit(network(), X, Y, loss="mean_squared_error", epochs=1, progress=False, compiled=True)
    assert re.fullmatch(
        r"compiled: \d+ nodes traced -> \d+ simplified -> \d+ fused -> \d+ array operations, run by (numpy|numba)",
        history.compiled,
    )


class Whole(Noise):
    def __init__(self):
        self.reseed(3)

    def __call__(self, x):
        return [v * self._rng.choice([0.5, 1.5]) for v in x]


def test_noise_that_cannot_be_an_input_is_drawn_as_always(monkeypatch):
    from nn.layers import Layer, Sequential

    monkeypatch.setattr("nn.training.compiled.pays", lambda size, samples: True)

    def run(compiled):
        model = Sequential(Whole(), Layer(2, 1, activation="linear", seed=0))
        history = fit(model, X, Y, loss="mean_squared_error", epochs=2, seed=0, progress=False, compiled=compiled)
        return [p.data for p in model.parameters()], history.compiled

    eager, auto = run(False), run("auto")
    assert auto[0] == eager[0]
    assert "could not be compiled" in auto[1]


def test_an_optimizer_with_branches_works_on_the_values():
    class Sign(Optimizer):
        @staticmethod
        def update(parameter, gradient, state, step, settings):
            if gradient > 0:
                return parameter - settings["learning_rate"], state
            return parameter + settings["learning_rate"], state

    def run(compiled):
        model = network()
        fit(model, X, Y, loss="mean_squared_error", optimizer=Sign(model.parameters(), learning_rate=0.01), epochs=3,
            seed=0, progress=False, compiled=compiled)  # fmt: skip
        return [p.data for p in model.parameters()]

    eager, compiled = both(run)
    assert compiled == pytest.approx(eager, rel=1e-9)


def test_what_compiled_may_be():
    with pytest.raises(ValueError, match='compiled must be "auto", True or False, got'):
        fit(network(), X, Y, loss="mean_squared_error", compiled="yes")


def test_an_error_in_the_loss_is_that_of_the_loss():
    def loss(prediction, target):
        if target > 0.9:
            raise RuntimeError("a target like that")
        return (prediction - target) ** 2

    for compiled in (False, True):
        with pytest.raises(RuntimeError, match="a target like that") as caught:
            fit(
                network(),
                X,
                [0.1 * i for i in range(20)],
                loss=loss,
                epochs=3,
                seed=0,
                progress=False,
                compiled=compiled,
            )
        assert "computing the loss of sample" in caught.value.__notes__[0]


class Remembering:
    """A model that keeps numbers of its samples: an average of them, the last one, all, the highest, a state."""

    def __init__(self, kept):
        self.w, self.b, self.kept = Value(0.5), Value(0.1), kept
        self.mean, self.previous, self.seen, self.high, self.state = 0.25, 0.0, [], -5.0, Value(0.0)

    def parameters(self):
        return [self.w, self.b]

    def __call__(self, x):
        x = x[0]
        if self.kept == "mean":
            self.mean = 0.9 * self.mean + 0.1 * x
            x = x - self.mean
        elif self.kept == "previous":
            x, self.previous = x - self.previous, x
        elif self.kept == "seen":
            self.seen.append(x)
            x = x - self.seen[-2:][0]
        elif self.kept == "high":
            self.high = max(self.high, x)
            x = x - self.high
        elif self.kept == "state":
            self.state = (self.w * x + self.b * self.state.data).tanh()
            return self.state
        return (self.w * x + self.b).tanh()


class LookedAt(Remembering):
    """As it is when fit has run it once more, to see how large it is, before it takes the first minibatch."""

    n = 0

    def __call__(self, x):
        self.n += 1
        if self.n == 2:
            super().__call__(x)
        return super().__call__(x)


@pytest.mark.parametrize("kept", ["mean", "previous", "seen", "high", "state"])
def test_a_model_that_keeps_numbers_of_its_samples_is_trained_value_by_value(kept, monkeypatch):
    monkeypatch.setattr("nn.training.compiled.pays", lambda size, samples: True)

    def run(model, compiled):
        optimizer = optimizers.SGD(model.parameters(), learning_rate=0.1)
        history = fit(model, X, Y, loss="mean_squared_error", optimizer=optimizer, epochs=3, seed=0, progress=False,
                      compiled=compiled)  # fmt: skip
        return [p.data for p in model.parameters()], model([1.0]).data, history.compiled

    compiled, eager = run(Remembering(kept), "auto"), run(LookedAt(kept), False)
    assert compiled[:2] == eager[:2]
    assert compiled[2].startswith("computed Value by Value, as it could not be compiled: ")
    assert "model." in compiled[2] or "self.previous" in compiled[2]
