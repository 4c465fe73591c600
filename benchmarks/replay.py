"""How smoothly a replay plays: frames per second in Chromium while every frame takes a step.

`python -m benchmarks.replay` opens replays of 30, 100 and 300 nodes, plays each at 60 steps a second, and prints the
median of the frames' lengths, the slowest tenth, the steps, the processor time of a step (which tells what a
busy machine would do if it were idle), and the weight of the page. Needs `make browser`.
Read next: `../autograd/view/replayer/player.js`, the clock of a replay.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from autograd import Value
from autograd.view.replayer import replay

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
MEASURE = """async (seconds) => {
    const app = document.querySelector(".autograd-page").shadowRoot;
    const speed = app.querySelector("select");
    speed.value = "60";
    speed.dispatchEvent(new Event("change"));
    app.querySelector("button.play").click();
    const times = [];
    const until = performance.now() + 1000 * seconds;
    await new Promise((done) => {
        const frame = (now) => {
            times.push(now);
            const playing = app.querySelector("button.play").dataset.playing === "true";
            if (now < until && playing) requestAnimationFrame(frame);
            else done();
        };
        requestAnimationFrame(frame);
    });
    return [times, Number(app.querySelector("input[type=range]").value)];
}"""


def graph(kind: str, nodes: int) -> Value:
    """A computation of so many nodes: a chain, or products with a weight at each step."""
    v = Value(0.5, label="x")
    if kind == "chain":
        for _ in range(nodes - 1):
            v = v.sin()
        return v
    for i in range((nodes - 1) // 2):
        v = v * Value(1.0 + 0.001 * i, label=f"w{i}")
    return v if nodes % 2 else v.tanh()


def processor_time(session: CDPSession) -> float:
    """The seconds that the page's main thread has computed so far."""
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["ThreadTime"])


def measured(page: Page, y: Value, seconds: float = 4.0) -> str:
    """A line of figures for the replay of y."""
    begun = time.perf_counter()
    made = replay(y).html
    took = time.perf_counter() - begun
    path = Path(tempfile.mkdtemp(), "replay.html")
    path.write_text(made, encoding="utf-8")
    page.goto(path.as_uri())
    page.wait_for_timeout(500)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = processor_time(session)
    times, steps = page.evaluate(MEASURE, seconds)
    used = 1000 * (processor_time(session) - before) / steps
    frames = [after - before for before, after in pairwise(times)]
    median, tenth = statistics.median(frames), statistics.quantiles(frames, n=10)[-1]
    return (
        f"{1000 / median:4.0f} frames/s median ({median:5.1f} ms; slowest tenth above {tenth:5.1f} ms), "
        f"{steps} steps in {(times[-1] - times[0]) / 1000:.1f} s, {used:4.1f} ms of the main thread each, "
        f"{len(made.encode()) / 1000:4.0f} kB, made in {took:.2f} s"
    )


def main() -> None:
    """Print the figures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for kind in ("chain", "products"):
            for nodes in (30, 100, 300):
                print(f"{kind:8s} {nodes:3d} nodes: {measured(page, graph(kind, nodes))}")
        browser.close()


if __name__ == "__main__":
    main()
