"""Every kind of output where others show it: sanitised, in a mail, in frames that may do little or nothing.

Without a script the right picture shows: of these texts, and large enough to be read. With scripts alone it is alive.
"""

import re
from base64 import b64decode
from urllib.parse import unquote

import pytest

from ..browser import forgive, open_html
from .outputs import MAKERS, fragment, saved
from .pages import document, sandboxed
from .test_page_readers import is_shown, sanitised

TEXTS = ["weight", "input", "bias"]
# Outputs without an image: a picture in the document itself, and an explanation, which is text and mathematics.
INLINE, WORDS = {"draw", "network", "modules"}, {"explain"}
ALIVE = sorted(kind for kind in MAKERS if kind not in INLINE | WORDS | {"picture", "network of a model"})
IMAGES = sorted(set(MAKERS) - INLINE - WORDS)
# What the picture of each kind shows of the texts; a watch shows curves under the name of the training.
SHOWN = {"watch": "weight", "replay of lines": "weight"}


def picture_of(image):
    """The SVG document in the address of an image, as text."""
    head, _, body = image.get_attribute("src").partition(",")
    return b64decode(body).decode("utf-8") if head.endswith("base64") else unquote(body)


def words_of(svg):
    return " ".join(re.findall(r">([^<>]+)</t", svg))


def assert_right(image, kind):
    """The picture is there, can be read, has its words for those who do not see it, and is of these texts."""
    assert is_shown(image)
    assert image.get_attribute("alt")
    assert SHOWN.get(kind, "bias") in words_of(picture_of(image))


@pytest.mark.parametrize("how", ["saved page", "mail"])
@pytest.mark.parametrize("kind", IMAGES)
def test_what_a_strict_site_leaves_of_it_shows_its_picture(page, kind, how, tmp_path):
    output = MAKERS[kind](TEXTS)
    if how == "mail":
        html = document(fragment(output))
    else:
        with open(saved(output, tmp_path), encoding="utf-8") as file:
            html = file.read()
    left = sanitised(html)
    assert "<script" not in left
    open_html(page, document(left))
    assert_right(page.locator("img").first, kind)
    text = page.locator("body").inner_text()
    assert "use strict" not in text
    assert "--paper" not in text
    assert len(text) < 4000  # words, and no data


def test_what_a_strict_site_leaves_of_an_explanation_is_its_text(page):
    open_html(page, document(sanitised(document(fragment(MAKERS["explain"](TEXTS))))))
    text = page.locator("body").inner_text()
    assert "bias" in text
    assert "weight" in text


@pytest.mark.parametrize("kind", IMAGES)
def test_in_a_frame_without_scripts_its_picture_shows(page, kind):
    forgive(page, "Blocked script execution")
    open_html(page, sandboxed(fragment(MAKERS[kind](TEXTS)), allow=""))
    assert_right(page.frame_locator("iframe").locator("img").first, kind)


@pytest.mark.parametrize("kind", sorted(INLINE | WORDS))
def test_in_a_frame_without_rights_what_needs_no_script_shows(page, kind):
    open_html(page, sandboxed(fragment(MAKERS[kind](TEXTS)), allow=""))
    frame = page.frame_locator("iframe")
    assert "bias" in frame.locator("body").inner_text() or kind == "modules"
    box = frame.locator("svg, .autograd-explanation, math").first.bounding_box()
    assert box["width"] > 100 or kind == "explain"


# One press in each, and what is to be seen of it.
PRESSED = {
    "page": ("Count", "output", "1.0000"), "replay": ("One step forward", "output", "1 /"),
    "replay of lines": ("One step forward", ".code code", "y = y * 2"),
    "replay of boxes": ("One step forward", "output", "1 /"), "practice": ("Next question", ".question", "gradient"),
    "watch": ("Back", ".figures", re.compile("step [12]")),  # which steps have a frame is a matter of time
}  # fmt: skip


@pytest.mark.parametrize("kind", ALIVE)
def test_in_a_frame_that_may_run_scripts_and_nothing_else_it_is_alive(page, kind):
    button, place, text = PRESSED[kind]
    open_html(page, sandboxed(fragment(MAKERS[kind](TEXTS))))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name=button).click()
    frame.locator(place).filter(has_text=text).first.wait_for()
    assert frame.locator(".problem").count() == 0
    assert not frame.locator("img").first.is_visible()
