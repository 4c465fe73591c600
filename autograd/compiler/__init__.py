"""Compiling: the student's scalar code, run once on one sample, becomes a few array operations over a batch.

    f(params, x, y)  --trace-->  Tape  --simplify-->  Tape  --fuse-->  Tape  --group-->  Program  --run-->  numbers

It owns everything between `f` and the numbers. The derivative rules are those of the table of operations; written a
second time are only the logistic function and logsumexp (`REWRITTEN` of `table/kernels.py`), and in both executors
`dot`, many at once, as products of matrices or of rows. A folder is a chapter, whose `__init__.py` is its table of
contents; a file is about one thing. In the order of reading:

    compiled.py    what users call: a function of one sample becomes one of a batch
    plan.py        what was compiled, to print

    1. trace       a function is run once, and what it does is written down: the tape
    2. rewrite     a tape becomes a shorter one that computes the same: simplify, fuse
    3. group       equal operations become one array operation: the program
    4. table       the rules of the one table of operations, as expressions on arrays
    5. run         what both executors have in common
    6. run_numpy   numpy runs a program
    7. run_numba   native code runs a program (the extra `fast`)
    8. calls       many samples, many paths, many steps, and checks of them beside the engine

The first three are the idea, and show what they do to the same small example. Read next: `compiled.py`.
"""

from .compiled import Compiled, compile

__all__ = ["Compiled", "compile"]
