"""What both executors have in common.

    executor.py  a program ready for batches, and the memory of a batch: how results, guards and gradients are asked for
    back.py      the way back through a program, as data

Read next: `executor.py`.
"""

__all__: list[str] = []
