"""Derivatives that are Values again, so that they can be differentiated to any order: the functions JAX users know.

This file owns reading the rules of a recorded graph as Values and applying them, forwards and backwards; it must know
nothing of drawing, checking, compiling or neural networks, and imports the standard library alone.
Read next: `check`, which compares these derivatives with finite differences.

What is differentiated may be a number, a Value, or lists, tuples, dicts and numpy arrays of them, nested as you like;
the result has the same structure. A function sees Values in place of the numbers: write it with operators and the
functions of this package, for `math.sin(x)` reads the number of `x` and its result no longer depends on `x`.
"""

from __future__ import annotations

from .engine import Value, floats, node, number, recording, toposort
from .errors import ShapeError, StaleGraphError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from .methods import Operand

    Edges = list[tuple[Value, Value, Operand]]

__all__ = ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that gives the gradient of `f`: ∂f/∂x for every number x in an argument.

    Args:
        f: A function of numbers, Values or structures of them, with one number as its result.
        argnums: Which argument to differentiate by; several give a tuple of gradients. -1 is the last one.
            The other arguments, and keyword arguments, are passed on as they are.

    Returns:
        A function of the same arguments. Its result has the structure of the chosen argument, with new Values in the
        places of its numbers. Inside `no_grad()` it works too, and its result is then not recorded.

    Raises:
        ShapeError: If f gives more than one number, or there is no argument of that number.
        TypeError: If something in the argument or the result is not a number, or if f is compiled: it has derivatives
            of its own, `f.grad`.

    Cost: a small multiple of one call of f, whatever the number of arguments.

    Example:
        >>> from autograd import grad
        >>> grad(lambda x: x**3)(2.0).data
        12.0
        >>> grad(grad(lambda x: x**3))(2.0).data
        12.0
        >>> weights = {"w": [1.0, 2.0], "b": 0.5}
        >>> gradient = grad(lambda p, x: (p["w"][0] * x + p["w"][1] * x**2 + p["b"]) ** 2)(weights, 3.0)
        >>> [g.data for g in gradient["w"]], gradient["b"].data
        ([129.0, 387.0], 43.0)

    References:
        Griewank and Walther, Evaluating Derivatives, 2nd edition, 2008, chapter 3.
    """
    both = value_and_grad(f, argnums)
    return lambda *arguments, **keywords: both(*arguments, **keywords)[1]


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., tuple[Value, Any]]:
    """The function that gives the value of `f` and its gradient, from one call of `f`.

    Args, Raises and Cost are those of `grad`.

    Returns:
        A function of the same arguments that gives the tuple (value, gradient).

    Example:
        >>> from autograd import value_and_grad
        >>> y, dy = value_and_grad(lambda a, b: a * b, argnums=(0, 1))(2.0, 5.0)
        >>> y.data, [g.data for g in dy]
        (10.0, [5.0, 2.0])
    """

    def derivative(*arguments: Any, **keywords: Any) -> tuple[Value, Any]:
        renewed, xs = _differentiated(arguments, argnums)
        y = _scalar(_call(f, renewed, keywords))
        return y, gradients(y, xs)

    return derivative


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that gives the Jacobian of `f`: the gradient of every number in its result.

    Args:
        f: A function of numbers, Values or structures of them; its result may be a structure too.
        argnums: Which argument to differentiate by, as for `grad`.

    Returns:
        A function of the same arguments. Its result has the structure of the result of f, with a gradient in the
        place of each number: of a list by a list, `J[i][j]` is ∂fᵢ/∂xⱼ.

    Raises:
        ShapeError: If there is no argument of that number.
        TypeError: If something in the argument or the result is not a number.

    Cost: one call of f, and a pass over its graph for each number in its result.

    Example:
        >>> from autograd import jacobian
        >>> polar = lambda p: [p[0] * p[1], p[0] + 2 * p[1]]
        >>> [[d.data for d in row] for row in jacobian(polar)([3.0, 4.0])]
        [[4.0, 3.0], [1.0, 2.0]]
    """

    def derivative(*arguments: Any, **keywords: Any) -> Any:
        renewed, xs = _differentiated(arguments, argnums)
        y = _values(_call(f, renewed, keywords), "the result")
        inputs, outputs = _leaves(xs), _leaves(y)
        edges = _linearize(inputs, outputs)
        return _rebuilt(y, [_rebuilt(xs, _pull(edges, [output], [1.0], inputs)) for output in outputs])

    return derivative


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that gives the Hessian of `f`: the Jacobian of its gradient, ∂²f/∂xᵢ∂xⱼ.

    Args and Raises are those of `grad`.

    Returns:
        A function of the same arguments. Of a list, `H[i][j]` is ∂²f/∂xᵢ∂xⱼ; with several arguments chosen,
        `H[a][b]` is the block of the arguments a and b.

    Cost: a small multiple of one call of f for each number in the argument; `hvp` gives H·v for the cost of one.

    Example:
        >>> from autograd import hessian
        >>> H = hessian(lambda p: p[0] ** 2 * p[1])([3.0, 5.0])
        >>> [[h.data for h in row] for row in H]
        [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of `f` and its derivative along a direction, J·t, in forward mode.

    Args:
        f: A function of numbers, Values or structures of them; its result may be a structure too.
        primals: The arguments of f, as a tuple.
        tangents: The direction: one number for each number in primals, in the same structure.

    Returns:
        The tuple (y, tangent); tangent has the structure of y. A number 0 in tangents stands for an operand that does
        not move: its partial is not used, even where it is infinite or nan.

    Raises:
        ShapeError: If tangents has not the structure of primals.
        TypeError: If primals is no tuple or list, or something in an argument or the result is not a number.

    Cost: a small multiple of one call of f, whatever the number of results.

    Example:
        >>> from autograd import jvp
        >>> y, dy = jvp(lambda a, b: [a * b, a - b], (2.0, 5.0), (1.0, 10.0))
        >>> [v.data for v in y], [t.data for t in dy]
        ([10.0, -3.0], [25.0, -9.0])
    """
    if not isinstance(primals, (tuple, list)):
        raise TypeError(f"primals holds the arguments of f, as in (x,) for one; got {type(primals).__name__}")
    moves = _matched(tangents, primals, "tangents", "primals")
    renewed = _mapped(_fresh, list(primals), "primals")
    y = _values(_call(f, renewed, {}), "the result")
    inputs, outputs = _leaves(renewed), _leaves(y)
    return y, _rebuilt(y, _push(_linearize(inputs, outputs), inputs, moves, outputs))


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value of `f`, and the function that pulls a cotangent of it back to the arguments, cᵀ·J, in reverse mode.

    Args:
        f: A function of numbers, Values or structures of them; its result may be a structure too.
        primals: Its arguments.

    Returns:
        The tuple (y, pullback). `pullback(c)` takes one number for each number in y, in the same structure, and gives
        a tuple with one entry for each argument, in the structure of that argument.

    Raises:
        ShapeError: By pullback, if its argument has not the structure of y.
        StaleGraphError: By pullback, if the data of a Value that f used was changed since.
        TypeError: If something in an argument or the result is not a number.

    Cost: that of `grad`, once for each call of pullback.

    Example:
        >>> from autograd import vjp
        >>> y, pullback = vjp(lambda a, b: [a * b, a - b], 2.0, 5.0)
        >>> [c.data for c in pullback([1.0, 10.0])]
        [15.0, -8.0]
    """
    renewed = tuple(_mapped(_fresh, list(primals), "primals"))
    y = _values(_call(f, renewed, {}), "the result")
    inputs, outputs = _leaves(renewed), _leaves(y)

    def pullback(cotangents: Any) -> tuple[Any, ...]:
        weights = _matched(cotangents, y, "the cotangent", "the result")
        pulled = _pull(_linearize(inputs, outputs), outputs, weights, inputs)
        back: tuple[Any, ...] = _rebuilt(renewed, pulled)
        return back

    return y, pullback


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The Hessian of `f` times a vector, H·t, without the Hessian: the derivative of the gradient along t.

    Args:
        f: A function of numbers, Values or structures of them, with one number as its result.
        primals: The arguments of f, as a tuple.
        tangents: The vector: one number for each number in primals, in the same structure.

    Returns:
        As `grad` gives it: in the structure of the argument if there is one, a tuple if there are several.

    Raises:
        ShapeError: If tangents has not the structure of primals, or f gives more than one number.
        TypeError: If primals is no tuple or list, or something in an argument or the result is not a number.

    Cost: a small multiple of one call of f, whatever the number of arguments.

    Example:
        >>> from autograd import hvp
        >>> [h.data for h in hvp(lambda p: p[0] ** 2 * p[1], ([3.0, 5.0],), ([1.0, 2.0],))]
        [22.0, 6.0]

    References:
        Pearlmutter, Fast Exact Multiplication by the Hessian, Neural Computation 6, 1994.
    """

    def gradient(*arguments: Any) -> Any:
        return grad(f, tuple(range(len(arguments))) if len(arguments) > 1 else 0)(*arguments)

    return jvp(gradient, primals, tangents)[1]


def gradients(y: Any, xs: Any) -> Any:
    """The derivatives of a computed Value `y` by Values `xs` of its graph, as Values; no `.grad` is touched.

    ∂y/∂x = Σ over the results v that use x of ∂y/∂v · ∂v/∂x, from y to the xs.

    Args:
        y: The result of a computation with Values.
        xs: A Value of the graph, leaf or not, or a structure of them.

    Returns:
        New Values in the structure of xs, recorded so that they can be differentiated again; 0 for a Value that y
        does not depend on.

    Raises:
        ShapeError: If y is not one number.
        StaleGraphError: If the data of a Value between xs and y was changed after y was computed.
        TypeError: If xs holds something that is not a Value.

    Cost: a small multiple of that of computing y.

    Example:
        >>> from autograd import Value, gradients
        >>> x, w = Value(3.0), Value(2.0)
        >>> y = w * x * x
        >>> dx, dw = gradients(y, [x, w])
        >>> dx.data, dw.data
        (12.0, 9.0)
        >>> gradients(dx, [x, w])[1].data
        6.0
    """
    inputs = _leaves(_mapped(_given_value, xs, "xs"))
    outputs = [_scalar(y)]
    return _rebuilt(xs, _pull(_linearize(inputs, outputs), outputs, [1.0], inputs))


# --- the derivative of a graph is a linear map: its rules are read once, then applied in either direction ------


def _linearize(inputs: list[Value], outputs: list[Value]) -> Edges:
    """The edges (v, x, ∂v/∂x) on the ways from inputs to outputs, those of operands before those of results.

    The partials by operands that depend on no input, which may be nan, are left out: they never travel.
    """
    reached = set(inputs)
    edges: Edges = []
    for v in toposort(Value(0.0, outputs))[:-1]:  # one root above all the outputs, and off again
        operands = v.operands
        used = [isinstance(x, Value) and x in reached for x in operands]
        if True in used:
            reached.add(v)
            for x, partial, is_used in zip(operands, _partials(v, operands), used, strict=True):
                if is_used:
                    edges.append((v, x, partial))  # type: ignore[arg-type]  # a used operand is a Value
    return edges


def _push(edges: Edges, inputs: list[Value], tangents: list[Operand], outputs: list[Value]) -> list[Value]:
    """The tangents of the outputs: from operands to results, v̇ = Σ ∂v/∂x · ẋ."""
    total = _seeds(inputs, tangents)
    for v, x, partial in edges:
        if x in total:
            _add(total, v, _product(partial, total[x]))
    return [_fresh(total.get(y, 0.0)) for y in outputs]


def _pull(edges: Edges, outputs: list[Value], cotangents: list[Operand], inputs: list[Value]) -> list[Value]:
    """The cotangents of the inputs: from results to operands, x̄ = Σ v̄ · ∂v/∂x."""
    total = _seeds(outputs, cotangents)
    for v, x, partial in reversed(edges):
        if v in total:
            _add(total, x, _product(partial, total[v]))
    return [_fresh(total.get(x, 0.0)) for x in inputs]


def _seeds(values: list[Value], seeds: list[Operand]) -> dict[Value, Operand]:
    """What a derivative begins with. The number 0 is left out: nothing moves there, whatever the partials are."""
    total: dict[Value, Operand] = {}
    for v, seed in zip(values, seeds, strict=True):
        if isinstance(seed, Value) or seed != 0:
            _add(total, v, seed)
    return total


def _add(total: dict[Value, Operand], v: Value, term: Operand) -> None:
    total[v] = total[v] + term if v in total else term


def _product(partial: Operand, factor: Operand) -> Operand:
    """`partial * factor`, without a node for the factor 1 that sums have and every derivative begins with."""
    if not isinstance(partial, Value) and partial == 1:
        return factor
    if not isinstance(factor, Value) and factor == 1:
        return partial
    return partial * factor


def _partials(v: Value, operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
    """The local partials of `v` as Values, from its rule; StaleGraphError if the rule no longer gives what it gave."""
    assert v.op is not None
    xs = floats(operands)
    try:
        data = v.op.forward(*xs)
    except (ValueError, ZeroDivisionError):
        raise _stale(v, operands, "no value", repr(v.data)) from None
    if not _same(data, v.data):
        raise _stale(v, operands, repr(data), repr(v.data))
    links, kept = (v.b, v.db) if type(v.b) is tuple else ((v.a, v.b), (v.da, v.db))
    # A value may stay when an operand changes, as x * c where c = 0; its partials then tell.
    for x, before, now in zip(links, kept, v.op.partials(v.data, *xs), strict=False):
        if x is not None and not _same(before, now):
            raise _stale(v, operands, f"{data!r} with a partial of {now!r}", f"one of {before!r}")
    partials: tuple[Operand, ...] = v.op.partials(v, *operands)
    return partials


def _same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)  # nan is the same as nan


def _stale(v: Value, operands: tuple[Operand, ...], now: str, before: str) -> StaleGraphError:
    """The error that shows the node and its operands as they are now: one of them, or the node, was written to."""
    assert v.op is not None
    shown = [f"{x.label} = {x.data!r}" if isinstance(x, Value) and x.label else repr(float(x)) for x in operands]
    return StaleGraphError(
        f"the graph is stale: {v.op.name} of {', '.join(shown):.200} gives {now}, where the graph has {before}. "
        "Some .data was changed after the graph was computed: compute it again before asking for its derivatives"
    )


# --- calling: every number that is differentiated by becomes a node of its own --------------------------------


def _fresh(x: Operand) -> Value:
    """`x` as a node of its own: a leaf for a number, `+x` for a Value.

    So the same Value given twice has two partials, an inner derivative is not confused with an outer one, and a result
    is never the very Value that a rule gave, as `w` for ∂(w·x)/∂x, which would change together with `w.data`.
    """
    if not isinstance(x, Value):
        return Value(x)
    y = +x
    y.label = x.label
    return y


def _call(f: Callable[..., Any], arguments: Iterable[Any], keywords: dict[str, Any]) -> Any:
    """The result of f, recorded also inside `no_grad()`: else its derivatives would all be 0.

    Raises:
        TypeError: If f is compiled, which gives numbers: its derivatives would all be 0, too.
    """
    if hasattr(f, "value_and_grad"):
        raise TypeError(f"{f!r} gives numbers, not Values: ask for its own grad, value_and_grad or jacobian")
    if (+Value(0.0)).op is None:
        with recording(node):
            return f(*arguments, **keywords)
    return f(*arguments, **keywords)


def _differentiated(arguments: tuple[Any, ...], argnums: int | Sequence[int]) -> tuple[list[Any], Any]:
    """The arguments with the chosen ones renewed, and the chosen ones alone."""
    renewed = list(arguments)
    chosen = argnums if isinstance(argnums, (tuple, list)) else (argnums,)
    for i in chosen:
        if not isinstance(i, int):
            raise TypeError(f"argnums is the number of an argument or a tuple of them, not {i!r}")
        if not -len(arguments) <= i < len(arguments):
            raise ShapeError(f"argnums names argument {i}, but {len(arguments)} positional arguments were given")
        renewed[i] = _mapped(_fresh, arguments[i], f"argument {i}")
    xs = tuple([renewed[i] for i in chosen])
    return renewed, xs if isinstance(argnums, (tuple, list)) else xs[0]


def _scalar(y: Any) -> Value:
    if (parts := _parts(y)) is not None:
        raise ShapeError(
            f"the result is a {type(y).__name__} of {len(parts)}, and a gradient is that of one number; "
            "jacobian is for functions of several results"
        )
    value: Value = _values(y, "the result")
    return value


# --- structures: lists, tuples, dicts and numpy arrays of numbers and Values, nested --------------------------


def _parts(tree: Any) -> dict[Any, Any] | None:
    """The parts of a structure by key or index; None for what should be a number."""
    if isinstance(tree, dict):
        return tree
    if isinstance(tree, (list, tuple)) or getattr(tree, "ndim", False):
        return dict(enumerate(tree))
    return None


def _mapped(function: Callable[[Any], Any], tree: Any, name: str) -> Any:
    """The same structure with `function(x)` in the place of every number or Value x; `name` is for messages."""
    parts = _parts(tree)
    if parts is None:
        try:
            return function(tree if isinstance(tree, Value) else number(tree))
        except TypeError as error:
            raise TypeError(f"{name} cannot be differentiated: {error}") from None
    mapped = {key: _mapped(function, part, f"{name}[{key!r}]") for key, part in parts.items()}
    if isinstance(tree, dict):
        return mapped
    if isinstance(tree, tuple):
        return getattr(tree, "_make", tuple)(mapped.values())  # a named tuple stays one
    if isinstance(tree, list):
        return list(mapped.values())
    if len({getattr(part, "shape", None) for part in mapped.values()} - {None}) == 1:
        return tree.__array_namespace__().stack(list(mapped.values()))  # arrays of one shape: the matrix of a Jacobian
    array = tree.astype(object)  # so that what the function does with arrays works, `2 * x` above all
    for i, part in mapped.items():
        array[i] = part
    return array


def _given_value(x: Any) -> Value:
    if not isinstance(x, Value):
        raise TypeError(f"{x!r} is a number, not a Value that the result was computed from")
    return x


def _values(tree: Any, name: str) -> Any:
    """The same structure with a leaf for every number."""
    return _mapped(lambda x: x if isinstance(x, Value) else Value(x), tree, name)


def _leaves(tree: Any) -> list[Any]:
    """The numbers and Values of a structure, in order."""
    leaves: list[Any] = []
    _mapped(leaves.append, tree, "it")
    return leaves


def _rebuilt(tree: Any, leaves: list[Any]) -> Any:
    """The same structure with other leaves, in the same order."""
    following = iter(leaves)
    return _mapped(lambda _: next(following), tree, "it")


def _matched(tree: Any, like: Any, name: str, of: str) -> list[Operand]:
    """The leaves of `tree` in the order of `like`; ShapeError if their structures differ."""
    mine, parts = _parts(tree), _parts(like)
    if parts is None and mine is None:
        return _leaves(_mapped(lambda x: x, tree, name))
    if mine is None or parts is None or mine.keys() != parts.keys():
        raise ShapeError(f"{name} must have the structure of {of}: {_shape(parts)}, got {_shape(mine)}")
    pairs = [(mine[key], part, f"[{key!r}]") for key, part in parts.items()]
    return [leaf for x, part, at in pairs for leaf in _matched(x, part, name + at, of + at)]


def _shape(parts: dict[Any, Any] | None) -> str:
    if parts is None:
        return "one number"
    return f"{len(parts)} entries ({', '.join(map(repr, parts)):.60})"
