"""Blocks by depth, for computations of which no more is known: nodes at about the same distance from the leaves.

This module owns how deep a node is and which depths are put together; it must not know what becomes of the blocks.
Read next: `groups.py`, which puts each into a box.
"""

from __future__ import annotations

from collections.abc import Sequence

from .flat import Flat

__all__ = ["depth_paths"]


def depth_paths(flat: Flat, blocks: int) -> list[str]:
    """For each node the name of a block of nodes at about the same distance from the leaves.

    Args:
        flat: The computation.
        blocks: How many there are at most; they have about the same number of nodes.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.flat import flatten
        >>> depth_paths(flatten([Value(1.0).exp().tanh().exp()]), 2)
        ['depth 0 to 1', 'depth 0 to 1', 'depth 2 to 3', 'depth 2 to 3']
    """
    levels = _levels(flat)
    sizes = [0] * (max(levels) + 1)
    for where, constants in zip(levels, flat.constants, strict=True):
        sizes[where] += 1 + constants
    names = _block_names(sizes, -(-flat.total // blocks))
    return [names[where] for where in levels]


def _levels(flat: Flat) -> list[int]:
    """For each result the longest way from the leaves, in operations; a leaf stands beside the first of its results."""
    levels: list[int] = []
    earliest: dict[int, int] = {}
    for operands, constants in zip(flat.operands, flat.constants, strict=True):
        level = 0
        for x in operands:
            if levels[x] > level:
                level = levels[x]
        levels.append(level + 1 if operands or constants else 0)
    for level, operands in zip(levels, flat.operands, strict=True):
        for x in operands:
            if not levels[x] and level < earliest.get(x, level + 1):
                earliest[x] = level
    for leaf, level in earliest.items():
        levels[leaf] = level
    return levels


def _block_names(sizes: Sequence[int], enough: int) -> list[str]:
    """For each level the name of its block: levels are put together until there are enough nodes."""
    names: list[str] = []
    start = held = 0
    for end, size in enumerate(sizes):
        held += size
        if held >= enough or end == len(sizes) - 1:
            name = f"depth {start:,}" if start == end else f"depth {start:,} to {end:,}"
            names += [name] * (end + 1 - start)
            start, held = end + 1, 0
    return names
