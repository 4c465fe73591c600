"""A training as an animated GIF: the frames as pictures, in one palette, without dithering.

This module owns how many frames there are and how long each is shown; it must not know what is on them.
Read next: `picture.py`, which draws a frame.
"""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import Any

from ..render import svg_to_png
from .picture import frame_svg
from .records import Record, evenly

__all__ = ["film"]

MAX_FRAMES = 40
MAX_BYTES = 4_500_000
RUN = 8000  # milliseconds, of all frames but the last
SHORTEST, LONGEST, LAST = 40, 500, 2500  # milliseconds of a frame
SCALE = 0.8  # pixels of the animation for one of the picture: text is still legible
COLOURS, CANDIDATES = 128, 1000  # below 256, so that one is left for what a frame does not change
ALIKE = 14  # the sum of the differences in red, green and blue


def film(record: Record) -> bytes:
    """The GIF of a training that has a frame at least; it repeats for ever."""
    from PIL import Image

    frames = list(record.frames)
    images = [_pixels(frame_svg(record, record.whole(frame))) for frame in evenly(frames, MAX_FRAMES)]
    palette = _palette([images[0], images[len(images) // 2], images[-1]])
    flat = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    content = _animated(flat)
    while len(content) > MAX_BYTES and len(flat) > 2:
        flat = evenly(flat, (len(flat) + 1) // 2)
        content = _animated(flat)
    return content


def _animated(images: list[Any]) -> bytes:
    """The images in turn; `optimize` leaves out of each what is as it was before."""
    each = max(SHORTEST, min(LONGEST, RUN // len(images)))
    out = BytesIO()
    images[0].save(
        out, "GIF", save_all=True, append_images=images[1:], loop=0, optimize=True,
        duration=[each] * (len(images) - 1) + [LAST],
    )  # fmt: skip
    return out.getvalue()


def _pixels(svg: str) -> Any:
    """A picture on white: outside its round corners it is transparent."""
    from PIL import Image

    picture = Image.open(BytesIO(svg_to_png(svg, scale=SCALE))).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _palette(images: list[Any]) -> Any:
    """The most frequent colours of several images, exactly, as one image: no line or area changes its colour.

    Of colours that are much alike only one is taken: which of them a pixel gets would be chance.
    """
    from PIL import Image

    counts: Counter[Any] = Counter()
    for image in images:
        counts.update({colour: count for count, colour in image.getcolors(image.width * image.height)})
    chosen: list[Any] = []
    for colour, _ in counts.most_common(CANDIDATES):
        if len(chosen) < COLOURS and all(_distance(colour, other) > ALIKE for other in chosen):
            chosen.append(colour)
    made = Image.new("P", (1, 1))
    made.putpalette([channel for colour in chosen for channel in colour])
    return made


def _distance(one: Any, other: Any) -> int:
    return sum([abs(a - b) for a, b in zip(one, other, strict=True)])
