"""Explanations of what engines print: the models themselves, several mistakes at once, and real classes."""

import itertools
import math
import struct

import micrograd.engine
import pytest

from autograd import Value
from autograd.check.diagnosis import BATTERY, broken as b, broken_repeated as r, diagnose, explain_observations
from autograd.check.diagnosis.battery import PATHS
from autograd.check.diagnosis.candidates import careful
from autograd.check.diagnosis.evidence import Evidence
from autograd.check.diagnosis.forms import FORMS, REVERSED
from autograd.check.diagnosis.model import FIRST, RIGHT as NO_RULES, Model, Rules, Slip
from autograd.check.diagnosis.partials import PARTIALS
from autograd.check.diagnosis.predicting import combined
from autograd.check.diagnosis.search import ENTRY
from autograd.check.programs import Observation, expected, observe

FORMS_OF_REFLECTED = range(len(FORMS["sub", "cv"]))
SHORT = [p for p in BATTERY if len(p.steps) < 50]
RIGHT = {p.name: expected(p) for p in BATTERY}


def seen(*models, rules=NO_RULES):
    """What an engine prints that makes these mistakes."""
    return {p.name: observe(p, combined(models)(rules)) for p in SHORT}


def keys(observations):
    return [diagnosis.mistake for diagnosis in explain_observations(observations)]


def slip(key, op, position=0, pattern="v", which=0):
    """A wrong partial of the catalogue, as a rule of the model."""
    ways = [way for mistake in PARTIALS if mistake.key == key for way in mistake.ways
            if (not way.ops or op in way.ops) and way.position in (None, position)]  # fmt: skip
    return {(op, pattern, position): careful(ways[which])}


def test_nothing_is_said_of_what_is_right():
    assert explain_observations(RIGHT) == ()
    assert explain_observations({}) == ()


@pytest.mark.parametrize("names", [["shared-1"], ["mul-vv-alone", "mul-vv-times1"], ["passes-2"], ["deep-5000"]])
def test_a_part_of_the_battery_is_enough_to_be_right(names):
    assert explain_observations({name: RIGHT[name] for name in names}) == ()


def test_names_that_are_not_in_the_battery_are_left_aside():
    assert explain_observations({"mine": Observation((), (), "step 1: TypeError: no")}) == ()


# Visiting the result alone and visiting in the wrong direction look the same; the latter is what people do.
SAME = {b.OneLevel: "order-not-reversed"}


@pytest.mark.parametrize("model", [m for m in ENTRY if m is not r.ReplayedAllRoots], ids=lambda m: m.__name__)
def test_each_model_is_recognised(model):
    assert keys(seen(model)) == [SAME.get(model, ENTRY[model].key)]


@pytest.mark.parametrize("key", [key for key in FORMS if key[1] != "n"], ids=str)
def test_composed_operations_are_no_mistake(key):
    for form in FORMS[key]:
        assert keys(seen(rules=Rules(forms={key: form}))) == []


@pytest.mark.parametrize(
    ("key", "op", "position", "pattern"),
    [
        ("tanh-without-square", "tanh", 0, "v"),
        ("exp-log-swapped", "log", 0, "v"),
        ("relu-mask-by-grad", "relu", 0, "v"),
        ("sin-cos-swapped", "cos", 0, "v"),
        ("sign", "sub", 1, "vv"),
        ("div-without-square", "div", 1, "vv"),
        ("missing-chain-factor", "exp", 0, "v"),
        ("factor-two", "sqrt", 0, "v"),
        ("derivative-zero", "max", 1, "n"),
    ],
)
def test_a_wrong_partial_is_named_with_its_operation(key, op, position, pattern):
    (diagnosis,) = explain_observations(seen(rules=Rules(slips=slip(key, op, position, pattern))))
    assert (diagnosis.mistake, diagnosis.where, diagnosis.level) == (key, op, "lesson")


def test_a_mistake_in_an_operation_is_named_where_it_is_and_not_where_it_arrives():
    """`a / b` as `a * b ** -1`: what is wrong with the power is wrong with the quotient."""
    forms = {("div", "vv"): FORMS["div", "vv"][0], ("div", "cv"): FORMS["div", "cv"][0]}
    slips = slip("pow-exponent-off-by-one", "pow", 0, "vc")
    (diagnosis,) = explain_observations(seen(rules=Rules(forms, slips)))
    assert (diagnosis.mistake, diagnosis.where) == ("pow-exponent-off-by-one", "pow")


@pytest.mark.parametrize(
    ("op", "key"), [("sub", "rsub-reversed"), ("div", "rtruediv-reversed"), ("pow", "rpow-reversed")]
)
def test_reversed_operators(op, key):
    assert keys(seen(rules=Rules({(op, "cv"): REVERSED[op, "cv"][0]}))) == [key]


@pytest.mark.parametrize(
    ("op", "pattern", "slip", "words"),
    [
        ("exp2", "v", lambda s: s.y * 0.693, "the right one times 1 - 0.00021"),
        ("exp2", "v", lambda s: s.y * 0.6931471, "the right one times 1 - 1.2e-07"),
        ("log10", "v", lambda s: 1 / (2.3 * s.x), "the right one times 1 + 0.0011"),
        ("erf", "v", lambda s: 2 / math.sqrt(3.14) * math.exp(-(s.x**2)), "the right one times 1 + 0.00025"),
        ("tanh", "v", lambda s: s.partial + 1e-6, "the right one plus 1e-06"),
        ("mul", "vv", lambda s: s.partial * 1.0001, "the right one times 1 + 0.0001"),
    ],
)
@pytest.mark.parametrize("structure", [(), (b.SeedIsValue,), (b.Overwrite,)])
def test_what_is_nearly_right_is_named(op, pattern, slip, words, structure):
    position = len(pattern) - 1
    found = explain_observations(seen(*structure, rules=Rules(slips={(op, pattern, position): Slip(slip, local=True)})))
    diagnosis = next(diagnosis for diagnosis in found if diagnosis.mistake == "inexact-constant")
    assert len(found) == 1 + len(structure)
    assert (diagnosis.where, diagnosis.level) == (op, "lesson")
    assert diagnosis.seen.endswith(f"; that is {words}")


def test_a_value_that_is_nearly_right_is_said_to_be():
    off = {**RIGHT}
    for name, right in RIGHT.items():
        if name.startswith("exp-v"):
            off[name] = Observation((right.values[0], *[1.0001 * y for y in right.values[1:]]), right.gradients)
    (diagnosis,) = explain_observations({name: off[name] for name in off if not name.startswith("exp-v-times")})
    assert (diagnosis.mistake, diagnosis.where) == ("wrong-value", "exp")
    assert "nearly right" in diagnosis.seen


@pytest.mark.parametrize("op", ["mul", "div", "pow", "sub", "maximum"])
def test_operands_that_are_swapped_are_one_mistake(op):
    swap = Slip(lambda s: s.partials[1 - s.i], local=True)
    patterns = ("vv",) if op == "maximum" else ("vv", "vc", "cv") if op == "sub" else ("vv",)
    slips = {(op, p, i): swap for p in patterns for i in range(2) if p[i] == "v"}
    (diagnosis,) = explain_observations(seen(rules=Rules(slips=slips)))
    assert (diagnosis.mistake, diagnosis.where) == ("swapped-operands", op)


class OtherValues(Model):
    """An engine whose operation computes something else."""

    op, wrong = "", staticmethod(lambda *xs: 0.0)

    def node(self, op, operands):
        node = super().node(op, operands)
        if op == self.op:
            node.data = self.wrong(*node.xs)
        return node


@pytest.mark.parametrize(
    "wrong", [lambda a, b: b - a, lambda a, b: abs(a - b), lambda a, b: a + b, lambda a, b: max(a - b, 0.0)]
)
@pytest.mark.parametrize("key", [None, *FORMS_OF_REFLECTED])
def test_a_wrong_value_of_a_difference_is_no_matter_of_reflected_operators(wrong, key):
    engine = type("Engine", (OtherValues,), {"op": "sub", "wrong": staticmethod(wrong)})
    form = {} if key is None else {("sub", "cv"): FORMS["sub", "cv"][key]}
    found = explain_observations({p.name: observe(p, engine(Rules(form))) for p in SHORT})
    assert [(diagnosis.mistake, diagnosis.where) for diagnosis in found] == [("wrong-value", "sub")]


@pytest.mark.parametrize("changed", [lambda x: max(x, 0.0), lambda x: -x, abs])
def test_the_operation_that_changes_its_operand_is_named(changed):
    class Changing(Model):
        def node(self, op, operands):
            node = super().node(op, operands)
            if op == "relu":
                operands[0].data = changed(operands[0].data)
            return node

    found = explain_observations({p.name: observe(p, Changing()) for p in SHORT})
    assert [(diagnosis.mistake, diagnosis.where) for diagnosis in found] == [("operand-changed", "relu")]


def test_sharing_within_one_operation():
    assert keys(seen(rules=Rules(assigned=frozenset({("mul", 1)})))) == ["overwrite"]
    assert keys(seen(rules=Rules(dropped=frozenset({("add", FIRST)})))) == ["duplicate-operand-dropped"]


TRIPLES = [
    ((b.Overwrite,), {**slip("sign", "tanh"), **slip("factor-two", "exp")}, {"overwrite", "sign", "factor-two"}),
    ((b.MissingSeed, r.NotZeroed), {}, {"missing-seed"}),  # where nothing arrives nothing else can be seen
    ((b.SeedIsValue,), {**slip("sigmoid-half", "sigmoid"), **slip("exp-log-swapped", "log")},
     {"seed-is-value", "sigmoid-half", "exp-log-swapped"}),
    ((b.BreadthFirst, r.NotZeroed), slip("relu-mask-missing", "relu"),
     {"order-not-topological", "not-zeroed", "relu-mask-missing"}),
    ((b.RevisitedUnfolded,), {**slip("sign", "sub", 1, "vv"), **slip("tanh-without-square", "tanh")},
     {"revisited", "sign", "tanh-without-square"}),
    ((b.DuplicateDroppedLast, b.SeedIsValue), slip("base-factor-missing", "log2"),
     {"duplicate-operand-dropped", "seed-is-value", "base-factor-missing"}),
    ((b.MissingChain,), {**slip("output-for-input", "log"), **slip("input-for-output", "tanh")},
     {"missing-chain-factor", "output-for-input", "input-for-output"}),
    ((b.BreadthFirst, b.Overwrite), slip("sign", "exp"), {"order-not-topological", "overwrite", "sign"}),
    ((), {**slip("sign", "cos"), **slip("factor-two", "sqrt"), **slip("reciprocal", "exp")},
     {"sign", "factor-two", "reciprocal"}),
    ((r.LeavesForgotten,), {**slip("sign", "mul", 0, "vv"), **slip("sin-cos-swapped", "sin")},
     {"leaf-not-accumulated", "sign", "sin-cos-swapped"}),
]  # fmt: skip


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize(
    ("models", "slips", "names"), TRIPLES, ids=lambda part: "+".join(sorted(part)) if isinstance(part, set) else ""
)
def test_three_mistakes_at_once(models, slips, names):
    assert set(keys(seen(*models, rules=Rules(slips=slips)))) == names


@pytest.mark.no_cover  # for time's sake
def test_pairs_of_structures():
    models = (b.Overwrite, b.BreadthFirst, b.SeedIsValue, b.DuplicateDroppedLast)
    for pair in itertools.combinations(models, 2):
        hidden = pair == (b.Overwrite, b.DuplicateDroppedLast)  # the last of two contributions is all that stays anyway
        assert set(keys(seen(*pair))) == {ENTRY[model].key for model in pair[: 1 if hidden else 2]}


# --- observations of other kinds -------------------------------------------------------------------------------


def test_an_operation_that_is_not_offered_is_no_mistake():
    without = {name: Observation((), (), "step 1: AttributeError: no tanh") if "tanh" in name else observation
               for name, observation in RIGHT.items()}  # fmt: skip
    assert explain_observations(without) == ()


def test_numbers_as_operands_are_to_be_taken():
    failing = {f"{op}-{pattern}" for op in ("add", "mul") for pattern in ("vc", "cv")}
    broken = {name: Observation((), (), "step 1: AttributeError: 'float' object has no attribute 'data'")
              if name[:6] in failing else observation for name, observation in RIGHT.items()}  # fmt: skip
    (diagnosis,) = explain_observations(broken)
    assert (diagnosis.mistake, diagnosis.where) == ("constants-not-lifted", "add, mul")
    assert "`b = a + 5.0` raises AttributeError: 'float' object has no attribute 'data'" in diagnosis.seen


def test_numbers_on_the_left_are_to_be_taken():
    error = "step 1: TypeError: unsupported operand type(s) for -: 'float' and 'Value'"
    broken = {name: Observation((), (), error) if name.startswith("sub-cv") else observation
              for name, observation in RIGHT.items()}  # fmt: skip
    (diagnosis,) = explain_observations(broken)
    assert (diagnosis.mistake, diagnosis.where, diagnosis.level) == ("reflected-missing", "sub", "complete")
    assert "__rsub__" in diagnosis.text(2)


def test_time_and_depth():
    late = {**RIGHT, PATHS.name: Observation((), (), "time limit of 5 s")}
    assert keys(late) == ["exponential-paths"]
    for depth, level in ((500, "lesson"), (1000, "robust")):
        deep = {**RIGHT, f"deep-{depth}": Observation((), (), "backward: RecursionError: maximum recursion depth")}
        (diagnosis,) = explain_observations(deep)
        assert (diagnosis.mistake, diagnosis.level) == ("recursion-limit", level)
        assert f"for _ in range({depth})" in diagnosis.program


def test_what_no_mistake_explains_is_said_honestly():
    odd = {**RIGHT}
    for name in ("tanh-v-alone", "tanh-v-times1", "tanh-v-times2", "tanh-v-times3", "tanh-v-shared"):
        right = RIGHT[name]
        odd[name] = Observation(right.values, tuple(1.01 * g + 0.003 for g in right.gradients))
    (diagnosis,) = explain_observations(odd)
    assert (diagnosis.mistake, diagnosis.where) == ("unexplained", "tanh")
    assert diagnosis.seen.startswith("a.grad is 0.797312 where 0.786448 is right")
    assert "tanh(0.501) - tanh(0.499)" in diagnosis.program
    assert diagnosis.hints[1] == "in the backward step of `tanh`."


def test_single_precision_is_no_mistake():
    def single(x):
        return struct.unpack("f", struct.pack("f", x))[0] if math.isfinite(x) else x

    rounded = {name: Observation(tuple(map(single, o.values)), tuple(map(single, o.gradients)))
               for name, o in RIGHT.items()}  # fmt: skip
    assert Evidence(rounded).tolerance > 1e-6
    assert explain_observations(rounded) == ()


def test_what_matters_in_a_lesson_comes_first():
    found = explain_observations(seen(r.NotZeroed, rules=Rules(slips=slip("sign", "tanh"))))
    assert [(d.mistake, d.level) for d in found] == [("sign", "lesson"), ("not-zeroed", "complete")]


# --- classes ---------------------------------------------------------------------------------------------------


def test_our_own_value_has_nothing_to_report():
    assert diagnose(Value) == ()


def test_micrograd_has_its_real_shortcomings_and_no_others():
    found = {diagnosis.mistake: diagnosis for diagnosis in diagnose(micrograd.engine.Value)}
    assert {key: diagnosis.level for key, diagnosis in found.items()} == {
        "not-zeroed": "complete",
        "reflected-missing": "complete",  # 2 ** v
        "stale-forward-value": "robust",
        "recursion-limit": "robust",
    }
    assert found["reflected-missing"].where == "pow"
    # c = a·b, d = c + a, twice: the second time c has 1 + 1 = 2 to hand on, and a gets 1 + 2·3 = 7 after 4
    assert found["not-zeroed"].seen == "a.grad is 11 where 8 is right, b.grad is 6 where 4 is right"


def test_a_class_of_the_lecture_with_three_typical_mistakes():
    class Number:
        def __init__(self, data, children=()):
            self.data, self.grad, self.children, self.push = data, 0.0, children, lambda: None

        def __add__(self, other):
            out = Number(self.data + other.data, (self, other))

            def push():
                self.grad = out.grad
                other.grad = out.grad

            out.push = push
            return out

        def __mul__(self, other):
            out = Number(self.data * other.data, (self, other))

            def push():
                self.grad = other.data * out.grad
                other.grad = self.data * out.grad

            out.push = push
            return out

        def tanh(self):
            out = Number(math.tanh(self.data), (self,))

            def push():
                self.grad = (1 - out.data) * out.grad

            out.push = push
            return out

        def backward(self):
            order = []

            def visit(v):
                if v not in order:
                    for child in v.children:
                        visit(child)
                    order.append(v)

            visit(self)
            self.grad = 1.0
            for v in reversed(order):
                v.push()

    found = [diagnosis.mistake for diagnosis in diagnose(Number)]
    assert set(found[:3]) == {"overwrite", "tanh-without-square", "constants-not-lifted"}
