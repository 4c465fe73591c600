"""What a page may do: its own script under its policy, and nothing else; frames without rights are enough."""

import re
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ..browser import forgive, open_html
from .pages import colour, counter, document, sandboxed


@pytest.fixture
def listener():
    """The address of a server, and what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


PLANTED = """<script>window.canary = 1</script><img src=x onerror='window.canary = 2'>
<p style='color: rgb(9, 9, 9)'>styled</p><style>h1 { color: rgb(8, 8, 8) }</style>
<img src='SERVER/image'><script src='SERVER/script'></script><iframe src='SERVER/frame'></iframe>
<link rel='stylesheet' href='SERVER/style'><object data='SERVER/object'></object><video src='SERVER/video'></video>
<svg><image href='SERVER/svg' width='9' height='9'/></svg>"""


def test_the_policy_of_a_saved_page_allows_its_own_script_alone(browser, watching, listener):
    address, asked = listener
    html = counter().html
    policy = unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1])
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    wanted = {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
    assert {name: directives[name] for name in wanted} == wanted
    for kind in ("script-src", "style-src"):
        assert re.fullmatch(r"'sha256-[\w+/]{43}='", directives[kind])
    assert set(directives) == {*wanted, "script-src", "style-src"}
    with browser.new_context() as context:  # with a network: what is asked for would arrive
        page = watching(context)
        forgive(page, "^console: |^request: ")  # Playwright tells of requests that were not made, too
        open_html(page, html.replace("</main>", PLANTED.replace("SERVER", address) + "</main>"))
        page.get_by_role("button", name="Count").click()
        page.wait_for_load_state("networkidle")
        assert page.locator("output").text_content() == "1.0000"  # ours runs
        assert page.evaluate("typeof window.canary") == "undefined"
        assert colour(page, "p", "color") != "rgb(9, 9, 9)"
        assert colour(page, "h1", "color") != "rgb(8, 8, 8)"
        assert asked == []
        open_html(page, document(PLANTED.replace("SERVER", address)))  # where no policy helps
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.canary") in (1, 2)
    assert {"/image", "/script", "/frame", "/style"} <= set(asked)


def test_a_script_that_could_end_its_element_is_refused():
    for script in ("'</script>'", "// </SCRIPT x", "'<!--'"):
        with pytest.raises(ValueError, match="which would end it"):
            counter(script=script)
    html = counter().html
    assert html.lower().count("</script") == html.lower().count("<script")


def test_a_frame_without_rights_is_enough(page):
    open_html(page, sandboxed(counter().fragment))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button").click()
    assert frame.locator("output").text_content() == "1.0000"


def test_in_a_frame_without_scripts_the_picture_shows(page):
    forgive(page, "Blocked script execution")
    open_html(page, sandboxed(counter().fragment, allow=""))
    image = page.frame_locator("iframe").get_by_role("img", name="tanh of 2 times 3 is 1")
    assert image.is_visible()
    assert image.evaluate("e => e.naturalWidth > 100")
