"""Training: `fit` and `evaluate`, the history that they give, and the callbacks that are asked every epoch.

This package owns the loop from samples to a trained model; it must not know which network, loss, optimizer or data it
is given. Read next: `loop.py`, then `updates.py` (one update), `batches.py` (where samples come from), `callbacks.py`.
"""

from .callbacks import Callback, EarlyStopping, Training
from .history import History
from .loop import evaluate, fit
from .not_finite import NotFiniteError

__all__ = ["Callback", "EarlyStopping", "History", "NotFiniteError", "Training", "evaluate", "fit"]
