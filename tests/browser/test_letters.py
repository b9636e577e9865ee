"""The story of a report: due from the eighth visit, written from its duty, sent, the duty done."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_programmes import case_under, patient_of_ones_own
from tests.served import SECONDS_TO_SEND

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.served import Site

OpenBrowser = Callable[..., Page]
DOCTOR = "orla@surgery.example"
DUTY = "End-of-cycle report to the GP"


def send(page: Page, path: str, **form: Any) -> str:
    """The id of what a form made."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    sent: dict[str, Any] = {"csrfmiddlewaretoken": token} | {
        name: str(value) for name, value in form.items()
    }
    answer = page.request.post(f"/demo/{path}", form=sent, max_redirects=0)
    assert answer.status == 302, answer.text()[:3000]
    return answer.headers["location"].rsplit("/", 1)[1]


def visit(page: Page, patient: str, case: str, *days_ago: int) -> None:
    """Visits of the patient in the case, so many days before today, before the place opens."""
    page.goto("/demo/bookings/new")
    chosen = {
        name: page.locator(f"#main [name={name}] option:not([value=''])").first.get_attribute(
            "value"
        )
        for name in ("practitioner", "business", "appointment_type")
    }
    today = date.fromisoformat(page.locator("[name=date]").first.input_value())
    for days in days_ago:
        on = today - timedelta(days=days)
        form = {"patient": patient, "case": case, "date": on, "time": "05:10", "minutes": 15}
        send(page, "bookings/new", **chosen, **form)


def mail_to(site: Site, address: str) -> EmailMessage:
    """The message to that address, once the worker has sent it."""
    until = time.monotonic() + SECONDS_TO_SEND
    while time.monotonic() < until:
        found = [mail for mail in site.post.received if mail["To"] == address]
        if found:
            return found[-1]
        time.sleep(0.2)
    pytest.fail(f"nothing was sent to {address}")


def test_a_report_due_from_the_eighth_visit_is_written_sent_and_its_duty_done(
    open_browser: OpenBrowser, site: Site
) -> None:
    page = open_browser()
    mia = patient_of_ones_own(page, "Report").rsplit("/", 1)[1]
    page.goto("/demo/contacts/new")
    send(page, "contacts/new", type_code="1", first_name="Orla", last_name="Reyes",
         title="Dr", email=DOCTOR)  # fmt: skip
    case = case_under(page, f"/demo/patients/{mia}", "DVA treatment cycle", name="Back, DVA")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Referrer").fill("Orla Reyes")
    page.get_by_role("option", name="Reyes").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(case)
    number = case.rsplit("/", 1)[1]
    visit(page, mia, number, 80, 70, 60, 50, 40, 30, 20)
    page.goto(case)
    duty = page.locator("#duties li").filter(has_text=DUTY)
    expect(duty).to_contain_text("not yet")
    visit(page, mia, number, 10)

    page.goto(case)
    expect(duty).to_contain_text("due")
    duty.get_by_role("button", name=f"Write: {DUTY}").click()
    page.wait_for_url(re.compile(r"/letters/\d+/edit$"))
    paper = page.locator("#letter-look .paper")
    expect(paper).to_contain_text("8 of 12 sessions were used")
    expect(page.locator("#letter-look")).to_contain_text("Nothing is known of:")
    text = page.locator("#id_body")
    text.fill("Dear {recipient salutation},\n\nall is **well** with ")
    page.get_by_text("Fields to fill in").click()
    page.get_by_role("button", name="patient first name").focus()
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type(". {nonsense}")
    expect(paper).to_contain_text("Dear Dr Reyes")
    expect(paper).to_contain_text("all is well with Mia.")
    expect(page.locator("#letter-look")).to_contain_text("No such field: {nonsense}")
    for _ in range(len(" {nonsense}")):
        page.keyboard.press("Backspace")
    expect(page.locator("#letter-look")).not_to_contain_text("No such field")
    page.get_by_role("button", name="Save and finalise").click()
    page.wait_for_url(re.compile(r"/letters/\d+$"))
    expect(page.locator("main")).to_contain_text("final")

    page.locator("main").get_by_role("link", name="Email").click()
    panel = page.locator("#panel")
    expect(panel.get_by_label("To")).to_have_value(DOCTOR)
    panel.get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text(f"is on its way to {DOCTOR}.")
    mail = mail_to(site, DOCTOR)
    assert "Mia" not in str(mail["Subject"])
    [pdf] = [part.get_content() for part in mail.iter_attachments()]
    assert pdf.startswith(b"%PDF")

    page.reload()
    expect(page.locator("#letter-sent")).to_be_visible()
    expect(page.get_by_text("sent", exact=True)).to_be_visible()
    page.goto(case)
    expect(duty).to_contain_text("done")
    duty.get_by_role("link", name="the letter").click()
    expect(page.locator(".paper")).to_contain_text("all is well with Mia.")
