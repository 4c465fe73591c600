"""Draw the pictures of README.md and of the gallery, each with its code: `python docs/gallery.py`, from any folder."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nn
from autograd import Value, draw, explain, replay, watch
from autograd.view import trace

HERE = Path(__file__).resolve().parent
GALLERY = HERE / "gallery"
HEAD = """# Gallery

Every picture below is made by the code beneath it. `python docs/gallery.py` makes all of them again, and the live pages
of replays and trainings with them (`docs/gallery/*.html`), of which the picture at their beginning is shown here.
"""


def neuron() -> Value:
    """The error of the worked neuron, after `backward()`."""
    x1, x2 = Value(1.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(1.0, label="w1"), Value(-1.0, label="w2")
    b = Value(-0.5, label="b")
    p = (w1 * x1 + w2 * x2 + b).sigmoid()
    error = (p - 1) ** 2
    error.backward()
    return error


def a_neuron_with_a_legend():
    return draw(neuron(), legend=True)


def a_neuron_in_the_dark():
    return draw(neuron(), theme="dark")


def a_neuron_for_paper():
    return draw(neuron(), theme="print", numbers=".2f", direction="TB")


def a_shared_node_with_local_partials():
    a = Value(3.0, label="a")
    y = a * a + a
    y.backward()
    return draw(y, show=("label", "data", "grad", "op", "partials"))


def all_paths_from_a_weight_to_the_error():
    x, w, v = Value(0.5, label="x"), Value(0.8, label="w"), Value(-1.2, label="v")
    h = (w * x).tanh()
    y = h * v + h * h
    y.backward()
    return draw(y, highlight=(w, y))


def a_network():
    return draw(nn.MLP(3, [4, 4, 1], activation="tanh", seed=1))


def a_network_in_the_dark():
    return draw(nn.MLP(3, [4, 4, 1], activation="tanh", seed=1), theme="dark")


def its_gradients():
    model = nn.MLP(3, [4, 4, 1], activation="tanh", seed=1)
    error = (model([0.2, -1.0, 0.7]) - 1.0) ** 2
    error.backward()
    return model.graph(gradients=True, title="Gradients of the weights")


def its_computation_by_layer():
    model = nn.MLP(3, [4, 4, 1], activation="tanh", seed=1)
    inputs = [Value(number, label=f"x{i}") for i, number in enumerate([0.2, -1.0, 0.7], start=1)]
    return draw(trace(lambda: (model(inputs) - 1.0) ** 2), collapse="layer", legend=True)


def one_of_its_neurons():
    model = nn.MLP(3, [4, 4, 1], activation="tanh", seed=1)
    inputs = [Value(number, label=f"x{i}") for i, number in enumerate([0.2, -1.0, 0.7], start=1)]
    y = model(inputs)
    y.backward()
    weight = model.layers[2].neurons[0].w[0]
    weight.label = "w"
    return draw(y, around=weight, depth=2)


def a_hundred_thousand_operations():
    x = Value(1.0, label="x")
    y = x
    for _ in range(100_000):
        y = y * 0.9999 + 0.0001
    return draw(y, collapse="blocks")


def a_replay():
    return replay(neuron(), title="The worked neuron, step by step")


def practice():
    return replay(neuron(), practice=True, title="The worked neuron: you compute")


def a_training_run():
    moons = nn.moons(100, noise=0.1, seed=0)
    model = nn.MLP(2, [8, 1], activation="tanh", seed=0)
    watching = watch(model, moons.X, moons.y, show=False)
    nn.fit(
        model, moons.X, moons.y, loss="binary_cross_entropy_with_logits", epochs=60, batch_size=10, seed=0,
        optimizer=nn.Adam(model.parameters(), learning_rate=0.1), callbacks=[watching], progress=False,
    )  # fmt: skip
    return watching


PICTURES: tuple[tuple[Callable[[], Any], str], ...] = (
    (a_neuron_with_a_legend, "svg"), (a_neuron_in_the_dark, "svg"), (a_neuron_for_paper, "svg"),
    (a_shared_node_with_local_partials, "svg"), (all_paths_from_a_weight_to_the_error, "svg"),
    (a_network, "svg"), (a_network_in_the_dark, "svg"), (its_gradients, "svg"), (its_computation_by_layer, "svg"),
    (one_of_its_neurons, "svg"), (a_hundred_thousand_operations, "svg"),
    (a_replay, "png"), (practice, "png"), (a_training_run, "png"),
)  # fmt: skip


def body_of(function: Callable[[], Any]) -> str:
    """The code of a function, without its `def`."""
    _, _, body = inspect.getsource(function).partition(":\n")
    return textwrap.dedent(body).replace("  # fmt: skip", "")


def entry(function: Callable[[], Any], suffix: str) -> str:
    """A picture, written to its file, and its part of the gallery's page."""
    name = function.__name__
    made = function()
    if suffix == "svg":
        made.save(GALLERY / f"{name}.svg")
    else:
        made.save(GALLERY / f"{name}.html")
        (GALLERY / f"{name}.png").write_bytes(made._repr_mimebundle_(include=["image/png"])["image/png"])
    title = name.replace("_", " ").capitalize()
    return f"## {title}\n\n![{title}]({name}.{suffix})\n\n```python\n{body_of(function)}```\n"


def first_program() -> dict[str, Any]:
    """The names that README's first program leaves behind."""
    readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert program is not None, "README.md has no program"
    names: dict[str, Any] = {}
    exec(program[1], names)
    return names


def main() -> None:
    draw(first_program()["loss"]).save(HERE / "neuron.svg")
    GALLERY.mkdir(exist_ok=True)
    parts = [HEAD, f"The worked neuron of the course:\n\n```python\n{inspect.getsource(neuron)}```\n"]
    parts += [entry(function, suffix) for function, suffix in PICTURES]
    explained = explain(neuron()).markdown
    (GALLERY / "README.md").write_text("\n".join([*parts, "## An explanation\n", explained]), encoding="utf-8")
    print(f"docs/neuron.svg, and {len(PICTURES)} pictures in docs/gallery")


if __name__ == "__main__":
    main()
