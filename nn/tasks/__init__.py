"""What a loss says about the outputs of a network: which class or number they stand for, and what suits them.

It owns the step from outputs to predictions and probabilities, and the warnings where a network, a loss and targets do
not match; it must not know optimizers or the training loop. Read next: `table.py`, `matching.py` and `weights.py`,
which hold it, then `../metrics/`, which measures predictions.
"""

from .matching import MismatchWarning, check_match, check_targets
from .table import RANGES, TASKS, Task, output_activation_of, task_of
from .weights import class_weights

__all__ = [
    "RANGES", "TASKS", "MismatchWarning", "Task", "check_match", "check_targets", "class_weights",
    "output_activation_of", "task_of",
]  # fmt: skip
