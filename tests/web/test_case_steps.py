"""One step from a case or a visit: the next case, a case that is chosen, a visit taken out."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.cases.models import PatientCase
from casewell.lib.formats import formats
from tests.web.full_case import full, in_days, visits_of
from tests.web.pages import SLUG, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_the_next_case_is_started_from_the_case_page_in_one_step(
    northside: Practice, desk: Client
) -> None:
    cycle, booked = full(northside)
    page = desk.get(f"{SLUG}/cases/{cycle.pk}")
    assert f"{SLUG}/cases/{cycle.pk}/successor" in page.content.decode()
    form = desk.get(f"{SLUG}/cases/{cycle.pk}/successor").content.decode()
    assert form.count('name="follow_visit"') == 2

    wrong = desk.post(f"{SLUG}/cases/{cycle.pk}/successor", {"next-name": ""})
    done = desk.post(
        f"{SLUG}/cases/{cycle.pk}/successor",
        {
            "next-name": "DVA cycle 2",
            "next-max_sessions": "1",
            "next-issue_date": "2026-11-02",
            "follow_visit": [str(one.pk) for one in booked],
            "follow_close": "yes",
        },
    )

    assert wrong.status_code == 422
    assert done.status_code == 302, text_of(done)
    successor = PatientCase.objects.get(name="DVA cycle 2")
    assert successor.issue_date == date(2026, 11, 2)
    assert len(visits_of(successor)) == 1
    shown = html.unescape(desk.get(done.headers["Location"]).content.decode())
    assert "It is full with them: 2 stayed in “DVA cycle”." in shown


def test_choosing_a_case_tells_before_saving_what_the_visit_would_pass(
    northside: Practice, desk: Client
) -> None:
    ends = timezone.localdate() + timedelta(days=10)
    knee = northside.case("Knee", expiry_date=ends)
    query = f"?patient={northside.ada.pk}&case={knee.pk}&case_of={northside.ada.pk}"
    said = [
        text_of(desk.get(f"{SLUG}/bookings/new{query}&date={ends + timedelta(days=n)}&time=10:00"))
        for n in (0, 1)
    ]

    assert "before that day" not in said[0]
    words = (
        f"The case expires on {formats().day(ends)}, before that day. It can be saved all the same."
    )
    assert words in said[1]
    cycle, _ = full(northside)
    extra = in_days(northside, 3)
    page = text_of(desk.get(f"{SLUG}/bookings/{extra.booking_id}?case={cycle.pk}"))
    assert "It would be number 4, over the limit. Saving it asks what to do instead." in page


def test_taking_a_visit_out_is_one_click_and_can_be_undone(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case("Knee", max_sessions=1)
    visit = in_days(northside, 3, knee)

    out = desk.post(f"{SLUG}/bookings/{visit.booking_id}/case", {"case": "none"})
    shown = desk.get(out.headers["Location"])

    visit.refresh_from_db()
    assert visit.case_id is None
    assert "Taken out of “Knee”. Undo" in text_of(shown)
    undo = shown.content.decode().split("Taken out of")[1]
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo.split("</form>")[0]))
    assert desk.post(f"{SLUG}/bookings/{visit.booking_id}/case", kept).status_code == 302
    visit.refresh_from_db()
    assert visit.case_id == knee.pk
