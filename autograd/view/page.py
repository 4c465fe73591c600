"""`Page`: an HTML output that is a picture everywhere, and alive where scripts are allowed.

This module owns how a picture, a script and its data become one document or one output of a notebook, and must not
know what they show. User text gets into a page as escaped text or as JSON in a block of data, and in no other way.
Read next: `page.js`, what the script is given; `replayer/`, which uses it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from ..files import put
from .embedding import data_url, hash_source, json_block, part
from .render import preview_png
from .text import printable
from .themes import DARK, LIGHT, theme_css

__all__ = ["Page"]

# No rule is for notebooks, which have rules of their own: a saved page loads nothing and runs nothing but its script.
POLICY = (
    "default-src 'none'; img-src data:; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"
)


class Page:
    """A picture, a script that makes it alive, and the data of the script, as one self-contained HTML output.

    The picture comes first, as an image. Where scripts run (a saved page, a trusted notebook), `start` takes its
    place, in a shadow root of its own: outputs on one page share neither names nor styles. Where they do not (an
    untrusted notebook, a mail), and where `start` fails, the picture stays, with the summary below it.

    Args:
        title: The heading of a saved page.
        image: The picture, an SVG document.
        text: What the picture shows, for those who do not see it.
        script: JavaScript that defines `function start(root, data)`; root is an empty element. Without it the page is
            a picture. It may call the helpers of `page.js`.
        style: CSS for root, which comes after `page.css`.
        data: What start is given: dicts, lists, strings, numbers (nan and inf too), True, False and None.
        summary: What the reader should know where there is no script: plain text of one or more lines.

    Raises:
        ValueError: If the script could end its own element, by holding `</script` or `<!--`.

    Example:
        >>> from autograd import Value
        >>> from autograd.view import draw
        >>> picture = draw(Value(2.0, label="x") * 3)
        >>> page = Page("A product", picture.svg, "6 is 2 times 3", "function start(root, data) {}")
        >>> page.html.startswith("<!DOCTYPE html>"), "<script>" in page.fragment
        (True, True)
    """

    def __init__(
        self, title: str, image: str, text: str, script: str = "", style: str = "", data: Any = None,
        summary: str = "",
    ) -> None:  # fmt: skip
        if any(end in script.lower() for end in ("</script", "<!--")):
            raise ValueError("the script holds </script or <!--, which would end it: write <\\/script, <\\!--")
        self.title, self.text, self.summary = _lines(title), _lines(text), _lines(summary)
        self._image, self._script = image, script
        self._block = json_block({"style": part("page.css") + _picture_css() + style, "data": data})

    @property
    def fragment(self) -> str:
        """The output as a notebook gets it: the picture, and the script without a document around it."""
        return self._around(self._image)

    def _around(self, image: str) -> str:
        summary = f"<pre>{escape(self.summary)}</pre>\n" if self.summary else ""
        still = f'<img alt="{escape(self.text)}" src="{data_url(image)}">\n{summary}'
        if not self._script:
            return f'<div class="autograd-page tex2jax_ignore mathjax_ignore">\n{still}</div>\n'
        return (
            f'<div class="autograd-page tex2jax_ignore mathjax_ignore" data-autograd-page="{self._key}">\n{still}'
            f'<script type="application/json">{self._block}</script>\n</div>\n<script>{self._program}</script>\n'
        )

    @property
    def html(self) -> str:
        """The output as one document, which loads nothing and allows no script or style but its own."""
        style = part("document.css")
        program = hash_source(self._program) if self._script else "'none'"
        policy = POLICY.format(script=program, style=hash_source(style))
        title = escape(self.title)
        # The page says that it can be dark; so its image may be. A notebook's does not say what its theme is.
        image = self._image.replace("</svg>", f"<style>{theme_css('svg')}</style></svg>")
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
            f"<h1>{title}</h1>\n{self._around(image)}</main>\n</body>\n</html>\n"
        )

    @property
    def _program(self) -> str:
        """Helpers and script in a function that is called once for each output: none of them is global."""
        filled = part("page.js").replace("/* KEY */", self._key).replace("/* SCRIPT */", self._script)
        return f'(() => {{\n"use strict";\n{filled}}})();\n'

    @property
    def _key(self) -> str:
        """What the script knows its output by: two with the same key are the same, and one script may start both."""
        parts = (self.title, self.text, self.summary, self._image, self._script, self._block)
        return sha256("\0".join(parts).encode()).hexdigest()[:16]

    def save(self, path: os.PathLike[str] | str) -> str:
        """Write the document whole or not at all, and return the path; folders are made where they are missing.

        Raises:
            ValueError: If the path has a suffix other than .html and .htm.
            OSError: If that cannot be; a file that was there before is as it was.
        """
        place = os.fspath(path)
        if (suffix := Path(place).suffix) and suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"a page is HTML, and {place!r} ends in {suffix}: "
                f"save it as {str(Path(place).with_suffix('.html'))!r}. For a picture use "
                "draw(y).save(...), or print the page from a browser"
            )
        put(place, self.html)
        return place

    def __repr__(self) -> str:
        return f"<Page {self.title!r}>"

    def _repr_html_(self) -> str:
        return self.fragment

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """What a notebook stores: HTML, and a picture and a text for viewers without HTML."""
        makers: dict[str, Callable[[], str | bytes]] = {
            "text/html": lambda: self.fragment,
            "image/png": lambda: preview_png(self._image),
            "text/plain": lambda: "\n".join(filter(None, [self.title, self.text, self.summary])),
        }
        wanted = (set(makers) if include is None else set(include)) - set(exclude or ())
        return {kind: make() for kind, make in makers.items() if kind in wanted}


def _lines(text: str) -> str:
    """Text of one or more lines in which everything is visible and legal in HTML."""
    return "\n".join([printable(line) for line in str(text).split("\n")])


@cache
def _picture_css() -> str:
    """CSS by which a picture in the light theme's colours follows the page, which its notebook may have made dark."""
    dark = asdict(DARK)
    pairs = {colour: dark[role] for role, colour in asdict(LIGHT).items() if colour != dark[role]}
    return "".join([
        f'svg [{attribute}="{light}"]{{{attribute}:light-dark({light},{pairs[light]})}}\n'
        for light in pairs for attribute in ("fill", "stroke")
    ])  # fmt: skip
