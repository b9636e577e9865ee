"""On paper: ink on white, without navigation and buttons, with what is folded on the screen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def put_on_paper(page: Page, width: int, height: int) -> None:
    """What the browser does when it prints, at a size of paper in CSS pixels."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": height})


def test_a_case_and_a_day_are_printed_in_ink_on_white(open_browser: Callable[..., Page]) -> None:
    page = open_browser(color_scheme="dark")
    # not today, which other tests may have made longer than a sheet, by a visit after midnight
    today = date.fromisoformat(page.get_attribute("#day", "data-date") or "")
    wednesday = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    page.goto(f"/demo/calendar/{wednesday}?view=day")
    page.wait_for_selector(".tile")
    page.locator("#day-grid").evaluate("grid => grid.scrollTo(0, 1e6)")
    put_on_paper(page, 1060, 730)
    for gone in (".frame__bar", ".frame__nav", "#day-choose", "#book"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#main h1")).to_be_visible()
    tops = page.eval_on_selector_all(
        ".tile", "tiles => tiles.map(t => t.getBoundingClientRect().top)"
    )
    assert 0 < min(tops) < max(tops) < 730
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    page.emulate_media(media="screen")
    page.goto("/demo/cases?fact=full")
    page.locator("main tbody a[href*='/cases/']").first.click()
    page.wait_for_selector("#case-usage")
    put_on_paper(page, 718, 1000)
    body = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.locator("#main h1").evaluate("h1 => getComputedStyle(h1).color")
    assert body == "rgb(255, 255, 255)"
    assert float(ink.split("(")[1].split()[0].strip("%")) < 0.4  # oklch: dark
    expect(page.locator("#counted [data-wide]").first).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_be_hidden()
