"""Programs and sentences in the words of the class examined: its names, methods or functions, its backward pass.

This file owns the translation from the words of this package; it must not know what is said.
Read next: `case.py`, whose programs are shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..programs import OPERATORS as SIGNS, TABLE

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["NAMES", "spoken", "spoken_diagnosis"]

# What things are called where a class was not looked at: the form of `Dialect.names`.
NAMES = {"leaf": "Value(x)", "data": ".data", "gradient": ".grad", "backward": ".backward()", "zero": ".grad = 0.0"}

NUMBER = r"-?\d[\d.]*(?:e[+-]?\d+)?"
OPERAND = rf"[a-z]\w*|{NUMBER}|\({NUMBER}\)"
BINARY = re.compile(rf"(= )({OPERAND}) (\+|-|\*\*?|/) ({OPERAND})(?=\s*(?:#|`|$))", re.MULTILINE)
NEGATIVE = re.compile(r"(= )-([a-z]\w*)(?=\s*(?:#|`|$))", re.MULTILINE)
METHOD = re.compile(r"\b([a-z]\w*)\.(\w+)\(\)")
FUNCTION = re.compile(rf"(?<![\w.])(\w+)\(({OPERAND}), ({OPERAND})\)")
SEQUENCE = re.compile(r"(?<![\w.])(\w+)\(\[([^\[\]]*)\]\)")
ABSOLUTE = re.compile(r"(?<![\w.])abs\(([a-z]\w*)\)")
ZERO = re.compile(r"^(\s*)([a-z]\w*)\.grad = 0\.0$", re.MULTILINE)
SIGN_OF = {sign: op for op, sign in SIGNS.items() if op not in ("neg", "pos")}


def spoken(text: str, names: Mapping[str, str]) -> str:
    r"""The text, a program or a sentence, in the words of a class.

    Args:
        text: As it is written for a class `Value` with `.data`, `.grad`, `.backward()` and methods.
        names: What a class calls things, by role, as `Dialect.names`; further entries say how it writes operations, as
            `Dialect.form`.

    Example:
        >>> words = {"leaf": "Num(x)", "data": ".val", "gradient": ".d", "backward": "backprop(v)", "zero": ".d = 0.0"}
        >>> print(spoken("a = Value(2.0)\nb = a.exp()\nb.backward()", {**words, "exp": "exp({all})"}))
        a = Num(2.0)
        b = exp(a)
        backprop(b)
    """
    if names == NAMES:
        return text
    text = _operations(text, names)
    if names["zero"].endswith(")"):
        text = ZERO.sub(lambda m: f"{m[1]}{m[2]}{names['zero']}", text)
    text = METHOD.sub(lambda m: _backward(m[1], names["backward"]) if m[2] == "backward" else m[0], text)
    text = re.sub(r"(?<=[\w)])\.data\b", lambda _: names["data"], text)
    text = re.sub(r"(?<=[\w)])\.grad\b", lambda _: names["gradient"], text)
    return re.sub(r"\bValue\(", lambda _: names["leaf"].removesuffix("x)"), text)


def spoken_diagnosis(diagnosis: Diagnosis, names: Mapping[str, str]) -> Diagnosis:
    """The diagnosis in the words of a class."""
    texts = {name: spoken(getattr(diagnosis, name), names) for name in ("title", "seen", "program", "idea")}
    return replace(diagnosis, **texts, hints=tuple([spoken(hint, names) for hint in diagnosis.hints]))


def _operations(text: str, names: Mapping[str, str]) -> str:
    def written(op: str, *operands: str) -> str | None:
        form = names.get(op, "")
        if not form or op not in TABLE:
            return None
        operands = tuple([x[1:-1] if x.startswith("(") else x for x in operands])
        if op in SIGNS and not operands[0][0].isalpha():
            operands = (f"Value({operands[0]})", *operands[1:])  # a method needs a value in front of it
        parts = {"{first}": operands[0], "{rest}": ", ".join(operands[1:]), "{all}": ", ".join(operands)}
        for place, part in parts.items():
            form = form.replace(place, part)
        return form

    def binary(found: re.Match[str]) -> str:
        said = written(SIGN_OF[found[3]], found[2], found[4])
        return found[1] + said if said else found[0]

    def negative(found: re.Match[str]) -> str:
        said = written("neg", found[2])
        return found[1] + said if said else found[0]

    text = BINARY.sub(binary, text)
    text = NEGATIVE.sub(negative, text)
    text = METHOD.sub(lambda m: written(m[2], m[1]) or m[0], text)
    text = FUNCTION.sub(lambda m: written(m[1], m[2], m[3]) or m[0], text)
    text = SEQUENCE.sub(lambda m: written(m[1], m[2]) or m[0], text)
    return ABSOLUTE.sub(lambda m: written("abs", m[1]) or m[0], text)


def _backward(v: str, form: str) -> str:
    """The backward pass from v; the form is `.name(...)` or `name(v)`."""
    return f"{v}{form}" if form.startswith(".") else form.replace("(v)", f"({v})")
