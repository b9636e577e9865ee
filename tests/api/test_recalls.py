"""Recalls through the API, and what attendees say of reminders that were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.letters.models import Communication
from casewell.reminders.models import AppointmentReminder, OutgoingText
from tests.api.examples import EXAMPLES

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

Way = Communication.Way


def test_a_time_is_sent_and_its_day_where_the_practice_is_comes_back(
    program: Program, northside: Practice
) -> None:
    made = program.post("/recalls", EXAMPLES["recalls"].body(northside))

    assert made["recall_at"] == "2026-09-09"  # nine in the morning there
    assert made["patient"]["links"]["self"].endswith(f"/patients/{northside.ada.pk}")
    changed = program.patch(f"/recalls/{made['id']}", {"recall_at": "2026-10-01T12:00:00Z"})
    assert (changed["recall_at"], changed["note"]) == ("2026-10-01", "Brings the scans")


def test_recalls_are_not_filtered_by_their_day(program: Program, northside: Practice) -> None:
    status, told = program.call("GET", "/recalls?q[]=recall_at:>2026-01-01")

    assert (status, told["message"]) == (400, "recall_at is not filterable")


def test_a_recall_lacks_nothing_that_is_required(program: Program) -> None:
    status, told = program.call("POST", "/recalls", {"note": "?"})

    assert status == 422
    assert set(told["errors"]) == {"patient", "recall_at", "recall_type"}


def test_attendees_and_appointments_say_whether_reminders_went_out(
    program: Program, northside: Practice
) -> None:
    visit = northside.attend()
    attendee, appointment = (
        f"/attendees/{visit.pk}",
        f"/individual_appointments/{visit.booking_id}",
    )

    def said() -> list[object]:
        one, other = program.get(attendee), program.get(appointment)
        names = ("email_reminder_sent", "sms_reminder_sent")
        counts = ("sent_email_reminders_count", "sent_sms_reminders_count")
        found = "/bookings?q[]=email_reminder_sent:=true"
        return [
            *(one[name] for name in (*names, *counts)),
            *(other[name] for name in names),
            program.get(found)["total_entries"],
        ]

    def remind(way: Way, n: int) -> list[AppointmentReminder]:
        return [
            AppointmentReminder.objects.create(
                attendee=visit,
                communication=Communication.objects.create(
                    patient=visit.patient, type_code=way, category_code=1
                ),
                way=way,
                starts_at=visit.booking.starts_at,
            )
            for _ in range(n)
        ]

    mailed, [texted] = remind(Way.EMAIL, 2), remind(Way.SMS, 1)
    mails = [
        northside.account.outgoing_mail.create(to="ada@home.example", subject="Come")
        for _ in mailed
    ]
    for one, mail in zip(mailed, mails, strict=True):
        one.communication.mail = mail
        one.communication.save()
    text = OutgoingText.objects.create(communication=texted.communication, to="+61400000000")
    assert said() == [False, False, 0, 0, False, False, 0]

    northside.account.outgoing_mail.update(sent_at=timezone.now())
    assert said() == [True, False, 2, 0, True, False, 1]
    text.sent_at = timezone.now()
    text.save()
    assert said() == [True, True, 2, 1, True, True, 1]
