"""No text of a user's becomes markup, script, a URL or an attribute: over 200 hostile ones, in a browser."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from autograd.view import draw

from ..browser import open_html
from .hostile import HOSTILE
from .outputs import MAKERS, computation, fragment, saved
from .pages import document

SHARES = 12  # outputs, each with its share of the texts ...
TOGETHER = 4  # ... of which so many are on one page

# What is in the document and in its shadow roots. Whatever can be pressed is pressed, so that all texts were shown.
SURVEY = """() => {
  const tags = new Set(), found = [];
  const roots = [document];
  for (const root of roots) for (const element of root.querySelectorAll("*")) {
    tags.add(element.localName);
    if (element.shadowRoot) roots.push(element.shadowRoot);
    for (const { name, value } of element.attributes) {
      const isAddress = /^(.*:)?(href|src|action|data|srcdoc|poster|formaction)$/.test(name);
      if (name.startsWith("on") || (isAddress && !value.startsWith("data:image/svg+xml"))) found.push([name, value]);
    }
  }
  return [[...tags], found, roots.length, typeof window.canary];
}"""
PRESS = """async () => {
  const all = (selector) => [...document.querySelectorAll(".autograd-page")].flatMap(
    (host) => [...(host.shadowRoot?.querySelectorAll(selector) ?? [])].filter((element) => element.checkVisibility()));
  for (const summary of all("summary")) summary.click();
  await new Promise((resolve) => setTimeout(resolve, 100));  // what is opened may be made only now
  for (const button of all("button")) button.click();
  for (const field of all("input[type=range]")) {
    field.value = field.max;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
NEVER = {"a", "base", "embed", "foreignobject", "form", "frame", "iframe", "image", "link", "object", "use", "xss"}


def shares():
    return [list(HOSTILE[start::SHARES]) for start in range(SHARES)]


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 200


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("kind", MAKERS)
def test_hostile_texts_are_shown_as_texts(page, kind):
    """In a document without a policy, where everything that got out of its place would work."""
    plain = fragment(MAKERS[kind](["x", "y", "z"]))
    scripts = plain.count("<script")
    for texts in zip(*[iter(shares())] * TOGETHER, strict=True):
        open_html(page, document("\n".join([fragment(MAKERS[kind](share)) for share in texts])))
        page.evaluate(PRESS)
        tags, found, roots, canary = page.evaluate(SURVEY)
        assert canary == "undefined"
        assert found == []
        assert NEVER.isdisjoint(map(str.lower, tags))
        assert roots == 1 + (TOGETHER if scripts else 0)  # every script started
        assert page.locator(".problem").count() == 0
        assert page.locator("script").count() == TOGETHER * scripts
        assert page.locator("style").count() == TOGETHER * plain.count("<style>") * (not scripts)
        assert page.locator("meta").count() == 1


@pytest.mark.parametrize("kind", MAKERS)
def test_hostile_texts_do_nothing_in_a_saved_page(page, kind, tmp_path):
    """Under its policy, which would tell of a script or style that does not belong to it."""
    for texts in shares()[:2]:
        open_html(page, Path(saved(MAKERS[kind](texts), tmp_path)))
        page.evaluate(PRESS)
        tags, found, _, canary = page.evaluate(SURVEY)
        assert canary == "undefined"
        assert found == []
        assert NEVER.isdisjoint(map(str.lower, tags))


def test_the_survey_sees_what_it_forbids(page):
    open_html(
        page, document("<p onclick='1'></p><a href='#x'>x</a><img src='data:image/svg+xml,'><script>canary=1</script>")
    )
    tags, found, roots, canary = page.evaluate(SURVEY)
    assert {"a", "script"} <= set(tags)
    assert found == [["onclick", "1"], ["href", "#x"]]
    assert (roots, canary) == (1, "number")


@pytest.mark.no_cover  # for time's sake
def test_hostile_texts_in_dot_stay_in_their_strings():
    """Graphviz reads the nodes and edges that there are, and makes no link and no image of a text."""
    for texts in shares():
        drawn = []
        for labels in (texts, [f"t{i}" for i in range(len(texts))]):
            picture = draw(computation(labels)[0])
            picture.attr("graph")  # edited: now it is Graphviz that reads the DOT
            drawn.append(ElementTree.fromstring(picture.svg))
        hostile, harmless = ([element.tag.rpartition("}")[2] for element in svg.iter()] for svg in drawn)
        assert hostile.count("g") == harmless.count("g")
        assert set(hostile) == set(harmless)
        assert not any("href" in name or name.startswith("on") for e in drawn[0].iter() for name in e.attrib)
