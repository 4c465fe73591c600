"""`explain` and `print_tree`: the chain rule in symbols, numbers and words, and computations as text.

This package owns explanations in plain text, Markdown, LaTeX and HTML; it must not know pictures.
Read next: `explanation.py`.
"""

from .explanation import Explanation, explain
from .tree import print_tree, tree_text

__all__ = ["Explanation", "explain", "print_tree", "tree_text"]
