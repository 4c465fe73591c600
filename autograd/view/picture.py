"""`Picture`: a `graphviz.Digraph` that shows and saves itself on machines without Graphviz.

This module owns which renderer makes which format, and must not know what is drawn.
A picture is painted by its own painter; once its DOT has been edited, as one edits any `Digraph`, by Graphviz.
Read next: `drawing.py`, the function that users call.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import graphviz

from ..files import put
from .network_html import network_html
from .render import RenderError, preview_png, render_dot, svg_to_png
from .themes import Theme, recoloured

__all__ = ["Picture"]

OWN_FORMATS = ("svg", "png", "dot", "gv")  # made without a `dot` on the path
PICTURES = ("svg", "png", "pdf")  # suffixes that ask for a picture, not for DOT


class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz comes without types
    """A drawn graph: SVG in a notebook, `.svg`, `.source` (DOT), `.save(path)`, `.render(path)`, `.pipe(format)`.

    It takes the arguments of `graphviz.Digraph`, has its methods, and can be edited with them. Unlike there, the
    default format is SVG, and SVG, PNG and DOT need no Graphviz on the machine.

    Attributes:
        nodes: For the picture of a network that of the nodes of one forward pass, which a notebook shows one click
            away; None for any other.

    Example:
        >>> from autograd import Value
        >>> from autograd.view import draw
        >>> picture = draw(Value(2.0, label="x") * 3)
        >>> picture.svg.startswith("<svg"), picture.pipe("png")[1:4], "digraph" in picture.source
        (True, b'PNG', True)
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings["format"] = settings.get("format") or "svg"
        super().__init__(*arguments, **settings)
        self.nodes: Picture | None = None
        self._painter: Callable[[], str] | None = None
        self._painted = ("", "")  # the DOT and the SVG made of it

    @classmethod
    def of(
        cls, body: Sequence[str], painter: Callable[[], str], format: str = "svg", nodes: Picture | None = None
    ) -> Picture:  # fmt: skip
        """A picture with the given lines of DOT, painted as SVG by `painter`."""
        picture = cls(body=body, format=format)
        picture.nodes, picture._painter, picture._painted = nodes, painter, (picture.source, "")
        return picture

    def copy(self) -> Picture:
        """A copy, to be edited on its own."""
        copied: Picture = super().copy()
        copied.nodes, copied._painter, copied._painted = self.nodes, self._painter, self._painted
        return copied

    def in_theme(self, theme: Theme, format: str) -> Picture:
        """A picture of the light theme in the colours of another one.

        Args:
            theme: The theme.
            format: How the result shows itself in a notebook: "svg" or "png".
        """
        body = recoloured("".join(self.body), theme).splitlines(keepends=True)
        nodes = None if self.nodes is None else self.nodes.in_theme(theme, self.nodes.format)
        return Picture.of(body, partial(_recoloured, self, theme), format, nodes)

    @property
    def svg(self) -> str:
        """The picture as an SVG document.

        Raises:
            RenderError: If its DOT was edited and Graphviz cannot be used.
        """
        source, svg = self._painted
        if self.source != source or not svg:
            unedited = self._painter is not None and self.source == source
            svg = self._painter() if unedited and self._painter else self._graphviz("svg").decode()
            if unedited:
                self._painted = source, svg
        return svg

    def _graphviz(self, format: str) -> bytes:
        return render_dot(self.source, format, self.engine)

    def pipe(
        self, format: str | None = None, renderer: str | None = None, formatter: str | None = None,
        neato_no_op: bool | int | None = None, quiet: bool = False, *,
        engine: str | None = None, encoding: str | None = None,
    ) -> Any:  # fmt: skip
        """The picture in a format, as bytes, or as a string if an `encoding` is given.

        Args:
            format: "svg", "png", "dot", or any that a `dot` on the path can make, as "pdf"; default `self.format`.
            renderer: As for `graphviz.Digraph`; needs a `dot` on the path, as the next two do.
            formatter: As for `graphviz.Digraph`.
            neato_no_op: As for `graphviz.Digraph`.
            quiet: Suppress what a `dot` on the path has to say.
            engine: A layout engine of Graphviz's other than `self.engine`.
            encoding: As "utf-8".

        Raises:
            RenderError: If the format needs a `dot` on the path, and there is none.
            ValueError: If Graphviz knows no such format.
        """
        chosen = (format or self.format).lower()
        if renderer or formatter or neato_no_op is not None or chosen not in OWN_FORMATS:
            content = self._by_program(chosen, renderer, formatter, neato_no_op, quiet, engine)
        elif chosen in ("dot", "gv"):
            content = self.source.encode()
        else:
            svg = self.svg if engine in (None, self.engine) else render_dot(self.source, "svg", engine or "").decode()
            content = svg.encode() if chosen == "svg" else svg_to_png(svg)
        return content if encoding is None else content.decode(encoding)

    def _by_program(self, format: str, *arguments: Any) -> bytes:
        renderer, formatter, neato_no_op, quiet, engine = arguments
        try:
            content: bytes = super().pipe(format, renderer, formatter, neato_no_op, quiet, engine=engine)
        except graphviz.ExecutableNotFound:
            raise RenderError(
                f"the format {format!r} needs Graphviz's program `dot`, which is not on the path. "
                "Remedy: save as PNG or SVG, which need no program, or install Graphviz from graphviz.org"
            ) from None
        return content

    def render(
        self, filename: os.PathLike[str] | str | None = None, directory: os.PathLike[str] | str | None = None,
        view: bool = False, cleanup: bool = False, format: str | None = None, renderer: str | None = None,
        formatter: str | None = None, neato_no_op: bool | int | None = None, quiet: bool = False,
        quiet_view: bool = False, *, outfile: os.PathLike[str] | str | None = None, engine: str | None = None,
        raise_if_result_exists: bool = False, overwrite_source: bool = False,
    ) -> str:  # fmt: skip
        """Write the picture to a file, and return its path.

        `render("graph.png")` writes that file. As with `graphviz.Digraph`, `render("graph")` writes the DOT to
        `graph` and the picture to `graph.svg` (or another `format`), and `cleanup=True` removes the DOT.

        Args:
            filename: Where to, with or without a suffix that names the format.
            directory: The folder that filename is in; made if missing.
            view: Open the result in the system's viewer.
            cleanup: Remove the file with the DOT.
            format: Default: the suffix, or else `self.format`.
            renderer: As for `pipe`.
            formatter: As for `pipe`.
            neato_no_op: As for `pipe`.
            quiet: As for `pipe`.
            quiet_view: As view, without messages of the viewer.
            outfile: The file for the picture; the DOT goes beside it.
            engine: As for `pipe`.
            raise_if_result_exists: Raise instead of overwriting the picture.
            overwrite_source: Accepted for compatibility.

        Raises:
            RenderError: As for `pipe`.
            FileExistsError: If raise_if_result_exists, and the picture is there already.
        """
        target = Path(directory or self.directory, filename or outfile or self.filename)
        suffix = target.suffix[1:].lower()
        is_picture = outfile is not None or (suffix == (format or suffix) and suffix in PICTURES)
        if outfile is not None:
            chosen, source_path = format or suffix or self.format, target.with_suffix(".gv")
            target = Path(directory or self.directory, outfile)
        elif is_picture:
            chosen, source_path = suffix, None
        else:
            chosen, source_path = format or self.format, target
            target = target.with_name(f"{target.name}.{chosen}")
        if raise_if_result_exists and target.exists():
            raise FileExistsError(f"{str(target)!r} exists already; raise_if_result_exists=True says to keep it")
        content = self.pipe(chosen, renderer, formatter, neato_no_op, quiet, engine=engine)
        put(target, content)
        if source_path is not None and not cleanup:
            put(source_path, self.source.encode())
        if view or quiet_view:
            self._view(str(target), format=chosen, quiet=quiet_view)
        return str(target)

    def save(
        self, filename: os.PathLike[str] | str | None = None, directory: os.PathLike[str] | str | None = None,
        *, skip_existing: bool | None = False,
    ) -> str:  # fmt: skip
        """Write the picture to a file in the format that its suffix names, and return the path.

        Args:
            filename: As "graph.svg" or "graph.png"; the DOT is written for ".gv", ".dot" and no suffix.
            directory: The folder that filename is in; made if missing.
            skip_existing: Leave a file that exists as it is.

        Raises:
            RenderError: As for `pipe`.
        """
        target = Path(directory or self.directory, filename or self.filename)
        if skip_existing and target.exists():
            return str(target)
        suffix = target.suffix[1:].lower()
        content = self.pipe(suffix if suffix and suffix != "gv" else "dot")
        put(target, content)
        return str(target)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """What a notebook shows: SVG, and where SVG is not trusted a small PNG, or of a network HTML with its images.

        Where PNG is the picture's format, there is no SVG.
        """
        makers: dict[str, Callable[[], Any]] = {
            "image/svg+xml": lambda: self.svg,
            "image/png": lambda: self.pipe("png") if self.format == "png" else preview_png(self.svg),
        }
        shown = ["image/png"] if self.format == "png" else ["image/svg+xml"]
        if (nodes := self.nodes) is not None:
            makers["text/html"] = lambda: network_html(self.svg, nodes.svg)
            shown.append("text/html")
        elif self.format != "png":
            shown.append("image/png")
        wanted = set(shown if include is None else include) - set(exclude or ())
        return {kind: make() for kind, make in makers.items() if kind in wanted}


def _recoloured(picture: Picture, theme: Theme) -> str:
    return recoloured(picture.svg, theme)
