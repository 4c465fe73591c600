"""Draw the stages of the compiler, docs/stages.svg: `python docs/stages.py`, from any folder.

The tapes and the program in it are those of a neuron with squared error; the counts below are of a network for digits,
written scalar by scalar. Both are made by the compiler, so that the picture says what it does now.
"""

from __future__ import annotations

import random
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

import autograd
from autograd import Value, exp, log, relu, tanh
from autograd.compiler.group.group import group
from autograd.compiler.group.program import line
from autograd.compiler.rewrite.fuse import fuse
from autograd.compiler.rewrite.simplify import simplify
from autograd.compiler.trace.tape import CONSTANT, INPUT, PARAMETER, PICK, Tape
from autograd.compiler.trace.tracing import trace
from autograd.view import style

FILE = Path(__file__).resolve().parent / "stages.svg"
PANEL, HEIGHT, LEVEL, TOP = 300, 452, 43, 92  # the width of a panel, the picture's height; between rows, before them
SAMPLES = 8  # how many are drawn of a batch
FILLS = {PARAMETER: style.LEAF_FILL, INPUT: style.RESULT_FILL, CONSTANT: style.CONSTANT_FILL}
SIGNS = {"mul": "×", "add": "+", "sub": "−", "square": "²"}
STAGES = (
    ("1  trace", "f is run once, on one sample"), ("2  simplify", "a power of 2 is a square"),
    ("3  fuse", "a sum of products is one dot"), ("4  group", "for all samples at once: arrays"),
)  # fmt: skip


def neuron(w: Any, x: Any, y: Any) -> Any:
    """The example of every stage."""
    return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2


def layer(inputs: int, outputs: int, rng: random.Random) -> list[tuple[list[Value], Value]]:
    return [([Value(rng.gauss(0, 1 / inputs**0.5)) for _ in range(inputs)], Value(0.0)) for _ in range(outputs)]


def digits_loss(layers: Any, x: Any, y: int) -> Any:
    """The cross-entropy of a network, one number after the other."""
    for depth, neurons in enumerate(layers):
        sums = []
        for weights, bias in neurons:
            total = bias
            for w, v in zip(weights, x, strict=True):
                total = total + w * v
            sums.append(total)
        x = [relu(total) for total in sums] if depth < len(layers) - 1 else sums
    return log(sum([exp(z) for z in x])) - x[y]


def counts() -> list[tuple[int, int]]:
    """For each stage of the digits network the rows or steps, and the operations among them."""
    rng = random.Random(0)
    layers = [layer(64, 30, rng), layer(30, 30, rng), layer(30, 10, rng)]
    step = autograd.compile(digits_loss, executor="numpy")
    step(layers, [[i / 64] * 64 for i in range(10)], list(range(10)))
    path = step.plan.paths[0]
    tapes = [path.traced.tape, path.simple, path.fused]
    steps = len(path.program.steps)
    return [
        *((len(tape), int(np.count_nonzero((tape.code >= 0) | (tape.code == PICK)))) for tape in tapes),
        (steps, steps),
    ]


def text(x: float, y: float, words: str, size: float = 12, colour: str = style.INK, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" {more}>{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, corner: float = 3) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{corner:g}" fill="{fill}" '
        f'stroke="{style.LINE}" stroke-width="1"/>'
    )


def places(tape: Tape) -> dict[int, tuple[float, int]]:
    """For each node its x, in leaves from the left, and its row: as far from the leaves as it is."""
    found: dict[int, tuple[float, int]] = {}
    operations = [node for node in range(len(tape)) if tape.code[node] >= 0]
    level = dict.fromkeys(range(len(tape)), 0)
    for node in operations:
        level[node] = 1 + max(level[i] for i in tape.of(node))
    columns = {
        (PARAMETER, 0): 0,
        (INPUT, 0): 1,
        (PARAMETER, 1): 2,
        (INPUT, 1): 3,
    }  # others: 4
    for node in operations:
        for i in tape.of(node):
            if tape.code[i] < 0:
                found[i] = float(columns.get((int(tape.code[i]), int(tape.data[i])), 4)), level[node] - 1
        before = [found[i][0] for i in tape.of(node) if tape.code[i] >= 0]
        before = before or [x for i in tape.of(node) if (x := found[i][0]) < 4]
        found[node] = sum(before) / len(before), level[node]
    return found


def graph(tape: Tape, left: float) -> list[str]:
    """A tape as a picture, the leaves above."""
    at = {node: (left + 40 + 52 * x, TOP + 14 + LEVEL * row) for node, (x, row) in places(tape).items()}
    parts = []
    for node in at:
        for i in tape.of(node):
            (x, y), (from_x, from_y) = at[node], at[i]
            parts.append(f'<path d="M{from_x:g},{from_y:g} L{x:g},{y:g}" stroke="{style.LINE}" fill="none"/>')
    for node, (x, y) in at.items():
        code, number = int(tape.code[node]), tape.data[node]
        if code >= 0:
            words = SIGNS.get(tape.ops[code].name, tape.ops[code].name)
            parts.append(box(x - 21, y - 12, 42, 24, style.OP_FILL, 12))
        else:
            names = {PARAMETER: f"w{number:.0f}", INPUT: ("x0", "x1", "y")[int(number) % 3]}
            words = names.get(code, f"{number:g}")
            parts.append(box(x - 15, y - 12, 30, 24, FILLS[code]))
        parts.append(text(x, y + 4.5, words, more='text-anchor="middle"'))
    return parts


def grid(x: float, y: float, rows: int, columns: int, fill: str, side: float = 14) -> list[str]:
    return [box(x + j * side, y + i * side, side, side, fill, 0) for i in range(rows) for j in range(columns)]


def blocks(tape: Tape, left: float) -> list[str]:
    """The program of the neuron as a picture: a row for each number, a column for each sample."""
    lines = [line(step) for step in group(tape).steps]
    assert [words.split(" = ")[1][:4] for words in lines] == ["w0[1", "tanh", "sub(", "squa"], lines
    x, y = left + 112, TOP + 88
    parts = [*grid(left + 24, TOP + 16, 1, 3, style.LEAF_FILL), text(left + 24, TOP + 10, "w0 w1 w2", 11)]
    parts += [text(left + 80, TOP + 27, "@", 13), *grid(x, TOP + 2, 4, SAMPLES, style.RESULT_FILL)]
    parts += [text(x + 120, TOP + 13 + 14 * i, name, 11) for i, name in enumerate(("x0", "x1", "1", "y"))]
    parts.append(text(x, TOP - 6, f"{SAMPLES} samples", 11, style.MUTED))
    for words in ("product", "tanh", "− y", "square"):
        parts.append(f'<path d="M{x + 56:g},{y - 22:g} V{y - 5:g}" stroke="{style.LINE}" marker-end="url(#tip)"/>')
        parts += [*grid(x, y, 1, SAMPLES, style.OP_FILL), text(x + 120, y + 11, words, 11)]
        y += LEVEL
    return parts


def picture() -> str:
    """The whole picture as SVG."""
    tape = trace(neuron, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape
    simple = simplify(tape)
    fused = fuse(simple)
    width = PANEL * len(STAGES)
    parts = [f'<rect width="{width}" height="{HEIGHT}" rx="8" fill="{style.PAPER}"/>']
    parts.append(
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0,0 L8,4 L0,8 z" fill="{style.LINE}"/></marker></defs>'
    )
    drawn = [*(graph(one, PANEL * i) for i, one in enumerate((tape, simple, fused))), blocks(fused, PANEL * 3)]
    for i, ((title, words), shapes, (rows, operations)) in enumerate(zip(STAGES, drawn, counts(), strict=True)):
        left = PANEL * i
        parts += [
            text(left + 24, 34, title, 17, more='font-weight="bold"'),
            text(left + 24, 56, words, 13, style.MUTED),
        ]
        if i:
            parts.append(f'<path d="M{left:g},20 V{HEIGHT - 20}" stroke="{style.CONSTANT_FILL}"/>')
        parts += shapes
        what = "array operations" if i == 3 else f"rows, {operations:,} operations"
        parts += [text(left + 24, HEIGHT - 44, f"{rows:,} {what}", 14, more='font-weight="bold"')]
        parts += [text(left + 24, HEIGHT - 24, "network for digits, 64-30-30-10", 12, style.MUTED)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" '
        'role="img" aria-label="The stages of the compiler" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" '
        'style="max-width:100%;height:auto">\n<title>The stages of the compiler: trace, simplify, fuse, group</title>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8")
    print(f"docs/{FILE.name}")
