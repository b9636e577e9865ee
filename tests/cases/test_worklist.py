"""The cases worklist: each reason tested alone, over all cases of the practice."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Q
from django.utils import timezone

from casewell.accounts.models import Business
from casewell.cases.models import Approval, DutyDone, PatientCase, Programme
from casewell.cases.models.standing import standings
from casewell.cases.models.worklist import Lookout, Reason
from casewell.cases.usage import Usage
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from tests.world import Practice


def reasons_for(practice: Practice, case: PatientCase) -> set[Reason]:
    found = Lookout(practice.account).find(Q(pk=case.pk)).rows
    return {why for one, reasons in found for why in reasons if one.pk == case.pk}


def in_days(practice: Practice, case: PatientCase, *days: int) -> None:
    for day in days:
        practice.attend(case, timezone.now() + timedelta(days=day))


@pytest.mark.parametrize(
    ("fields", "days", "expected"),
    [
        ({"max_sessions": 10}, [1], set()),
        ({"expires_in": 30}, [], {Reason.EXPIRING}),
        ({"expires_in": 31}, [], set()),
        ({"expires_in": 0}, [], {Reason.EXPIRING}),
        ({"expires_in": 0}, [1], {Reason.EXPIRING, Reason.BOOKED_PAST_EXPIRY}),
        ({"expires_in": -1}, [-3], set()),
        ({"max_sessions": 3}, [-1], {Reason.FEW_LEFT}),
        ({"max_sessions": 3, "sessions_elsewhere": 3}, [], {Reason.FULL}),
        ({"max_sessions": 1}, [-1, 1], {Reason.FULL}),
        ({"expires_in": -1}, [1], {Reason.EXPIRED_WITH_VISITS}),
        ({"expires_in": 40}, [50], {Reason.BOOKED_PAST_EXPIRY}),
        ({"referral": True}, [], {Reason.REFERRAL_MISSING}),
        ({"expires_in": 3, "closed_at": timezone.now()}, [], set()),
    ],
)
def test_each_reason_holds_by_itself(
    northside: Practice, fields: dict[str, Any], days: list[int], expected: set[Reason]
) -> None:
    if "expires_in" in fields:
        last = northside.account.today() + timedelta(days=fields.pop("expires_in"))
        fields["expiry_date"] = last
    case = northside.case(**fields)
    in_days(northside, case, *days)

    assert reasons_for(northside, case) == expected


def test_a_report_is_due_after_the_first_visit_until_it_is_done(northside: Practice) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    case = northside.case(programme=rules)
    assert Reason.REPORT_DUE not in reasons_for(northside, case)

    in_days(northside, case, -1, 3)
    assert Reason.REPORT_DUE in reasons_for(northside, case)

    DutyDone.objects.create(case=case, code="report_first", done_on=northside.account.today())
    assert Reason.REPORT_DUE not in reasons_for(northside, case)


def test_a_report_is_due_when_nothing_was_booked_for_as_long_as_the_practice_says(
    northside: Practice,
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-better-access", by=northside.by)
    case = northside.case(programme=rules)
    in_days(northside, case, -7 * 8 + 1)
    assert Reason.REPORT_DUE not in reasons_for(northside, case)

    northside.account.course_ends_after_weeks = 7
    assert Reason.REPORT_DUE in reasons_for(northside, case)


def test_a_report_is_due_after_the_last_session_that_a_case_has(northside: Practice) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-better-access", by=northside.by)
    full, open_ = (northside.case(programme=rules, max_sessions=limit) for limit in (3, 9))
    for case in (full, open_):
        in_days(northside, case, -5, -3, -1)

    assert reasons_for(northside, full) == {Reason.FULL, Reason.REPORT_DUE}
    assert reasons_for(northside, open_) == set()


def test_a_case_stands_as_it_counts_itself_and_archived_ones_do_not_stand(
    northside: Practice,
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    case = northside.case(programme=rules, sessions_elsewhere=1)
    Approval.grant(case, sessions=9, by=northside.by)
    in_days(northside, case, -9, -2, 4)
    northside.attend(case, did_not_arrive=True)
    northside.case(archived_at=timezone.now())

    [one] = standings(northside.account)

    found = PatientCase.objects.get(pk=case.pk)
    assert Usage(one.counted, one.used, one.limit, one.elsewhere) == found.usage
    assert (one.left, one.expires_on) == (found.usage.left, found.expires_on)


def test_visits_in_two_zones_are_counted_together_each_on_its_own_days(
    northside: Practice,
) -> None:
    perth = Business.objects.create(business_name="Perth", time_zone="Australia/Perth")
    case, other = northside.case(), northside.case()
    late = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # the 3rd in Perth, the 4th in Sydney
    northside.booking(late, business=perth).book(northside.ada, case, by=northside.by)
    northside.attend(case, late - timedelta(days=1))
    northside.booking(late, business=perth).book(northside.ada, other, by=northside.by)
    northside.attend(other, late + timedelta(days=1))

    found = {one.pk: one for one in standings(northside.account)}

    here, there = found[case.pk], found[other.pk]
    assert (here.counted, str(here.first_on), str(here.last_on)) == (2, "2026-03-03", "2026-03-03")
    assert (there.counted, str(there.first_on), str(there.last_on)) == (
        2,
        "2026-03-03",
        "2026-03-05",
    )


def test_each_practice_and_each_moment_has_its_own_counts(
    northside: Practice, elsewhere: Practice
) -> None:
    ours = northside.case()
    for days in (-2, -1, 1):
        northside.attend(ours, at=timezone.now() + timedelta(days=days))
    northside.account.approvals.create(case=ours, sessions=4)
    with account_scope(elsewhere.account):
        elsewhere.attend(elsewhere.case(max_sessions=9))

    def counts(practice: Practice, days: int) -> list[tuple[int, int, int | None]]:
        with account_scope(practice.account):
            found = standings(practice.account, now=timezone.now() + timedelta(days=days))
            return [(one.counted, one.used, one.limit) for one in found]

    assert [counts(northside, days) for days in (-9, 0, 9)] == [[(3, n, 4)] for n in (0, 2, 3)]
    assert [counts(elsewhere, days) for days in (-900, 900)] == [[(1, n, 9)] for n in (0, 1)]


@pytest.mark.parametrize("anchor", Programme.Anchor.values)
def test_a_clock_that_starts_on_a_leap_day_ends_on_the_last_of_february(
    northside: Practice, anchor: str
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(clock_anchor=anchor, clock_months=12)
    dates: dict[str, Any] = dict.fromkeys(
        ("issue_date", "plan_date", "injury_date"), date(2027, 1, 1)
    )
    dates[anchor] = date(2028, 2, 29)
    first = dates.pop("first_session", None)
    case = northside.case(programme=rules, **dates)
    typed = northside.case(programme=rules, expiry_date=date(2030, 3, 4), **dates)
    if first:
        northside.attend(case, datetime(2028, 2, 28, 13, 30, tzinfo=UTC))  # 00:30 in Sydney

    found = {one.pk: one.expires_on for one in standings(northside.account)}

    assert found == {case.pk: date(2029, 2, 28), typed.pk: date(2030, 3, 4)}


def test_a_visit_after_the_expirys_midnight_where_it_is_held_is_booked_past_it(
    northside: Practice,
) -> None:
    last = northside.account.today() + timedelta(days=40)
    late, past = (northside.case(expiry_date=last) for _ in range(2))
    midnight = datetime.combine(last + timedelta(days=1), time(), northside.business.zone)
    northside.attend(late, midnight - timedelta(minutes=30))
    northside.attend(past, midnight + timedelta(minutes=30))

    assert reasons_for(northside, late) == set()
    assert reasons_for(northside, past) == {Reason.BOOKED_PAST_EXPIRY}


def test_a_visit_past_the_expiry_is_found_though_a_later_one_is_on_the_day_before_elsewhere(
    northside: Practice,
) -> None:
    west = Business.objects.create(business_name="West", time_zone="Australia/Perth")
    last = northside.account.today() + timedelta(days=40)
    past, late = (northside.case(expiry_date=last) for _ in range(2))
    midnight = datetime.combine(last + timedelta(days=1), time(), northside.business.zone)
    northside.attend(past, midnight + timedelta(minutes=30))
    for case in (past, late):
        later = northside.attend(case, midnight + timedelta(hours=1))
        later.booking.move(business=west, by=northside.by)

    assert reasons_for(northside, past) == {Reason.BOOKED_PAST_EXPIRY}
    assert reasons_for(northside, late) == set()


def test_whatever_a_case_counts_it_stands_as_it_counts_itself(northside: Practice) -> None:
    now = timezone.now()
    kinds: list[dict[str, Any]] = [
        {},
        {"cancelled_at": now},
        {"did_not_arrive": True},
        {"cancelled_at": now, "did_not_arrive": True},
        {"archived_at": now},
    ]
    flags = itertools.product((False, True), repeat=2)
    for cancelled, missed in flags:
        case = northside.case(include_cancelled_attendees=cancelled, include_dna_attendees=missed)
        for kind in kinds:
            northside.attend(case, **kind)

    found = {one.pk: one.counted for one in standings(northside.account)}

    cases = PatientCase.objects.with_usage()
    assert found == {case.pk: case.usage.counted for case in cases}
    assert sorted(found.values()) == [1, 2, 2, 4]


def test_however_many_cases_there_are_three_statements_tell_how_they_stand(
    northside: Practice, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        in_days(northside, northside.case(), -1, 1)

    with django_assert_num_queries(3):
        assert len(standings(northside.account)) == 3
    assert standings(northside.account, northside.account.patient_cases.none()) == []
