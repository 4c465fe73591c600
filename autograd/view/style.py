"""Colours, fonts and measures of every picture, in one place.

This module owns what pictures look like, and must not know what is drawn. The colours are those of the light theme:
painters use no other, no two roles have the same, and `themes.py` translates them for dark screens and for paper.
The hues are Okabe and Ito's, which colour-blind people tell apart; text on them keeps a contrast of 4.5 : 1.
Read next: `text.py`, how numbers and names are written.

References:
    M. Okabe and K. Ito, Color Universal Design, 2008.
"""

__all__ = [
    "AMBER", "BLUE", "CELL", "CONSTANT_FILL", "DOT_FONT", "FONT", "FONT_SIZE", "GRADIENT_INK", "GROUP_FILL",
    "HIGHLIGHT", "INK", "LEAF_FILL", "LINE", "MARGIN", "MUTED", "NODE_GAP", "OP_FILL", "OP_SIZE", "OUTPUT_FILL",
    "PADDING", "PAPER", "RANK_GAP", "RESULT_FILL", "ROW", "SMALL_SIZE", "VERMILLION",
]  # fmt: skip

BLUE = "#0072B2"  # operations; positive weights
VERMILLION = "#D55E00"  # negative weights
AMBER = "#E69F00"  # the output

INK = "#1B1F24"
MUTED = "#57606A"
LINE = "#8A939C"
PAPER = "#FFFFFF"  # always painted, so that a picture reads the same on a light and on a dark page
GRADIENT_INK = "#A03F00"  # vermillion, darkened until text keeps its contrast

LEAF_FILL = "#DCEBF5"
RESULT_FILL = "#EEF0F2"
OUTPUT_FILL = "#FCE8C2"
OP_FILL = "#EDF5FA"
CONSTANT_FILL = "#F5F6F7"
GROUP_FILL = "#E3F1EE"
HIGHLIGHT = "#AA3A78"  # what is pointed out: Okabe and Ito's purple, darkened

FONT = "DejaVu Sans Mono, Menlo, Consolas, Liberation Mono, monospace"
DOT_FONT = "Courier"  # Graphviz's WebAssembly build measures this one right, and most others as if they were Times
FONT_SIZE = 12.0
SMALL_SIZE = 10.0
CELL = 0.602  # the advance of a character in a monospace font, in units of the font size

ROW = 18.0
PADDING = 8.0
MARGIN = 14.0
OP_SIZE = 28.0
RANK_GAP = 32.0  # between a column and the next
NODE_GAP = 14.0  # between neighbours in a column
