"""What follows a day off: emails, the call list, and all of it undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.appointments.models import Absence, Attendee, Booking, CallListEntry
from casewell.audit.mail import OutgoingMail
from tests.web.pages import text_of
from tests.web.sick_day import now, sent, state_of, url_of
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner
    from tests.world import Practice


def test_an_email_goes_to_those_with_an_address_with_its_fields_filled_in(
    northside: Practice, desk: Client, sick_day: list[Attendee], tom: Practitioner
) -> None:
    body = "{first name}, {practitioner}, {date} {time}: it {what happens}. {practice}"
    moved = sent(
        sick_day[1:],
        "hand_over",
        other_practitioner=tom.pk,
        send="on",
        subject="About {date}",
        body=body,
    )

    desk.post(url_of(northside), moved)

    mail = OutgoingMail.objects.order_by("to")
    assert [m.to for m in mail] == ["ben1@example.org", "ben2@example.org"]
    assert mail[0].subject == "About Tue 3 Mar 2026"
    assert mail[0].body == (
        "Ben, Amy Shaw, Tue 3 Mar 2026 1:00 pm: it is moved to Tue 3 Mar 2026 at 1:00 pm "
        "with Tom Reid. Northside Physio"
    )
    assert "email to ben1@example.org" in text_of(
        desk.get(f"/northside/call-lists/{Absence.objects.get().pk}")
    )


def test_a_call_is_ticked_with_what_came_of_it_and_by_whom(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    desk.post(url_of(northside), sent(sick_day))
    entry = CallListEntry.objects.order_by("former_starts_at")[0]
    url = f"/northside/call-list-entries/{entry.pk}"

    desk.post(url, {"outcome": "left a message"})

    page = text_of(desk.get(f"/northside/call-lists/{entry.absence_id}"))
    assert "1 of 3 called." in page
    assert "called by Rita Desk: left a message" in page
    assert "1 of 3" in text_of(desk.get("/northside/call-lists"))
    desk.post(url, {"called": "no"})
    entry.refresh_from_db()
    assert (entry.called_at, entry.outcome) == (None, "left a message")


@pytest.mark.parametrize("action", ["cancel", "hand_over", "postpone"])
def test_undo_puts_back_what_nobody_changed_since(
    northside: Practice, desk: Client, sick_day: list[Attendee], tom: Practitioner, action: str
) -> None:
    knee = northside.case("Knee", patient=sick_day[1].patient, max_sessions=1)
    Attendee.objects.filter(pk=sick_day[1].pk).update(case=knee)
    before = state_of(sick_day)
    places = {"other_practitioner": tom.pk, "other_date": "2026-03-10"}
    known = " ".join(str(b.pk) for b in Booking.objects.filter(practitioner=tom))
    body = sent(sick_day, action, block="on", known_clashes=known, **places)
    assert desk.post(url_of(northside), body).status_code == 302
    assert state_of(sick_day) != before
    touched = Attendee.objects.select_related("booking").get(pk=sick_day[0].pk)
    touched.booking.set_notes("Rang back", by=northside.by)
    absence = Absence.objects.get()

    answer = desk.post(f"/northside/call-lists/{absence.pk}/undo", follow=True)

    assert "2 put back as they were. 1 stayed" in answer.content.decode()
    assert state_of(sick_day[1:]) == before[1:]
    assert state_of(sick_day[:1]) != before[:1]
    assert not Booking.objects.live().filter(kind="block").exists()
    again = desk.post(f"/northside/call-lists/{absence.pk}/undo")
    assert again.status_code == 422


def test_a_case_that_is_full_again_keeps_its_visit_cancelled(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    knee = northside.case("Knee", patient=sick_day[0].patient, max_sessions=1)
    Attendee.objects.filter(pk=sick_day[0].pk).update(case=knee)
    desk.post(url_of(northside), sent(sick_day))
    northside.attend(knee, at=NOON + timedelta(days=9))

    desk.post(f"/northside/call-lists/{Absence.objects.get().pk}/undo")

    assert [v.state for v in now(sick_day)] == ["cancelled", "booked", "booked"]


def test_the_pages_take_the_same_few_statements_for_one_visit_and_for_three(
    northside: Practice, desk: Client, sick_day: list[Attendee], tom: Practitioner
) -> None:
    counts: list[list[int]] = []
    for visits in (sick_day[:1], sick_day[1:]):
        desk.post(url_of(northside), sent(visits))
        latest = Absence.objects.latest("id")
        moved = f"&action=hand_over&other_practitioner={tom.pk}"
        urls = [url_of(northside) + moved, "/northside/call-lists"]
        counts.append(
            [statements_of(desk, u) for u in [*urls, f"/northside/call-lists/{latest.pk}"]]
        )
        northside.attend(at=NOON + timedelta(minutes=5))
        northside.attend(at=NOON + timedelta(minutes=9))

    assert counts[0][1:] == counts[1][1:] == [5, 5]
    assert [count[0] for count in counts] == [7, 7]
