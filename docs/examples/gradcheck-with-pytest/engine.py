"""An engine in the making: what a first exercise in automatic differentiation ends with."""

import math


class Value:
    def __init__(self, data, operands=()):
        self.data, self.grad = data, 0.0
        self.operands = operands
        self.pass_on = lambda: None  # adds this value's gradient, times the local partials, to its operands

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def pass_on():
            self.grad += out.grad
            other.grad += out.grad

        out.pass_on = pass_on
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def pass_on():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.pass_on = pass_on
        return out

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))

        def pass_on():
            self.grad += (1 - out.data**2) * out.grad

        out.pass_on = pass_on
        return out

    def backward(self):
        order, waiting, seen = [], [(self, False)], set()
        while waiting:
            value, done = waiting.pop()
            if done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                waiting.append((value, True))
                waiting += [(operand, False) for operand in value.operands]
        for value in order:
            if value.operands:
                value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            value.pass_on()
