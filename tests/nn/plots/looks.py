"""What a reader sees of a figure: its texts and where they stand, and how well colours are told from each other."""

import math

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb

HOSTILE = ["a$b$c", "$\\frac", "_hidden", "$x^2", "50 % {of} \\alpha"]
"""Names that matplotlib takes for formulas, or leaves out of a legend."""


def texts(figure):
    """Every text that is shown, drawn once so that it has its place."""
    FigureCanvasAgg(figure).draw()
    found = []
    for ax in figure.axes:
        found += [*ax.texts, ax.title]
        if ax.get_legend():
            found += ax.get_legend().get_texts()
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            if ax.axison:
                ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
                shown = [tick for tick in ticks if min(limits) <= tick.get_loc() <= max(limits)]
                found += [label for tick in shown for label in (tick.label1, tick.label2)]
                found += [axis.label, axis.offsetText]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def words(figure):
    return [text.get_text() for text in texts(figure)]


def collisions(figure):
    """The pairs of texts that overlap, and the texts that reach beyond the figure."""
    shown = texts(figure)
    names = [text.get_text() for text in shown]
    left, bottom, right, top = np.array([text.get_window_extent().padded(-0.5).extents for text in shown]).T
    apart = (right[:, None] <= left) | (top[:, None] <= bottom)  # the first is left of or below the second
    pairs = np.argwhere(np.triu(~(apart | apart.T), k=1))
    outside = (left < -1) | (bottom < -1) | (right > figure.bbox.width + 1) | (top > figure.bbox.height + 1)
    return [(names[i], names[j]) for i, j in pairs], [names[i] for i in np.flatnonzero(outside)]


def luminance(colour):
    """The relative luminance of WCAG 2."""
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21."""
    a, b = sorted((luminance(one), luminance(other)))
    return (b + 0.05) / (a + 0.05)


def dashed(line):
    """Whether a line has gaps; `get_linestyle` calls every pattern of one's own '--'."""
    return line.get_linestyle() != "-"


def vertices(collection):
    """All points of a contour line."""
    points = [tuple(point) for path in collection.get_paths() for point in path.vertices]
    return [point for point in points if all(map(math.isfinite, point))]
