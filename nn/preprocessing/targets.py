"""What a network is to give: class indices or standardised quantities, and the way back to labels and units.

It owns the code of targets and its JSON form; it must not know networks, losses or inputs.
Read next: `labels.py`, which says what a class is, and `pipeline.py`, which decodes predictions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .labels import Label, as_label, as_labels, has_classes, sort_of
from .scalings import mean_and_deviation
from .stored import check_distinct, check_keys, check_number
from .values import as_floats, check_names, check_one_each, shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Target"]


@dataclass(frozen=True)
class Target:
    """What a network is to give: the index of a class, or a quantity, standardised by the training part.

    Attributes:
        kind: "binary" (two classes), "multiclass" (more), or "regression".
        classes: The class of each index: texts, bools or numbers, sorted by `fit`; () for regression.
        mean: What is taken off a quantity; 0 for classes.
        scale: What a quantity is divided by; 1 for classes.

    Example:
        >>> target = Target.fit(["no", "yes", "no"])
        >>> target.kind, target.encode(["yes", "no"]).tolist(), target.decode([1, 0])
        ('binary', [1, 0], ['yes', 'no'])
        >>> Target.fit([1, 0, 0], names=["setosa", "versicolor"]).decode([0, 1])
        ['setosa', 'versicolor']
        >>> target = Target.fit([10.0, 30.5, 49.5])
        >>> target.kind, target.decode(target.encode([30.5]))
        ('regression', [30.5])
    """

    kind: str
    classes: tuple[Label, ...] = ()
    mean: float = 0.0
    scale: float = 1.0

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes as texts; () for regression."""
        return tuple(map(str, self.classes))

    @classmethod
    def fit(cls, values: Sequence[Any], classes: bool | None = None, names: Sequence[str] = ()) -> Target:
        """Learn the classes, or mean and standard deviation, from the targets of the training part.

        Args:
            values: One target per sample: texts, bools or finite numbers.
            classes: Whether they are classes; None to let `has_classes` tell.
            names: The name of each class if values are class indices, as those of a data set are:
                `Target.fit(dataset.y, names=dataset.class_names)`. None at all for values that speak for themselves.

        Raises:
            ShapeError: If there are none.
            TypeError: If values or names are one text, or no list at all.
            ValueError: If all are equal, one is missing or infinite, some are numbers and some texts, or texts are to
                be quantities; if there are names, and a value is not the index of one, or a name comes twice.
        """
        import numpy as np

        labels = as_labels(values)
        if len(set(labels)) == 1:
            raise ValueError(f"all {len(labels)} targets are {shown(labels[0])}: there is nothing to learn")
        if called := check_names("names", names):
            target = cls("binary" if len(called) == 2 else "multiclass", tuple(check_distinct("names", called)))
            target.encode(labels)  # each must be the index of a name
            return target
        if has_classes(labels) if classes is None else classes:
            return cls("binary" if len(set(labels)) == 2 else "multiclass", tuple(sorted(set(labels))))
        if not sort_of(labels[0]) == "number":
            raise ValueError(f"the target of sample 0 is {labels[0]!r}, which is no quantity: regression needs numbers")
        with np.errstate(over="ignore", invalid="ignore"):
            mean, scale = mean_and_deviation(np.array(labels, dtype=float))
        if not (math.isfinite(mean) and math.isfinite(scale) and scale > 0):
            raise ValueError(f"targets from {min(labels):g} to {max(labels):g} cannot be standardised: rescale them")
        return cls("regression", (), mean, scale)

    def encode(self, values: Sequence[Any]) -> NDArray[Any]:
        """Targets as losses take them: an array of class indices, or of standardised quantities.

        Args:
            values: One target per sample. Where the classes are texts, their indices will do.

        Raises:
            TypeError: If values is one text, or no list at all.
            ValueError: If one is not among the classes, no finite number, or so far from the training part that the
                result overflows.
        """
        import numpy as np

        check_one_each("the targets", values)
        if not self.classes:
            labels = as_labels(values) if len(values) else []
            with np.errstate(over="ignore"):
                scaled = (as_floats("target", labels) - self.mean) / self.scale
            for i in np.flatnonzero(~np.isfinite(scaled)).tolist():
                raise ValueError(
                    f"the target of sample {i}, {shown(labels[i])}, is too far from what the training part held: "
                    "correct it or leave the sample out"
                )
            return scaled
        index = {(sort_of(label), label): i for i, label in enumerate(self.classes)}  # True is not 1
        if isinstance(self.classes[0], str):
            index |= {("number", i): i for i in range(len(self.classes))}
        indices = []
        for i, value in enumerate(values):
            label = as_label(i, value)
            if (sort_of(label), label) not in index:
                known = ", ".join(map(repr, self.classes[:10])) + (", ..." if len(self.classes) > 10 else "")
                raise ValueError(
                    f"the target of sample {i}, {shown(label)}, is not among the classes: {known}; correct it or leave "
                    "the sample out"
                )
            indices.append(index[sort_of(label), label])
        return np.array(indices, dtype=np.int64)

    def decode(self, predictions: Sequence[Any]) -> list[Any]:
        """What predictions stand for: the classes of indices, or quantities in their own unit.

        Args:
            predictions: One class index or one standardised quantity per sample.

        Raises:
            ValueError: If an index is no class's.
        """
        if not self.classes:
            return [float(prediction) * self.scale + self.mean for prediction in predictions]
        for i, prediction in enumerate(predictions):
            if not (hasattr(prediction, "__index__") and 0 <= prediction < len(self.classes)):
                raise ValueError(
                    f"prediction {i} is {shown(prediction)}, expected a class index from 0 to {len(self.classes) - 1}"
                )
        return [self.classes[prediction] for prediction in predictions]

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON takes it."""
        if self.classes:
            return {"kind": self.kind, "classes": list(self.classes)}
        return {"kind": self.kind, "mean": self.mean, "scale": self.scale}

    @classmethod
    def from_json(cls, data: Any) -> Target:
        """What `to_json` gave, checked.

        Raises:
            ValueError: If anything is missing, superfluous, of the wrong type or not finite, or the number of classes
                does not fit the kind.

        Example:
            >>> Target.from_json({"kind": "binary", "classes": ["no", "yes"]}).classes
            ('no', 'yes')
            >>> Target.from_json({"kind": "binary", "classes": ["no"]})
            Traceback (most recent call last):
            ...
            ValueError: target: binary needs 2 classes, got 1
        """
        kind = data.get("kind") if isinstance(data, dict) else None
        if kind == "regression":
            check_keys("target", data, {"kind", "mean", "scale"})
            mean, scale = check_number("target: mean", data["mean"]), check_number("target: scale", data["scale"])
            if scale <= 0:
                raise ValueError(f"target: scale must be positive, got {scale}")
            return cls("regression", (), mean, scale)
        if kind not in ("binary", "multiclass"):
            raise ValueError(
                f"a target must be an object of kind 'binary', 'multiclass' or 'regression', got {shown(data)}"
            )
        check_keys("target", data, {"kind", "classes"})
        classes = check_distinct("target: classes", data["classes"])
        if (len(classes) == 2) != (kind == "binary") or len(classes) < 2:
            raise ValueError(
                f"target: {kind} needs {'2' if kind == 'binary' else '3 or more'} classes, got {len(classes)}"
            )
        for label in classes:
            if not isinstance(label, str | bool):
                check_number("target: a class", label)
        if len({sort_of(label) for label in classes}) > 1:
            raise ValueError(f"target: classes must be all texts or all numbers, got {shown(classes)}")
        return cls(kind, tuple(classes))
