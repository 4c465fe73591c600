"""A scalar engine with one class for each operation, which knows its forward and its backward pass."""

import itertools
import math

serial_numbers = itertools.count()


class Scalar:
    def __init__(self, val, creator=None):
        self.val = float(val)
        self.grad = 0.0
        self.creator = creator
        self.serial = next(serial_numbers)

    def __repr__(self):
        return f"Scalar({self.val:g})"

    def __add__(self, other):
        return Add.apply(self, other)

    def __sub__(self, other):
        return Sub.apply(self, other)

    def __mul__(self, other):
        return Mul.apply(self, other)

    def __truediv__(self, other):
        return Div.apply(self, other)

    def __pow__(self, other):
        return Pow.apply(self, other)

    def __neg__(self):
        return Neg.apply(self)

    def __radd__(self, other):
        return Add.apply(other, self)

    def __rsub__(self, other):
        return Sub.apply(other, self)

    def __rmul__(self, other):
        return Mul.apply(other, self)

    def __rtruediv__(self, other):
        return Div.apply(other, self)

    def __rpow__(self, other):
        return Pow.apply(other, self)

    def __abs__(self):
        return Abs.apply(self)

    def exp(self):
        return Exp.apply(self)

    def log(self):
        return Log.apply(self)

    def tanh(self):
        return Tanh.apply(self)

    def relu(self):
        return ReLU.apply(self)

    def sigmoid(self):
        return Sigmoid.apply(self)

    def sin(self):
        return Sin.apply(self)

    def cos(self):
        return Cos.apply(self)

    def sqrt(self):
        return Sqrt.apply(self)

    def log10(self):
        return Log10.apply(self)

    def exp2(self):
        return Exp2.apply(self)

    def zero_grad(self):
        self.grad = 0.0

    def backward(self):
        found, waiting = {}, [self]
        while waiting:
            v = waiting.pop()
            if v.creator is not None and v.serial not in found:
                found[v.serial] = v
                waiting.extend(v.creator.operands)
        for v in found.values():
            v.grad = 0.0
        self.grad += 1.0
        for serial in sorted(found, reverse=True):  # a result is younger than its operands
            v = found[serial]
            gradients = v.creator.backward(v.grad)
            for operand, gradient in zip(v.creator.operands, gradients, strict=True):
                operand.grad += gradient


class Function:
    @classmethod
    def apply(cls, *operands):
        function = cls()
        function.operands = tuple(v if isinstance(v, Scalar) else Scalar(v) for v in operands)
        return Scalar(function.forward(*(v.val for v in function.operands)), function)


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backward(self, grad):
        return grad, grad


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backward(self, grad):
        return grad, -grad


class Mul(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, grad):
        return grad * self.b, grad * self.a


class Div(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a / b

    def backward(self, grad):
        return grad / self.b, -grad * self.a / self.b**2


class Pow(Function):
    def forward(self, a, b):
        self.a, self.b, self.out = a, b, a**b
        return self.out

    def backward(self, grad):
        grad_a = grad * self.b * self.a ** (self.b - 1) if self.b != 0 else 0.0
        grad_b = grad * self.out * math.log(self.a) if self.a > 0 else 0.0
        return grad_a, grad_b


class Neg(Function):
    def forward(self, x):
        return -x

    def backward(self, grad):
        return (-grad,)


class Abs(Function):
    def forward(self, x):
        self.x = x
        return abs(x)

    def backward(self, grad):
        sign = (self.x > 0) - (self.x < 0)
        return (grad * sign,)


class Exp(Function):
    def forward(self, x):
        self.out = math.exp(x)
        return self.out

    def backward(self, grad):
        return (grad * self.out,)


class Log(Function):
    def forward(self, x):
        self.x = x
        return math.log(x)

    def backward(self, grad):
        return (grad / self.x,)


class Tanh(Function):
    def forward(self, x):
        self.x = x
        self.out = math.tanh(x)
        return self.out

    def backward(self, grad):
        return (grad * (1 - self.out**2),)


class ReLU(Function):
    def forward(self, x):
        self.x = x
        return x if x > 0 else 0.0

    def backward(self, grad):
        return (grad if self.x > 0 else 0.0,)


class Sigmoid(Function):
    def forward(self, x):
        self.x = x
        self.out = 1 / (1 + math.exp(-x))
        return self.out

    def backward(self, grad):
        return (grad * self.out * (1 - self.out),)


class Sin(Function):
    def forward(self, x):
        self.x = x
        return math.sin(x)

    def backward(self, grad):
        return (grad * math.cos(self.x),)


class Cos(Function):
    def forward(self, x):
        self.x = x
        return math.cos(x)

    def backward(self, grad):
        return (-grad * math.sin(self.x),)


class Sqrt(Function):
    def forward(self, x):
        self.x = x
        self.out = math.sqrt(x)
        return self.out

    def backward(self, grad):
        return (grad / (2 * self.out),)


class Log10(Function):
    def forward(self, x):
        self.x = x
        return math.log10(x)

    def backward(self, grad):
        return (grad / (self.x * math.log(10)),)


class Exp2(Function):
    def forward(self, x):
        self.out = 2.0**x
        return self.out

    def backward(self, grad):
        return (grad * self.out * math.log(2),)


class Sum(Function):
    def forward(self, *xs):
        return math.fsum(xs)

    def backward(self, grad):
        return (grad,) * len(self.operands)


def sum(values):
    return Sum.apply(*values)
