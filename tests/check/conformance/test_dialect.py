"""How a class is spoken to: names that are found, and classes that cannot be spoken to."""

import math
import sys
from types import ModuleType

import pytest

from autograd import Value
from autograd.check.conformance import Dialect, NotAValueClass, cases

from .engines import SMALL, verdict_here


def made(source, name="Value", module="examined_engine"):
    """The class of a source, and its module."""
    space = ModuleType(module)
    exec(source, vars(space))
    return vars(space)[name], space


def renamed(**names):
    source = SMALL
    for old, new in names.items():
        source = source.replace(f".{old}", f".{new}").replace(f"def {old}", f"def {new}")
    return made(source)


@pytest.mark.parametrize("data", ["data", "value", "val", "v", "x", "wert"])
@pytest.mark.parametrize("grad", ["grad", "derivative", "adjoint", "d", "ableitung"])
@pytest.mark.parametrize("backward", ["backward", "backprop"])
def test_names_are_found(data, grad, backward):
    """Usual ones by name, others by what they hold."""
    value_class, module = renamed(data=data, grad=grad, backward=backward)
    dialect = Dialect(value_class, module)
    assert dialect.names == {
        "leaf": "Value(x)", "data": f".{data}", "gradient": f".{grad}", "backward": f".{backward}()",
        "zero": f".{grad} = 0.0",
    }  # fmt: skip
    a, b = dialect.leaf(2.0), dialect.leaf(-3.0)
    c = dialect.apply("mul", (a, b))
    dialect.backward(c)
    assert (dialect.data(c), dialect.gradient(a), dialect.gradient(b)) == (-6.0, -3.0, 2.0)
    dialect.zero((a, b))
    dialect.set_data(a, 5.0)
    assert (dialect.data(a), dialect.gradient(a), dialect.gradient(b)) == (5.0, 0.0, 0.0)


@pytest.mark.parametrize("name", ["data", "wert"])
@pytest.mark.parametrize("wrong", ["int(data)", "round(data)", "-data", "2 * data"])
def test_a_leaf_that_does_not_hold_its_number_is_examined(name, wrong):
    """What is wrong with it is a case; the attribute is the one that follows the number."""
    value_class, module = made(SMALL.replace("self.data = data", f"self.data = {wrong}").replace(".data", f".{name}"))
    dialect = Dialect(value_class, module)
    assert dialect.names["data"] == f".{name}"
    leaf = next(case for case in cases() if case.name == "operators/a leaf")
    verdict = verdict_here(leaf, dialect)
    assert verdict.outcome == "wrong"
    assert verdict.seen.startswith(f"Value(2.8125).{name} is ")
    assert verdict.expected == "2.8125"


def test_a_gradient_that_is_not_there_before_the_backward_pass_is_0():
    added = "operand.grad = getattr(operand, 'grad', 0.0) + partial * v.grad"
    source = SMALL.replace("self.grad = 0.0", "pass").replace("operand.grad += partial * v.grad", added)
    value_class, module = made(source)
    dialect = Dialect(value_class, module)
    a = dialect.leaf(2.0)
    assert dialect.names["gradient"] == ".grad"
    assert dialect.gradient(a) == 0.0
    dialect.backward(dialect.apply("mul", (a, a)))
    assert dialect.gradient(a) == 4.0


def test_a_gradient_that_is_none_is_0():
    value_class, _ = made(SMALL.replace("self.grad = 0.0", "self.grad = None"))
    assert Dialect(value_class).gradient(value_class(1.0)) == 0.0


def test_a_gradient_may_be_a_value_itself():
    value_class, _ = made(SMALL.replace("partial * v.grad", "0.0").replace(
        "operand.grad += 0.0", "operand.grad = Value(partial)"))  # fmt: skip
    dialect = Dialect(value_class)
    a = dialect.leaf(2.0)
    dialect.backward(dialect.apply("mul", (a, dialect.leaf(7.0))))
    assert dialect.gradient(a) == 7.0


def test_a_backward_pass_with_a_seed_is_given_1():
    value_class, _ = made(
        SMALL.replace("def backward(self)", "def backward(self, seed)").replace("self.grad = 1.0", "self.grad = seed")
    )
    dialect = Dialect(value_class)
    a = dialect.leaf(2.0)
    dialect.backward(dialect.apply("mul", (a, a)))
    assert dialect.names["backward"] == ".backward(1.0)"
    assert dialect.gradient(a) == 4.0


def test_the_backward_pass_may_be_a_function():
    source = SMALL.replace("    def backward(self):", "def backward(self):").replace("\n        ", "\n        ")
    value_class, module = made(source)
    assert not hasattr(value_class, "backward")
    dialect = Dialect(value_class, module)
    a = dialect.leaf(3.0)
    dialect.backward(dialect.apply("mul", (a, a)))
    assert dialect.names["backward"] == "backward(v)"
    assert dialect.gradient(a) == 6.0


def test_the_class_zeroes_gradients_by_its_own_means_if_it_has_any():
    value_class, _ = made(SMALL + "\n    def zero_grad(self):\n        self.grad = 0.0\n        self.zeroed = True\n")
    dialect = Dialect(value_class)
    a = dialect.leaf(3.0)
    dialect.zero([a])
    assert dialect.names["zero"] == ".zero_grad()"
    assert a.zeroed


# --- operations ----------------------------------------------------------------------------------------------


def test_what_a_class_offers():
    value_class, _ = made(SMALL)
    dialect = Dialect(value_class)
    offered = [op for op in ("add", "mul", "relu", "radd", "sub", "neg", "exp", "sum") if dialect.offers(op)]
    assert offered == ["add", "mul", "relu"]  # no sum: Python's own begins with 0 + the first
    with pytest.raises(NotImplementedError, match="Value offers no exp"):
        dialect.apply("exp", (dialect.leaf(1.0),))


def test_functions_may_be_methods_or_free_or_go_by_another_name():
    value_class, module = made(
        SMALL
        + "\n    def logistic(self):\n        return Value(0.25, (self,), (2.0,))\n"
        + "\ndef ln(x):\n    return Value(-1.0, (x,), (3.0,))\n"
        + "\ndef mul(a, b):\n    raise RuntimeError('the operator comes first')\n"
        + "\ndef sum(values):\n    return Value(float(len(values)), (), ())\n"
    )
    dialect = Dialect(value_class, module)
    a = dialect.leaf(1.0)
    assert dialect.apply("sigmoid", (a,)).data == 0.25
    assert dialect.apply("log", (a,)).data == -1.0
    assert dialect.apply("mul", (a, a)).data == 1.0
    assert dialect.apply("sum", (a, a, a)).data == 3.0


def test_functions_of_numbers_that_a_module_imported_are_not_offered():
    value_class, module = made("from math import exp, log, tanh\nfrom numpy import sin\n" + SMALL)
    assert not [op for op in ("exp", "log", "tanh", "sin") if Dialect(value_class, module).offers(op)]


def test_what_a_subclass_of_float_inherits_is_not_offered():
    value_class, module = made(SMALL.replace("class Value:", "class Value(float):\n    def __new__(cls, x, *_):\n"
                                             "        return float.__new__(cls, x)\n"))  # fmt: skip
    dialect = Dialect(value_class, module)
    assert [op for op in ("add", "radd", "sub", "abs", "neg", "pow") if dialect.offers(op)] == ["add"]


def test_a_number_on_the_left_reaches_the_reflected_operator():
    dialect = Dialect(Value)
    assert dialect.apply("sub", (2.0, dialect.leaf(5.0))).data == -3.0
    assert dialect.apply("pow", (2.0, dialect.leaf(5.0))).data == 32.0


def test_our_own_class_offers_the_whole_table():
    dialect = Dialect(Value, sys.modules["autograd"])
    assert [
        op for op in ("exp", "hypot", "maximum", "logsumexp", "mean", "rpow", "abs") if not dialect.offers(op)
    ] == []
    values = [dialect.leaf(x) for x in (1.0, 2.0, 4.0)]
    assert dialect.apply("max", values).data == 4.0
    assert dialect.apply("hypot", (dialect.leaf(3.0), dialect.leaf(4.0))).data == 5.0


@pytest.mark.parametrize("bad", ["1.5", None, 1j, [1.0]])
def test_data_that_is_no_number_is_not_read_as_one(bad):
    value_class, _ = made(SMALL)
    with pytest.raises(TypeError, match="a number was expected"):
        Dialect(value_class).data(value_class(bad))


def test_numbers_of_every_kind_are_read():
    import numpy as np

    value_class, _ = made(SMALL)
    dialect = Dialect(value_class)
    assert [dialect.data(value_class(x)) for x in (2, True, np.float32(0.5), np.array(1.5), np.array([2.5]))] == [
        2.0, 1.0, 0.5, 1.5, 2.5,
    ]  # fmt: skip
    assert math.isnan(dialect.data(value_class(math.nan)))


# --- what cannot be spoken to --------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "message"), [
    ("class Value:\n    pass", r"Value\(2.8125\) cannot be made: TypeError"),
    ("class Value:\n    def __init__(self, tape, x): pass", "cannot be made: TypeError.*a leaf is made by Value"),
    ("class Value:\n    def __init__(self, x): self.stuff = 'x'", r"no attribute for the number.*found \.stuff"),
    ("class Value:\n    def __init__(self, x): self.data = x", "no attribute for the backward pass: looked for"),
    ("class Value:\n    def __init__(self, x): self.data = x\n    def backward(self): pass",
     r"no attribute for the gradient: looked for \.grad, \.gradient.*found \.data"),
    ("class Bad(Exception):\n    def __str__(self): raise ValueError\n"
     "class Value:\n    def __init__(self, x): raise Bad", "cannot be made: Bad"),
])  # fmt: skip
def test_a_class_that_is_no_value_class_says_what_was_looked_for(source, message):
    value_class, module = made(source)
    with pytest.raises(NotAValueClass, match=message):
        Dialect(value_class, module)


def test_something_that_is_no_class():
    with pytest.raises(NotAValueClass, match="3 is no class, but of the type int"):
        Dialect(3)
