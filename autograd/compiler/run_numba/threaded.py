"""Threaded code: the records of one sample, in which one kernel jumps to the next.

Of one sample an operation takes a nanosecond, and a call of its kernel several. So nothing is called here: a *link* is
a kernel that finds the rows it works on in its record, and ends with a jump to the link of the record that follows:
`link(record, values, gradients, links, latest)`, where `latest` is the number that the link before has written last;
in a chain of operations that is the operand, which is not read back from memory. All that is done at one node, up to
`LONGEST` terms of a sum or partials, is one link. There are as many links as kinds of nodes, which are soon in the
cache; a program is records alone.
This file owns which operations are one link, and how records lie in memory; it must not know any rule.
Read next: `instructions.py`.

References:
    James R. Bell, "Threaded code", Communications of the ACM 16 (6), 1973, pages 370 to 372.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ... import expressions
from .llvm import ADD, ASSIGN, VALUE, Kernel, Writer

__all__ = ["Link", "link_assembly", "threaded"]

Numbers = NDArray[np.int64]
LONGEST = 4  # with more, ODEs and products of 100 numbers are no faster, and there are more links


class Part(NamedTuple):
    """What a link does at a node.

    Attributes:
        kernel: What is computed: the value of the node, or a term of it, or a gradient of an operand.
        is_joined: Whether from the operands of the part before, which the record names once.
        is_latest: Which numbers are `latest`: that of the node (on the way back its gradient), and those of operands.
    """

    kernel: Kernel
    is_joined: bool = False
    is_latest: tuple[bool, ...] = (False, False, False, False)


Link = tuple[Part, ...]
END: Link = ()  # does not jump, but returns


def link_assembly(link: Link) -> str:
    """The link as a module of LLVM with one function.

    A record has numbers of 32 bits: which link, the row of the node (what is computed, or on the way back whose
    gradient goes to its operands), and the rows of operands.

    Example:
        >>> from autograd.functions import square
        >>> print(link_assembly((Part(Kernel(square, 1)),)))
        define void @link(ptr %record, ptr %values, ptr %gradients, ptr %links, double %latest) {
          %t1 = getelementptr i32, ptr %record, i64 1
          %t2 = load i32, ptr %t1
          %t3 = zext i32 %t2 to i64
          %y = getelementptr double, ptr %values, i64 %t3
          %g = getelementptr double, ptr %gradients, i64 %t3
          %t4 = getelementptr i32, ptr %record, i64 2
          %t5 = load i32, ptr %t4
          %t6 = zext i32 %t5 to i64
          %t7 = getelementptr double, ptr %values, i64 %t6
          %t8 = load double, ptr %t7
          %t9 = fmul double %t8, %t8
          %t10 = getelementptr double, ptr %y, i64 0
          store double %t9, ptr %t10
          %t11 = getelementptr i32, ptr %record, i64 3
          %t12 = load i32, ptr %t11
          %t13 = zext i32 %t12 to i64
          %t14 = getelementptr ptr, ptr %links, i64 %t13
          %t15 = load ptr, ptr %t14
          musttail call void %t15(ptr %t11, ptr %values, ptr %gradients, ptr %links, double %t9)
          ret void
        }
        <BLANKLINE>
    """
    writer = Writer("0")
    length = 0

    def field() -> tuple[str, str]:
        """The next number of the record: its address, and what it is."""
        nonlocal length
        length += 1
        at = writer.line(f"getelementptr i32, ptr %record, i64 {length}")
        return at, writer.line(f"zext i32 {writer.line(f'load i32, ptr {at}')} to i64")

    if link:
        _, node = field()
        for name, memory in (("y", "values"), ("g", "gradients")):
            writer.lines.append(f"  %{name} = getelementptr double, ptr %{memory}, i64 {node}")
        rows: list[str] = []
        known: dict[expressions.Part, str] = {}
        given = []
        total = writer.gradient = "%latest" if link[0].is_latest[0] else ""
        for kernel, is_joined, is_latest in link:
            if not is_joined:
                rows, known = [field()[1] for _ in range(kernel.n_operands)], {}
                sources = zip(rows, is_latest[1:], strict=False)
                writer.operands = ["%latest" if is_it else writer.load("%values", row) for row, is_it in sources]
            given.append((kernel, writer.result(kernel, known), rows))
        for kernel, value, rows in given:
            if kernel.which != VALUE:
                last = writer.give(value, writer.element("%gradients", rows[kernel.which]), kernel.mode)
            elif kernel.mode == ASSIGN:
                total = value
            else:
                total = writer.line(f"fadd double {total or writer.load('%y')}, {value}")
        if kernel.which == VALUE:
            last = writer.give(total, "%y", ASSIGN)
        following, number = field()
        place = writer.line(f"getelementptr ptr, ptr %links, i64 {number}")
        target = writer.line(f"load ptr, ptr {place}")
        writer.lines.append(
            f"  musttail call void {target}(ptr {following}, ptr %values, ptr %gradients, ptr %links, double {last})"
        )
    body = "\n".join([*writer.slots, *writer.lines, "  ret void"])
    parameters = "ptr %record, ptr %values, ptr %gradients, ptr %links, double %latest"
    return f"""{writer.declarations()}define void @link({parameters}) {{
{body}
}}
"""


def threaded(kernels: Sequence[Kernel], rows: Numbers, new: Numbers) -> tuple[list[Link], NDArray[np.uint32]]:
    """The links of operations, and their records one after the other, in which links have the numbers of the list.

    Args:
        kernels: Kernels.
        rows: For each operation its kernel, and rows: that it writes, that of its node, and three operands.
        new: Where no gradient has arrived before: the first one is assigned.
    """
    code, written, node, operands = rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3:]
    nodes = np.flatnonzero(np.diff(node, prepend=-1))
    place = (np.arange(len(rows)) - np.repeat(nodes, np.diff(nodes, append=len(rows)))) % LONGEST
    start = np.flatnonzero(place == 0)
    size = np.diff(start, append=len(rows))

    marks = np.zeros((6, len(rows)), np.int64)  # is_first, is_joined, and four of is_latest
    distinct, first = np.unique(written, return_index=True)
    marks[0, first] = np.isin(distinct, new)
    marks[1, 1:] = (place[1:] > 0) & (operands[1:] == operands[:-1]).all(1)
    latest = np.repeat(np.concatenate([[-1], written[start[1:] - 1]]), size)
    read = np.array([1 + kernel.n_operands if kernel.which == VALUE else 1 for kernel in kernels])[code]
    for i in range(4):  # on the way back it is a gradient, as that of the node, and not an operand
        marks[2 + i] = (rows[:, 2 + i] == latest) & (i < read)

    kind = 64 * code + 2 ** np.arange(6) @ marks
    number = np.zeros(len(start), np.int64)  # of links: the same for the same kinds
    for k in range(size.max()):
        here = np.where(k < size, 1 + kind[np.minimum(start + k, len(rows) - 1)], 0)
        number = np.unique(number * (2 + kind.max()) + here, return_inverse=True)[1]
    links = [
        tuple([part(kernels[code[at]], *marks[:, at].tolist()) for at in range(start[i], start[i] + size[i])])
        for i in np.unique(number, return_index=True)[1]
    ]

    length = np.array([2 + sum(p.kernel.n_operands for p in link if not p.is_joined) for link in links])
    at = np.cumsum(length[number]) - length[number]
    records = np.full(length[number].sum() + 1, len(links), np.uint32)
    for i, link in enumerate(links):
        these = np.flatnonzero(number == i)
        fields = [number[these], node[start[these]]]
        for k, (kernel, is_joined, _) in enumerate(link):
            fields += [] if is_joined else list(operands[start[these] + k, : kernel.n_operands].T)
        records[at[these][:, None] + np.arange(length[i])] = np.array(fields).T
    return [*links, END], records


def part(kernel: Kernel, is_first: int, is_joined: int, *is_latest: int) -> Part:
    """A part; of one sample nothing is summed, and nothing is one number for all."""
    mode = ASSIGN if is_first or kernel.mode == ASSIGN else ADD
    return Part(kernel._replace(mode=mode, scalars=()), bool(is_joined), tuple(map(bool, is_latest)))
