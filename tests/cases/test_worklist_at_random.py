"""Who is in the worklist, over cases made at random: as somebody finds who reads one at a time."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.accounts.models import Business
from casewell.appointments.models import Attendee, Booking
from casewell.cases.duties import CaseFacts, DutyState, duty_state
from casewell.cases.models import Approval, DutyDone, PatientCase, Programme
from casewell.cases.models.programme import shipped_programmes
from casewell.cases.models.worklist import Lookout, Reason

if TYPE_CHECKING:
    from datetime import date

    from tests.soak import Trials
    from tests.world import Practice

PERHAPS = (True, False, False)


def random_case(practice: Practice, rng: random.Random, rules: list[Any], doctor: Any) -> Any:
    today = practice.account.today()

    def day(far: int) -> date | None:
        return rng.choice([None, today + timedelta(days=rng.randint(-far, far // 6))])

    return PatientCase(
        account=practice.account,
        patient=practice.ada,
        name="Knee",
        programme=rng.choice([*rules, None]),
        max_sessions=rng.choice([None, None, 3, 8]),
        sessions_elsewhere=rng.choice([0, 0, 0, 1]),
        include_cancelled_attendees=rng.choice(PERHAPS),
        include_dna_attendees=rng.choice(PERHAPS),
        referral=rng.choice(PERHAPS),
        contact=rng.choice([None, doctor]),
        issue_date=day(400),
        plan_date=day(400),
        injury_date=day(100),
        expiry_date=rng.choice([None, today + timedelta(days=rng.randint(-20, 45))]),
        closed_at=timezone.now() if rng.random() < 0.2 else None,
    )


def random_visits(
    case: PatientCase, practice: Practice, rng: random.Random, places: list[Business]
) -> list[Attendee]:
    """Some on any day, and some about the midnight after the case's last day."""
    ends = case.expiry_date or practice.account.today()
    midnight = datetime.combine(ends + timedelta(days=1), time(), practice.account.zone)
    found = []
    for _ in range(rng.choice([0, 1, 1, 2, 2, 6])):
        away = timedelta(days=rng.randint(-90, 60), minutes=rng.randint(0, 1440))
        near = timedelta(minutes=rng.randint(-1000, 1000))
        at = rng.choice([timezone.now() + away, midnight + near])
        booking = practice.booking(at, business=rng.choice(places))
        state = {
            "cancelled_at": rng.choice([None, None, timezone.now()]),
            "did_not_arrive": rng.random() < 0.2,
            "archived_at": timezone.now() if rng.random() < 0.1 else None,
        }
        found.append(Attendee(booking=booking, patient=practice.ada, case=case, **state))
    return found


def make_cases(practice: Practice, rng: random.Random, number: int, places: list[Business]) -> None:
    account = practice.account
    rules = [Programme.adopt(account, code, by=practice.by) for code in shipped_programmes()]
    doctor = practice.doctor()
    cases = [random_case(practice, rng, rules, doctor) for _ in range(number)]
    visits = [one for case in cases for one in random_visits(case, practice, rng, places)]
    granted = [
        Approval(case=case, sessions=rng.choice([None, 2, 4, 7]), until=case.plan_date)
        for case in rng.choices(cases, k=number // 3)
    ]
    done = {
        (case.pk, rule["code"]): DutyDone(case=case, code=rule["code"], done_on=account.today())
        for case in rng.choices(cases, k=number // 2)
        for rule in (case.programme.duties[:1] if case.programme else [])
    }
    PatientCase.objects.bulk_create(cases)
    Booking.objects.bulk_create([one.booking for one in visits])
    Attendee.objects.bulk_create(visits)
    Approval.objects.bulk_create(one for one in granted if one.sessions or one.until)
    DutyDone.objects.bulk_create(done.values())


def reasons_by_hand(case: PatientCase, now: datetime, weeks: int) -> set[Reason]:
    """Over the visits of that case, one after the other."""
    today, ends, found = case.account.today(), case.expires_on, set()
    visits = sorted(
        (one.booking.starts_at, one.booking.local_start.date())
        for one in case.attendees.all()
        if one.counts
    )
    used = sum(at <= now for at, _ in visits)
    limit, to_come = case.limit, used < len(visits)
    left = None if limit is None else limit - len(visits) - case.sessions_elsewhere
    expired = ends is not None and ends < today
    if case.closed_at is None:
        found = {
            reason
            for reason, holds in {
                Reason.FULL: left is not None and left <= 0,
                Reason.FEW_LEFT: left in (1, 2),
                Reason.EXPIRING: ends is not None and 0 <= (ends - today).days <= 30,
                Reason.EXPIRED_WITH_VISITS: expired and to_come,
                Reason.BOOKED_PAST_EXPIRY: ends is not None
                and not expired
                and any(day > ends for at, day in visits if at > now),
                Reason.REFERRAL_MISSING: case.referral
                and (case.contact is None or case.issue_date is None),
            }.items()
            if holds
        }
    quiet = bool(visits) and visits[-1][0] < now - timedelta(weeks=weeks)
    is_last = bool(case.closed_at) or expired or (left is not None and left <= 0) or quiet
    facts = CaseFacts(
        today=today,
        used=used,
        limit=limit,
        first_on=visits[0][1] if used else None,
        ended_on=visits[-1][1] if visits and not to_come and is_last else None,
        clock_ends_on=ends,
    )
    done = {one.code for one in case.duties_done.all()}
    rules = case.programme.duties if case.programme else []
    states = {duty_state(rule, facts, done=rule["code"] in done) for rule in rules}
    return found | ({Reason.REPORT_DUE} if states & {DutyState.DUE, DutyState.OVERDUE} else set())


@pytest.mark.parametrize("zones", [1, 2])
def test_no_case_with_a_reason_is_lost_and_none_without_one_is_found(
    northside: Practice, trials: Trials, zones: int
) -> None:
    rng = random.Random(trials.seed)  # noqa: S311 - cases, not secrets
    account = northside.account
    zone = "Australia/Perth" if zones > 1 else account.time_zone
    places = [northside.business, Business.objects.create(business_name="2", time_zone=zone)]
    make_cases(northside, rng, trials(short=300, full=3_000), places)
    now, weeks = timezone.now(), account.course_ends_after_weeks

    looked_at = Lookout(account, now).find().rows

    cases = PatientCase.objects.with_usage(now).select_related("account", "programme", "contact")
    by_hand = {
        case.pk: reasons_by_hand(case, now, weeks)
        for case in cases.prefetch_related("attendees__booking__business", "duties_done")
    }
    assert {one.pk: set(why) for one, why in looked_at} == {k: v for k, v in by_hand.items() if v}
    assert {why for reasons in by_hand.values() for why in reasons} == set(Reason)
