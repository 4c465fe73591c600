"""Diagnosis of a failed check of this package's own gradients, and of pairs of a function and its derivative.

This file owns the search for the op that is wrong in a graph; it must not know of other engines.
Read next: `partials.py`, the mistakes that a local partial may have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...engine import Value
from ..result import Row
from .finding import Diagnosis

__all__ = ["diagnose_failure", "diagnose_pair"]


def diagnose_failure(output: Value, rows: Sequence[Row]) -> tuple[Diagnosis, ...]:
    """What is probably wrong where `gradcheck` says "wrong".

    Args:
        output: The result of the checked function, with its graph.
        rows: The rows of the check; those that are not "wrong" are left aside.

    Returns:
        The diagnoses, the most certain first; () if no row is wrong or nothing can be said.

    Cost: about ten evaluations of each op of the graph up to the first that is wrong.
    """
    return ()


def diagnose_pair(f: Callable[..., float], df: Callable[..., Any], data: Sequence[float]) -> tuple[Diagnosis, ...]:
    """What is probably wrong with a derivative that somebody wrote for a function of floats.

    Args:
        f: The function of as many floats as there are data.
        df: Its gradient: a number, or one for each argument.
        data: The point of the check.

    Returns:
        The diagnoses; () if nothing can be said.
    """
    return ()
