"""Preprocessing and targets against scikit-learn and hand calculation; nothing leaks; the JSON form is exact."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, OneHotEncoder, StandardScaler

from autograd import ShapeError
from nn import data
from nn.preprocessing import MAX_CLASSES, NumericColumn, Preprocessing, Target, TextColumn, has_classes, split
from nn.tables import Column, Table

MIXED = [[1.0, "red", 10], [None, "blue", 20], [4.0, None, 20], [7.0, "red", 50]]
NAMES = ["size", "colour", "price"]


# --- inputs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scaling", "scaler"), [("standardize", StandardScaler), ("minmax", MinMaxScaler)])
@pytest.mark.parametrize("name", ["iris", "breast_cancer", "diabetes"])
def test_scaling_equals_scikit_learns(name, scaling, scaler):
    X = data.load(name).X
    train, new = X[::2], X[1::2]
    mine = Preprocessing.fit(train, scaling=scaling)
    theirs = scaler().fit(train)
    assert mine.transform(train) == pytest.approx(theirs.transform(train), rel=1e-12, abs=1e-12)
    assert mine.transform(new) == pytest.approx(theirs.transform(new), rel=1e-12, abs=1e-12)


def test_scaling_by_hand():
    rows = [[1.0], [2.0], [6.0]]  # mean 3, variance (4 + 1 + 9) / 3
    deviation = math.sqrt(14 / 3)
    assert Preprocessing.fit(rows).transform(rows)[:, 0].tolist() == [-2 / deviation, -1 / deviation, 3 / deviation]
    assert Preprocessing.fit(rows, scaling="minmax").transform([[1], [2], [6], [11]])[:, 0].tolist() == [0, 0.2, 1, 2]
    assert Preprocessing.fit(rows, scaling="none").transform([[1], [-7.5]])[:, 0].tolist() == [1, -7.5]


def test_missing_numbers_are_the_median_of_the_training_part_as_in_scikit_learns_pipeline():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    X[rng.random(X.shape) < 0.2] = np.nan
    theirs = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(X[:40])
    mine = Preprocessing.fit(X[:40])
    assert mine.transform(X) == pytest.approx(theirs.transform(X), rel=1e-12, abs=1e-12)
    as_none = [[None if math.isnan(x) else x for x in row] for row in X.tolist()]
    assert np.array_equal(Preprocessing.fit(as_none[:40]).transform(as_none), mine.transform(X))


def test_one_hot_equals_scikit_learns_in_the_order_of_the_sorted_texts():
    train = [["b", "x"], ["a", "y"], ["ä", "x"], ["B", "x"]]
    new = [["a", "x"], ["unknown", "y"], ["", "z"]]
    theirs = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(train)
    mine = Preprocessing.fit(train, ["p", "q"])
    assert np.array_equal(mine.transform(train + new), theirs.transform(train + new))
    assert mine.feature_names == ("p=B", "p=a", "p=b", "p=ä", "q=x", "q=y")
    assert Preprocessing.fit(train[::-1], ["p", "q"]) == mine  # the order of the samples does not matter


def test_mixed_columns():
    fitted = Preprocessing.fit(MIXED, NAMES)
    assert fitted.names == ("size", "colour", "price")
    assert fitted.kinds == {"size": "numeric", "colour": "text", "price": "numeric"}
    assert fitted.feature_names == ("size", "colour=blue", "colour=red", "price")
    assert fitted.columns[0].fill == 4.0
    assert fitted.columns[2] == NumericColumn("price", fill=20.0, shift=25.0, scale=15.0)
    assert fitted.transform(MIXED)[:, 1:3].tolist() == [[0, 1], [1, 0], [0, 0], [0, 1]]
    assert fitted.transform(MIXED)[:, 3].tolist() == [-1, -1 / 3, -1 / 3, 5 / 3]
    assert fitted.transform([]).shape == (0, 4)


def test_dicts_and_tables_bring_the_names_of_their_columns():
    dicts = [dict(zip(NAMES, row, strict=True)) for row in MIXED]
    expected = Preprocessing.fit(MIXED, NAMES)
    assert Preprocessing.fit(dicts) == expected
    assert np.array_equal(expected.transform([dict(reversed(row.items())) for row in dicts]), expected.transform(MIXED))
    chosen = Preprocessing.fit(dicts, names=["price", "size"])
    assert chosen == Preprocessing.fit([[row[2], row[0]] for row in MIXED], ["price", "size"])
    values = list(zip(*MIXED, strict=True))
    kinds = ("numeric", "text", "numeric")
    table = Table("a.csv", tuple(map(Column, NAMES, kinds, values)), None, {}, True, ",", "utf-8")
    assert Preprocessing.fit(table) == expected
    assert np.array_equal(expected.transform(table), expected.transform(MIXED))

    class Frame:  # of pandas
        def to_dict(self, form):
            assert form == "records"
            return dicts

    assert Preprocessing.fit(Frame()) == expected


def test_a_missing_or_unknown_text_is_none_of_the_categories():
    column = TextColumn.fit("colour", ["red", "blue"])
    assert column.transform([None, math.nan, "green", "Red"]).tolist() == [[0.0, 0.0]] * 4


@pytest.mark.parametrize("gap", [math.nan, np.float64("nan"), np.float32("nan"), np.float16("nan"), None])
def test_nan_of_any_width_is_a_missing_text(gap):
    assert TextColumn.fit("c", ["a", gap]).transform(["a", gap]).tolist() == [[1.0], [0.0]]


def test_the_names_of_features_are_distinct():
    fitted = Preprocessing.fit([["x", 1.0], ["y", 2.0]], ["a", "a=x"])
    assert fitted.feature_names == ("a=x", "a=y", "a=x.2")


def test_a_constant_column_gives_zero_whatever_comes_later():
    rows = [[0.1, 5.0], [0.1, 6.0], [0.1, None]]
    for scaling in ("standardize", "minmax"):
        fitted = Preprocessing.fit(rows, scaling=scaling)
        assert fitted.columns[0].scale == 0.0
        assert fitted.transform([[0.1, 5.0], [1e300, 6.0], [None, 5.0]])[:, 0].tolist() == [0.0, 0.0, 0.0]
    assert Preprocessing.fit(rows, scaling="none").transform(rows)[:, 0].tolist() == [0.1, 0.1, 0.1]


def test_numbers_whose_deviation_underflows_are_not_taken_for_a_constant():
    rows = [[1e-200], [3e-200]]
    with pytest.raises(ValueError, match=r"'x1' goes from 1e-200 to 3e-200, which differ by less than .*: multiply it"):
        Preprocessing.fit(rows)
    assert Preprocessing.fit([[1e-100], [3e-100]]).transform([[1e-100]])[0, 0] == pytest.approx(-1.0, rel=1e-12)
    assert Preprocessing.fit(rows, scaling="minmax").transform(rows)[:, 0].tolist() == [0.0, 1.0]


def test_kinds_of_numbers_are_all_taken():
    rows = [[1, np.float32(0.5), True, np.int8(3)], [2, np.float64(1.5), np.bool_(False), 4.0]]
    expected = Preprocessing.fit([[1.0, 0.5, 1.0, 3.0], [2.0, 1.5, 0.0, 4.0]])
    assert Preprocessing.fit(rows) == expected
    assert Preprocessing.fit(np.array([[1, 2], [3, 5]])) == Preprocessing.fit([[1.0, 2.0], [3.0, 5.0]])


def test_nothing_of_the_other_parts_leaks():
    dataset = data.wine()
    (X, _), (X_validation, _), (X_test, _) = split(dataset.X, dataset.y)
    before = Preprocessing.fit(X)
    X_validation *= 1000.0
    X_test += 1e6
    assert Preprocessing.fit(X) == before
    assert before.transform(X).mean(axis=0) == pytest.approx(np.zeros(13), abs=1e-12)
    assert before.transform(X).std(axis=0) == pytest.approx(np.ones(13), rel=1e-12)
    before.transform(X_test)
    assert Preprocessing.fit(X) == before  # transforming learns nothing
    assert (Preprocessing.fit(X, scaling="minmax").transform(X_test).max(axis=0) > 1).all()


def test_one_row_is_transformed_as_among_others():
    fitted = Preprocessing.fit(MIXED, NAMES)
    together = fitted.transform(MIXED)
    for row, expected in zip(MIXED, together, strict=True):
        assert fitted.transform([row])[0].tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("rows", "arguments", "error", "message"),
    [
        ([], {}, ShapeError, "at least one row of at least one column"),
        ([[]], {}, ShapeError, "at least one row of at least one column"),
        ([[1.0, 2.0], [1.0]], {}, ShapeError, "sample 1 has 1 values, expected 2"),
        ([[1.0, 2.0]], {"names": ["a"]}, ShapeError, "names has 1 name, ['a'], and a row has 2 values: name each"),
        ([[1.0]], {"names": ["a", "b"]}, ShapeError, "names has 2 names, ['a', 'b'], and a row has 1 values"),
        ([[1.0]], {"names": "n"}, TypeError, "names must be a list of names, got 'n': write ['n']"),
        ([[1.0]], {"names": 3}, TypeError, "names must be a list of names, got 3"),
        ([[1.0], 2.0], {}, ShapeError, "sample 1 must be a row of 1 value, got 2.0"),
        ([1, 2, 3], {}, ShapeError, "sample 0 must be a row of values, got 1: for one row write [row], for one column"),
        (["ab"], {"names": ["a", "b"]}, ShapeError, "sample 0 must be a row of values, got 'ab'"),
        (None, {}, TypeError, "rows must be a list of rows, an array or a Table, got None"),
        (3, {}, TypeError, "rows must be a list of rows, an array or a Table, got 3"),
        ("a.csv", {}, TypeError, "rows must be a list of rows, got the text 'a.csv': if it is a file, read it by"),
        ({"a": 1}, {}, ShapeError, "rows must be a list of rows, got one row, the dict {'a': 1}: write [row]"),
        ([{}], {}, ShapeError, "at least one row of at least one column"),
        ([{"a": 1}, {"b": 1}], {}, ValueError, "sample 1 has a column 'b', which sample 0 has not: give each row the"),
        ([{"a": 1, "b": 1}, {"b": 1}], {}, ValueError, "sample 1 has no column 'a'; its columns are 'b': add it"),
        ([{"a": 1}], {"names": ["c"]}, ValueError, "sample 0 has no column 'c'; its columns are 'a'"),
        ([[1.0, 2.0]], {"names": ["a", "a"]}, ValueError, "two columns are named 'a'"),
        ([[1.0]], {"scaling": "min-max"}, ValueError, "unknown scaling 'min-max', did you mean 'minmax'?"),
        ([["a"]], {"scaling": "robust"}, ValueError, "unknown scaling 'robust'"),
        ([[1.0], ["a"]], {}, ValueError, "column 'x1', sample 0: 1.0 is no text, and the column holds texts"),
        ([[1.0], [[2.0]]], {}, ValueError, "column 'x1', sample 1: [2.0] is no number"),
        ([[1.0], [2j]], {}, ValueError, "column 'x1', sample 1: 2j is no number"),
        ([[1.0], [math.inf]], {}, ValueError, "column 'x1', sample 1: inf is not finite"),
        ([[1.0], [10**400]], {}, ValueError, "column 'x1', sample 1: a whole number of 1329 bits is not finite"),
        ([[None], [math.nan]], {"names": ["a"]}, ValueError, "column 'a' has no value in the training part"),
        ([["a", None], ["b", None]], {}, ValueError, "column 'x2' has no value in the training part"),
        ([[-1.7e308], [1.7e308]], {}, ValueError, "column 'x1' goes from -1.7e+308 to 1.7e+308, which is more than"),
    ],
)
def test_what_cannot_be_learnt_from(rows, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Preprocessing.fit(rows, **arguments)


def test_what_cannot_be_transformed():
    fitted = Preprocessing.fit(MIXED, NAMES)
    with pytest.raises(ShapeError, match="sample 0 has 2 values, expected 3"):
        fitted.transform([[1.0, "red"]])
    with pytest.raises(ValueError, match="column 'size', sample 1: 'big' is no number"):
        fitted.transform([[1.0, "red", 1], ["big", "red", 1]])
    with pytest.raises(ValueError, match=r"column 'size', sample 0: '1.5' is no .*: give the number 1.5, not its text"):
        fitted.transform([["1.5", "red", 1]])
    with pytest.raises(ValueError, match=r"column 'colour', sample 0: 3 is no text.*: give one, as by str"):
        fitted.transform([[1.0, 3, 1]])
    with pytest.raises(ValueError, match="sample 0 has no column 'colour'; its columns are 'size', 'color': add it"):
        fitted.transform([{"size": 1.0, "color": "red"}])
    with pytest.raises(TypeError, match=r"rows must be a list of rows, got the text 'a.csv'.*load_inputs"):
        fitted.transform("a.csv")
    with pytest.raises(ValueError, match="column 'price', sample 0: -inf is not finite"):
        fitted.transform([[1.0, "red", -math.inf]])
    with pytest.raises(ValueError, match=r"column 'x1', sample 1: 1e\+308 is too far from"):
        Preprocessing.fit([[1.0], [1.1]]).transform([[1.0], [1e308]])


# --- the JSON form -------------------------------------------------------------------------------------------

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None)
@given(st.lists(st.tuples(FINITE, FINITE, FINITE.map(abs), st.text()), min_size=1, max_size=5))
def test_every_float_survives_json(numbers):
    columns = [NumericColumn(f"n{i}{name}", *floats) for i, (*floats, name) in enumerate(numbers)]
    fitted = Preprocessing((*columns, TextColumn("t", tuple(sorted({name for *_, name in numbers})))))
    again = Preprocessing.from_json(json.loads(json.dumps(fitted.to_json())))
    assert again == fitted
    assert repr(again) == repr(fitted)  # -0.0 == 0.0


def test_what_was_saved_transforms_bit_for_bit():
    fitted = Preprocessing.fit(MIXED, NAMES)
    again = Preprocessing.from_json(json.loads(json.dumps(fitted.to_json())))
    assert again.transform(MIXED).tobytes() == fitted.transform(MIXED).tobytes()


def changed(path, value):
    """The JSON form of a good preprocessing with one thing replaced; `...` takes it out."""
    good = json.loads(json.dumps(Preprocessing.fit(MIXED, NAMES).to_json()))
    *front, last = path
    place = good
    for key in front:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return good


NUMBERS = ("fill", "shift", "scale")
BAD_NUMBERS = ["1", None, True, math.nan, math.inf, -math.inf, 10**400, [1.0], {}]


@pytest.mark.parametrize(
    "hostile",
    [
        None, 3, "columns", [], {}, {"columns": None}, {"columns": []}, {"columns": {}}, {"columns": "ab"},
        {"columns": [None]}, {"columns": [[]]}, {"columns": [{}]}, {"columns": [{"kind": []}]},
        changed(["extra"], 1), changed(["columns", 0, "kind"], "code"), changed(["columns", 0, "kind"], ["numeric"]),
        changed(["columns", 0, "kind"], "text"), changed(["columns", 1, "kind"], "numeric"),
        changed(["columns", 0, "extra"], 1), changed(["columns", 0, "name"], 5), changed(["columns", 0, "name"], ...),
        changed(["columns", 0, "name"], "price"), changed(["columns", 0, "scale"], -1.0),
        *(changed(["columns", 0, key], bad) for key in NUMBERS for bad in [*BAD_NUMBERS, ...]),
        *(changed(["columns", 1, "categories"], bad) for bad in
          [..., None, "ab", [], {}, [1], [None], ["a", 1], ["a", "a"], [["a"]], [{}], ["a", True]]),
    ],
)  # fmt: skip
def test_hostile_json_is_a_value_error(hostile):
    with pytest.raises(ValueError, match=r".") as caught:
        Preprocessing.from_json(hostile)
    assert len(str(caught.value)) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["numeric", "text", "binary", "multiclass", "regression"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["columns", "kind", "name", "fill", "shift", "scale", "categories", "classes", "mean"]), inner
    ),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(JSON, st.sampled_from([Preprocessing, Target]))
def test_any_json_is_refused_or_understood(anything, kind):
    try:
        made = kind.from_json(anything)
    except ValueError:
        return
    assert made.to_json() == anything


def test_a_huge_list_is_told_in_a_short_message():
    categories = [f"c{i}" for i in range(100_000)]
    with pytest.raises(ValueError, match="must be distinct") as caught:
        Preprocessing.from_json({"columns": [{"kind": "text", "name": "a", "categories": [*categories, "c5"]}]})
    assert len(str(caught.value)) < 200


# --- targets -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["a", "b"], True),
        ([True, False], True),
        (np.array([True, False]), True),
        ([0.0, 1.0, 1.0], True),
        ([-1, 1], True),
        ([3, 7], True),
        (list(range(MAX_CLASSES)) * 2, True),
        (list(range(MAX_CLASSES + 1)) * 20, False),
        ([1, 2, 3, 4, 5], False),  # as many values as samples
        ([1, 2, 3, 1, 2], False),
        ([1, 2, 3, 1, 2, 1], True),
        ([0.5, 1.5], False),
        ([0, 1, 1.5], False),
        ([1e300, 2e300], True),
    ],
)
def test_what_is_taken_for_classes(values, classes):
    assert has_classes(values) is classes


@pytest.mark.parametrize("dataset", [make() for make in data.DATASETS.values()], ids=lambda dataset: dataset.name)
def test_the_rule_tells_the_bundled_data_right(dataset):
    assert has_classes(dataset.y) is bool(dataset.class_names)


def test_classes_equal_scikit_learns_label_encoder():
    labels = ["versicolor", "setosa", "virginica", "setosa"]
    target, encoder = Target.fit(labels), LabelEncoder().fit(labels)
    assert target.kind == "multiclass"
    assert list(target.classes) == encoder.classes_.tolist()
    assert np.array_equal(target.encode(labels), encoder.transform(labels))
    assert target.encode(labels).dtype == np.int64
    assert target.decode(target.encode(labels)) == labels


@pytest.mark.parametrize(
    ("values", "kind", "classes", "names"),
    [
        (["yes", "no", "yes"], "binary", ("no", "yes"), ("no", "yes")),
        ([True, False], "binary", (False, True), ("False", "True")),
        ([2.0, 1.0, 2.0], "binary", (1, 2), ("1", "2")),
        (np.array([5, 3, 3, 5, 9, 9]), "multiclass", (3, 5, 9), ("3", "5", "9")),
        (np.array(["b", "a"]), "binary", ("a", "b"), ("a", "b")),
    ],
)
def test_classes(values, kind, classes, names):
    target = Target.fit(values)
    assert (target.kind, target.classes, target.class_names) == (kind, classes, names)
    assert [type(label) for label in target.classes] == [type(label) for label in classes]
    assert target.decode(target.encode(values)) == list(values)
    assert Target.from_json(json.loads(json.dumps(target.to_json()))) == target


def test_the_rule_can_be_overruled():
    assert Target.fit([1, 2, 3], classes=True).classes == (1, 2, 3)
    assert Target.fit([0.5, 1.5], classes=True).class_names == ("0.5", "1.5")
    assert Target.fit([0, 1, 1], classes=False).kind == "regression"
    assert Target.fit([1e300, 2e300]).class_names == ("1e+300", "2e+300")
    with pytest.raises(ValueError, match="'a', which is no quantity: regression needs numbers"):
        Target.fit(["a", "b"], classes=False)


def test_the_class_names_of_a_data_set_are_kept():
    dataset = data.iris()
    target = Target.fit(dataset.y[:80], names=dataset.class_names)  # the third does not occur
    assert target == Target("multiclass", ("setosa", "versicolor", "virginica"))
    assert target.decode([2]) == ["virginica"]
    assert target.encode([0, "virginica", np.int64(1)]).tolist() == [0, 2, 1]
    assert Target.fit([0, 1], names=["no", "yes"]) == Target("binary", ("no", "yes"))
    assert Target.fit(["b", "a"], names=["b", "a"]).encode(["b"]).tolist() == [0]  # in an order of one's own
    assert Target.fit([0.5, 1.5], names=data.diabetes().class_names).kind == "regression"
    for values, names, message in (
        ([0, 1, 3], ["a", "b", "c"], "the target of sample 2, 3, is not among the classes: 'a', 'b', 'c'"),
        ([-1, 1], ["a", "b"], "the target of sample 0, -1, is not among the classes"),
        ([False, True], ["a", "b"], "the target of sample 0, False, is not among the classes"),
        ([0, 1], ["a", "a"], "names must be distinct"),
    ):
        with pytest.raises(ValueError, match=message):
            Target.fit(values, names=names)
    with pytest.raises(TypeError, match="names must be a list of names, got 'ab'"):
        Target.fit([0, 1], names="ab")


@pytest.mark.parametrize("nothing", ["abc", None, 3, {"a": 1}])
def test_targets_are_a_list(nothing):
    message = re.escape(f"the targets must be a list with one entry per sample, got {nothing!r}")
    for take in (Target.fit, has_classes, Target.fit(["a", "b"]).encode, Target.fit([0.5, 1.5]).encode):
        with pytest.raises(TypeError, match=message):
            take(nothing)


def test_a_quantity_is_standardised_and_comes_back():
    y = [1.0, 2.0, 6.0]
    target = Target.fit(y)
    assert (target.kind, target.classes, target.class_names, target.mean) == ("regression", (), (), 3.0)
    assert target.encode(y).tolist() == [-2 / target.scale, -1 / target.scale, 3 / target.scale]
    assert target.encode(y) == pytest.approx(StandardScaler().fit_transform([[v] for v in y])[:, 0], rel=1e-14)
    assert target.decode(target.encode(y)) == pytest.approx(y, rel=1e-15)
    assert target.decode([0.0]) == [3.0]
    assert Target.from_json(json.loads(json.dumps(target.to_json()))) == target
    assert len(target.encode([])) == 0


@pytest.mark.parametrize(("target", "far"), [(Target("regression", (), 0.0, 1e-10), 1e300),
                                             (Target("regression", (), -1.7e308, 1.0), 1.7e308)])  # fmt: skip
def test_a_quantity_too_far_from_the_training_part_is_refused(target, far):
    with pytest.raises(ValueError, match=r"the target of sample 1, .*, is too far from what the training part held"):
        target.encode([0.0, far])


def test_whole_numbers_that_no_float_holds_stay_apart():
    near = [2**53, 2**53 + 1]
    target = Target.fit(near * 3)
    assert (target.classes, target.encode(near[::-1]).tolist()) == (tuple(near), [1, 0])
    assert Target.fit(np.array(near * 3)) == target
    again = Target.from_json({"kind": "binary", "classes": [2**60 + 1, 2**60]})
    assert again.encode([2**60 + 1, 2**60, np.int64(2**60 + 1)]).tolist() == [0, 1, 0]
    assert Target.fit([2**60, 2**61, 5], classes=False).kind == "regression"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "there are no targets"),
        (["a", "a"], "all 2 targets are 'a': there is nothing to learn"),
        ([5.0], "all 1 targets are 5"),
        (["a", None], "the target of sample 1 is missing: leave the sample out"),
        ([1.0, math.nan], "the target of sample 1 is missing"),
        ([1.0, math.inf], "the target of sample 1 is inf, which is not finite"),
        ([1.0, 10**400], "the target of sample 1 is a whole number of 1329 bits, which is not finite"),
        ([1.0, "a"], "the target of sample 1 is 'a', that of sample 0 1: make all of them numbers, or all texts"),
        ([True, 1], "the target of sample 1 is 1, that of sample 0 True"),
        ([[1.0], [2.0]], "the target of sample 0 is neither number nor text: [1.0]: give one for each sample"),
        (np.eye(3), "the target of sample 0 is neither number nor text: array([1., 0., 0.]): give one for each"),
        ([-1.7e308, 1.7e308, 0.5], "targets from -1.7e+308 to 1.7e+308 cannot be standardised: rescale them"),
    ],
)
def test_targets_that_cannot_be_learnt(values, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Target.fit(values)


def test_labels_and_predictions_that_there_are_not():
    target = Target.fit(["a", "b"])
    with pytest.raises(ValueError, match="target of sample 1, 'c', is not among the classes: 'a', 'b'"):
        target.encode(["a", "c"])
    with pytest.raises(ValueError, match="prediction 1 is 2, expected a class index from 0 to 1"):
        target.decode([0, 2])
    with pytest.raises(ValueError, match=r"prediction 0 is -1, expected"):
        target.decode([-1])
    with pytest.raises(ValueError, match=r"prediction 0 is 0.5, expected"):
        target.decode([0.5])
    with pytest.raises(ValueError, match="target of sample 0, 1, is not among the classes: False, True"):
        Target.fit([True, False]).encode([1])


@pytest.mark.parametrize(
    "hostile",
    [
        None, 5, [], {}, {"kind": "binary"}, {"kind": "ternary", "classes": ["a", "b"]}, {"kind": ["binary"]},
        {"kind": "binary", "classes": ["a", "b"], "mean": 0.0}, {"kind": "regression", "classes": ["a", "b"]},
        *({"kind": "binary", "classes": bad} for bad in
          [None, "ab", [], ["a"], ["a", "a"], ["a", "b", "c"], ["a", 1], [None, "a"], [["a"], ["b"]], [{}, {}],
           [True, 1], [True, 0], [1, 1.0], [0.0, math.nan], [0, math.inf], [0, 10**400]]),
        {"kind": "multiclass", "classes": ["a", "b"]},
        *({"kind": "regression", "mean": bad, "scale": 1.0} for bad in BAD_NUMBERS),
        *({"kind": "regression", "mean": 0.0, "scale": bad} for bad in [*BAD_NUMBERS, 0.0, -1.0]),
    ],
)  # fmt: skip
def test_hostile_json_of_a_target_is_a_value_error(hostile):
    with pytest.raises(ValueError, match=r".") as caught:
        Target.from_json(hostile)
    assert len(str(caught.value)) < 300


# --- parts ---------------------------------------------------------------------------------------------------


def test_every_sample_is_in_one_part_and_classes_keep_their_share():
    X, y = np.arange(200.0).reshape(200, 1), np.array([0] * 160 + [1] * 30 + [2] * 10)
    parts = split(X, y, validation=0.1, test=0.3, seed=4)
    assert sorted(np.concatenate([part[0][:, 0] for part in parts])) == list(range(200))
    assert [np.bincount(part[1]).tolist() for part in parts] == [[96, 18, 6], [16, 3, 1], [48, 9, 3]]
    for X_part, y_part in parts:
        assert np.array_equal(y[X_part[:, 0].astype(int)], y_part)  # inputs and targets stay together
        assert (np.diff(X_part[:, 0]) > 0).all()  # in their order


def test_quantities_are_split_by_their_number():
    X, y = np.arange(103.0).reshape(103, 1), np.linspace(0.1, 1.0, 103)
    assert [len(part[1]) for part in split(X, y)] == [61, 21, 21]  # 20.6, rounded
    assert [len(part[1]) for part in split(X, y, validation=0.0, test=0.25)] == [77, 0, 26]  # 25.75
    assert [len(part[1]) for part in split(X, y, validation=0.0, test=0.0)] == [103, 0, 0]
    assert [len(part[1]) for part in split(X[:10], y[:10], 0.25, 0.25)] == [4, 3, 3]  # halves up


def test_a_split_repeats_by_its_seed():
    X, y = data.wine().X, data.wine().y
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(split(X, y, seed=3), split(X, y, seed=3), strict=True))
    assert not np.array_equal(split(X, y, seed=3)[2][0], split(X, y, seed=4)[2][0])


def test_rows_of_a_table_are_split_as_lists():
    (X, y), (X_validation, _), (X_test, y_test) = split(MIXED * 3, ["a", "b", "b", "a"] * 3)
    assert isinstance(X, list)
    assert (len(X), len(X_validation), len(X_test)) == (8, 2, 2)
    assert X_test[0] in MIXED
    assert sorted(y_test) == ["a", "b"]
    assert sorted(y) == ["a"] * 4 + ["b"] * 4


@given(
    st.lists(st.integers(3, 12), min_size=2, max_size=5), st.floats(0.01, 0.9), st.floats(0.01, 0.9),
    st.integers(0, 100),
)  # fmt: skip
@settings(deadline=None)
def test_every_class_is_in_every_part(sizes, share, test, seed):
    validation = share * (1 - test)
    y = [label for label, size in enumerate(sizes) for _ in range(size)]
    parts = split([[label] for label in y], y, validation, test, seed=seed, classes=True)
    assert all(set(part[1]) == set(y) for part in parts)
    assert sum(len(part[1]) for part in parts) == len(y)
    assert all(X == [[label] for label in labels] for X, labels in parts)


def test_what_cannot_be_split():
    X = [[float(i)] for i in range(10)]
    with pytest.raises(ValueError, match="class 'rare' has 2 of the 3 samples that 3 parts need at least"):
        split(X, ["often"] * 8 + ["rare"] * 2)
    assert len(split(X, ["often"] * 8 + ["rare"] * 2, validation=0.0)[2][1]) == 3
    with pytest.raises(ValueError, match="class 1 has 1 of the 2 samples"):
        split(X, [0] * 9 + [1], validation=0.0)
    with pytest.raises(ValueError, match="there are 2 of the 3 samples"):
        split(X[:2], [0.5, 1.5])
    with pytest.raises(ShapeError, match="10 samples and 9 targets"):
        split(X, [0] * 9)
    with pytest.raises(ShapeError, match="there are no targets"):
        split([], [])
    for y in (np.eye(10), np.eye(10).tolist()):
        with pytest.raises(ValueError, match=r"the target of sample 0 is neither number nor text: .*: give"):
            split(X, y)
    with pytest.raises(ValueError, match="target of sample 0 is missing"):
        split(X, [None] * 10)
    for shares in ((-0.1, 0.2), (0.5, 0.5), (0.2, math.nan), (math.nan, 0.2), (2, 3)):
        with pytest.raises(ValueError, match="are shares of the samples: give numbers of at least 0"):
            split(X, [0, 1] * 5, *shares)


def test_a_table_is_split_with_its_target():
    rows, answers = [(float(i), "a") for i in range(10)], ("yes", "no") * 5
    columns = (Column("n", "numeric", tuple(range(10))), Column("t", "text", ("a",) * 10))
    table = Table("a.csv", columns, Column("ripe", "text", answers), {}, True, ",", "utf-8")
    assert split(table) == split(rows, answers)
    assert split(table, [0.5 + i for i in range(10)], test=0.3)[2][0] == split(rows, [0.5] * 10, test=0.3)[2][0]
    with pytest.raises(TypeError, match="the table has no target, which load_inputs leaves out"):
        split(replace(table, target=None))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"y": None}, TypeError, r"split needs the targets, y, beside the inputs: split\(data.X, data.y\)"),
        ({"X": None}, TypeError, "X must be a list with one entry per sample, got None"),
        ({"X": 3}, TypeError, "X must be a list with one entry per sample, got 3"),
        ({"y": "abc"}, TypeError, "y must be a list with one entry per sample, got 'abc'"),
        ({"y": 0.2}, TypeError, "y must be a list with one entry per sample, got 0.2"),
        ({"test": "a"}, TypeError, "test must be a share of the samples, a number as 0.2, got 'a'"),
        ({"validation": None}, TypeError, "validation must be a share of the samples, a number as 0.2, got None"),
        ({"seed": "x"}, TypeError, "seed must be a whole number, as 0, or None, got 'x'"),
        ({"seed": 1.5}, TypeError, "seed must be a whole number, as 0, or None, got 1.5"),
        ({"seed": -1}, ValueError, r"seed must be a whole number from 0 to 2\*\*32 - 1, got -1"),
    ],
)
def test_arguments_of_a_split_that_are_none(changes, error, message):
    with pytest.raises(error, match=message):
        split(**{"X": [[i] for i in range(10)], "y": [0, 1] * 5, **changes})


def test_a_split_can_be_told_what_targets_are():
    y = [1, 2, 3, 4] * 3
    assert all(len(set(part[1])) == 4 for part in split(y, y, classes=True))
    assert [len(part[1]) for part in split(y, y, classes=False)] == [8, 2, 2]
