"""Where computations are seen: drawn, replayed step by step, explained path by path, watched while they train.

This package owns every way to see a graph, which it reads through one read-only `Graph`; it must not know `nn`.
`draw`, in the order of the work: `graph.py`, `look.py`, `shapes.py`, `scene.py`, `dot.py`, `render.py` or
`layout.py`, `wrap.py`, `paint.py` with `themes.py`, `legend.py` and `svg.py`, `picture.py`; for networks
`network_layout.py`, `network_paint.py`, `network.py`. `tracing.py` notes where nodes come from, `groups.py` puts them
into boxes. `page.py` is what notebooks and files get of the packages `replayer`, `explainer` and `watcher`;
`mathematics.py` and `javascript.py` write rules for them.
Read next: `drawing.py`.
"""

from .drawing import draw
from .explainer import Explanation, explain, print_tree, tree_text
from .graph import Edge, Graph, Node, Source, read_graph
from .network import draw_network
from .network_layout import NetworkLayout, layout_network
from .page import Page
from .picture import Picture
from .render import RenderError
from .replayer import replay
from .tracing import Traced, trace
from .watcher import Watch, watch

__all__ = [
    "Edge", "Explanation", "Graph", "NetworkLayout", "Node", "Page", "Picture", "RenderError", "Source", "Traced",
    "Watch", "draw", "draw_network", "explain", "layout_network", "print_tree", "read_graph", "replay", "trace",
    "tree_text", "watch",
]  # fmt: skip
