"""Reminders: each threshold once, to whom the practice wants, one letter for all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from casewell.accounts.models import Account, User
from casewell.accounts.roles import Role
from casewell.audit.models import OutgoingMail
from casewell.cases.models import Approval, CaseReminder
from casewell.cases.reminders import is_due, remind, tell
from casewell.cases.tasks import remind_of_cases, remind_practice
from casewell.lib.formats import written_as
from casewell.tenancy.scope import account_scope
from tests import database
from tests.world import open_practice

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from casewell.cases.models import PatientCase
    from tests.world import Practice

EIGHT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)  # in the morning of Tuesday 3 March, in Sydney
DAY = timedelta(days=1)


def told(northside: Practice) -> list[tuple[str, str, str, str]]:
    rows = CaseReminder.objects.order_by("id").values_list(
        "threshold", "mark", "recipient", "address"
    )
    return list(rows)


def letters() -> dict[str, OutgoingMail]:
    return {letter.to: letter for letter in OutgoingMail.objects.order_by("id")}


def ending(northside: Practice, days: int, **fields: Any) -> PatientCase:
    return northside.case(expiry_date=northside.account.today() + days * DAY, **fields)


@pytest.mark.parametrize(
    ("days", "visits", "limit", "expected"),
    [
        (31, 0, None, []),
        (30, 0, None, ["expires_soon"]),
        (8, 0, None, ["expires_soon"]),
        (7, 0, None, ["expires_now"]),
        (0, 0, None, ["expires_now"]),
        (-1, 0, None, []),
        (-1, 3, 3, []),
        (60, 0, 3, []),
        (60, 1, 3, ["few_left"]),
        (60, 3, 3, ["full"]),
        (5, 3, 3, ["expires_now", "full"]),
    ],
)
def test_a_case_is_told_of_at_the_threshold_behind_which_it_is(
    northside: Practice, days: int, visits: int, limit: int | None, expected: list[str]
) -> None:
    case = ending(northside, days, max_sessions=limit)
    for number in range(visits):
        northside.attend(case, timezone.now() + number * DAY)

    tell(northside.account)

    assert [threshold for threshold, *_ in told(northside)] == expected


def test_each_threshold_is_told_once_and_again_only_for_another_limit_or_date(
    northside: Practice,
) -> None:
    ends = northside.account.today() + 20 * DAY
    case = ending(northside, 20, max_sessions=1)
    northside.attend(case)

    assert [tell(northside.account), tell(northside.account)] == [1, 0]
    assert [mark for _, mark, *_ in told(northside)] == [ends.isoformat(), "1"]

    Approval.grant(case, sessions=2, until=ends + DAY, by=northside.by)
    assert tell(northside.account) == 1
    assert [row[:2] for row in told(northside)[2:]] == [
        ("expires_soon", (ends + DAY).isoformat()),
        ("few_left", "2"),
    ]


def test_closed_and_archived_cases_are_told_to_nobody(northside: Practice) -> None:
    ending(northside, 5, closed_at=timezone.now())
    ending(northside, 5, archived_at=timezone.now())

    assert tell(northside.account) == 0


def test_the_desk_the_practitioner_and_the_patient_each_have_one_letter_for_all(
    northside: Practice,
) -> None:
    account, amy = northside.account, northside.amy
    amy.user = User.objects.create_user(email="amy@north.example", first_name="Amy", last_name="S")
    amy.save()
    account.admit(amy.user, role=Role.PRACTITIONER)
    account.remind_desk_at = "desk@north.example"
    account.remind_practitioners = account.remind_patients = True
    northside.ada.email = "ada@home.example"
    northside.ada.save()
    knee = ending(northside, 20, max_sessions=5, referral=True, referral_type="medicare")
    for number in range(4):
        northside.attend(knee, timezone.now() - number * DAY)
    ending(northside, 3, name="Private words", patient=northside.patient())

    tell(account)

    found = letters()
    assert set(found) == {"desk@north.example", "amy@north.example", "ada@home.example"}
    assert found["desk@north.example"].subject == "2 cases need a look"
    assert "Rossi, Ada: 4 of 5 sessions" in found["desk@north.example"].body
    assert found["amy@north.example"].subject == "1 case needs a look"
    body = found["ada@home.example"].body
    assert "You have used or booked visit 4 of 5 of your Medicare referral." in body
    assert "see your GP" in body
    assert "Left knee" not in body
    assert found["ada@home.example"].reply_to == "desk@north.example"
    mails = {row.recipient: row.mail for row in CaseReminder.objects.select_related("mail")}
    assert mails["patient"] == found["ada@home.example"]


@pytest.mark.parametrize("kind", ["None", "SMS"])
def test_a_patient_who_wants_no_reminders_by_email_has_none(northside: Practice, kind: str) -> None:
    account = northside.account
    account.remind_patients = True
    ada = northside.ada
    ada.email, ada.reminder_type = "ada@home.example", kind
    ada.save()
    ending(northside, 5)

    tell(account)

    assert [recipient for *_, recipient, _ in told(northside)] == ["desk"]
    assert letters() == {}


def test_a_practitioner_who_has_left_is_not_written_to(northside: Practice) -> None:
    account, amy = northside.account, northside.amy
    amy.user = User.objects.create_user(email="amy@north.example", first_name="Amy", last_name="S")
    amy.save()
    account.admit(amy.user, role=Role.PRACTITIONER)
    account.memberships.filter(user=amy.user).update(active=False)
    account.remind_practitioners = True
    northside.attend(ending(northside, 5))

    tell(account)

    assert letters() == {}


def test_it_is_done_once_a_day_in_the_practices_own_morning(northside: Practice) -> None:
    with time_machine.travel(EIGHT - timedelta(hours=2), tick=False):  # six o'clock there
        assert not is_due(northside.account, timezone.now())
    with time_machine.travel(EIGHT, tick=False):
        ending(northside, 5)
        assert remind(northside.account.pk) == 1
        ending(northside, 4)
        assert remind(northside.account.pk) == 0
    with time_machine.travel(EIGHT + DAY, tick=False):
        assert remind(northside.account.pk) == 1


def test_the_worker_gives_each_practice_a_job_of_its_own(
    northside: Practice, elsewhere: Practice
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    with time_machine.travel(EIGHT, tick=False):
        Account.objects.filter(pk=elsewhere.account.pk).update(
            reminded_on=elsewhere.account.today()
        )
        ending(northside, 5)
        remind_of_cases(timestamp=0)
        remind_practice(account_id=northside.account.pk)

    jobs = ProcrastinateJob.objects.filter(task_name="remind_practice")
    assert [job.args for job in jobs] == [{"account_id": northside.account.pk}]
    assert [threshold for threshold, *_ in told(northside)] == ["expires_now"]
    assert len(outbox.outbox) == 0


def test_two_workers_at_once_tell_it_once(
    django_db_blocker: DjangoDbBlocker, django_db_setup: None
) -> None:
    usual = connection.settings_dict["NAME"]
    name = f"twice_{usual}"
    with django_db_blocker.unblock():
        database.copy(name)
        database.use(name)
        try:
            practice = open_practice("northside", "Northside Physio")
            with account_scope(practice.account):
                practice.account.remind_desk_at = "desk@north.example"
                practice.account.save()
                for _ in range(20):
                    ending(practice, 5)
            both = [Thread(target=_tell_all, args=[practice.account]) for _ in range(2)]
            for worker in both:
                worker.start()
            for worker in both:
                worker.join()
            with account_scope(practice.account):
                assert CaseReminder.objects.count() == 20
                assert [mail.subject for mail in OutgoingMail.objects.all()] == [
                    "20 cases need a look"
                ]
        finally:
            database.use(usual)
            database.drop(name)


def _tell_all(account: Account) -> None:
    """Without the lock of the account: the unique key alone keeps them apart."""
    try:
        with account_scope(account), written_as(account.formats):
            tell(account)
    finally:
        connection.close()
