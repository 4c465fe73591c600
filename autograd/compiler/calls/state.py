"""State: an optimizer's numbers as arrays, and its step on them.

This file owns the order of a step: clip, then the rule of each group, then all is written at once; it must not know
what the parameters are for. Read next: `rules.py`, how a rule becomes calls on arrays.
"""

from __future__ import annotations

import math
from itertools import chain, repeat
from operator import setitem
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import Value
from ...errors import DomainError
from ...expressions import Untraceable
from ..trace.leaves import exhaust
from .rules import Rule, kind_of_settings

__all__ = ["State"]

ALL = ...


class State:
    """An optimizer's state as arrays, and its step on them."""

    def __init__(self, optimizer: Any, values: list[Value]) -> None:
        if not hasattr(optimizer, "groups"):
            raise TypeError(f"update takes an optimizer, as nn.optimizers.SGD(params), not {optimizer!r:.60}")
        if getattr(optimizer, "needs_closure", False):
            name = type(optimizer).__name__
            raise TypeError(f"{name} needs the loss anew in every step: give its step a function that calls the loss")
        self.optimizer, self.kept, self.steps = optimizer, optimizer.state, optimizer.steps
        self.rows = list(map(tuple, optimizer.state))  # as they were read, or written last
        places = {v: i for i, v in enumerate(values)}
        self.groups: list[tuple[Any, Any, tuple[NDArray[Any], ...]]] = []
        self.values = [p for group in optimizer.groups for p in group["parameters"]]
        if strangers := [i for i, p in enumerate(self.values) if p not in places]:
            raise ValueError(f"parameter {strangers[0]} of the optimizer is not among the parameters that are bound")
        start = 0
        for group in optimizer.groups:
            index = np.array([places[p] for p in group["parameters"]])
            numbers = np.array(optimizer.state[start : start + len(index)]).reshape(len(index), optimizer.slots)
            is_block = (index == index[0] + np.arange(len(index))).all()
            where = slice(int(index[0]), int(index[-1]) + 1) if is_block else index
            self.groups.append((group, where, tuple(numbers.T.copy())))
            start += len(index)
        self._begin(None, None, False)

    def is_of(self, optimizer: Any) -> bool:
        """Whether the state is that optimizer's, and it was not given another one since."""
        return optimizer is self.optimizer and optimizer.state is self.kept and optimizer.steps == self.steps

    def is_as_written(self) -> bool:
        """Whether nothing was changed in the optimizer's own list since it was read, or written last."""
        return list(map(tuple, self.kept)) == self.rows

    def step(self, parameters: NDArray[Any], gradients: NDArray[Any]) -> None:
        """Clip the gradients, and change every parameter; all of it or, if anything is raised, nothing."""
        optimizer, step = self.optimizer, self.optimizer.steps + 1
        is_clipped = optimizer.clip_norm is not None or optimizer.clip_value is not None
        if parameters is not self.parameters or gradients is not self.gradients or is_clipped is not self.is_clipped:
            self._begin(parameters, gradients, is_clipped)
        for where, p, g in self.copies:
            p[...], g[...] = parameters[where], gradients[where]
        if is_clipped:
            with np.errstate(all="ignore"):
                for part, clipped in zip(self.parts, self._clipped(self.parts), strict=True):
                    part[...] = clipped
        numbers: list[Any] = []
        for i, (group, _, state) in enumerate(self.groups):
            settings = optimizer.settings_of(group)
            rule = self._rule(i, settings)
            found = None if rule is None else rule(step)
            if found is None:
                new, after = self._updated(i, state, step, settings)
                found = [new, *after]
            numbers += found
        if is_clipped:  # as the optimizer's own step leaves them
            numbers += self.parts
        done = map(setattr, (optimizer, self), repeat("steps"), (step, step))
        exhaust(chain(map(setitem, self.targets, self.places, numbers), done))

    def _begin(self, parameters: Any, gradients: Any, is_clipped: bool) -> None:
        """From now on the steps are for these arrays."""
        self.parameters = None  # until all is made, if a signal comes between
        self.given: list[tuple[NDArray[Any], NDArray[Any]]] = []  # of each group, what its rule reads
        self.copies: list[tuple[Any, NDArray[Any], NDArray[Any]]] = []
        self.targets: list[Any] = []
        self.places: list[Any] = []
        self.rules: list[tuple[Any, Rule | None]] = [(None, None)] * len(self.groups)
        for _, where, state in self.groups if parameters is not None else ():
            p, g = parameters[where], gradients[where]
            if is_clipped or not isinstance(where, slice):
                p, g = p.copy(), g.copy()
                self.copies.append((where, p, g))
            self.given.append((p, g))
            self.targets += [parameters, *state]
            self.places += [where, *[ALL] * len(state)]
        self.parts = [g for _, g in self.given]
        if is_clipped:
            self.targets += [gradients] * len(self.groups)
            self.places += [where for _, where, _ in self.groups]
        self.gradients, self.is_clipped, self.parameters = gradients, is_clipped, parameters

    def _rule(self, i: int, settings: Any) -> Rule | None:
        """The rule of a group, read when it is asked for first; None if it cannot be read."""
        known, rule = self.rules[i]
        if known != settings:
            if known is None or kind_of_settings(known) != kind_of_settings(settings):
                try:
                    rule = Rule(self.optimizer.update, settings, *self.given[i], self.groups[i][2])
                except (Untraceable, ArithmeticError):
                    rule = None
            elif rule is not None:
                rule.set(settings)
            self.rules[i] = dict(settings), rule
        return rule

    def _updated(self, i: int, state: tuple[NDArray[Any], ...], step: int, settings: Any) -> Any:
        """What the optimizer's own update gives for a group."""
        try:
            with np.errstate(all="ignore"):  # as floats in Python, which overflow without a word
                return self.optimizer.update(*self.given[i], state, step, settings)
        except (TypeError, ValueError) as error:
            error.add_note(
                f"the update of {type(self.optimizer).__name__} is called with arrays, of all parameters of a group: "
                "write what is for each of their elements, as np.tanh(g) for math.tanh(g) and np.where for if"
            )
            raise

    def _clipped(self, parts: list[NDArray[Any]]) -> list[NDArray[Any]]:
        """The gradients of all groups, bounded as `nn.optimizers.clipping` does."""
        limit, longest = self.optimizer.clip_value, self.optimizer.clip_norm
        if limit is not None:
            self._check_finite(parts, np.isnan)
            parts = [np.clip(part, -limit, limit) for part in parts]
        if longest is not None:
            norm = math.sqrt(sum([float(part.dot(part)) for part in parts]))
            if not 1e-100 < norm < 1e100:  # the squares may be out of range where the norm is not
                self._check_finite(parts, np.isinf)
                norm = math.hypot(*np.concatenate(parts).tolist())
                if norm == math.inf > longest:
                    return self._clipped([part * 2.0**-100 for part in parts])
            scale = longest / (norm + 1e-6)
            parts = [part * scale for part in parts] if scale < 1 else parts
        return parts

    def _check_finite(self, parts: list[NDArray[Any]], is_bad: Any) -> None:
        """DomainError that names the first parameter whose gradient is inf or nan, if one is bad."""
        together = np.concatenate(parts)
        if is_bad(together).any() or np.isnan(together).any():
            i = int(np.argmin(np.isfinite(together)))
            label = self.values[i].label
            name = f"parameter {i}" + (f" ({label})" if label else "")
            raise DomainError(
                f"the gradient of {name} is {together[i]} and cannot be clipped: make the learning rate smaller, or "
                "look for the operation that overflows"
            )

    def written(self) -> Any:
        """What gives the optimizer this state, for `exhaust`."""
        rows = [row for group, _, state in self.groups
                for row in (zip(*[s.tolist() for s in state], strict=True) if state
                            else repeat((), len(group["parameters"])))]  # fmt: skip
        return chain(map(setitem, repeat(self.kept), range(len(rows)), rows), map(setattr, (self,), ("rows",), (rows,)))
