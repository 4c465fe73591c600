"""The conformance suite: what any `Value` class has to do, and an examination that runs somebody else's class.

This package owns the cases, the isolated run and its report; it must know nothing of who wrote the class.
Read next: `dialect.py`, how a class is spoken to.
"""

from .dialect import Dialect, NotAValueClass

__all__ = ["Dialect", "NotAValueClass"]
