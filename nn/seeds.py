"""Seeds: where the random numbers of initial weights, dropout and noise come from.

It owns the step from a seed to a generator; it must not know what is drawn.
Read next: `modules.py` and `noise.py`, which draw.
"""

import operator
import random
from typing import Any, TypeAlias, cast

__all__ = ["Seed", "check_seed", "generator"]

Seed: TypeAlias = int | random.Random | None


def generator(seed: Seed) -> random.Random:
    """The generator that a seed stands for.

    Args:
        seed: An int, numpy's too; a `random.Random`, which is taken as it is; None for the global module `random`,
            which has the same functions and obeys `random.seed`.

    Raises:
        TypeError: If it is something else.

    Example:
        >>> generator(1).random() == random.Random(1).random()
        True
    """
    if seed is None:
        return cast(random.Random, random)
    if isinstance(seed, random.Random):
        return seed
    try:
        return random.Random(operator.index(seed))
    except TypeError:
        raise TypeError(f"a seed is a whole number, a random.Random or None, not {seed!r}") from None


def check_seed(seed: Any) -> int | None:
    """A seed that every generator of random numbers takes, numpy's too, as an int; None is a new one each time.

    Raises:
        TypeError: If it is neither a whole number nor None.
        ValueError: If it is negative, or takes more than 32 bits, which not every generator holds.

    Example:
        >>> check_seed(7)
        7
        >>> check_seed(-1)
        Traceback (most recent call last):
        ...
        ValueError: seed must be a whole number from 0 to 2**32 - 1, got -1
    """
    try:
        whole = None if seed is None else operator.index(seed)
    except TypeError:
        raise TypeError(f"seed must be a whole number, as 0, or None, got {seed!r:.60}") from None
    if whole is not None and not 0 <= whole < 2**32:
        raise ValueError(f"seed must be a whole number from 0 to 2**32 - 1, got {seed!r:.60}")
    return whole
