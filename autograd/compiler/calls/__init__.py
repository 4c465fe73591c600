"""Many samples, many steps.

    batches.py   samples sorted by how they are built
    path.py      one way through a function, and what runs it
    paths.py     which way a sample takes, by its comparisons
    merging.py   one trace for as many whole numbers as possible
    plans.py     the paths for each form of sample, and when they do not hold any more
    straight.py  the short way of a batch that is as one before
    checking.py  samples that are run eagerly, beside what a program made of them
    bound.py     parameters and gradients as flat arrays
    state.py     an optimizer's state as arrays, and its step
    rules.py     an optimizer's rule as calls on arrays, without what changes nothing

Read next: `batches.py`.
"""

__all__: list[str] = []
