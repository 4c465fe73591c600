"""Pipelines: raw rows in any form to classes and numbers in their unit, and parts that do not fit each other."""

import math

import numpy as np
import pytest

from autograd import ShapeError
from nn.modules import MLP, Layer, Neuron
from nn.pipeline import Pipeline
from nn.prediction import predict, predict_proba
from nn.preprocessing import Preprocessing, Target
from nn.tables import load_csv, load_inputs
from nn.training import fit

ROWS = [[1.0, "green"], [3.0, "red"], [2.0, "red"]]  # size: mean 2, deviation √(2/3); median 2
PREPROCESSING = Preprocessing.fit(ROWS, names=["size", "colour"])  # size, colour=green, colour=red


def ripe(task="binary_logits", classes=("no", "yes"), weights=(1.0, -2.0, 2.0)):
    """The logit is the standardised size, 2 more for red and 2 less for green."""
    return Pipeline(Neuron(3, activation="linear", weights=list(weights)), PREPROCESSING, Target.fit(classes), task)


def test_a_row_goes_through_scaling_network_and_class_names():
    expected = 1 / (1 + math.exp(-(1.5 / math.sqrt(2 / 3) - 2)))  # 3.5 is 1.5 above the mean, and green
    assert ripe().predict([[3.5, "green"], [2.0, "red"]]).tolist() == ["no", "yes"]
    np.testing.assert_allclose(ripe().predict_proba([[3.5, "green"]]), [[1 - expected, expected]], rtol=1e-12)


@pytest.mark.parametrize(
    "rows",
    [
        [[1.5, "red"], [None, "green"]],
        ((1.5, "red"), (math.nan, "green")),
        [{"colour": "red", "size": 1.5, "ripe": "yes"}, {"colour": "green", "size": None, "weight": 3}],
        [{"colour": "red", "size": 1.5}, [None, "green"]],
        np.array([[1.5, "red"], [None, "green"]], dtype=object),
    ],
)
def test_rows_may_have_any_form(rows):
    pipeline = ripe()
    logits = [-0.5 / math.sqrt(2 / 3) + 2, -2.0]  # a missing size is the median
    assert pipeline.predict(rows).tolist() == ["yes", "no"]
    np.testing.assert_allclose(pipeline.predict_proba(rows)[:, 1], [1 / (1 + math.exp(-z)) for z in logits], rtol=1e-12)


def test_a_table_is_read_by_the_names_of_its_columns(tmp_path):
    (tmp_path / "a.csv").write_text("colour,size,ripe\nred,1.5,yes\ngreen,,no\nred,3,yes\n")
    table = load_csv(tmp_path / "a.csv", target="ripe")
    assert ripe().predict(table).tolist() == ["yes", "no", "yes"]
    (tmp_path / "b.csv").write_text("colour,size\nred,1.5\ngreen,\n")
    assert ripe().predict(load_inputs(tmp_path / "b.csv", PREPROCESSING.kinds)).tolist() == ["yes", "no"]


def test_an_unknown_category_is_none_of_the_known():
    np.testing.assert_allclose(ripe().predict_proba([[2.0, "blue"]]), [[0.5, 0.5]])


def test_predict_takes_a_pipeline_as_it_takes_a_network():
    rows = [{"colour": "red", "size": 1.5}]
    assert predict(ripe(), rows).tolist() == ["yes"]
    assert predict_proba(ripe(), rows).tolist() == ripe().predict_proba(rows).tolist()


def test_numbers_come_back_in_their_unit():
    target = Target.fit([10.0, 20.0, 60.0])  # mean 30, deviation √(1400/3)
    network = Neuron(3, activation="linear", weights=[1.0, 0.0, 0.0])
    pipeline = Pipeline(network, PREPROCESSING, target, "regression")
    expected = 30 + math.sqrt(1400 / 3) * 1.5 / math.sqrt(2 / 3)
    np.testing.assert_allclose(pipeline.predict([[2.0, "red"], [3.5, "red"]]), [30.0, expected], rtol=1e-12)
    with pytest.raises(ValueError, match="'regression' has no probabilities"):
        pipeline.predict_proba([[2.0, "red"]])


def test_margins_become_the_first_and_the_second_class():
    assert ripe("margin").predict([[2.0, "green"], [2.0, "red"]]).tolist() == ["no", "yes"]


def test_more_classes_are_told_by_the_largest_output():
    network = Layer(3, 3, activation="linear", initializer="zeros")
    network.neurons[2].w[2].data = 1.0
    pipeline = Pipeline(network, PREPROCESSING, Target.fit(["a", "b", "c"]), "classes_logits")
    assert pipeline.predict([[2.0, "red"]]).tolist() == ["c"]
    e = math.e
    np.testing.assert_allclose(pipeline.predict_proba([[2.0, "red"]]), [[1 / (2 + e), 1 / (2 + e), e / (2 + e)]])


def test_classes_keep_their_type():
    assert ripe(classes=[4, 7]).predict([[2.0, "red"]]).tolist() == [7]
    assert ripe(classes=[False, True]).predict([[2.0, "red"]]).tolist() == [True]


def test_the_network_knows_its_task_and_that_of_the_pipeline_counts():
    pipeline = ripe()
    assert pipeline.network.task == "binary_logits"
    pipeline.network.task = "regression"
    assert pipeline.predict([[2.0, "red"]]).tolist() == ["yes"]


@pytest.mark.parametrize(
    ("rows", "kind", "message"),
    [
        ([], ShapeError, "no samples"),
        ([1.5, "red"], ShapeError, "sample 0 must be a row of 2 values, got 1.5"),
        ({"size": 1.5, "colour": "red"}, ShapeError, r"got one row, the dict .*: write \[row\]"),
        ("new.csv", TypeError, r"got the text 'new.csv'.*nn.tables.load_inputs\(path, pipeline.preprocessing.kinds\)"),
        (None, TypeError, "rows must be a list of rows, an array or a Table, got None"),
        ([["1", "red"]], ValueError, "column 'size', sample 0: '1' is no number.*: give the number 1.0, not its text"),
        ([[1.5]], ShapeError, "sample 0 has 1 values, expected 2"),
        (
            [{"size": 1.5, "color": "red"}],
            ValueError,
            "sample 0 has no column 'colour'; its columns are 'size', 'color'",
        ),
        ([["big", "red"]], ValueError, "column 'size', sample 0: 'big' is no number"),
        ([[1.5, 3]], ValueError, "column 'colour', sample 0: 3 is no text"),
        ([[1.5, "red"], [math.inf, "red"]], ValueError, "column 'size', sample 1: inf is not finite"),
    ],
)
@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_rows_that_cannot_be_predicted_from(method, rows, kind, message):
    with pytest.raises(kind, match=message):
        getattr(ripe(), method)(rows)


@pytest.mark.parametrize(
    ("network", "classes", "task", "kind", "message"),
    [
        (MLP(2, [1]), ["a", "b"], "binary_logits", ShapeError, "n_inputs=2, but the preprocessing gives 3"),
        (MLP(3, [2]), ["a", "b", "c"], "classes_logits", ShapeError, "n_outputs=2, but the task .* needs 3"),
        (MLP(3, [2]), ["a", "b"], "binary_logits", ShapeError, "n_outputs=2, but the task .* needs 1"),
        (MLP(3, [2]), [0.5, 1.5], "regression", ShapeError, "n_outputs=2, but the task .* needs 1"),
        (MLP(3, [1]), ["a", "b", "c"], "binary_logits", ValueError, "of kind 'binary', but the target is 3 classes"),
        (MLP(3, [1]), ["a", "b"], "regression", ValueError, "of kind 'regression', but the target is 2 classes"),
        (MLP(3, [1]), [0.5, 1.5], "binary_logits", ValueError, "of kind 'binary', but the target is a quantity"),
        (MLP(3, [1]), [0.5, 1.5], "classes_logits", ValueError, "but the target is a quantity"),
        (MLP(3, [1]), ["a", "b"], "binary_logit", ValueError, "did you mean 'binary_logits'"),
    ],
)
def test_parts_that_do_not_fit(network, classes, task, kind, message):
    with pytest.raises(kind, match=message):
        Pipeline(network, PREPROCESSING, Target.fit(classes), task)
    assert not hasattr(network, "task")


def test_a_network_of_ones_own_need_not_tell_its_widths():
    assert Pipeline(lambda_network(), PREPROCESSING, Target.fit(["a", "b"]), "binary_logits").predict(ROWS).tolist()


def lambda_network():
    from nn.module import Module

    class Own(Module):
        def __call__(self, x):
            return x[0]

    return Own()


def test_the_task_that_fit_has_set_counts_unless_another_is_named():
    network = Neuron(3, activation="linear")
    with pytest.raises(ValueError, match="nobody has said what the outputs stand for: name the task"):
        Pipeline(network, PREPROCESSING, Target.fit(["no", "yes"]))
    X = PREPROCESSING.transform(ROWS)
    fit(network, X, [0, 1, 1], loss="binary_cross_entropy_with_logits", epochs=1, progress=False)
    assert Pipeline(network, PREPROCESSING, Target.fit(["no", "yes"])).task == "binary_logits"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target": ["no", "yes"]}, r"target must be what Target.fit\(y\) gave, got list: \['no', 'yes'\]"),
        ({"network": PREPROCESSING}, "network must be a network, as .*, got Preprocessing"),
        ({"network": Neuron}, "network must be a network, as .*, got type"),
        ({"preprocessing": MLP(3, [1])}, r"preprocessing must be what Preprocessing.fit\(rows\) gave, got MLP"),
        ({"settings": [1]}, r"settings must be a dict, got list: \[1\]"),
    ],
)
def test_parts_of_the_wrong_kind_are_named(changes, message):
    target = Target.fit(["no", "yes"])
    parts = {"network": MLP(3, [1]), "preprocessing": PREPROCESSING, "target": target, "task": "binary_logits"}
    with pytest.raises(TypeError, match=message):
        Pipeline(**{**parts, **changes})


def test_a_pipeline_is_judged_by_what_suits_its_task():
    assert ripe().evaluate(ROWS, ["no", "yes", "no"]) == {"accuracy": pytest.approx(2 / 3)}
    assert ripe().evaluate(ROWS, [0, 1, 0]) == {"accuracy": pytest.approx(2 / 3)}  # class indices
    assert ripe("margin").evaluate(ROWS, ["no", "yes", "yes"]) == {"accuracy": 1.0}
    network = Neuron(3, activation="linear", weights=[0.0, 0.0, 0.0])
    pipeline = Pipeline(network, PREPROCESSING, Target.fit([10.0, 20.0, 60.0]), "regression")  # always 30
    assert pipeline.evaluate(ROWS, [10.0, 20.0, 60.0]) == {"mae": pytest.approx((20 + 10 + 30) / 3)}
    with pytest.raises(ValueError, match="target of sample 0, 'maybe', is not among the classes"):
        ripe().evaluate(ROWS, ["maybe", "yes", "no"])
    with pytest.raises(ValueError, match="accuracy needs as many true as predicted ones"):
        ripe().evaluate(ROWS, ["no"])
