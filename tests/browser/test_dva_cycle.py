"""The story of a DVA case, from its referral to the end-of-cycle report; a terminal is keyed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_amounts import invoice
from tests.browser.test_files import drop
from tests.browser.test_full_case import visits
from tests.browser.test_programmes import case_under
from tests.files import pdf
from tests.races.desk import Desk
from tests.served import SECONDS_TO_SEND
from tests.world import PASSWORD

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.served import Site

OpenBrowser = Callable[..., Page]
USER, SLUG = "reception@veterans.example", "veterans"
DOCTOR = "orla@surgery.example"
DUTY = "End-of-cycle report to the GP"
UNSAID = " {nonsense} {employer}"
TODAY = datetime.now(UTC).date()
WEEKS = [TODAY - timedelta(weeks=12 - number) for number in range(12)]
# A practice with a veteran and his doctor, and Ada, whose fund pays as well.
OPENS = """
import json
from datetime import date
from decimal import Decimal
import django
django.setup()
from casewell.tenancy.scope import account_scope
from tests.claims.veteran import care_plan, number
from tests.invoices.till import Till
from tests.world import open_practice
practice = open_practice("veterans", "Veterans' Physio")
with account_scope(practice.account):
    till = Till.of(practice)
    till.consultation.item_code, till.consultation.price = "PH30", Decimal("80.50")
    till.consultation.save()
    practice.amy.designation = "Physiotherapy"
    practice.amy.save()
    number(practice, "Medicare provider number", "2429591L")
    practice.doctor(
        first_name="Orla", last_name="Reyes", email="orla@surgery.example",
        provider_number="2409661B",
    )
    vic = practice.patient(
        "Vic", "Tran", date_of_birth=date(1950, 4, 25), dva_card_number="NX123456"
    )
    practice.ada.health_fund_number = "AB123456"
    practice.ada.save()
    visit = practice.attend(care_plan(practice), arrived=True)
    print(json.dumps({"patient": vic.pk, "booking": visit.booking_id}))
"""


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, Any]:
    """What the stories begin with."""
    made = subprocess.run(
        [sys.executable, "-c", OPENS],
        env=site.environment | {"DJANGO_SETTINGS_MODULE": "casewell.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def mail_to(site: Site, address: str) -> EmailMessage:
    """The message to that address, once the worker has sent it."""
    until = time.monotonic() + SECONDS_TO_SEND
    while time.monotonic() < until:
        found = [mail for mail in site.post.received if mail["To"] == address]
        if found:
            return found[-1]
        time.sleep(0.2)
    pytest.fail(f"nothing was sent to {address}")


def write_report(page: Page) -> None:
    """From its duty: with a field that is picked, and one that is none, seen on the paper."""
    page.locator("#duties").get_by_role("button", name=f"Write: {DUTY}").click()
    page.wait_for_url(re.compile(r"/letters/\d+/edit$"))
    look = page.locator("#letter-look")
    paper = look.locator(".paper")
    expect(paper).to_contain_text("8 of 12 sessions were used")
    text = page.locator("#id_body")
    text.fill("Dear {recipient salutation},\n\nall is **well** with ")
    page.get_by_text("Fields to fill in").click()
    page.get_by_role("button", name="patient first name").focus()
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type(f".{UNSAID}")
    expect(paper).to_contain_text("Dear Dr Reyes")
    expect(paper).to_contain_text("all is well with Vic.")
    expect(look).to_contain_text("No such field: {nonsense}")
    expect(look).to_contain_text("Nothing is known of: employer")
    for _ in UNSAID:
        page.keyboard.press("Backspace")
    expect(look).not_to_contain_text("No such field")
    page.get_by_role("button", name="Save and finalise").click()
    page.wait_for_url(re.compile(r"/letters/\d+$"))
    expect(page.locator("main")).to_contain_text("final")


def send_report(page: Page, site: Site) -> None:
    """By e-mail to the doctor, with the paper and without the patient's name in the subject."""
    page.locator("main").get_by_role("link", name="Email").click()
    panel = page.locator("#panel")
    expect(panel.get_by_label("To")).to_have_value(DOCTOR)
    panel.get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text(f"is on its way to {DOCTOR}.")
    mail = mail_to(site, DOCTOR)
    assert "Vic" not in str(mail["Subject"])
    [paper] = [part.get_content() for part in mail.iter_attachments()]
    assert paper.startswith(b"%PDF")
    page.reload()
    expect(page.locator("#letter-sent")).to_be_visible()
    expect(page.get_by_text("sent", exact=True)).to_be_visible()


def lodge_all(page: Page, case: str) -> None:
    """All of the case's visits prepared, one of them mended, and lodged into one file."""
    page.goto(case)
    page.get_by_role("link", name="Claims", exact=True).last.click()
    main = page.locator("main")
    expect(main).to_contain_text("No gateway to Medicare or DVA is connected")
    page.get_by_role("button", name="Prepare claims for the chosen visits").click()
    expect(main).to_contain_text("12 claims of this case are ready")
    main.locator("tbody").get_by_role("link").first.click()
    expect(page.get_by_label("DVA file number")).to_have_value("NX123456")
    expect(page.get_by_label("Referring provider number")).to_have_value("2409661B")
    expect(page.get_by_label("Item number")).to_have_value("PH30")
    expect(page.get_by_label("Fee")).to_have_value("80.50")
    origins = page.locator("#claim-form").get_by_role("link", name="from the referrer")
    expect(origins).to_have_count(2)
    page.get_by_label("Item number").fill("PH20")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".claim-value", has_text="Item number")).to_contain_text("typed")
    page.get_by_role("link", name="Claims of the case").click()
    page.get_by_role("button", name="Lodge all of them").click()
    expect(page.locator("main .status-word", has_text="lodged")).to_have_count(12)


def test_a_dva_case_from_its_referral_to_the_report_at_the_end_of_its_cycle(
    site: Site, open_browser: OpenBrowser, ids: dict[str, Any]
) -> None:
    page = open_browser(USER, PASSWORD, shown="#main")

    # the referral, with its letter
    case = case_under(
        page,
        f"/{SLUG}/patients/{ids['patient']}",
        "DVA treatment cycle",
        name="Back, DVA",
        issue_date=str(WEEKS[0] - timedelta(weeks=1)),
    )
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Referrer").fill("Orla Reyes")
    page.get_by_role("option", name="Reyes").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(case)
    drop(page, "#files-title", referral_pdf=pdf(1))
    expect(page.locator("#files-list .files__one")).to_contain_text("referral.pdf")

    # each visit is invoiced; from the eighth the report is due, and is written from its duty
    number, patient = case.rsplit("/", 1)[1], str(ids["patient"])
    duty = page.locator("#duties li").filter(has_text=DUTY)
    with Desk(site.address, USER, PASSWORD, SLUG) as desk:
        booked = visits(desk, patient, number, WEEKS[:7])
        page.goto(case)
        expect(duty).to_contain_text("not yet")
        booked += visits(desk, patient, number, WEEKS[7:8])
        page.goto(case)
        expect(duty).to_contain_text("due")
        write_report(page)
        send_report(page, site)
        page.goto(case)
        expect(duty).to_contain_text("done")
        booked += visits(desk, patient, number, WEEKS[8:])
    for booking in booked:
        invoice(page, booking, SLUG)
        expect(page.locator("h1 + .status-word")).to_have_text("open")
    expect(page.locator("main dd", has_text="12 of 12")).to_be_visible()
    page.goto(case)
    expect(page.locator("#case-usage")).to_contain_text("12 of 12")
    expect(page.locator("#invoices tfoot")).to_contain_text("$966.00")

    # the file is what was lodged; the benefit pays the invoice
    lodge_all(page, case)
    page.locator("main tbody").get_by_role("link").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="File").click()
    file = download.value.path().read_text(encoding="utf-8-sig")
    assert file.count("NX123456") == 12
    assert [file.count(item) for item in ("PH30", "PH20")] == [11, 1]
    expect(page.get_by_label("Benefit")).to_have_value("80.50")
    page.get_by_role("button", name="Write down what was paid").click()
    expect(page.locator("#toasts")).to_contain_text("$80.50 is paid onto the invoice.")
    expect(page.locator(".page-head .status-word")).to_have_text("paid")

    # in the end the case has its papers: the letter, the invoices, what is owed
    page.goto(case)
    expect(page.locator("#invoices tfoot")).to_contain_text("$885.50")
    duty.get_by_role("link", name="the letter").click()
    expect(page.locator(".paper")).to_contain_text("all is well with Vic.")

    # one more from the patient's page: it lands in the only open case
    page.goto(f"/{SLUG}/patients/{patient}")
    page.get_by_role("link", name="Write a letter").click()
    page.get_by_role("button", name="Progress report").click()
    page.wait_for_url(re.compile(r"/letters/\d+/edit$"))
    chosen = page.locator("#id_case option:checked")
    expect(chosen).to_have_text(re.compile("Back, DVA"))
    page.goto(case)
    expect(page.locator("#letters")).to_contain_text("draft")


def test_a_terminal_sheet_is_copied_value_by_value(
    open_browser: OpenBrowser, ids: dict[str, Any]
) -> None:
    page = open_browser(
        USER, PASSWORD, shown="#main", permissions=["clipboard-read", "clipboard-write"]
    )
    page.goto(f"/{SLUG}/bookings/{ids['booking']}")
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
