"""What a function reads besides its arguments: a change of it is noticed, by its name, and nothing else is."""

import array
import collections
import dataclasses
import functools
import math
import os
import sys
import types

import numpy as np
import pytest

import autograd
from autograd import Op, Value
from autograd.compiler.trace.outside import Outside
from nn.modules import MLP

SCALE = 2.0


def helper(x):
    return x * SCALE


def calls_helper(w, x):
    return helper(w) + x


class Kind(type):
    @property
    def of_the_metaclass(cls):
        return SCALE


class Model(metaclass=Kind):
    @property
    def of_a_property(self):
        return SCALE

    @staticmethod
    def of_a_staticmethod():
        return SCALE

    @classmethod
    def of_a_classmethod(cls):
        return SCALE


class Inherited(Model):
    pass


class Scaled(Value):
    def scaled(self):
        return self * SCALE


@functools.singledispatch
def dispatched(x):
    return x


@dispatched.register
def _(x: float):
    return x * SCALE


MODEL, BY_FUNCTION, NUMBERS, FACTORS = Inherited(), {helper: 1.0}, [1.0], {"a": 1.0}
get_number, factors = NUMBERS.__getitem__, FACTORS.values()


class Settings:
    factor = 2.0

    def __init__(self):
        self.power, self.nested = 2, {"rates": [0.5, 0.25]}


@dataclasses.dataclass(slots=True)
class Slots:
    rate: float = 2.0


class Labelled(list):
    pass


def offset_op(state):
    return Op("offset", "o", 1, forward=lambda x: x + state[0], partials=lambda y, x: (1.0,))


def with_attribute():
    def f(w, x):
        return w * x * f.rate

    f.rate = [1.0]
    return f


def module_of(**names):
    module = types.ModuleType("settings")
    vars(module).update(names)
    return module


def closed_over(**names):
    """A function with a closure over these names, and the function that sets one of them."""
    thing = next(iter(names.values()))

    def f(w, x):
        return w * x * thing

    def change(new):
        nonlocal thing
        thing = new

    return f, change


def test_nothing_has_changed_at_first_and_after_calls():
    outside = Outside(calls_helper)
    calls_helper(Value(1.0), 2.0)
    assert outside.changed() is None


def test_a_global_that_a_called_function_reads_is_noticed(monkeypatch):
    outside = Outside(calls_helper)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert outside.changed() == "SCALE"
    monkeypatch.setitem(globals(), "SCALE", 2.0)
    assert outside.changed() is None


def test_a_global_that_is_not_read_does_not_count(monkeypatch):
    outside = Outside(lambda w, x: w * x)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert outside.changed() is None


def test_another_function_under_the_same_name_is_noticed(monkeypatch):
    outside = Outside(calls_helper)
    monkeypatch.setitem(globals(), "helper", lambda x: x)
    assert outside.changed() == "helper"


@pytest.mark.parametrize(
    ("before", "after"),
    [(2.0, 3.0), ("mean", "sum"), (True, False), (1, 1.0), (None, 0), (math.nan, 1.0), ((1, 2), (1, 3)), ([1], [2]),
     (Value(1.0), Value(1.0)), (math.exp, math.log)],
)  # fmt: skip
def test_a_value_of_a_closure_is_noticed(before, after):
    f, change = closed_over(thing=before)
    outside = Outside(f)
    assert outside.changed() is None
    change(after)
    assert outside.changed() == "thing"


@pytest.mark.parametrize(
    ("thing", "change"),
    [
        ([1.0, 2.0], lambda x: x.__setitem__(0, 3.0)),
        ([1.0], lambda x: x.append(2.0)),
        ({"a": [1.0]}, lambda x: x["a"].append(2.0)),
        ({1, 2}, lambda x: x.add(3)),
        (np.arange(3.0), lambda x: x.__setitem__(1, 5.0)),
        (np.array([1.0, math.nan]), lambda x: x.__setitem__(0, 5.0)),
        (Settings(), lambda x: setattr(x, "power", 3)),
        (Settings(), lambda x: x.nested["rates"].append(1.0)),
        (([1.0],), lambda x: x[0].clear()),
        (functools.partial(helper, [1.0]), lambda x: x.args[0].append(2.0)),
        (Slots(), lambda x: setattr(x, "rate", 3.0)),
        (collections.deque([1.0]), lambda x: x.append(2.0)),
        (array.array("d", [1.0]), lambda x: x.__setitem__(0, 2.0)),
        (types.MappingProxyType(INNER := {"a": 1.0}), lambda x: INNER.clear()),
        (memoryview(OCTETS := bytearray(b"abc")), lambda x: OCTETS.__setitem__(0, 1)),
        (np.array([1.0, None]), lambda x: x.__setitem__(0, 2.0)),
        (Labelled([1.0]), lambda x: setattr(x, "rate", 2.0)),
        (with_attribute(), lambda x: setattr(x, "rate", 2.0)),
        (with_attribute(), lambda x: x.rate.append(2.0)),
        (lambda x, by=2.0: x, lambda x: setattr(x, "__defaults__", (3.0,))),
        (lambda x: x, lambda x: setattr(x, "__code__", (lambda y: -y).__code__)),
        (offset_op(state := [1.0]), lambda x: state.__setitem__(0, 2.0)),
        (offset_op([1.0]), lambda x: setattr(x, "forward", abs)),
        (list(range(20_000)), lambda x: x.pop()),
        (np.zeros(20_000), lambda x: x.fill(1.0)),
        (Value(2.0), lambda x: setattr(x, "data", 3.0)),
        ([Value(math.nan)], lambda x: setattr(x[0], "data", 3.0)),
    ],
    ids=["item", "append", "nested", "set", "array", "array with nan", "attribute", "nested attribute", "tuple",
         "partial", "slot", "deque", "array.array", "view of a dict", "view of octets", "array of objects",
         "attribute of a list", "attribute of a function", "in an attribute of a function", "defaults", "code",
         "state of an operation", "rule of an operation", "length of a large list", "large array", "data of a Value",
         "Value in a list"],
)  # fmt: skip
def test_a_change_inside_of_what_a_closure_holds_is_noticed(thing, change):
    f, _ = closed_over(thing=thing)
    outside = Outside(f)
    assert outside.changed() is None
    change(thing)
    assert outside.changed() is not None


def test_an_attribute_of_a_class_is_noticed(monkeypatch):
    outside = Outside(lambda w, x: w * Settings.factor)
    monkeypatch.setattr(Settings, "factor", 3.0)
    assert outside.changed() == "Settings.factor"


def test_an_attribute_of_a_module_is_noticed(monkeypatch):
    monkeypatch.setitem(globals(), "config", module := module_of(rate=0.5, unused=1))
    monkeypatch.setitem(__import__("sys").modules, "settings", module)
    module.__file__ = __file__
    outside = Outside(lambda w, x: w * config.rate)  # noqa: F821
    module.unused = 2
    assert outside.changed() is None
    assert not outside.has_other_numbers()
    module.rate = 0.25
    assert outside.changed() == "config.rate"
    assert outside.has_other_numbers()


@pytest.mark.parametrize(
    "f",
    [
        lambda w, x: w * MODEL.of_a_property,
        lambda w, x: w * MODEL.of_a_staticmethod(),
        lambda w, x: w * Inherited.of_a_classmethod(),
        lambda w, x: w * Model.of_the_metaclass,
        lambda w, x: w * Scaled(x).scaled(),
        lambda w, x: w * dispatched(x),
        lambda w, x: w * next(iter(BY_FUNCTION))(x),
        lambda w, x: w * globals()["SCALE"],
    ],
    ids=["property", "staticmethod", "classmethod", "metaclass", "class of Values", "singledispatch", "key", "globals"],
)
def test_a_global_is_noticed_whatever_reads_it(f, monkeypatch):
    outside = Outside(f)
    f(Value(1.0), 2.0)
    assert outside.changed() is None
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert outside.changed() == "SCALE"


def test_a_global_that_the_model_or_a_parameter_reads_is_noticed(monkeypatch):
    outsides = [Outside(lambda m, x: m.of_a_property * x, MODEL), Outside(lambda w, x: w.scaled() * x, Scaled(2.0))]
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert [outside.changed() for outside in outsides] == ["SCALE", "SCALE"]


def test_what_a_method_of_a_list_or_a_view_of_a_dict_reads_is_noticed():
    outsides = [Outside(lambda w, x: w * get_number(0)), Outside(lambda w, x: w * sum(factors))]
    NUMBERS[0], FACTORS["a"] = 2.0, 2.0
    assert [outside.changed() for outside in outsides] == ["get_number", "factors.a"]


def from_import(w, x):
    from settings_on_disk.rates import RATE

    return w * x * RATE


def import_in_a_function(w, x):
    import settings_on_disk.rates as rates

    return w * x * rates.RATE


def module_of_a_closure():
    import settings_on_disk.rates as rates

    return lambda w, x: w * x * rates.RATE


@pytest.mark.parametrize(
    "made",
    [
        lambda: from_import,
        lambda: import_in_a_function,
        module_of_a_closure,
        lambda: lambda w, x: w * x * settings_on_disk.rates.RATE,  # noqa: F821
        lambda: lambda w, x: w * x * sys.modules["settings_on_disk.rates"].RATE,
        lambda: lambda w, x: w * x * getattr(settings_on_disk, "rates").RATE,  # noqa: F821, B009
    ],
    ids=["from", "import", "closure", "package", "sys.modules", "getattr"],
)
def test_a_number_of_a_module_in_a_package_is_noticed(made, tmp_path, monkeypatch):
    package = tmp_path / "settings_on_disk"
    package.mkdir()
    (package / "rates.py").write_text("RATE = 2.0\n")  # without an __init__.py
    monkeypatch.syspath_prepend(tmp_path)
    try:
        rates = __import__("settings_on_disk.rates").rates
        monkeypatch.setitem(globals(), "settings_on_disk", sys.modules["settings_on_disk"])
        outside, step, w = Outside(f := made()), autograd.compile(f, executor="numpy"), Value(3.0)
        assert [step(w, [1.0]) for _ in range(2)] == [6.0, 6.0]
        assert outside.changed() is None
        rates.RATE = 5.0
        assert outside.changed().endswith("rates.RATE")
        assert step(w, [1.0]) == 15.0
    finally:
        sys.modules.pop("settings_on_disk.rates")
        sys.modules.pop("settings_on_disk")


def test_a_module_that_the_first_call_imports_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "imported_late.py").write_text("RATE = 2.0\n")
    monkeypatch.syspath_prepend(tmp_path)

    def f(w, x):
        import imported_late

        return w * x * imported_late.RATE

    step, w = autograd.compile(f, executor="numpy"), Value(3.0)
    try:
        assert [step(w, [1.0]) for _ in range(3)] == [6.0] * 3
        sys.modules["imported_late"].RATE = 5.0
        assert step(w, [1.0]) == 15.0
    finally:
        sys.modules.pop("imported_late")


def test_a_model_counts_with_its_attributes_and_without_its_weights():
    network = MLP(2, [3, 1], seed=0).train()
    outside = Outside(lambda m, x: m(x), network)
    network.parameters()[0].data = 5.0
    network.parameters()[0].grad = 1.0
    assert outside.changed() is None
    network.eval()
    assert outside.changed() is not None
    network.train()
    network.layers[0].neurons[0].w[0] = Value(1.0)
    assert outside.changed() is not None


def test_defaults_and_methods_count():
    class Model:
        def __init__(self):
            self.scale = 1.0

        def loss(self, w, x, rates=(1.0,)):
            return w * x * self.scale * rates[0]

    model = Model()
    outside = Outside(model.loss)
    model.scale = 2.0
    assert outside.changed() is not None
    defaults = [1.0]

    def f(w, x, rates=defaults):
        return w * rates[0]

    outside = Outside(f)
    defaults[0] = 2.0
    assert outside.changed() is not None


def test_what_refers_to_itself_is_looked_into_once():
    def f(w, n):
        return w if n == 0 else f(w, n - 1)

    loop = [1.0]
    loop.append(loop)
    assert Outside(f).changed() is None
    assert Outside(lambda: loop)._names.count("loop") == 1


def test_libraries_are_not_looked_into():
    outside = Outside(lambda w, x: autograd.tanh(np.sum(w) * math.exp(x)))
    assert {name for name, *_ in outside._watched} == {"<lambda>", "autograd", "np", "math"}


@pytest.mark.parametrize(
    "numbers",
    [list(range(35_000)), dict.fromkeys(range(35_000), 0.5), collections.deque(range(35_000)), np.zeros((350, 100)),
     np.full((70, 1000), math.nan)[:, ::2], array.array("d", [math.nan] * 35_000)],
    ids=["list", "dict", "deque", "array", "every second column", "array.array"],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 12_345, 34_999])
def test_a_change_of_one_number_of_what_is_large_is_seen_after_as_many_looks_as_it_has_parts(numbers, place):
    f, _ = closed_over(thing=numbers)
    outside = Outside(f)
    assert [outside.changed() for _ in range(9)] == [None] * 9
    numbers = numbers.flat if isinstance(numbers, np.ndarray) else numbers
    before, numbers[place] = numbers[place], -5
    assert {outside.changed() for _ in range(4)} == {None, "thing"}
    numbers[place] = before
    assert {outside.changed() for _ in range(4)} == {None}


def test_another_key_of_a_large_dict_is_seen_where_there_are_as_many_as_before():
    names = dict.fromkeys(range(25_000), 0.5)
    outside = Outside(closed_over(thing=names)[0])
    assert outside.changed() is None
    names["new"] = names.pop(24_999)
    assert {outside.changed() for _ in range(4)} >= {"thing"}


def test_a_large_array_of_octets_can_still_grow():
    numbers = bytearray(20_000)
    outside = Outside(closed_over(thing=numbers)[0])
    numbers.append(1)
    assert outside.changed() == "thing"


@pytest.mark.parametrize("read", [lambda w: w * float(os.environ["RATE"]), lambda w: w * float(os.getenv("RATE"))])
def test_the_environment_is_watched_where_it_is_read(read, monkeypatch):
    monkeypatch.setenv("RATE", "2.0")
    outside, other = Outside(read), Outside(lambda w: w * 2.0)
    assert outside.changed() is None
    monkeypatch.setenv("RATE", "3.0")
    assert outside.changed() == "os.environ"
    assert other.changed() is None


def test_the_data_of_parameters_do_not_count_also_where_the_function_has_them_itself():
    w, other = Value(1.0), Value(2.0)
    outside = Outside(lambda p, x: w * other * x, [w])
    w.data = 5.0
    assert outside.changed() is None
    other.data = 5.0
    assert outside.changed() == "other"


def test_a_value_whose_number_alone_is_read_is_noticed_by_a_compiled_function():
    w, by = Value(2.0), Value(3.0)
    step = autograd.compile(lambda w, x: w * x * by.data if by > 0 else w, executor="numpy")
    assert step(w, [1.0, 1.0]) == 6.0
    assert [step(w, [1.0, 1.0]) for by.data in (4.0, 5.0, -1.0)] == [8.0, 10.0, 2.0]


def test_a_name_without_a_value_is_noticed_when_it_gets_one():
    def made():
        def f(w):
            return w * later

        yield f
        later = 2.0
        yield f

    steps = made()
    outside = Outside(next(steps))
    assert outside.changed() is None
    next(steps)
    assert outside.changed() == "later"


def test_of_what_is_compiled_the_function_alone_is_watched():
    scale = [2.0]
    inner = autograd.compile(lambda w, x: w * x * scale[0])
    inner(Value(1.0), [1.0])  # it holds plans now
    holder = types.SimpleNamespace(inner=inner, bound=inner.bind(Value(1.0)))
    outside = Outside(lambda w, x: w * x, holder)
    assert len(outside._containers) < 10
    assert outside.changed() is None
    scale[0] = 3.0
    assert outside.changed() == "scale"
