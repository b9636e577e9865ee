"""Pages of reminders: the settings with their preview, the panel's button, what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType
from casewell.reminders.models import ReminderTerms
from tests.reminders.world import ADA, DAY, mails, remind_by, told, visit_at
from tests.web.pages import said
from tests.web.test_pages import statements_of
from tests.web.wrong_input import reminder_fields
from tests.world import NOON, signed_in, words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
SETTINGS = "/northside/settings/reminders"


def test_an_administrator_switches_reminders_on_and_leaves_out_a_type(
    northside: Practice, admin: Client
) -> None:
    group = AppointmentType.objects.create(name="Class", duration_in_minutes=30)
    assert words_in(admin.get(SETTINGS).content.decode()).count("No mail server") == 1

    answer = admin.post(SETTINGS, reminder_fields(northside))

    assert answer.status_code == 302
    terms = ReminderTerms.of(northside.account)
    assert (terms.by_email, terms.hours, terms.subject) == (True, [48, 3], "Your visit")
    left_out = northside.account.unreminded_types.values_list("appointment_type", flat=True)
    assert list(left_out) == [group.pk]
    change = northside.account.changes.of(terms).filter(changes__has_key="left out").get()
    assert change.changes["left out"] == [[], [group.pk]]
    both = reminder_fields(northside) | {"types": [northside.standard.pk, group.pk]}
    admin.post(SETTINGS, both)
    assert not left_out.all().exists()


def test_the_preview_reads_what_is_typed_and_saves_nothing(
    northside: Practice, admin: Client
) -> None:
    typed = reminder_fields(northside) | {
        "email_text": "Dear {patient first name}, {visit of case}. {last visit} {surname}",
        "look": "yes",
    }

    answer = admin.post(SETTINGS, typed)

    assert answer.status_code == 200
    page = words_in(answer.content.decode())
    assert "Dear Ada, Visit 5 of 5. See your GP {surname}" in page
    assert "No such field: {surname}" in page.replace(" }", "}").replace("{ ", "{")
    assert ReminderTerms.of(northside.account).subject != "Your visit"


def test_a_second_reminder_that_comes_no_nearer_is_refused(
    northside: Practice, admin: Client
) -> None:
    answer = admin.post(SETTINGS, reminder_fields(northside) | {"second_hours": "48"})

    assert answer.status_code == 422
    assert "The second reminder comes nearer to the visit." in answer.content.decode()


def test_the_settings_take_the_same_few_statements_for_one_type_and_for_many(
    northside: Practice, admin: Client
) -> None:
    counts = []
    for n in (1, 3):
        for number in range(n):
            AppointmentType.objects.create(name=f"{n} {number}", duration_in_minutes=30)
        admin.get(SETTINGS)
        counts.append(statements_of(admin, SETTINGS))
    assert counts == [7, 7]


def test_a_reminder_is_sent_from_the_panel_and_told_there(
    northside: Practice, desk: Client
) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + 9 * DAY)
    panel = f"/northside/bookings/{visit.booking_id}"
    assert "Send a reminder" in desk.get(panel).content.decode()

    answer = desk.post(f"{panel}/reminder")

    assert answer.status_code == 302
    assert said(answer) == [f"A reminder is on its way to {ADA}."]
    assert [mail.to for mail in mails()] == [ADA]
    assert "Reminders Email on its way, today 12:00 pm" in words_in(
        desk.get(panel).content.decode()
    )
    start = visit.booking.starts_at + DAY
    visit.booking.move(starts_at=start, ends_at=start + DAY / 24, by=northside.by)
    assert "for its former time" in desk.get(panel).content.decode()
    desk.post(f"{panel}/reminder")
    assert told() == [(visit.pk, None, True), (visit.pk, None, False)]
    northside.ada.reminder_type = "None"
    northside.ada.save()
    refused: Any = desk.post(f"{panel}/reminder")
    assert (refused.status_code, "wants no reminders" in refused.content.decode()) == (422, True)


def test_only_those_who_book_send_one(northside: Practice) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + 9 * DAY)
    keeper = signed_in(northside.account.admit(northside.member.user, role=Role.BOOKKEEPER))
    panel = f"/northside/bookings/{visit.booking_id}"

    assert "Send a reminder" not in keeper.get(panel).content.decode()
    assert keeper.post(f"{panel}/reminder").status_code == 403
    assert mails() == []


def test_a_visit_that_has_begun_is_not_reminded_of(northside: Practice, desk: Client) -> None:
    visit = visit_at(northside, NOON)

    panel = f"/northside/bookings/{visit.booking_id}"

    assert "Send a reminder" not in desk.get(panel).content.decode()
    refused = desk.post(f"{panel}/reminder")
    assert refused.status_code == 422
    assert "This visit has begun already." in refused.content.decode()


def test_a_type_that_is_archived_stays_left_out(northside: Practice, admin: Client) -> None:
    group = AppointmentType.objects.create(name="Class", duration_in_minutes=30)
    admin.post(SETTINGS, reminder_fields(northside))
    AppointmentType.objects.filter(pk=group.pk).update(archived_at=NOON)

    admin.post(SETTINGS, reminder_fields(northside))

    assert northside.account.unreminded_types.get().appointment_type == group


def test_a_reminder_of_a_later_time_than_the_visit_has_now_is_of_its_former_time(
    northside: Practice, desk: Client
) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + 9 * DAY)
    panel = f"/northside/bookings/{visit.booking_id}"
    desk.post(f"{panel}/reminder")

    for start in (NOON + 8 * DAY, NOON + 10 * DAY):
        visit.booking.move(starts_at=start, ends_at=start + DAY / 24, by=northside.by)
        assert "for its former time" in desk.get(panel).content.decode()


def test_what_was_sent_stands_on_the_patients_page_of_it(northside: Practice, desk: Client) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + DAY)
    desk.post(f"/northside/bookings/{visit.booking_id}/reminder")

    page = desk.get(f"/northside/patients/{northside.ada.pk}/communications").content.decode()

    assert f"Your appointment at Northside Physio {ADA} Email on its way" in words_in(page)
