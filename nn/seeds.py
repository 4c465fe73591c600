"""Seeds: where the random numbers of initial weights, dropout and noise come from.

It owns the step from a seed to a generator; it must not know what is drawn.
Read next: `modules.py` and `noise.py`, which draw.
"""

import operator
import random
from typing import TypeAlias, cast

__all__ = ["Seed", "generator"]

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
