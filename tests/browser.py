"""A real browser for the tests: Debian's Chromium, driven by Playwright, which downloads none of its own.

The fixture `page` fails its test if the page had an error, opened a dialog or asked for anything beyond itself. A test
whose browser died is run once more, in a new one: that says something about the machine, not about the page, unless it
happens twice.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

REMEDY = "These tests look at pages in a real browser, and there is no `chromium` on the path. Remedy: make browser"
DISABLED = [  # a toolbar that nobody sees costs each context a process, and 40 % more time; ...
    "InitialWebUI", "PreloadTopChromeWebUI", "WebUIToolbarProcessOverheadExperiment", "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # ... and what Playwright disables, whose list this one replaces
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
]  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    f"--disable-features={','.join(DISABLED)}",
]  # fmt: skip
PATIENCE = 60_000.0  # milliseconds for what is there at once, where a machine has ten times as much to do ...
LOADING = 300_000.0  # ... and for all that a page does before it is loaded
DIED = ["TargetClosedError", "Page crashed", "Target crashed"]  # what Playwright says where the browser is gone
INSIDE = ("data:", "about:", "blob:")  # what a page says to itself

_scratch = tempfile.TemporaryDirectory(prefix="scalar-autograd-pages-")
_watches: WeakKeyDictionary[Page, Watch] = WeakKeyDictionary()


class Watch:
    """What a page did that a good page does not do.

    Args:
        page: Watched from now on.
        allowed: Addresses that it may ask for begin with one of these.
    """

    def __init__(self, page: Page, allowed: tuple[str, ...] = ()) -> None:
        self.allowed = list(allowed)
        self.problems: list[str] = []
        self.forgiven: list[str] = []
        page.on("console", lambda message: self.note(message.type == "error", f"console: {message.text}"))
        page.on("pageerror", lambda error: self.note(True, f"error: {error}"))
        page.on("dialog", self.dialog)
        page.on("request", self.request)
        page.on("websocket", lambda socket: self.address(socket.url))
        _watches[page] = self

    def note(self, is_problem: bool, problem: str) -> None:
        if is_problem:
            self.problems.append(problem)

    def dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def request(self, request: Request) -> None:
        self.address(request.url)

    def address(self, url: str) -> None:
        self.note(not url.startswith((*INSIDE, *self.allowed)), f"request: {url[:200]}")

    def unforgiven(self) -> list[str]:
        return [p for p in self.problems if not any(re.search(pattern, p) for pattern in self.forgiven)]


def watched(page: Page) -> Watch:
    """The record of what a page of the fixture `page` or of `watching` did."""
    return _watches[page]


def forgive(page: Page, pattern: str) -> None:
    """Problems with this pattern are what the test wants to see; they do not fail it."""
    watched(page).forgiven.append(pattern)


def executable() -> str:
    """Where Chromium is; without one the test fails with the remedy."""
    return shutil.which("chromium") or pytest.fail(REMEDY, pytrace=False)


def open_html(page: Page, html: str | Path) -> Page:
    """Open a document as a reader does, from a file; a text is written into one first."""
    if isinstance(html, Path):
        path = html
    else:
        path = Path(tempfile.mkdtemp(dir=_scratch.name), "page.html")
        path.write_text(html, encoding="utf-8")
    if page in _watches:
        watched(page).allowed.append(path.resolve().as_uri())
    page.goto(path.resolve().as_uri())
    return page


class Chromium:
    """One Chromium for all tests of a process; where it died, the next test starts another."""

    def __init__(self, launch: Callable[[], Browser]) -> None:
        self.launch = launch
        self.running = launch()

    def new_context(self, **options: Any) -> BrowserContext:
        if not self.running.is_connected():
            self.running = self.launch()
        return self.running.new_context(**options)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A test whose browser died is run once more; one that fails is not."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=DIED))


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """The Chromium on the path."""
    path = executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = Chromium(lambda: playwright.chromium.launch(executable_path=path, args=FLAGS))
        yield started
        started.running.close()


@pytest.fixture
def watching() -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a context and watches it; the test fails if one of them did what it must not."""
    pages: list[Page] = []

    def make(context: BrowserContext, *allowed: str) -> Page:
        made = context.new_page()
        made.set_default_timeout(PATIENCE)
        made.set_default_navigation_timeout(LOADING)
        Watch(made, allowed)
        pages.append(made)
        return made

    yield make
    problems = [problem for made in pages for problem in watched(made).unforgiven()]
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(browser: Chromium, watching: Callable[..., Page]) -> Iterator[Page]:
    """An empty page of 1280 by 800 pixels without a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    yield watching(context)
    context.close()
