"""A story of claims: a veteran's visits claimed, lodged and paid; a terminal keyed by copying."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.world import PASSWORD

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
# A practice with a veteran who came three times, each invoiced, and Ada, whose fund pays as well.
OPENS = """
import json
from decimal import Decimal
import django
django.setup()
from casewell.tenancy.scope import account_scope
from tests.claims.veteran import Veteran, care_plan
from tests.invoices.till import Till
from tests.world import open_practice
practice = open_practice("veterans", "Veterans' Physio")
with account_scope(practice.account):
    till = Till.of(practice)
    till.consultation.item_code, till.consultation.price = "PH30", Decimal("80.50")
    till.consultation.save()
    vic = Veteran.of(till)
    for days in (14, 7, 0):
        vic.invoice(vic.visit(days))
    practice.ada.health_fund_number = "AB123456"
    practice.ada.save()
    visit = practice.attend(care_plan(practice), arrived=True)
    print(json.dumps({"case": vic.case.pk, "booking": visit.booking_id}))
"""


def opened(site: Site) -> dict[str, Any]:
    """The ids of what the story begins with."""
    made = subprocess.run(
        [sys.executable, "-c", OPENS],
        env=site.environment | {"DJANGO_SETTINGS_MODULE": "casewell.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    ids: dict[str, Any] = json.loads(made.stdout)
    return ids


def test_a_veterans_visits_are_claimed_lodged_and_paid_and_a_sheet_is_copied_value_by_value(
    site: Site, open_browser: OpenBrowser
) -> None:
    ids = opened(site)
    page = open_browser(
        "reception@veterans.example",
        PASSWORD,
        shown="#main",
        permissions=["clipboard-read", "clipboard-write"],
    )

    # from the case: three visits prepared, looked over, and lodged into one file
    page.goto(f"/veterans/cases/{ids['case']}")
    page.get_by_role("link", name="Claims", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("No gateway to Medicare or DVA is connected")
    page.get_by_role("button", name="Prepare claims for the chosen visits").click()
    expect(page.locator("main")).to_contain_text("3 claims of this case are ready")
    page.get_by_role("link", name="Tue 3 Mar 2026").click()
    expect(page.get_by_label("DVA file number")).to_have_value("NX123456")
    expect(page.get_by_label("Referring provider number")).to_have_value("2409661B")
    expect(page.locator("#claim-form").get_by_role("link", name="from the referrer")).to_have_count(
        2
    )
    page.get_by_label("Item number").fill("PH20")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".claim-value", has_text="Item number")).to_contain_text("typed")
    page.get_by_role("link", name="Claims of the case").click()
    page.get_by_role("button", name="Lodge all of them").click()
    expect(page.locator("main .status-word", has_text="lodged")).to_have_count(3)

    # the file is what was lodged; the benefit pays the invoice
    page.get_by_role("link", name="Tue 3 Mar 2026").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="File").click()
    file = download.value.path().read_text(encoding="utf-8-sig")
    assert file.count("NX123456") == 3
    assert [file.count(item) for item in ("PH30", "PH20")] == [2, 1]
    expect(page.get_by_label("Benefit")).to_have_value("80.50")
    page.get_by_role("button", name="Write down what was paid").click()
    expect(page.locator("#toasts")).to_contain_text("$80.50 is paid onto the invoice.")
    expect(page.locator(".page-head .status-word")).to_have_text("paid")

    # Ada's visit: both sheets, each value copied; the fund and Medicare do not pay the same
    page.goto(f"/veterans/bookings/{ids['booking']}")
    page.get_by_role("link", name="Terminal sheets").click()
    expect(page.locator("[data-twice]")).to_contain_text("is on both sheets")
    sheet = page.get_by_role("region", name="Medicare Easyclaim")
    copied = []
    for key in sheet.locator("li").all():
        key.get_by_role("button").click()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    assert copied == [
        *("2123456701", "2", "2429591L", "2409661B", "01/02/2026", "Standard"),
        *("10960", "03/03/2026", "80.50"),
    ]
