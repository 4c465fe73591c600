"""The catalogue: mistakes of structure, which concern how gradients travel through the graph in one backward pass.

This file owns these entries; it must not know how one is found.
Read next: `broken.py`, the engines that make these mistakes; `repeated.py`, the entries about several passes.
"""

from __future__ import annotations

from . import broken as b, broken_identity as same
from .mistakes import Mistake

__all__ = ["BASIC"]

PATHS = "multivariate chain rule: a gradient is the sum over all paths from the result"
ORDER = "backpropagation: a node hands its gradient on only when all that it will receive has arrived"
SEED = "backpropagation begins with the derivative of the result by itself"
CHAIN = "chain rule: an operand receives the local partial times the gradient that has arrived at the result"
IDENTITY = "a node of the graph is an object, not a number: two numbers of the same size have a gradient each"

BASIC = (
    Mistake(
        "overwrite",
        "`=` where `+=` is needed: a gradient that arrives second replaces the first",
        PATHS,
        ("on how many paths does the input reach the result, and how many of them are in your number?",
         "in the backward steps, where the gradient of an operand is written.",
         "add instead of assigning: `self.grad += ...` and `other.grad += ...`, in every operation."),
        models=(b.Overwrite, b.OverwriteWithinOnePass, b.OverwriteAlongPaths),
    ),
    Mistake(
        "duplicate-operand-dropped",
        "an operand that is used twice by one operation, as in `a + a`, counts once",
        PATHS + "; `a + a` has two edges from a",
        ("what is the derivative of a + a by a, and what is yours?",
         "where a node keeps its operands: is that a set, or a dict with the operand as its key?",
         "keep the operands in a tuple, with the local partials beside them in the same order: `(a, a)` has two "
         "entries."),
        models=(b.DuplicateDroppedLast, b.DuplicateDroppedFirst),
    ),
    Mistake(
        "first-operand-only",
        "only the first operand of an operation receives a gradient",
        PATHS,
        ("does b move the result of a * b?", "where the backward pass goes from a node to its operands.",
         "go on to all operands: `for child in node.children: ...`, not `node.children[0]`; in closures, write "
         "`other.grad += ...` beside `self.grad += ...`."),
        models=(b.FirstOperandOnly, b.FirstOfTwoOnly, b.FirstOperandFollowed),
    ),
    Mistake(
        "missing-seed",
        "the gradient of the result is never set, so that nothing is handed on",
        SEED,
        ("what is the derivative of a number by itself?", "the first lines of `backward`.",
         "before the loop over the nodes: `self.grad = 1.0`."),
        models=(b.MissingSeed,),
    ),
    Mistake(
        "seed-is-value",
        "backward begins with the value of the result",
        SEED,
        ("what is the derivative of a number by itself? Does it depend on the number?",
         "the first lines of `backward`.",
         "before the loop over the nodes: `self.grad = 1.0`, not `self.grad = self.data`."),
        models=(b.SeedIsValue,),
    ),
    Mistake(
        "order-not-reversed",
        "backward visits the operands before the results: when a node's turn comes, nothing has arrived yet",
        ORDER,
        ("at which node does a backward pass begin?",
         "the loop over the sorted nodes in `backward`. (A pass that visits the result alone looks the same.)",
         "go through them in reverse: `for v in reversed(topo): v._backward()`."),
        models=(b.NotReversed,),
    ),
    Mistake(
        "one-level",
        "only the operands of the result itself receive a gradient: the pass stops there",
        CHAIN + "; this repeats down to the leaves",
        ("which nodes has the backward pass visited?", "the loop or the recursion in `backward`.",
         "visit every node of the graph, in reverse topological order, and run the backward step of each."),
        models=(b.OneLevel,),
    ),
    Mistake(
        "order-not-topological",
        "a node hands its gradient on before all of it has arrived: the order is not topological",
        ORDER,
        ("follow the numbers by hand: when a node hands on, does another node still owe it something?",
         "how the list of nodes is made: level by level, or each node before its operands, is not enough.",
         "append a node after all its operands, and go through the list in reverse:\n"
         "def build(v):\n    if v not in visited:\n        visited.add(v)\n        for child in v._prev:\n"
         "            build(child)\n        topo.append(v)"),
        models=(b.BreadthFirst, b.DepthFirst, b.DepthFirstFromRight, b.PushedOnce, b.PushedOnceFromRight,
                b.BreadthFirstFromRight, b.RecursionOnce, b.RecursionOnceFromRight),
    ),
    Mistake(
        "revisited",
        "a node that is used several times hands its whole gradient on each time: it counts too often",
        ORDER + ", and it does so once",
        ("how often is the backward step of a shared node run?", "the walk through the graph: what remembers the nodes "
         "that were visited?",
         "visit each node once: keep a set of visited nodes while you sort, and run `_backward` once for each."),
        models=(b.RevisitedByRecursion, b.RevisitedDepthFirst, b.RevisitedDepthFirstFromRight, b.RevisitedBreadthFirst,
                b.RevisitedUnfolded, b.RevisitedUnfoldedFromRight),
    ),
    Mistake(
        "equal-values-merged",
        "two nodes that hold the same number are taken for one node",
        IDENTITY,
        ("give two inputs the same number. Which of them receives what?",
         "`__eq__` and `__hash__`, and every set, dict or `in` that holds nodes.",
         "compare nodes by identity: do not define `__eq__`, or use `id(v)` as the key."),
        models=(
            same.EqualVisited, same.EqualVisitedFromRight, same.EqualVisitedAndOperands,
            same.EqualVisitedAndOperandsFromRight, same.EqualOperands, same.EqualOperandsLast, same.EqualGradients,
            same.EqualInTable, same.EqualListed, same.EqualListedFromRight, same.EqualLeaves,
        ),
    ),
    Mistake(
        "missing-chain-factor",
        "operands receive the local partial without the gradient that has arrived at the result",
        CHAIN,
        ("if the result counts four times in what comes after, how often does the operand count?",
         "the one line of the backward pass that all operations share.",
         "multiply: `child.grad += local_grad * node.grad`."),
        models=(b.MissingChain,),
    ),
    Mistake(
        "added-chain-factor",
        "the arrived gradient is added to the local partial, in place of being multiplied by it",
        CHAIN,
        ("rates of change of nested functions: do they add or multiply?",
         "the one line of the backward pass that all operations share.",
         "multiply: `child.grad += local_grad * node.grad`."),
        models=(b.AddedChain,),
    ),
    Mistake(
        "chain-factor-squared",
        "operands receive the local partial times the square of the arrived gradient",
        CHAIN,
        ("how often does the gradient of the result belong into the product?",
         "the one line of the backward pass that all operations share.",
         "multiply once: `child.grad += local_grad * node.grad`."),
        models=(b.SquaredChain,),
    ),
    Mistake(
        "derivative-one",
        "gradients are handed on unchanged: the local partials are left out",
        CHAIN,
        ("where in your backward pass does it matter which operation a node is?",
         "the one line of the backward pass that all operations share.",
         "multiply: `child.grad += local_grad * node.grad`."),
        models=(b.PartialsLeftOut,),
    ),
    Mistake(
        "sign",
        "the contributions to a gradient are subtracted",
        PATHS,
        ("which sign has the derivative of a + b by a?", "the one line of the backward pass that all operations share.",
         "add: `child.grad += local_grad * node.grad`."),
        models=(b.Subtracted,),
    ),
    Mistake(
        "swapped-operands",
        "the operands of an operation receive each other's derivatives",
        "local derivatives: each belongs to one operand, in the same order",
        ("in which order are the operands kept, and in which the local partials?",
         "the loop over operands and local partials together.",
         "keep both in the same order: `for child, local in zip(node.children, node.local_grads): ...`."),
        models=(b.PartialsReversed,),
    ),
)  # fmt: skip
