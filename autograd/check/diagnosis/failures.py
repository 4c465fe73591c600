"""The catalogue: causes of a wrong gradient that lie in no rule of first order.

This file owns these entries; it must not know how one is found.
Read next: `own.py`, which finds them.
"""

from __future__ import annotations

from .mistakes import Mistake

__all__ = ["FAILURES"]

ENTRIES = (
    Mistake(
        "unexplained",
        "the derivative of `{op}` is wrong, in no way that the catalogue knows",
        "local derivatives: every operation knows the derivative of its result by each of its operands",
        ("differentiate with pencil and paper. What comes out at these numbers?", "the rule, at these numbers.",
         "there is none: this mistake is not in the catalogue."),
    ),
    Mistake(
        "graph-cut",
        "the graph is cut: a part of the function computes with plain numbers",
        "automatic differentiation follows operations on Values; what is done with their numbers is a constant to it",
        ("which lines of the function take the number out of a Value?",
         "`.data`, `float(...)`, `math.*`, `round`, or a Value made anew inside the function.",
         "compute with Values: `x.exp()` or `autograd.exp(x)` in the place of `math.exp(x.data)`."),
    ),
    Mistake(
        "zero-times-infinity",
        "an infinite local partial meets a gradient of 0: 0·inf is nan",
        "the chain rule multiplies; a product with an infinite factor has no limit of its own",
        ("at which point is the operation evaluated, and how steep is it there?",
         "the operation named above: sqrt at 0, log near 0, a power of 0.",
         "keep away from the point, as `sqrt(x + 1e-12)`, or choose the branch before computing: a `where` around the "
         "result comes too late, since both branches are differentiated."),
    ),
    Mistake(
        "rule-of-numbers",
        "the rule of `{op}` computes plain numbers: right in first order, wrong in second",
        "a derivative that is to be differentiated again must be computed with Values",
        ("what type does the rule return when its operands are Values?",
         "the `partials` of `{op}`: functions of `math`, `float(...)` or `.data`.",
         "write the rule with functions of this package, as `autograd.cos(x)` in the place of `math.cos(x)`, and "
         "`choose(condition, x, y)` in the place of `if`."),
    ),
)  # fmt: skip

FAILURES = {mistake.key: mistake for mistake in ENTRIES}
