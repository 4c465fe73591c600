"""Neural networks made of scalar Values: networks, losses, optimizers, data and training.

This file re-exports the public names and holds nothing else; what is heavy (numpy, scikit-learn, matplotlib, tqdm)
is imported where it is used. Read next: `modules.py`.
"""

# First of all: it says so if the `autograd` that is found is not ours.
from . import _engine_check  # noqa: F401  # isort: skip
from .losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    hinge,
    mean_squared_error,
)
from .metrics import accuracy, class_from_logits, class_from_probability, class_from_score
from .modules import MLP, Layer, Module, Neuron
from .optimizers import SGD, Optimizer
from .training import History, NotFiniteError, evaluate, fit

__all__ = [
    "History", "Layer", "MLP", "Module", "Neuron", "NotFiniteError", "Optimizer", "SGD", "accuracy",
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "categorical_cross_entropy",
    "categorical_cross_entropy_with_logits", "class_from_logits", "class_from_probability", "class_from_score",
    "evaluate", "fit", "hinge", "mean_squared_error",
]  # fmt: skip
