"""What a browser has to fetch, and how soon the calendar can be used."""

from __future__ import annotations

import os
import statistics
from typing import Any

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
READY = """() => {
  const tile = document.querySelector(".day__grid .tile");
  return tile && tile.getClientRects().length > 0;
}"""
DRAWN = "() => !document.querySelector('.grid__column[aria-busy]')"
LONG = """new PerformanceObserver((list) => {
  (window.longTasks ??= []).push(...list.getEntries().map(({ duration }) => Math.round(duration)));
}).observe({ type: "longtask", buffered: true })"""
SCROLL = """async () => {
  const grid = document.getElementById("day-grid");
  const frames = [];
  let last = performance.now();
  for (let step = 0; step < 60; step += 1) {
    grid.scrollTop = (step % 30) * 60;
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - last);
    last = performance.now();
  }
  return frames.sort((one, other) => one - other)[57];
}"""


def look(
    address: str, cookie: str, pages: dict[str, str], times: int
) -> list[tuple[str, str, int]]:
    """Page, what, figure: bytes, the time to usable, and how long it keeps the hand waiting."""
    found: list[tuple[str, str, int]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CASEWELL_CHROMIUM"), args=FLAGS
        )
        for name, path in pages.items():
            rounds = [_visit(browser, address, cookie, path) for _ in range(times)]
            for what in rounds[0]:
                value = statistics.median(one[what] for one in rounds)
                found.append((name, what, round(value)))
        browser.close()
    return found


def _visit(browser: Any, address: str, cookie: str, path: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.add_init_script(LONG)
    first, first_bytes = _open(page, path)
    page.wait_for_function(DRAWN)
    drawn = page.evaluate("performance.now()")
    page.evaluate("window.longTasks = []")
    frame = page.evaluate(SCROLL)
    scrolling = page.evaluate("Math.max(0, ...window.longTasks)")
    again, again_bytes = _open(page, path)
    longest = page.evaluate("Math.max(0, ...(window.longTasks ?? []))")
    context.close()
    return {
        "first visit, usable after (ms)": first,
        "first visit, all drawn after (ms)": drawn,
        "first visit (bytes)": first_bytes,
        "next visit, usable after (ms)": again,
        "next visit (bytes)": again_bytes,
        "longest task while it is drawn (ms)": longest,
        "a frame while scrolling, 95 of 100 (ms)": frame,
        "longest task while scrolling (ms)": scrolling,
    }


def _open(page: Page, path: str) -> tuple[float, int]:
    """Milliseconds from the navigation to the first tiles, and the bytes that came."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    came: list[int] = []
    session.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto(path, wait_until="commit")
    page.wait_for_function(READY)
    usable = page.evaluate("performance.now()")
    page.wait_for_load_state("load")
    page.wait_for_function(DRAWN)
    session.detach()
    return usable, sum(came)
