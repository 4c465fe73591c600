"""`watch`: a training shown while it goes on, and kept to be scrubbed through.

This package owns what is seen of a training and where it is shown; it must not know `nn`, whose `fit` calls it by a
protocol. Read next: `watch.py`.
"""

from .watch import watch
from .watching import Watch

__all__ = ["Watch", "watch"]
