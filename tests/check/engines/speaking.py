"""Runs programs on the engines of this folder, whose names are known: an oracle that looks for nothing.

The programs reach every operation, alone and under another, every way to share a number, and every way to go backward
twice; `random_program` draws more of them, whose numbers stay where they say something.
"""

import math
import operator
import random
import sys
from types import SimpleNamespace

from autograd.check.programs import Program, Step

OPERATORS = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
             "pow": operator.pow, "neg": operator.neg, "abs": operator.abs}  # fmt: skip
FUNCTIONS = ("exp", "log", "tanh", "relu", "sigmoid", "sin", "cos", "sqrt", "log10", "exp2")


def speaker(value_class, style):
    """How the engine is spoken to, as `autograd.check.programs.observe` wants it."""
    module = sys.modules[value_class.__module__]

    def apply(op, operands):
        if op in OPERATORS:
            return OPERATORS[op](*operands)
        if op == "sum":
            return getattr(module, "sum", sum)(operands)
        function = getattr(value_class, op, None) or getattr(module, op)
        return function(*operands)

    def zero(values):
        for v in values:
            if hasattr(v, "zero_grad"):
                v.zero_grad()
            else:
                setattr(v, style.grad, 0.0)

    return SimpleNamespace(
        leaf=value_class, apply=apply, zero=zero, data=operator.attrgetter(style.data),
        gradient=lambda v: getattr(v, style.grad) or 0.0, backward=operator.methodcaller("backward"),
        set_data=lambda v, x: setattr(v, style.data, x))  # fmt: skip


def differs(one, two, digits=1e-9):
    """Whether two observations tell two stories; how an error is worded does not count."""
    if bool(one.error) != bool(two.error):
        return True
    pairs = zip(one.values + one.gradients, two.values + two.gradients, strict=False)
    return any(not math.isclose(x, y, rel_tol=digits, abs_tol=digits) for x, y in pairs)


def _chain(op, n):
    return tuple(Step(op, (i,) if op not in ("add", "mul") else (i, i)) for i in range(n))


def _programs():
    for x in (0.7, 2.3, -1.2):
        for op in (*FUNCTIONS, "neg", "abs"):
            if x > 0 or op not in ("log", "sqrt", "log10"):
                yield (x,), (Step(op, (0,)),)
                yield (x,), (Step(op, (0,)), Step("mul", (1, -3.0)), Step("add", (2, 0)))
        for op in ("add", "sub", "mul", "div"):
            for operands in ((0, 1), (1, 0), (0, 0), (0, 2.5), (2.5, 0)):
                yield (x, 1.9), (Step(op, operands), Step("mul", (2, 2)), Step("mul", (3, 3.0)))
        for exponent in (3.0, 2.0, -1.0, 1.0, 0.0):
            yield (x,), (Step("pow", (0, exponent)), Step("mul", (1, 5.0)))
        yield (x,), (Step("pow", (1.7, 0)), Step("mul", (1, 5.0)))
        yield (x, 4.0), (Step("sum", (0, 1, 0)), Step("mul", (2, 3.0)))
    yield (3.0, 5.0), (Step("add", (0, 1)), Step("mul", (2, 0)), Step("mul", (3, 2)), Step("add", (4, 0)))
    yield (2.0,), (Step("mul", (0, 0)), Step("mul", (1, 0)), Step("add", (1, 2)), Step("mul", (3, 1)))
    yield (2.0, 2.0), (Step("mul", (0, 1)), Step("add", (2, 0)), Step("add", (2, 1)), Step("mul", (3, 4)))
    yield (2.0, 2.0), (Step("mul", (0, 0)), Step("mul", (1, 1)), Step("mul", (2, 3)), Step("add", (4, 0)))
    yield (1.5,), _chain("add", 12)
    yield (0.5,), _chain("neg", 500)
    product, square = (Step("mul", (0, 1)),), (Step("mul", (0, 0)), Step("mul", (1, 1)), Step("add", (2, 0)))
    yield (2.0, 3.0), product, (("backward", 2), ("backward", 2))
    yield (2.0,), square, (("backward", 3), ("backward", 3))
    yield (2.0,), square, (("backward", 3), ("zero",), ("backward", 3))
    yield (2.0,), square, (("backward", 3), ("backward", 1))
    yield (2.0,), (), (("backward", 0), ("backward", 0))
    yield (2.0,), (Step("mul", (0, 0)), Step("sin", (0,))), (("backward", 1), ("backward", 2))
    yield (2.0,), (Step("mul", (0, 0)), Step("sin", (0,))), (("backward", 1), ("zero",), ("backward", 2))
    for op in ("exp", "log", "tanh", "sigmoid", "sin", "cos", "sqrt", "relu"):
        yield (0.7,), (Step(op, (0,)),), (("set", 0, 1.4), ("backward", 1))
    for op in ("mul", "div"):
        yield (2.0, 3.0), (Step(op, (0, 1)),), (("set", 0, 5.0), ("set", 1, 7.0), ("backward", 2))
    yield (2.0,), (Step("pow", (0, 3.0)),), (("set", 0, 5.0), ("backward", 1))


PROGRAMS = tuple(Program(f"program {i}", *parts) for i, parts in enumerate(_programs()))
PATHS = Program("2**40 paths", (1.0,), _chain("add", 40))


def random_program(seed, size=12):
    """A program of any operations, in their domains, whose numbers stay between 1e-3 and 30."""
    rng = random.Random(f"program {seed}")
    inputs = tuple(round(rng.uniform(-3.0, 3.0), 2) or 0.5 for _ in range(rng.randint(1, 3)))
    steps, values = [], list(inputs)
    while len(steps) < size:
        step = _random_step(rng, len(values))
        x = _forward(step, values)
        if x is not None and 1e-3 < abs(x) < 30:
            steps.append(step)
            values.append(x)
    return Program(f"random {seed}", inputs, tuple(steps))


def _random_step(rng, count):
    # the latest numbers are taken more often, so that what comes first matters for the last
    def pick():
        return count - 1 - min(int(rng.expovariate(0.5)), count - 1)

    kind = rng.random()
    if kind < 0.4:
        return Step(rng.choice((*FUNCTIONS, "neg", "abs")), (pick(),))
    constant = round(rng.uniform(-3.0, 3.0), 1)
    if kind < 0.8:
        operands = rng.choice([(pick(), pick()), (pick(), constant), (constant, pick())])
        return Step(rng.choice(("add", "sub", "mul", "div")), operands)
    if kind < 0.9:
        return Step("pow", (pick(), rng.choice((2.0, 3.0, -1.0, 0.5))))
    return Step("sum", tuple(pick() for _ in range(3)))


def _forward(step, values):
    """The value of the step in floats; None outside the domain, and where relu or abs is close to its kink."""
    xs = [values[x] if isinstance(x, int) else x for x in step.operands]
    try:
        if step.op == "sum":
            return math.fsum(xs)
        if step.op in OPERATORS:
            y = OPERATORS[step.op](*xs)
            return y if isinstance(y, float) else None
        if step.op == "relu":
            return max(xs[0], 0.0)
        if step.op == "sigmoid":
            return 1 / (1 + math.exp(-xs[0]))
        return getattr(math, step.op)(*xs)
    except (ArithmeticError, ValueError):
        return None
