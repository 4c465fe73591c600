"""Compiling: the student's scalar code, run once on one sample, becomes a few array operations over a batch.

    f(params, x, y)  --trace-->  Tape  --simplify-->  Tape  --fuse-->  Tape  --group-->  Program  --run-->  numbers

It owns everything between `f` and the numbers; no derivative rule is written here. A file is about one thing, and the
stages show what they do to the same small example. In the order of reading, the first three chapters are the idea:

What users call
    compiled.py         `compile`: a function of one sample becomes one of a batch
    plan.py             what was compiled, to print

1. Trace: f is run once, and what it does is written down
    tape.py             the tape: one row an operation, flat arrays
    tracing.py          a function and a sample become a tape
    tracers.py          the Values of a trace: what f may do with them
    trail.py            where the rows are written, and the comparisons that decided
    integers.py         `logits[y]`: traces that differ by a whole number become one tape
    samples.py          a sample as a flat row of numbers, and back
    steady.py           does f do the same each time it is called?
    chance.py           random numbers, and the lines that draw them
    outside.py          what f reads besides its arguments: a change of it ends a plan

2. Simplify and fuse: a tape becomes a shorter one that computes the same
    rewriting.py        how a new tape is made of an old one
    simplify.py         constants, shared subexpressions, dead code, algebra that is exact
    terms.py            which rows are parts of one sum, and what its terms are
    fuse.py             sums of products become one `dot` each

3. Group: equal operations become one array operation
    program.py          the program: blocks of rows, and what is done with them
    group.py            which nodes are done together
    levels.py           how far a node is from the leaves: those of one level can be done together
    drafts.py           a step of which the nodes are known, and the rows not yet
    sums.py             sums that share inputs or weights become one matrix product
    order.py            in which order rows stand
    chunks.py           which rows stand side by side
    layout.py           the row of every number, and copies where it cannot be helped

4. The rules of the table, for arrays
    kernels.py          the value and the partials of an operation as expressions
    agreement.py        is what was read of an operation what it does?
    arrays.py           expressions as calls of numpy

5. Run by numpy
    run_numpy.py        executes a program: all calls are made once, and repeated for every batch
    memory.py           the arenas of a batch, and views of them
    applied.py          one operation on arrays: its value, and the gradients that it passes on
    forwards.py         the value of each kind of step
    backwards.py        the gradients of each kind of step
    thinning.py         what is sooner done on numbers than on arrays
    thin.py             how that is done

6. Run by native code (the extra `fast`)
    run_numba.py        executes a program: one call forward, one backward
    machine.py          what runs a program, from lists of whole numbers
    machine_kernels.py  the operations of the table in LLVM's language
    machine_records.py  single operations as records of six numbers
    machine_program.py  a program as instructions
    machine_build.py    the machine becomes native code
    machine_cache.py    native code is kept, and when a file of it is trusted

7. Many samples, many steps
    batches.py          samples sorted by how they are built
    path.py             one way through a function, and what runs it
    paths.py            which way a sample takes, by its comparisons
    merging.py          one trace for as many whole numbers as possible
    plans.py            the paths for each form of sample, and when they do not hold any more
    straight.py         the short way of a batch that is as one before
    checking.py         samples that are run eagerly, beside what a program made of them
    bound.py            parameters and gradients as flat arrays
    state.py            an optimizer's state as arrays, and its step
    leaves.py           Values as flat arrays, read and written in one step
    rules.py            an optimizer's rule as calls on arrays, without what changes nothing

Read next: `compiled.py`.
"""

from .compiled import Compiled, compile

__all__ = ["Compiled", "compile"]
