"""How pictures, data and permissions are written into a page: data URLs, JSON in HTML, hashes of scripts and styles.

This module owns these three encodings, and where a page's own files lie; it must not know what they carry.
Each is safe by construction: what comes out holds no sign that could end the attribute or element it stands in.
Read next: `page.py`, which puts them together.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["data_url", "hash_source", "json_block", "part"]

KEPT = " !$'()*+,-./:;=?@_~"  # legal in an attribute and in such a URL; not # % & < > " and what is beyond ASCII
TAG = re.compile(r"<[^<>]*>")
QUOTED = re.compile(r'="([^"\']*)"')
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity')  # a string, or a number that JSON does not know
DANGEROUS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
NUMBERS = {"Infinity": "1e999", "-Infinity": "-1e999", "NaN": '{"$float":"nan"}'}


def data_url(svg: str) -> str:
    """An SVG document as a URL that holds it, in the shorter of the two forms: percent signs or base64.

    Example:
        >>> data_url('<svg width="9"/>')
        "data:image/svg+xml,%3Csvg width='9'/%3E"
    """
    single = TAG.sub(lambda tag: QUOTED.sub(r"='\1'", tag[0]), svg.strip())  # ' may stay, " would take three signs
    plain = "data:image/svg+xml," + quote(single, safe=KEPT)
    coded = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode("ascii")
    return min(plain, coded, key=len)


def json_block(data: Any) -> str:
    r"""Data as JSON for a `<script type="application/json">`: no sign in it could end that element.

    Infinity is written as 1e999, which every reader of JSON takes for it, nan as {"$float": "nan"}.

    Example:
        >>> print(json_block({"label": "</script>", "grad": float("nan")}))
        {"label":"\u003c/script\u003e","grad":{"$float":"nan"}}
    """
    text = json.dumps(data, separators=(",", ":"))  # ASCII: U+2028 and half characters are escaped too
    return TOKEN.sub(lambda found: NUMBERS.get(found[0], found[0]), text).translate(DANGEROUS)


def hash_source(text: str) -> str:
    """The name by which a Content-Security-Policy allows an inline script or style of exactly this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"


@cache
def part(name: str) -> str:
    """The text of one of the view's scripts and styles, as `"page.js"` or `"watcher/player.js"`."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
