"""Tables in text files: comma-separated values and their relatives, read into columns of numbers and of texts.

This package owns how a file is understood and the errors that say where it cannot be; it must not know networks or
scaling. Read next: `loading.py`, `table.py` and its `view.py`; then, from bytes to columns, `reading.py`,
`dialect.py`, `records.py`, `header.py`, `cells.py` and `sheet.py`, which calls them in this order.
"""

from .cells import MISSING
from .errors import TableError
from .loading import load_csv, load_inputs
from .table import Column, Table

__all__ = ["MISSING", "Column", "Table", "TableError", "load_csv", "load_inputs"]
