"""A training as an animated GIF: the frames as pictures, in one palette, without dithering.

This module owns how many frames there are and how long each is shown; it must not know what is on them.
Read next: `picture.py`, which draws a frame.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, TypeVar

from ..render import svg_to_png
from .picture import frame_svg
from .records import Record

__all__ = ["film"]

MAX_FRAMES = 40
MAX_BYTES = 4_500_000
RUN = 8000  # milliseconds, of all frames but the last
SHORTEST, LONGEST, LAST = 40, 500, 2500  # milliseconds of a frame
T = TypeVar("T")
COLOURS = 64


def film(record: Record) -> bytes:
    """The GIF of a training that has a frame at least; it repeats for ever."""
    from PIL import Image

    frames = list(record.frames)
    images = [_pixels(frame_svg(record, record.whole(frame))) for frame in _evenly(frames, MAX_FRAMES)]
    palette = _palette([images[0], images[len(images) // 2], images[-1]])
    flat = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    content = _animated(flat)
    while len(content) > MAX_BYTES and len(flat) > 2:
        flat = _evenly(flat, (len(flat) + 1) // 2)
        content = _animated(flat)
    return content


def _evenly(items: list[T], count: int) -> list[T]:
    """So many of the items, the first and the last among them; all, if there are not more."""
    if len(items) <= count:
        return items
    return [items[round(i * (len(items) - 1) / (count - 1))] for i in range(count)]


def _animated(images: list[Any]) -> bytes:
    each = max(SHORTEST, min(LONGEST, RUN // len(images)))
    out = BytesIO()
    images[0].save(
        out, "GIF", save_all=True, append_images=images[1:], loop=0, optimize=False,
        duration=[each] * (len(images) - 1) + [LAST],
    )  # fmt: skip
    return out.getvalue()


def _pixels(svg: str) -> Any:
    from PIL import Image

    return Image.open(BytesIO(svg_to_png(svg, scale=1.0))).convert("RGB")


def _palette(images: list[Any]) -> Any:
    """The colours of several images, as one image."""
    from PIL import Image

    whole = Image.new("RGB", (images[0].width, sum([image.height for image in images])))
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)
