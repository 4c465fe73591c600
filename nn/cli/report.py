"""The report of a training run: one HTML page from texts, tables and pictures.

It owns how the page looks and that every text in it stays text; it must not know networks, data or training.
Read next: `results.py`, which says what stands in it.

The page is one file that needs no network and no script: pictures are part of it, and its policy forbids everything
else. It follows the light or dark setting of the reader, narrow screens and the printer.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from ..readable import Cell, number
from .names import CLOSE, OPEN, visible

__all__ = ["Code", "Picture", "Report", "Section", "Table", "Text", "Tile", "page"]


WIDE = 860
"""The width of the text, in CSS pixels; on a narrow screen, a picture as wide as that is not shrunk to its width."""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Code:
    """Lines to copy, as a command is."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells.

    Attributes:
        header: What stands above each column.
        rows: The cells; a float is shown with 4 significant digits, None as a dash.
        caption: What the table shows.
        left: The first so many columns hold texts, the others numbers.
        emphasis: The indices of rows that matter most.
        folded: Whether the reader has to unfold it, as a long one.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    left: int = 1
    emphasis: Sequence[int] = ()
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """An image.

    Attributes:
        content: The bytes of a PNG or an SVG file.
        alt: What it shows, for readers who do not see it.
        caption: A line below.
        width: The largest width, in CSS pixels.
    """

    content: bytes
    alt: str
    caption: str = ""
    width: int = WIDE


Part: TypeAlias = Text | Code | Table | Picture


@dataclass(frozen=True)
class Section:
    """A part of the page with its heading."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Tile:
    """A figure to see first: what it is, how large, and what to compare it with."""

    name: str
    figure: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What a page holds.

    Attributes:
        title: What was trained on.
        summary: What came out, in a sentence or two.
        tiles: The figures to see first.
        warnings: What the reader should know before trusting them.
        sections: The rest.
        footer: The last line.
    """

    title: str
    summary: str
    tiles: Sequence[Tile] = ()
    warnings: Sequence[str] = ()
    sections: Sequence[Section] = ()
    footer: str = ""


def page(report: Report) -> str:
    """The report as an HTML document.

    Args:
        report: What it holds: plain texts, never markup; every text is escaped, and
            what `names.isolated` made of a name is isolated from the words around it.

    Returns:
        The document. It is the same for the same report.

    Example:
        >>> report = Report("iris", "3 classes.", sections=[Section("Data", [Table(["class", "n"], [["<b>", 50]])])])
        >>> '<td>&lt;b&gt;</td><td class="number">50</td>' in page(report)
        True
    """
    names = [f"section-{i}" for i in range(1, len(report.sections) + 1)]
    links = "".join(
        f'<a href="#{name}">{_text(section.title)}</a>' for name, section in zip(names, report.sections, strict=True)
    )
    sections = "\n".join(map(_section, names, report.sections))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{_attribute(report.title)} · training report</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<p class="kicker">Training report</p>
<h1>{_text(report.title)}</h1>
<p class="summary">{_text(report.summary)}</p>
</header>
<main>
{_tiles(report.tiles)}{_warnings(report.warnings)}<nav aria-label="Sections">{links}</nav>
{sections}
</main>
<footer>{_text(report.footer)}</footer>
</body>
</html>
"""


def _attribute(text: str) -> str:
    """A text where there can be no elements."""
    return escape(visible(text, keep="\n" + OPEN + CLOSE))


def _text(text: str) -> str:
    """A text as HTML; isolated names become elements, signs that HTML forbids become visible."""
    marked = re.sub(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}", r"<bdi>\1</bdi>", _attribute(text))
    return visible(marked, keep="\n")


def _tiles(tiles: Sequence[Tile]) -> str:
    if not tiles:
        return ""
    shown = "".join(
        f'<div class="tile"><dt>{_text(tile.name)}</dt><dd class="figure">{_text(tile.figure)}</dd>'
        f'<dd class="note">{_text(tile.note)}</dd></div>'
        for tile in tiles
    )
    return f'<dl class="tiles">{shown}</dl>\n'


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    items = "".join(f"<li>{_text(warning)}</li>" for warning in warnings)
    return f'<section class="warnings" aria-label="Warnings"><h2>To know</h2><ul>{items}</ul></section>\n'


def _section(name: str, section: Section) -> str:
    parts = "\n".join(map(_part, section.parts))
    return f'<section id="{name}">\n<h2>{_text(section.title)}</h2>\n{parts}\n</section>'


def _part(part: Part) -> str:
    match part:
        case Text(text):
            return f"<p>{_text(text)}</p>"
        case Code(text):
            return f'<pre tabindex="0"><code>{_text(text)}</code></pre>'
        case Picture():
            return _picture(part)
        case Table(caption=caption, folded=folded):
            table = f'<div class="scroll" tabindex="0">{_table(part)}</div>'
            if folded:
                return f"<details><summary>{_text(caption)}</summary>{table}</details>"
            above = f"<figcaption>{_text(caption)}</figcaption>" if caption else ""
            return f'<figure class="table">{above}{table}</figure>'


def _picture(picture: Picture) -> str:
    kind = "png" if picture.content.startswith(b"\x89PNG") else "svg+xml"
    data = base64.b64encode(picture.content).decode("ascii")
    caption = f"<figcaption>{_text(picture.caption)}</figcaption>" if picture.caption else ""
    wide = ' class="wide"' if picture.width >= WIDE else ""
    alt, width = _attribute(picture.alt), picture.width
    image = f'<img src="data:image/{kind};base64,{data}" alt="{alt}"{wide} style="width:{width}px">'
    return f'<figure><div class="scroll" tabindex="0">{image}</div>{caption}</figure>'


def _table(table: Table) -> str:
    kinds = ["" if i < table.left else ' class="number"' for i in range(len(table.header))]
    header = "".join(
        f'<th scope="col"{kind}>{_text(name)}</th>' for kind, name in zip(kinds, table.header, strict=True)
    )
    opening = ["<tr>", '<tr class="emphasis">']
    rows = "\n".join(f"{opening[i in table.emphasis]}{_cells(kinds, row)}</tr>" for i, row in enumerate(table.rows))
    return f"<table><thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _cells(kinds: Sequence[str], row: Sequence[Cell]) -> str:
    return "".join(f"<td{kind}>{_text(number(cell))}</td>" for kind, cell in zip(kinds, row, strict=True))


STYLE = """
:root {
  --page: #f6f7f9; --card: #ffffff; --text: #1b1f24; --faint: #57606a; --line: #d8dee4; --accent: #0a5c96;
  --warn: #fff6e0; --warn-line: #b35900; --emphasis: #eaf3fa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1317; --card: #181d23; --text: #e6eaee; --faint: #9da7b1; --line: #333b44; --accent: #6cb6ff;
    --warn: #2b2313; --warn-line: #e3a04a; --emphasis: #1d2f3f;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 3rem; max-width: 62rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
h1 { margin: 0; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: break-word; }
a { color: var(--accent); }
.kicker { margin: 0; color: var(--faint); font-size: .875rem; }
.summary { font-size: 1.0625rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.tile, main > section {
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
}
.tile { padding: .8rem 1rem; }
.tile dt { color: var(--faint); font-size: .875rem; }
.tile dd { margin: 0; }
.figure { font-size: 1.6rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.note { color: var(--faint); font-size: .875rem; line-height: 1.4; }
main > section { padding: 1.25rem 1.25rem 1rem; margin: 1.25rem 0; }
main > section.warnings { background: var(--warn); border-left: .3rem solid var(--warn-line); }
.warnings ul { margin: 0; padding-left: 1.2rem; }
.warnings li { margin: .25rem 0; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0; }
.scroll { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--faint); font-weight: 600; white-space: nowrap; vertical-align: bottom; }
td { overflow-wrap: break-word; max-width: 26rem; }
td:first-child { min-width: 6rem; }
.number { text-align: right; padding-left: .9rem; padding-right: .3rem; white-space: nowrap; }
.emphasis td { background: var(--emphasis); font-weight: 600; }
td:first-child, th:first-child { padding-left: .4rem; }
figure { margin: .75rem 0 1.25rem; }
img {
  display: block; max-width: 100%; height: auto; background: #ffffff; border-radius: .4rem; padding: .4rem;
}
figcaption { color: var(--faint); font-size: .9375rem; max-width: 46rem; }
pre {
  margin: .5rem 0 1rem; padding: .7rem .9rem; background: var(--page); border: 1px solid var(--line);
  border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere;
}
code { font: .9rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
summary { cursor: pointer; color: var(--accent); }
footer { color: var(--faint); font-size: .875rem; }
@media (max-width: 36rem) {
  body { padding: 1.25rem .75rem 2rem; }
  h1 { font-size: 1.6rem; }
  main > section { padding: 1rem .8rem .6rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  img.wide { max-width: max(100%, 30rem); }
}
@media print {
  :root {
    --page: #ffffff; --card: #ffffff; --text: #000000; --faint: #444444; --line: #bbbbbb; --accent: #000000;
    --warn: #ffffff; --warn-line: #777777; --emphasis: #eeeeee;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  main > section, .tile { border: none; padding: 0; }
  figure, tr, .tiles, pre { break-inside: avoid; }
  h2 { break-after: avoid; }
  .scroll { overflow: visible; }
}
"""
