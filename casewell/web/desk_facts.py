"""What the desk is told of a visit beside its place in its case: money, and duties that press."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Prefetch
from django.db.models.functions import Cast, JSONObject

from casewell.cases.duties import PRESSING
from casewell.cases.models import DutyDone, PatientCase
from casewell.invoices.models import AppointmentTypeBillableItem, Invoice
from casewell.web.case_page import duties_of
from casewell.web.visit_invoices import with_invoices

if TYPE_CHECKING:
    from datetime import date, datetime

    from casewell.appointments.models import Attendee
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.web.case_page import Duty


def with_desk_facts(visits: AttendeeQuerySet) -> AttendeeQuerySet:
    """`with_invoices`, what the patient owes, and cases that know which duties are done.

    All in the visits' own statement, and in that of their cases.
    """
    owing = Invoice.objects.owing().filter(patient=OuterRef("patient")).order_by("id")
    told = JSONObject(id="pk", owed=Cast("owed", CharField()))
    items = AppointmentTypeBillableItem.objects.filter(
        appointment_type=OuterRef("booking__appointment_type"), billable_item__archived_at=None
    )
    rows = with_invoices(visits).annotate(
        owing=ArraySubquery(owing.values(one=told)), is_charged=Exists(items)
    )
    return rows.prefetch_related(Prefetch("case", _cases()))


def _cases() -> Any:
    done = DutyDone.objects.filter(case=OuterRef("pk"), archived_at=None)
    counted = PatientCase.objects.with_usage().with_last_visit()
    return counted.select_related("contact", "programme").annotate(
        codes_done=ArraySubquery(done.values("code"))
    )


def owed_by_patient(visit: Any) -> Decimal:
    """The patient's open balance; `visit` is of `with_desk_facts`."""
    return sum((Decimal(one["owed"]) for one in visit.owing), Decimal())


def waits_for_invoice(visit: Any) -> bool:
    """Whether it took place, its type is charged with something, and no invoice of it stands."""
    return bool(visit.arrived and visit.is_charged and not visit.invoiced)


def pressing_duties(visit: Attendee, today: date, now: datetime) -> list[Duty]:
    """The duties of its case that are due or overdue; the case has its account."""
    case: Any = visit.case
    if case is None or case.programme is None:
        return []
    return [
        duty
        for duty in duties_of(case, dict.fromkeys(case.codes_done), today, now)
        if duty.state in PRESSING
    ]
