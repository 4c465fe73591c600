"""The conformance suite: what any `Value` class has to do, and an examination that runs somebody else's class.

This package owns the cases, the isolated run and its report; it must know nothing of who wrote the class.
Read next: `dialect.py`, how a class is spoken to.
"""

from .case import Case
from .cases import cases
from .dialect import Dialect, NotAValueClass
from .report import CaseResult, Figure, Report
from .runner import examine

__all__ = ["Case", "CaseResult", "Dialect", "Figure", "NotAValueClass", "Report", "cases", "examine"]
