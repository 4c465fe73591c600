"""The LaTeX of the table, read: a small part of the language, enough for derivative rules.

This module owns which LaTeX is understood and the tree that it is read into, and must not know how it is shown.
It never guesses: what is not in the subset is refused, and shown as the text that it is.
Read next: `notation.py`, which shows a formula as MathML and as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Fence",
    "Formula",
    "Fraction",
    "Name",
    "Root",
    "Row",
    "Scripts",
    "Sign",
    "Space",
    "Unreadable",
    "Words",
    "read",
]

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
DEEPEST = 16  # groups within groups
LONGEST = 2000  # tokens

LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "omega": "ω",
    "Delta": "Δ", "Phi": "Φ", "partial": "∂", "infty": "∞",
}  # fmt: skip
FUNCTIONS = frozenset([
    "arccos", "arcsin", "arctan", "cos", "cosh", "exp", "ln", "log", "max", "min", "sin", "sinh", "tan", "tanh",
])  # fmt: skip
SIGNS = {
    "+": "+", "-": "−", "=": "=", "<": "<", ">": ">", "/": "/", ",": ",", ":": ":", "le": "≤", "ge": "≥", "ne": "≠",
    "cdot": "·", "times": "×", "sum": "∑", "prod": "∏", "lnot": "¬", "in": "∈", "dots": "…", "ldots": "…",
}  # fmt: skip
FENCES = {"(": ")", "[": "]", "|": "|"}


class Unreadable(Exception):  # noqa: N818  (what it says of the LaTeX)
    """This LaTeX is not in the subset."""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a number, or the name of a function."""

    text: str

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.text[0].isdigit()

    @property
    def is_function(self) -> bool:
        """Whether it is applied to what follows; of the letters, σ, Φ and φ have this use in the table."""
        return self.text in FUNCTIONS or self.text == "sign" or self.text in "σΦφ"


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator, a relation or a punctuation mark."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text within a formula, as " if "."""

    text: str


@dataclass(frozen=True, slots=True)
class Space:
    """A wide space, which separates two formulas."""


@dataclass(frozen=True, slots=True)
class Row:
    """Formulas side by side."""

    items: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A formula in brackets or between bars."""

    left: str
    inner: Row
    right: str


@dataclass(frozen=True, slots=True)
class Fraction:
    """A numerator over a denominator."""

    top: Formula
    bottom: Formula


@dataclass(frozen=True, slots=True)
class Root:
    """A square root, or that of another index."""

    inner: Formula
    index: str = ""


@dataclass(frozen=True, slots=True)
class Scripts:
    """A formula with a subscript, a superscript, or both."""

    base: Formula
    below: Formula | None = None
    above: Formula | None = None


Formula: TypeAlias = Name | Sign | Words | Space | Row | Fence | Fraction | Root | Scripts


def read(latex: str) -> Row:
    r"""The formula that a text in LaTeX stands for.

    Raises:
        Unreadable: If the text holds a command that is not known here, brackets that do not match, more than 16 groups
            within groups, or more than 2000 tokens.

    Example:
        >>> from autograd.view.formula import read
        >>> read(r"\frac{1}{x}")
        Row(items=(Fraction(top=Name(text='1'), bottom=Name(text='x')),))
    """
    reader = _Reader(TOKEN.findall(latex))
    if len(reader.tokens) > LONGEST:
        raise Unreadable("too long")
    row = reader.row("")
    reader.expect("")
    return row


class _Reader:
    """The tokens, and how many of them are read."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    @property
    def next(self) -> str:
        """The token that comes next, "" at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise Unreadable(f"no {token or 'end'!r} where it should be")

    def skip_spaces(self) -> None:
        while self.next.isspace() or self.next == "\\,":
            self.at += 1

    def row(self, end: str) -> Row:
        """What stands before the token `end`, which is left."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("too deep")
        items: list[Formula] = []
        self.skip_spaces()
        while self.next not in (end, ""):
            items.append(self.item())
            self.skip_spaces()
        self.depth -= 1
        return Row(tuple(items))

    def item(self) -> Formula:
        """One formula with its scripts."""
        base, below, above = self.atom(), None, None
        while self.next in ("_", "^", "'"):
            kind = self.take()
            if (below if kind == "_" else above) is not None:
                raise Unreadable("two scripts in one place")
            if kind == "_":
                below = self.argument()
            else:
                above = Name("′") if kind == "'" else self.argument()
        return Scripts(base, below, above) if below or above else base

    def argument(self) -> Formula:
        """A group in braces, or one token; of a group of one, that one."""
        self.skip_spaces()
        if self.next != "{":
            return self.atom()
        self.take()
        row = self.row("}")
        self.expect("}")
        return row.items[0] if len(row.items) == 1 else row

    def atom(self) -> Formula:
        """One formula without scripts."""
        if self.next == "{":
            return self.argument()
        token = self.take()
        command = token.removeprefix("\\")
        if token in FENCES:
            inner = self.row(FENCES[token])
            self.expect(FENCES[token])
            return Fence(token, inner, FENCES[token])
        if token.startswith("\\"):
            return self.command(command)
        if token in SIGNS:
            return Sign(SIGNS[token])
        if token.isascii() and (token.isalpha() or token[:1].isdigit()):
            return Name(token)
        raise Unreadable(f"no {token!r}")

    def command(self, name: str) -> Formula:
        """What a command stands for, with its arguments."""
        if name in LETTERS:
            return Name(LETTERS[name])
        if name in FUNCTIONS:
            return Name(name)
        if name in SIGNS and name.isalpha():
            return Sign(SIGNS[name])
        match name:
            case "quad":
                return Space()
            case "frac" | "tfrac":
                return Fraction(self.argument(), self.argument())
            case "sqrt":
                return self.root()
            case "text":
                return Words(self.words())
            case "mathrm" | "operatorname":
                return Name(self.words())
        raise Unreadable(f"no command {name!r}")

    def root(self) -> Root:
        """The argument of a root, after its index in square brackets if there is one."""
        index = ""
        if self.next == "[":
            self.take()
            index = self.take()
            self.expect("]")
        if index and not index.isdigit():
            raise Unreadable(f"no root of index {index!r}")
        return Root(self.argument(), index)

    def words(self) -> str:
        """The text in braces, as it stands."""
        self.expect("{")
        text = ""
        while self.next not in ("{", "}", "") and not self.next.startswith("\\"):
            text += self.take()
        self.expect("}")
        if not text.strip() or not text.isprintable():
            raise Unreadable("no words")
        return text
