"""Kernels: what an operation computes, and its partials, as functions in LLVM's language, made from the table.

This file owns how an expression is written down for LLVM, and must not know any rule. A kernel is a loop over numbers:
`kernel(n, out, g, y, a, b, c)`. An operation of any number of operands has them one after the other at `a`, as far
apart as `b` says; where it can, it is written as loops over all `c` of them.
Read next: `records.py`; in `cache.py` the functions become native code.

References:
    LLVM Language Reference Manual, llvm.org/docs/LangRef.html.
"""

from __future__ import annotations

import math
import struct
from typing import NamedTuple

from ...engine import Op
from ...expressions import (
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
    in_order,
)
from ..table.kernels import ARITHMETIC, Fold, partial_expressions, rolled_partials, rolled_value, value_expression

__all__ = ["ADD", "ASSIGN", "MOST_OPERANDS", "SUM", "VALUE", "Kernel", "assembly"]

VALUE = -1  # which: the value of the operation, or the partial by an operand, times g
ASSIGN, ADD, SUM = "assign", "add", "sum"  # out[i] = ..., out[i] += ..., out[0] += sum of all
MOST_OPERANDS = 64  # of an operation that cannot be written as loops over its operands
FEW = 4  # operands are written out one by one
WORDS = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv", "operator.mod": "frem"}
LIBRARY = (
    "acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 expm1 hypot "
    "log log10 log1p log2 sin sinh tan tanh"
)
CALLS = {f"math.{name}": name for name in LIBRARY.split()} | {
    "math.sqrt": "llvm.sqrt.f64", "math.fabs": "llvm.fabs.f64", "builtins.round": "llvm.roundeven.f64",
    "math.floor": "llvm.floor.f64", "math.ceil": "llvm.ceil.f64", "math.copysign": "llvm.copysign.f64",
    "operator.pow": "pow",
}  # fmt: skip
FOLDS = {"builtins.sum": 0.0, "math.prod": 1.0, "builtins.max": -math.inf, "builtins.min": math.inf, "math.hypot": 0.0}
RELATIONS = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "!=": "une"}


class Kernel(NamedTuple):
    """One kernel: `which` of the operation of so many operands; scalars are those that are one number for all i."""

    op: Op
    n_operands: int
    which: int = VALUE
    mode: str = ASSIGN
    scalars: tuple[int, ...] = ()


class Writer:
    """The lines of one kernel; every value is computed once where it is needed.

    Args:
        index: Which number it is at the addresses that it has been given.
    """

    def __init__(self, index: str) -> None:
        self.index, self.gradient = index, ""
        self.operands: list[str] = []
        self.lines: list[str] = []
        self.slots: list[str] = []
        self.declared: dict[str, int] = {}
        self.number = 0

    def line(self, text: str) -> str:
        """A line that computes something; its name."""
        self.number += 1
        self.lines.append(f"  %t{self.number} = {text}")
        return f"%t{self.number}"

    def slot(self, start: float) -> str:
        """A number in memory, which LLVM will keep in a register."""
        self.number += 1
        self.slots.append(f"  %s{self.number} = alloca double")
        self.lines.append(f"  store double {double(start)}, ptr %s{self.number}")
        return f"%s{self.number}"

    def call(self, function: str, *xs: str) -> str:
        """A function of the system's library, or of LLVM."""
        self.declared[function] = len(xs)
        return self.line(f"call double @{function}({', '.join([f'double {x}' for x in xs])})")

    def declarations(self) -> str:
        """Of the functions that are called."""
        return "".join([f"declare double @{f}({', '.join(['double'] * n)})\n" for f, n in self.declared.items()])

    def apply(self, op: Op, xs: list[str]) -> str:
        """The result of arithmetic or of a primitive."""
        if op in ARITHMETIC and len(xs) == 1:
            return self.line(f"fneg double {xs[0]}") if op.name == "neg" else xs[0]
        if op in ARITHMETIC or op.name == "operator.mod":  # of a remainder, all that counts is whether it is 0
            return self.line(f"{WORDS[op.name]} double {xs[0]}, {xs[1]}")
        if op.name in CALLS and (op.name != "math.hypot" or len(xs) == 2):
            return self.call(CALLS[op.name], *xs)
        if op.name in FOLDS:
            found = self.call("llvm.fabs.f64", xs[0]) if op.name == "math.hypot" else xs[0]
            for x in xs[1:]:
                found = self.folded(op.name, found, x)
            return found
        raise Untraceable(f"{op.name}: the machine has no code for it")

    def folded(self, name: str, found: str, x: str) -> str:
        """The sum, product, largest, smallest, or length of what was found up to here and x; nan if one is nan."""
        if name in ("builtins.sum", "math.prod"):
            return self.line(f"{'fadd' if name == 'builtins.sum' else 'fmul'} double {found}, {x}")
        if name == "math.hypot":
            return self.call("hypot", found, x)
        kept = self.line(f"fcmp {'uge' if name == 'builtins.max' else 'ule'} double {found}, {x}")
        picked = self.line(f"select i1 {kept}, double {found}, double {x}")
        return self.line(f"select i1 {self.line(f'fcmp uno double {x}, {x}')}, double {x}, double {picked}")

    def write(self, part: Part, known: dict[Part, str]) -> str:
        """The name of the value of an expression; what it is made of is written first, if it is not known."""
        if part not in known:
            known[part] = self.written(part, known)
        return known[part]

    def written(self, part: Part, known: dict[Part, str]) -> str:
        match part:
            case Number(value):
                return double(value)
            case Operand(position):
                return self.operands[position]
            case Result():
                return self.load("%y")
            case Undefined():
                return double(math.nan)
            case Apply(op, operands):
                return self.apply(op, [self.write(x, known) for x in operands])
            case Choice(condition, then, otherwise):
                return self.choice(self.write(condition, known), then, otherwise, known)
            case Comparison(relation, left, right):
                sides = self.write(left, known), self.write(right, known)
                return self.line(f"fcmp {RELATIONS[relation]} double {sides[0]}, {sides[1]}")
            case Both(left, right) | Either(left, right):
                word = "and" if isinstance(part, Both) else "or"
                return self.line(f"{word} i1 {self.write(left, known)}, {self.write(right, known)}")
        raise Untraceable(f"the machine has no place for {part}")

    def choice(self, asked: str, then: Expression, otherwise: Expression, known: dict[Part, str]) -> str:
        """One of two: both where that costs next to nothing, so that the loop stays without a branch."""
        if cheap(then) and cheap(otherwise):
            sides = self.write(then, known), self.write(otherwise, known)
            return self.line(f"select i1 {asked}, double {sides[0]}, double {sides[1]}")
        slot = self.slot(0.0)
        label = slot[2:]
        self.lines.append(f"  br i1 {asked}, label %then{label}, label %otherwise{label}")
        for side, name in ((then, "then"), (otherwise, "otherwise")):
            self.lines.append(f"{name}{label}:")
            value = self.write(side, dict(known))
            self.lines += [f"  store double {value}, ptr {slot}", f"  br label %join{label}"]
        self.lines.append(f"join{label}:")
        return self.line(f"load double, ptr {slot}")

    def loop(self, count: str, name: str) -> list[str]:
        """Begins a loop of at least one turn; gives the lines that end it."""
        self.lines += [f"  br label %before{name}", f"before{name}:", f"  br label %{name}", f"{name}:",
                       f"  %i{name} = phi i64 [ 0, %before{name} ], [ %next{name}, %end{name} ]"]  # fmt: skip
        return [f"  br label %end{name}", f"end{name}:", f"  %next{name} = add i64 %i{name}, 1",
                f"  %more{name} = icmp slt i64 %next{name}, {count}",
                f"  br i1 %more{name}, label %{name}, label %done{name}", f"done{name}:"]  # fmt: skip

    def element(self, pointer: str, index: str = "") -> str:
        """The address of an element."""
        return self.line(f"getelementptr double, ptr {pointer}, i64 {index or self.index}")

    def load(self, pointer: str, index: str = "") -> str:
        """An element."""
        return self.line(f"load double, ptr {self.element(pointer, index)}")

    def result(self, kernel: Kernel, known: dict[Part, str]) -> str:
        """What a kernel of at most three operands gives: a value, or a partial times g."""
        if kernel.which == VALUE:
            return self.write(value_expression(kernel.op, kernel.n_operands), known)
        partial = self.write(partial_expressions(kernel.op, kernel.n_operands)[kernel.which], known)
        return self.line(f"fmul double {self.gradient or self.load('%g')}, {partial}")

    def give(self, value: str, pointer: str, mode: str) -> str:
        """Writes a result; what is there then."""
        if mode == SUM:
            total = self.line("load double, ptr %sum")
            self.lines.append(f"  store double {self.line(f'fadd reassoc double {total}, {value}')}, ptr %sum")
            return ""
        at = self.element(pointer)
        if mode == ADD:
            value = self.line(f"fadd double {self.line(f'load double, ptr {at}')}, {value}")
        self.lines.append(f"  store double {value}, ptr {at}")
        return value

    def rolled(self, expression: Expression, known: dict[Part, str], *, partials: bool, mode: str) -> None:
        """An operation of any number: a loop over its operands for each fold, and one for the partials."""
        last = [expression] if partials else []
        folds = [part for part in in_order([expression]) if isinstance(part, Fold)]
        for number, part in enumerate([*folds, *last]):
            name = f"operands{number}"
            slot = self.slot(FOLDS[part.op.name]) if isinstance(part, Fold) else ""
            end = self.loop("%c", name)
            far = self.line(f"mul i64 %i{name}, %b")
            inner = dict(known)
            self.operands = [self.load(self.element("%a", far))]
            if isinstance(part, Fold):
                value = self.write(part.operands[0], inner)
                found = self.folded(part.op.name, self.line(f"load double, ptr {slot}"), value)
                self.lines.append(f"  store double {found}, ptr {slot}")
            else:
                value = self.line(f"fmul double {self.load('%g')}, {self.write(part, inner)}")
                self.give(value, self.element("%out", far), mode)
            self.lines += end
            if isinstance(part, Fold):
                known[part] = self.line(f"load double, ptr {slot}")
        if not partials:
            self.give(self.write(expression, known), "%out", mode)


def cheap(expression: Expression) -> bool:
    """Whether an expression is arithmetic and comparisons alone."""
    return not any(isinstance(part, Apply) and part.op not in ARITHMETIC for part in in_order([expression]))


def double(value: float) -> str:
    """A number, to the bit."""
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


def assembly(kernel: Kernel) -> str:
    """The kernel as a module of LLVM with one function, `kernel`.

    Raises:
        Untraceable: If the operation cannot be read, or has more than `MOST_OPERANDS` that loops cannot go over.

    Example:
        >>> from autograd.functions import square
        >>> print(assembly(Kernel(square, 1)))
        define void @kernel(i64 %n, ptr noalias %out, ptr %g, ptr %y, ptr %a, ptr %b, ptr %c) {
          br label %beforerows
        beforerows:
          br label %rows
        rows:
          %irows = phi i64 [ 0, %beforerows ], [ %nextrows, %endrows ]
          %t1 = getelementptr double, ptr %a, i64 %irows
          %t2 = load double, ptr %t1
          %t3 = fmul double %t2, %t2
          %t4 = getelementptr double, ptr %out, i64 %irows
          store double %t3, ptr %t4
          br label %endrows
        endrows:
          %nextrows = add i64 %irows, 1
          %morerows = icmp slt i64 %nextrows, %n
          br i1 %morerows, label %rows, label %donerows
        donerows:
          ret void
        }
        <BLANKLINE>
    """
    op, count, which, mode, scalars = kernel
    writer = Writer("%irows")
    end = writer.loop("%n", "rows")
    if op.arity is None or op.arity > 3:
        roll = None if count <= FEW else rolled_value(op, count) if which == VALUE else rolled_partials(op, count)
        if roll is not None:
            writer.rolled(roll, {}, partials=which != VALUE, mode=mode)
        elif count > MOST_OPERANDS:
            raise Untraceable(f"{op.name} of {count} operands: native code takes {MOST_OPERANDS} of such operations")
        else:
            far = [writer.line(f"mul i64 %b, {i}") for i in range(count)]
            writer.operands = [writer.load(writer.element("%a", x)) for x in far]
            known: dict[Part, str] = {}
            if which == VALUE:
                writer.give(writer.write(value_expression(op, count), known), "%out", mode)
            else:
                g = writer.load("%g")
                for partial, x in zip(partial_expressions(op, count), far, strict=True):
                    value = writer.line(f"fmul double {g}, {writer.write(partial, known)}")
                    writer.give(value, writer.element("%out", x), mode)
        signature = "ptr %a, i64 %b, i64 %c"
    else:
        names = [f"%{letter}" for letter in "abc"[:count]]
        writer.operands = [writer.load(x, "0" if i in scalars else "%irows") for i, x in enumerate(names)]
        writer.give(writer.result(kernel, {}), "%out", mode)
        signature = "ptr %a, ptr %b, ptr %c"
    if mode == SUM:
        writer.slots.append("  %sum = alloca double\n  store double 0.0, ptr %sum")
    body = "\n".join([*writer.slots, *writer.lines, *end])
    total = (
        ""
        if mode != SUM
        else """
  %found = load double, ptr %sum
  %old = load double, ptr %out
  %new = fadd double %old, %found
  store double %new, ptr %out"""
    )
    return f"""{writer.declarations()}define void @kernel(i64 %n, ptr noalias %out, ptr %g, ptr %y, {signature}) {{
{body}{total}
  ret void
}}
"""
