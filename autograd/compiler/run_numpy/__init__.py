"""Run by numpy.

    executor.py   executes a program: all calls are made once, and repeated for every batch
    memory.py     the arenas of a batch, and views of them
    applied.py    one operation on arrays: its value, and the gradients that it passes on
    forwards.py   the value of each kind of step
    backwards.py  the gradients of each kind of step
    thinning.py   what is sooner done on numbers than on arrays
    thin.py       how that is done

Read next: `executor.py`.
"""

__all__: list[str] = []
