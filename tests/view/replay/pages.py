"""What the tests of replays do with a page: open it, go to a step, read what it shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.view.replayer import replay

from ...browser import open_html

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCES = Path(replay.__code__.co_filename).parent


def opened(page: Page, y: Any, **settings: Any) -> Page:
    """The replay of y, saved and opened as a file."""
    return open_html(page, replay(y, **settings).html)


def go(page: Page, step: int) -> None:
    """To a step, by the slider."""
    page.get_by_label("Step", exact=True).fill(str(step))


def last_step(page: Page) -> int:
    """The number of the last step."""
    return int(page.get_by_label("Step", exact=True).get_attribute("max") or 0)


def step(page: Page) -> int:
    """The step that is shown."""
    return int(page.locator("output").inner_text().split("/")[0])


def rows(page: Page) -> dict[str, tuple[str, str]]:
    """The data and the gradient of each node, as the table shows them."""
    read: dict[str, tuple[str, str]] = page.locator(".table table").evaluate(
        """table => Object.fromEntries([...table.tBodies].flatMap((body) => [...body.rows]).map((row) => {
            const input = row.cells[2].querySelector("input");
            const data = input ? input.value : row.cells[2].textContent;
            return [row.cells[0].textContent, [data, row.cells[3].textContent]];
        }))"""
    )
    return {name: (data, grad) for name, (data, grad) in read.items()}


def boxes(page: Page) -> dict[str, tuple[str, str]]:
    """The data and the gradient of each node, as the picture shows them."""
    read: dict[str, tuple[str, str]] = page.locator(".picture svg").evaluate(
        """svg => Object.fromEntries([...svg.querySelectorAll("g.value")].map((box) =>
            [".label", ".data", ".grad"].map((part) => box.querySelector(part).textContent))
            .map(([label, data, grad]) => [label, [data, grad]]))"""
    )
    return {name: (data, grad) for name, (data, grad) in read.items()}


def state(page: Page) -> Any:
    """All that the page shows: the picture with its marks, the panel, the table, the slider."""
    return page.locator(".app").evaluate(
        """app => {
            const shown = (selector) => {
                const copy = app.querySelector(selector).cloneNode(true);
                copy.querySelectorAll("[hidden]").forEach((element) => element.remove());
                return copy.outerHTML;
            };
            const parts = [".picture svg", ".panel", ".table"].map(shown);
            return [app.dataset.kind, ...parts, app.querySelector("output").textContent];
        }"""
    )
