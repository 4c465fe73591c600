"""The base class of the optimizers: parameters in groups, settings, state, and the step over all of them.

It owns what all optimizers share; it must not know any update rule, nor networks, losses or data.
Read next: `gradient_descent.py`, the shortest rule, then `adam.py`.

An update is one branch-free elementwise function of (parameter, gradient, state, step, settings), the same for
floats and for numpy arrays, so that compiled training uses it as it stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias

from autograd import Value

from ..lookup import look_up
from .clipping import check_limit, clip_gradient_norm, clip_gradient_value

__all__ = ["Group", "Optimizer", "Parameters", "Settings", "State"]

State: TypeAlias = tuple[Any, ...]
Settings: TypeAlias = Mapping[str, float]
Group: TypeAlias = dict[str, Any]
Parameters: TypeAlias = Iterable[Value] | Iterable[Mapping[str, Any]]

# What the settings of that name must be. Of a name that is not here, any finite number is a setting.
_AT_LEAST_0: tuple[str, Callable[[float], bool]] = ("a finite number of at least 0", lambda x: x >= 0)
_POSITIVE: tuple[str, Callable[[float], bool]] = ("a finite number larger than 0", lambda x: x > 0)
_FRACTION: tuple[str, Callable[[float], bool]] = ("a number of at least 0 and less than 1", lambda x: 0 <= x < 1)
_SWITCH: tuple[str, Callable[[float], bool]] = ("True or False", lambda x: x in (0, 1))
_COUNT: tuple[str, Callable[[float], bool]] = ("a whole number of at least 1", lambda x: x >= 1 and x == int(x))
_FINITE: tuple[str, Callable[[float], bool]] = ("a finite number", lambda x: True)
_RANGES: Mapping[str, tuple[str, Callable[[float], bool]]] = {
    "learning_rate": _AT_LEAST_0, "learning_rate_decay": _AT_LEAST_0, "momentum": _AT_LEAST_0,
    "momentum_decay": _AT_LEAST_0, "weight_decay": _AT_LEAST_0, "initial_accumulator": _AT_LEAST_0,
    "epsilon": _POSITIVE, "smallest_step": _POSITIVE, "largest_step": _POSITIVE,
    "tolerance": _AT_LEAST_0, "history": _COUNT, "iterations": _COUNT,
    "beta1": _FRACTION, "beta2": _FRACTION, "rho": _FRACTION, "alpha": _FRACTION,
    "nesterov": _SWITCH, "amsgrad": _SWITCH, "centered": _SWITCH,
}  # fmt: skip


class Optimizer:
    """What changes parameters so that a loss becomes smaller: the base class of all of them.

    A class of its own says how many numbers of state a parameter has (`slots`) and how one parameter changes
    (`update`); one that changes all of them together (L-BFGS) replaces `step`.

    An `update` is a function of its arguments alone, the same for floats and for arrays, element by element. `step`
    calls it for each parameter; what is compiled reads it once, or calls it with arrays, so that random numbers that
    it draws, or what it counts in `self`, are others there. Then use `step`, as `fit` does for a class of one's own.

    Args:
        parameters: The Values to change, as `model.parameters()` gives them; or groups of them with settings of
            their own, `[{"parameters": ..., "learning_rate": 0.1}, {"parameters": ...}]`. What a group does not
            say is that of the other arguments.
        learning_rate: The size of a step, a finite number of at least 0.
        clip_norm: Before a step, the gradient of all parameters is shortened to this norm; None for no limit.
        clip_value: Before a step, and before clip_norm, each gradient is bounded by this magnitude.
        settings: The other numbers that the update reads. True and False are kept as 1.0 and 0.0.

    Attributes:
        parameters: The Values, a list; those of the groups one after the other.
        groups: A dict for each group: `"parameters"` and each setting. Settings may be changed at any time.
        learning_rate: That of the first group; may be changed at any time.
        factor: A schedule's: the rate that is used is learning_rate × factor, in every group.
        steps: How many steps were made.
        state: For each parameter a tuple of `slots` numbers.
        clip_norm, clip_value: The limits.

    Raises:
        TypeError: If parameters is not a sequence of Values or of groups, or a setting is no number.
        ValueError: If there are no parameters, one occurs twice or is computed from others, a setting is outside
            its range, or a group has a key that is no setting.
    """

    slots: ClassVar[int] = 0
    """How many numbers of state there are for each parameter; each starts at 0."""

    needs_closure: ClassVar[bool] = False
    """Whether `step` takes a function that computes the loss and its gradients anew."""

    def __init__(
        self, parameters: Parameters, learning_rate: float,
        clip_norm: float | None = None, clip_value: float | None = None, **settings: float,
    ) -> None:  # fmt: skip
        defaults = {"learning_rate": learning_rate, **settings}
        self.groups: list[Group] = []
        for i, given in enumerate(_grouped(parameters)):
            where = f"groups[{i}]: " if isinstance(given, Mapping) else ""
            own = dict(given) if isinstance(given, Mapping) else {"parameters": given}
            for key in own:
                look_up(f"{where}setting of {type(self).__name__}", key, {"parameters": None, **defaults})
            values = _values(own.pop("parameters", []), where)
            self.groups.append({"parameters": values, **self._checked({**defaults, **own}, where)})
        self.parameters: list[Value] = [p for group in self.groups for p in group["parameters"]]
        _check_parameters(self.parameters)
        self.clip_norm, self.clip_value = _limit("clip_norm", clip_norm), _limit("clip_value", clip_value)
        self.factor, self.steps = 1.0, 0
        self.state: list[State] = [(0.0,) * self.slots for _ in self.parameters]

    @property
    def learning_rate(self) -> float:
        """The learning rate of the first group, without the schedule's factor."""
        rate: float = self.groups[0]["learning_rate"]
        return rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self.groups[0]["learning_rate"] = _number("learning_rate", rate)

    @property
    def settings(self) -> Settings:
        """The numbers that the update of the first group reads, by name."""
        return self.settings_of(self.groups[0])

    def settings_of(self, group: Group) -> Settings:
        """The numbers that the update of a group reads, by name; the learning rate is that of the schedule."""
        settings = {name: value for name, value in group.items() if name != "parameters"}
        settings["learning_rate"] *= self.factor
        return settings

    @staticmethod
    def check(settings: Settings) -> None:
        """ValueError if settings do not go together, each being in its range: a class that has such says so here."""

    @staticmethod
    def update(parameter: Any, gradient: Any, state: State, step: int, settings: Settings) -> tuple[Any, State]:
        """The parameter and the state after one step, from those before it.

        Args:
            parameter: Its value: a float, or an array of many.
            gradient: The derivative of the loss by it, of the same shape.
            state: As many numbers, or arrays of the same shape, as the class has slots.
            step: The number of this step, 1 for the first.
            settings: The settings by name.
        """
        raise NotImplementedError("this optimizer has no update of a single parameter, only step")

    def step(self) -> None:
        """Change every parameter once, by its gradient, which is clipped before.

        Raises:
            DomainError: If gradients are to be clipped and one is inf or nan; nothing is changed then.
        """
        self.clip()
        self.steps += 1
        update, step, state, i = self.update, self.steps, self.state, 0
        for group in self.groups:
            settings = self.settings_of(group)
            for p in group["parameters"]:
                p.data, state[i] = update(p.data, p.grad, state[i], step, settings)
                i += 1

    def clip(self) -> None:
        """Bound the gradients by clip_value, then by clip_norm, where they are given."""
        if self.clip_value is not None:
            clip_gradient_value(self.parameters, self.clip_value)
        if self.clip_norm is not None:
            clip_gradient_norm(self.parameters, self.clip_norm)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for p in self.parameters:
            p.grad = 0.0

    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on but parameters and gradients, as dicts, lists, numbers and strings.

        Training goes on bit for bit from it, also when it was written as JSON in between.

        Example:
            >>> from nn.optimizers import SGD
            >>> SGD([Value(1.0)], learning_rate=0.5).state_dict()["groups"][0]["learning_rate"]
            0.5
        """
        return {
            "optimizer": type(self).__name__,
            "steps": self.steps,
            "factor": self.factor,
            "clip_norm": self.clip_norm,
            "clip_value": self.clip_value,
            "groups": [{**group, "parameters": len(group["parameters"])} for group in self.groups],
            "state": [list(numbers) for numbers in self.state],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state_dict` was taken: settings, state and the number of steps become those.

        Args:
            state: What `state_dict` of an optimizer of this class gave, for as many parameters in the same groups.

        Raises:
            ValueError: If it is something else; the optimizer is unchanged then.
        """
        self._check_state(state)
        saved = [
            self._checked(own, f"groups[{i}]: ") for i, own in enumerate(map(_without_parameters, state["groups"]))
        ]
        for group, settings in zip(self.groups, saved, strict=True):
            group.update(settings)
        self.steps, self.factor = state["steps"], float(state["factor"])
        self.clip_norm, self.clip_value = state["clip_norm"], state["clip_value"]
        self.state = [tuple(map(float, numbers)) for numbers in state["state"]]

    def _check_state(self, state: Mapping[str, Any]) -> None:
        """ValueError if that is no state of this optimizer."""
        if not isinstance(state, Mapping):
            raise ValueError(f"a saved state is a dict, as state_dict gives it, not {type(state).__name__}")
        own = self.state_dict()
        _same("keys", sorted(map(str, state)), sorted(own))
        _same("optimizer", state["optimizer"], own["optimizer"])
        _same("numbers of parameters in the groups", _sizes(state["groups"]), _sizes(own["groups"]))
        for saved, group in zip(state["groups"], own["groups"], strict=True):
            _same("settings", sorted(map(str, saved)), sorted(group))
        _same("numbers of state of the parameters", _lengths(state["state"]), _lengths(own["state"]))
        if isinstance(state["steps"], bool) or not isinstance(state["steps"], int) or state["steps"] < 0:
            raise ValueError(f"steps must be a whole number of at least 0, got {state['steps']!r}")
        numbers = [state["factor"], *(x for group in state["groups"] for x in group.values())]
        numbers += [x for own_numbers in state["state"] for x in own_numbers]
        if strangers := [x for x in numbers if not _is_finite(x)]:
            raise ValueError(f"the state of an optimizer consists of finite numbers, got {strangers[0]!r}")
        for name in ("clip_norm", "clip_value"):
            _limit(name, state[name])

    def _checked(self, settings: Mapping[str, Any], where: str) -> dict[str, float]:
        """The settings as floats, each in its range, and going together."""
        try:
            checked = {name: _number(name, value) for name, value in settings.items()}
            self.check(checked)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{where}{error}") from None
        return checked

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        groups = f"groups: {len(self.groups)}, " if len(self.groups) > 1 else ""
        return f"{type(self).__name__}({settings}; {groups}parameters: {len(self.parameters)})"


def _grouped(parameters: Any) -> list[Any]:
    """The groups as they were given, or one list of what is to be Values."""
    if hasattr(parameters, "parameters"):
        raise TypeError("an optimizer takes parameters, not a model: write model.parameters()")
    if isinstance(parameters, (Value, Mapping)) or not isinstance(parameters, Iterable):
        raise TypeError(f"an optimizer takes a list of parameters or of groups, not one {type(parameters).__name__}")
    given = list(parameters)
    return given if given and all(isinstance(x, Mapping) for x in given) else [given]


def _values(parameters: Any, where: str) -> list[Value]:
    if isinstance(parameters, Value) or not isinstance(parameters, Iterable):
        raise TypeError(f"{where}the parameters are a list of Values, not one {type(parameters).__name__}")
    values = list(parameters)
    if strangers := [x for x in values if not isinstance(x, Value)]:
        raise TypeError(f"{where}the parameters of an optimizer are Values, not {type(strangers[0]).__name__}")
    if not values:
        raise ValueError(f"{where}an optimizer needs one parameter at least, got none")
    return values


def _check_parameters(parameters: list[Value]) -> None:
    if computed := [i for i, p in enumerate(parameters) if p._prev]:
        p = parameters[computed[0]]
        raise ValueError(
            f"parameter {computed[0]} is computed by {p._op!r} from other Values: an optimizer changes these, not it"
        )
    first: dict[Value, int] = {}
    for i, p in enumerate(parameters):
        if first.setdefault(p, i) != i:
            raise ValueError(f"parameters {first[p]} and {i} are one and the same Value: give it once, in one group")


def _number(name: str, value: Any) -> float:
    """A setting as a float, in the range of its name."""
    meaning, is_in_range = _RANGES.get(name, _FINITE)
    try:
        usable = math.isfinite(value) and is_in_range(value)
    except OverflowError:  # a whole number that no float can hold
        usable = False
    except TypeError:
        raise TypeError(f"{name} must be a number, as 0.01, got {value!r}") from None
    if not usable:
        raise ValueError(f"{name} must be {meaning}, got {value!r}")
    return float(value)


def _limit(name: str, limit: Any) -> float | None:
    if limit is None:
        return None
    check_limit(name, limit)
    return float(limit)


def _is_finite(x: Any) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)


def _without_parameters(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "parameters"}


def _sizes(groups: Any) -> Any:
    is_list = isinstance(groups, list) and all(isinstance(group, Mapping) for group in groups)
    return [group.get("parameters") for group in groups] if is_list else groups


def _lengths(state: Any) -> Any:
    is_list = isinstance(state, list) and all(isinstance(numbers, list) for numbers in state)
    return [len(numbers) for numbers in state] if is_list else state


def _same(what: str, saved: Any, own: Any) -> None:
    if saved != own:
        raise ValueError(f"the saved state is not of this optimizer: its {what}: {saved!r:.200}, here {own!r:.200}")
