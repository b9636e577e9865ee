"""Recalls on other pages: those of a patient, and the one that a visit is booked from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from casewell.recalls.models import Recall
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.web.requests import PracticeRequest

SHOWN = 20  # of a patient, the latest first


@dataclass(frozen=True)
class Recalled:
    """One recall on its patient's page."""

    pk: int
    name: str
    on: date
    note: str
    is_booked: bool


def recalls_now() -> ArraySubquery:
    """A patient's recalls, in the patient's own statement."""
    rows = Recall.objects.live().filter(patient=OuterRef("pk")).order_by("-recall_date", "-id")
    stands = Q(attendee__isnull=False, attendee__cancelled_at=None, attendee__archived_at=None)
    told = JSONObject(
        pk="pk", name="recall_type__name", on="recall_date", note="note", is_booked=stands
    )
    return ArraySubquery(rows.values(one=told)[:SHOWN])


def recalls_of(patient: Any) -> Iterator[Recalled]:
    """What `recalls_now` found."""
    for told in patient.recalls_now:
        yield Recalled(**{**told, "on": date.fromisoformat(told["on"])})


def recall_asked(request: PracticeRequest) -> int:
    """The recall that a visit is being booked from, by its id; 0 for none."""
    return key_in(request.POST.get("recall") or request.GET.get("recall"))


def note_recall(request: PracticeRequest, booking_id: int) -> None:
    """The visit that was booked from a recall does it, where it is the same patient's."""
    key = recall_asked(request)
    if not key:
        return
    visit = request.account.attendees.filter(booking_id=booking_id).get()
    ours = request.account.recalls.open().filter(pk=key, patient=visit.patient_id).first()
    if ours:
        ours.mark_booked(visit, by=request.actor)
