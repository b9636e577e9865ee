"""Bookings moved in a real browser: dragged, pulled longer, picked up, put down, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_story import a_quiet_day, book_panel, choose_patient

OpenBrowser = Callable[..., Page]
# Which part of the sheet the tile's column is.
PLACE = "tile => [...tile.closest('.grid__sheet').children].indexOf(tile.parentElement)"


class Held:
    """Questions of the page that are kept waiting."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def hold(self, route: Route) -> None:
        self.routes.append(route)


def booked(page: Page, day: date, clock: str) -> Locator:
    """The tile of a new appointment, on the day that is shown."""
    page.goto(f"/demo/calendar/{day}?view=day")
    page.wait_for_selector(".grid__sheet, .day-list__rows")
    book_panel(page, day, clock)
    choose_patient(page, "smith")
    page.locator("#panel").get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("#panel #booking-position")).to_be_visible()
    form = page.locator("#panel form").first.get_attribute("action") or ""
    found = re.search(r"/bookings/(\d+)", form)
    assert found is not None
    page.keyboard.press("Escape")
    tile = page.locator(f'#day .tile[data-booking="{found[1]}"]:visible')
    expect(tile).to_be_visible()
    return tile


def pull(page: Page, tile: Locator, by: tuple[float, float], *, edge: bool = False) -> None:
    """Hold the tile, or its lower edge, and pull it; it is not let go yet."""
    tile.scroll_into_view_if_needed()
    box = tile.bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + (box["height"] - 3 if edge else 12)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=4)


def minute_of(page: Page) -> float:
    """How many pixels the axis draws for a minute."""
    drawn = page.locator(".grid__sheet").evaluate("one => one.style.getPropertyValue('--minute')")
    return float(drawn.removesuffix("px"))


def at(time: str) -> re.Pattern[str]:
    return re.compile(rf", {time} to ")


def test_a_tile_is_dragged_and_pulled_longer_and_both_are_taken_back(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    said = page.locator("[data-move]")
    tile = booked(page, a_quiet_day(page) + timedelta(days=14), "10:00")
    minute = minute_of(page)
    column = page.locator(".grid__column").nth(1)
    aside = (column.bounding_box() or {"width": 0})["width"]
    expect(tile).to_have_attribute("aria-label", at("10:00 am"))
    first = tile.evaluate(PLACE)

    pull(page, tile, (aside, 60 * minute))
    expect(page.locator(".grid__shadow")).to_contain_text("11:00 am")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".grid__shadow")).to_have_count(0)
    expect(tile).to_have_attribute("aria-label", at("10:00 am"))
    expect(page.locator("#panel *")).to_have_count(0)

    pull(page, tile, (aside, 60 * minute))
    page.mouse.up()
    assert "11:00 am" in (tile.get_attribute("aria-label") or "")  # before the server has answered
    expect(said).to_contain_text("11:00 am with")
    moved = tile.evaluate(PLACE)
    assert moved == first + 1
    said.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("is back")
    expect(tile).to_have_attribute("aria-label", at("10:00 am"))

    length = tile.bounding_box() or {"height": 0}
    pull(page, tile, (0, 30 * minute), edge=True)
    page.mouse.up()
    expect(said).to_contain_text("now takes")
    longer = tile.bounding_box() or {"height": 0}
    assert round((longer["height"] - length["height"]) / minute) == 30
    page.keyboard.press("Control+z")
    expect(said).to_contain_text("is back")

    # somebody is faster while the tile is in the air: nothing jumps, then the move is refused
    pull(page, tile, (0, 60 * minute))
    page.evaluate(
        """async ([url, start]) => {
          const headers = JSON.parse(document.body.getAttribute("hx-headers"));
          const body = new URLSearchParams({ start });
          await fetch(`${url}/place`, { method: "POST", headers, body });
          const polled = new Promise(resolve => setTimeout(resolve, 400));
          document.body.dispatchEvent(new CustomEvent("bookings-changed"));
          await polled;
        }""",
        [tile.get_attribute("href"), f"{page.get_attribute('#day', 'data-date')}T08:00"],
    )
    expect(tile).to_have_attribute("aria-label", at("10:00 am"))
    page.mouse.up()
    expect(said).to_contain_text("Somebody was faster")
    expect(tile).to_have_attribute("aria-label", at("8:00 am"))


def test_free_time_that_is_drawn_is_booked_with_that_length(open_browser: OpenBrowser) -> None:
    page = open_browser()
    page.goto(f"/demo/calendar/{a_quiet_day(page) + timedelta(days=15)}?view=day")
    column = page.locator(".grid__column").first
    column.wait_for()
    minute = minute_of(page)
    box = column.bounding_box()
    assert box is not None
    top = box["y"] + 6.5 * 60 * minute  # half past six, before anybody works
    page.locator("#day-grid").evaluate("(grid, top) => grid.scrollBy(0, top - 300)", top)
    top = (column.bounding_box() or box)["y"] + 6.5 * 60 * minute
    page.mouse.move(box["x"] + 50, top + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, top + 75 * minute, steps=4)
    page.mouse.up()

    expect(page.locator("#panel #id_time")).to_have_value("06:30")
    expect(page.locator("#panel #id_minutes")).to_have_value("75")


def test_a_booking_is_picked_up_and_put_down_three_weeks_later_with_the_keyboard(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    bar, said = page.locator("#carry"), page.locator("[data-move]")
    day = a_quiet_day(page) + timedelta(days=16)
    tile = booked(page, day, "07:00")
    url = tile.get_attribute("href") or ""
    label = tile.get_attribute("aria-label") or ""
    who = label.split(",")[0]

    tile.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(said).to_contain_text("7:15 am")
    page.keyboard.press("m")
    expect(bar).to_contain_text(f"{who}, ")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    tile.focus()
    page.keyboard.press("m")
    for _ in range(20):
        page.keyboard.press("n")
    page.wait_for_url(f"**/{day + timedelta(days=20)}*")
    page.reload()
    expect(bar).to_contain_text(f"{who}, ")
    page.keyboard.press("n")
    page.wait_for_url(f"**/{day + timedelta(days=21)}*")
    expect(page.locator("#day:not([aria-busy])")).to_be_visible()
    cursor = page.locator(".day-cursor")
    cursor.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Home")
    expect(cursor).to_have_attribute("aria-label", re.compile("Put down 12:00 am"))
    page.keyboard.press("Enter")

    expect(said).to_contain_text(f"{who} moved to")
    expect(bar).to_be_hidden()
    expect(tile).to_have_attribute("aria-label", at("12:00 am"))
    page.goto(url)
    expect(page.locator("main")).to_contain_text(f"{day + timedelta(days=21):%b}")
    expect(page.locator("main .facts").first).to_contain_text("12:00")


def test_nothing_is_put_on_the_former_day_while_the_next_is_on_its_way(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    shown = a_quiet_day(page) + timedelta(days=18)
    page.goto(f"/demo/calendar/{shown}?view=day")
    day, cursor = page.locator("#day"), page.locator(".day-cursor")
    expect(cursor).to_be_visible()
    heads, bookings = Held(), Held()
    page.route(f"**/calendar/{shown + timedelta(days=1)}?*", heads.hold)
    page.keyboard.press("n")
    expect(day).to_have_attribute("aria-busy", "true")

    # the former day's answer comes once more, then the next day's head before its bookings
    with page.expect_response("**/bookings?*"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('bookings-changed'))")
    expect(day).not_to_have_attribute("aria-busy", "true")
    page.route("**/bookings?*", bookings.hold)
    heads.routes[0].continue_()
    page.wait_for_url(f"**/{shown + timedelta(days=1)}*")
    cursor.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    expect(page.locator("#panel *")).to_have_count(0)

    bookings.routes[0].continue_()
    expect(day).not_to_have_attribute("aria-busy", "true")
    page.keyboard.press("Enter")
    on = page.locator("#panel #id_date")
    expect(on).to_have_value(str(shown + timedelta(days=1)))


def test_on_a_phone_a_free_time_takes_what_is_picked_up(open_browser: OpenBrowser) -> None:
    page = open_browser(viewport={"width": 375, "height": 812}, has_touch=True)
    day = a_quiet_day(page) + timedelta(days=17)
    tile = booked(page, day, "07:00")
    tile.tap()
    page.locator("#panel").get_by_role("link", name="Pick up").tap()
    expect(page.locator("#carry")).to_contain_text("is picked up")
    free = page.get_by_role("button", name=re.compile("^Put down")).first
    time = (free.get_attribute("aria-label") or "").split(",")[0].removeprefix("Put down ")
    free.tap()

    expect(page.locator("[data-move]")).to_contain_text(time)
    expect(tile).to_have_attribute("aria-label", at(time))
