"""The terminal sheets of a visit, as pages."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from casewell.claims.lodging import lodge
from casewell.invoices.lines import Line
from tests.claims.veteran import care_plan
from tests.web.pages import SLUG, text_of
from tests.world import NOON

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

    from tests.claims.veteran import Veteran

pytestmark = pytest.mark.usefixtures("at_noon")
AFTER = NOON + timedelta(days=1)


def keyed(answer: Any) -> list[tuple[str, str, str]]:
    """Label, value and what the button copies, in the order of the page."""
    markup = answer.content.decode()
    key = (
        r'<li><span class="quiet">(.*?)</span><b[^>]*><bdi>(.*?)</bdi></b>'
        r'\s*(?:<button[^>]*data-copy="(.*?)")?'
    )
    return re.findall(key, markup)


def test_the_terminal_sheets_are_in_keying_order_and_warn_of_a_service_on_both(
    vic: Veteran, desk: Client
) -> None:
    till, plan = vic.till, care_plan(vic.practice)
    visit = vic.practice.attend(plan, arrived=True)
    lines = (
        Line(name="Tape <b>", unit_price=Decimal(5)),
        Line(name="Visit", unit_price=Decimal(90), code="10960"),
    )
    till.invoice(*lines, visit=visit)
    page = f"{SLUG}/visits/{visit.pk}/terminal"

    alone = desk.get(page)
    vic.practice.ada.health_fund_number = "AB12-34"
    vic.practice.ada.save()
    both = desk.get(page)

    assert keyed(both) == [
        ("Servicing provider", "2429591L", "2429591L"),
        ("Member", "AB1234", "AB1234"),
        ("Item", "not known", ""),
        ("Date", "03/03/2026", "03/03/2026"),
        ("Fee", "5.00", "5.00"),
        ("Item", "10960", "10960"),
        ("Date", "03/03/2026", "03/03/2026"),
        ("Fee", "90.00", "90.00"),
        ("Medicare card", "2123456701", "2123456701"),
        ("Reference number", "2", "2"),
        ("Servicing provider", "2429591L", "2429591L"),
        ("Referrer", "2409661B", "2409661B"),
        ("Referral date", "01/02/2026", "01/02/2026"),
        ("Referral period", "Standard", "Standard"),
        ("Item", "10960", "10960"),
        ("Date", "03/03/2026", "03/03/2026"),
        ("Fee", "90.00", "90.00"),
    ]
    assert "data-twice" not in alone.content.decode()
    assert "No fund membership is known" in text_of(alone)
    assert "“ Visit ” is on both sheets" in text_of(both)
    assert both.content.decode().count("data-twice") == 1
    assert "Tape &lt;b&gt;" in both.content.decode()


def test_a_sheet_says_that_its_visit_is_claimed_already_and_a_case_leads_to_its_latest_visit(
    vic: Veteran, desk: Client
) -> None:
    none = desk.get(f"{SLUG}/cases/{vic.case.pk}/terminal")
    claim, latest = vic.claim(7), vic.visit()
    vic.practice.attend(vic.case, AFTER)
    before = text_of(desk.get(f"{SLUG}/visits/{claim.attendee_id}/terminal"))
    lodge([claim], by=vic.practice.by)
    after = text_of(desk.get(f"{SLUG}/visits/{claim.attendee_id}/terminal"))
    led = desk.get(f"{SLUG}/cases/{vic.case.pk}/terminal")

    assert none.headers["Location"] == f"{SLUG}/cases/{vic.case.pk}"
    assert led.headers["Location"] == f"{SLUG}/visits/{latest.pk}/terminal"
    assert "claimed already" not in before
    assert "This visit is claimed already: DVA claim, lodged" in after
    assert "in no case that is referred to Medicare" in after
