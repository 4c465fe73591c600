"""What a notebook shows of a network: its picture, and below, one click away, the graph of every node.

This module owns these few lines of HTML, which need neither script nor style; it must not know how anything is drawn.
Read next: `picture.py`, which puts them into a notebook's output.
"""

from __future__ import annotations

import re
from html import escape

from .embedding import data_url

__all__ = ["network_html"]

TITLE = re.compile(r'<svg[^>]*? aria-label="([^"]*)"')  # escaped already


def network_html(network: str, nodes: str) -> str:
    """A network's picture, and one of its nodes to open.

    Args:
        network: The picture of the network, an SVG document.
        nodes: The picture of one forward pass, an SVG document.

    Example:
        >>> network_html("<svg/>", "<svg/>").count("<img ")
        2
        >>> network_html("<svg/>", "<svg/>").splitlines()[0]  # labels in dollars are no formulas to MathJax
        '<div class="tex2jax_ignore mathjax_ignore">'
    """
    summary = "Every node of one forward pass"
    return (
        f'<div class="tex2jax_ignore mathjax_ignore">\n<div>{_image(network, "Network")}</div>\n'
        f"<details><summary>{summary}</summary>\n{_image(nodes, summary)}\n</details>\n</div>\n"
    )


def _image(svg: str, otherwise: str) -> str:
    found = TITLE.search(svg)
    return f'<img alt="{found[1] if found else escape(otherwise)}" src="{data_url(svg)}">'
