"""How long the explorer takes from a drag of a slider to the paint of its numbers, at 1e6 rows.

In headless Chromium, which paints on the processor: python benchmarks/explore.py. The time of one
drag runs from the input event to the end of the frame after the answer was drawn. Beside it stands
the processor time of the page's own thread, which others on the machine do not lengthen. Needs the
extras `explore` and `browser`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import threading
from typing import TYPE_CHECKING

import numpy as np
import uvicorn
from playwright.sync_api import sync_playwright

import likeliest as lk
from likeliest.explorer import server

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

DRAGS = 100
FAMILIES = ("normal", "gamma", "weibull", "student t", "burr", "gev")
# A drag is over when the figures have changed and the frame with them was drawn.
DRAG = """(at) => new Promise((resolve) => {
  const slider = document.querySelectorAll(".slider input[type=range]")[1];
  const figures = document.querySelector(".figures");
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start), 0));
  });
  watch.observe(figures, { childList: true, subtree: true });
  const start = performance.now();
  slider.value = at;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def _work(session: CDPSession) -> float:
    """Return the processor time of the page's thread, seconds."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def main() -> None:
    """Print the median, the 95th of 100, the slowest and the work of a family's drags, in ms."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    data = lk.Gamma(2.0, 3.0).sample(rows, seed=0)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    listening = server._listening(0)  # noqa: SLF001
    app = server.app_of(lk.explore(data, FAMILIES[0]), "token")
    served = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]})
    thread.start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"http://127.0.0.1:{listening.getsockname()[1]}/#token")
        print(f"{rows:,} rows, {DRAGS} drags a family; ms from drag to paint")
        print(f"{'family':<12}{'median':>8}{'95th':>8}{'slowest':>9}{'work':>8}")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        for family in FAMILIES:
            page.wait_for_selector(".figures dd", state="attached")
            page.select_option("#likeliest-family", family)
            page.wait_for_selector(f'svg[aria-label^="{family} over the data"]')
            page.wait_for_timeout(3_000)
            places = np.linspace(300, 700, DRAGS).round().astype(int).tolist()
            before = _work(session)
            times = np.sort([page.evaluate(DRAG, at) for at in places])
            work = 1000.0 * (_work(session) - before) / DRAGS
            last = times[int(0.95 * DRAGS) - 1]
            print(f"{family:<12}{np.median(times):>8.1f}{last:>8.1f}{times[-1]:>9.1f}{work:>8.1f}")
        browser.close()
    served.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
