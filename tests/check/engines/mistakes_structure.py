"""Mistakes of the whole engine: the order, the accumulation, the seed, what is visited, what is kept between passes.

Each of these is written out per style, as somebody who builds an engine in that style would make it.

Two that nobody can tell apart from outside: if only the root passes its gradient on (one-level), and if the root is the
last to do so (order-not-reversed), its own operands get a gradient and nothing else does.
"""

from .mistakes_local import section
from .planting import STYLES, Edit, Planted

CLOSURES, LOCAL_GRADS, TAPE, OP_CLASSES = STYLES
BINARY = ("add", "sub", "mul", "div")
UNARY = ("neg", "rpow", "abs", "exp", "log", "tanh", "relu", "sigmoid", "sin", "cos", "sqrt", "log10", "exp2", "pow")

# --- closures --------------------------------------------------------------------------------------------------

C_LOOP = "        for v in reversed(order):\n            v._backward()\n"
C_CLEAR = "        for v in order:\n            if v._prev:\n                v.grad = 0.0\n"
C_VISIT = """\
        order, visited, stack = [], set(), [(self, False)]
        while stack:
            v, operands_done = stack.pop()
            if operands_done:
                order.append(v)
            elif v not in visited:
                visited.add(v)
                stack.append((v, True))
                stack.extend((operand, False) for operand in v._prev)
"""
C_PREORDER = """\
        order, visited, stack = [], set(), [self]
        while stack:
            v = stack.pop()
            if v not in visited:
                visited.add(v)
                order.append(v)
                stack.extend(v._prev)
"""
C_BREADTH_FIRST = """\
        order, visited, queue = [], {self}, [self]
        while queue:
            v = queue.pop(0)
            order.append(v)
            for operand in v._prev:
                if operand not in visited:
                    visited.add(operand)
                    queue.append(operand)
"""
C_RECURSIVE_PREORDER = """\
        order, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                order.append(v)
                for operand in v._prev:
                    build(operand)

        build(self)
"""
C_TWO_FRAMES = """\
        order, visited = [], set()

        def visit(v):
            if v not in visited:
                visited.add(v)
                visit_operands(v)
                order.append(v)

        def visit_operands(v):
            for operand in v._prev:
                visit(operand)

        visit(self)
"""
C_LATE_CHECK = """\
        order, visited = [], set()

        def build(v):
            for operand in v._prev:
                build(operand)
            if v not in visited:
                visited.add(v)
                order.append(v)

        build(self)
"""
C_EQUAL = """\
    def __eq__(self, other):
        return self.data == (other.data if isinstance(other, Value) else other)

    def __hash__(self):
        return hash(self.data)

    def __repr__(self):
"""
REPR = "    def __repr__(self):\n"


def _assigned(style):
    """`=` for `+=` in every closure."""
    for op in (*BINARY, *UNARY, "sum"):
        name = section(style, op)
        if op == "sum":
            yield Edit(name, "v.grad += out", "v.grad = out")
        elif op == "neg":
            yield Edit(name, "self.grad -= out.grad", "self.grad = -out.grad")
        else:
            yield Edit(name, "self.grad += ", "self.grad = ")
        if op == "sub":
            yield Edit(name, "other.grad -= out.grad", "other.grad = -out.grad")
        elif op in BINARY:
            yield Edit(name, "other.grad += ", "other.grad = ")


C_SECOND = {"add": "            other.grad += out.grad\n", "sub": "            other.grad -= out.grad\n",
            "mul": "            other.grad += a * out.grad\n",
            "div": "            other.grad += -a / b**2 * out.grad\n"}  # fmt: skip
C_RADD = "    def __radd__(self, other):\n        return self + other\n\n"

C_ROWS = [
    ("overwrite", "all", [*_assigned(CLOSURES)]),
    ("overwrite", "add", [("Value.__add__", "self.grad += ", "self.grad = "),
                          ("Value.__add__", "other.grad += ", "other.grad = ")]),
    ("overwrite", "mul", [("Value.__mul__", "self.grad += ", "self.grad = "),
                          ("Value.__mul__", "other.grad += ", "other.grad = ")]),
    ("overwrite", "tanh", [("Value.tanh", "+=", "=")]),
    ("overwrite", "second operand of add", [("Value.__add__", "other.grad += ", "other.grad = ")]),
    ("order-not-topological", "preorder", [("", C_VISIT, C_PREORDER), ("", "reversed(order)", "order")]),
    ("order-not-topological", "breadth first", [("", C_VISIT, C_BREADTH_FIRST), ("", "reversed(order)", "order")]),
    ("order-not-topological", "append before the operands", [("", C_VISIT, C_RECURSIVE_PREORDER)],
     "order-not-reversed"),
    ("order-not-reversed", "backward", [("", "reversed(order)", "order")]),
    ("revisited", "backward", [("", "elif v not in visited:", "else:")]),
    ("one-level", "backward", [("", C_LOOP, "        self._backward()\n")], "order-not-reversed"),
    ("first-operand-only", "operations", [(section(CLOSURES, op), text, "") for op, text in C_SECOND.items()]),
    ("first-operand-only", "backward", [("", "for operand in v._prev)", "for operand in v._prev[:1])")]),
    ("missing-seed", "backward", [("", "        self.grad += 1.0\n", "")]),
    ("missing-seed", "seed before the gradients are cleared",
     [("", C_CLEAR + "        self.grad += 1.0\n",
       "        self.grad = 1.0\n" + C_CLEAR)]),
    ("seed-is-value", "backward", [("", "self.grad += 1.0", "self.grad += self.data")]),
    ("seed-accumulates", "backward", [("", "            if v._prev:", "            if v._prev and v is not self:")]),
    ("not-zeroed", "backward", [("", C_CLEAR + "        self.grad += 1.0", "        self.grad = 1.0")]),
    ("leaf-not-accumulated", "backward",
     [("", "            if v._prev:\n                v.grad", "            v.grad")]),
    ("graph-consumed", "backward", [("", C_LOOP, C_LOOP + "            v._prev = ()\n"
                                                          "            v._backward = lambda: None\n")]),
    ("other-graph-replayed", "backward",
     [("", "def backward(self):", "def backward(self, order=[]):"),
      ("", "order, visited, stack = [], set()", "visited, stack = set()"),
      ("", "visited.add(v)\n", "visited.add(v)\n                if v._prev:\n                    v.grad = 0.0\n"),
      ("", C_CLEAR, "")]),
    ("equal-values-merged", "__eq__", [("", REPR, C_EQUAL)]),
    ("equal-values-merged", "visited by data",
     [("", "elif v not in visited:", "elif v.data not in visited:"), ("", "visited.add(v)", "visited.add(v.data)")]),
    ("called-not-stored", "mul", [("Value.__mul__", "out._backward = _backward", "out._backward = _backward()")]),
    ("recursion-limit", "two calls for each node", [("", C_VISIT, C_TWO_FRAMES)]),
    ("exponential-paths", "backward", [("", C_VISIT, C_LATE_CHECK)], "", "isolated"),
    ("reflected-missing", "radd", [("", C_RADD, "")]),
    ("reflected-missing", "rsub", [("", "    def __rsub__(self, other):\n        return Value(other) - self\n\n", "")]),
    ("reflected-missing", "rmul", [("", "    def __rmul__(self, other):\n        return self * other\n\n", "")]),
    ("reflected-missing", "rdiv",
     [("", "    def __rtruediv__(self, other):\n        return Value(other) / self\n\n", "")]),
    ("reflected-missing", "rpow", [("", "def __rpow__(", "def rpow(")]),
    ("wrong-value", "leaf", [("Value.__init__", "float(data)", "int(data)")]),
]  # fmt: skip

# --- stored local gradients ------------------------------------------------------------------------------------

L_LOOP = """\
        for node in reversed(topo):
            for child, local_grad in zip(node._children, node._local_grads, strict=True):
                child.grad += local_grad * node.grad
"""
L_CLEAR = "        for node in topo:\n            if node._children:\n                node.grad = 0.0\n"
L_VISIT = """\
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
"""
L_PREORDER = """\
        topo = []
        visited = set()
        path = [self]
        while path:
            node = path.pop()
            if id(node) not in visited:
                visited.add(id(node))
                topo.append(node)
                path.extend(node._children)
"""
L_BREADTH_FIRST = """\
        topo = [self]
        visited = {id(self)}
        for node in topo:
            for child in node._children:
                if id(child) not in visited:
                    visited.add(id(child))
                    topo.append(child)
"""
L_TWO_FRAMES = """\
        topo = []
        visited = set()

        def build(node):
            if id(node) not in visited:
                visited.add(id(node))
                any(build(child) for child in node._children)
                topo.append(node)

        build(self)
"""
L_LATE_CHECK = """\
        topo = []
        visited = set()

        def build(node):
            for child in node._children:
                build(child)
            if id(node) not in visited:
                visited.add(id(node))
                topo.append(node)

        build(self)
"""
L_PUSH = """\
        self._push(1.0)

    def _push(self, gradient):
        self.grad += gradient
        for child, local_grad in zip(self._children, self._local_grads, strict=True):
            child._push(local_grad * gradient)
"""
L_PUSH_ALL = """\
        self.grad += 1.0
        self._push()

    def _push(self):
        for child, local_grad in zip(self._children, self._local_grads, strict=True):
            child.grad += local_grad * self.grad
            child._push()
"""
L_STRICT = "zip(node._children, node._local_grads, strict=True)"
L_EQUAL = C_EQUAL
SEED = "        self.grad += 1.0\n"

L_ROWS = [
    ("overwrite", "backward", [("", "child.grad += ", "child.grad = ")]),
    ("order-not-topological", "preorder", [("", L_VISIT, L_PREORDER), ("", "reversed(topo)", "topo")]),
    ("order-not-topological", "breadth first", [("", L_VISIT, L_BREADTH_FIRST), ("", "reversed(topo)", "topo")]),
    ("order-not-topological", "append before the operands", [("", L_VISIT, L_PREORDER)], "order-not-reversed"),
    ("order-not-reversed", "backward", [("", "reversed(topo)", "topo")]),
    ("revisited", "backward", [("", "                    visited.add(id(child))\n", "")]),
    ("revisited", "recursive", [("", L_VISIT + L_CLEAR + SEED + L_LOOP, L_PUSH_ALL)]),
    ("one-level", "backward", [("", "for node in reversed(topo):", "for node in [self]:")], "order-not-reversed"),
    ("first-operand-only", "backward", [("", L_STRICT, "zip(node._children[:1], node._local_grads, strict=False)")]),
    ("missing-chain-factor", "backward", [("", "local_grad * node.grad", "local_grad")]),
    ("added-chain-factor", "backward", [("", "local_grad * node.grad", "local_grad + node.grad")]),
    ("chain-factor-squared", "backward", [("", "local_grad * node.grad", "local_grad * node.grad**2")]),
    ("derivative-one", "backward", [("", "local_grad * node.grad", "node.grad")]),
    ("missing-seed", "backward", [("", SEED, "")]),
    ("missing-seed", "seed before the gradients are cleared", [("", L_CLEAR + SEED,
                                                               "        self.grad = 1.0\n" + L_CLEAR)]),
    ("seed-is-value", "backward", [("", "self.grad += 1.0", "self.grad += self.data")]),
    ("seed-accumulates", "backward", [("", "            if node._children:",
                                       "            if node._children and node is not self:")]),
    ("not-zeroed", "backward", [("", L_CLEAR + SEED, "        self.grad = 1.0\n")]),
    ("leaf-not-accumulated", "backward", [("", "            if node._children:\n                node.grad",
                                           "            node.grad")]),
    ("graph-consumed", "backward", [("", L_LOOP, L_LOOP + "            node._children = node._local_grads = ()\n")]),
    ("other-graph-replayed", "backward",
     [("", "def backward(self):", "def backward(self, topo=[]):"), ("", "        topo = []\n", ""),
      ("", "topo.append(node)\n", "topo.append(node)\n                if node._children:\n"
                                  "                    node.grad = 0.0\n"),
      ("", L_CLEAR, "")]),
    ("duplicate-operand-dropped", "backward", [("", L_STRICT, "dict(zip(node._children, node._local_grads)).items()")]),
    ("equal-values-merged", "visited by data",
     [("", "{id(self)}", "{self.data}"), ("", "id(child) not in", "child.data not in"),
      ("", "visited.add(id(child))", "visited.add(child.data)")]),
    ("equal-values-merged", "__eq__",
     [("", REPR, L_EQUAL), ("", "{id(self)}", "{self}"), ("", "id(child) not in", "child not in"),
      ("", "visited.add(id(child))", "visited.add(child)")]),
    ("recursion-limit", "two calls for each node", [("", L_VISIT, L_TWO_FRAMES)]),
    ("exponential-paths", "backward", [("", L_VISIT, L_LATE_CHECK)], "", "isolated"),
    ("exponential-paths", "a call for each path", [("", L_VISIT + L_CLEAR + SEED + L_LOOP, L_PUSH)], "", "isolated"),
    ("reflected-missing", "radd",
     [("", "    def __radd__(self, other):\n        return Value(other) + self\n\n", "")]),
    ("reflected-missing", "rsub",
     [("", "    def __rsub__(self, other):\n        return Value(other) - self\n\n", "")]),
    ("reflected-missing", "rmul",
     [("", "    def __rmul__(self, other):\n        return Value(other) * self\n\n", "")]),
    ("reflected-missing", "rdiv",
     [("", "    def __rtruediv__(self, other):\n        return Value(other) / self\n\n", "")]),
    ("reflected-missing", "rpow", [("", "def __rpow__(", "def rpow(")]),
    ("wrong-value", "leaf", [("Value.__init__", "self.data = data", "self.data = round(data, 2)")]),
]  # fmt: skip

# --- tape ------------------------------------------------------------------------------------------------------

T_CLEAR = "        for out, _, _ in TAPE:\n            out.derivative = 0.0\n"
T_SEED = "        self.derivative += 1.0\n"
T_WALK = """\
        for out, inputs, pullback in reversed(TAPE):
            if out.derivative == 0.0:  # of another graph, or without influence
                continue
            for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                v.derivative += derivative
"""
T_BREADTH_FIRST = """\
        entries = {id(out): (inputs, pullback) for out, inputs, pullback in TAPE}
        queue, visited = [self], {id(self)}
        for out in queue:
            inputs, pullback = entries.get(id(out), ((), lambda g: ()))
            for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                v.derivative += derivative
                if id(v) not in visited:
                    visited.add(id(v))
                    queue.append(v)
"""
T_DEPTH_FIRST = T_BREADTH_FIRST.replace("for out in queue:", "while queue:\n            out = queue.pop()")
T_CHECKED = """\
                if id(v) not in visited:
                    visited.add(id(v))
                    queue.append(v)
"""
T_REVISITED = T_BREADTH_FIRST.replace(T_CHECKED, "                queue.append(v)\n")
T_ONLY_MINE = """\
        mine = {id(self)}
        for out, inputs, _ in reversed(TAPE):
            if id(out) in mine:
                out.derivative = 0.0
                mine.update(map(id, inputs))
"""
T_RECURSIVE = """\
        def walk(i):
            if i < 0:
                return
            out, inputs, pullback = TAPE[i]
            for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                v.derivative += derivative
            walk(i - 1)

        walk(len(TAPE) - 1)
"""
T_BY_VALUE = """\
        derivatives = {self.value: 1.0}
        for out, inputs, pullback in reversed(TAPE):
            if out.value in derivatives:
                out.derivative = derivatives[out.value]
                for v, derivative in zip(inputs, pullback(out.derivative), strict=True):
                    derivatives[v.value] = derivatives.get(v.value, 0.0) + derivative
        results = {id(out) for out, _, _ in TAPE}
        leaves = {id(v): v for _, inputs, _ in TAPE for v in inputs if id(v) not in results}
        for leaf in leaves.values():
            leaf.derivative += derivatives.get(leaf.value, 0.0)
"""
T_STRICT = "zip(inputs, pullback(out.derivative), strict=True)"

T_ROWS = [
    ("overwrite", "backward", [("", "v.derivative += derivative", "v.derivative = derivative")]),
    ("order-not-topological", "breadth first", [("", T_WALK, T_BREADTH_FIRST)]),
    ("order-not-topological", "depth first", [("", T_WALK, T_DEPTH_FIRST)]),
    ("order-not-reversed", "backward", [("", "in reversed(TAPE):", "in TAPE:")]),
    ("order-not-reversed", "record", [("", "TAPE.append(", "TAPE.insert(0, ")]),
    ("revisited", "backward", [("", T_WALK, T_REVISITED)]),
    ("one-level", "backward", [("", "in reversed(TAPE):", "in TAPE[-1:]:")], "order-not-reversed"),
    ("first-operand-only", "backward", [("", T_STRICT, "zip(inputs[:1], pullback(out.derivative), strict=False)")]),
    ("missing-chain-factor", "backward", [("", "pullback(out.derivative)", "pullback(1.0)")]),
    ("chain-factor-squared", "backward", [("", "pullback(out.derivative)", "pullback(out.derivative**2)")]),
    ("derivative-one", "backward",
     [("", T_STRICT.join(("for v, derivative in ", ":\n                v.derivative += d")),
                                     "for v in inputs:\n                derivative = out.derivative\n"
                                     "                v.derivative += d")]),
    ("missing-seed", "backward", [("", T_SEED, "")]),
    ("missing-seed", "seed before the gradients are cleared", [("", T_CLEAR + T_SEED,
                                                               "        self.derivative = 1.0\n" + T_CLEAR)]),
    ("seed-is-value", "backward", [("", "self.derivative += 1.0", "self.derivative += self.value")]),
    ("seed-accumulates", "backward", [("", "            out.derivative = 0.0\n",
                                       "            if out is not self:\n                out.derivative = 0.0\n")],
     "other-graph-replayed"),
    ("not-zeroed", "backward", [("", T_CLEAR + T_SEED, "        self.derivative = 1.0\n")], "other-graph-replayed"),
    ("leaf-not-accumulated", "backward",
     [("", "            out.derivative = 0.0\n",
       "            out.derivative = 0.0\n        for _, inputs, _ in TAPE:\n            for v in inputs:\n"
       "                v.derivative = 0.0\n")]),
    ("graph-consumed", "backward", [("", T_WALK, T_WALK + "        TAPE.clear()\n")]),
    ("other-graph-replayed", "backward", [("", T_CLEAR, T_ONLY_MINE)]),
    ("duplicate-operand-dropped", "backward", [("", T_STRICT, "dict(zip(inputs, pullback(out.derivative))).items()")]),
    ("equal-values-merged", "derivatives by value", [("", T_CLEAR + T_SEED + T_WALK, T_BY_VALUE)]),
    ("recursion-limit", "a call for each entry", [("", T_WALK, T_RECURSIVE)]),
    ("reflected-missing", "radd", [("", "    def __radd__(self, other):\n        return add(other, self)\n\n", "")]),
    ("reflected-missing", "rsub", [("", "    def __rsub__(self, other):\n        return sub(other, self)\n\n", "")]),
    ("reflected-missing", "rmul", [("", "    def __rmul__(self, other):\n        return mul(other, self)\n\n", "")]),
    ("reflected-missing", "rdiv",
     [("", "    def __rtruediv__(self, other):\n        return div(other, self)\n\n", "")]),
    ("reflected-missing", "rpow", [("", "    def __rpow__(self, other):\n        return power(other, self)\n\n", "")]),
    ("wrong-value", "result", [("record", "Var(value)", "Var(round(value, 3))")]),
]  # fmt: skip

# --- a class for each operation --------------------------------------------------------------------------------

O_CLEAR = "        for v in found.values():\n            v.grad = 0.0\n"
O_FIND = """\
        found, waiting = {}, [self]
        while waiting:
            v = waiting.pop()
            if v.creator is not None and v.serial not in found:
                found[v.serial] = v
                waiting.extend(v.creator.operands)
"""
O_TWO_FRAMES = """\
        found = {}

        def find(v):
            if v.creator is not None and v.serial not in found:
                found[v.serial] = v
                find_all(v.creator.operands)

        def find_all(operands):
            for v in operands:
                find(v)

        find(self)
"""
O_EACH_PATH = "        for serial in sorted(found, reverse=True):  # a result is younger than its operands\n"
O_LOOP = O_EACH_PATH + """\
            v = found[serial]
            gradients = v.creator.backward(v.grad)
            for operand, gradient in zip(v.creator.operands, gradients, strict=True):
                operand.grad += gradient
"""  # fmt: skip
O_RECURSIVE = """\
        self._push()

    def _push(self):
        if self.creator is not None:
            gradients = self.creator.backward(self.grad)
            for operand, gradient in zip(self.creator.operands, gradients, strict=True):
                operand.grad += gradient
                operand._push()
"""
O_PUSH = """\
        self._push(1.0)

    def _push(self, grad):
        self.grad += grad
        if self.creator is not None:
            for operand, gradient in zip(self.creator.operands, self.creator.backward(grad), strict=True):
                operand._push(gradient)
"""
O_REPLAY = """\
        while waiting:
            v = waiting.pop()
            if v.creator is not None and v.serial not in seen:
                seen.add(v.serial)
                found[v.serial] = v
                v.grad = 0.0
                waiting.extend(v.creator.operands)
"""
O_SEARCH = O_FIND.split("\n", 1)[1]
O_STRICT = "zip(v.creator.operands, gradients, strict=True)"

O_ROWS = [
    ("overwrite", "backward", [("", "operand.grad += gradient", "operand.grad = gradient")]),
    ("order-not-topological", "depth first", [("", "in sorted(found, reverse=True):", "in found:")]),
    ("order-not-topological", "breadth first", [("", "in sorted(found, reverse=True):", "in found:"),
                                                ("", "waiting.pop()", "waiting.pop(0)")]),
    ("order-not-reversed", "backward", [("", "sorted(found, reverse=True)", "sorted(found)")]),
    ("revisited", "backward", [("", O_LOOP, O_RECURSIVE)]),
    ("one-level", "backward", [("", "in sorted(found, reverse=True):", "in [self.serial]:")], "order-not-reversed"),
    ("first-operand-only", "backward", [("", O_STRICT, "zip(v.creator.operands[:1], gradients, strict=False)")]),
    ("missing-chain-factor", "backward", [("", "v.creator.backward(v.grad)", "v.creator.backward(1.0)")]),
    ("chain-factor-squared", "backward", [("", "v.creator.backward(v.grad)", "v.creator.backward(v.grad**2)")]),
    ("derivative-one", "backward", [("", "operand.grad += gradient", "operand.grad += v.grad")]),
    ("missing-seed", "backward", [("", SEED, "")]),
    ("missing-seed", "seed before the gradients are cleared", [("", O_CLEAR + SEED,
                                                               "        self.grad = 1.0\n" + O_CLEAR)]),
    ("seed-is-value", "backward", [("", "self.grad += 1.0", "self.grad += self.val")]),
    ("seed-accumulates", "backward", [("", "            v.grad = 0.0\n",
                                       "            if v is not self:\n                v.grad = 0.0\n")]),
    ("not-zeroed", "backward", [("", O_CLEAR + SEED, "        self.grad = 1.0\n")]),
    ("leaf-not-accumulated", "backward",
     [("", "            v.grad = 0.0\n", "            v.grad = 0.0\n            for operand in v.creator.operands:\n"
                                         "                operand.grad = 0.0\n")]),
    ("graph-consumed", "backward", [("", O_LOOP, O_LOOP + "            v.creator = None\n")]),
    ("other-graph-replayed", "backward",
     [("", "def backward(self):", "def backward(self, found={}):"),
      ("", O_FIND, "        seen, waiting = set(), [self]\n" + O_REPLAY), ("", O_CLEAR, "")]),
    ("duplicate-operand-dropped", "backward", [("", O_STRICT, "dict(zip(v.creator.operands, gradients)).items()")]),
    ("equal-values-merged", "found by value",
     [("", "v.serial not in found", "v.val not in found"), ("", "found[v.serial] = v", "found[v.val] = v"),
      ("", O_EACH_PATH + "            v = found[serial]\n",
       "        for v in sorted(found.values(), key=lambda v: v.serial, reverse=True):\n")]),
    ("recursion-limit", "two calls for each node", [("", O_FIND, O_TWO_FRAMES)]),
    ("exponential-paths", "backward", [("", " and v.serial not in found:", ":")], "", "isolated"),
    ("exponential-paths", "a call for each path", [("", O_FIND + O_CLEAR + SEED + O_LOOP, O_PUSH)], "", "isolated"),
    ("constants-not-lifted", "all", [("", "v if isinstance(v, Scalar) else Scalar(v) for v in operands",
                                      "operands")]),
    ("zero-without-effect", "zero_grad",
     [("", "        self.grad = 0.0\n\n    def backward", "        self.gradient = 0.0\n\n    def backward")]),
    ("reflected-missing", "radd",
     [("", "    def __radd__(self, other):\n        return Add.apply(other, self)\n\n", "")]),
    ("reflected-missing", "rsub",
     [("", "    def __rsub__(self, other):\n        return Sub.apply(other, self)\n\n", "")]),
    ("reflected-missing", "rmul",
     [("", "    def __rmul__(self, other):\n        return Mul.apply(other, self)\n\n", "")]),
    ("reflected-missing", "rdiv",
     [("", "    def __rtruediv__(self, other):\n        return Div.apply(other, self)\n\n", "")]),
    ("reflected-missing", "rpow",
     [("", "    def __rpow__(self, other):\n        return Pow.apply(other, self)\n\n", "")]),
    ("wrong-value", "leaf", [("Scalar.__init__", "float(val)", "round(val)")]),
]  # fmt: skip


def _planted():
    for style, rows in zip(STYLES, (C_ROWS, L_ROWS, T_ROWS, O_ROWS), strict=True):
        for mistake, where, edits, *rest in rows:
            also = tuple(filter(None, rest[:1]))
            yield Planted(style, mistake, where, tuple(Edit(*edit) for edit in edits), also, "isolated" in rest[1:])


STRUCTURE = tuple(_planted())
