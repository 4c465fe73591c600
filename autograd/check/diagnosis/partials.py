"""The catalogue: mistakes in the local partial of one operation, and in its product with the arrived gradient.

This file owns the order in which they are tried; it must not know how one is found.
Read next: `partials_functions.py`, `partials_powers.py` and `partials_anywhere.py`, the entries; `rules.py`, the right
rules in words.
"""

from __future__ import annotations

from .partials_anywhere import ANYWHERE
from .partials_functions import IN_FUNCTIONS
from .partials_powers import IN_POWERS

__all__ = ["BY_KEY", "PARTIALS", "PLAUSIBLE"]

# Where several fit, the first is named: the mistakes of particular functions before those of any operation, and among
# these what people do most before what fits by chance. Two exceptions are made by `naming.py` and `fitting.py`: a swap
# that explains both partials of an operation goes before all, and what is nearly right is nothing else.
PLAUSIBLE = (
    "relu-mask-by-grad",
    "relu-mask-missing",
    "relu-mask-reversed",
    "tanh-without-square",
    "tanh-sign-inside",
    "tanh-sigmoid-swapped",
    "sigmoid-half",
    "sigmoid-plus",
    "exp-as-power",
    "relu-value-for-mask",
    "exp-log-swapped",
    "input-for-output",
    "output-for-input",
    "sin-cos-swapped",
    "pow-exponent-off-by-one",
    "pow-factor-missing",
    "pow-factor-off-by-one",
    "base-factor-missing",
    "base-factor-inverted",
    "div-without-square",
    "div-without-numerator",
    "root-missing",
    "swapped-operands",
    "sign",
    "factor-two",
    "inexact-constant",
    "missing-chain-factor",
    "added-chain-factor",
    "derivative-zero",
    "derivative-one",
    "reciprocal",
    "chain-factor-squared",
    "function-for-derivative",
    "operand-for-derivative",
)

BY_KEY = {mistake.key: mistake for mistake in (*IN_FUNCTIONS, *IN_POWERS, *ANYWHERE)}
PARTIALS = tuple([BY_KEY[key] for key in PLAUSIBLE])
