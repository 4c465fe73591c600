"""A network as DOT, for those who go on in Graphviz.

This module owns that text alone, and must not know how units and weights look: colours and widths are those of the SVG.
Read next: `network_paint.py`, which owns them.
"""

from __future__ import annotations

from . import style
from .dot import quoted
from .network_layout import Network
from .network_paint import brief, line_style, shown_lines
from .text import shortened

__all__ = ["network_dot"]


def network_dot(network: Network) -> list[str]:
    """The picture as lines of DOT."""
    lines = [
        f'\tgraph [rankdir=LR nodesep=0.15 ranksep=1.6 splines=line bgcolor="{style.PAPER}" fontcolor="{style.INK}"]\n',
        f'\tnode [shape=circle fixedsize=true width=0.45 fontname="{style.DOT_FONT}" fontsize=9 style=filled '
        f'color="{style.INK}" fontcolor="{style.INK}"]\n',
        f'\tedge [arrowhead=none fontname="{style.DOT_FONT}" fontsize=9]\n',
    ]
    if network.title:
        lines.append(f'\tgraph [label={quoted(network.title)} labelloc=t fontname="{style.DOT_FONT}"]\n')
    last = len(network.weights)
    for column, units in enumerate(network.layout.units):
        fill = style.LEAF_FILL if column == 0 else style.OUTPUT_FILL if column == last else style.PAPER
        for index, _ in units:
            bias = network.biases[column - 1][index] if column and network.biases[column - 1] else None
            names = network.names(column)
            outside = f" xlabel={quoted(shortened(names[index]))}" if names else ""
            label = quoted("" if bias is None else brief(bias))
            lines.append(f'\tu{column}_{index} [label={label}{outside} fillcolor="{fill}"]\n')
        if network.layout.gaps[column]:
            hidden = network.layout.sizes[column] - len(units)
            lines.append(f'\tmore{column} [label="… {hidden} more" shape=plaintext fixedsize=false style=""]\n')
            lines.append("\t{" + f"rank=same u{column}_{units[0][0]} more{column}" + "}\n")
    largest = network.largest
    for line in shown_lines(network):
        colour, width, opacity = line_style(line.number, largest)
        dashes = " style=dashed" if line.number < 0 else ""
        alpha = f"{round(255 * opacity):02X}"
        ends = f"u{line.layer}_{line.before} -> u{line.layer + 1}_{line.unit}"
        lines.append(f'\t{ends} [color="{colour}{alpha}" penwidth={width:.2f}{dashes}]\n')
    return lines
