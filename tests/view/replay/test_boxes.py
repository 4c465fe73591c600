"""Above the limit a replay goes box by box, says so, and shows the gradients that the engine has."""

import math
import random

import pytest

from autograd import Value
from autograd.engine import toposort
from autograd.view.replayer import replay
from autograd.view.replayer.collapsed import collapsed_replay
from autograd.view.text import number_text
from autograd.view.tracing import trace
from nn import MLP

from .computations import chain, neuron, random_program
from .pages import go, last_step, opened


def network():
    """An MLP of three layers, whose parameters are known by layer."""
    model = MLP(2, [8, 8, 1], seed=0)
    return model, trace(model, [Value(1.0, label="x0"), Value(-2.0, label="x1")])


def test_a_model_is_replayed_layer_by_layer(page):
    model, traced = network()
    opened(page, traced, limit=100)
    names = page.locator("tbody th").all_inner_texts()
    assert names == ["outside of the modules", "layers.0", "layers.1", "layers.2"]
    assert f"{len(toposort(traced.output)):,} nodes: too many" in page.locator(".side p.note").inner_text()
    go(page, last_step(page))
    shown = page.locator("tbody td.grad").all_inner_texts()
    for p in model.parameters():
        p.grad = 0.0
    traced.output.backward()
    for layer, text in zip(model.layers, shown[1:], strict=True):
        assert text == number_text(math.hypot(*[p.grad for p in layer.parameters()]))


def test_what_arrives_at_a_box_are_the_gradients_of_its_outputs(page):
    _, traced = network()
    _, data = collapsed_replay(traced.output, traced, 1.0)
    traced.output.backward()
    found = {grad for box in data["boxes"] for _, _, grad in box["listed"]}
    known = {v.grad for v in toposort(traced.output)}
    assert found
    assert found <= known
    opened(page, traced, limit=100)
    go(page, 1 + 4 + 1 + 1)  # after the start, four boxes, the seed and the last box: the one before it
    assert page.locator(".phase").inner_text() == "Backward: layers.1 Layer"
    shown = page.locator(".panel .gradient").all_inner_texts()
    assert shown[:6] == [number_text(grad) for _, _, grad in data["boxes"][2]["listed"]]


def test_forward_comes_first_and_in_order(page):
    opened(page, network()[1], limit=100)
    seen = []
    for k in range(last_step(page) + 1):
        go(page, k)
        seen.append(page.locator(".phase").inner_text())
    names = ["outside of the modules", "layers.0 Layer", "layers.1 Layer", "layers.2 Layer"]
    forward, backward = [f"Forward: {name}" for name in names], [f"Backward: {name}" for name in names]
    assert seen == ["Start", *forward, "Seed", *backward[::-1], "Done"]
    pending = page.locator(".picture g.group.pending").count()
    assert pending == 0
    go(page, 2)
    assert page.locator(".picture g.group.pending").count() == 2


@pytest.mark.parametrize("count", [500, 20_000])
def test_without_modules_boxes_are_depths(page, count):
    y = chain(count)
    made = replay(y)
    assert len(made.html) < 150_000
    opened(page, y)
    assert page.locator("tbody th").first.inner_text().startswith("depth 0 to")
    go(page, last_step(page))
    y.backward()
    leaf = toposort(y)[0]
    assert page.locator("tbody td.grad").all_inner_texts()[0] == number_text(abs(leaf.grad))


def test_gradients_in_boxes_are_found_without_touching_the_values():
    chosen = random.Random(1)
    for seed in range(20):
        y = random_program(seed, steps=40)
        order = toposort(y)
        before = [(v.data, v.grad) for v in order]
        factor = chosen.choice((1.0, -2.0))
        _, data = collapsed_replay(y, None, factor)
        assert [(v.data, v.grad) for v in order] == before or any(v.data != v.data for v in order)
        y.backward(factor)
        leaves = [v.grad for v in order if v.op is None]
        length = math.hypot(*[box["length"] for box in data["boxes"]])
        assert length == pytest.approx(math.hypot(*leaves), rel=1e-12, nan_ok=True)
        assert sum(box["leaves"] for box in data["boxes"]) == len(leaves)
        assert sum(box["results"] + box["leaves"] for box in data["boxes"]) == len(order)


def test_up_to_the_limit_every_node_is_shown(page):
    opened(page, neuron(), limit=10)
    assert page.locator("tbody tr").count() == 10
    opened(page, neuron(), limit=9)
    assert "too many to show one by one" in page.locator(".side p.note").inner_text()
