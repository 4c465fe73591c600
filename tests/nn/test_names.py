"""What the courses teach has a name, and every name is in `nn`."""

import pytest

import nn
from nn import activations, initializers, losses, metrics, optimizers, regularizers, schedules

NAMES = {
    "activations": "linear step sigmoid tanh relu leaky_relu prelu elu selu celu gelu silu swish mish softplus "
    "softsign hard_sigmoid hard_tanh Maxout softmax log_softmax",
    "losses": "mean_absolute_error mean_squared_error half_squared_error huber log_cosh binary_cross_entropy "
    "binary_cross_entropy_with_logits categorical_cross_entropy categorical_cross_entropy_with_logits hinge "
    "squared_hinge multiclass_hinge kl_divergence poisson class_weights MismatchWarning",
    "initializers": "zeros ones constant uniform normal truncated_normal glorot_uniform glorot_normal he_uniform "
    "he_normal lecun_uniform lecun_normal orthogonal",
    "optimizers": "SGD Adagrad Adadelta RMSprop Adam AdamW NAdam Adamax Rprop LBFGS clip_gradient_norm "
    "clip_gradient_value",
    "schedules": "constant_rate step_decay exponential inverse_time cosine warm_up ReduceOnPlateau one_cycle",
    "regularizers": "L1 L2 ElasticNet Dropout MaxNorm GaussianNoise EarlyStopping",
    "metrics": "accuracy balanced_accuracy confusion_matrix precision recall f1 roc_auc log_loss r2 mae rmse",
    "training": "fit History evaluate predict predict_proba summary NotFiniteError",
    "data": "iris wine breast_cancer digits diabetes moons circles blobs spirals xor or_ and_ sine load_csv split",
    "saving": "save load Pipeline",
    "modules": "Module Neuron Layer MLP Sequential",
}


@pytest.mark.parametrize("family", NAMES)
def test_every_name_is_in_nn(family):
    for name in NAMES[family].split():
        assert callable(getattr(nn, name)), name
        assert name in nn.__all__


def test_what_has_a_name_in_a_table_is_in_nn():
    tables = [
        activations.ACTIVATIONS, activations.LAYER_ACTIVATIONS, initializers.INITIALIZERS, losses.LOSSES,
        metrics.METRICS, optimizers.OPTIMIZERS, regularizers.REGULARIZERS, schedules.SCHEDULES,
    ]  # fmt: skip
    public = [getattr(nn, name) for name in nn.__all__]
    functions = [getattr(entry, "func", entry) for table in tables for entry in table.values()]
    assert [f for f in functions if not any(f is known for known in public)] == []
