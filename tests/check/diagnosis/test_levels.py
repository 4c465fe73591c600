"""The level of a mistake is the lowest level of conformance at which it breaks a case."""

import pytest

from autograd.check.conformance.case import ProgramCase
from autograd.check.conformance.cases import cases
from autograd.check.diagnosis import explain_observations
from autograd.check.diagnosis.battery import BATTERY, CONSTANTS, DEEP, PATHS
from autograd.check.diagnosis.broken_repeated import TapeUsedUp, UsedUp
from autograd.check.diagnosis.candidates import careful, positions
from autograd.check.diagnosis.forms import REVERSED
from autograd.check.diagnosis.model import Model, Node, Rules, topological
from autograd.check.diagnosis.operators import OPERATORS
from autograd.check.diagnosis.partials import PARTIALS
from autograd.check.diagnosis.repeated import REPEATED, RUNNING
from autograd.check.diagnosis.structure import BASIC
from autograd.check.diagnosis.values import REVERSED_KEYS
from autograd.check.programs import Observation, observe

LEVELS = ("lesson", "complete", "robust")
CASES = sorted((c for c in cases() if isinstance(c, ProgramCase)), key=lambda case: LEVELS.index(case.level))
SHORT = [p for p in BATTERY if len(p.steps) < 50]


def lowest(*engines, ops=()):
    """The level of the first case that one of the engines breaks; "" if they break none."""
    for case in CASES:
        if not ops or any(step.op in ops for program in case.programs for step in program.steps):
            for engine in engines:
                seen = [observe(program, engine()) for program in case.programs]
                if case.judge([(o.values, o.gradients, o.error) for o in seen]).outcome == "wrong":
                    return case.level
    return ""


@pytest.mark.parametrize("mistake", [*BASIC, *REPEATED], ids=lambda mistake: mistake.key)
def test_mistakes_of_structure(mistake):
    assert lowest(*mistake.models) == mistake.level


@pytest.mark.parametrize("mistake", [m for m in PARTIALS if m.ways], ids=lambda mistake: mistake.key)
def test_mistakes_of_operations(mistake):
    engines, ops = [], set()
    for way in mistake.ways:
        for op in way.ops or ("mul",):
            ops.add(op)
            for pattern in ("v", "vv", "vc", "n"):
                rules = {(op, pattern, i): careful(way) for i in positions(pattern) if way.position in (None, i)}
                engines += [lambda key=key, slip=slip: Model(Rules(slips={key: slip})) for key, slip in rules.items()]
    engines.append(Model)  # the one without a mistake breaks nothing
    assert lowest(*engines, ops=ops) == mistake.level


@pytest.mark.parametrize("op", REVERSED_KEYS)
def test_reversed_operators(op):
    (mistake,) = [mistake for mistake in OPERATORS if mistake.key == REVERSED_KEYS[op]]
    reversed_one = Rules({(op, "cv"): REVERSED[op, "cv"][0]})
    assert lowest(lambda: Model(reversed_one), ops={op}) == mistake.level
    (diagnosis,) = explain_observations({p.name: observe(p, Model(reversed_one)) for p in SHORT})
    assert (diagnosis.mistake, diagnosis.level) == (mistake.key, mistake.level)


@pytest.mark.parametrize(("model", "level"), [(UsedUp, "complete"), (TapeUsedUp, "lesson")])
def test_a_form_of_a_mistake_that_breaks_less_is_of_a_higher_level(model, level):
    (diagnosis,) = explain_observations({p.name: observe(p, model()) for p in SHORT})
    assert (diagnosis.mistake, diagnosis.level) == ("graph-consumed", level)
    assert lowest(model) == level


def test_powers_of_values_are_of_the_course():
    slip = careful(next(way for m in PARTIALS if m.key == "sign" for way in m.ways))
    for key, level in ((("pow", "vv", 1), "complete"), (("pow", "vc", 0), "lesson"), (("pow", "cv", 1), "lesson")):
        engine = Rules(slips={key: slip})
        found = explain_observations({p.name: observe(p, Model(engine)) for p in SHORT})
        assert [(diagnosis.mistake, diagnosis.level) for diagnosis in found] == [("sign", level)]
        assert lowest(lambda engine=engine: Model(engine), ops={"pow"}) == level


class WithoutReflected(Model):
    error: Exception

    def apply(self, op, operands):
        if op in CONSTANTS and isinstance(operands[0], float):
            raise self.error
        return super().apply(op, operands)


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (TypeError("unsupported operand type(s) for +: 'float' and 'Value'"), "complete"),  # not offered: not needed
        (AttributeError("'float' object has no attribute 'data'"), "lesson"),  # offered, and fails
    ],
)
def test_reflected_operators_that_are_there_must_work(error, level):
    engine = type("Engine", (WithoutReflected,), {"error": error})
    (diagnosis,) = explain_observations({p.name: observe(p, engine()) for p in SHORT})
    assert (diagnosis.mistake, diagnosis.level) == ("reflected-missing", level)


class Recursive(Model):
    """Ends where the graph is too large, as an engine does whose sort calls itself."""

    nodes = 0

    def backward(self, root):
        if len(topological(root)) > self.nodes:
            raise RecursionError("maximum recursion depth exceeded")
        super().backward(root)


@pytest.mark.parametrize(("nodes", "level"), [(400, "lesson"), (900, "robust")])
def test_a_chain_that_is_too_deep(nodes, level):
    engine = type("Engine", (Recursive,), {"nodes": nodes})
    (diagnosis,) = explain_observations({p.name: observe(p, engine()) for p in (*SHORT, *DEEP)})
    assert (diagnosis.mistake, diagnosis.level) == ("recursion-limit", level)
    # The deeper chains are measured in a process of their own: no program of the others is as deep.
    assert lowest(engine) == ("lesson" if level == "lesson" else "")
    assert {case.level for case in cases() if case.name == "depth/1000"} == {"robust"}


class AlongEveryPath(Model):
    """Is stopped where the ways from the result to the leaves are more than anybody waits for."""

    def backward(self, root):
        ways = {}
        for node in topological(root):
            ways[id(node)] = sum(ways[id(x)] for x in node.operands if isinstance(x, Node)) or 1
        if ways[id(root)] > 1e9:
            raise TimeoutError
        super().backward(root)


def test_paths_that_are_too_many():
    (mistake,) = [mistake for mistake in RUNNING if mistake.key == "exponential-paths"]
    observations = {p.name: observe(p, AlongEveryPath()) for p in SHORT}
    observations[PATHS.name] = Observation((), (), "time limit: 5 s")
    (diagnosis,) = explain_observations(observations)
    assert (diagnosis.mistake, diagnosis.level) == (mistake.key, mistake.level)
    assert lowest(AlongEveryPath) == mistake.level
