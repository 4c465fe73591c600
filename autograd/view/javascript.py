"""The rules of the table as JavaScript: what a page computes with when a number is changed in it.

This module owns how expressions are written in that language, and must not know any rule. The functions that
JavaScript has not, or not as Python has them, lie in `javascript/*.js`; a page gets those that it needs.
Read next: `../expressions/reading.py`, which reads the rules.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..engine import Op
from ..expressions import (
    Apply,
    Both,
    Choice,
    Comparison,
    Either,
    Expression,
    Number,
    Operand,
    Part,
    Result,
    Undefined,
    Untraceable,
    forward_expression,
    in_order,
    partial_expressions,
    parts,
)  # fmt: skip
from ..functions import OPS

__all__ = ["rules_javascript"]

ATOM, UNARY, TIMES, PLUS, COMPARISON, AND, OR, CHOICE = 8, 7, 6, 5, 4, 3, 2, 1  # how strongly operators bind
TEMPLATES = {"{0} + {1}": PLUS, "{0} - {1}": PLUS, "{0} * {1}": TIMES, "-{0}": UNARY, "+{0}": UNARY}
DEEPEST = 50
DEFINITION = re.compile(r"^(?:const|class) (\w+)", re.MULTILINE)


class Written(NamedTuple):
    """JavaScript of an expression, and how strongly its outermost operator binds."""

    text: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """The text as an operand of an operator: in brackets unless it binds more strongly."""
        return self.text if self.strength > strength else f"({self.text})"


def rules_javascript(
    used: Sequence[tuple[Op, int]], misread: Collection[tuple[Op, int]] = ()
) -> tuple[str, tuple[bool, ...]]:
    """The definition of `RULES`: for each operation a function of its value, and one of its local partials.

    `RULES[k].forward(xs, labels)` gives the value, and throws a RangeError with the words of `DomainError` where there
    is none; `labels` may be left out. `RULES[k].partials(y, xs)` gives one number for each operand.

    Args:
        used: Operations, each with the number of its operands.
        misread: Those of them that are not to be translated, as `misread.py` finds them.

    Returns:
        The source, and for each operation whether it could be translated; in the source stands null for one that
        could not. No text of a user's gets into it, be it a name, a symbol or a template.

    Numerics:
        Numbers are doubles, as in Python, but exp, pow and the like are the browser's own. In Chromium 156, at 20,000
        points each, most gave Python's digits; exp2 was off by up to 1 unit in the last place, hypot by 2, cbrt by 3,
        erf, erfc and gelu by 5.

    Example:
        >>> from autograd.functions import relu, square
        >>> from autograd.view.javascript import rules_javascript
        >>> source, translated = rules_javascript([(square, 1), (relu, 1)])
        >>> translated
        (True, True)
        >>> for line in source.splitlines():
        ...     if "partials" in line:
        ...         print(line.strip())
        partials: (y, [x0]) => [2 * x0],
        partials: (y, [x0]) => [x0 <= 0 ? 0 : 1],
    """
    writer = _Writer()
    entries = [None if (op, count) in misread else writer.entry(op, count) for op, count in used]
    functions = _needed("\n".join([*writer.functions, *[entry for entry in entries if entry]])) + writer.functions
    body = textwrap.indent("\n".join(functions), "  ")
    listed = "".join([f"    {entry or 'null'},\n" for entry in entries])
    source = f"const RULES = (() => {{\n{body}\n  return [\n{listed}  ];\n}})();\n"
    return source, tuple([entry is not None for entry in entries])


@cache
def _library() -> dict[str, str]:
    """The functions of `javascript/*.js` by name."""
    found = {}
    for file in sorted(Path(__file__).with_name("javascript").glob("*.js")):
        for block in file.read_text("utf-8").split("\n\n"):
            if name := DEFINITION.search(block):
                found[name[1]] = block.strip("\n") + "\n"
    return found


def _needed(source: str) -> list[str]:
    """The functions of the library that the source calls, and those that they call, in the order of the library."""
    library = _library()
    names: set[str] = set()
    waiting = [source]
    while waiting:
        code = re.sub(r"^\s*//.*", "", waiting.pop(), flags=re.MULTILINE)
        called = {name for name in re.findall(r"(?<![.\w])[A-Za-z]\w*", code) if name in library} - names
        names |= called
        waiting += [library[name] for name in called]
    return [text for name, text in library.items() if name in names]


class _Writer:
    """Writes expressions, and keeps the functions that it made on the way for operations without one."""

    def __init__(self) -> None:
        self.names: dict[tuple[Op, int], str] = {}
        self.numbers = itertools.count()
        self.functions: list[str] = []

    def entry(self, op: Op, count: int) -> str | None:
        """The two functions of an operation; None if it cannot be translated."""
        operands = _operands(count)
        words = ("the operation", "")  # of a user's operation nothing may be quoted
        if op in OPS:
            words = (op.name, f"; it is defined at least in {', '.join(op.domain)}")
        try:
            forward = self.value(op, count)
            partials = self.body(partial_expressions(op, count), "[{}]")
        except Untraceable:
            return None
        name, domain = map(json.dumps, words)
        return (
            f"{{\n      forward: defined({name}, {domain}, ([{operands}]) => {forward}),\n"
            f"      partials: (y, [{operands}]) => {partials},\n    }}"
        )

    def value(self, op: Op, count: int) -> str:
        """What gives the value of the operation: its function in the library, its template, or its forward as read."""
        given = self.given(op, [Written(f"x{i}") for i in range(count)])
        return given.text if given else self.body([forward_expression(op, count)], "{}")

    def given(self, op: Op, operands: Sequence[Written]) -> Written | None:
        """The operation applied, if the table's template or the library says how; of a user's, neither does."""
        if op not in OPS:
            return None
        if op.name in _library():
            return _call(op.name, operands)
        if op.code not in TEMPLATES:
            return None
        strength = TEMPLATES[op.code]
        first, *others = operands
        left = first.within(strength if strength == UNARY else strength - 1)  # a - b - c is (a - b) - c
        return Written(op.code.format(left, *[x.within(strength) for x in others]), strength)

    def function(self, op: Op, count: int) -> str:
        """The name of a function, made if there is none yet, for an operation that a rule uses."""
        if (op, count) not in self.names:
            self.names[op, count] = name = f"f{next(self.numbers)}"  # known to its own body
            try:
                body = self.value(op, count)
            except Untraceable:
                del self.names[op, count]
                raise
            self.functions.append(f"const {name} = ({_operands(count)}) => {body};\n")
        return self.names[op, count]

    def body(self, expressions: Sequence[Expression], form: str) -> str:
        """The body of a function that gives the expressions: one expression, or a block with what is shared first."""
        order = in_order(expressions)
        users = Counter(expressions) + Counter([below for part in order for below in parts(part)])
        always = _always(expressions)
        written: dict[Part, Written] = {}
        depth: dict[Part, int] = {}  # of brackets within brackets, of which a parser takes some thousands at most
        shared: list[str] = []
        for part in order:
            text = self.part(part, written)
            depth[part] = 1 + max([depth[below] for below in parts(part)], default=0)
            if (users[part] > 1 and isinstance(part, Apply | Choice)) or depth[part] > DEEPEST:
                depth[part] = 0
                name = f"t{len(shared)}"
                shared.append(f"const {name} = {text.text if part in always else f'lazy(() => {text.text})'};")
                text = Written(name if part in always else f"{name}()")
            written[part] = text
        results = form.format(", ".join([written[expression].text for expression in expressions]))
        return f"{{ {' '.join(shared)} return {results}; }}" if shared else results

    def part(self, part: Part, written: dict[Part, Written]) -> Written:
        """One expression or condition, of parts that are written already."""
        match part:
            case Number(value):
                return _number(value)
            case Operand(position):
                return Written(f"x{position}")
            case Result():
                return Written("y")
            case Undefined():
                return Written("fail()")
            case Apply(op, operands):
                xs = [written[x] for x in operands]
                return self.given(op, xs) or _call(self.function(op, len(xs)), xs)
            case Choice(condition, then, otherwise):
                sides = f"{written[then].within(CHOICE)} : {written[otherwise].text}"
                return Written(f"{written[condition].text} ? {sides}", CHOICE)
            case Comparison(relation, left, right):
                sign = "!==" if relation == "!=" else relation
                return _joined(f" {sign} ", COMPARISON, written[left], written[right])
            case Both(left, right):
                return _joined(" && ", AND, written[left], written[right])
            case Either(left, right):
                return _joined(" || ", OR, written[left], written[right])


def _operands(count: int) -> str:
    return ", ".join([f"x{i}" for i in range(count)])


def _call(name: str, operands: Sequence[Written]) -> Written:
    return Written(f"{name}({', '.join([x.text for x in operands])})")


def _joined(operator: str, strength: int, left: Written, right: Written) -> Written:
    return Written(f"{left.within(strength)}{operator}{right.within(strength)}", strength)


def _number(x: float) -> Written:
    if not math.isfinite(x):
        text = "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    else:
        text = repr(x).removesuffix(".0")
    return Written(text, UNARY if text.startswith("-") else ATOM)


def _always(expressions: Sequence[Expression]) -> set[Part]:
    """What is computed whichever way the choices go: all that is not on one side of a choice only."""
    found: set[Part] = set()
    waiting: list[Part] = list(expressions)
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += (part.condition,) if isinstance(part, Choice) else parts(part)
    return found
