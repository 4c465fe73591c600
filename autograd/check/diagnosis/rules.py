"""The right local partials in words and in code, for texts.

This file owns how a rule is written for a reader; it must not know of mistakes. The rules that are computed with stand
in the table of the engine. Read next: `partials.py`, mistakes in such rules.
"""

from __future__ import annotations

__all__ = ["RULES", "rule_in_code", "rule_of", "rule_with_names", "with_names"]

# Of each op, for each operand: the rule in words, with x or a, b for operands and y for the result; the same as code of
# a closure, where the operands are `self` and `other` and the result is `out`.
RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "add": (("1", "1.0"), ("1", "1.0")),
    "sub": (("1", "1.0"), ("-1", "-1.0")),
    "mul": (("b", "other.data"), ("a", "self.data")),
    "div": (("1/b", "1 / other.data"), ("-a/b²", "-self.data / other.data ** 2")),
    "pow": (
        ("b·a^(b-1)", "other.data * self.data ** (other.data - 1)"),
        ("y·ln a", "out.data * math.log(self.data) if self.data > 0 else 0.0"),
    ),
    "neg": (("-1", "-1.0"),),
    "exp": (("y", "out.data"),),
    "log": (("1/x", "1 / self.data"),),
    "tanh": (("1 - y²", "1 - out.data ** 2"),),
    "relu": (("1 if x > 0 else 0", "1.0 if self.data > 0 else 0.0"),),
    "sigmoid": (("y(1 - y)", "out.data * (1 - out.data)"),),
    "sin": (("cos x", "math.cos(self.data)"),),
    "cos": (("-sin x", "-math.sin(self.data)"),),
    "tan": (("1 + y²", "1 + out.data ** 2"),),
    "sqrt": (("1/(2y)", "0.5 / out.data"),),
    "cbrt": (("1/(3y²)", "1 / (3 * out.data ** 2)"),),
    "abs": (("1 if x > 0 else -1", "1.0 if self.data > 0 else -1.0"),),
    "square": (("2x", "2 * self.data"),),
    "reciprocal": (("-1/x²", "-1 / self.data ** 2"),),
    "exp2": (("y·ln 2", "out.data * math.log(2)"),),
    "expm1": (("y + 1", "out.data + 1"),),
    "log1p": (("1/(1 + x)", "1 / (1 + self.data)"),),
    "log2": (("1/(x·ln 2)", "1 / (self.data * math.log(2))"),),
    "log10": (("1/(x·ln 10)", "1 / (self.data * math.log(10))"),),
    "sinh": (("cosh x", "math.cosh(self.data)"),),
    "cosh": (("sinh x", "math.sinh(self.data)"),),
    "asin": (("1/√(1 - x²)", "1 / math.sqrt(1 - self.data ** 2)"),),
    "acos": (("-1/√(1 - x²)", "-1 / math.sqrt(1 - self.data ** 2)"),),
    "atan": (("1/(1 + x²)", "1 / (1 + self.data ** 2)"),),
    "asinh": (("1/√(x² + 1)", "1 / math.sqrt(self.data ** 2 + 1)"),),
    "acosh": (("1/√(x² - 1)", "1 / math.sqrt(self.data ** 2 - 1)"),),
    "atanh": (("1/(1 - x²)", "1 / (1 - self.data ** 2)"),),
    "erf": (("2/√π·e^(-x²)", "2 / math.sqrt(math.pi) * math.exp(-self.data ** 2)"),),
    "softplus": (("1/(1 + e^(-x))", "1 / (1 + math.exp(-self.data))"),),
    "silu": (("s + x·s(1 - s), s = 1/(1 + e^(-x))", "s + self.data * s * (1 - s)"),),
    "maximum": (
        ("1 if a > b else 0", "float(self.data > other.data)"), ("1 if b > a else 0", "float(other.data > self.data)"),
    ),
    "minimum": (
        ("1 if a < b else 0", "float(self.data < other.data)"), ("1 if b < a else 0", "float(other.data < self.data)"),
    ),
}  # fmt: skip


def rule_of(op: str, i: int) -> str:
    """The local partial by operand i in words; "" if there is no short form."""
    rules = RULES.get(op, ())
    if op == "sum":
        return "1"
    return rules[i][0] if i < len(rules) else ""


def rule_in_code(op: str, i: int) -> str:
    """The line of a closure that adds the right contribution of operand i; "" if there is no short form."""
    rules = RULES.get(op, ())
    if i >= len(rules):
        return ""
    operand, code = ("self", "other")[i], rules[i][1]
    if code == "1.0":
        return f"{operand}.grad += out.grad"
    if code == "-1.0":
        return f"{operand}.grad -= out.grad"
    return f"{operand}.grad += {f'({code})' if ' ' in code else code} * out.grad"


def rule_with_names(op: str, i: int, operands: tuple[str, ...], y: str) -> str:
    """The rule with the names that a program has for the operands and the result."""
    return with_names(rule_of(op, i), operands, y)


def with_names(text: str, operands: tuple[str, ...], y: str) -> str:
    """A rule in words with the names of a program in the place of x, a, b and y."""
    names = {"y": y, "x": operands[0], "a": operands[0], "b": operands[-1]}
    return "".join(names[c] if c in names and _alone(text, k) else c for k, c in enumerate(text))


def _alone(text: str, k: int) -> bool:
    """Whether the letter at k is a name of its own, no part of a word."""
    before, after = text[k - 1 : k], text[k + 1 : k + 2]
    return not (before.isalpha() or after.isalpha())
