"""Rules that find out that they are read, or change from call to call, are not translated."""

import itertools
import math

import pytest

from autograd import AutogradError, Op, Value, log, tanh
from autograd.view import replay
from autograd.view.misread import misread


def own(forward, partials):
    return Op("own", "own", 1, forward=forward, partials=partials)


def by_type(x):
    return x * 2 if type(x) is float else x * 3


def by_value(x):
    return x * 3 if isinstance(x, Value) else x * 2


COUNTER = itertools.count()
INNER = own(by_type, lambda y, x: (2.0,))
WRONG = {
    "type": own(by_type, lambda y, x: (2.0,)),
    "instance of Value": own(by_value, lambda y, x: (2.0,)),
    "type in the rule": own(lambda x: x * x, lambda y, x: (by_type(x),)),
    "another number at each call": own(lambda x: x + next(COUNTER), lambda y, x: (1.0,)),
    "the sign of zero": own(lambda x: x * (0.0 if type(x) is float else -0.0), lambda y, x: (0.0,)),
    "an operation inside": own(lambda x: INNER(x) * 1.0, lambda y, x: (2.0,)),
    "undefined as a function": own(lambda x: x * x, lambda y, x: (2 * x if type(x) is float else 1 / (x - x),)),
}
RIGHT = {
    "arithmetic": own(lambda x: x * x + 1, lambda y, x: (2 * x,)),
    "functions": own(lambda x: tanh(x) * log(x * x), lambda y, x: (y / x if x > 0 else -y,)),
    "undefined here": own(lambda x: x / 1, lambda y, x: (math.nan,)),
    "cannot be read": own(math.exp, lambda y, x: (math.exp(x),)),
}


@pytest.mark.parametrize("op", WRONG.values(), ids=WRONG)
def test_what_differs_at_the_operands_is_found_and_not_translated(op):
    y = op(Value(1.5))
    assert misread([*y._prev, y, None]) == {(op, 1)}
    assert "the rule of own cannot be translated" in replay(y * 2).html
    with pytest.raises(AutogradError, match="no practice with own"):
        replay(y * 2, practice=True)


@pytest.mark.parametrize("op", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("x", [1.5, -2.0, math.nan, math.inf])
def test_what_is_the_same_is_not_found(op, x):
    assert misread([op(Value(x))]) == frozenset()


def test_data_that_was_changed_does_not_count_as_misread():
    op, x = RIGHT["functions"], Value(2.0)
    y = op(x)
    for changed in (3.0, 0.0):
        x.data = changed
        assert misread([y]) == frozenset()
