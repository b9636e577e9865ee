"""Looking for visits of which somebody is to be reminded now, practice by practice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.accounts.models import Account
from casewell.audit.actors import Actor
from casewell.lib.formats import written_as
from casewell.reminders.models import ReminderTerms
from casewell.reminders.reminding import remind_if_due, ways_to
from casewell.reminders.timing import hours_due
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from casewell.appointments.models import Attendee

BY = Actor(job="reminders")
BEFORE_THE_QUIET = timedelta(hours=25)  # how much sooner the quiet hours may make it


def is_on(account: Account) -> bool:
    """Whether the practice reminds at all, and may do so now; inside its scope."""
    terms = account.reminder_terms.first()
    return bool(terms and terms.is_on and not terms.quiet.holds(timezone.now()))


def remind_practice(account_id: int) -> int:
    """Remind of all visits of a practice that are due; of how many that was.

    Each in a transaction of its own: a worker that is killed has told those before, and the next
    round tells the others.
    """
    with account_scope(account_id):
        account = Account.objects.get(pk=account_id)
        due = list(visits_due(account, timezone.now()))
    told = 0
    for visit_id in due:
        here = timezone.override(account.zone)
        with account_scope(account_id), here, written_as(account.formats):
            told += remind_if_due(visit_id, by=BY)
    return told


def visits_due(account: Account, now: datetime) -> Iterator[int]:
    """The visits of which somebody is to be reminded now, by id; in four statements."""
    terms = ReminderTerms.of(account)
    if not terms.is_on:
        return
    until = now + timedelta(hours=max(terms.hours)) + BEFORE_THE_QUIET
    coming = account.attendees.live().filter(
        booking__starts_at__gt=now,
        booking__starts_at__lte=until,
        booking__cancelled_at=None,
        booking__archived_at=None,
        patient__archived_at=None,
    )
    unreminded = account.unreminded_types.values_list("appointment_type_id", flat=True)
    wanted = coming.exclude(booking__appointment_type__in=list(unreminded))
    visits = list(wanted.select_related("booking", "patient").order_by("booking__starts_at", "id"))
    rows = account.appointment_reminders.filter(starts_at__gt=now, outdated=False)
    told = set(rows.values_list("attendee_id", "hours", "starts_at"))
    for visit in visits:
        start = visit.booking.starts_at
        hours = hours_due(start, visit.created_at, terms.hours, terms.quiet, now)
        if hours and (visit.pk, hours, start) not in told and _has_a_way(visit, account, terms):
            yield visit.pk


def _has_a_way(visit: Attendee, account: Account, terms: ReminderTerms) -> bool:
    visit.patient.account = account
    return bool(ways_to(visit.patient, email=terms.by_email, text=terms.by_text))
