"""Reminders of visits: once each, of what stands, in the practice's words, to whom they want."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from casewell.appointments.models import AppointmentType, Booking
from casewell.appointments.models.joining import join
from casewell.letters.models import Communication
from casewell.patients.models import Patient
from casewell.reminders.answers import PATIENT
from casewell.reminders.fields import filled, unknown_fields
from casewell.reminders.models import ReminderTerms
from casewell.reminders.reminding import NotReminded, remind_now
from casewell.reminders.rounds import remind_practice, visits_due
from casewell.reminders.tasks import remind_of_visits
from tests.reminders.world import ADA, DAY, HOUR, MOBILE, mails, remind_by, told, visit_at
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_visit_is_reminded_of_once_a_day_ahead(northside: Practice) -> None:
    remind_by(northside)
    visit, later = (visit_at(northside, NOON + ahead) for ahead in (DAY, DAY + HOUR))

    assert [remind_practice(northside.account.pk) for _ in range(3)] == [1, 0, 0]
    assert told() == [(visit.pk, 24, False)]
    [mail] = mails()
    assert (mail.to, mail.subject) == (ADA, "Your appointment at Northside Physio")
    assert "Dear Ada," in mail.body
    assert "on Wed 4 Mar 2026 at 12:00 pm with Amy Shaw." in mail.body
    assert "/visits/" in mail.body

    with time_machine.travel(NOON + HOUR, tick=False):
        assert remind_practice(northside.account.pk) == 1
    assert told() == [(visit.pk, 24, False), (later.pk, 24, False)]


def test_the_log_keeps_what_was_said_without_the_links(northside: Practice) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + DAY)
    remind_practice(northside.account.pk)

    [said] = Communication.objects.all()
    assert (said.patient_id, said.attendee_id) == (northside.ada.pk, visit.pk)
    assert said.get_category_code_display() == "Appointment Reminder"
    assert said.get_type_code_display() == "Email"
    assert "(link)" in said.content
    assert "/visits/" not in said.content
    assert said.mail == mails()[0]


def test_a_second_reminder_comes_nearer_to_the_visit(northside: Practice) -> None:
    remind_by(northside, first_hours=48, second_hours=3)
    visit = visit_at(northside, NOON + 2 * DAY)

    remind_practice(northside.account.pk)
    with time_machine.travel(NOON + 2 * DAY - 3 * HOUR, tick=False):
        remind_practice(northside.account.pk)

    assert told() == [(visit.pk, 48, False), (visit.pk, 3, False)]


def test_a_visit_that_is_moved_is_told_anew_and_so_is_one_that_is_moved_back(
    northside: Practice,
) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + DAY)
    remind_practice(northside.account.pk)

    def move(hours: int) -> None:
        start = NOON + DAY + hours * HOUR
        visit.booking.move(starts_at=start, ends_at=start + HOUR, by=northside.by)

    move(-1)
    assert remind_practice(northside.account.pk) == 1
    move(0)
    assert [remind_practice(northside.account.pk) for _ in range(2)] == [1, 0]

    assert told() == [(visit.pk, 24, True), (visit.pk, 24, True), (visit.pk, 24, False)]
    times = [mail.body.partition(" at ")[2].partition(" with")[0] for mail in mails()]
    assert times == ["12:00 pm", "11:00 am", "12:00 pm"]


def test_a_move_and_back_between_two_rounds_tells_nothing_new(northside: Practice) -> None:
    remind_by(northside)
    visit = visit_at(northside, NOON + DAY)
    remind_practice(northside.account.pk)
    for start in (NOON + 3 * DAY, NOON + DAY):
        visit.booking.move(starts_at=start, ends_at=start + HOUR, by=northside.by)

    assert remind_practice(northside.account.pk) == 0


@pytest.mark.parametrize(
    "what", ["cancelled", "archived", "patient archived", "type left out", "off", "quiet", "no way"]
)
def test_nothing_goes_out_for_what_does_not_stand_and_to_who_does_not_want_it(
    northside: Practice, what: str
) -> None:
    quiet = {"quiet_from": time(11), "quiet_until": time(13)} if what == "quiet" else {}
    terms = remind_by(northside, **quiet)
    visit = visit_at(northside, NOON + DAY - (HOUR if quiet else timedelta()))
    if what == "cancelled":
        visit.cancel(30, by=northside.by)
    elif what == "archived":
        visit.booking.archive(by=northside.by)
    elif what == "patient archived":
        northside.ada.archive(by=northside.by)
    elif what == "type left out":
        northside.account.unreminded_types.create(appointment_type=northside.standard)
    elif what == "off":
        terms.by_email = False
        terms.save()
    elif what == "no way":
        Patient.objects.filter(pk=northside.ada.pk).update(reminder_type="None")

    assert list(visits_due(northside.account, timezone.now())) == []
    assert remind_practice(northside.account.pk) == 0
    assert mails() == []


def test_who_is_in_a_class_no_more_is_not_reminded_of_it(northside: Practice) -> None:
    remind_by(northside)
    kind = AppointmentType.objects.create(name="Class", duration_in_minutes=30, max_attendees=8)
    group = northside.booking(
        NOON + DAY, kind=Booking.Kind.GROUP, appointment_type=kind, max_attendees=8
    )
    group.save()
    join(group, northside.patient(), None, by=northside.by)
    gone = join(group, northside.ada, None, by=northside.by)
    gone.cancel(30, by=northside.by)

    with pytest.raises(NotReminded, match="This visit is cancelled"):
        remind_now(gone.pk, by=northside.by)


def test_of_another_type_than_those_left_out_patients_are_reminded(northside: Practice) -> None:
    remind_by(northside)
    other = AppointmentType.objects.create(name="Class", duration_in_minutes=30)
    northside.account.unreminded_types.create(appointment_type=other)
    visit_at(northside, NOON + DAY)

    assert remind_practice(northside.account.pk) == 1


def test_the_fields_of_a_case_speak_of_its_visits_and_not_of_its_name(northside: Practice) -> None:
    remind_by(northside)
    knee = northside.case("Private words", max_sessions=2)
    northside.attend(knee, NOON - DAY)
    last = visit_at(northside, NOON + DAY)
    last.link_to(knee, by=northside.by)

    remind_practice(northside.account.pk)

    [mail] = mails()
    assert "Visit 2 of 2\nThis is the last visit of your referral: please see your GP" in mail.body
    assert "Private words" not in mail.body


def test_without_a_case_its_lines_are_left_out_and_a_link_to_stop_is_always_there(
    northside: Practice,
) -> None:
    remind_by(northside, email_text="Come at {time}.\n{visit of case}\n{last visit}\nBye")
    visit_at(northside, NOON + DAY)
    remind_practice(northside.account.pk)

    [mail] = mails()
    lines = mail.body.split("\n")
    assert lines[:2] == ["Come at 12:00 pm.", "Bye"]
    assert lines[-1].startswith("No more reminders: http")
    assert lines[-1].endswith("/reminders")


def test_a_name_in_braces_is_no_field(northside: Practice) -> None:
    remind_by(northside, email_text="Dear {patient first name}, {dat}")
    Patient.objects.filter(pk=northside.ada.pk).update(first_name="{date}")
    visit_at(northside, NOON + DAY)
    remind_practice(northside.account.pk)

    assert mails()[0].body.startswith("Dear {date}, {dat}")
    assert unknown_fields("{dat}", "{Date} {dat}") == ["dat"]
    assert filled("a\n\n\n\nb", {}) == "a\n\nb"


def test_one_is_sent_by_hand_whatever_the_hours_and_says_why_where_it_cannot(
    northside: Practice,
) -> None:
    visit = visit_at(northside, NOON + 9 * DAY)
    with pytest.raises(NotReminded, match="has no address"):
        remind_now(visit.pk, by=northside.by)
    northside.ada.email = ADA
    northside.ada.save()

    assert remind_now(visit.pk, by=northside.by) == [ADA]
    assert remind_now(visit.pk, by=northside.by) == [ADA]
    assert told() == [(visit.pk, None, False)] * 2
    for change, why in (
        ({"reminder_type": "None"}, "wants no reminders"),
        ({"reminder_type": "SMS", "phone_numbers": MOBILE}, "No gateway"),
    ):
        Patient.objects.filter(pk=northside.ada.pk).update(**change)
        with pytest.raises(NotReminded, match=why):
            remind_now(visit.pk, by=northside.by)
    visit.cancel(30, by=northside.by)
    with pytest.raises(NotReminded, match="cancelled"):
        remind_now(visit.pk, by=northside.by)


def test_the_round_gives_each_practice_that_reminds_a_job_of_its_own(
    northside: Practice, elsewhere: Practice
) -> None:
    remind_by(northside)

    remind_of_visits(timestamp=0)

    jobs = ProcrastinateJob.objects.filter(task_name="remind_visitors")
    assert [job.args for job in jobs] == [{"account_id": northside.account.pk}]


def test_a_look_takes_the_same_four_statements_for_one_visit_and_for_many(
    northside: Practice, django_assert_num_queries: Any
) -> None:
    remind_by(northside)
    for n in (1, 3):
        for hour in range(n):
            visit_at(northside, NOON + DAY - hour * HOUR)
        with django_assert_num_queries(4):
            assert len(list(visits_due(northside.account, timezone.now()))) in (1, 4)


def test_the_terms_are_off_until_somebody_switches_them_on(northside: Practice) -> None:
    terms = ReminderTerms.of(northside.account)

    assert not terms.is_on
    assert str(PATIENT) == "the patient, by a link"
