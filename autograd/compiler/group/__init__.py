"""Group: equal operations become one array operation.

    program.py  the program: blocks of rows, and what is done with them
    group.py    which nodes are done together
    levels.py   how far a node is from the leaves: those of one level can be done together
    drafts.py   a step of which the nodes are known, and the rows not yet
    sums.py     sums that share inputs or weights become one matrix product
    order.py    in which order rows stand
    chunks.py   which rows stand side by side
    layout.py   the row of every number, and copies where it cannot be helped

Read next: `program.py`.
"""

__all__: list[str] = []
