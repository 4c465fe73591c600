"""`copy.copy`, `copy.deepcopy` and `pickle` of Values, for graphs of any depth.

This file owns how a node is taken apart and put together again, and the order in which the nodes of a graph are, so
that neither pickle nor deepcopy recurses; it must know nothing of what the operations mean, and imports the standard
library alone.
Read next: `derivatives.py`, which reads the same graphs to differentiate them.
"""

from __future__ import annotations

from _weakref import ref
from contextvars import ContextVar
from operator import attrgetter

from .engine import NO_GRADIENT, Op, Value
from .functions import OPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__: list[str] = []  # `copy` and `pickle` call what is here: it is attached to Value and Op below

_slots = attrgetter("data", "label", "op", "a", "b", "da", "db", "grad")  # `made` takes them in this order
_parts = attrgetter(  # the arguments of `Op`
    "name", "symbol", "arity", "forward", "partials", "code", "latex", "domain", "kinks", "__doc__"
)
_table = {op.name: op for op in OPS}


def made(cls: type[Value], ancestors: Any, /, *slots: Any) -> Value:
    """The Value with these slots; its ancestors are there already, for its operands are among the slots."""
    v = object.__new__(cls)
    v.data, v.label, v.op, v.a, v.b, v.da, v.db, grad = slots
    v.grad = NO_GRADIENT if grad is None else grad
    return v


def copied(v: Value) -> Value:
    """`copy.copy(v)`: a new node with the same operands."""
    new = made(type(v), None, *_slots(v))
    if hasattr(v, "__dict__"):  # of a subclass
        new.__dict__.update(v.__dict__)
    return new


def deep_copied(root: Value, memo: dict[int, Any]) -> Value:
    """`copy.deepcopy(root)`: a copy of the whole graph. `memo` holds what the same deepcopy has copied before."""
    pending: list[Value] = []  # copies whose operands are still those of the original

    def deep(v: Value | None) -> Value | None:
        if v is not None and id(v) not in memo:
            memo[id(v)] = copied(v)
            pending.append(memo[id(v)])
        return v if v is None else memo[id(v)]

    deep(root)
    while pending:
        v = pending.pop()
        v.a, v.b = deep(v.a), tuple(map(deep, v.b)) if type(v.b) is tuple else deep(v.b)
    new: Value = memo[id(root)]
    return new


# --- pickle ---------------------------------------------------------------------------------------------------
# A pickler saves an object by saving the parts that its `__reduce__` names, and remembers it: it does not ask twice.
# So it does not recurse if the operands of a node are saved before the node. The Value that a pickler comes upon
# names as its first part its `Ancestors`: a list of all the nodes below it in topological order.


class Progress:
    """How far one pickler has come with the graphs in what it saves.

    It is a guess about whom it belongs to, since `__reduce__` is not told who asks. A wrong guess is noticed (then a
    node is asked for twice, or too early) and costs time only: the nodes that are asked for are always saved whole.

    Attributes:
        reached: The nodes that are saved, or are announced, or wait for their operands.
        announced: Those that were given to the pickler, which takes up to 1000 in advance, and not yet asked for.
    """

    __slots__ = ("__weakref__", "announced", "reached")

    def __init__(self) -> None:
        self.reached: set[Value] = set()
        self.announced: set[Value] = set()


# The last one in this thread or task. The memo of its pickler holds it, by `Ancestors`, and it goes with that.
_latest: ContextVar[ref[Progress] | None] = ContextVar("latest", default=None)


class Ancestors:
    """The nodes that a Value is computed from and that its pickler has not reached; saved as a list."""

    def __init__(self, root: Value, progress: Progress) -> None:
        self.root, self.progress = root, progress

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self.walk()

    def walk(self) -> Iterator[Value]:
        """The nodes, operands before results: a depth-first walk with a stack of its own."""
        reached, announced = self.progress.reached, self.progress.announced
        stack = [(self.root, iter(_operands(self.root)))]
        while True:
            v, rest = stack[-1]
            for x in rest:
                if x not in reached:
                    reached.add(x)
                    stack.append((x, iter(_operands(x))))
                    break
            else:
                stack.pop()
                if not stack:  # the root is not its own ancestor
                    return
                if v.op is not None:  # a leaf may be saved already, and is then not asked for
                    announced.add(v)
                yield v


def _operands(v: Value) -> list[Value]:
    return [x for x in (v.b if type(v.b) is tuple else (v.a, v.b)) if x is not None]


def reduced(v: Value) -> tuple[Any, ...]:
    """The parts of a Value, for pickle."""
    latest = _latest.get()
    progress = latest() if latest is not None else None
    ancestors = None
    if progress is not None and v in progress.announced and progress.announced.isdisjoint(_operands(v)):
        progress.announced.remove(v)
    elif v.op is not None:
        if progress is None or v in progress.reached:  # of another pickler, or of one that ended with an error
            progress = Progress()
            _latest.set(ref(progress))
        progress.reached.add(v)
        ancestors = Ancestors(v, progress)
    *slots, grad = _slots(v)
    # NO_GRADIENT is known by its identity, which pickle does not keep for numbers: None stands for it.
    state = (type(v), ancestors, *slots, None if grad is NO_GRADIENT else grad)
    return (made, state, v.__dict__) if hasattr(v, "__dict__") else (made, state)


def reduced_op(op: Op) -> tuple[Any, ...]:
    """An op of the table by its name; one of your own by its parts, of which the functions are saved by their names."""
    return (table_op, (op.name,)) if _table.get(op.name) is op else (type(op), _parts(op))


def table_op(name: str) -> Op:
    """The op of that name; ValueError if there is none."""
    if name not in _table:
        raise ValueError(f"the pickled Value was computed by {name!r}, an operation that this version does not have")
    return _table[name]


# Attached here, so that the engine need not know of it.
Value.__copy__, Value.__deepcopy__ = copied, deep_copied  # type: ignore[attr-defined]
Value.__reduce__, Op.__reduce__ = reduced, reduced_op  # type: ignore[method-assign, assignment]
