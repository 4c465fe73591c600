"""Neural networks made of scalar Values: networks, losses, optimizers, data, training, saving and plots.

This file re-exports the public names and holds nothing else; what is heavy (numpy, scikit-learn, matplotlib, tqdm)
is imported where it is used. Read next: `modules.py`.
"""

# First of all: it says so if the `autograd` that is found is not ours.
from . import _engine_check  # noqa: F401  # isort: skip
from .callbacks import EarlyStopping
from .history import History
from .losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_squared_error,
    multiclass_hinge,
    poisson,
    squared_hinge,
)
from .metrics import accuracy, class_from_logits, class_from_probability, class_from_score
from .modules import MLP, Layer, Module, Neuron
from .not_finite import NotFiniteError
from .optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    NAdam,
    Optimizer,
    RMSprop,
    Rprop,
    clip_gradient_norm,
    clip_gradient_value,
)
from .prediction import predict, predict_proba
from .regularizers import L1, L2, ElasticNet, MaxNorm
from .training import evaluate, fit

__all__ = [
    "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "EarlyStopping", "ElasticNet", "History", "L1", "L2", "Layer", "MLP",
    "MaxNorm", "Module", "NAdam", "Neuron", "NotFiniteError", "Optimizer", "RMSprop", "Rprop", "SGD", "accuracy",
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "categorical_cross_entropy",
    "categorical_cross_entropy_with_logits", "class_from_logits", "class_from_probability", "class_from_score",
    "clip_gradient_norm", "clip_gradient_value", "evaluate", "fit", "half_squared_error", "hinge", "huber",
    "kl_divergence", "log_cosh", "mean_absolute_error", "mean_squared_error", "multiclass_hinge", "poisson", "predict",
    "predict_proba", "squared_hinge",
]  # fmt: skip
