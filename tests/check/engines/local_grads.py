"""A scalar engine in few lines: every node stores its children and the local gradient towards each of them."""

import math


class Value:
    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0.0
        self._children = children
        self._local_grads = local_grads

    def __repr__(self):
        return f"Value({self.data})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, -self.data / other.data**2))

    def __pow__(self, other):
        if isinstance(other, Value):
            raise TypeError("the exponent must be a number")
        return Value(self.data**other, (self,), (other * self.data ** (other - 1) if other != 0 else 0.0,))

    def __neg__(self):
        return Value(-self.data, (self,), (-1.0,))

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        return Value(other**self.data, (self,), (other**self.data * math.log(other),))

    def __abs__(self):
        return Value(abs(self.data), (self,), (math.copysign(1.0, self.data) if self.data else 0.0,))

    def exp(self):
        return Value(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def tanh(self):
        return Value(math.tanh(self.data), (self,), (1 - math.tanh(self.data) ** 2,))

    def relu(self):
        return Value(max(0, self.data), (self,), (float(self.data > 0),))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self,), (s * (1 - s),))

    def sin(self):
        return Value(math.sin(self.data), (self,), (math.cos(self.data),))

    def cos(self):
        return Value(math.cos(self.data), (self,), (-math.sin(self.data),))

    def sqrt(self):
        return Value(math.sqrt(self.data), (self,), (1 / (2 * math.sqrt(self.data)),))

    def log10(self):
        return Value(math.log10(self.data), (self,), (1 / (self.data * math.log(10)),))

    def exp2(self):
        return Value(2**self.data, (self,), (2**self.data * math.log(2),))

    def backward(self):
        topo = []
        visited = {id(self)}
        path = [(self, iter(self._children))]
        while path:
            node, children = path[-1]
            for child in children:
                if id(child) not in visited:
                    visited.add(id(child))
                    path.append((child, iter(child._children)))
                    break
            else:
                topo.append(node)
                path.pop()
        for node in topo:
            if node._children:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(topo):
            for child, local_grad in zip(node._children, node._local_grads, strict=True):
                child.grad += local_grad * node.grad


def sum(values):
    values = [v if isinstance(v, Value) else Value(v) for v in values]
    return Value(math.fsum(v.data for v in values), tuple(values), (1.0,) * len(values))
