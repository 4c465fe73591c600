"""Programs written for micrograd and for microgpt, run with nothing changed but the import."""

import itertools
import math
import random

import pytest

from autograd import Value


def test_the_program_of_micrograds_readme():
    """A. Karpathy, micrograd (2020), README: the numbers are those printed there."""
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_that_program_by_hand():
    # c = a + b = -2, then 2c + 1 = -3, then 2c + 1 - a = -1;  ∂c/∂a = 4 - 1 = 3, ∂c/∂b = 4
    # d = ab + b³ = 0, then 3d + relu(b + a), then 4d + relu(b - a) = 6
    # ∂d/∂a = 12 b - 1 = 23, ∂d/∂b = 12 (a + 3b²) + 1 = 97;  e = c - d = -7, f = 49
    # g = f/2 + 10/f = 24.5 + 10/49;  dg/de = e (1 - 20/f²)
    slope = -7 * (1 - 20 / 49**2)
    a, b = Value(-4.0), Value(2.0)
    c = 2 * (2 * (a + b) + 1) + 1 - a
    d = 4 * (3 * (a * b + b**3) + (b + a).relu()) + (b - a).relu()
    f = (c - d) ** 2
    g = f / 2 + 10 / f
    g.backward()
    assert (c.data, d.data, f.data) == (-1.0, 6.0, 49.0)
    assert g.data == pytest.approx(24.5 + 10 / 49, rel=1e-15)
    assert a.grad == pytest.approx(slope * (3 - 23), rel=1e-14)
    assert b.grad == pytest.approx(slope * (4 - 97), rel=1e-14)


def test_the_sanity_check_of_micrograd():
    # z = 3x + 2 = -10, q = relu(z) + zx = 40, h = relu(z²) = 100, y = h + q + qx = -20
    # dq/dx = 3x + z = -22, dh/dx = 2z·3 = -60, dy/dx = dh/dx + dq/dx (1 + x) + q = -60 + 66 + 40
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (z.data, q.data, h.data, y.data) == (-10.0, 40.0, 100.0, -20.0)
    assert (h.grad, q.grad, x.grad) == (1.0, -3.0, 46.0)


@pytest.mark.parametrize("x", [-1.0, 0.123, 2.0])
def test_tanh_and_exp_of_micrograd(x):
    v = Value(x)
    v.tanh().backward()
    assert v.grad == pytest.approx(1 / math.cosh(x) ** 2, rel=1e-14)
    v = Value(x)
    v.exp().backward()
    assert v.grad == pytest.approx(math.exp(x), rel=1e-15)


def test_the_neuron_of_the_lecture_on_micrograd():
    """x₁w₁ + x₂w₂ + b = 0.8813735870195432 = artanh(1/√2), so that tanh is 0.7071 and its slope exactly one half."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x2w2 = x2 * w2
    n = x1w1 + x2w2 + b
    e = (2 * n).exp()
    for o in (n.tanh(), (e - 1) / (e + 1)):
        for v in (x1, x2, w1, w2, b):
            v.grad = 0.0
        o.backward()
        assert o.data == pytest.approx(math.sqrt(0.5), rel=1e-14)
        assert [v.grad for v in (x1, w1, x2, w2, b)] == pytest.approx([-1.5, 1.0, 0.5, 0.0, 0.5], rel=1e-12)


def test_a_training_loop_in_the_manner_of_micrograd():
    """Gradient descent on (w·1 - 3)²: w ← w - 0.25·2(w - 3) halves the error in every step."""
    w = Value(1.0)
    for step in range(20):
        loss = (w * 1.0 - 3.0) ** 2
        w.grad = 0
        loss.backward()
        w.data += -0.25 * w.grad
        assert w.data == pytest.approx(3 - 2 * 0.5 ** (step + 1), rel=1e-15)


def walk(root):
    """Nodes and edges as programs for micrograd collect them, to draw a graph."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_a_walk_over_prev_in_the_manner_of_micrograd():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = a * b
    e.label = "e"
    d = e + a
    nodes, edges = walk(d)
    assert nodes == {a, b, e, d}
    assert edges == {(a, e), (b, e), (e, d), (a, d)}
    assert sorted(v._op for v in nodes) == ["", "", "*", "+"]


# --- in the manner of microgpt -------------------------------------------------------------------------------


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(wo, x, strict=True)) for wo in w]


def softmax(logits):
    max_val = max(val.data for val in logits)
    exps = [(val - max_val).exp() for val in logits]
    total = sum(exps)
    return [e / total for e in exps]


def rmsnorm(x):
    ms = sum(xi * xi for xi in x) / len(x)
    scale = (ms + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def language_model(params, tokens):
    """One attention head, one hidden layer: the mean cross-entropy of the next token. A. Karpathy, microgpt (2026)."""
    keys, queries, values, losses = [], [], [], []
    for position, (token, target) in enumerate(itertools.pairwise(tokens)):
        x = [t + p for t, p in zip(params["wte"][token], params["wpe"][position], strict=True)]
        x = rmsnorm(x)
        queries.append(linear(x, params["wq"]))
        keys.append(linear(x, params["wk"]))
        values.append(linear(x, params["wv"]))
        q = queries[-1]
        scores = [sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in keys]
        weights = softmax(scores)
        mixed = [sum(w * v[j] for w, v in zip(weights, values, strict=True)) for j in range(len(q))]
        x = [a + b for a, b in zip(x, mixed, strict=True)]
        hidden = [h.relu() ** 2 for h in linear(rmsnorm(x), params["fc1"])]
        x = [a + b for a, b in zip(x, linear(hidden, params["fc2"]), strict=True)]
        probs = softmax(linear(x, params["head"]))
        losses.append(-probs[target].log())
    return (1 / len(losses)) * sum(losses)


def language_model_parameters():
    random.seed(42)

    def matrix(rows, columns):
        return [[Value(random.gauss(0, 0.5)) for _ in range(columns)] for _ in range(rows)]

    return {"wte": matrix(4, 3), "wpe": matrix(3, 3), "wq": matrix(3, 3), "wk": matrix(3, 3), "wv": matrix(3, 3),
            "fc1": matrix(5, 3), "fc2": matrix(3, 5), "head": matrix(4, 3)}  # fmt: skip


def test_a_language_model_has_the_gradients_of_finite_differences():
    params = language_model_parameters()
    tokens = [0, 2, 1, 3]
    flat = [p for matrix in params.values() for row in matrix for p in row]
    loss = language_model(params, tokens)
    loss.backward()
    gradients = [p.grad for p in flat]
    assert sum(abs(g) > 1e-6 for g in gradients) > 60  # the comparison is not one of zeros
    step = 1e-4
    for p, gradient in zip(flat, gradients, strict=True):
        middle = p.data
        ahead = {}
        for k in (-2, -1, 1, 2):
            p.data = middle + k * step
            ahead[k] = language_model(params, tokens).data
        p.data = middle
        # the five-point formula, whose error is of the order of step⁴
        difference = (ahead[-2] - 8 * ahead[-1] + 8 * ahead[1] - ahead[2]) / (12 * step)
        assert gradient == pytest.approx(difference, rel=1e-7, abs=1e-10)


def test_a_language_model_learns_with_adam():
    params = language_model_parameters()
    flat = [p for matrix in params.values() for row in matrix for p in row]
    m, v = [0.0] * len(flat), [0.0] * len(flat)
    losses = []
    for step in range(60):
        loss = language_model(params, [0, 2, 1, 3])
        loss.backward()
        losses.append(loss.data)
        for i, p in enumerate(flat):
            m[i] = 0.9 * m[i] + 0.1 * p.grad
            v[i] = 0.95 * v[i] + 0.05 * p.grad**2
            m_hat, v_hat = m[i] / (1 - 0.9 ** (step + 1)), v[i] / (1 - 0.95 ** (step + 1))
            p.data -= 0.05 * m_hat / (v_hat**0.5 + 1e-8)
            p.grad = 0
    assert losses[0] > 1.0
    assert losses[-1] < 0.05


def test_softmax_with_the_maximum_subtracted_by_hand():
    """d(-ln pₜ)/dzᵢ = pᵢ - [i = t]: the cross-entropy's gradient, with a constant subtracted from all logits."""
    logits = [Value(z) for z in (1000.0, 1001.0, 999.0)]
    probs = softmax(logits)
    (-probs[0].log()).backward()
    e = [math.exp(k) for k in (-1, 0, -2)]
    p = [x / sum(e) for x in e]
    assert [v.data for v in probs] == pytest.approx(p, rel=1e-15)
    assert [v.grad for v in logits] == pytest.approx([p[0] - 1, p[1], p[2]], rel=1e-14)


def test_rmsnorm_by_hand():
    """y = x/r with r² = mean x² + ε: ∂y₁/∂xⱼ = ([j = 1] - x₁xⱼ/(n r²)) / r."""
    x = [Value(3.0), Value(4.0)]
    y = rmsnorm(x)
    y[0].backward()
    r2 = 12.5 + 1e-5
    expected = [(1 - 9 / (2 * r2)) / math.sqrt(r2), (-12 / (2 * r2)) / math.sqrt(r2)]
    assert [v.grad for v in x] == pytest.approx(expected, rel=1e-14)
