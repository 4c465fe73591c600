"""What is saved: pictures, an animation, pages; each whole or not at all."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from autograd.view import render
from autograd.view.watcher import film, picture

from ...distributions import ROOT
from ..svg import HARMLESS, Document, pixels
from .trainings import Clock, X, network, quiet, y


def seen(frames, *samples):
    model, clock = network(2, 3, 1), Clock()
    watch = quiet(model, *samples, clock=clock)
    with watch as training:
        for step in range(1, frames + 1):
            clock.pass_by(10.0)
            model.layers[1].neurons[0].b.data = step / frames - 0.5
            training.update(loss=1.0 / step)
    return watch


def test_a_gif_shows_every_frame_and_stays_at_the_last(tmp_path):
    path = seen(6).save(tmp_path / "training.gif")
    with Image.open(path) as film:
        assert film.n_frames == 6
        assert film.info["loop"] == 0
        durations = []
        for index in range(film.n_frames):
            film.seek(index)
            durations.append(film.info["duration"])
    assert durations == [500] * 5 + [2500]
    assert os.path.getsize(path) < 5_000_000


def test_a_frame_holds_only_what_has_changed_and_shows_the_whole(tmp_path):
    record = seen(4).record
    with Image.open(BytesIO(film.film(record))) as animation:
        width, height, _ = pixels(render.svg_to_png(picture.frame_svg(record, record.frames.last), scale=1.0))
        assert animation.size == (round(0.8 * width), round(0.8 * height))
        frames = []
        for index in range(animation.n_frames):
            animation.seek(index)
            frames.append(animation.convert("RGB"))
    kept = list(record.frames)
    for frame, still in zip(kept, frames, strict=True):
        alone = film._pixels(picture.frame_svg(record, frame)).convert("L")
        difference = ImageChops.difference(alone, still.convert("L"))
        assert ImageStat.Stat(difference).mean[0] < 1.0  # of 255: colours that are much alike are one
    alone = [len(film._animated([image.quantize()])) for image in frames]
    together = len(film._animated([image.quantize(palette=frames[0].quantize(), dither=0) for image in frames]))
    assert together < 0.6 * sum(alone)


def test_a_long_training_makes_a_gif_of_40_frames(monkeypatch):
    monkeypatch.setattr(film, "_pixels", lambda svg: Image.new("RGB", (40, 40), (len(svg) % 256, hash(svg) % 256, 9)))
    made = film.film(seen(90).record)
    with Image.open(BytesIO(made)) as opened:
        assert 2 < opened.n_frames <= 40  # frames that look the same are one


def test_a_gif_that_would_be_too_large_has_fewer_frames(monkeypatch):
    monkeypatch.setattr(film, "MAX_BYTES", 20_000)
    made = film.film(seen(8).record)
    with Image.open(BytesIO(made)) as opened:
        assert opened.n_frames < 8


def test_colours_are_not_dithered(tmp_path):
    path = seen(3, X, y).save(tmp_path / "training.gif")
    with Image.open(path) as film:
        corner = film.convert("RGB").crop((0, film.height - 30, 200, film.height - 4))
    assert len(corner.getcolors(10_000)) < 40


def test_png_and_svg_show_the_last_state(tmp_path):
    watch = seen(4, X, y)
    svg = Path(watch.save(tmp_path / "a" / "training.svg")).read_text(encoding="utf-8")
    picture = Document(svg)
    assert "step 4: loss 0.2500" in picture.texts
    assert picture.tags <= HARMLESS
    width, height, _ = pixels(Path(watch.save(str(tmp_path / "training.PNG"))).read_bytes())
    assert (width, height) == pytest.approx((picture.width * 2, picture.height * 2), abs=1)


@pytest.mark.parametrize("name", ["training", "training.jpg", "training.html.txt"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match=r"its name must end in \.html, \.gif, \.png, \.svg"):
        seen(2).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_nothing_seen_is_nothing_to_save(tmp_path):
    with pytest.raises(ValueError, match="nothing was seen yet"):
        quiet(network(2, 3, 1)).save(tmp_path / "training.html")


def test_a_process_that_is_killed_while_it_saves_leaves_the_old_file_whole(tmp_path):
    path = tmp_path / "training.html"
    program = textwrap.dedent("""
        import sys
        from tests.view.watch.trainings import X, network, quiet, y
        watch = quiet(network(2, 3, 1), X, y)
        watch.update(loss=1.0)
        watch.close()
        while True:
            watch.record.name = watch.record.name + "." if len(watch.record.name) < 99 else "N"
            watch.save(sys.argv[1])
    """)
    for delay in (0.0, 0.013, 0.031):
        before = path.stat().st_mtime_ns if path.exists() else 0
        process = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT)
        try:
            while not path.exists() or path.stat().st_mtime_ns == before:
                assert process.poll() is None
                time.sleep(0.01)
            time.sleep(delay)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        text = path.read_text(encoding="utf-8")
        assert text.startswith("<!DOCTYPE html>")
        assert text.endswith("</html>\n")
