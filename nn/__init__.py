"""Neural networks made of scalar Values: networks, losses, optimizers, data, training, saving and plots.

This file re-exports the public names and holds nothing else but a mark for `autograd.view`; what is heavy (numpy,
scikit-learn, matplotlib, tqdm) is imported where it is used. Read next: `modules.py`.
"""

# First of all: it says so if the `autograd` that is found is not ours.
from . import _engine_check  # isort: skip

# fmt: off
from autograd import (  # the activations are operations of the table
    celu, elu, gelu, hard_sigmoid, hard_tanh, leaky_relu, log_softmax, mish, prelu, relu, selu, sigmoid, silu, softmax,
    softplus, softsign, step, swish, tanh,
)

from . import plots
from .activations import linear
from .data import (
    Dataset, and_, blobs, breast_cancer, circles, diabetes, digits, iris, moons, or_, sine, spirals, wine, xor,
)
from .initializers import (
    constant, glorot_normal, glorot_uniform, he_normal, he_uniform, lecun_normal, lecun_uniform, normal, ones,
    orthogonal, truncated_normal, uniform, zeros,
)
from .layers import Dropout, GaussianNoise, Maxout, Sequential
from .losses import (
    binary_cross_entropy, binary_cross_entropy_with_logits, categorical_cross_entropy,
    categorical_cross_entropy_with_logits, half_squared_error, hinge, huber, kl_divergence, log_cosh,
    mean_absolute_error, mean_squared_error, multiclass_hinge, poisson, squared_hinge,
)
from .metrics import (
    accuracy, balanced_accuracy, class_from_logits, class_from_probability, class_from_score, confusion_matrix,
    f1, log_loss, mae, precision, r2, recall, rmse, roc_auc,
)
from .modules import MLP, Layer, Module, Neuron
from .optimizers import (
    SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, LBFGS, NAdam, Optimizer, RMSprop, Rprop, clip_gradient_norm,
    clip_gradient_value,
)
from .pipeline import Pipeline
from .prediction import predict, predict_proba
from .preprocessing import Preprocessing, Target, split
from .regularizers import L1, L2, ElasticNet, MaxNorm, Regularizer
from .schedules import (
    ReduceOnPlateau, constant_rate, cosine, exponential, inverse_time, one_cycle, step_decay, warm_up,
)
from .serialization import FormatError, load, save
from .summary import summary
from .tables import Table, TableError, load_csv
from .tasks import MismatchWarning, class_weights
from .training import EarlyStopping, History, NotFiniteError, evaluate, fit

# fmt: on

__autograd_internal__ = True  # `autograd.view.trace` notes the line that calls this package, not the lines in it

__all__ = [
    "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "Dataset", "Dropout", "EarlyStopping", "ElasticNet",
    "FormatError", "GaussianNoise", "History", "L1", "L2", "LBFGS", "Layer", "MLP", "MaxNorm", "Maxout",
    "MismatchWarning", "Module", "NAdam", "Neuron", "NotFiniteError", "Optimizer", "Pipeline", "Preprocessing",
    "RMSprop", "ReduceOnPlateau", "Regularizer", "Rprop", "SGD", "Sequential", "Table", "TableError", "Target",
    "accuracy", "and_", "balanced_accuracy", "binary_cross_entropy", "binary_cross_entropy_with_logits", "blobs",
    "breast_cancer", "categorical_cross_entropy", "categorical_cross_entropy_with_logits", "celu", "circles",
    "class_from_logits", "class_from_probability", "class_from_score", "class_weights", "clip_gradient_norm",
    "clip_gradient_value", "confusion_matrix", "constant", "constant_rate", "cosine", "diabetes", "digits", "elu",
    "evaluate", "exponential", "f1", "fit", "gelu", "glorot_normal", "glorot_uniform", "half_squared_error",
    "hard_sigmoid", "hard_tanh", "he_normal", "he_uniform", "hinge", "huber", "inverse_time", "iris", "kl_divergence",
    "leaky_relu", "lecun_normal", "lecun_uniform", "linear", "load", "load_csv", "log_cosh", "log_loss",
    "log_softmax", "mae", "mean_absolute_error", "mean_squared_error", "mish", "moons", "multiclass_hinge", "normal",
    "one_cycle", "ones", "or_", "orthogonal", "plots", "poisson", "precision", "predict", "predict_proba", "prelu",
    "r2", "recall", "relu", "rmse", "roc_auc", "save", "selu", "sigmoid", "silu", "sine", "softmax", "softplus",
    "softsign", "spirals", "split", "squared_hinge", "step", "step_decay", "summary", "swish", "tanh",
    "truncated_normal", "uniform", "warm_up", "wine", "xor", "zeros",
]  # fmt: skip
