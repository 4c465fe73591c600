"""Simplify and fuse: a tape becomes a shorter one that computes the same.

    rewriting.py  how a new tape is made of an old one
    simplify.py   constants, shared subexpressions, dead code, algebra that is exact
    terms.py      which rows are parts of one sum, and what its terms are
    fuse.py       sums of products become one `dot` each

Read next: `rewriting.py`.
"""

__all__: list[str] = []
