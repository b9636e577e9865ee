"""What of a visit is invoiced: its invoices that stand, and its draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.db.models.functions import JSONObject

from casewell.cases.models import PatientCase
from casewell.invoices.models import DraftInvoice, Invoice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.appointments.models import Attendee
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet


def with_invoices(visits: AttendeeQuerySet) -> AttendeeQuerySet:
    """Annotate `invoiced`, `[{"id", "number", "owed"}]` of what stands, and `drafted`, ids."""
    standing = Invoice.objects.standing().filter(attendee=OuterRef("pk"), original=None)
    told = JSONObject(id="pk", number="number", owed="owed")
    drafts = DraftInvoice.objects.filter(attendee=OuterRef("pk")).order_by("-id")
    return visits.annotate(
        invoiced=ArraySubquery(standing.with_balance().order_by("id").values(one=told)),
        drafted=ArraySubquery(drafts.values("pk")),
    )


def visits_to_invoice(account: Account) -> QuerySet[Attendee]:
    """Visits with all that an invoice of them states, in two statements."""
    cases = PatientCase.objects.with_terms().with_amounts()
    known = cases.select_related("contact", "payer", "programme")
    rows = account.attendees.with_position().select_related(
        "patient__concession_type",
        "booking__business",
        "booking__practitioner",
        "booking__appointment_type",
    )
    return with_invoices(rows).prefetch_related(Prefetch("case", known))
