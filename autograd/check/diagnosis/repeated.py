"""The catalogue: mistakes that show in several passes, with several graphs, in changed data, and in deep graphs.

This file owns these entries; it must not know how one is found.
Read next: `broken_repeated.py`, the engines that make these mistakes.
"""

from __future__ import annotations

from . import broken_repeated as b
from .mistakes import Mistake

__all__ = ["REPEATED", "RUNNING"]

SEED = "backpropagation begins with the derivative of the result by itself"
PASSES = "gradients of several backward passes add up in the leaves, and in the leaves alone"

# Seen in several backward passes, with several graphs, or where data is changed.
REPEATED = (
    Mistake(
        "not-zeroed",
        "nodes between the result and the leaves keep the gradients of an earlier pass, and hand them on again",
        PASSES,
        ("after a second pass every leaf should hold twice the gradient. Which nodes start the second pass at 0?",
         "the first lines of `backward`: what do nodes hold that are not leaves?",
         "before the loop: `for v in topo:` set `v.grad = 0.0` where v has operands (leaves keep theirs), then seed."),
        "complete",
        models=(b.NotZeroed,),
    ),
    Mistake(
        "seed-accumulates",
        "backward adds 1 to the gradient of the result, so that the second pass begins with 2",
        SEED,
        ("with which number does the second pass begin?", "the first lines of `backward`.",
         "assign: `self.grad = 1.0`, not `self.grad += 1.0`."),
        "complete",
        models=(b.SeedAccumulates, b.SeedAccumulatesNotZeroed),
    ),
    Mistake(
        "leaf-not-accumulated",
        "a backward pass overwrites the gradients of the leaves, where those of an earlier one should stay",
        PASSES,
        ("the loss of a batch is a sum over samples. How do the gradients of the samples become that of the sum?",
         "the first lines of `backward`: what is set to 0 there?",
         "leave the leaves alone; only `zero_grad` sets them to 0, and the loop adds to them with `+=`."),
        models=(b.LeavesForgotten, b.AllForgotten),
    ),
    Mistake(
        "other-graph-replayed",
        "a backward pass also runs an earlier graph, whose gradients arrive again",
        "backpropagation visits what the result was computed from, and nothing else",
        ("compute two results, then differentiate one of them. Which nodes does the pass visit?",
         "the list of nodes, if it is shared by all graphs (a tape): what is on it, and where does the pass begin?",
         "sort the nodes below the result on each call, or clear their gradients and begin at the result's own place."),
        models=(b.Replayed, b.ReplayedOrders, b.ReplayedByAge, b.ReplayedFromTheEnd, b.ReplayedClearedFromTheEnd,
                b.ReplayedAllRoots),
    ),
    Mistake(
        "graph-consumed",
        "after one backward pass the graph is gone: a further one adds nothing",
        PASSES,
        ("what is left of the graph after the first pass?", "what `backward` deletes or empties at its end.",
         "keep the graph: a pass only reads it. If that is meant, raise an error on the second call."),
        models=(b.UsedUp, b.TapeUsedUp),
    ),
    Mistake(
        "zero-without-effect",
        "setting the gradients to zero has no effect: they are there again after the next backward pass",
        PASSES + ", until they are set to zero",
        ("what does the gradient hold right after it was set to zero, and what after the next pass?",
         "`zero_grad`: does it write the attribute that `backward` adds to?",
         "`def zero_grad(self): self.grad = 0.0`, with the very name that `backward` uses."),
        models=(b.ZeroWithoutEffect,),
    ),
    Mistake(
        "stale-forward-value",
        "the backward pass uses data as it is now, not as it was when the result was computed",
        "a gradient belongs to the value that was computed, at the numbers of that computation",
        ("the result was computed with the old number. At which point is it differentiated?",
         "the backward steps: they read `self.data` when they run.",
         "keep the numbers of the forward pass: `x = self.data` before the inner function, which then uses x; or store "
         "the local partials when the result is computed."),
        "robust",
        models=(b.Stale,),
    ),
)  # fmt: skip

# Seen by what does not come to an end.
RUNNING = (
    Mistake(
        "recursion-limit",
        "a long chain of operations ends in a RecursionError",
        "depth-first search: a recursive function needs a frame for every node on the way down",
        ("how many calls are open at once when the sort has reached the first node of the chain?",
         "the function that sorts the graph and calls itself.",
         "use a list as the stack:\nstack = [(self, False)]\nwhile stack:\n    v, done = stack.pop()\n    if done:\n"
         "        topo.append(v)\n    elif v not in visited:\n        visited.add(v)\n        stack.append((v, True))\n"
         "        stack += [(child, False) for child in v._prev]"),
        "robust",
    ),
    Mistake(
        "exponential-paths",
        "the time grows with the number of paths, which doubles with each `a = a + a`",
        "reverse mode costs a small multiple of the forward pass: each node is visited once",
        ("how often is the first node visited?", "the walk through the graph: it goes along every path.",
         "sort the nodes first, each once, and run the backward step of each once, in reverse order."),
    ),
)  # fmt: skip
