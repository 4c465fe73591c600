"""The engines that the diagnosis is measured on: the right ones are right, and each planted mistake shows somewhere."""

import contextlib
import sys

import pytest

from autograd.check.programs import Program, Step, expected, observe

from .engines.mistakes import PLANTED
from .engines.mistakes_composed import COMPOSED
from .engines.planting import STYLES, Edit, edited, loaded
from .engines.speaking import PATHS, PROGRAMS, differs, random_program, speaker
from .engines.variants import VARIANTS

MANY = PROGRAMS + tuple(random_program(seed) for seed in range(30))
RIGHT = {program.name: expected(program) for program in (*MANY, PATHS)}
CALLS = 100_000  # enough for every program but those that take every path


class TooManyCalls(BaseException):
    """Instead of waiting for an engine that would take years; no Exception, which would be taken for the engine's."""


@contextlib.contextmanager
def call_budget():
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


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_right_engine_is_right(style):
    with loaded(style.source, style.value_class) as value_class:
        engine = speaker(value_class, style)
        assert [program for program in (*MANY, PATHS) if differs(observe(program, engine), RIGHT[program.name])] == []


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_right_engine_goes_deep(style):
    deep = Program("deep", (0.5,), tuple(Step("neg", (i,)) for i in range(20_000)))
    with loaded(style.source, style.value_class) as value_class:
        assert observe(deep, speaker(value_class, style)).gradients == (1.0,)


def _shows(planted):
    """The first program where the engine with the mistake goes wrong; None if there is none."""
    with loaded(planted.source, planted.style.value_class) as value_class:
        engine = speaker(value_class, planted.style)
        for program in MANY:
            if differs(observe(program, engine), RIGHT[program.name]):
                return program
        try:
            with call_budget():
                observe(PATHS, engine)
        except TooManyCalls:
            return PATHS
    return None


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_a_planted_mistake_shows(planted):
    shows = _shows(planted)
    assert shows is not None
    assert (shows is PATHS) == planted.isolated


def test_planted_mistakes_show_where_operations_are_made_of_others():
    assert [str(planted) for planted in COMPOSED if _shows(planted) is None] == []


def test_there_are_mistakes_enough():
    assert len(PLANTED) == len(set(PLANTED)) >= 160
    assert len({planted.mistake for planted in PLANTED}) >= 40
    assert {planted.style for planted in PLANTED} == set(STYLES)


def test_a_mistake_that_no_longer_fits_the_text_is_an_error():
    with pytest.raises(LookupError, match="0 times"):
        edited(STYLES[0].source, [Edit("", "text that stands nowhere", "")])
    with pytest.raises(LookupError, match="2 times"):
        edited("a = b\na = b\n", [Edit("", "a = b", "")])
    with pytest.raises(ValueError, match="overlap"):
        edited("a = b + c", [Edit("", "a = b", ""), Edit("", "b + c", "")])


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_right_variant_is_right(variant):
    drawn = [random_program(f"{variant} {i}") for i in range(5)]
    right = RIGHT | {program.name: expected(program) for program in drawn}
    with loaded(variant.source, variant.style.value_class) as value_class:
        engine = speaker(value_class, variant.style)
        programs = [*PROGRAMS, PATHS, *drawn]
        assert [program for program in programs if differs(observe(program, engine), right[program.name])] == []


def test_there_are_variants_enough():
    assert len({variant.source for variant in VARIANTS}) >= 200
    assert {variant.style.name for variant in VARIANTS} == {style.name for style in STYLES}
