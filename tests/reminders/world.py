"""A practice that reminds, and what it has sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewell.audit.models import OutgoingMail
from casewell.reminders.models import AppointmentReminder, ReminderTerms
from tests.world import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.appointments.models import Attendee
    from tests.world import Practice

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
ADA = "ada@home.example"
MOBILE = [{"phone_type": "Mobile", "number": "0400 000 000"}]


def remind_by(practice: Practice, **fields: Any) -> ReminderTerms:
    """Reminders by e-mail a day ahead, unless `fields` say otherwise; and Ada has an address."""
    terms = ReminderTerms.of(practice.account)
    for name, value in ({"by_email": True} | fields).items():
        setattr(terms, name, value)
    terms.save()
    practice.ada.email = practice.ada.email or ADA
    practice.ada.save()
    return terms


def visit_at(practice: Practice, at: datetime, booked_at: datetime = NOON - 30 * DAY) -> Attendee:
    """A visit of Ada's that was booked long ago."""
    visit = practice.attend(at=at)
    type(visit).objects.filter(pk=visit.pk).update(created_at=booked_at)
    return visit


def told() -> list[tuple[int, int | None, bool]]:
    """The reminders so far: of which visit, at which hours ahead, whether outdated."""
    rows = AppointmentReminder.objects.order_by("id")
    return list(rows.values_list("attendee_id", "hours", "outdated"))


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.order_by("id"))
