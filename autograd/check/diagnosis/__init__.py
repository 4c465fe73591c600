"""Diagnosis: what is probably wrong with an engine, or with a derivative rule, and how to see it by hand.

This package owns the catalogue of mistakes and the search for those that explain what was observed; it must know
nothing of how observations are printed or collected. Read next: `explain.py`, what a diagnosis says; `search.py`, how
it is found; `structure.py`, `partials.py` and `operators.py`, the catalogue.

A mistake is a small engine that makes it: the model of `model.py` with one method overridden, or with one local rule
replaced. The diagnosis of an engine is the smallest set of mistakes with which the model prints exactly what the engine
prints, on all programs of the battery.

References:
    R. Reiter, A theory of diagnosis from first principles, Artificial Intelligence 32 (1987).
"""

from __future__ import annotations

from collections.abc import Mapping

from ..programs import Observation, observe
from .battery import BATTERY, PATHS
from .evidence import Evidence
from .explain import diagnoses
from .finding import Diagnosis
from .own import diagnose_failure, diagnose_pair
from .search import explained

__all__ = ["BATTERY", "Diagnosis", "diagnose", "diagnose_failure", "diagnose_pair", "explain_observations"]


def explain_observations(observations: Mapping[str, Observation]) -> tuple[Diagnosis, ...]:
    """What is probably wrong with an engine, by what it did with the programs of the battery.

    Args:
        observations: By the name of the program. Programs may be missing; names that are not in the battery are left
            aside. Where a program did not come to an end the error begins with "time limit".

    Returns:
        The diagnoses, those of a first lesson first, and the most certain ones before the others; () if nothing is
        wrong.

    Cost: a few milliseconds if nothing is wrong, else up to some tenths of a second.

    Example:
        >>> from autograd.check.diagnosis import BATTERY, explain_observations
        >>> from autograd.check.programs import expected
        >>> explain_observations({program.name: expected(program) for program in BATTERY})
        ()
    """
    evidence = Evidence(observations)
    return diagnoses(evidence, explained(evidence))


def diagnose(value_class: type) -> tuple[Diagnosis, ...]:
    """What is probably wrong with a class of Values, which is run in this process: it must be trusted.

    One thing is not tried here: 2**60 paths, since an engine that follows each would not come back.
    `autograd.check.conformance` does so, under a limit of time.

    Args:
        value_class: The class.

    Returns:
        The diagnoses, the most certain first; () if nothing is wrong.

    Raises:
        NotAValueClass: If the class cannot be spoken to.

    Example:
        >>> from autograd import Value
        >>> from autograd.check.diagnosis import diagnose
        >>> diagnose(Value)
        ()
    """
    from ..conformance.dialect import Dialect

    dialect = Dialect(value_class)
    return explain_observations({p.name: observe(p, dialect) for p in BATTERY if p is not PATHS})
