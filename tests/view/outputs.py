"""Every kind of output that shows a user's text: what tests of safety and of accessibility go through.

A new kind is one function here, with its name in `MAKERS`. It is given texts, puts each of them wherever users choose
one, and returns what a notebook and a file get: HTML.
"""

import contextlib
import io
import linecache

import autograd
import nn
from autograd import Op, Value, view
from autograd.view import Page, draw, trace

from .pages import COUNTER, document


def doubled(text):
    """An operation with this name, symbol and rule."""
    return Op(text or "op", text or "op", 1, lambda x: 2 * x, lambda y, x: (2.0,), latex=(text or "2",))


def computation(texts):
    """A leaf, a result and an operation for each text: the output, and one of the leaves."""
    shared = Value(0.5, label=texts[0])
    parts = []
    for text in texts:
        parts.append(doubled(text)(Value(1.0, label=text) * shared))
        parts[-1].label = text
    y = autograd.sum(parts)
    y.label = texts[-1]
    y.backward()
    return y, shared


def traced(texts):
    """A computation whose lines are in files of these names, one line for each, and hold these texts."""
    names = {"y": Value(3.0, label=texts[0])}
    codes = []
    for text in texts:
        name = text.replace("\0", "0").encode("utf-8", "replace").decode() or "empty"  # which coverage can look up
        linecache.cache[name] = (0, None, [f"y = y * 2  # {text}\n"], name)
        codes.append(compile("y = y * 2\n", name, "exec"))

    def run():
        for code in codes:
            exec(code, names)
        return names["y"]

    return trace(run)


def model(texts):
    """Modules whose classes and attributes are called so, one inside the other."""
    inner = nn.MLP(2, [2, 1])
    for text in texts:
        legal = text[:200].replace("\0", "0").encode("utf-8", "replace").decode()  # of what a class can be called
        kind = type(legal or "Empty", (nn.Module,), {"__call__": call_part})
        outer = kind()
        setattr(outer, text or "empty", inner)
        inner = outer
    return inner


def call_part(self, x):
    (part,) = vars(self).values()
    return part(x) * 2.0


def drawn(texts):
    y, _ = computation(texts)
    return draw(y, show=("label", "data", "grad", "op", "partials"), legend=True).svg


def network(texts):
    width = min(len(texts), 4)
    return view.draw_network([[[0.5] * width]], [[0.1]], inputs=texts[:width], outputs=texts[-1:]).svg


def modules(texts):
    return draw(trace(model(texts), [1.0, 2.0]), collapse="module").svg


class Embedded:
    """An output as a notebook has it, from which a file is made as well: its HTML in a document."""

    def __init__(self, output):
        self.html = output._repr_mimebundle_(include=["text/html"])["text/html"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html}


def network_of_model(texts):
    """The network of a model with these names, and the graph of its nodes to open."""
    built = type(texts[-1].replace("\0", "0").encode("utf-8", "replace").decode() or "Empty", (nn.MLP,), {})
    made = built(2, [len(texts), 1], seed=0)
    for parameter, text in zip(made.parameters(), texts * 4, strict=False):
        parameter.label = text
    return Embedded(draw(made))


def still(texts):
    y, _ = computation(texts)
    return Page(" ".join(texts), draw(y).svg, "\n".join(texts), summary="\n".join(texts))


def alive(texts):
    y, _ = computation(texts)
    data = {"label": " ".join(texts), "first": 0, **{text: text for text in texts}}
    return Page(" ".join(texts), draw(y).svg, "\n".join(texts), COUNTER, data=data, summary="\n".join(texts))


def replayed(texts):
    return view.replay(computation(texts)[0], title=" ".join(texts))


def replayed_lines(texts):
    return view.replay(traced(texts), title=texts[0])


def replayed_boxes(texts):
    """More nodes than the limit: a box for each module, with the names of classes and attributes."""
    return view.replay(trace(model(texts), [1.0, 2.0]), title=" ".join(texts), limit=5)


def practised(texts):
    return view.replay(computation(texts)[0], title=" ".join(texts), practice=True)


def explained(texts):
    y, x = computation(texts)
    with contextlib.redirect_stdout(io.StringIO()):
        return view.explain(y, x)


def watched(texts):
    w = Value(0.5, label=texts[0])
    points = [[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]
    with view.watch(
        lambda x: w * x[0], points, [texts[0], texts[-1], texts[0]], title=" ".join(texts), show=False
    ) as training:
        for step in range(3):
            training.update(**{text: float(step) for text in texts[:4]})
    return training


MAKERS = {
    "draw": drawn, "network": network, "modules": modules, "picture": still, "page": alive, "replay": replayed,
    "replay of lines": replayed_lines, "replay of boxes": replayed_boxes, "practice": practised,
    "explain": explained, "watch": watched, "network of a model": network_of_model,
}  # fmt: skip


def fragment(output):
    """What a notebook gets."""
    return output if isinstance(output, str) else output._repr_mimebundle_(include=["text/html"])["text/html"]


def saved(output, folder):
    """The document that is written to a file."""
    if hasattr(output, "save"):
        return output.save(str(folder / "page.html"))
    place = folder / "page.html"
    place.write_text(document(fragment(output)), encoding="utf-8")
    return str(place)
