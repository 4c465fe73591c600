"""`explain`: the chain rule along every path, or one operation, in symbols, numbers and words.

This file owns the public function and what it returns; it must not know how anything is computed or written.
Read next: `chain.py`, what is said of a derivative.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from ...engine import Value
from ..checks import check_whole
from ..tracing import Traced
from .as_html import html
from .as_latex import latex
from .as_markdown import markdown
from .as_text import line_text, text_lines
from .chain import Chain
from .document import Block, Line, Title
from .node import node_blocks, node_paths
from .paths import Path, read_between
from .terminal import ascii_text, encodable, print_lines, screen_width
from .traced import output_of, source_line

__all__ = ["Explanation", "explain"]


class Explanation:
    """An explanation, to be read in several formats: `print(explanation)`, `.markdown`, `.latex`, `.html`.

    Attributes:
        paths: The paths with the largest |product|, largest first; each has `nodes`, `factors` and `product`. Of a
            single operation they lead to its operands, in order.
        count: How many paths there are, exactly.
        total: The sum of the products of all of them: the derivative. None for a single operation.
        title: The first line.
        blocks: It and what follows; every format is written from this.
    """

    def __init__(
        self, title: Line, blocks: Iterable[Block], paths: tuple[Path, ...], count: int, total: float | None
    ) -> None:
        self.title, self.blocks = title, (Title(title), *blocks)
        self.paths, self.count, self.total = paths, count, total

    @cached_property
    def text(self) -> str:
        """Plain text, as wide as the terminal is when it is first asked for."""
        return "\n".join(text_lines(self.blocks, screen_width(None)))

    @cached_property
    def markdown(self) -> str:
        """Markdown with tables, as GitHub renders it."""
        return markdown(self.blocks)

    @cached_property
    def latex(self) -> str:
        """LaTeX for the body of a file that uses the package amsmath."""
        return latex(self.blocks)

    @cached_property
    def html(self) -> str:
        """A fragment of HTML with MathML; every text in it is escaped."""
        return html(self.blocks)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Explanation: {line_text(self.title)}>"


def explain(y: Any, x: Value | None = None, *, paths: int = 5, trace: Traced | None = None) -> Explanation:
    """The chain rule along every path from x to y; without x, the operation that computed y.

    `∂y/∂x = Σ over the paths of Π of the local partials along the path`.

    It prints the text and returns an object that has it in other formats. In IPython and Jupyter it does not print:
    there the object shows itself, once, as the last expression of a cell, or by `display(explain(y, x))`. In a plain
    interpreter the object that is returned is shown as one short line.

    Args:
        y: A Value, or what `trace` returned.
        x: A Value that y may depend on.
        paths: At most so many paths are written out, those with the largest |product|; the others are counted.
        trace: Where the line of code of y is looked up, if y itself is not what `trace` returned.

    Raises:
        TypeError: If y or x is neither, or paths is no whole number.
        ValueError: If paths < 1, or y is a trace with no or several outputs.
        AutogradError: If a node between x and y was made by hand, and so has no rule.

    Cost: A few passes over the computation of y, of any depth, however many paths there are.

    Example:
        >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
        >>> y = (w * x).square()
        >>> y.backward()
        >>> explained = explain(y, w)
        ∂y/∂w: 1 path from w to y
        ─────────────────────────
        <BLANKLINE>
          ∂y/∂w = ∂y/∂u1 · ∂u1/∂w
                = 12.0000 · 3.0000
                = 36.0000
        <BLANKLINE>
          factor  rule   number
          ∂y/∂u1  2u1   12.0000
          ∂u1/∂w  x      3.0000
        <BLANKLINE>
          where  is          with numbers       value
          u1     w × x       2.0000 × 3.0000   6.0000
          y      square(u1)  square(6.0000)   36.0000
        <BLANKLINE>
        w.grad = 36.0000: the same, as y.backward() gives 36.0000.
        >>> explained.count, explained.total == w.grad
        (1, True)
    """
    result = output_of(y, "explain")
    check_whole("paths", paths, "path")
    if x is None:
        source: Line = source_line(y if isinstance(y, Traced) else trace, result)
        found_paths = node_paths(result)
        found = Explanation(*node_blocks(result, source), found_paths, len(found_paths), None)
    elif isinstance(x, Value):
        chain = Chain(read_between(result, x), paths)
        found = Explanation(chain.title, chain.blocks, chain.paths, chain.count, chain.total)
    else:
        raise TypeError(f"explain(y, x): x is a Value, not {type(x).__name__}: {x!r:.60}")
    if not in_ipython():
        lines = found.text.split("\n")
        print_lines(lines if encodable(found.text, sys.stdout) else map(ascii_text, lines))
    return found


def in_ipython() -> bool:
    """Whether results of expressions are displayed by IPython, which is not imported to find out."""
    module = sys.modules.get("IPython")
    return module is not None and module.get_ipython() is not None
