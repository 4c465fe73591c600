"""The smallest program that shows a mistake: one of the battery, made smaller as long as the mistake still shows.

This file owns what is small and how programs get smaller; it must not know what is said about them.
Read next: `hand.py`, the numbers that stand beside a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..programs import Action, Operand, Program, Step

__all__ = ["ENOUGH", "shrunk", "size", "smaller", "smallest"]

ENOUGH = 8  # programs from which the search begins
MOST_STEPS = 12  # programs with more are about their length

Shows = Callable[[Program], bool]


def size(program: Program) -> tuple[int, int]:
    """What makes a program large for a reader; `a + a` is small, but shows more than one thing at once."""
    twice = any(len({*step.operands}) < len(step.operands) for step in program.steps)
    return len(program.steps) + len(program.script) + 2 * twice, len(program.inputs)


def smallest(programs: Iterable[Program], shows: Shows) -> Program | None:
    """The smallest program that shows something, to which one of these can be made smaller; None if none does."""
    found = sorted([p for p in programs if len(p.steps) <= MOST_STEPS and shows(p)], key=size)
    return min([shrunk(p, shows) for p in found[:ENOUGH]], key=size, default=None)


def shrunk(program: Program, shows: Shows) -> Program:
    """The program with one thing after the other left out, as long as it still shows what it should.

    Example:
        >>> from autograd.check.programs import Program, Step, expected
        >>> from autograd.check.diagnosis.smallest import shrunk
        >>> long = Program("", (2.0, 3.0, 5.0), (Step("mul", (0, 1)), Step("add", (3, 2)), Step("tanh", (4,))))
        >>> print(shrunk(long, lambda program: any(step.op == "tanh" for step in program.steps)).code())
        a = Value(5.0)
        b = a.tanh()
        b.backward()
    """
    while True:
        # A leaf as the result of a pass is a matter of its own: what is right for it, few engines do twice.
        better = (p for p in smaller(program) if size(p) < size(program) and leaves(p) <= leaves(program) and shows(p))
        best = min(better, key=size, default=None)
        if best is None:
            return program
        program = best


def leaves(program: Program) -> int:
    """How many backward passes begin at an input."""
    return sum(action[0] == "backward" and action[1] < len(program.inputs) for action in program.script)


def smaller(program: Program) -> Iterator[Program]:
    """The programs with one step, or one action of the script, left out; inputs that nothing needs go with it."""
    first = len(program.inputs)
    for k, step in enumerate(program.steps):
        for x in dict.fromkeys(x for x in step.operands if isinstance(x, int)):
            yield without(program, first + k, x)
    for k in range(len(program.script)):
        script = (*program.script[:k], *program.script[k + 1 :])
        if any(action[0] == "backward" for action in script):
            yield needed(Program("", program.inputs, program.steps, script))


def without(program: Program, position: int, instead: int) -> Program:
    """The program without the step at this position; its operand `instead` stands for its result."""

    def moved(x: Operand) -> Operand:
        if not isinstance(x, int):
            return x
        x = instead if x == position else x
        return x - (x > position)

    k = position - len(program.inputs)
    steps = [Step(s.op, tuple(map(moved, s.operands))) for s in (*program.steps[:k], *program.steps[k + 1 :])]
    return needed(Program("", program.inputs, tuple(steps), renumbered(program.script, moved)))


def needed(program: Program) -> Program:
    """The program without the inputs and steps that no result of it is made of."""
    first = len(program.inputs)
    used = {action[1] for action in program.script if action[0] == "backward"}
    for position, step in reversed([*enumerate(program.steps, first)]):
        if position in used:
            used |= {x for x in step.operands if isinstance(x, int)}
    new = {old: k for k, old in enumerate(sorted(used))}
    inputs = tuple([x for i, x in enumerate(program.inputs) if i in used])
    steps = [step for position, step in enumerate(program.steps, first) if position in used]
    kept = tuple([Step(s.op, tuple([new[x] if isinstance(x, int) else x for x in s.operands])) for s in steps])
    script = tuple([action for action in program.script if action[0] != "set" or action[1] in used])
    return Program("", inputs, kept, renumbered(script, lambda x: new[x] if isinstance(x, int) else x))


def renumbered(script: tuple[Action, ...], moved: Callable[[Operand], Operand]) -> tuple[Action, ...]:
    """The script with other positions."""
    return tuple([(name, moved(rest[0]), *rest[1:]) if rest else (name,) for name, *rest in script])
