"""Programs in the words of the class examined: they can be pasted, and show what the examination saw."""

import contextlib
import sys
from types import ModuleType

import pytest

from autograd.check.conformance import Dialect, cases
from autograd.check.conformance.vocabulary import NAMES, spoken, spoken_diagnosis
from autograd.check.programs import TABLE

from ..engines.planting import STYLES
from .engines import SMALL
from .example_reports import OVERWRITE

FREE = """
def _of(x, value, partial):
    return Num(value, (x,), (partial,))

def exp(x):
    import math
    return _of(x, math.exp(x.wert), math.exp(x.wert))

def plus(self, other):
    return add(self, other)

def hypot(x, y):
    import math
    r = math.hypot(x.wert, y.wert)
    return Num(r, (x, y), (x.wert / r, y.wert / r))
"""
METHODS = """
    def __sub__(self, other):
        return self + (other if isinstance(other, Num) else Num(other)).times(-1.0)

    def logistic(self):
        import math
        y = 1 / (1 + math.exp(-self.wert))
        return Num(y, (self,), (y * (1 - y),))

    def negative(self):
        return self.times(-1.0)

    @staticmethod
    def sum(values):
        values = list(values)
        total = values[0]
        for v in values[1:]:
            total = total + v
        return total

    def zero_grad(self):
        self.ableitung = 0.0

    def __pos__(self):
        return self
"""
NUM = SMALL.replace("class Value", "class Num").replace("Value(", "Num(").replace("Value)", "Num)")
NUM = NUM.replace(".data", ".wert").replace(".grad", ".ableitung").replace("__mul__", "times")
NUM = NUM.replace("    def backward(self):", METHODS + "\ndef backprop(self):") + FREE


def dialect_of(source, name):
    module = ModuleType("examined_vocabulary")
    sys.modules[module.__name__] = module
    try:
        exec(source, vars(module))
        return Dialect(vars(module)[name], module), vars(module)
    finally:
        del sys.modules[module.__name__]


def words_of(dialect):
    return {**dialect.names, **{op: dialect.form(op) for op in TABLE if dialect.form(op)}}


ENGINES = [(NUM, "Num"), *[(style.source, style.value_class) for style in STYLES]]


@pytest.mark.parametrize(("source", "name"), ENGINES, ids=lambda text: text if len(text) < 20 else "")
def test_the_code_of_every_case_can_be_pasted(source, name):
    """It runs on the class, which says nothing of names that are not there."""
    dialect, space = dialect_of(source, name)
    words = words_of(dialect)
    left_out = ("depth", "size", "refused", "mixed", "edges")
    several = [case for case in cases() if case.group not in left_out and case.level != "robust"]
    offered = [op for op in (*TABLE, "radd", "rsub", "rmul", "rdiv", "rpow") if dialect.offers(op)]
    asked = [case for case in several if not case.missing(offered)]
    assert len(asked) > 15
    for case in asked:
        with contextlib.suppress(TypeError):  # of engines that take no plain number, or those alone as exponents
            exec(case.code(words), dict(space))


def test_a_class_of_other_words():
    dialect, space = dialect_of(NUM, "Num")
    program = """\
a = Value(2.0)
b = Value(-3.0)
c = a.exp()
d = a * b  # -6
e = d.sigmoid()
f = -e
g = sum([f, a])
h = hypot(g, b)
i = c - h
i.backward()
# a.grad here: 5
a.grad = 0.0
b.data = 4.0"""
    said = spoken(program, words_of(dialect))
    assert (
        said
        == """\
a = Num(2.0)
b = Num(-3.0)
c = exp(a)
d = a.times(b)  # -6
e = d.logistic()
f = e.negative()
g = Num.sum([f, a])
h = hypot(g, b)
i = c - h
backprop(i)
# a.ableitung here: 5
a.zero_grad()
b.wert = 4.0"""
    )
    exec(said, space)


def test_a_number_in_front_of_a_method_becomes_a_value():
    words = {**NAMES, "leaf": "Num(x)", "mul": "{first}.times({rest})", "add": "add({all})"}
    assert spoken("b = 2.0 * a", words) == "b = Num(2.0).times(a)"
    assert spoken("b = (-2.0) + a", words) == "b = add(Num(-2.0), a)"
    assert spoken("b = a * (-1e-05)", words) == "b = a.times(-1e-05)"


def test_what_is_not_said_of_the_class_stays():
    words = {**NAMES, "leaf": "Num(x)", "exp": "exp({all})", "gradient": ".d"}
    for text in ("exp(x) has the value 2.data", "a.backward()", "math.exp(2)", "c = a ** b", "the .grad of it"):
        assert spoken(text, words) == text
    assert spoken("Value(x).data is 3, other.grad += out.grad", words) == "Num(x).data is 3, other.d += out.d"
    assert spoken("a.exp()", dict(NAMES)) == "a.exp()"


def test_a_seeded_backward_pass_and_a_diagnosis():
    words = {**NAMES, "leaf": "Num(x)", "gradient": ".d", "backward": ".backward(1.0)"}
    said = spoken_diagnosis(OVERWRITE, words)
    assert said.seen == "a.d is 1 where 2 is right"
    assert said.program.splitlines()[2] == "b.backward(1.0)   # by hand: db/da = 1 + 1 = 2"
    assert "self.d += out.d" in said.hints[2]


@pytest.mark.parametrize("name", ["\\1", "\\g<0>", "{x}", ".$&"])
def test_names_are_not_taken_for_patterns(name):
    words = {**NAMES, "data": name, "gradient": name, "leaf": f"{name}(x)", "backward": name, "exp": name}
    assert name in spoken("a = Value(1.0)\nb = a.exp()\nb.backward()\na.grad = a.data", words)
