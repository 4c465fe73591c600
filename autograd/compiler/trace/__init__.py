"""Trace: f is run once, and what it does is written down.

    tape.py      the tape: one row an operation, flat arrays
    tracing.py   a function and a sample become a tape
    tracers.py   the Values of a trace: what f may do with them
    trail.py     where the rows are written, and the comparisons that decided
    samples.py   a sample as a flat row of numbers, and back
    integers.py  `logits[y]`: traces that differ by a whole number become one tape
    leaves.py    Values as flat arrays, read and written in one step
    steady.py    does f do the same each time it is called?
    chance.py    random numbers, and the lines that draw them
    outside.py   what f reads besides its arguments: a change of it ends a plan

Read next: `tape.py`.
"""

__all__: list[str] = []
