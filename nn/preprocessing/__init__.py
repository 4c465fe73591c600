"""From raw rows to what a network takes, and back: parts, scaled numbers, one-hot texts, encoded targets.

This package owns what is learnt from the training part before training, and its JSON form; it must not know networks
or files. Read next: `splits.py`, then `columns.py` and `inputs.py` (rows in), `labels.py` and `targets.py` (answers).
"""

from .columns import NumericColumn, TextColumn
from .inputs import Preprocessing
from .labels import MAX_CLASSES, has_classes
from .scalings import SCALINGS
from .splits import split
from .targets import Target

__all__ = [
    "MAX_CLASSES", "SCALINGS", "NumericColumn", "Preprocessing", "Target", "TextColumn", "has_classes", "split",
]  # fmt: skip
