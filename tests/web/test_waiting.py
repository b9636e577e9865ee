"""The pages of the waiting list: who is put on it, and who is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import AppointmentType, Booking
from casewell.appointments.models.joining import join
from casewell.waiting.models import WaitingEntry
from tests.waiting.world import LATER, wait_with_visit
from tests.web.pages import said, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


pytestmark = pytest.mark.usefixtures("at_noon")
HERE = "/northside/waiting"


def wish(practice: Practice, **fields: Any) -> dict[str, Any]:
    """What the form sends: any time and anybody."""
    return {"appointment_type": practice.standard.pk, "urgency": "2", "note": ""} | fields


def test_somebody_is_put_on_the_list_from_their_appointment(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case()
    visit = northside.attend(knee, at=LATER)
    panel = f"/northside/bookings/{visit.booking_id}"
    assert f'href="{HERE}/new?visit={visit.pk}"' in desk.get(panel).content.decode()

    form = desk.get(f"{HERE}/new?visit={visit.pk}")
    initial = form.context["form"].initial
    assert initial["practitioners"] == [northside.amy.pk]
    assert initial["businesses"] == [northside.business.pk]
    sent = wish(
        northside,
        attendee=visit.pk,
        case=knee.pk,
        urgency="1",
        weekdays=["0", "1"],
        from_time="09:00",
        until_time="12:00",
        practitioners=[northside.amy.pk],
    )
    answer = desk.post(f"{HERE}/new?visit={visit.pk}", sent)

    entry = WaitingEntry.objects.get()
    assert answer["Location"] == f"{HERE}/{entry.pk}"
    assert said(answer) == ["Ada Rossi is on the waiting list."]
    assert (entry.patient, entry.attendee, entry.case) == (northside.ada, visit, knee)
    assert (entry.urgency, entry.weekdays) == (1, [0, 1])
    assert entry.practitioner_links.get().practitioner == northside.amy
    assert "Waits for an earlier time" in text_of(desk.get(panel))
    listed = text_of(desk.get(HERE))
    assert "Rossi, Ada Urgent Standard Left knee Mon, Tue · 9:00 am – 12:00 pm" in listed
    assert "has Tue 10 Mar 2026, 12:00 pm Amy Shaw today" in listed


def test_somebody_is_put_on_the_list_from_their_page_and_stands_there(
    northside: Practice, desk: Client
) -> None:
    page = f"/northside/patients/{northside.ada.pk}"
    assert f'href="{HERE}/new?patient={northside.ada.pk}"' in desk.get(page).content.decode()
    assert "On the waiting list" not in text_of(desk.get(page))

    desk.post(f"{HERE}/new?patient={northside.ada.pk}", wish(northside))

    assert "On the waiting list: Standard" in text_of(desk.get(page))
    assert "Rossi, Ada Standard any time anybody" in text_of(desk.get(HERE))


def test_without_a_patient_the_page_asks_who_waits(northside: Practice, desk: Client) -> None:
    assert "Who waits?" in text_of(desk.get(f"{HERE}/new"))
    assert "Choose a patient from the list." in text_of(desk.get(f"{HERE}/new?patient=17"))
    assert desk.get(f"{HERE}/new?visit=17").status_code == 404


@pytest.mark.parametrize(
    ("field", "sent", "sentence"),
    [
        ("until_time", {"from_time": "12:00", "until_time": "09:00"}, "before the time"),
        ("until_time", {"from_time": "09:00", "until_time": "09:00"}, "before the time"),
        ("until_date", {"from_date": "2026-03-09", "until_date": "2026-03-08"}, "before the first"),
    ],
)
def test_hours_and_days_that_end_before_they_begin_are_refused(
    northside: Practice, desk: Client, field: str, sent: dict[str, str], sentence: str
) -> None:
    answer = desk.post(f"{HERE}/new?patient={northside.ada.pk}", wish(northside, **sent))

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert not WaitingEntry.objects.exists()


def test_a_visit_is_put_on_the_list_once(northside: Practice, desk: Client) -> None:
    entry = wait_with_visit(northside)
    sent = wish(northside, attendee=entry.attendee_id)

    answer = desk.post(f"{HERE}/new?patient={northside.ada.pk}", sent)

    assert answer.status_code == 422
    assert "waits to bring this visit forward already" in text_of(answer)


def test_an_entry_with_a_visit_is_narrowed_to_a_single_day(
    northside: Practice, desk: Client
) -> None:
    entry = wait_with_visit(northside)
    day = {"from_date": "2026-03-06", "until_date": "2026-03-06"}

    answer = desk.post(f"{HERE}/{entry.pk}", wish(northside, attendee=entry.attendee_id, **day))

    assert said(answer) == ["Ada Rossi is changed on the waiting list."]
    assert "Rossi, Ada Standard 6 Mar 2026" in text_of(desk.get(HERE))


def test_neither_a_class_nor_a_closed_case_is_offered(northside: Practice, desk: Client) -> None:
    kind = AppointmentType.objects.create(name="Pilates", duration_in_minutes=60, max_attendees=8)
    group = northside.booking(
        LATER, kind=Booking.Kind.GROUP, appointment_type=kind, max_attendees=8
    )
    group.save()
    join(group, northside.ada, None, by=northside.by)
    alone = northside.attend(at=LATER + timedelta(days=1))
    knee, hip = northside.case(), northside.case("Hip")
    hip.close(by=northside.by)

    form = desk.get(f"{HERE}/new?patient={northside.ada.pk}").context["form"]

    assert list(form.fields["attendee"].queryset) == [alone]
    assert list(form.fields["case"].queryset) == [knee]


def test_what_is_archived_is_not_put_on_the_list(northside: Practice, desk: Client) -> None:
    gone, visit = northside.patient("Gone", "Away"), northside.attend(at=LATER)
    visit.cancel(30, by=northside.by)
    gone.archive(by=northside.by)

    assert desk.get(f"{HERE}/new?visit={visit.pk}").status_code == 404
    asked = text_of(desk.get(f"{HERE}/new?patient={gone.pk}"))
    assert "Choose a patient from the list." in asked
