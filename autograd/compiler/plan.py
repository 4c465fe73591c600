"""The plan: what became of a function, to print.

It owns the words and the counts; it must not know how any of it was found.
Read next: `trace/tape.py`; it names the steps of `group/program.py`.

    >>> import autograd
    >>> f = lambda w, x, y: (autograd.tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> step = autograd.compile(f, executor="numpy")
    >>> w = [autograd.Value(number) for number in (0.5, -1.0, 0.25)]
    >>> loss = step(w, [[2.0, 3.0], [0.5, 0.0]], [1.0, -1.0])
    >>> print(step.plan)
    path 0: 14 nodes traced -> 13 simplified -> 10 fused -> 4 array operations
        a sample: 3 numbers; 3 parameters; run by numpy
        memory: 64 bytes, and 128 for each sample of a batch
        w3 = 1
        z0..1 = columns 0..1
        z3 = column 2
        z2 = 1
        z4 = w0[1x3, steps 3, 1] @ z0..2
        z5 = tanh(z4)
        z6 = sub(z5, z3)
        z7 = square(z6)
        return z7
    <BLANKLINE>
    z: numbers of each sample; w: numbers that all samples share, the parameters first
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from .calls.path import Path
from .calls.paths import Paths
from .calls.plans import Plans
from .group.program import Program, Thin
from .trace.tape import Tape
from .trace.tracing import lines_of, trace

__all__ = ["Plan"]


FEW = 8  # numbers that are told one by one


class Plan:
    """What was compiled of a function, for each form of sample and each path: `print` it.

    Attributes:
        paths: The paths, with all that the stages have made: `traced.tape`, `simple`, `fused`, `program`.
    """

    def __init__(self, plans: Sequence[Plans]) -> None:
        self._forms = [paths for one in plans for paths in one.forms.values()]
        self.paths = [path for paths in self._forms for path in paths.known]

    def __str__(self) -> str:
        if not self.paths:
            return "nothing is compiled yet: the first call does it"
        parts = [_described(paths, path) for paths in self._forms for path in paths.known]
        told = [f"path {i}: {part}" for i, part in enumerate(parts)]
        told += [f"not compiled: {paths.warned}" for paths in self._forms if paths.warned]
        legend = "z: numbers of each sample; w: numbers that all samples share, the parameters first"
        return "\n\n".join([*told, legend])

    __repr__ = __str__


def _described(paths: Paths, path: Path) -> str:
    """The counts of a path, and its steps."""
    program, thin = path.program, [len(step.code) for step in path.program.steps if isinstance(step, Thin)]
    n_steps = len(program.steps) - len(thin)
    runs = type(path.executor).__name__.removesuffix("Executor").lower()
    lines = [
        f"{len(path.traced.tape)} nodes traced -> {len(path.simple)} simplified -> {len(path.fused)} fused "
        f"-> {n_steps} array operation{'s' * (n_steps != 1)}" + (f" and {sum(thin)} single ones" if thin else ""),
        f"a sample: {program.n_inputs} numbers; {program.n_parameters} parameters; run by {runs}",
        f"memory: {_memory(program, paths)} of a batch",
    ]
    if "single" in vars(path):
        lines.append(f"memory for gradients of single samples: {_memory(path.single.program, paths)}")
    lines += [
        f"whole number {column} of a sample is one of {_few(path.integers[column])}: it is read as a number"
        for column in path.read
    ]
    if constants := program.constants.tolist():
        first, n = program.n_parameters, len(constants)
        numbers = ", ".join([f"{x:g}" for x in constants[:FEW]]) + ", ..." * (n > FEW)
        lines.append(f"w{first}{f'..{first + n - 1}' * (n > 1)} = {numbers}")
    return "\n    ".join([*lines, *str(program).splitlines(), *_single(paths, path)])


def _memory(program: Program, paths: Paths) -> str:
    """What the values and gradients of a program take."""
    size = 2 * np.dtype(paths.options.dtype).itemsize
    return f"{size * program.n_shared} bytes, and {size * program.n_sample} for each sample"


def _few(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) if len(numbers) <= FEW else f"{len(numbers)} from {numbers[0]} to {numbers[-1]}"


def _single(paths: Paths, path: Path) -> list[str]:
    """What did not become array operations: which operations, and lines that make such."""
    names = Counter([step.ops[code].name for step in path.program.steps if isinstance(step, Thin)
                     for code in step.code.tolist()])  # fmt: skip
    if not names:
        return []
    tape: Tape = trace(paths.returned, paths.params, *path.sample, form=paths.form).tape
    places = {name: np.flatnonzero(np.isin(tape.code, [i for i, op in enumerate(tape.ops) if op.name == name]))[:1]
              for name in names}  # fmt: skip
    nodes = [int(node) for found in places.values() for node in found]
    lines = iter(lines_of(nodes, paths.returned, paths.params, *path.sample, form=paths.form))
    where = {
        name: f", the first at {next(lines)}" if len(found) else ", made of others" for name, found in places.items()
    }
    return [
        "one by one, for too few others are alike and ready at the same time:",
        *[f"    {count} {name}{where[name]}" for name, count in names.most_common()],
    ]
