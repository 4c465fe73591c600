"""A scalar engine as after a lecture: every operation leaves a closure that passes its gradient on to its operands."""

import math


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = float(data)
        self.grad = 0.0
        self._prev = _children
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other), "-")

        def _backward():
            self.grad += out.grad
            other.grad -= out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        out = Value(a * b, (self, other), "*")

        def _backward():
            self.grad += b * out.grad
            other.grad += a * out.grad

        out._backward = _backward
        return out

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        out = Value(a / b, (self, other), "/")

        def _backward():
            self.grad += 1 / b * out.grad
            other.grad += -a / b**2 * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        if not isinstance(n, (int, float)):
            raise TypeError("only numbers as exponents")
        x = self.data
        out = Value(x**n, (self,), f"**{n}")

        def _backward():
            if n != 0:
                self.grad += n * x ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        out = Value(-self.data, (self,), "neg")

        def _backward():
            self.grad -= out.grad

        out._backward = _backward
        return out

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, base):
        y = base**self.data
        out = Value(y, (self,), f"{base}**")

        def _backward():
            self.grad += y * math.log(base) * out.grad

        out._backward = _backward
        return out

    def __abs__(self):
        x = self.data
        out = Value(abs(x), (self,), "abs")

        def _backward():
            sign = (x > 0) - (x < 0)
            self.grad += sign * out.grad

        out._backward = _backward
        return out

    def exp(self):
        y = math.exp(self.data)
        out = Value(y, (self,), "exp")

        def _backward():
            self.grad += y * out.grad

        out._backward = _backward
        return out

    def log(self):
        x = self.data
        out = Value(math.log(x), (self,), "log")

        def _backward():
            self.grad += 1 / x * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        x = self.data
        t = math.tanh(x)
        out = Value(t, (self,), "tanh")

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        x = self.data
        out = Value(x if x > 0 else 0.0, (self,), "relu")

        def _backward():
            self.grad += (x > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        x = self.data
        s = 1 / (1 + math.exp(-x))
        out = Value(s, (self,), "sigmoid")

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        x = self.data
        out = Value(math.sin(x), (self,), "sin")

        def _backward():
            self.grad += math.cos(x) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        x = self.data
        out = Value(math.cos(x), (self,), "cos")

        def _backward():
            self.grad += -math.sin(x) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        x = self.data
        y = math.sqrt(x)
        out = Value(y, (self,), "sqrt")

        def _backward():
            self.grad += 0.5 / y * out.grad

        out._backward = _backward
        return out

    def log10(self):
        x = self.data
        out = Value(math.log10(x), (self,), "log10")

        def _backward():
            self.grad += 1 / (x * math.log(10)) * out.grad

        out._backward = _backward
        return out

    def exp2(self):
        y = 2.0**self.data
        out = Value(y, (self,), "exp2")

        def _backward():
            self.grad += y * math.log(2) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, visited, stack = [], set(), [(self, False)]
        while stack:
            v, operands_done = stack.pop()
            if operands_done:
                order.append(v)
            elif v not in visited:
                visited.add(v)
                stack.append((v, True))
                stack.extend((operand, False) for operand in v._prev)
        for v in order:
            if v._prev:
                v.grad = 0.0
        self.grad += 1.0
        for v in reversed(order):
            v._backward()


def sum(values):
    values = [v if isinstance(v, Value) else Value(v) for v in values]
    out = Value(math.fsum(v.data for v in values), tuple(values), "sum")

    def _backward():
        for v in values:
            v.grad += out.grad

    out._backward = _backward
    return out
