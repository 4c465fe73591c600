"""Pictures of computations: `draw` for Values and for what can draw itself, `draw_network` for layers of neurons.

This package owns every way to see a graph, which it reads through one read-only `Graph`; it must not know `nn`.
Its parts in the order of the work: `graph.py`, `shapes.py`, `dot.py`, `render.py` and `layout.py`, `paint.py`,
`picture.py`, `drawing.py`; for networks `network_layout.py`, `network_paint.py`, `network.py`.
Read next: `drawing.py`.
"""

from .drawing import draw
from .graph import Edge, Graph, Node, read_graph
from .network import draw_network
from .network_layout import NetworkLayout, layout_network
from .picture import Picture
from .render import RenderError

__all__ = [
    "Edge", "Graph", "NetworkLayout", "Node", "Picture", "RenderError", "draw", "draw_network", "layout_network",
    "read_graph",
]  # fmt: skip
