"""The demo's cases, in every state and kind, each holding the visits that its state wants."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.audit.actors import Actor
from casewell.cases.models import CaseWord, PatientCase, Programme
from casewell.demo.names import CASE_KINDS, PROGRAMMES, STATES
from casewell.demo.people import BATCH, REGULARS, words_of

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.demo.people import World
    from casewell.patients.models import Patient

DAYS_OF_A_MONTH = 30
# How many sessions are left when the visits have been linked.
LEFT = {"full": 0, "low": 1}
UNLIMITED = 14  # visits, for the demo, of a case without a limit
ADA_LIMIT, ADA_VISITS = 10, 3
FORGOTTEN = 40  # one in so many visits that are in no case


def make_cases(world: World, attendees: list[Attendee], count: int) -> list[PatientCase]:
    """`count` cases; visits are linked in time order and never past the limit."""
    visits: dict[int, list[Attendee]] = defaultdict(list)
    for visit in sorted(attendees, key=lambda v: v.booking.starts_at):
        visits[visit.patient_id].append(visit)
    cases = [_left_knee(world, attendees, visits)]
    for number in range(1, count):
        patient = world.patients[1 + number % min(REGULARS, len(world.patients) - 1)]
        cases.append(_case(world, patient, visits[patient.pk], number))
    _decline_most(attendees)
    _under_programmes(world, cases)
    _to_look_at(world, cases, attendees)
    PatientCase.objects.bulk_create(cases, batch_size=BATCH)
    CaseWord.objects.bulk_create(words_of(CaseWord, cases), batch_size=BATCH)
    return cases


def _decline_most(attendees: list[Attendee]) -> None:
    """Most visits that are in no case are meant to be in none, so that a few were forgotten."""
    for number, visit in enumerate(visit for visit in attendees if visit.case is None):
        if number % FORGOTTEN:
            visit.case_declined_at = visit.booking.starts_at - timedelta(days=1)


def _under_programmes(world: World, cases: list[PatientCase]) -> None:
    """Adopt the funders' rules that the demo has, and give them the cases of their kind."""
    by = Actor(job="demo")
    rules = {name: Programme.adopt(world.account, code, by=by) for name, code in PROGRAMMES.items()}
    for case in cases:
        case.programme = rules.get(case.name)


def _to_look_at(world: World, cases: list[PatientCase], attendees: list[Attendee]) -> None:
    """A few letters that came incomplete, and cases that expire before their last visit."""
    later = world.today + timedelta(days=10)
    booked = {id(v.case) for v in attendees if v.case and v.booking.starts_at.date() >= later}
    unclosed = [case for case in cases[1:] if not (case.closed_at or case.archived_at)]
    referred = [case for case in unclosed if case.referral]
    for case in referred[5::23]:
        case.contact = None
    for case in referred[12::31]:
        case.issue_date = None
    late = [case for case in unclosed if id(case) in booked and case.expiry_date]
    for number, case in enumerate(late[::5]):
        case.expiry_date = world.today + timedelta(days=5 - 9 * (number % 2))


def _left_knee(
    world: World, attendees: list[Attendee], visits: dict[int, list[Attendee]]
) -> PatientCase:
    """Ada's one open case: three visits behind her, seven left."""
    ada, today = world.patients[0], world.today
    knee = PatientCase(
        patient=ada,
        name="Left knee (GP plan)",
        max_sessions=ADA_LIMIT,
        referral=True,
        referral_type=PatientCase.ReferralType.MEDICARE,
        contact=world.referrers[0],
        issue_date=today - timedelta(days=60),
        expiry_date=today + timedelta(days=300),
        condition="Osteoarthritis of the left knee",
    )
    arrived = [v for v in attendees if v.arrived and _days_ago(world, v) in range(1, 50)]
    for visit in islice(arrived, 0, None, max(len(arrived) // ADA_VISITS, 1)):
        if len(visits[ada.pk]) < ADA_VISITS:
            visits[visit.patient_id].remove(visit)
            visit.patient = ada
            visit.case = knee
            visits[ada.pk].append(visit)
    return knee


def _days_ago(world: World, visit: Attendee) -> int:
    return (world.today - visit.booking.starts_at.date()).days


def _case(world: World, patient: Patient, visits: list[Attendee], number: int) -> PatientCase:
    name, referral_type, limit, months, cancelled_count = CASE_KINDS[number % len(CASE_KINDS)]
    state = next(islice(cycle(STATES), number // len(CASE_KINDS) + number, None))
    issued = _issue_date(world, state, months)
    case = PatientCase(
        patient=patient,
        name=name,
        max_sessions=limit,
        include_cancelled_attendees=cancelled_count,
        include_dna_attendees=number % 5 == 0,
        issue_date=issued,
        expiry_date=_expiry_date(world, state, issued, months),
        referral=bool(referral_type),
        referral_type=referral_type,
        contact=world.random.choice(world.referrers) if referral_type else None,
    )
    _take(case, visits, issued, state)
    _end(world, case, state)
    return case


def _issue_date(world: World, state: str, months: int | None) -> date:
    days = DAYS_OF_A_MONTH * (months or 12)
    ago = {"expired": days + 20, "soon": days - 14, "full": 300, "low": 200, "closed": 320}
    return world.today - timedelta(days=ago.get(state, world.random.randrange(20, 90)))


def _expiry_date(world: World, state: str, issued: date, months: int | None) -> date | None:
    if state in ("full", "low"):
        return world.today + timedelta(days=90)
    return issued + timedelta(days=DAYS_OF_A_MONTH * months) if months else None


def _take(case: PatientCase, visits: list[Attendee], issued: date, state: str) -> None:
    """Link the free visits since the issue date, as many as the state wants."""
    free = [v for v in visits if v.case is None and v.booking.starts_at.date() >= issued]
    if state in LEFT and case.max_sessions:
        countable = [v for v in free if _would_count(v, case)]
        case.max_sessions = min(case.max_sessions, max(len(countable) + LEFT[state], 2))
    room = UNLIMITED if case.max_sessions is None else case.max_sessions - LEFT.get(state, 2)
    for visit in free:
        if _would_count(visit, case):
            if room <= 0:
                break
            room -= 1
        visit.case = case


def _would_count(visit: Attendee, case: PatientCase) -> bool:
    return (visit.cancelled_at is None or case.include_cancelled_attendees) and (
        not visit.did_not_arrive or case.include_dna_attendees
    )


def _end(world: World, case: PatientCase, state: str) -> None:
    if state == "closed":
        case.closed_at = timezone.now() - timedelta(days=world.random.randrange(3, 200))
        case.closed_reason = "Treatment finished"
    if state == "archived":
        case.archived_at = timezone.now() - timedelta(days=world.random.randrange(3, 200))
