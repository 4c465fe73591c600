"""The numbers by hand that stand under a program."""

import math

import pytest

from autograd.check.diagnosis.battery import BATTERY
from autograd.check.diagnosis.broken import NotReversed, Overwrite, SeedIsValue
from autograd.check.diagnosis.broken_repeated import NotZeroed
from autograd.check.diagnosis.hand import apart, by_differences, by_hand, number, worked
from autograd.check.programs import Program, Step, expected, observe

PROGRAMS = {program.name: program for program in BATTERY}


@pytest.mark.parametrize(
    ("name", "i", "text"),
    [
        ("leaf", 0, "1"),  # a number by itself
        ("chain-1", 0, "c·b = 5·3 = 15"),  # a·b·c
        ("chain-1", 2, "d = 6"),
        ("chain-2", 0, "a·b + e = 2·3 + 2 = 8"),  # (a·b + c)·a: two paths lead to a
        ("shared-1", 0, "b + 1 = 3 + 1 = 4"),  # a·b + a
        ("shared-1", 1, "a = 2"),
        ("shared-3", 0, "c·b + c·b = 6·3 + 6·3 = 36"),  # (a·b)²
        ("mul-twice", 0, "a + a = 3 + 3 = 6"),
        ("sub-vv-alone", 1, "-1"),
        ("div-vv-alone", 0, "1/b = 0.2"),
        ("div-vv-alone", 1, "-a/b² = -0.08"),
        ("pow-vc-alone", 0, "3·a^(3-1) = 12"),
        ("tanh-v-alone", 0, "1 - b² = 0.786448"),
        ("sum-n-alone", 1, "1"),
        ("passes-2", 0, "4 + 4 = 8 (2 passes)"),
        ("passes-6", 0, "3 + 4 = 7 (2 passes)"),  # from c = a·b and from c + a
        ("graphs-3", 0, "1"),  # the gradients were set to zero between
        ("stale-mul", 0, "b = 3, at the numbers that the result was computed with"),
        ("deep-500", 0, "500"),
    ],
)
def test_by_hand(name, i, text):
    program = PROGRAMS[name]
    assert by_hand(program, expected(program), i) == f"by hand: {text}"


def test_many_paths_are_not_written_out():
    program = Program("", (2.0,), tuple(Step("add", (i, i)) for i in range(3)))
    assert by_hand(program, expected(program), 0) == "by hand: 8"


@pytest.mark.parametrize(
    ("name", "i", "text"),
    [
        ("tanh-v-alone", 0, "(tanh(0.501) - tanh(0.499)) / 0.002 = 0.786448"),
        ("sub-vv-alone", 1, "((2 - 5.001) - (2 - 4.999)) / 0.002 = -1"),
        ("pow-cv-alone", 0, "((3.0 ** 2.001) - (3.0 ** 1.999)) / 0.002 = 9.88751"),
        ("sum-n-alone", 2, "(sum([2, 3, (-0.699)]) - sum([2, 3, (-0.701)])) / 0.002 = 1"),
        ("tanh-v-times1", 0, "3.14579"),
    ],
)
def test_by_differences(name, i, text):
    program = PROGRAMS[name]
    assert by_differences(program, expected(program), i) == f"by differences: {text}"


def test_differences_are_what_they_say():
    tanh = PROGRAMS["tanh-v-alone"]
    arithmetic, _, value = by_differences(tanh, expected(tanh), 0).removeprefix("by differences: ").rpartition(" = ")
    assert eval(arithmetic, {"tanh": math.tanh}) == pytest.approx(float(value), abs=1e-6)


# What broken engines print, worked out with pencil and paper.
@pytest.mark.parametrize(
    ("model", "name", "gradients"),
    [
        (Overwrite, "shared-1", (3.0, 2.0)),  # a·b + a: of 1 and b the latter comes last
        (Overwrite, "mul-twice", (3.0,)),  # a·a: a, and a again
        (SeedIsValue, "shared-1", (32.0, 16.0)),  # 8 times (4, 2)
        (NotReversed, "chain-1", (0.0, 0.0, 6.0)),  # (a·b)·c: what a·b has received is handed on too early
        (NotZeroed, "passes-2", (11.0, 6.0)),  # c has 1, then 2: a gets 4, then 1 + 2·3; b gets 2, then 4
    ],
)
def test_wrong_numbers_by_hand(model, name, gradients):
    assert observe(PROGRAMS[name], model()).gradients == gradients


def test_a_program_with_its_numbers():
    program = PROGRAMS["shared-1"]
    text = worked(program, expected(program), observe(program, Overwrite()), (0,), by_hand)
    assert text.splitlines() == [
        "a = Value(2.0)", "b = Value(3.0)", "c = a * b  # 6", "d = c + a  # 8", "d.backward()",
        "# a.grad by hand: b + 1 = 3 + 1 = 4", "# a.grad here: 3",
    ]  # fmt: skip


def test_numbers_for_readers():
    assert number(0.1 + 0.2) == "0.3"
    assert number(-0.0) == "0"
    assert apart(1.5, 2.5) == ("1.5", "2.5")
    assert apart(1.00000001, 1.0) == ("1.00000001", "1")
    assert apart(1.0000000000000002, 1.0) == ("1.0000000000000002", "1.0")
