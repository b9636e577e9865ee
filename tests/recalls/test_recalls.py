"""Recalls: due from their day, done by the visit that was booked, due again where it falls."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.audit.models import Change, OutgoingMail
from casewell.lib.errors import RuleViolation
from casewell.recalls.models import Recall, RecallDone, RecallType
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
TODAY = date(2026, 3, 3)


def recall_of(practice: Practice, on: date = TODAY, **fields: Any) -> Recall:
    kind, _ = RecallType.objects.get_or_create(name="Check-up")
    fields = {"patient": practice.ada, "recall_type": kind, "recall_date": on} | fields
    return Recall.objects.create(account=practice.account, **fields)


def due(practice: Practice) -> list[int]:
    return [one.pk for one in practice.account.recalls.due(TODAY).in_order()]


def test_a_recall_is_due_from_its_day_on(northside: Practice) -> None:
    day = timedelta(days=1)
    overdue, today = recall_of(northside, TODAY - day), recall_of(northside)
    recall_of(northside, TODAY + day)

    assert due(northside) == [overdue.pk, today.pk]


def test_the_visit_that_is_booked_does_it_and_it_is_due_again_where_that_falls(
    northside: Practice,
) -> None:
    one, visit = recall_of(northside), northside.attend(at=NOON + timedelta(days=3))

    one.mark_booked(visit, by=northside.by)
    assert (due(northside), one.is_booked) == ([], True)
    assert [row.pk for row in northside.account.recalls.booked()] == [one.pk]
    with pytest.raises(RecallDone):
        one.mark_booked(visit, by=northside.by)

    visit.cancel(30, by=northside.by)
    assert due(northside) == [one.pk]
    visit.reinstate(by=northside.by)
    assert due(northside) == []
    one.reopen(by=northside.by)
    assert due(northside) == [one.pk]
    verbs = Change.objects.of(one).values_list("verb", flat=True)
    assert list(verbs) == ["reopened", "booked"]


def test_who_is_archived_is_not_asked_back(northside: Practice) -> None:
    one = recall_of(northside)
    northside.ada.archive(by=northside.by)
    assert due(northside) == []
    northside.ada.restore(by=northside.by)
    one.archive(by=northside.by)
    assert due(northside) == []
    with pytest.raises(RecallDone):
        one.mark_booked(northside.attend(), by=northside.by)
    one.restore(by=northside.by)
    assert due(northside) == [one.pk]


def test_an_email_says_what_the_type_says_and_is_logged(northside: Practice) -> None:
    one = recall_of(northside)
    with pytest.raises(RuleViolation, match="has no e-mail address"):
        one.email(by=northside.by)
    northside.ada.email = "ada@home.example"
    northside.ada.first_name = "{practice name}"
    northside.ada.save()
    one.recall_type.message = "Dear {patient first name}, {recall type}"

    said = one.email(by=northside.by)

    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.body) == ("ada@home.example", "Dear {practice name}, Check-up")
    assert (said.mail, said.patient) == (mail, northside.ada)
