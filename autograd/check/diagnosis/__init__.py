"""Diagnosis: what is probably wrong with an engine, or with a derivative rule, and how to see it by hand.

This package owns the catalogue of mistakes and the search for those that explain what was observed; it must know
nothing of how observations are printed or collected. Read next: `finding.py`, what a diagnosis says.
"""

from .finding import Diagnosis

__all__ = ["Diagnosis"]
