"""What others did to a booking since the panel was drawn.

Change rows are only ever added, so their number says what the panel has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from casewell.audit.models import Change
from casewell.lib.formats import formats
from casewell.web.requests import visit_key

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from casewell.appointments.models import Attendee, Booking
    from casewell.web.requests import PracticeRequest

FIELD = "seen_changes"
MOST_TOLD = 5
BOOKING, VISIT = "appointments.booking", "appointments.attendee"


def changes_seen() -> Combinable:
    """How many changes a visit and its booking have had, to annotate visits with."""
    return _count(VISIT, "pk") + _count(BOOKING, "booking_id")


def _count(kind: str, key: str) -> Combinable:
    # Two counts, each by the index; of their OR it could not be used for each row.
    rows = Change.objects.filter(target_type=kind, target_id=OuterRef(key))
    return Coalesce(Subquery(rows.values("target_type").annotate(n=Count("id")).values("n")), 0)


def changes_of(one: Booking, visit: Attendee | None) -> QuerySet[Change]:
    """The changes of a booking and of the visit in it, latest first."""
    of_visit = Q(target_type=VISIT, target_id=visit.pk if visit else 0)
    rows = one.account.changes.filter(Q(target_type=BOOKING, target_id=one.pk) | of_visit)
    return rows.order_by("-id")


def refusal_of(request: PracticeRequest, one: Booking) -> str:
    """Who did what since the form was drawn, as a sentence; empty where nobody did anything.

    A form that does not say what it has seen is not refused: buttons that stand alone.
    """
    seen = request.POST.get(FIELD, "")
    if not seen.isdecimal():
        return ""
    visits = one.attendees.order_by("id")
    if one.kind == one.Kind.GROUP:  # of whom the address names one, or none
        visits = visits.filter(pk=visit_key(request))
    visit = visits.first()
    news = list(changes_of(one, visit).select_related("user")[: int(seen[:9]) + MOST_TOLD])
    deeds = [told(change, one) for change in news[: max(len(news) - int(seen[:9]), 0)]]
    if not deeds:
        return ""
    return (
        f"Somebody was faster: {'; '.join(reversed(deeds))}. "
        "What you typed is still here: look, and send it again to go on."
    )


def told(change: Change, one: Booking) -> str:
    """Who did what, and when on the clocks of the booking's business."""
    when = formats().clock(change.created_at.astimezone(one.business.zone))
    return f"{change.user or change.job} – {change.verb} at {when}"
