"""Tasks: what outputs mean for each loss, the warnings where things do not match and the silence where they do."""

import math
import warnings
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

import autograd
from autograd import ShapeError, Value, sigmoid, softmax
from nn import losses
from nn.activations import ACTIVATIONS, LAYER_ACTIVATIONS
from nn.losses import LOSSES
from nn.metrics import METRICS
from nn.modules import MLP, Layer, Module, Neuron
from nn.tasks import RANGES, TASKS, MismatchWarning, check_match, class_weights, output_activation_of, task_of

# --- the task of a loss --------------------------------------------------------------------------------------

EXPECTED = {
    "mean_absolute_error": "regression",
    "mean_squared_error": "regression",
    "half_squared_error": "regression",
    "huber": "regression",
    "log_cosh": "regression",
    "binary_cross_entropy": "binary_probabilities",
    "binary_cross_entropy_with_logits": "binary_logits",
    "categorical_cross_entropy": "classes_probabilities",
    "categorical_cross_entropy_with_logits": "classes_logits",
    "hinge": "margin",
    "squared_hinge": "margin",
    "multiclass_hinge": "classes_margin",
    "kl_divergence": "classes_probabilities",
    "poisson": "log_rate",
}


def own_loss(prediction, target):
    return (prediction - target) ** 4


def test_every_loss_has_its_task():
    assert set(EXPECTED) == set(LOSSES)
    for name, task in EXPECTED.items():
        assert task_of(name) is task_of(LOSSES[name]) is TASKS[task]
    assert task_of(own_loss) is TASKS["raw"]


def test_settings_do_not_hide_the_loss():
    assert task_of(partial(losses.huber, delta=2.0)).name == "regression"
    smoothed = partial(partial(losses.categorical_cross_entropy), label_smoothing=0.1)
    assert task_of(smoothed).name == "classes_probabilities"
    assert task_of(partial(own_loss)).name == "raw"


def test_what_is_no_loss():
    with pytest.raises(ValueError, match="unknown loss 'huberr', did you mean 'huber'"):
        task_of("huberr")
    with pytest.raises(TypeError, match="a loss is a name or a function"):
        task_of(None)


@pytest.mark.parametrize("loss", [name for name, task in EXPECTED.items() if task == "regression"])
@pytest.mark.parametrize(
    ("activation", "targets", "expected"),
    [
        ("sigmoid", [0, 1, 1], "binary_probabilities"),
        ("hard_sigmoid", np.array([0.0, 1.0]), "binary_probabilities"),
        ("sigmoid", [[0, 1], [1, 1]], "binary_probabilities"),
        ("sigmoid", [True, False], "binary_probabilities"),
        ("sigmoid", [0.0, 0.4, 1.0], "regression"),  # a share, not a class
        ("sigmoid", [-1, 1], "regression"),
        ("sigmoid", None, "regression"),
        ("sigmoid", [], "regression"),
        ("sigmoid", ["cat", "dog"], "regression"),
        ("tanh", [-1, 1], "margin"),
        ("tanh", [0, 1], "regression"),
        ("softmax", [[1, 0, 0], [0, 0, 1]], "classes_probabilities"),
        ("softmax", np.eye(3), "classes_probabilities"),
        ("softmax", [[0.5, 0.5], [1, 0]], "regression"),
        ("linear", [0, 1, 1], "regression"),
        (None, [0, 1, 1], "regression"),
    ],
)
def test_losses_of_errors_train_classes_where_activation_and_targets_say_so(loss, activation, targets, expected):
    assert task_of(loss, activation, targets).name == expected


def test_other_losses_say_what_they_train_by_themselves():
    assert task_of("hinge", "sigmoid", [0, 1]).name == "margin"
    assert task_of(own_loss, "sigmoid", [0, 1]).name == "raw"


# --- outputs to predictions and probabilities ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "outputs", "prediction", "probabilities"),
    [
        ("binary_logits", 2.0, 1, [1 - 0.8807970779778823, 0.8807970779778823]),
        ("binary_logits", [-2.0], 0, [0.8807970779778823, 1 - 0.8807970779778823]),
        ("binary_logits", 0.0, 0, [0.5, 0.5]),
        ("binary_logits", [0.0, 3.0, -3.0], [0, 1, 0], [0.5, 0.9525741268224334, 0.04742587317756678]),
        ("binary_probabilities", 0.7, 1, [0.3, 0.7]),
        ("binary_probabilities", 0.5, 0, [0.5, 0.5]),
        ("binary_probabilities", [0.2, 0.9], [0, 1], [0.2, 0.9]),
        ("margin", 0.3, 1, None),
        ("margin", [-0.3], -1, None),
        ("margin", [0.3, -0.3], [1, -1], None),
        ("classes_logits", [0.0, math.log(2), 0.0], 1, [0.25, 0.5, 0.25]),
        ("classes_probabilities", [0.2, 0.3, 0.5], 2, [0.2, 0.3, 0.5]),
        ("classes_margin", [3.0, 1.0, 2.0], 0, None),
        ("log_rate", math.log(4), 4.0, None),
        ("log_rate", [0.0, math.log(3)], [1.0, 3.0], None),
        ("regression", 0.3, 0.3, None),
        ("regression", [0.3], 0.3, None),
        ("regression", [0.3, -4.0], [0.3, -4.0], None),
        ("raw", [0.3, -4.0], [0.3, -4.0], None),
    ],
)
def test_outputs(task, outputs, prediction, probabilities):
    values = [Value(x) for x in outputs] if isinstance(outputs, list) else Value(outputs)
    for given_outputs in (outputs, values, np.array(outputs)):
        decided = TASKS[task].decide(given_outputs)
        assert decided == pytest.approx(prediction)
        assert not isinstance(decided, (Value, np.generic))
        assert TASKS[task].probabilities(given_outputs) == (probabilities and pytest.approx(probabilities))
    if "binary" in task or "classes" in task:
        decided = decided if isinstance(decided, list) else [decided]
        assert all(isinstance(label, int) for label in decided)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-700, 700), min_size=2, max_size=5))
def test_the_predicted_class_has_the_largest_probability(z):
    task = TASKS["classes_logits"]
    p = task.probabilities(z)
    assert p == softmax(z)
    assert math.fsum(p) == pytest.approx(1.0)
    assert p[task.decide(z)] == max(p)
    p = TASKS["binary_logits"].probabilities(z[0])
    assert p == [sigmoid(-z[0]), sigmoid(z[0])]  # a small probability keeps its digits
    assert min(p) > 0.0
    assert p[TASKS["binary_logits"].decide(z[0])] == max(p)


@pytest.mark.parametrize(
    ("task", "target", "truth"),
    [
        ("binary_logits", 1.0, 1), ("binary_logits", [0], 0), ("binary_logits", True, 1), ("binary_logits", 0.7, 1),
        ("binary_probabilities", [0, 1, 1], [0, 1, 1]), ("margin", -1.0, -1), ("margin", [1, -1], [1, -1]),
        ("classes_logits", 2.0, 2), ("classes_logits", [0, 0, 1], 2), ("classes_probabilities", [0.2, 0.7, 0.1], 1),
        ("classes_margin", np.int64(2), 2), ("classes_margin", np.array([0, 1]), 1), ("log_rate", 3, 3.0),
        ("regression", [2], 2.0), ("regression", [2, 3], [2.0, 3.0]), ("raw", "anything", "anything"),
    ],
)  # fmt: skip
def test_targets_take_the_form_of_predictions(task, target, truth):
    assert TASKS[task].truth(target) == truth
    assert not isinstance(TASKS[task].truth(target), np.generic)


def test_the_table_is_whole():
    for name, task in TASKS.items():
        assert task.name == name
        assert task.kind in ("binary", "multiclass", "regression", "raw")
        assert set(task.metrics) <= set(METRICS)
        assert set(task.fitting_activations) <= set(RANGES)
    assert set(RANGES) >= {*ACTIVATIONS, *LAYER_ACTIVATIONS}


# --- the ranges of the activations ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "prelu"])
def test_the_range_of_an_activation_is_what_it_gives(name):
    low, high = RANGES[name]
    found = [float(ACTIVATIONS[name](k / 100)) for k in range(-4000, 4001)]
    assert low <= min(found)
    assert max(found) <= high
    assert min(found) == pytest.approx(low, abs=0.03) if low > -math.inf else min(found) < -0.3
    assert max(found) == pytest.approx(high, abs=0.03) if high < math.inf else max(found) > 39


# --- the output activation of a model ------------------------------------------------------------------------


class Wrapped(Module):
    """A network of one's own, which goes on computing after its layers."""

    def __init__(self, layers, then):
        self.layers, self.then = layers, then

    def __call__(self, x):
        for layer in self.layers:
            x = layer([x] if isinstance(x, Value) else x)
        return self.then(x)


class Boxed:
    def __init__(self, *layers):
        self.layers = layers


def test_the_output_activation():
    assert output_activation_of(Neuron(2, activation="tanh")) == "tanh"
    assert output_activation_of(Layer(2, 3, activation="softmax")) == "softmax"
    assert output_activation_of(MLP(2, [3, 1])) == "linear"
    assert output_activation_of(MLP(2, [3, 2], output_activation="log_softmax")) == "log_softmax"
    assert output_activation_of(Boxed(Layer(2, 3), MLP(3, [2, 1], output_activation="sigmoid"))) == "sigmoid"
    for unknown in (sigmoid, lambda x: x[0], Boxed(), Boxed(Layer(2, 3), sigmoid), object()):
        assert output_activation_of(unknown) is None


# --- the matrix: loss x output activation x targets ----------------------------------------------------------

X = [[0.5, -1.0], [1.5, 2.0], [-0.3, 0.1], [0.0, 0.4]]
BINARY, SIGNS, COUNTS, WIDE = [0, 1, 1, 0], [-1, 1, 1, -1], [0, 3, 1, 7], [-20.0, 3.5, 0.2, 12.0]
CLASSES = [0, 1, 2, 0]
ROWS = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
SHARES = [[0.2, 0.3, 0.5]] * 4
NEURONS = list(ACTIVATIONS)
LINES = {"linear", "leaky_relu", "prelu"}
SOFT = {"log_softmax"}

# The activations of which no word is said, for one output and for three.
SILENT = {
    ("binary_cross_entropy_with_logits", "one"): LINES,
    ("binary_cross_entropy_with_logits", "many"): LINES,
    ("binary_cross_entropy", "one"): {"sigmoid", "hard_sigmoid"},
    ("binary_cross_entropy", "many"): {"sigmoid", "hard_sigmoid", "softmax"},
    ("hinge", "one"): LINES | {"elu", "selu", "celu", "tanh", "hard_tanh", "softsign"},
    ("squared_hinge", "one"): LINES | {"elu", "selu", "celu", "tanh", "hard_tanh", "softsign"},
    ("categorical_cross_entropy_with_logits", "many"): (
        LINES | SOFT | {"relu", "elu", "selu", "celu", "gelu", "silu", "swish", "mish", "softplus"}
    ),
    ("categorical_cross_entropy", "many"): {"softmax"},
    ("kl_divergence", "many"): {"softmax"},
    ("multiclass_hinge", "many"): (
        {*NEURONS, *SOFT} - {"step", "sigmoid", "hard_sigmoid"}
    ),
    ("poisson", "one"): LINES | {"elu", "selu", "celu", "gelu", "silu", "swish", "mish"},
}  # fmt: skip
TARGETS = {
    ("binary_cross_entropy_with_logits", "one"): [
        BINARY,
        [0.0, 0.3, 1.0, 0.5],
        [[y] for y in BINARY],
        np.array(BINARY),
    ],
    ("binary_cross_entropy_with_logits", "many"): [ROWS, [[1, 1, 0]] * 4],
    ("binary_cross_entropy", "one"): [BINARY, [True, False, True, True]],
    ("binary_cross_entropy", "many"): [ROWS],
    ("hinge", "one"): [SIGNS, np.array(SIGNS, dtype=float)],
    ("squared_hinge", "one"): [SIGNS],
    ("categorical_cross_entropy_with_logits", "many"): [CLASSES, ROWS, SHARES, np.array(CLASSES)],
    ("categorical_cross_entropy", "many"): [CLASSES, ROWS, SHARES],
    ("kl_divergence", "many"): [SHARES, ROWS],
    ("multiclass_hinge", "many"): [CLASSES, ROWS],
    ("poisson", "one"): [COUNTS],
}


def warned(model, loss, y, X=X):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check_match(model, loss, X, y)
    assert all(w.category is MismatchWarning for w in caught)
    return [str(w.message) for w in caught]


CASES = [
    (loss, outputs, activation, y)
    for (loss, outputs), kinds in TARGETS.items()
    for activation in [*NEURONS, *(LAYER_ACTIVATIONS if outputs == "many" else ())]
    for y in kinds
]


@pytest.mark.parametrize(("loss", "outputs"), list(TARGETS))
def test_a_warning_says_what_does_not_match_and_nothing_is_said_of_what_does(loss, outputs):
    for case_loss, case_outputs, activation, y in CASES:
        if (case_loss, case_outputs) == (loss, outputs):
            model = MLP(2, [3, 1 if outputs == "one" else 3], output_activation=activation, seed=1)
            for given_loss in (loss, LOSSES[loss], partial(LOSSES[loss])):
                messages = warned(model, given_loss, y)
                assert bool(messages) == (activation not in SILENT[loss, outputs]), (activation, messages)
                if messages and activation != "step":
                    (message,) = messages
                    assert loss in message
                    assert f"the output activation {activation} gives" in message
                    assert "write output_activation=" in message


def test_the_words_of_the_warnings():
    def of(loss, activation, y=BINARY, n=1):
        return warned(MLP(2, [3, n], output_activation=activation, seed=1), loss, y)

    assert of("binary_cross_entropy_with_logits", "sigmoid") == [
        "binary_cross_entropy_with_logits takes logits, any numbers, but the output activation sigmoid gives only "
        'numbers in [0, 1]: write output_activation="linear", or take the loss binary_cross_entropy'
    ]
    assert of("binary_cross_entropy", "linear") == [
        "binary_cross_entropy takes probabilities in [0, 1], but the output activation linear gives any number: write "
        'output_activation="sigmoid", or "linear" and the loss binary_cross_entropy_with_logits'
    ]
    assert of("categorical_cross_entropy_with_logits", "softmax", CLASSES, 3) == [
        "categorical_cross_entropy_with_logits takes logits, any numbers, but the output activation softmax gives only "
        'numbers in [0, 1]: write output_activation="linear", or take the loss categorical_cross_entropy'
    ]
    assert of("categorical_cross_entropy", "sigmoid", CLASSES, 3) == [
        "categorical_cross_entropy takes probabilities that sum to 1, but the output activation sigmoid gives only "
        'numbers in [0, 1]: write output_activation="softmax", or "linear" and the loss '
        "categorical_cross_entropy_with_logits"
    ]
    assert of("hinge", "relu", SIGNS) == [
        "hinge takes scores, below -1 for one class and above 1 for the other, but the output activation relu gives "
        'only numbers of at least 0: write output_activation="linear"'
    ]
    assert of("poisson", "softplus", COUNTS) == [
        "poisson takes logarithms of rates, any numbers, but the output activation softplus gives only numbers of at "
        'least 0: write output_activation="linear"'
    ]
    assert of("mean_squared_error", "step") == [
        'the output activation step passes no gradient, so that no weight learns: write output_activation="linear"'
    ]
    assert of("mean_squared_error", "tanh", WIDE) == [
        "mean_squared_error: the output activation tanh gives only numbers in [-1, 1] and cannot reach the target of "
        'sample 0, -20.0: write output_activation="linear", or scale the targets'
    ]
    assert of("huber", "log_softmax", [[0.0, 3.0]] * 2, 2) == [
        "huber: the output activation log_softmax gives only numbers of at most 0 and cannot reach the target of "
        'sample 0, 3.0: write output_activation="linear", or scale the targets'
    ]


@pytest.mark.parametrize("loss", [name for name, task in EXPECTED.items() if task == "regression"])
@pytest.mark.parametrize(
    ("activation", "y", "reached"),
    [
        ("linear", WIDE, True),
        ("leaky_relu", WIDE, True),
        ("sigmoid", BINARY, True),  # the ends are reached in the limit
        ("sigmoid", [0.2, 0.9], True),
        ("sigmoid", [1.0 + 1e-9, -1e-9], True),  # rounding of scaled targets
        ("sigmoid", [0.2, 1.1], False),
        ("sigmoid", SIGNS, False),
        ("tanh", SIGNS, True),
        ("tanh", [0.2, 1.1], False),
        ("relu", COUNTS, True),
        ("relu", [1e6, 0.0], True),
        ("relu", WIDE, False),
        ("softplus", [-1.0, 2.0], False),
        ("elu", [-0.9, 50.0], True),
        ("elu", [-1.1, 50.0], False),
        ("silu", [-0.27, 3.0], True),
        ("silu", [-0.3, 3.0], False),
    ],
)
def test_targets_out_of_reach_of_the_output_activation(loss, activation, y, reached):
    messages = warned(MLP(2, [3, 1], output_activation=activation, seed=1), loss, y)
    assert (messages == []) is reached
    if not reached:
        assert "cannot reach the target of sample" in messages[0]


def test_softmax_of_one_output_is_always_one():
    class Alone(Module):
        activation = "softmax"

        def __call__(self, x):
            return softmax([x[0] * Value(1.0)])

    for loss in ("binary_cross_entropy", "binary_cross_entropy_with_logits"):
        (message,) = warned(Alone(), loss, BINARY)
        assert f"softmax of one output is always 1, whatever {loss} asks for" in message


def test_one_class_only():
    for model, loss, y in (
        (MLP(2, [1]), "binary_cross_entropy_with_logits", [1, 1, 1]),
        (MLP(2, [1]), "binary_cross_entropy_with_logits", [[1], [1]]),
        (MLP(2, [1]), "hinge", [-1, -1]),
        (MLP(2, [3]), "categorical_cross_entropy_with_logits", [2, 2]),
        (MLP(2, [3]), "categorical_cross_entropy_with_logits", [[0, 0, 1]] * 2),
    ):
        label = task_of(loss).truth(y[0])
        with pytest.raises(ValueError, match=f"^all {len(y)} samples are of one class, {label}: the network"):
            check_match(model, loss, [[1.0, 2.0]] * len(y), y)
    assert warned(MLP(2, [1]), "binary_cross_entropy_with_logits", [1]) == []  # one sample
    assert warned(MLP(2, [1]), "mean_squared_error", [1.0, 1.0]) == []
    assert warned(MLP(2, [1]), "poisson", [1, 1]) == []
    assert warned(MLP(2, [3]), "binary_cross_entropy_with_logits", [[0, 1, 1]] * 2) == []  # labels, not classes
    assert warned(MLP(2, [2]), "categorical_cross_entropy_with_logits", [[0.4, 0.6]] * 2) == []


# --- silence where it is not certain -------------------------------------------------------------------------


def test_nothing_is_said_of_a_loss_of_ones_own():
    for activation in NEURONS:
        model = MLP(2, [3, 1], output_activation=activation)
        for y in (BINARY, WIDE, ["cat", "dog"], [None, math.nan], [[1, 2], [3]], []):
            assert warned(model, own_loss, y) == []
            assert warned(model, lambda prediction, target: prediction, y) == []


def test_nothing_is_said_of_activations_of_ones_own():
    gaussian = MLP(2, [3, 1], output_activation=lambda z: autograd.exp(-z * z))
    for loss, y in (("binary_cross_entropy", BINARY), ("mean_squared_error", WIDE), ("hinge", SIGNS)):
        assert warned(gaussian, loss, y) == []
        assert warned(lambda x: Value(0.5), loss, y) == []
        assert warned(lambda x: 0.5, loss, y) == []


@pytest.mark.parametrize(
    ("loss", "activation", "then", "y"),
    [
        ("binary_cross_entropy", "linear", sigmoid, BINARY),
        ("binary_cross_entropy", "tanh", lambda z: (z + 1) / 2, BINARY),
        ("mean_squared_error", "sigmoid", lambda p: 100 * p, WIDE),
        ("hinge", "sigmoid", lambda p: 4 * p - 2, SIGNS),
        ("binary_cross_entropy_with_logits", "sigmoid", autograd.log, BINARY),
    ],
)
def test_nothing_is_said_of_a_network_that_goes_on_after_its_last_layer(loss, activation, then, y):
    assert warned(Wrapped([Layer(2, 1, activation=activation)], then), loss, y) == []


def test_a_network_that_ends_with_its_last_layer_is_judged_however_it_is_made():
    (message,) = warned(Wrapped([Layer(2, 1, activation="linear")], lambda z: z), "binary_cross_entropy", BINARY)
    assert "activation linear gives any number" in message


def test_no_data_is_no_mismatch():
    assert warned(MLP(2, [1]), "hinge", [], X=[]) == []


def test_outputs_that_cannot_be_counted_are_left_to_the_training_loop():
    for outputs in ({}, "text", None, [[1.0], [2.0]], []):
        assert warned(lambda x, outputs=outputs: outputs, "mean_squared_error", BINARY) == []
    assert warned(lambda x: autograd.log(x[0] - 10), "mean_squared_error", BINARY) == []  # undefined: it says where


def test_the_model_is_run_in_evaluation_mode_and_left_as_it_was():
    class Moody(Module):
        def __init__(self):
            self.training, self.inner, self.seen = True, MLP(2, [1]), []

        def __call__(self, x):
            self.seen.append((self.training, getattr(self.inner, "training", False)))
            return self.inner(x)

    model = Moody()
    check_match(model, "mean_squared_error", np.array(X), np.array(WIDE))
    assert model.seen == [(False, False)]
    assert model.training is True
    assert all(parameter.grad == 0.0 for parameter in model.parameters())

    def broken(x):
        raise ShapeError("expected 3 inputs, got 2")

    model.inner = broken
    with pytest.raises(ShapeError, match="expected 3 inputs"):
        check_match(model, "mean_squared_error", X, WIDE)
    assert model.training is True


def test_the_warning_points_at_the_caller_of_fit():
    def fit():
        check_match(MLP(2, [1]), "binary_cross_entropy", X, BINARY)

    with pytest.warns(MismatchWarning) as caught:
        fit()
    assert caught[0].filename == __file__
    assert caught[0].lineno == fit.__code__.co_firstlineno + 4


# --- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "n", "y", "message"),
    [
        ("categorical_cross_entropy_with_logits", 3, [0, 5],
         "sample 1 has the class 5, but the model gives 3 outputs, for the classes 0 to 2: give the last layer more"),
        ("multiclass_hinge", 3, [0, 3], "sample 1 has the class 3, .* 0 to 2: give the last layer more outputs"),
        ("multiclass_hinge", 3, [1, 2, 3], "sample 2 has the class 3, .* number the classes from 0"),
        ("categorical_cross_entropy_with_logits", 1, [0, 1], "needs one output for each class, 2 at least, .* gives 1"),
        ("categorical_cross_entropy_with_logits", 3, [[0, 1]], "gives 3 outputs, and sample 0 has 2 targets"),
        ("mean_squared_error", 2, [1.0, 2.0], "the model gives 2 outputs, and sample 0 has 1 target: give the last"),
        ("mean_squared_error", 1, [1.0, [1.0, 2.0]], "the model gives 1 output, and sample 1 has 2 targets"),
        ("binary_cross_entropy_with_logits", 2, BINARY, "the model gives 2 outputs, and sample 0 has 1 target"),
        ("hinge", 3, SIGNS, "hinge needs one target for each output"),
    ],
)  # fmt: skip
def test_sizes_that_cannot_fit(loss, n, y, message):
    with pytest.raises(ShapeError, match=message):
        check_match(MLP(2, [n]), loss, X, y)


@pytest.mark.parametrize(
    ("loss", "y", "message"),
    [
        (
            "binary_cross_entropy",
            [0, 2],
            "the target of sample 1 is 2, but .* takes 0, 1 or a probability between: sev",
        ),
        ("binary_cross_entropy_with_logits", [-1, 1], r"sample 0 is -1, .*: from -1 and \+1 write \(y \+ 1\) / 2"),
        ("hinge", [0, 1], r"sample 0 is 0, but hinge takes -1 and \+1: from 0 and 1 write 2 \* y - 1"),
        ("squared_hinge", [1, 0.5], r"sample 1 is 0.5, but squared_hinge takes -1 and \+1"),
        ("categorical_cross_entropy", [0, -1], "sample 1 is -1, but .* takes the index of a class: number the classes"),
        ("multiclass_hinge", [0.5], "sample 0 is 0.5, but multiclass_hinge takes the index of a class"),
        ("kl_divergence", [[0.5, 1.5]], r"sample 0 is \[0.5, 1.5\], .* a row of probabilities in \[0, 1\]"),
        ("poisson", [3, -2], "sample 1 is -2, but poisson takes counts, 0 or more"),
        ("binary_cross_entropy", ["cat", "dog"], "sample 0 is 'cat', but .* takes no text: number the classes 0, 1, 2"),
        (
            "mean_squared_error",
            [1.0, "2,5"],
            "sample 1 is '2,5', but mean_squared_error takes no text: targets are num",
        ),
        ("mean_squared_error", [1.0, None], "sample 1 is None, but mean_squared_error takes no NoneType"),
        ("mean_squared_error", [1.0, math.nan], "sample 1 is nan: fill in what is missing"),
        ("mean_squared_error", [[1.0, math.inf]], r"sample 0 is \[1.0, inf\]: fill in"),
        ("categorical_cross_entropy", [math.nan], "sample 0 is nan"),
    ],
)
def test_targets_that_the_loss_does_not_take(loss, y, message):
    for model in (MLP(2, [2]), lambda x: None):
        with pytest.raises(ValueError, match=message):
            check_match(model, loss, X, y)


# --- class weights -------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-2, 3), min_size=1, max_size=30))
def test_balanced_weights_equal_scikit_learns(y):
    weights = class_weights(y, "balanced")
    assert weights == pytest.approx(compute_sample_weight("balanced", y).tolist(), rel=1e-12)
    assert math.fsum(weights) == pytest.approx(len(y))
    of_class = compute_class_weight("balanced", classes=np.unique(y), y=y)
    assert dict(zip(y, weights, strict=True)) == pytest.approx(dict(zip(np.unique(y).tolist(), of_class, strict=True)))


def test_weights_by_class_equal_scikit_learns():
    y = [0, 2, 1, 2, 2]
    for weights in ({0: 0.5, 1: 2.0, 2: 3.0}, {1: 4.0}, {0: 0}, {0: 1, 1: 1, 2: 1, 3: 9}):
        assert class_weights(y, weights) == compute_sample_weight(weights, y).tolist()
    assert class_weights(np.array(y), {1: np.float64(4.0)}) == [1.0, 1.0, 4.0, 1.0, 1.0]


def test_weights_of_texts_rows_and_signs():
    assert class_weights(["cat", "dog", "cat", "cat"], "balanced") == pytest.approx([2 / 3, 2.0, 2 / 3, 2 / 3])
    assert class_weights([[1, 0], [0, 1], [1, 0]], {1: 5.0}) == [1.0, 5.0, 1.0]
    assert class_weights([[1], [0]], {1: 5.0}) == [5.0, 1.0]
    assert class_weights(np.eye(2), {0: 3.0}) == [3.0, 1.0]
    assert class_weights([-1, 1.0], {1: 5, -1: 2}) == [2.0, 5.0]


@pytest.mark.parametrize(
    ("y", "weights", "message"),
    [
        ([], "balanced", "class_weights of no samples at all: y is empty"),
        ([0, 1], "balance", "class weights are 'balanced' or a dict .* got 'balance'"),
        ([0, 1], [1.0, 2.0], r"class weights are 'balanced' or a dict .* got \[1.0, 2.0\]"),
        ([0, 1], {0: -1.0}, "the weight of class 0 must be a finite number of at least 0, got -1.0"),
        ([0, 1], {0: math.nan}, "weight of class 0 .* got nan"),
        ([0, 1], {0: math.inf}, "weight of class 0 .* got inf"),
        ([0, 1], {0: "2"}, "weight of class 0 .* got '2'"),
        (
            ["cat", "dog"],
            {"cat": 1.0, "dgo": 2.0},
            "weight for the class 'dgo', which y does not hold, and none for 'dog'",
        ),
    ],
)
def test_weights_that_make_no_sense(y, weights, message):
    with pytest.raises(ValueError, match=message):
        class_weights(y, weights)
