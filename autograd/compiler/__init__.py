"""Compiling: the student's scalar code, run once on one sample, becomes a few array operations over a batch.

One file a stage, in the order of reading, each with the same small example before and after:

    tracing.py    f(params, x, y) is run once; what it does is written on a tape
    tape.py       the tape: one row an operation, flat arrays
    rewriting.py  how a stage makes a new tape of an old one
    simplify.py   constants, shared subexpressions, dead code, algebra that is exact
    terms.py      which rows are parts of one sum, and what its terms are
    fuse.py       sums of products become one `dot` each
    group.py      equal operations become one array operation: the program
    levels.py     how far a node is from the leaves: those of one level can be done together
    drafts.py     a step of which the nodes are known, and the rows not yet
    sums.py       sums that share inputs or weights become one matrix product
    order.py      in which order rows stand; chunks.py: which stand side by side
    layout.py     the row of every number, and copies where it cannot be helped
    program.py    the program: blocks of rows, and what is done with them
    kernels.py    the table's rules as array expressions
    run_numpy.py  executes a program with numpy; run_numba.py with one machine generated from the same kernels

It owns everything between `f` and the numbers; no derivative rule is written here. Read next: `tape.py`.
"""
