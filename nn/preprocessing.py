"""From raw rows to what a network takes, and back: parts, scaled numbers, one-hot texts, encoded targets.

It owns what is learnt from the training part before training, and its JSON form; it must not know networks or files.
Read next: `tables.py` and `data.py`, where rows come from, and `pipeline.py`, which keeps this with its network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from autograd import ShapeError

from .lookup import look_up

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "MAX_CLASSES", "SCALINGS", "NumericColumn", "Preprocessing", "Target", "TextColumn", "has_classes", "split",
]  # fmt: skip

Part: TypeAlias = tuple[Any, Any]
Label: TypeAlias = str | bool | int | float

MAX_CLASSES = 10
"""The largest number of distinct whole numbers that are taken for classes."""


# --- columns -------------------------------------------------------------------------------------------------


def _standardize(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard deviation (that of the values, divided by n)."""
    return float(values.mean()), float(values.std())


def _minmax(values: NDArray[np.float64]) -> tuple[float, float]:
    """The least value and the width of the range."""
    return float(values.min()), float(values.max()) - float(values.min())


SCALINGS: Mapping[str, Callable[[NDArray[np.float64]], tuple[float, float]] | None] = {
    "standardize": _standardize, "minmax": _minmax, "none": None,
}  # fmt: skip
"""Ways to scale by name: to mean 0 and deviation 1, to [0, 1], not at all. Each gives (shift, scale) of a column."""


@dataclass(frozen=True)
class NumericColumn:
    """A column of numbers: `(x - shift) / scale`, a missing x being `fill`.

    A column that was constant in the training part has scale 0 and gives 0 for every x: nothing can be learnt of it,
    and a value that the network has never met must not decide.

    Attributes:
        name: What it is called.
        fill: What stands for a missing number: the median of the training part.
        shift: What is taken off: the mean, or the least number.
        scale: What is divided by: the standard deviation, or the range.
    """

    name: str
    fill: float
    shift: float
    scale: float
    kind: ClassVar[str] = "numeric"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The one feature that it gives."""
        return (self.name,)

    @classmethod
    def fit(cls, name: str, values: Sequence[Any], scaling: str = "standardize") -> NumericColumn:
        """Learn fill, shift and scale; missing numbers are filled first, as in a scikit-learn pipeline.

        Args:
            name: What the column is called.
            values: Finite numbers; None or nan where one is missing.
            scaling: A name in `SCALINGS`.

        Raises:
            ValueError: If all are missing, one is infinite or no number, or they span more than a float can hold.

        Example:
            >>> NumericColumn.fit("age", [20.0, None, 40.0])
            NumericColumn(name='age', fill=30.0, shift=30.0, scale=8.16496580927726)
        """
        import numpy as np

        measure = look_up("scaling", scaling, SCALINGS)
        numbers = _as_floats(name, values)
        present = numbers[~np.isnan(numbers)]
        if not present.size:
            raise ValueError(f"column {name!r} has no value in the training part: leave the column out")
        with np.errstate(over="ignore", invalid="ignore"):
            fill = float(np.median(present))
            filled = np.where(np.isnan(numbers), fill, numbers)
            shift, scale = (0.0, 1.0) if measure is None else measure(filled)
        if measure is not None and filled.min() == filled.max():  # whose deviation need not be 0 after rounding
            scale = 0.0
        if not all(map(math.isfinite, (fill, shift, scale))):
            raise ValueError(
                f"column {name!r} goes from {present.min():g} to {present.max():g}, which is more than a float can "
                "hold: divide it by a power of ten first"
            )
        return cls(name, fill, shift, scale)

    def transform(self, values: Sequence[Any]) -> NDArray[np.float64]:
        """The scaled numbers, samples x 1.

        Raises:
            ValueError: If one is infinite, no number, or so far from the training part that the result overflows.

        Example:
            >>> NumericColumn("age", fill=30.0, shift=20.0, scale=5.0).transform([25, None]).tolist()
            [[1.0], [2.0]]
        """
        import numpy as np

        numbers = _as_floats(self.name, values)
        if self.scale == 0.0:
            return np.zeros((len(numbers), 1))
        with np.errstate(over="ignore"):
            scaled = (np.where(np.isnan(numbers), self.fill, numbers) - self.shift) / self.scale
        for i in np.flatnonzero(~np.isfinite(scaled)).tolist():
            raise ValueError(
                f"column {self.name!r}, sample {i}: {values[i]!r} is too far from what the training part "
                "held: correct it"
            )
        return scaled[:, None]

    def to_json(self) -> dict[str, Any]:
        """Its numbers, as JSON takes them."""
        return {"kind": self.kind, "name": self.name, "fill": self.fill, "shift": self.shift, "scale": self.scale}


@dataclass(frozen=True)
class TextColumn:
    """A column of texts, one-hot encoded: one feature for each category, 1 for that of the sample and 0 for the others.

    A missing text, and one that the training part did not hold, gives 0 in every feature: it is none of them.

    Attributes:
        name: What it is called.
        categories: The texts of the training part, sorted.
    """

    name: str
    categories: tuple[str, ...]
    kind: ClassVar[str] = "text"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features that it gives: `colour=red`."""
        return tuple(f"{self.name}={category}" for category in self.categories)

    @classmethod
    def fit(cls, name: str, values: Sequence[Any]) -> TextColumn:
        """Learn the categories.

        Args:
            name: What the column is called.
            values: Texts; None or nan where one is missing.

        Raises:
            ValueError: If all are missing, or one is no text.

        Example:
            >>> TextColumn.fit("colour", ["red", "blue", None, "red"]).feature_names
            ('colour=blue', 'colour=red')
        """
        categories = sorted({text for text in _as_texts(name, values) if text is not None})
        if not categories:
            raise ValueError(f"column {name!r} has no value in the training part: leave the column out")
        return cls(name, tuple(categories))

    def transform(self, values: Sequence[Any]) -> NDArray[np.float64]:
        """The one-hot rows, samples x categories.

        Raises:
            ValueError: If one is no text.

        Example:
            >>> TextColumn("colour", ("blue", "red")).transform(["red", None, "green"]).tolist()
            [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
        """
        import numpy as np

        position = {category: i for i, category in enumerate(self.categories)}
        encoded = np.zeros((len(values), len(self.categories)))
        for i, text in enumerate(_as_texts(self.name, values)):
            if text in position:
                encoded[i, position[text]] = 1.0
        return encoded

    def to_json(self) -> dict[str, Any]:
        """Its categories, as JSON takes them."""
        return {"kind": self.kind, "name": self.name, "categories": list(self.categories)}


COLUMNS: Mapping[str, type[NumericColumn] | type[TextColumn]] = {"numeric": NumericColumn, "text": TextColumn}


def _as_floats(name: str, values: Sequence[Any]) -> NDArray[np.float64]:
    """Numbers, nan where one is missing. A missing one is None or nan; everything else must be a finite number."""
    import numpy as np

    if not all(issubclass(t, Real | np.bool_) or t is type(None) for t in {type(value) for value in values}):
        i = next(i for i, value in enumerate(values) if not isinstance(value, Real | np.bool_ | None))
        raise ValueError(f"column {name!r}, sample {i}: {values[i]!r} is no number, and the column is numeric")
    try:
        numbers = np.array([math.nan if value is None else value for value in values], dtype=float)
        infinite = np.flatnonzero(np.isinf(numbers))
    except OverflowError:  # an int beyond the floats
        infinite = np.array([i for i, value in enumerate(values) if value is not None and not _is_finite(value)])
    for i in infinite.tolist():
        raise ValueError(f"column {name!r}, sample {i}: {_shown(values[i])} is not finite: correct or leave it out")
    return numbers


def _as_texts(name: str, values: Sequence[Any]) -> list[str | None]:
    """Texts, None where one is missing. A missing one is None or nan; everything else must be text."""
    texts: list[str | None] = []
    for i, value in enumerate(values):
        if isinstance(value, str):
            texts.append(str(value))
        elif value is None or (isinstance(value, float) and math.isnan(value)):
            texts.append(None)
        else:
            raise ValueError(f"column {name!r}, sample {i}: {_shown(value)} is no text, and the column holds texts")
    return texts


def _is_finite(number: Any) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int beyond the floats
        return False


def _shown(value: Any) -> str:
    """The value for a message, short."""
    text = (
        f"a whole number of {value.bit_length()} bits"
        if type(value) is int and value.bit_length() > 1024
        else repr(value)
    )
    return text if len(text) <= 60 else text[:57] + "..."


# --- inputs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preprocessing:
    """What is done to a row before a network sees it, column by column, learnt from the training part alone.

    Attributes:
        columns: A `NumericColumn` or a `TextColumn` for each column of a raw row.

    Example:
        >>> rows = [[1.0, "red"], [3.0, "blue"]]
        >>> preprocessing = Preprocessing.fit(rows, names=["size", "colour"])
        >>> preprocessing.feature_names
        ('size', 'colour=blue', 'colour=red')
        >>> preprocessing.transform([[2.0, "red"], [None, "green"]]).tolist()
        [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """

    columns: tuple[NumericColumn | TextColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column of a raw row."""
        return tuple(column.name for column in self.columns)

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each column, "numeric" or "text", by name: what `tables.load_inputs` takes."""
        return {column.name: column.kind for column in self.columns}

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each number that the network takes."""
        return tuple(name for column in self.columns for name in column.feature_names)

    @classmethod
    def fit(
        cls, rows: Sequence[Sequence[Any]], names: Sequence[str] | None = None, scaling: str = "standardize"
    ) -> Preprocessing:
        """Learn from the training part.

        Args:
            rows: The raw rows of the training part: finite numbers and texts, one kind in each column; None or nan
                where a value is missing. An array of floats will do.
            names: The name of each column; None for "x1", "x2" and so on.
            scaling: What is done to numbers: "standardize" to mean 0 and deviation 1, "minmax" to [0, 1], "none".

        Raises:
            ShapeError: If there are no rows, or not all have the same length, that of names.
            ValueError: If a column mixes numbers and texts, has no value at all, or has an infinite one; if a name
                is given twice; if there is no such scaling (the nearest is suggested).
        """
        if len(rows) == 0 or len(rows[0]) == 0:
            raise ShapeError("preprocessing needs at least one row of at least one column to learn from, got none")
        names = [f"x{i + 1}" for i in range(len(rows[0]))] if names is None else [str(name) for name in names]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two columns are named {twice!r}: rename one")
        look_up("scaling", scaling, SCALINGS)
        columns = zip(names, _by_column(rows, len(names)), strict=True)
        return cls(tuple(_fit_column(name, values, scaling) for name, values in columns))

    def transform(self, rows: Sequence[Sequence[Any]]) -> NDArray[np.float64]:
        """The rows as a network takes them.

        Args:
            rows: Raw rows with the columns of the training part, in its order.

        Returns:
            An array of finite floats, samples x features.

        Raises:
            ShapeError: If a row has another number of columns.
            ValueError: If there is a text in a numeric column or a number in one of texts, or an infinite number.
        """
        import numpy as np

        columns = zip(self.columns, _by_column(rows, len(self.columns)), strict=True)
        return np.hstack([column.transform(values) for column, values in columns])

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON takes it; floats survive exactly, as JSON writes them with `repr`."""
        return {"columns": [column.to_json() for column in self.columns]}

    @classmethod
    def from_json(cls, data: Any) -> Preprocessing:
        """What `to_json` gave, checked.

        Raises:
            ValueError: If anything is missing, superfluous, of the wrong type or not finite.

        Example:
            >>> fitted = Preprocessing.fit([[0.1], [0.7]])
            >>> Preprocessing.from_json(fitted.to_json()) == fitted
            True
            >>> Preprocessing.from_json({"columns": 3})
            Traceback (most recent call last):
            ...
            ValueError: preprocessing: columns must be a list of at least one, got 3
        """
        _check_keys("preprocessing", data, {"columns"})
        if not isinstance(data["columns"], list) or not data["columns"]:
            raise ValueError(f"preprocessing: columns must be a list of at least one, got {_shown(data['columns'])}")
        columns = tuple(_column_from_json(column) for column in data["columns"])
        if len({column.name for column in columns}) < len(columns):
            raise ValueError("preprocessing: two columns have one name")
        return cls(columns)


def _by_column(rows: Sequence[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    """The values of each column."""
    for i, row in enumerate(rows):
        if not hasattr(row, "__len__") or isinstance(row, str):
            raise ShapeError(f"sample {i} must be a row of {width} values, got {_shown(row)}")
        if len(row) != width:
            raise ShapeError(f"sample {i} has {len(row)} values, expected {width}")
    if len(rows) == 0:
        return [()] * width
    plain = rows.tolist() if hasattr(rows, "tolist") else rows  # Python's numbers in place of numpy's
    return list(zip(*plain, strict=True))


def _fit_column(name: str, values: Sequence[Any], scaling: str) -> NumericColumn | TextColumn:
    if any(isinstance(value, str) for value in values):
        return TextColumn.fit(name, values)
    return NumericColumn.fit(name, values, scaling)


def _column_from_json(data: Any) -> NumericColumn | TextColumn:
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind == "numeric":
        _check_keys("numeric column", data, {"kind", "name", "fill", "shift", "scale"})
        fill, shift, scale = (_number(f"column: {key}", data[key]) for key in ("fill", "shift", "scale"))
        if scale < 0:
            raise ValueError(f"column: scale must not be negative, got {scale}")
        return NumericColumn(_text("column: name", data["name"]), fill, shift, scale)
    if kind == "text":
        _check_keys("text column", data, {"kind", "name", "categories"})
        categories = _distinct("column: categories", data["categories"])
        return TextColumn(_text("column: name", data["name"]), tuple(_text("category", c) for c in categories))
    raise ValueError(f"a column must be an object of kind 'numeric' or 'text', got {_shown(data)}")


# --- targets -------------------------------------------------------------------------------------------------


def has_classes(values: Sequence[Any]) -> bool:
    """Whether targets are classes, not quantities.

    Texts and bools are classes. Numbers are if they are whole and there are two different ones, or at most
    `MAX_CLASSES` of which each comes twice or more on average. Everything else is a quantity: regression.

    Args:
        values: The targets, all of them, before they are split.

    Raises:
        ShapeError: If there are none.
        ValueError: If one is missing, infinite, or neither number nor text, or some are numbers and some texts.

    Example:
        >>> has_classes(["yes", "no"]), has_classes([0.0, 1.0, 1.0]), has_classes([1, 2, 3, 4]), has_classes([0.5, 1.0])
        (True, True, False, False)
    """
    labels = _labels(values)
    distinct = set(labels)
    if isinstance(labels[0], str | bool):
        return True
    whole = all(float(label).is_integer() for label in distinct)
    return whole and (len(distinct) == 2 or (len(distinct) <= MAX_CLASSES and 2 * len(distinct) <= len(labels)))


def _labels(values: Sequence[Any]) -> list[Label]:
    """Targets as Python's own str, bool, int or float, all of one sort."""
    labels = [_label(i, value.item() if hasattr(value, "item") else value) for i, value in enumerate(values)]
    if not labels:
        raise ShapeError("there are no targets")
    for i, label in enumerate(labels):
        if _sort(label) != _sort(labels[0]):
            raise ValueError(
                f"the target of sample {i} is {_shown(label)}, that of sample 0 {_shown(labels[0])}: make all of them "
                "numbers, or all texts"
            )
    return labels


def _label(i: int, value: Any) -> Label:
    """One target, checked; a whole float becomes the int, so that the class is called 1 and not 1.0."""
    if isinstance(value, str | bool):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        raise ValueError(f"the target of sample {i} is missing: leave the sample out")
    if not isinstance(value, Real):
        raise ValueError(f"the target of sample {i} is neither number nor text: {_shown(value)}")
    if not _is_finite(value):
        raise ValueError(f"the target of sample {i} is {_shown(value)}, which is not finite: correct it")
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _sort(label: Label) -> str:
    return "text" if isinstance(label, str) else "truth" if isinstance(label, bool) else "number"


@dataclass(frozen=True)
class Target:
    """What a network is to give: the index of a class, or a quantity, standardised by the training part.

    For a data set whose classes are indices already it is `Target("binary", dataset.class_names)`, or "multiclass".

    Attributes:
        kind: "binary" (two classes), "multiclass" (more), or "regression".
        classes: The class of each index: texts, bools or numbers, sorted by `fit`; () for regression.
        mean: What is taken off a quantity; 0 for classes.
        scale: What a quantity is divided by; 1 for classes.

    Example:
        >>> target = Target.fit(["no", "yes", "no"])
        >>> target.kind, target.encode(["yes", "no"]).tolist(), target.decode([1, 0])
        ('binary', [1, 0], ['yes', 'no'])
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
    def fit(cls, values: Sequence[Any], classes: bool | None = None) -> Target:
        """Learn the classes, or mean and standard deviation, from the targets of the training part.

        Args:
            values: One target per sample: texts, bools or finite numbers.
            classes: Whether they are classes; None to let `has_classes` tell.

        Raises:
            ShapeError: If there are none.
            ValueError: If all are equal, one is missing or infinite, some are numbers and some texts, or texts are to
                be quantities.
        """
        import numpy as np

        labels = _labels(values)
        if len(set(labels)) == 1:
            raise ValueError(f"all {len(labels)} targets are {_shown(labels[0])}: there is nothing to learn")
        if has_classes(labels) if classes is None else classes:
            return cls("binary" if len(set(labels)) == 2 else "multiclass", tuple(sorted(set(labels))))
        if not _sort(labels[0]) == "number":
            raise ValueError(f"the target of sample 0 is {labels[0]!r}, which is no quantity: regression needs numbers")
        with np.errstate(over="ignore", invalid="ignore"):
            mean, scale = _standardize(np.array(labels, dtype=float))
        if not (math.isfinite(mean) and math.isfinite(scale) and scale > 0):
            raise ValueError(f"targets from {min(labels):g} to {max(labels):g} cannot be standardised: rescale them")
        return cls("regression", (), mean, scale)

    def encode(self, values: Sequence[Any]) -> NDArray[Any]:
        """Targets as losses take them: an array of class indices, or of standardised quantities.

        Args:
            values: One target per sample.

        Raises:
            ValueError: If one is not among the classes, or no finite number.
        """
        import numpy as np

        if not self.classes:
            labels = _labels(values) if len(values) else []
            return (_as_floats("target", labels) - self.mean) / self.scale
        index = {(_sort(label), label): i for i, label in enumerate(self.classes)}  # True is not 1
        indices = []
        for i, value in enumerate(values):
            label = _label(i, value.item() if hasattr(value, "item") else value)
            if (_sort(label), label) not in index:
                known = ", ".join(map(repr, self.classes[:10])) + (", ..." if len(self.classes) > 10 else "")
                raise ValueError(f"the target of sample {i}, {_shown(label)}, is not among the classes: {known}")
            indices.append(index[_sort(label), label])
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
                    f"prediction {i} is {_shown(prediction)}, expected a class index from 0 to {len(self.classes) - 1}"
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
            _check_keys("target", data, {"kind", "mean", "scale"})
            mean, scale = _number("target: mean", data["mean"]), _number("target: scale", data["scale"])
            if scale <= 0:
                raise ValueError(f"target: scale must be positive, got {scale}")
            return cls("regression", (), mean, scale)
        if kind not in ("binary", "multiclass"):
            raise ValueError(
                f"a target must be an object of kind 'binary', 'multiclass' or 'regression', got {_shown(data)}"
            )
        _check_keys("target", data, {"kind", "classes"})
        classes = _distinct("target: classes", data["classes"])
        if (len(classes) == 2) != (kind == "binary") or len(classes) < 2:
            raise ValueError(
                f"target: {kind} needs {'2' if kind == 'binary' else '3 or more'} classes, got {len(classes)}"
            )
        for label in classes:
            if not isinstance(label, str | bool):
                _number("target: a class", label)
        if len({_sort(label) for label in classes}) > 1:
            raise ValueError(f"target: classes must be all texts or all numbers, got {_shown(classes)}")
        return cls(kind, tuple(classes))


# --- JSON ----------------------------------------------------------------------------------------------------


def _check_keys(what: str, data: Any, keys: set[str]) -> None:
    if not isinstance(data, dict) or set(data) != keys:
        got = sorted(map(str, data)) if isinstance(data, dict) else data
        raise ValueError(f"{what}: expected an object with {', '.join(sorted(keys))}, got {_shown(got)}")


def _number(what: str, value: Any) -> float:
    """A finite number of a JSON text, as a float."""
    if type(value) not in (int, float) or not _is_finite(value):
        raise ValueError(f"{what} must be a finite number, got {_shown(value)}")
    return float(value)


def _text(what: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} must be text, got {_shown(value)}")
    return value


def _distinct(what: str, values: Any) -> list[Any]:
    """A list of a JSON text with at least one entry and none twice; entries are texts, bools or numbers."""
    if not isinstance(values, list) or not values or not all(isinstance(v, str | bool | int | float) for v in values):
        raise ValueError(f"{what} must be a list of at least one text or number, got {_shown(values)}")
    if len(set(values)) < len(values):
        raise ValueError(f"{what} must be distinct, got {_shown(values)}")
    return values


# --- parts ---------------------------------------------------------------------------------------------------


def split(
    X: Sequence[Any],
    y: Sequence[Any],
    validation: float = 0.2,
    test: float = 0.2,
    *,
    seed: int = 0,
    classes: bool | None = None,
) -> tuple[Part, Part, Part]:
    """Three parts at random: to train on, to stop by, and to judge by.

    Of n samples the test part gets `test · n`, the validation part `validation · n`, both rounded, halves up, and at
    least 1 unless the share is 0; the training part the rest. Of classes, this holds for each class by itself
    (stratified): every class is in every part. Each part keeps the order of the samples.

    Args:
        X: The inputs: an array, or a sequence of rows.
        y: The targets, one per sample.
        validation: The share of the validation part, at least 0.
        test: The share of the test part, at least 0; both together less than 1.
        seed: What makes the split repeat.
        classes: Whether targets are classes; None to let `has_classes` tell.

    Returns:
        (X, y) of training, validation and test part: arrays where arrays were given, else lists.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples.
        ValueError: If the shares do not leave a training part, or a class (its name is in the message) has fewer
            samples than there are parts.

    Example:
        >>> train, validation, test = split([[0], [1], [2], [3], [4]], [0.5, 1.5, 2.5, 3.5, 4.5])
        >>> [len(y) for _, y in (train, validation, test)]
        [3, 1, 1]
    """
    if len(X) != len(y):
        raise ShapeError(f"{len(X)} samples and {len(y)} targets: give one target for each sample")
    if not (min(validation, test) >= 0 and validation + test < 1):
        raise ValueError(
            f"validation={validation!r} and test={test!r} are shares of the samples: give numbers of at least 0 that "
            "are less than 1 together"
        )
    labels = _labels(y)
    stratified = has_classes(labels) if classes is None else classes
    groups: dict[Label, list[int]] = {}
    for i, label in enumerate(labels):
        groups.setdefault(label if stratified else "all", []).append(i)
    needed = 1 + (validation > 0) + (test > 0)
    for label, members in groups.items():
        if len(members) < needed:
            who = f"class {_shown(label)} has" if stratified else "there are"
            raise ValueError(
                f"{who} {len(members)} of the {needed} samples that {needed} parts need at least: add samples, "
                "leave the class out, or set validation or test to 0"
            )
    return _divide(X, y, list(groups.values()), validation, test, seed)


def _divide(
    X: Sequence[Any], y: Sequence[Any], groups: list[list[int]], validation: float, test: float, seed: int
) -> tuple[Part, Part, Part]:
    """Shuffle each group and cut it in three."""
    from numpy.random import default_rng

    rng = default_rng(seed)
    chosen: tuple[list[int], list[int], list[int]] = ([], [], [])
    for members in groups:
        order = [members[i] for i in rng.permutation(len(members))]
        most = len(members) - 1 - (validation > 0)  # the other parts keep one each
        n_test = min(_size(test, len(members)), most)
        n_validation = min(_size(validation, len(members)), len(members) - n_test - 1)
        chosen[2].extend(order[:n_test])
        chosen[1].extend(order[n_test : n_test + n_validation])
        chosen[0].extend(order[n_test + n_validation :])
    train, validated, tested = ((_take(X, sorted(part)), _take(y, sorted(part))) for part in chosen)
    return train, validated, tested


def _size(share: float, n: int) -> int:
    return max(1, math.floor(share * n + 0.5)) if share else 0


def _take(values: Any, indices: list[int]) -> Any:
    return values[indices] if hasattr(values, "dtype") else [values[i] for i in indices]
