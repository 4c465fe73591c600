"""The rules of the table, for arrays.

    kernels.py    the value and the partials of an operation as expressions
    agreement.py  is what was read of an operation what it does?
    arrays.py     expressions as calls of numpy

Read next: `kernels.py`.
"""

__all__: list[str] = []
