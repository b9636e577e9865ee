"""Visits without a case, of patients who have one that fits: more often forgotten than meant."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from casewell.cases.models.counted_rows import Epoch
from casewell.cases.models.standing import standings

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.cases.models.standing import Standing

RECENT = timedelta(days=60)


def without_case(account: Account, now: datetime | None = None) -> AttendeeQuerySet:
    """Recent and coming visits in no case that took place or may, in order of time."""
    since = (now or timezone.now()) - RECENT
    visits = account.attendees.live().filter(
        case=None,
        did_not_arrive=False,
        booking__archived_at=None,
        booking__cancelled_at=None,
        booking__starts_at__gte=since,
    )
    return visits.in_order()


def fitting_cases(account: Account, now: datetime | None = None) -> dict[int, list[Standing]]:
    """How the cases stand that fit each visit: the next visits first, then the latest.

    Visits that no case fits, and those about which it was decided are left out; of a visit's cases
    the first made is first. Four statements.
    """
    patients = account.patient_cases.unclosed().values("patient")
    undecided = without_case(account, now).filter(case_declined_at=None, patient__in=patients)
    rows: Any = undecided.annotate(start=Epoch("booking__starts_at")).values_list(
        "pk", "patient_id", "start", "booking__business__time_zone"
    )
    nearest = (now or timezone.now()).timestamp()
    visits = sorted(rows, key=lambda row: (row[2] < nearest, abs(row[2] - nearest)))
    cases: defaultdict[int, list[Standing]] = defaultdict(list)
    if visits:
        held = account.patient_cases.unclosed().filter(patient__in={row[1] for row in visits})
        for one in sorted(standings(account, held, now), key=lambda one: one.pk):
            cases[one.patient].append(one)
    found = {}
    for visit, patient, start, zone in visits:
        day = datetime.fromtimestamp(start, ZoneInfo(zone)).date()
        fitting = [one for one in cases[patient] if one.fits_on(day)]
        if fitting:
            found[visit] = fitting
    return found
