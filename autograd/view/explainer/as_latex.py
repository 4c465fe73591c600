"""Explanations as LaTeX, for a report: text, tables, and equations in `aligned`, which is in the package amsmath.

This file owns LaTeX's syntax and how user text is kept from being read as such; it must not know what is explained.
Read next: `tree.py`, computations as trees of text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .document import Block, Code, Derivative, Equation, Formula, Line, Name, Paragraph, Piece, Table, Title

__all__ = ["escaped", "latex", "name_latex"]

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
SIGNS = {
    "∂": "partial", "·": "cdot", "×": "times", "−": "-", "±": "pm", "∞": "infty", "≤": "leq", "≥": "geq", "≠": "neq",
    "≈": "approx", "→": "to", "←": "gets", "↑": "uparrow", "↓": "downarrow", "↵": "hookleftarrow", "√": "surd",
    "∑": "sum", "∏": "prod", "∈": "in", "′": "prime", "⇥": "mapsto",
}  # fmt: skip
MATHEMATICS = {c: f"\\ensuremath{{{'-' if name == '-' else chr(92) + name}}}" for c, name in {**GREEK, **SIGNS}.items()}
TEXT = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}", "—": "---",
    "–": "--", "…": r"\ldots{}", "-": "{-}", "\N{NO-BREAK SPACE}": "~",
}  # fmt: skip
ESCAPES = str.maketrans({**MATHEMATICS, **TEXT})
NUMBER = re.compile(r"-?[\d.]+")
SIMPLE = re.compile(r"([A-Za-z])(\d*)")


def latex(blocks: Sequence[Block]) -> str:
    r"""The document as LaTeX, for the body of a file that uses amsmath.

    What stands in it of other scripts than Latin and Greek, in labels, needs an engine and a font that have them.

    Example:
        >>> print(latex([Equation((Derivative("y", "a"),), (("2.0000",),))]), end="")
        \[
        \begin{aligned}
        \frac{\partial y}{\partial a} &= 2.0000
        \end{aligned}
        \]
    """
    return "\n\n".join([_block(block) for block in blocks]) + "\n"


def escaped(text: str) -> str:
    r"""Text that LaTeX shows as it is.

    Example:
        >>> print(escaped("50% of \\a_1"))
        50\% of \textbackslash{}a\_1
    """
    return text.translate(ESCAPES)


def name_latex(name: str) -> str:
    r"""The name of a node in a formula: a letter with its number below, else as text.

    Example:
        >>> print(name_latex("w12"), name_latex("loss"))
        w_{12} \text{loss}
    """
    if simple := SIMPLE.fullmatch(name):
        letter, number = simple.groups()
        return f"{letter}_{{{number}}}" if number else letter
    return f"\\{GREEK[name]}" if name in GREEK else f"\\text{{{escaped(name)}}}"


def _block(block: Block) -> str:
    if isinstance(block, Title):
        return f"\\paragraph{{{_line(block.line)}}}"
    if isinstance(block, Paragraph):
        return f"\\noindent {_line(block.line)}"
    return _equation(block) if isinstance(block, Equation) else _table(block)


def _equation(block: Equation) -> str:
    rows = []
    for i, part in enumerate(block.parts):
        left = _mathematics(block.left) + " " if i == 0 else ""
        sign = block.first if i == 0 else "="
        rows.append(f"{left}&{sign} {_mathematics(part)}")
    return "\\[\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n\\]"


def _table(block: Table) -> str:
    places = "".join(["r" if i in block.right else "l" for i in range(len(block.header))])
    rows = [" & ".join([escaped(name) for name in block.header]) + r" \\ \hline"]
    rows += [" & ".join([_line(cell) for cell in row]) + r" \\" for row in block.rows]
    return f"\\noindent\\begin{{tabular}}{{{places}}}\n" + "\n".join(rows) + "\n\\end{tabular}"


def _line(line: Line) -> str:
    """Pieces in running text: formulas between dollars."""
    return "".join([_text_piece(piece) for piece in line])


def _text_piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return f"${piece}$" if NUMBER.fullmatch(piece) else escaped(piece)
    return f"\\texttt{{{escaped(piece.text)}}}" if isinstance(piece, Code) else f"${_mathematical_piece(piece)}$"


def _mathematics(line: Line) -> str:
    """Pieces inside a formula."""
    return "".join([_mathematical_piece(piece) for piece in line])


def _mathematical_piece(piece: Piece) -> str:
    if isinstance(piece, Derivative):
        use = f"^{{({piece.use})}}" if piece.use else ""
        return f"\\frac{{\\partial {name_latex(piece.result)}}}{{\\partial {name_latex(piece.operand)}{use}}}"
    if isinstance(piece, Formula):
        return piece.latex
    if isinstance(piece, Name):
        return name_latex(piece.text)
    if isinstance(piece, Code):
        return f"\\texttt{{{escaped(piece.text)}}}"
    if set(piece) <= set("0123456789.+-·() "):
        return piece.replace("·", r"\cdot")
    return f"\\text{{{escaped(piece)}}}"
