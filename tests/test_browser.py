"""The browser of the tests: it notices what a page must not do, and says what to do where it is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .browser import REMEDY, forgive, open_html, watched
from .distributions import ROOT

HEAD = "<!DOCTYPE html><html lang=en><title>x</title>"


@pytest.mark.parametrize(("body", "problem"), [
    ("<script>console.error('oh')</script>", "console: oh"),
    ("<script>throw new Error('ah')</script>", "error: ah"),
    ("<script>alert('hey')</script>", "dialog: hey"),
    ("<img src='http://127.0.0.1:9/x.png'>", "request: http://127.0.0.1:9/x.png"),
    ("<script>new WebSocket('ws://127.0.0.1:9/')</script>", "request: ws://127.0.0.1:9/"),
    ("<script>fetch('http://127.0.0.1:9/f').catch(() => {})</script>", "request: http://127.0.0.1:9/f"),
    ("<img src='other.png'>", "other.png"),
    ("<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><script>1</script>", "Content Security"),
])  # fmt: skip
def test_what_a_page_must_not_do_is_noticed(page, body, problem):
    forgive(page, ".")
    open_html(page, HEAD + body)
    page.wait_for_load_state("networkidle")
    assert any(problem in noticed for noticed in watched(page).problems)


def test_a_good_page_is_left_alone(page):
    open_html(page, HEAD + "<img src='data:image/svg+xml,<svg/>'><script>console.log('fine')</script>")
    assert watched(page).problems == []


def test_what_is_forgiven_is_told_apart(page):
    forgive(page, "^console: expected")
    open_html(page, HEAD + "<script>console.error('expected'); console.error('surprise')</script>")
    assert watched(page).unforgiven() == ["console: surprise"]
    forgive(page, "surprise")


def test_a_document_can_be_a_file(page, tmp_path):
    place = tmp_path / "a b.html"
    place.write_text(HEAD + "<p>here</p>", encoding="utf-8")
    assert open_html(page, place).locator("p").inner_text() == "here"


FAILING = """
def test_dialog(page):
    page.set_content("<script>alert('hey')</script>")

def test_fine(page):
    page.set_content("<p>fine</p>")
"""


DYING = """
from pathlib import Path

RUNS = Path(__file__).with_name("runs")

def crash(page):
    page.context.browser.new_browser_cdp_session().send("Browser.crash")

def runs(name):
    noted = RUNS.with_suffix("." + name)
    noted.write_text(noted.read_text() + "x" if noted.exists() else "x")
    return len(noted.read_text())

def test_dies_once(page):
    if runs("once") == 1:
        crash(page)
    page.set_content("<p>fine</p>")

def test_dies_twice(page):
    runs("twice")
    crash(page)

def test_fails(page):
    assert runs("fails") == 0

def test_fine(page):
    page.set_content("<p>fine</p>")
"""


def run(tmp_path: Path, tests: str = FAILING, **environment: str) -> "subprocess.CompletedProcess[str]":
    """These tests in a session of their own."""
    tmp_path.joinpath("conftest.py").write_text(
        "from tests.browser import browser, page, pytest_itemcollected, watching\n", encoding="utf-8"
    )
    tmp_path.joinpath("test_it.py").write_text(tests, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


def test_a_problem_fails_its_test(tmp_path):
    result = run(tmp_path)
    assert "dialog: hey" in result.stdout
    assert "2 passed, 1 error" in result.stdout


def test_a_test_whose_browser_died_is_run_once_more_and_a_failure_is_not(tmp_path):
    result = run(tmp_path, DYING)
    runs = {noted.suffix: len(noted.read_text(encoding="utf-8")) for noted in tmp_path.glob("runs.*")}
    assert runs == {".once": 2, ".twice": 2, ".fails": 1}, result.stdout
    assert "FAILED test_it.py::test_dies_twice" in result.stdout
    assert "FAILED test_it.py::test_fails" in result.stdout
    assert "2 failed, 2 passed, 2 rerun" in result.stdout


def test_without_chromium_the_tests_fail_with_the_remedy(tmp_path):
    result = run(tmp_path, PATH=str(tmp_path))
    assert result.returncode == 1
    assert "2 errors" in result.stdout
    assert REMEDY in result.stdout
    assert "make browser" in REMEDY
