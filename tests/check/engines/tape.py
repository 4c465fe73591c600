"""A scalar engine with a tape: each operation writes (result, inputs, pullback) on it; backward reads it in reverse."""

import math

TAPE = []


class Var:
    def __init__(self, value):
        self.value = float(value)
        self.derivative = 0.0

    def __repr__(self):
        return f"Var({self.value})"

    def __add__(self, other):
        return add(self, other)

    def __sub__(self, other):
        return sub(self, other)

    def __mul__(self, other):
        return mul(self, other)

    def __truediv__(self, other):
        return div(self, other)

    def __pow__(self, other):
        return power(self, other)

    def __neg__(self):
        return neg(self)

    def __radd__(self, other):
        return add(other, self)

    def __rsub__(self, other):
        return sub(other, self)

    def __rmul__(self, other):
        return mul(other, self)

    def __rtruediv__(self, other):
        return div(other, self)

    def __rpow__(self, other):
        return power(other, self)

    def __abs__(self):
        return absolute(self)

    def backward(self):
        for out, _, _ in TAPE:
            out.derivative = 0.0
        self.derivative += 1.0
        for out, inputs, pullback in reversed(TAPE):
            if out.derivative == 0.0:  # of another graph, or without influence
                continue
            for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                v.derivative += derivative


def as_var(x):
    return x if isinstance(x, Var) else Var(x)


def record(value, inputs, pullback):
    out = Var(value)
    TAPE.append((out, inputs, pullback))
    return out


def add(a, b):
    a, b = as_var(a), as_var(b)
    return record(a.value + b.value, (a, b), lambda g: (g, g))


def sub(a, b):
    a, b = as_var(a), as_var(b)
    return record(a.value - b.value, (a, b), lambda g: (g, -g))


def mul(a, b):
    a, b = as_var(a), as_var(b)
    x, y = a.value, b.value
    return record(x * y, (a, b), lambda g: (y * g, x * g))


def div(a, b):
    a, b = as_var(a), as_var(b)
    x, y = a.value, b.value
    return record(x / y, (a, b), lambda g: (g / y, -x / (y * y) * g))


def power(a, b):
    a, b = as_var(a), as_var(b)
    x, n = a.value, b.value
    y = x**n

    def pullback(g):
        to_base = n * x ** (n - 1) * g if n != 0 else 0.0
        to_exponent = y * math.log(x) * g if x > 0 else 0.0
        return to_base, to_exponent

    return record(y, (a, b), pullback)


def neg(a):
    return record(-a.value, (a,), lambda g: (-g,))


def absolute(a):
    x = a.value
    return record(abs(x), (a,), lambda g: (g if x > 0 else -g if x < 0 else 0.0,))


def exp(a):
    a = as_var(a)
    y = math.exp(a.value)
    return record(y, (a,), lambda g: (y * g,))


def log(a):
    a = as_var(a)
    x = a.value
    return record(math.log(x), (a,), lambda g: (g / x,))


def tanh(a):
    a = as_var(a)
    x = a.value
    y = math.tanh(x)
    return record(y, (a,), lambda g: ((1 - y * y) * g,))


def relu(a):
    a = as_var(a)
    x = a.value
    return record(max(x, 0.0), (a,), lambda g: (g if x > 0 else 0.0,))


def sigmoid(a):
    a = as_var(a)
    x = a.value
    y = 1 / (1 + math.exp(-x))
    return record(y, (a,), lambda g: (y * (1 - y) * g,))


def sin(a):
    a = as_var(a)
    x = a.value
    return record(math.sin(x), (a,), lambda g: (math.cos(x) * g,))


def cos(a):
    a = as_var(a)
    x = a.value
    return record(math.cos(x), (a,), lambda g: (-math.sin(x) * g,))


def sqrt(a):
    a = as_var(a)
    x = a.value
    y = math.sqrt(x)
    return record(y, (a,), lambda g: (g / (2 * y),))


def log10(a):
    a = as_var(a)
    x = a.value
    return record(math.log10(x), (a,), lambda g: (g / (x * math.log(10)),))


def exp2(a):
    a = as_var(a)
    y = 2.0**a.value
    return record(y, (a,), lambda g: (math.log(2) * y * g,))


def sum(values):
    inputs = [as_var(v) for v in values]
    return record(math.fsum(v.value for v in inputs), inputs, lambda g: [g] * len(inputs))
