"""Replays of backpropagation: a page that computes a graph forward and backward, one step at a time.

This package owns what such a page is told and how it behaves; it must not know how graphs are read, drawn or laid out.
The order of the engine is kept to the letter: what the page shows last is what `y.backward()` gives.
Read next: `replay.py`, then `record.py` for the data, and `main.js` for the page.
"""

from .replay import replay

__all__ = ["replay"]
