"""The catalogue: every mistake makes a difference, and its texts say no more than they should."""

import math
import re

import pytest

from autograd.check.diagnosis.battery import BATTERY, GRAPHS, OF_OP, PASSES, SHARED, STALE
from autograd.check.diagnosis.candidates import careful, positions
from autograd.check.diagnosis.failures import FAILURES
from autograd.check.diagnosis.finding import Diagnosis
from autograd.check.diagnosis.forms import FORMS
from autograd.check.diagnosis.model import At, Model, Rules
from autograd.check.diagnosis.operators import OPERATORS, UNEXPLAINED
from autograd.check.diagnosis.partials import BY_KEY, PARTIALS, PLAUSIBLE
from autograd.check.diagnosis.repeated import REPEATED, RUNNING
from autograd.check.diagnosis.rules import RULES, rule_in_code
from autograd.check.diagnosis.structure import BASIC
from autograd.check.programs import TABLE, expected, observe

CATALOGUE = (*BASIC, *REPEATED, *RUNNING, *PARTIALS, *OPERATORS, *FAILURES.values(), UNEXPLAINED)
SHORT = [p for p in BATTERY if len(p.steps) < 50]


def differs(one, two):
    return any(not math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9) for x, y in zip(one, two, strict=True))


@pytest.mark.parametrize("program", SHORT, ids=lambda program: program.name)
def test_the_model_without_a_mistake_is_right(program):
    right, model = expected(program), observe(program, Model())
    assert not right.error
    assert model == right


@pytest.mark.parametrize("model", [m for mistake in BASIC for m in mistake.models], ids=lambda m: m.__name__)
def test_a_mistake_of_structure_shows_in_one_pass(model):
    programs = (*SHARED, *[p for _, p in OF_OP])
    assert any(differs(observe(p, model()).gradients, expected(p).gradients) for p in programs)


@pytest.mark.parametrize("model", [m for mistake in REPEATED for m in mistake.models], ids=lambda m: m.__name__)
def test_a_mistake_of_several_passes_shows_there_and_not_in_one(model):
    later = (*PASSES, *GRAPHS, *[p for _, p in STALE])
    assert any(differs(observe(p, model()).gradients, expected(p).gradients) for p in later)
    if model.__name__ != "ReplayedAllRoots":  # begins at every result, of which a leaf is none
        assert not any(differs(observe(p, model()).gradients, expected(p).gradients) for p in SHARED)


WAYS = [(mistake, way) for mistake in PARTIALS for way in mistake.ways]


@pytest.mark.parametrize(("mistake", "way"), WAYS, ids=[f"{m.key}: {w.text}" for m, w in WAYS])
def test_a_wrong_partial_shows_in_a_program_of_its_operation(mistake, way):
    for op in way.ops or ("mul",):
        shown = False
        for question, program in OF_OP:
            if question.op != op or question.pattern == "cv":
                continue
            for i in positions(question.pattern):
                if way.position in (None, i):
                    slip = Rules(slips={(op, question.pattern, i): careful(way)})
                    shown |= differs(observe(program, Model(slip)).gradients, expected(program).gradients)
        # The exponent's partial is asked for where the exponent is a Value.
        assert shown, f"{mistake.key} in {op}"


def test_every_wrong_partial_has_its_place_in_the_order():
    assert sorted(PLAUSIBLE) == sorted(BY_KEY)


@pytest.mark.parametrize("key", FORMS, ids=str)
def test_forms_are_other_ways_to_compute_the_same(key):
    programs = [p for q, p in OF_OP if (q.op, q.pattern) == key]
    assert programs
    for form in FORMS[key]:
        for program in programs:
            composed, right = observe(program, Model(Rules(forms={key: form}))), expected(program)
            assert not differs(composed.gradients, right.gradients)


def test_a_slip_that_is_undefined_fits_nothing():
    log_of_output = next(way for mistake in PARTIALS for way in mistake.ways if way.text == "ln x")
    assert math.isnan(careful(log_of_output).of(At((-1.0,), 0.4, (0.4,), 0, 1.0)))


# --- texts -----------------------------------------------------------------------------------------------------


def test_keys_are_words():
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", mistake.key) for mistake in CATALOGUE)
    assert len({mistake.key for mistake in CATALOGUE}) >= 60


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda mistake: mistake.key)
def test_an_entry_is_complete(mistake):
    assert mistake.level in ("lesson", "complete", "robust")
    assert len(mistake.hints) == 3
    assert "\n" not in mistake.title
    for text in (mistake.title, mistake.idea, *mistake.hints):
        assert text
        assert text[0].isupper() is False or text.startswith(("At", "In")), "texts stand after a colon"
        assert set(re.findall(r"{(\w+)}", text)) <= {"op", "operand", "rule", "line", "symbol", "method"}


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda mistake: mistake.key)
def test_no_solution_is_given_away_below_the_third_level(mistake):
    diagnosis = Diagnosis(mistake.key, mistake.title, "", "a.grad is 1", "a = Value(1.0)", mistake.idea, mistake.hints)
    code = re.compile(r"self\.grad \+?=|other\.grad|child\.grad|def |reversed\(|isinstance")
    assert mistake.hints[2] in diagnosis.text(3).replace("\n    ", "\n")
    for hints in (1, 2):
        text = diagnosis.text(hints)
        assert mistake.hints[2] not in text
        assert not code.search(text)
        assert "{rule}" not in text
        assert "{line}" not in text
    assert mistake.hints[1] not in diagnosis.text(1)


def test_the_text_of_a_diagnosis():
    diagnosis = Diagnosis("key", "title", "backward", "a.grad is 1", "a\nb", "an idea", ("why?", "there", "do:\nthis"))
    assert diagnosis.text() == (
        "title  [key]\n  seen: a.grad is 1\n  smallest program that shows it:\n    a\n    b\n  idea: an idea\n"
        "  To think about: why?"
    )
    assert diagnosis.text(2) == diagnosis.text() + "\n  Where to look: there"
    assert diagnosis.text(3) == diagnosis.text(2) + "\n  Solution: do:\n    this"


@pytest.mark.parametrize("hints", [0, 4, True and "1"])
def test_other_levels_of_hints_are_refused(hints):
    with pytest.raises(ValueError, match="hints is 1, 2 or 3"):
        Diagnosis("", "", "", "", "", "", ()).text(hints)


@pytest.mark.parametrize("op", RULES)
def test_rules_in_code_are_right(op):
    """The line that the third level of hints shows, run at a point."""
    program = next(p for q, p in OF_OP if q.op == op and q.kind == "alone")
    right = expected(program)

    class Node:
        def __init__(self, data):
            self.data, self.grad = data, 0.0

    nodes = [Node(x) for x in right.values]
    scope = {
        "self": nodes[0],
        "other": nodes[-2],
        "out": nodes[-1],
        "math": math,
        "s": 1 / (1 + math.exp(-nodes[0].data)),
    }
    nodes[-1].grad = 3.0
    for i in range(len(program.inputs)):
        exec(rule_in_code(op, i), scope)
    assert [node.grad / 3.0 for node in nodes[:-1]] == pytest.approx(right.gradients, rel=1e-12)
    assert TABLE[op].arity == len(RULES[op])


@pytest.mark.parametrize("base", [-3.0, 0.0])
def test_the_line_for_an_exponent_runs_where_the_base_has_no_logarithm(base):
    """As in a squared error, where the exponent is a number that was made a Value."""

    class Node:
        grad = 0.0

    scope = {"self": Node(), "other": Node(), "out": Node(), "math": math}
    scope["self"].data, scope["other"].data, scope["out"].data, scope["out"].grad = base, 2.0, base**2, 1.0
    for i in range(2):
        exec(rule_in_code("pow", i), scope)
    assert (scope["self"].grad, scope["other"].grad) == (2 * base, 0.0)


GIVEN_AWAY = {
    "missing-seed": "1",
    "seed-is-value": "1",
    "sign": "add",
    "pow-factor-off-by-one": "itself",
    "relu-mask-by-grad": "of its input",
    "relu-value-for-mask": "sign",
}


@pytest.mark.parametrize("mistake", [m for m in CATALOGUE if m.key in GIVEN_AWAY], ids=lambda m: m.key)
def test_the_first_two_levels_say_what_is_wrong_and_not_what_is_right(mistake):
    for text in (mistake.title, mistake.idea, mistake.hints[1]):
        assert not re.search(rf"\b{GIVEN_AWAY[mistake.key]}", text)
