"""Themes: what every colour of a picture becomes on a dark screen and on printed paper.

This module owns which colours belong together, and must not know what is painted with them.
Pictures are painted in the light theme's colours, of which no two are the same; a theme is a translation of these.
Read next: `style.py`, the colours that painters use.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from . import style

__all__ = ["DARK", "LIGHT", "PRINT", "THEMES", "Theme", "recoloured", "theme", "theme_css"]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colour of every role that something in a picture can have.

    Attributes:
        paper: Behind everything.
        ink: Text and numbers.
        muted: Text of less weight; arrows.
        line: Borders of results and constants.
        gradient_ink: Gradients, and negative numbers where the sign has a colour.
        blue: Operations, leaves, positive weights.
        vermillion: Negative weights.
        amber: The output.
        highlight: What is pointed out.
        leaf_fill, result_fill, output_fill, op_fill, constant_fill: Behind the text of these.
        group_fill: Behind the text of modules.
    """

    paper: str
    ink: str
    muted: str
    line: str
    gradient_ink: str
    blue: str
    vermillion: str
    amber: str
    highlight: str
    leaf_fill: str
    result_fill: str
    output_fill: str
    op_fill: str
    constant_fill: str
    group_fill: str


LIGHT = Theme(
    paper=style.PAPER, ink=style.INK, muted=style.MUTED, line=style.LINE, gradient_ink=style.GRADIENT_INK,
    blue=style.BLUE, vermillion=style.VERMILLION, amber=style.AMBER, highlight=style.HIGHLIGHT,
    leaf_fill=style.LEAF_FILL, result_fill=style.RESULT_FILL, output_fill=style.OUTPUT_FILL, op_fill=style.OP_FILL,
    constant_fill=style.CONSTANT_FILL, group_fill=style.GROUP_FILL,
)  # fmt: skip

DARK = Theme(
    paper="#0D1117", ink="#E6EDF3", muted="#A3ADB8", line="#6E7681", gradient_ink="#FFB185", blue="#56B4E9",
    vermillion="#F0813A", amber="#E69F00", highlight="#E58BBB", leaf_fill="#12324A", result_fill="#21262D",
    output_fill="#4A3410", op_fill="#0F2537", constant_fill="#171C23", group_fill="#1C2B2A",
)  # fmt: skip

PRINT = Theme(
    paper="#FFFFFF", ink="#000000", muted="#333333", line="#4D4D4D", gradient_ink="#000000", blue="#000000",
    vermillion="#000000", amber="#000000", highlight="#8C8C8C", leaf_fill="#FFFFFF", result_fill="#FFFFFF",
    output_fill="#FFFFFF", op_fill="#FFFFFF", constant_fill="#FFFFFF", group_fill="#FFFFFF",
)  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK, "print": PRINT}


def theme(name: str) -> Theme:
    """The theme of a name.

    Raises:
        ValueError: If there is none: it is "light", "dark" or "print".

    Example:
        >>> theme("print").leaf_fill
        '#FFFFFF'
    """
    if not isinstance(name, str) or name not in THEMES:
        raise ValueError(f"theme = {name!r:.60}: it is one of {', '.join(map(repr, THEMES))}")
    return THEMES[name]


def _changes(to: Theme) -> dict[str, str]:
    """Colours of the light theme, and what they become."""
    after = asdict(to)
    return {colour: after[role] for role, colour in asdict(LIGHT).items() if colour != after[role]}


COLOUR = re.compile(r'(?:(?<= fill=")|(?<= stroke=")|(?<=color="))#[0-9A-F]{6}')


def recoloured(picture: str, to: Theme) -> str:
    """A picture of the light theme, in SVG or DOT, with the colours of another theme.

    Only whole attributes are changed. Text cannot look like one: in both formats its quotation marks are escaped.

    Example:
        >>> recoloured('<rect fill="#FFFFFF"/><text>#FFFFFF fill=&quot;#FFFFFF&quot;</text>', DARK)
        '<rect fill="#0D1117"/><text>#FFFFFF fill=&quot;#FFFFFF&quot;</text>'
    """
    changes = _changes(to)
    return COLOUR.sub(lambda found: changes.get(found[0], found[0]), picture) if changes else picture


def theme_css(selector: str) -> str:
    """CSS that shows a picture of the light theme in the dark one on screens that ask for it, and light on paper.

    Args:
        selector: Of the element that holds the picture, as "svg" or ".graph".

    Example:
        >>> '.graph [fill="#1B1F24"]{fill:#E6EDF3}' in theme_css(".graph")
        True
    """
    rules = [
        f'{selector} [{attribute}="{before}"]{{{attribute}:{after}}}'
        for before, after in _changes(DARK).items()
        for attribute in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme:dark){\n" + "\n".join(rules) + "\n}\n"
