"""One neuron trained to the end has the coefficients of scikit-learn's linear and logistic regression."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler

from nn.modules import MLP
from nn.optimizers import LBFGS
from nn.regularizers import L2
from nn.training import fit


def coefficients(X, y, loss, regularizer=None, epochs=35):
    model = MLP(X.shape[1], [1], seed=0)
    fit(
        model, X, y, loss=loss, optimizer=LBFGS(model.parameters()), epochs=epochs, batch_size=len(X),
        regularizer=regularizer, metrics=(), progress=False,
    )  # fmt: skip
    (neuron,) = model.layers[0].neurons
    return np.array([w.data for w in neuron.w]), neuron.b.data


def test_a_linear_neuron_is_linear_regression():
    X, y = load_diabetes(return_X_y=True)
    X, y = StandardScaler().fit_transform(X), (y - y.mean()) / y.std()
    weights, bias = coefficients(X, y, "mean_squared_error")
    reference = LinearRegression().fit(X, y)
    assert weights == pytest.approx(reference.coef_, abs=1e-6)
    assert bias == pytest.approx(reference.intercept_, abs=1e-6)


@pytest.mark.parametrize("C", [1.0, 0.01])
def test_a_logistic_neuron_with_l2_is_logistic_regression(C):
    """scikit-learn's objective is C Σ loss + ½ |w|²; ours is mean loss + λ |w|², so λ = 1 / (2 C n)."""
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X[:, :10])
    weights, bias = coefficients(X, y, "binary_cross_entropy_with_logits", L2(1 / (2 * C * len(X))))
    reference = LogisticRegression(C=C, tol=1e-12, solver="newton-cholesky").fit(X, y)
    assert weights == pytest.approx(reference.coef_[0], abs=1e-6)
    assert bias == pytest.approx(reference.intercept_[0], abs=1e-6)


def test_a_logistic_neuron_is_logistic_regression_without_a_penalty():
    """On two features, where the classes overlap: of separable classes the weights would grow for ever."""
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X[:, :2])
    weights, bias = coefficients(X, y, "binary_cross_entropy_with_logits")
    reference = LogisticRegression(C=np.inf, tol=1e-12, solver="newton-cholesky").fit(X, y)
    assert weights == pytest.approx(reference.coef_[0], abs=1e-6)
    assert bias == pytest.approx(reference.intercept_[0], abs=1e-6)
