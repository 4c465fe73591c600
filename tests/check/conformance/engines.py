"""A small engine that is right as far as a lesson goes, edits of it, and the examination of some cases alone."""

import contextlib
import json
import sys

from autograd.check.conformance import cases
from autograd.check.conformance.case import Verdict
from autograd.check.conformance.dialect import Dialect
from autograd.check.conformance.lookups import REFLECTED
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
CALLS = 200_000  # enough for every case but those of an engine that takes every path
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


class TooManyCalls(BaseException):
    """Instead of waiting for an engine that would take years; no Exception, which would be taken for the engine's."""


@contextlib.contextmanager
def call_budget():
    """A block that may make so many calls."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += 1
        if calls > CALLS:
            sys.setprofile(None)
            raise TooManyCalls

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)


def here(value_class):
    """The results of all cases in this process, by name: case and verdict, None where the class lacks what it needs.

    For classes that neither loop without a call nor end the process, and without the deep chains.
    """
    dialect = Dialect(value_class)
    offered = [op for op in (*TABLE, *REFLECTED) if dialect.offers(op)]
    found = {}
    for case in cases({*offered, "constants"}):
        if case.group == "depth" and case.level != "lesson":
            continue
        found[case.name] = (case, None if case.missing(offered) else verdict_here(case, dialect))
    return found


def verdict_here(case, dialect):
    """What the answer to one case shows, which goes through JSON as it does between processes."""
    request = json.loads(json.dumps(case.request()))
    with call_budget():
        answer = answered(request, dialect)
    if isinstance(answer, dict) and "raised" in answer:
        return Verdict("wrong", answer["raised"])
    return case.judge(json.loads(json.dumps(answer)), dialect.names)


def wrong(found, level):
    """The names of what keeps a class from a level, of what `here` gave."""
    levels = ("lesson", "complete", "robust")
    reached = levels[: levels.index(level) + 1]
    return [
        name for name, (case, verdict) in found.items()
        if (verdict is None and case.needed in reached)
        or (verdict is not None and verdict.outcome == "wrong" and case.level in reached)
    ]  # fmt: skip
