"""Explanations as HTML with MathML, for notebooks and pages.

This file owns the markup and its style, which takes its colours from the page it lies in; all text is escaped here.
Read next: `as_latex.py`, the same document for a report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from .document import Block, Code, Derivative, Equation, Formula, Line, Name, Paragraph, Piece, Table, Title
from .signs import signed

__all__ = ["html", "name_mathml"]

STYLE = """
.autograd-explain { font-size: 1em; line-height: 1.5; max-width: 60em; overflow-x: auto; }
.autograd-explain h4 { font-size: 1.15em; font-weight: 600; margin: 0.4em 0 0.6em; }
.autograd-explain p { margin: 0.5em 0; }
.autograd-explain table { display: table !important; width: auto !important; table-layout: auto !important;
  border: 0 !important; border-collapse: collapse !important; margin: 0.6em 0 !important; color: inherit !important;
  font-size: 1em !important; }
.autograd-explain table, .autograd-explain tr, .autograd-explain td, .autograd-explain th {
  background: transparent !important; }
.autograd-explain th, .autograd-explain td { border: 0 !important; line-height: 1.5 !important;
  padding: 0.3em 1.6em 0.3em 0 !important; text-align: left !important; vertical-align: middle !important;
  max-width: none !important; width: auto !important; white-space: nowrap !important; color: inherit !important; }
.autograd-explain th { font-weight: 600 !important; border-bottom: 1px solid currentColor !important; }
.autograd-explain .number { text-align: right !important; font-variant-numeric: tabular-nums; }
.autograd-explain .equation td { padding-right: 0.4em !important; }
.autograd-explain .side { text-align: right !important; }
.autograd-explain math { font-size: 1.1em; }
.autograd-explain code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: inherit;
  background: transparent; overflow-wrap: anywhere; }
@media (max-width: 30em) {
  .autograd-explain th, .autograd-explain td { padding-right: 0.8em !important; }
}
"""  # important: notebooks stripe tables, mark the row under the pointer and stretch columns
IGNORED = "tex2jax_ignore mathjax_ignore"  # text with dollars is no formula to a notebook's MathJax
SCROLLED = 'role="group" aria-label="Explanation" tabindex="0"'  # what scrolls must be reached by keyboard


def html(blocks: Sequence[Block]) -> str:
    """The document as a fragment of HTML, which is XML too.

    Every text stands in it escaped; it holds no script, link, image or event handler.

    Example:
        >>> "&lt;b&gt;" in html([Paragraph((Name("<b>"),))])
        True
    """
    body = "\n".join([_block(block) for block in blocks])
    return f'<div class="autograd-explain {IGNORED}" {SCROLLED}>\n<style>{STYLE}</style>\n{body}\n</div>\n'


def _block(block: Block) -> str:
    if isinstance(block, Title):
        return f"<h4>{_line(block.line)}</h4>"
    if isinstance(block, Paragraph):
        return f"<p>{_line(block.line)}</p>"
    return _equation(block) if isinstance(block, Equation) else _table(block)


def _equation(block: Equation) -> str:
    rows = []
    for i, part in enumerate(block.parts):
        left = _line(block.left) if i == 0 else ""
        sign = "="
        if i == 0 and block.first != "=":
            left, sign = left + block.first, ""
        rows.append(f'<tr><td class="side">{left}</td><td>{sign}</td><td>{_line(part)}</td></tr>')
    return f'<table class="equation"><tbody>{"".join(rows)}</tbody></table>'


def _table(block: Table) -> str:
    classes = [' class="number"' if i in block.right else "" for i in range(len(block.header))]
    head = "".join([f'<th scope="col"{c}>{escape(name)}</th>' for name, c in zip(block.header, classes, strict=True)])
    rows = []
    for row in block.rows:
        cells = [f"<td{c}>{_line(cell)}</td>" for cell, c in zip(row, classes, strict=True)]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _line(line: Line) -> str:
    return "".join([_piece(piece) for piece in line])


def _piece(piece: Piece) -> str:
    if isinstance(piece, Derivative):
        return f'<math displaystyle="true">{signed(_derivative(piece))}</math>'
    if isinstance(piece, Formula):
        return f'<math displaystyle="true">{signed(piece.mathml)}</math>'
    if isinstance(piece, Code):
        return f"<code>{escape(piece.text)}</code>"
    if isinstance(piece, Name):
        return f"<math>{name_mathml(piece.text)}</math>"
    return escape(piece)


def name_mathml(name: str) -> str:
    """The name of a node in a formula; a letter with a number has it below.

    Example:
        >>> name_mathml("w12"), name_mathml("<b>")
        ('<msub><mi>w</mi><mn>12</mn></msub>', '<mi>&lt;b&gt;</mi>')
    """
    if simple := re.fullmatch(r"([A-Za-z])([0-9]+)", name):
        return f"<msub><mi>{simple[1]}</mi><mn>{simple[2]}</mn></msub>"
    return f"<mi>{escape(name)}</mi>"


def _derivative(piece: Derivative) -> str:
    operand = name_mathml(piece.operand)
    if piece.use:
        mark = f'<mo fence="true">(</mo><mn>{piece.use}</mn><mo>)</mo>'
        operand = f"<msup>{operand}<mrow>{mark}</mrow></msup>"
    top = f"<mrow><mi>∂</mi>{name_mathml(piece.result)}</mrow>"
    return f"<mfrac>{top}<mrow><mi>∂</mi>{operand}</mrow></mfrac>"
