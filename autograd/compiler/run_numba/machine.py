"""The machine: what runs a program in one call of native code, from lists of whole numbers.

This file owns the instructions and what each does, written in plain Python over memory addresses, for numba to compile;
it must not know any operation. What an operation computes is in *kernels*, native functions of one form, whose
addresses stand in the instructions: `kernel(n, out, g, y, a, b, c)` reads n numbers at each address and writes n.
Read next: `llvm.py`, kernels from the table, then `records.py`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["COPY", "MAP", "PICK", "PRODUCT", "RECORD", "SPREAD", "THIN", "UNPICK", "ZERO", "machine"]

MAP, PRODUCT, THIN, COPY, SPREAD, PICK, UNPICK, ZERO = range(8)  # the first word; the second is how many words
RECORD = 8  # words of a record of THIN
WORD = 8  # bytes


def machine(load: Any, get: Any, put: Any, call: Any, multiply: Any) -> Any:
    """The function that runs instructions from one address to another.

    Args:
        load: The whole number of 64 bits at an address.
        get: The float at an address.
        put: Writes a float at an address.
        call: Calls a kernel.
        multiply: Calls the BLAS function for matrix products.
    """

    def run(at: int, end: int) -> None:
        while at < end:
            what = load(at)
            if what == MAP:  # kernel, n, counts of two loops, then for out, g, y, a, b, c: address and two strides
                kernel, n = load(at + 16), load(at + 24)
                for i in range(load(at + 32)):
                    out, g, y = load(at + 48) + i * load(at + 56), load(at + 72) + i * load(at + 80), load(at + 96)
                    a, b, c = load(at + 120), load(at + 144), load(at + 168)
                    y, a, b, c = (y + i * load(at + 104), a + i * load(at + 128), b + i * load(at + 152),
                                  c + i * load(at + 176))  # fmt: skip
                    for j in range(load(at + 40)):
                        call(kernel, n, out + j * load(at + 64), g + j * load(at + 88), y + j * load(at + 112),
                             a + j * load(at + 136), b + j * load(at + 160), c + j * load(at + 184))  # fmt: skip
            elif what == THIN:  # count, records: of each a kernel, and what it is called with
                record = load(at + 24)
                for _ in range(load(at + 16)):
                    call(load(record), load(record + 8), load(record + 16), load(record + 24), load(record + 32),
                         load(record + 40), load(record + 48), load(record + 56))  # fmt: skip
                    record += RECORD * WORD
            elif what == PRODUCT:  # the arguments of cblas_dgemm
                multiply(load(at + 16), load(at + 24), load(at + 32), load(at + 40), load(at + 48), load(at + 56),
                         load(at + 64), load(at + 72), load(at + 80), load(at + 88), get(at + 96), load(at + 104),
                         load(at + 112))  # fmt: skip
            elif what == COPY:  # kernel, n, count, out, its stride, from, its stride, rows
                n, out, far = load(at + 24), load(at + 40), load(at + 48)
                start, stride, rows = load(at + 56), load(at + 64), load(at + 72)
                for k in range(load(at + 32)):
                    x = start + stride * load(rows + WORD * k)
                    if n == 1:
                        put(out + k * far, get(x))
                    else:
                        call(load(at + 16), n, out + k * far, x, x, x, x, x)
            elif what == SPREAD:  # the way back: kernel, n, count, g, its stride, to, its stride, rows, whether to add
                n, start, stride = load(at + 24), load(at + 40), load(at + 48)
                out, far, rows, add = load(at + 56), load(at + 64), load(at + 72), load(at + 80)
                for k in range(load(at + 32)):
                    g, to = start + k * stride, out + far * load(rows + WORD * k)
                    if n > 1:
                        call(load(at + 16), n, to, g, g, g, g, g)
                    elif add:
                        put(to, get(to) + get(g))
                    else:
                        put(to, get(g))
            elif what == PICK:  # batch, count, out, from, strides of its rows and samples, table, positions
                batch, count = load(at + 16), load(at + 24)
                for b in range(batch):
                    known = load(at + 64) + load(load(at + 72) + WORD * b) * count * WORD
                    x = load(at + 40) + b * load(at + 56)
                    for k in range(count):
                        put(load(at + 32) + (k * batch + b) * WORD, get(x + load(known + WORD * k) * load(at + 48)))
            elif what == UNPICK:
                batch, count = load(at + 16), load(at + 24)
                for b in range(batch):
                    known = load(at + 64) + load(load(at + 72) + WORD * b) * count * WORD
                    x = load(at + 40) + b * load(at + 56)
                    for k in range(count):
                        to = x + load(known + WORD * k) * load(at + 48)
                        put(to, get(to) + get(load(at + 32) + (k * batch + b) * WORD))
            elif what == ZERO:  # count, length, address, stride
                for k in range(load(at + 16)):
                    for i in range(load(at + 24)):
                        put(load(at + 32) + k * load(at + 40) + i * WORD, 0.0)
            at += WORD * load(at + 8)

    return run
