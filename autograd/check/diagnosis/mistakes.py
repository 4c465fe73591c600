"""What a mistake of the catalogue is.

This file owns the form of an entry; it must not know how one is found.
Read next: `finding.py`, what is said about it.
"""

__all__: list[str] = []
