"""Formulas that keep their meaning where a page's sanitiser takes MathML away and leaves its text.

This file owns the signs that are hidden in MathML for that case: "/", "^", "√" and brackets; it must not know rules.
Read next: `as_html.py`, whose formulas they are.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..formula import Name

__all__ = ["signed"]

TOKENS = frozenset(["mi", "mn", "mo", "mtext"])
SCRIPTS = {"msup": ("^",), "msub": ("_",), "msubsup": ("_", "^"), "munder": ("_",), "mover": ("^",)}
SCRIPTS["munderover"] = SCRIPTS["msubsup"]
DIRECT = frozenset([*SCRIPTS, "msqrt", "mroot"])  # need no brackets in a fraction


def signed(mathml: str) -> str:
    """MathML with signs that take no room and are not seen, but are left when its tags are taken away.

    Example:
        >>> import re
        >>> re.sub("<[^>]*>", "", signed("<mfrac><mn>1</mn><msup><mi>x</mi><mn>2</mn></msup></mfrac>"))
        '1/x^2'
    """
    root = ElementTree.fromstring(f"<mrow>{mathml}</mrow>")
    for element in [*root.iter()]:  # listed first: what is put in needs no signs of its own
        _add(element)
    return "".join([ElementTree.tostring(child, encoding="unicode") for child in root])


def _add(element: Element) -> None:
    parts = list(element)
    if element.tag == "mfrac":
        top, bottom = parts
        over = _row(*_bracketed(top, _is_direct(top)), _hidden("/"))
        element[:] = [over, _row(*_bracketed(bottom, _is_direct(bottom)))]
    elif element.tag == "msqrt":
        element[:] = [_hidden("√("), *parts, _hidden(")")]
    elif element.tag == "mroot":
        element[:] = [_row(_hidden("("), parts[0], _hidden(")^(1/")), _row(parts[1], _hidden(")"))]
    elif element.tag in SCRIPTS and not _is_name(element):
        base, *scripts = parts
        signs = zip(SCRIPTS[element.tag], scripts, strict=True)
        element[:] = [_row(*_bracketed(base, _is_one(base))), *[_script(sign, part) for sign, part in signs]]
    elif element.tag in ("mrow", "math"):
        element[:] = _apart(parts)


def _script(sign: str, part: Element) -> Element:
    """A power or an index; a prime needs no sign."""
    return part if part.text == "′" else _row(_hidden(sign), *_bracketed(part, _is_one(part)))


def _apart(parts: list[Element]) -> list[Element]:
    """The parts, with a hidden space where two words, or a power and a word, would become one."""
    spaced: list[Element] = []
    before: Element | None = None
    for part in parts:
        text = "".join(part.itertext())
        if before is not None and text[:1].isalnum() and not (before.tag == "mn" and len(text) == 1):  # but 2x
            ends = "".join(before.itertext())[-1:]
            if ends.isalnum() or before.tag in SCRIPTS:
                spaced.append(_hidden("\N{NO-BREAK SPACE}"))
        spaced.append(part)
        before = before if part.tag == "mspace" else part
    return spaced


def _hidden(sign: str) -> Element:
    """A sign without room: in <mtext>, as an operator would keep the spaces around it."""
    padded = Element("mpadded", width="0", height="0", depth="0")
    ElementTree.SubElement(ElementTree.SubElement(padded, "mphantom"), "mtext").text = sign
    return padded


def _row(*parts: Element) -> Element:
    if len(parts) == 1:
        return parts[0]
    row = Element("mrow")
    row.extend(parts)
    return row


def _bracketed(part: Element, plain: bool) -> list[Element]:
    return [part] if plain else [_hidden("("), part, _hidden(")")]


def _is_one(part: Element) -> bool:
    """Whether it is one sign, one name, or in brackets already."""
    fenced = part.tag == "mrow" and len(part) > 0 and part[0].get("fence") == "true"
    return part.tag in TOKENS or fenced or _is_name(part)


def _is_name(part: Element) -> bool:
    """Whether it is a letter with its number, as w12."""
    return part.tag == "msub" and part[0].tag == "mi" and part[1].tag == "mn"


def _is_direct(part: Element) -> bool:
    """Whether it can be divided as it is: one thing, a power or root, ∂y, or a function of one thing."""
    if part.tag != "mrow":
        return part.tag in TOKENS or part.tag in DIRECT
    things = [x for x in part if x.tag not in ("mspace", "mpadded")]
    if len(things) == 2:
        first = things[0][0] if things[0].tag in SCRIPTS else things[0]
        letter = first.text or "" if first.tag == "mi" else ""
        return letter == "∂" or (bool(letter) and Name(letter).is_function and _is_one(things[1]))
    return _is_one(part)
