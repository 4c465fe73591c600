"""A small engine that is right as far as a lesson goes, edits of it, and the examination of some cases alone."""

import json

from autograd.check.conformance import cases
from autograd.check.conformance.dialect import REFLECTED, Dialect
from autograd.check.conformance.runner import Examination
from autograd.check.conformance.session import Session
from autograd.check.conformance.target import parsed
from autograd.check.conformance.worker import answered
from autograd.check.programs import TABLE

SMALL = """\
class Value:
    def __init__(self, data, operands=(), partials=()):
        self.data = data
        self.grad = 0.0
        self.operands, self.partials = operands, partials

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (float(self.data > 0),))

    def backward(self):
        order, seen = [], set()

        def build(v):
            if v not in seen:
                seen.add(v)
                for operand in v.operands:
                    build(operand)
                order.append(v)

        build(self)
        self.grad = 1.0
        for v in reversed(order):
            for operand, partial in zip(v.operands, v.partials):
                operand.grad += partial * v.grad
"""
RELU = "        return Value(max(0.0, self.data), (self,), (float(self.data > 0),))\n"


def small(old="", new=""):
    """The engine with one text in place of another, which must stand there."""
    assert old in SMALL
    return SMALL.replace(old, new, 1) if old else SMALL


def file(folder, source, name="engine.py"):
    path = folder / name
    path.write_text(source, "utf-8")
    return str(path)


def asked(target, *names, time_limit=20.0, memory_limit=2048):
    """The results of the cases of these names, asked one after the other in a worker, by name."""
    wanted = {case.name: case for case in cases()}
    with Session(parsed(target), memory_limit * 2**20, 60.0) as session:
        examination = Examination(session, session.start(), time_limit)
        examination.add(wanted[name] for name in names)
        return {result.name: result for result in examination.results}


def here(value_class, *, deep=False):
    """The results of all cases in this process, by name: case and verdict, None where the class lacks what it needs.

    For classes that neither loop nor end the process; the deep chains only if they are asked for.
    """
    dialect = Dialect(value_class)
    offered = [op for op in (*TABLE, *REFLECTED) if dialect.offers(op)]
    found = {}
    for case in cases({*offered, "constants"}):
        if deep or case.group != "depth" or case.level == "lesson":
            answer = None if case.missing(offered) else answered(json.loads(json.dumps(case.request())), dialect)
            verdict = None if answer is None else case.judge(json.loads(json.dumps(answer)), dialect.names)
            found[case.name] = (case, verdict)
    return found


def wrong(found, level):
    """The names of what keeps a class from a level, of what `here` gave."""
    levels = ("lesson", "complete", "robust")
    reached = levels[: levels.index(level) + 1]
    return [
        name for name, (case, verdict) in found.items()
        if (verdict is None and case.needed in reached)
        or (verdict is not None and verdict.outcome == "wrong" and case.level in reached)
    ]  # fmt: skip
