"""What must hold: that right engines pass, that planted mistakes are found, and at which level."""

import json
import math
import random

import pytest

import autograd
from autograd.check.conformance import cases
from autograd.check.conformance.case import ProgramCase
from autograd.check.conformance.cases.mixed import DEEPEST, mixed, random_program
from autograd.check.conformance.report import LEVELS
from autograd.check.programs import Observation, expected

from ..engines.mistakes import PLANTED
from ..engines.planting import STYLES, loaded
from ..engines.variants import VARIANTS
from .engines import SMALL, here, small, wrong

CASES = cases()


def test_names_are_unique_and_say_the_group():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) > 130
    assert all(case.name.startswith(f"{case.group}/") for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_complete(case):
    assert case.level in LEVELS
    assert case.needed in ("", *LEVELS)
    assert case.title.endswith(".")
    assert case.title[:1] == case.title[:1].upper() or case.title.split()[0].islower()
    assert json.loads(json.dumps(case.request()))
    code = case.code()
    compile(code, case.name, "exec")
    assert "Value(" in code


def test_what_each_level_needs():
    """The operations without which a class cannot reach a level: the documentation says these."""

    def needed(level):
        found = {op for case in CASES if case.needed == level for op in case.operations()}
        return sorted(found)

    assert needed("lesson") == ["add", "mul"]
    assert needed("complete") == [
        "add", "div", "exp", "log", "mul", "neg", "pow", "radd", "rdiv", "relu", "rmul", "rpow", "rsub", "sub", "tanh",
    ]  # fmt: skip


def test_our_own_class_holds_in_every_case():
    found = here(autograd.Value)
    assert wrong(found, "robust") == []
    # free functions live in the module `autograd`, of which this look at the class alone knows nothing
    functions = ("maximum", "minimum", "hypot", "atan2", "mean", "prod", "max", "min", "logsumexp")
    missing = {name for name, (_, verdict) in found.items() if verdict is None}
    assert missing <= {f"functions/{name}" for name in functions}


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_right_engine_of_each_style_passes_the_lesson(style):
    with loaded(style.source, style.value_class) as value_class:
        assert wrong(here(value_class), "lesson") == []


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("variant", VARIANTS[::28], ids=str)
def test_right_variants_pass_the_lesson_and_at_most_lack_value_to_the_value(variant):
    with loaded(variant.source, variant.style.value_class) as value_class:
        found = here(value_class)
    assert wrong(found, "lesson") == []
    assert set(wrong(found, "complete")) <= {"operators/a ** b"}


def test_the_small_engine_passes_the_lesson():
    space = {}
    exec(SMALL, space)
    found = here(space["Value"])
    assert wrong(found, "lesson") == []
    assert {"operators/a - b", "operators/2.0 + a", "functions/exp", "passes/the same result again"} <= set(
        wrong(found, "complete")
    )


POWER = """
    def __pow__(self, n):
        n = n if isinstance(n, Value) else Value(n)
        a, y = self.data, self.data ** n.data
        return Value(y, (self, n), (n.data * a ** (n.data - 1), LOG))
"""


@pytest.mark.parametrize(("log", "seen"), [
    ("y * math.log(a)", "ValueError"), ("y * math.log(a) if a > 0 else 0.0", ""),
])  # fmt: skip
def test_a_squared_error_may_be_negative_or_0(log, seen):
    """An exponent that is lifted has a gradient of its own, with log(a): at (-3)² and 0² it must not be in the way."""
    space = {}
    exec("import math\n" + SMALL + POWER.replace("LOG", log), space)
    _, verdict = here(space["Value"])["operators/a ** n at 0 and below"]
    assert verdict.outcome == ("wrong" if seen else "holds")
    assert seen in verdict.seen


# What is planted, and the lowest level that has to find it.
HIGHER = {"reflected-missing": "complete", "seed-accumulates": "complete", "not-zeroed": "complete",
          "graph-consumed": "complete", "stale-forward-value": "robust"}  # fmt: skip
SAMPLE = [planted for i, planted in enumerate(PLANTED) if not planted.isolated and i % 37 == 0]
HARMLESS = [planted for planted in PLANTED if planted.mistake in HIGHER and not planted.isolated][::9]


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("planted", [*SAMPLE, *HARMLESS], ids=str)
def test_a_planted_mistake_is_found_at_its_level(planted):
    with loaded(planted.source, planted.style.value_class) as value_class:
        found = here(value_class)
    known = {"operators/a ** b", "size/freeing", *(name for name in found if name.startswith(("refused/", "edges/")))}
    level = HIGHER.get(planted.mistake, "lesson")
    assert set(wrong(found, level)) - known, f"{planted} passes the level {level}"
    if level != "lesson" and (planted.style.name, planted.mistake) != ("tape", "graph-consumed"):
        # a tape that is cleared loses the other results, too, which is a matter of the lesson
        assert not set(wrong(found, LEVELS[LEVELS.index(level) - 1])) - known, f"{planted} is found too early"


# --- the comparison ------------------------------------------------------------------------------------------


def case(name):
    return next(case for case in CASES if case.name == name)


def answer(program, **changed):
    right = expected(program)
    seen = Observation(changed.get("values", right.values), changed.get("gradients", right.gradients),
                       changed.get("error", ""))  # fmt: skip
    return [(seen.values, seen.gradients, seen.error)]


SHARED = case("sharing/a + a")  # a = 3: the value 6, the gradient 2


@pytest.mark.parametrize(("changed", "seen", "right"), [
    ({"gradients": (1.0,)}, "a.grad is 1", "2"),
    ({"gradients": (2.0 + 1e-7,)}, "a.grad is 2.0000001", "2"),
    ({"gradients": (math.nan,)}, "a.grad is nan", "2"),
    ({"gradients": (math.inf,)}, "a.grad is inf", "2"),
    ({"gradients": ()}, "a gradient is missing", "one for each input"),
    ({"values": (3.0, 5.0)}, "b.data is 5", "6"),
    ({"values": (3.0,), "gradients": (), "error": "step 1: TypeError: no"}, "step 1: TypeError: no", "b.data is 6"),
    ({"gradients": (), "error": "backward: KeyError: "}, "backward: KeyError", "a.grad is 2"),
])  # fmt: skip
def test_the_first_difference_is_told(changed, seen, right):
    (program,) = SHARED.programs
    verdict = SHARED.judge(answer(program, **changed))
    assert (verdict.outcome, verdict.seen, verdict.expected) == ("wrong", seen, right)
    assert verdict.program == "a = Value(3.0)\nb = a + a\nb.backward()"


def test_the_last_digits_do_not_count():
    (program,) = SHARED.programs
    assert SHARED.judge(answer(program, gradients=(2.0 * (1 + 1e-10),))).outcome == "holds"


def test_a_difference_is_told_in_the_words_of_the_class():
    (program,) = SHARED.programs
    names = {"leaf": "Var(x)", "data": ".val", "gradient": ".derivative", "backward": ".back()", "zero": ""}
    verdict = SHARED.judge(answer(program, gradients=(1.0,)), names)
    assert verdict.seen == "a.derivative is 1"
    assert verdict.program.startswith("a = Var(3.0)")
    assert "w.val, b.val = w.val - 0.05 * w.derivative" in case("passes/training").code(names)
    assert "loss.back()" in case("passes/training").code(names)


@pytest.mark.parametrize("bad", [None, 3, [], [1], [(1, 2)], [("x", (), "")], [((1.0,), (1.0,), 5)], {"error": ""}])
def test_an_answer_that_is_none_is_refused(bad):
    with pytest.raises((TypeError, ValueError)):
        SHARED.judge(bad)
    with pytest.raises((TypeError, ValueError, KeyError)):
        case("depth/1000").judge(bad)


@pytest.mark.parametrize("name", ["edges/log(0)", "edges/1 / 0", "edges/exp(1000)", "edges/1e200 ** 2"])
def test_where_there_is_no_number_an_error_is_as_good_as_infinity(name):
    edge = case(name)
    (right,) = edge.right
    inputs = right.values[:-1]
    assert edge.judge([(inputs, (), "step 1: OverflowError: x")]).outcome == "holds"
    assert edge.judge([(right.values, (1.0, 1.0), "")]).outcome == "holds"
    assert edge.judge([((*inputs, 1e300), (1.0, 1.0), "")]).outcome == "wrong"


@pytest.mark.parametrize(("gradient", "outcome"), [(0.0, "holds"), (0.5, "holds"), (1.0, "holds"), (-0.1, "wrong"),
                                                   (1.1, "wrong"), (math.nan, "wrong")])  # fmt: skip
def test_at_a_kink_every_number_between_the_sides_is_right(gradient, outcome):
    assert case("edges/relu(0)").judge([((0.0, 0.0), (gradient,), "")]).outcome == outcome


def test_tiny_gradients_are_compared_as_exactly_as_others():
    edge = case("edges/1e-200 * 1e-200")
    assert edge.judge([((1e-200, 1e-200, 0.0), (1e-200, 1e-200), "")]).outcome == "holds"
    assert edge.judge([((1e-200, 1e-200, 0.0), (0.0, 1e-200), "")]).outcome == "wrong"


def test_what_is_measured_is_judged():
    freeing = case("size/freeing")
    facts = {"nodes": 801, "left": 0, "collected": 0}
    assert freeing.judge(facts).outcome == "holds"
    assert "wait for a full collection" in freeing.judge({**facts, "left": 800}).seen
    assert "stay for good" in freeing.judge({**facts, "left": 800, "collected": 800}).seen
    assert freeing.judge({"error": "RecursionError: x"}).seen == "RecursionError: x"
    assert case("refused/Value(None)").judge({"made": "a Value is made"}).seen == "no error: a Value is made"
    assert case("refused/Value(None)").judge({"made": ""}).outcome == "holds"
    memory = case("size/memory per node")
    assert [figure.value for figure in memory.judge({"kept": 120.0, "peak": 240.0}).figures] == [120.0, 240.0]
    with pytest.raises(ValueError, match="not negative"):
        memory.judge({"kept": math.nan, "peak": 1.0})


# --- random programs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sound", [set(), {"sub", "neg"}, {"add", "mul", "exp", "tanh", "constants"}],
                         ids=lambda sound: "+".join(sorted(sound)))  # fmt: skip
def test_random_programs_use_what_is_sound_and_stay_moderate(sound):
    for drawn in mixed(sound):
        used = {step.op for program in drawn.programs for step in program.steps}
        assert used <= sound | {"add", "mul"}
        assert set(drawn.operations()) <= sound | {"add", "mul"}
        for program in drawn.programs:
            right = expected(program)
            assert not right.error
            assert max(map(abs, right.values)) <= 4.0
            assert 0.05 < max(map(abs, right.gradients)) < 50.0


def test_random_programs_are_the_same_every_time_and_deep():
    assert mixed({"sub"})[-1].programs == mixed({"sub"})[-1].programs
    program = random_program("deep", 150, random.Random(1), {"sub", "div", "tanh"})
    depths = [0, 0, 0]
    for step in program.steps:
        depths.append(1 + max(depths[x] for x in step.operands if isinstance(x, int)))
    assert 20 < max(depths) <= DEEPEST


def test_the_lesson_does_not_ask_a_recursive_engine_for_more_than_it_can():
    """The small engine recurses; with one call per operation, the deepest program of the lesson leaves room."""
    space = {}
    exec(small(), space)
    found = here(space["Value"])
    assert found["depth/500"][1].outcome == "holds"
    deepest = max(len(p.steps) for c in CASES if isinstance(c, ProgramCase) and c.level == "lesson" for p in c.programs)
    assert deepest <= 500
