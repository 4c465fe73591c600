"""Right engines, more than 200: the four styles after rewrites that change how they are written and not what they do.

Each axis is a list of ways to write one thing; a variant takes one way on each axis, drawn with a fixed seed. What is
left open by the mathematics is open here: the slope of relu and abs at 0, a gradient that is None before the first
backward pass, recursion (which is enough for graphs a few hundred deep).
"""

import random
import re
from typing import NamedTuple

from .mistakes_local import LIFTED, section
from .mistakes_structure import (
    C_CLEAR,
    C_LOOP,
    C_RADD,
    C_VISIT,
    CLOSURES,
    L_CLEAR,
    L_LOOP,
    L_VISIT,
    LOCAL_GRADS,
    O_CLEAR,
    O_EACH_PATH,
    O_FIND,
    OP_CLASSES,
    SEED,
    T_CLEAR,
    T_SEED,
    T_WALK,
    TAPE,
)  # fmt: skip
from .planting import STYLES, Edit, Style, edited, sections

EACH = 56  # variants of each style


class Variant(NamedTuple):
    """A right engine: its style, with the names that it goes by here, and its source."""

    style: Style
    number: int
    source: str

    def __str__(self):
        return f"{self.style.name} {self.number}"

    @property
    def recursive(self):
        """Whether it finds the order by a function that calls itself for each operand."""
        return "def build(" in self.source or "def find(" in self.source


def whole(style, op, new):
    """The edit that replaces the whole function, method or class of an operation."""
    name = section(style, op)
    first, last = sections(style.source)[name]
    return Edit(name, style.source[first:last], new)


def method(name, body, arguments="self"):
    return f"    def {name}({arguments}):\n        {body}\n"


def composed(style, op, body, name="", arguments="self"):
    """A method that is made of other operations."""
    return [whole(style, op, method(name or op, body, arguments))]


def of_methods(style):
    """Ways to make operations of others that hold wherever operations are methods."""
    return [
        [[], composed(style, "sub", "return self + (-other)", "__sub__", "self, other"),
         composed(style, "sub", "return self + -1.0 * other", "__sub__", "self, other")],
        [[], composed(style, "neg", "return self * -1.0", "__neg__"),
     composed(style, "neg", "return -1 * self", "__neg__")],
        [[], composed(style, "div", "return self * other**-1", "__truediv__", "self, other")],
        [[], composed(style, "rdiv", "return other * self**-1.0", "__rtruediv__", "self, other")],
        [[], composed(style, "rsub", "return (-self) + other", "__rsub__", "self, other"),
         composed(style, "rsub", "return -(self - other)", "__rsub__", "self, other")],
        [[], composed(style, "rpow", "return (self * math.log(other)).exp()", "__rpow__", "self, other")],
        [[], composed(style, "abs", "return -self if self.data < 0 else self", "__abs__"),
         composed(style, "abs", "return self.relu() + (-self).relu()", "__abs__"),
         composed(style, "abs", "return self * (1.0 if self.data > 0 else -1.0)", "__abs__")],
        [[], composed(style, "sqrt", "return self**0.5")],
        [[], composed(style, "log10", "return self.log() / math.log(10)")],
        [[], composed(style, "exp2", "return 2.0**self"), composed(style, "exp2", "return (self * math.log(2)).exp()")],
        [[], composed(style, "cos", "return (self + math.pi / 2).sin()")],
        [[], [whole(style, "sum", "")],
         [whole(style, "sum", "def sum(values):\n    total = 0.0\n    for v in values:\n        total = total + v\n"
                              "    return total\n")]],
    ]  # fmt: skip


# --- ways to find the order ------------------------------------------------------------------------------------

RECURSIVE = """\
        {order} = []
        visited = set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for operand in v.{operands}:
                    build(operand)
                {order}.append(v)

        build(self)
"""
BY_ID = """\
        {order}, visited, stack = [], set(), [(self, False)]
        while stack:
            v, done = stack.pop()
            if done:
                {order}.append(v)
                continue
            if id(v) in visited:
                continue
            visited.add(id(v))
            stack.append((v, True))
            for operand in reversed(v.{operands}):
                stack.append((operand, False))
"""
IN_A_LIST = RECURSIVE.replace("visited = set()", "visited = []").replace("visited.add", "visited.append")
RECURSIVE_BY_ID = RECURSIVE.replace("if v not", "if id(v) not").replace("add(v)", "add(id(v))")
COUNTED = """\
        uses, stack = {{self: 0}}, [self]
        while stack:
            v = stack.pop()
            for operand in v.{operands}:
                if operand not in uses:
                    uses[operand] = 0
                    stack.append(operand)
                uses[operand] += 1
        {order}, ready = [], [self]
        while ready:
            v = ready.pop()
            {order}.append(v)
            for operand in v.{operands}:
                uses[operand] -= 1
                if uses[operand] == 0:
                    ready.append(operand)
        {order}.reverse()
"""
FLAGGED = """\
        {order} = []

        def build(v):
            v._seen = True
            for operand in v.{operands}:
                if not v_seen(operand):
                    build(operand)
            {order}.append(v)

        def v_seen(v):
            return getattr(v, "_seen", False)

        build(self)
        for v in {order}:
            v._seen = False
"""
LATEST_FIRST = """\
        {order}, visited, stack = [], set(), [self]
        while stack:
            v = stack[-1]
            waiting = [operand for operand in v.{operands} if operand not in visited]
            if waiting and v not in visited:
                stack.extend(waiting)
            else:
                stack.pop()
                if v not in visited:
                    visited.add(v)
                    {order}.append(v)
"""
ORDERS = (RECURSIVE, BY_ID, IN_A_LIST, RECURSIVE_BY_ID, COUNTED, FLAGGED, LATEST_FIRST)


def orders(visit, order, operands):
    ways = [[("", visit, text.format(order=order, operands=operands))] for text in ORDERS]
    if visit == L_VISIT:
        ways[ORDERS.index(FLAGGED)].append(("", "__slots__ = (", '__slots__ = ("_seen", '))
    return [[], *ways]


# --- closures --------------------------------------------------------------------------------------------------

C_ALIASES = "    __radd__ = __add__\n    __rmul__ = __mul__\n\n"
C_RMUL = "    def __rmul__(self, other):\n        return self * other\n\n"
C_STABLE = """\
        if x >= 0:
            s = 1 / (1 + math.exp(-x))
        else:
            s = math.exp(x) / (1 + math.exp(x))
"""
C_AXES = [
    *of_methods(CLOSURES),
    orders(C_VISIT, "order", "_prev"),
    [[], [("", C_CLEAR, "        for v in order:\n            v.grad = 0.0 if v._prev else v.grad\n")],
     [("", C_CLEAR, "        for v in [v for v in order if v._prev]:\n            v.grad = 0\n")]],
    [[], [("", SEED, "        self.grad = self.grad + 1\n")],
     [("", SEED, "        self.grad = 1.0 if self._prev else self.grad + 1.0\n")]],
    [[], [("", C_LOOP, "        for i in range(len(order) - 1, -1, -1):\n            order[i]._backward()\n")],
     [("", C_LOOP, "        while order:\n            order.pop()._backward()\n")]],
    [[], [("", C_RADD, C_ALIASES), ("", C_RMUL, "")]],
    [[], [("Value.__init__", "float(data)", "data")]],
    [[], [("Value.__init__", "lambda: None", "no_backward"),
          ("", "\n\nclass Value", "\n\ndef no_backward():\n    pass\n\n\nclass Value")]],
    [[], [("Value.exp", "y * out", "out.data * out")], [("Value.exp", "y * out.grad", "out.grad * y")]],
    [[], [("Value.log", "1 / x * out.grad", "out.grad / x")], [("Value.log", "1 / x", "x**-1")]],
    [[], [("Value.__pow__", "x ** (n - 1)", "math.pow(x, n - 1)")],
     [("Value.__pow__", "if n != 0:\n                self.grad += n * x ** (n - 1) * out.grad",
       "self.grad += (n * x ** (n - 1) if n else 0.0) * out.grad")]],
    [[], [("Value.__truediv__", "-a / b**2", "-out.data / b"),
     ("Value.__truediv__", "1 / b * out.grad", "out.grad / b")],
     [("Value.__truediv__", "-a / b**2", "-(a / (b * b))")]],
    [[], [("Value.tanh", "math.tanh(x)", "(math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)")],
     [("Value.tanh", "1 - t**2", "1 / math.cosh(x) ** 2")], [("Value.tanh", "t**2", "t * t")],
     composed(CLOSURES, "tanh", "return ((2 * self).exp() - 1) / ((2 * self).exp() + 1)"),
     composed(CLOSURES, "tanh", "return 2 / (1 + (-2 * self).exp()) - 1")],
    [[], [("Value.relu", "(x > 0)", "(x >= 0)")], [("Value.relu", "(x > 0)", "(out.data > 0)")],
     [("Value.relu", "(x > 0) * out.grad", "out.grad if x > 0 else 0.0")],
     composed(CLOSURES, "relu", "return self * (1.0 if self.data > 0 else 0.0)"),
     composed(CLOSURES, "relu", "return self if self.data > 0 else Value(0.0)")],
    [[], [("Value.sigmoid", "s * (1 - s)", "(s - s**2)")],
     [("Value.sigmoid", "s * (1 - s)", "math.exp(-x) / (1 + math.exp(-x)) ** 2")],
     [("Value.sigmoid", "        s = 1 / (1 + math.exp(-x))\n", C_STABLE)],
     [("Value.sigmoid", "1 / (1 + math.exp(-x))", "(1 + math.tanh(x / 2)) / 2")],
     composed(CLOSURES, "sigmoid", "return 1 / (1 + (-self).exp())"),
     composed(CLOSURES, "sigmoid", "return self.exp() / (1 + self.exp())")],
]  # fmt: skip

# --- stored local gradients ------------------------------------------------------------------------------------

L_SIGMOID = "s * (1 - s)"
L_AXES = [
    *of_methods(LOCAL_GRADS),
    orders(L_VISIT, "topo", "_children"),
    [[], [("", L_CLEAR, "        for node in topo:\n            node.grad = 0.0 if node._children else node.grad\n")]],
    [[], [("", SEED, "        self.grad = 1.0 if self._children else self.grad + 1.0\n")]],
    [[], [("", L_LOOP, "        for node in topo[::-1]:\n            for i, child in enumerate(node._children):\n"
                       "                child.grad = child.grad + node.grad * node._local_grads[i]\n")],
     [("", ", strict=True):", "):  # noqa: B905")]],
    [[], [("Value.__init__", "self.data = data", "self.data = float(data)")]],
    [[], [("Value.__mul__", "(other.data, self.data)", "[other.data, self.data]")]],
    [[], [("Value.__radd__", "Value(other) + self", "self + other"),
     ("Value.__rmul__", "Value(other) * self", "self * other")]],
    [[], [("Value.__truediv__", "-self.data / other.data**2", "-self.data * other.data**-2")]],
    [[], [("Value.__pow__", "other * self.data ** (other - 1) if other != 0 else 0.0",
           "0.0 if other == 0 else other * math.pow(self.data, other - 1)")]],
    [[], [("Value.exp", "return Value(math.exp(self.data), (self,), (math.exp(self.data),))",
           "e = math.exp(self.data)\n        return Value(e, (self,), (e,))")]],
    [[], [("Value.tanh", "1 - math.tanh(self.data) ** 2", "1 / math.cosh(self.data) ** 2")],
     composed(LOCAL_GRADS, "tanh", "return ((2 * self).exp() - 1) / ((2 * self).exp() + 1)"),
     composed(LOCAL_GRADS, "tanh", "return (self.exp() - (-self).exp()) / (self.exp() + (-self).exp())")],
    [[], [("Value.relu", "self.data > 0", "self.data >= 0")],
     [("Value.relu", "max(0, self.data)", "max(0.0, self.data)")],
     composed(LOCAL_GRADS, "relu", "return self * (self.data > 0)"),
     composed(LOCAL_GRADS, "relu", "return self if self.data > 0 else self * 0.0")],
    [[], [("Value.sigmoid", L_SIGMOID, "s - s * s")],
     [("Value.sigmoid", L_SIGMOID, "1 / (4 * math.cosh(self.data / 2) ** 2)")],
     composed(LOCAL_GRADS, "sigmoid", "return ((-self).exp() + 1) ** -1"),
     composed(LOCAL_GRADS, "sigmoid", "return 1 / (1 + (-self).exp())")],
]  # fmt: skip

# --- tape ------------------------------------------------------------------------------------------------------

T_BY_ID = """\
        gradients = {id(self): 1.0}
        for out, inputs, pullback in reversed(TAPE):
            if id(out) in gradients:
                out.derivative = gradients.pop(id(out))
                for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                    gradients[id(v)] = gradients.get(id(v), 0.0) + derivative
        leaves = {id(self): self} | {id(v): v for _, inputs, _ in TAPE for v in inputs}
        for i, derivative in gradients.items():
            leaves[i].derivative += derivative
"""
T_NEEDED = """\
        needed, entries = {id(self)}, []
        for entry in reversed(TAPE):
            if id(entry[0]) in needed:
                entries.append(entry)
                needed.update(id(v) for v in entry[1])
        for out, _, _ in entries:
            out.derivative = 0.0
        self.derivative += 1.0
        for out, inputs, pullback in entries:
            for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                v.derivative += derivative
"""


def function(op, body, arguments="a"):
    return [whole(TAPE, op, f"def {section(TAPE, op)}({arguments}):\n    {body}\n")]


T_AXES = [
    [[], [("", T_CLEAR + T_SEED + T_WALK, T_BY_ID)], [("", T_CLEAR + T_SEED + T_WALK, T_NEEDED)],
     [("",
     "            if out.derivative == 0.0:  # of another graph, or without influence\n                continue\n",
     "")],
     [("", "in reversed(TAPE):", "in TAPE[::-1]:")]],
    [[], function("sub", "return add(a, neg(as_var(b)))", "a, b"),
     function("sub", "return add(a, mul(-1.0, b))", "a, b")],
    [[], function("neg", "return mul(a, -1.0)"), [("neg", "record(-a.value", "record(0.0 - a.value")]],
    [[], function("div", "return mul(a, power(b, -1.0))", "a, b"),
     [("div", "-x / (y * y) * g", "-g * x / y**2")], [("div", "lambda g: (g / y, -x / (y * y) * g)",
                                                       "lambda g: (g / y, -g * (x / y) / y)")]],
    [[], function("absolute", "return a if a.value >= 0 else neg(a)"),
     [("absolute", "g if x > 0 else -g if x < 0 else 0.0", "math.copysign(g, g * x)")]],
    [[], function("sqrt", "return power(a, 0.5)"), [("sqrt", "g / (2 * y)", "0.5 * g / y")]],
    [[], function("log10", "return div(log(a), math.log(10))")],
    [[], function("exp2", "return power(2.0, a)"), function("exp2", "return exp(mul(a, math.log(2)))")],
    [[], function("cos", "return sin(add(a, math.pi / 2))")],
    [[], [whole(TAPE, "sum", "")],
     function("sum", "total = 0.0\n    for v in values:\n        total = total + v\n    return total", "values")],
    [[], [("tanh", "1 - y * y", "1 / math.cosh(x) ** 2")], [("tanh", "math.tanh(x)", "1 - 2 / (math.exp(2 * x) + 1)")],
     function("tanh", "u = exp(2.0 * a)\n    return (u - 1.0) / (u + 1.0)")],
    [[], [("relu", "if x > 0", "if x >= 0")], [("relu", "g if x > 0 else 0.0", "g * (x > 0)")],
     function("relu", "return a if a.value > 0 else Var(0.0)"), function("relu", "return mul(a, float(a.value > 0))")],
    [[], [("sigmoid", "y * (1 - y)", "(y - y * y)")], function("sigmoid", "return div(1.0, add(1.0, exp(neg(a))))"),
     [("sigmoid", "1 / (1 + math.exp(-x))", "0.5 * (1 + math.tanh(0.5 * x))")]],
    [[], [("mul", "    x, y = a.value, b.value\n    return record(x * y, (a, b), lambda g: (y * g, x * g))",
           "    x, y = a.value, b.value\n\n    def pullback(g):\n        return [g * y, g * x]\n\n"
           "    return record(x * y, [a, b], pullback)")]],
    [[], [("exp", "    y = math.exp(a.value)\n    return record(y, (a,), lambda g: (y * g,))",
           "    x = a.value\n    return record(math.exp(x), (a,), lambda g: (g * math.exp(x),))")]],
    [[], [("power", "n * x ** (n - 1) * g", "g * (n * math.pow(x, n - 1))")]],
    [[], [("Var.__init__", "float(value)", "value")]],
    [[], [("Var.__radd__", "add(other, self)", "add(self, other)"),
     ("Var.__rmul__", "mul(other, self)", "mul(self, other)")],
     [("Var.__radd__", "add(other, self)", "self + other"), ("Var.__rmul__", "mul(other, self)", "self * other")]],
    [[], [("Var.__repr__", "    def __repr__",
           "    def tanh(self):\n        return tanh(self)\n\n    def exp(self):\n        return exp(self)\n\n"
           "    def __repr__")]],
]  # fmt: skip

# --- a class for each operation --------------------------------------------------------------------------------

O_RECURSIVE = """\
        found = {}

        def find(v):
            if v.creator is not None and v.serial not in found:
                found[v.serial] = v
                for operand in v.creator.operands:
                    find(operand)

        find(self)
"""
O_EARLY = """\
        found, waiting = {}, [self] if self.creator else []
        for v in waiting:
            if v.serial not in found:
                found[v.serial] = v
                waiting += [operand for operand in v.creator.operands if operand.creator]
"""
O_ADD = "return grad, grad"


def scalar(name, body, arguments="self"):
    first, last = sections(OP_CLASSES.source)[f"Scalar.{name}"]
    return [Edit(f"Scalar.{name}", OP_CLASSES.source[first:last], method(name, body, arguments))]


O_AXES = [
    [[], [("", O_FIND, O_RECURSIVE)], [("", O_FIND, O_EARLY)], [("", "waiting.pop()", "waiting.pop(0)")]],
    [[], [("", O_EACH_PATH + "            v = found[serial]\n",
           "        for _, v in sorted(found.items(), reverse=True):\n")],
     [("", O_EACH_PATH + "            v = found[serial]\n",
       "        for v in sorted(found.values(), key=lambda v: -v.serial):\n")]],
    [[], [("", O_CLEAR + SEED,
           "        for v in found.values():\n            if v is not self:\n                v.grad = 0.0\n"
           "        self.grad = 1.0 if self.creator else self.grad + 1.0\n")]],
    [[], scalar("__sub__", "return self + (-other)", "self, other"),
     scalar("__sub__", "return self + other * -1", "self, other")],
    [[], scalar("__neg__", "return self * -1.0"), scalar("__neg__", "return Mul.apply(-1, self)")],
    [[], scalar("__truediv__", "return self * Pow.apply(other, -1.0)", "self, other"),
     [("Div", "-grad * self.a / self.b**2", "-grad * (self.a / self.b) / self.b")]],
    [[], scalar("__rsub__", "return (-self) + other", "self, other")],
    [[], scalar("__rtruediv__", "return other * self**-1", "self, other")],
    [[], scalar("__radd__", "return self + other", "self, other") + scalar("__rmul__", "return self * other",
     "self, other")],
    [[], scalar("__abs__", "return self if self.val > 0 else -self"), [("Abs", "grad * sign", "sign * grad")]],
    [[], scalar("sqrt", "return self**0.5"), [("Sqrt", "grad / (2 * self.out)", "grad * 0.5 / math.sqrt(self.x)")]],
    [[], scalar("log10", "return self.log() / math.log(10)")],
    [[], scalar("exp2", "return 2**self"), scalar("exp2", "return (self * math.log(2)).exp()")],
    [[], scalar("cos", "return (self + math.pi / 2).sin()")],
    [[], [("", "def sum(values):\n    return Sum.apply(*values)\n", "")]],
    [[], [("Tanh", "1 - self.out**2", "1 / math.cosh(self.x) ** 2")],
     [("Tanh", "math.tanh(x)", "math.sinh(x) / math.cosh(x)")],
     scalar("tanh", "return 1 - 2 / ((2 * self).exp() + 1)")],
    [[], [("ReLU", "if self.x > 0", "if self.x >= 0")],
     [("ReLU", "grad if self.x > 0 else 0.0", "grad * (self.x > 0)")],
     scalar("relu", "return self if self.val > 0 else self * 0.0")],
    [[], [("Sigmoid", "self.out * (1 - self.out)", "(self.out - self.out**2)")],
     scalar("sigmoid", "return 1 / (1 + (-self).exp())"),
     scalar("sigmoid", "return ((self * 0.5).tanh() + 1) / 2")],
    [[], [("Function.apply", "tuple(v if isinstance(v, Scalar) else Scalar(v) for v in operands)",
           "[v if isinstance(v, Scalar) else Scalar(v) for v in operands]")],
     [("Function.apply", "v if isinstance(v, Scalar) else Scalar(v)", "lifted(v)"),
      ("", "\n\nclass Function",
     "\n\ndef lifted(v):\n    return v if isinstance(v, Scalar) else Scalar(v)\n\n\nclass Function")]],
    [[], [("Mul", "self.a, self.b = a, b", "self.saved = (a, b)"),
          ("Mul", "return grad * self.b, grad * self.a", "a, b = self.saved\n        return b * grad, a * grad")]],
    [[], [("Pow", "grad * self.b * self.a ** (self.b - 1)", "self.b * math.pow(self.a, self.b - 1) * grad")]],
    [[], [("Scalar", "    def zero_grad(self):\n        self.grad = 0.0\n\n", "")]],
    [[], [("Exp", "        self.out = math.exp(x)\n        return self.out",
     "        self.x = x\n        return math.exp(x)"),
          ("Exp", "grad * self.out", "grad * math.exp(self.x)")]],
]  # fmt: skip

# --- what is done to the whole text ----------------------------------------------------------------------------

NAMES = (("data", "grad"), ("value", "derivative"), ("val", "gradient"), ("value", "grad"), ("x", "d"), ("data", "g"))
CLASSES = ("Value", "Scalar", "Var", "Number", "Node")
SLOTS = '    __slots__ = ("_backward", "_op", "_prev", "_seen", "data", "grad")\n\n'
UNARY = r"    def (exp|log|sin|cos|sqrt|tanh|sigmoid|relu)\(self\):"


def with_helper(source, style, rng):
    """Numbers lifted by a function instead of in every operator."""
    if LIFTED not in source:
        return source
    source = source.replace(LIFTED, "        other = lift(other)\n")
    return source + "\n\ndef lift(x):\n    return x if isinstance(x, Value) else Value(x)\n"


def with_slots(source, style, rng):
    if style is CLOSURES:
        return source.replace("class Value:\n", f"class Value:\n{SLOTS}")
    if style is LOCAL_GRADS:
        return re.sub(r"    __slots__ = .*\n\n", "", source)
    return source


def with_zero_grad(source, style, rng):
    if "def zero_grad" in source:
        return source
    return source.replace(
        "    def __repr__", f"    def zero_grad(self):\n        self.{style.grad} = 0.0\n\n    def __repr__"
    )


def with_free_functions(source, style, rng):
    """Functions beside the methods; where no operation is made of others, in place of them."""
    names = [name for name in re.findall(UNARY, source) if f"\ndef {name}(" not in source]
    if re.search(r"\.(exp|log|sin|relu|tanh)\(\)", source):
        return source + "".join(f"\n\ndef {name}(v):\n    return v.{name}()\n" for name in names)
    for name in names:
        first, last = sections(source)[f"{style.value_class}.{name}"]
        text = "".join(line[4:] if line.strip() else line for line in source[first:last].splitlines(keepends=True))
        source = f"{source[:first].rstrip(chr(10))}\n\n{source[last:].lstrip(chr(10))}\n\n{text}"
    return source


def with_none(source, style, rng):
    """A gradient is None until it is known."""
    if style is CLOSURES:
        return source
    grad = style.grad
    source = source.replace(f"        self.{grad} = 0.0\n", f"        self.{grad} = None\n", 1)
    source = re.sub(rf"([\w\[\]]+)\.{grad} \+= ", rf"\1.{grad} = \1.{grad} + ", source)
    return re.sub(rf"([\w\[\]]+\.{grad}) \+ ", r"(\1 or 0.0) + ", source)


def with_floats(source, style, rng):
    """The class is a kind of float; nodes are equal by number then, so that only ids tell them apart."""
    if style is CLOSURES or re.search(r"\{self[:}]|visited = (set\(\)|\[\])|operand not in visited", source):
        return source
    start = f"class {style.value_class}:\n"
    new = "    def __new__(cls, data, *_):\n        return super().__new__(cls, data)\n\n"
    return source.replace(start, start.replace(":", "(float):") + new)


REWRITES = (with_helper, with_slots, with_zero_grad, with_free_functions, with_none, with_floats)


def renamed(source, style, rng):
    """Other names for the class and its attributes."""
    data, grad = rng.choice(NAMES)
    name = rng.choice(CLASSES)
    source = re.sub(rf"\.{style.data}\b", f".{data}", source)
    source = re.sub(rf"\.{style.grad}\b", f".{grad}", source)
    source = re.sub(r'__slots__ = (.*)"data", "grad"', rf'__slots__ = \1"{data}", "{grad}"', source)
    return re.sub(rf"\b{style.value_class}\b", name, source), Style(style.name, name, data, grad)


def _variant(style, axes, number):
    rng = random.Random(f"{style.name} {number}")
    edits = [Edit(*edit) for axis in axes for edit in (rng.choice(axis) if rng.random() < 0.6 else axis[0])]
    source = _as_many_as_fit(style.source, edits)
    for rewrite in REWRITES:
        if rng.random() < 0.3:
            source = rewrite(source, style, rng)
    source, style = renamed(source, style, rng)
    return Variant(style, number, source)


def _as_many_as_fit(source, edits):
    """The source after the edits; those that overlap an earlier one are left out."""
    fitting = []
    for edit in edits:
        try:
            edited(source, [*fitting, edit])
        except ValueError:
            continue
        fitting.append(edit)
    return edited(source, fitting)


def _variants():
    for style, axes in zip(STYLES, (C_AXES, L_AXES, T_AXES, O_AXES), strict=True):
        found = {}
        number = 0
        while len(found) < EACH:
            number += 1
            variant = _variant(style, axes, number)
            found.setdefault(variant.source, variant)
        yield from found.values()


VARIANTS = tuple(_variants())
