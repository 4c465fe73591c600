"""Updates by compiled code: what `updates.py` computes Value by Value, for many samples at once.

It owns when and how a model is given to `autograd.compile`, and the way back to Values where something is not finite or
cannot be compiled; it must not know epochs or data sets.
Read next: `plan.py`, which holds the compiled functions, and `paying.py`, which says when they pay.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from random import Random
from typing import Any

from autograd import DomainError, NotFiniteWarning, PathsWarning, TraceError, no_grad

from ..module import Module
from ..noise import Draw, Noise, noted, replayed
from ..optimizers import Optimizer
from ..regularizers import InArray
from ..seeds import generator
from .batches import Sample, Source
from .packing import Packing, packed
from .paying import USUAL, graph_size, pays, same_chance
from .plan import Forward, Penalty, is_alone, kinds_of_numbers
from .updates import Seen, Updates

__all__ = ["CompiledUpdates"]

VALUE_BY_VALUE = "computed Value by Value"
_FAILED = f"{VALUE_BY_VALUE}, as it could not be compiled"
_ONE_WAY = (
    "write autograd.where(autograd.step(v), a, b), max or relu to choose between Values, which is one way for all"
)


class CompiledUpdates(Updates):
    """As `Updates`, in compiled code where it pays and is possible.

    While an epoch lasts, the parameters, the gradients and the optimizer's state are in arrays; before and after it
    they are where `Updates` has them. Optimizers that are more than an elementwise `update`, as L-BFGS, work on the
    Values; then the gradients alone are compiled.

    Args:
        eager: What does the same Value by Value.
        source: Where the samples come from.
        samples: How many there will be over all epochs; None if nobody knows.
        must: Whether to compile whatever it costs, and to raise where it is not possible.

    Attributes:
        told: How the updates are computed, and why; "" before the first.
    """

    def __init__(self, eager: Updates, source: Source, samples: int | None, must: bool) -> None:
        super().__init__(eager.model, eager.loss, eager.optimizer, eager.regularizer)
        self._source, self._samples, self._must, self.told = source, samples, must, ""
        self._modules = self.model.modules() if isinstance(self.model, Module) else []
        self._noises = [module for module in self._modules if isinstance(module, Noise)]
        self._size: int | None = None  # of the graph of one sample
        self._n_seen = 0  # samples: of a stream nobody knows how many will be
        self._draws: list[Draw] = []
        self._alone = False  # whether the output is one Value, not a list
        self._training: Forward | None = None
        self._evaluation: Forward | None = None
        self._held_out: list[Any] | None = None  # the samples and targets of the validation, as arrays
        self._penalty: Penalty | None = None
        self._after: InArray | None = None  # what the regularizer does after a step, if it can in the arrays
        self._in_arrays = _is_elementwise(self.optimizer)
        self._refusal: Exception | None = None  # what came up before anything was compiled
        self._fresh = True  # whether no batch was computed by the compiled code yet

    # --- what the loop asks for ---

    @contextmanager
    def acting(self) -> Iterator[None]:
        """The block in which they are made: what is not finite is told Value by Value, and not as a warning too."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotFiniteWarning)
            warnings.simplefilter("error", PathsWarning)  # told in other words
            yield

    def begin_epoch(self) -> None:
        """Take over what the Values and the optimizer hold: a callback may have changed it."""
        if self._training is None:
            super().begin_epoch()
            return
        self._mode(True)
        if self._noises and self._draws_differ():
            self._compile()
        if self._penalty is not None:
            self._penalty.renew()
        if self._training is not None:
            self._training.load()

    @property
    def _held(self) -> Forward | None:
        """What holds the parameters in arrays, while they are there."""
        return self._training if self._in_arrays else None

    def _mode(self, training: bool) -> None:
        """Dropout and noise on or off; the modules are known, and looking for them takes longer than an epoch."""
        for module in self._modules:
            module.training = training

    def end_epoch(self) -> None:
        """Hand parameters, gradients and state to the Values and the optimizer."""
        if held := self._held:
            held.store()

    def update(self, batch: Sequence[Sample]) -> list[Seen]:
        """As `Updates.update`.

        Raises:
            AutogradError: If the code must be compiled and cannot be.
        """
        if self._training is None and self._pays(batch):
            self._compile()
        seen = super().update(batch)
        if self._refusal is not None:
            self._give_up(self._refusal)
        return seen

    def gradients(self, batch: Sequence[Sample]) -> tuple[list[Seen], float]:
        """As `Updates.gradients`; in the arrays, if they are in use."""
        if self._training is None:
            return super().gradients(batch)
        if not self._in_arrays:
            self._training.load_parameters()
        drawn = [[draw() for draw in self._draws] for _ in batch]
        try:
            found = self._computed(batch, drawn)
        except DomainError:
            found = None
        except Exception as error:  # it is the model's or the loss's own, if it comes Value by Value too
            found = self._eagerly(batch, drawn)
            self._give_up(error)
            return found
        if found is None:
            return self._eagerly(batch, drawn)
        self._good = self._training.numbers()
        if not self._in_arrays:
            self._training.store_gradients()
        return found

    def outputs(self, samples: Sequence[Any], targets: Sequence[Any]) -> tuple[list[float], list[Any]] | None:
        """As `Updates.outputs`; the samples are the same in every epoch."""
        if self._training is None:
            return None
        try:
            if self._evaluation is None:
                self._evaluation = Forward(self.model, self.loss, self.optimizer, alone=self._alone)
            kinds = kinds_of_numbers(self.model, self.loss)
            self._mode(False)
            self._evaluation.load()
            if self._held_out is None:
                self._held_out = [packed(part, kind) for part, kind in zip((samples, targets), kinds, strict=True)]
            losses, outputs = self._evaluation.evaluate(*self._held_out)
        except Exception:  # what is wrong is told Value by Value
            return None
        finally:
            self._mode(True)
        return (losses, outputs) if all(map(math.isfinite, losses)) else None

    # --- whether and how ---

    def _pays(self, batch: Sequence[Sample]) -> bool:
        """Whether the work that is ahead is more than that of compiling."""
        if self._size is None:
            few = not self._must and self._samples is not None and not pays(USUAL, self._samples)
            self._size = USUAL if few else self._look(batch[0])
        self._n_seen += len(batch)
        worth = pays(self._size, self._n_seen if self._samples is None else self._samples)
        if self._size and not self.told and not worth:
            self.told = f"{VALUE_BY_VALUE}, which is sooner done than compiled"
        return self._size > 0 and (worth or self._must) and not self.told.startswith(_FAILED)

    def _look(self, sample: Sample) -> int:
        """The size of the graph of one sample, whose random numbers are noted; 0 if it has none, or an error."""
        self._sample = sample
        try:
            with self._noting():
                outputs = self.model(sample.x)
                self._alone = is_alone(outputs)
                return graph_size(self.loss(outputs, sample.target))
        except Exception as error:  # if it is the model's or the loss's, it comes again when it is the sample's turn
            self._refusal = error
            return 0

    def _draws_differ(self) -> bool:
        """Whether other random numbers are drawn for a sample than before, as of a dropout that was switched off."""
        before = self._draws
        with self._noting(), no_grad():
            self.model(self._sample.x)
        return list(map(_source, before)) != list(map(_source, self._draws))

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """While the block runs, the random numbers of one sample are noted, and do not count."""
        generators = {id(g): g for noise in self._noises if isinstance(g := generator(noise._rng), Random)}
        with same_chance(*generators.values()), noted(self._noises) as self._draws:
            yield

    def _compile(self) -> None:
        try:
            self._packing = Packing(self._source, *kinds_of_numbers(self.model, self.loss))
            self._training = Forward(
                self.model, self.loss, self.optimizer, self._noises, len(self._draws), alone=self._alone
            )
            self._penalty = Penalty.of(self.regularizer, self.model, self._training)
            self._after = self._training.in_array(self.regularizer, self.model)
            self._training.load()
        except Exception as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on Value by Value, if that is allowed."""
        reason = " ".join(str(error).split())
        if isinstance(error, PathsWarning):
            where = f"; what it compares is computed at {error.line}" if error.line else ""
            reason = f"by its comparisons, the model or the loss goes more ways than are compiled{where}: {_ONE_WAY}"
        if self._must:
            if isinstance(error, PathsWarning):
                text = f"some samples are {VALUE_BY_VALUE}, which is slow: {reason}"
                warnings.warn(text, RuntimeWarning, stacklevel=_lines_up())
                return
            if isinstance(error, TraceError):
                error.add_note('compiled="auto" would compute it Value by Value: right too, and slower')
            raise error
        self._training = self._refusal = None
        self.told = f"{_FAILED}: {reason}"

    # --- one minibatch ---

    def _computed(self, batch: Sequence[Sample], drawn: list[list[float]]) -> tuple[list[Seen], float] | None:
        """By the compiled code; None if something in it is not finite."""
        assert self._training is not None
        x, targets, weights = self._packing(batch)
        if self._fresh:
            with same_chance():
                found = self._training.gradients(x, targets, weights, drawn)
            self._fresh, self.told = False, self._training.told
        else:
            found = self._training.gradients(x, targets, weights, drawn)
        objective, losses, outputs = found
        if self._penalty is not None:
            objective += self._penalty.add(self._training)
        if not (math.isfinite(objective) and self._training.is_finite("gradients")):
            return None
        if weights is not None:
            losses = losses * weights
        return list(map(Seen, losses.tolist(), outputs, [sample.target for sample in batch])), objective

    def _eagerly(self, batch: Sequence[Sample], drawn: list[list[float]]) -> tuple[list[Seen], float]:
        """Value by Value, with the same random numbers: the errors are those of `Updates`."""
        if held := self._held:
            held.store()
        try:
            with replayed(self._noises, chain.from_iterable(drawn)):
                return super().gradients(batch)
        finally:
            if held:
                held.load_gradients()

    def _step(self) -> None:
        """As `Updates` does, in the arrays."""
        if not (held := self._held):
            super()._step()
            return
        try:
            held.step()
        except DomainError:
            raise
        except Exception:  # an update that is for floats alone; nothing is changed yet
            self._in_arrays = False
            held.store()
            super()._step()
            return
        if self._after is not None:
            held.act(self._after, self._rate)
        else:
            held.store_parameters()
            self.regularizer.after_step(self.model, self._rate)
            held.load_parameters()

    def _are_finite(self) -> bool:
        return held.is_finite("parameters") if (held := self._held) else super()._are_finite()


def _lines_up() -> int:
    """How far up the line is that calls this package, for a warning of who asks."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals["__name__"].startswith(f"{__package__.partition('.')[0]}."):
        frame, level = frame.f_back, level + 1
    return level


def _source(draw: Draw) -> Any:
    """What tells whether two random numbers are drawn from the same generator in the same way."""
    return (draw.func, draw.args) if isinstance(draw, partial) else draw


def _is_elementwise(optimizer: Optimizer) -> bool:
    """Whether all that an optimizer does in a step is clipping and its `update`, known to be without branches."""
    kind = type(optimizer)
    own = kind.update.__module__.startswith(Optimizer.__module__.rpartition(".")[0])
    return own and not optimizer.needs_closure and kind.step is Optimizer.step and kind.clip is Optimizer.clip
