"""The last day of a case: what still joins, and where the practice refuses the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.models import Account
from casewell.appointments.models import Booking
from casewell.cases.models import CaseExpired, PatientCase
from casewell.cases.usage import Status
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_case_that_expires_today_is_open_today(northside: Practice) -> None:
    today = northside.account.today()
    knee = northside.case(expiry_date=today)

    assert knee.status_on(today) is Status.OPEN
    assert knee.status_on(today + timedelta(days=1)) is Status.EXPIRED


def test_a_practice_may_refuse_visits_after_the_last_day_through_every_door(
    northside: Practice,
) -> None:
    Account.objects.filter(pk=northside.account.pk).update(case_expiry_action="block")
    ended = northside.case(expiry_date=NOON.date())
    on_the_day = northside.attend(None, NOON)
    after = northside.attend(None, NOON + timedelta(days=1))

    on_the_day.link_to(ended, by=northside.by)
    with pytest.raises(CaseExpired, match="expired by then"):
        after.link_to(ended, by=northside.by)
    with pytest.raises(CaseExpired):
        northside.booking(NOON + timedelta(days=2)).book(northside.ada, ended, by=northside.by)
    with pytest.raises(CaseExpired):
        on_the_day.booking.move(
            starts_at=NOON + timedelta(days=3),
            ends_at=NOON + timedelta(days=3, minutes=45),
            by=northside.by,
        )

    assert PatientCase.objects.get(pk=ended.pk).usage.counted == 1
    assert Booking.objects.get(pk=on_the_day.booking_id).starts_at == NOON


def test_a_visit_that_is_late_already_may_be_moved_within_the_same_case(
    northside: Practice,
) -> None:
    ended = northside.case(expiry_date=NOON.date())
    late = northside.attend(ended, NOON + timedelta(days=1))
    Account.objects.filter(pk=northside.account.pk).update(case_expiry_action="block")

    later = NOON + timedelta(days=2)
    late.booking.move(starts_at=later, ends_at=later + timedelta(minutes=45), by=northside.by)

    assert Booking.objects.get(pk=late.booking_id).starts_at == later
