"""Which Change rows are a record's history: its own, and those of what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.web.history_words import (
    ALERT,
    BOOKING,
    CANDIDATE,
    CASE,
    FILE,
    LAUNCH,
    LETTER,
    PATIENT,
    VISIT,
    WAITING,
)
from casewell.web.money_words import CLAIM, DRAFT, INVOICE, PAYMENT
from casewell.web.term_words import APPROVAL, DUTY, RELATION, SOURCE

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.appointments.models import Booking
    from casewell.audit.models import Change
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient


def changes_of_patient(
    patient: Patient, part: str = "", *, hidden: Collection[str] = ()
) -> QuerySet[Change]:
    """The changes of a patient and of all that is theirs, or of one `part`, latest first.

    The `hidden` parts are left out, for those who may not see them.
    """
    # Ids instead of subqueries: the index is then used whatever the planner knows of the tables.
    visits, bookings = {0}, {0}
    for visit, booking in patient.attendees.values_list("pk", "booking_id"):
        visits.add(visit)
        bookings.add(booking)
    account = patient.account
    parts: dict[str, dict[str, Any]] = {
        "details": {
            PATIENT: [patient.pk],
            ALERT: patient.medical_alerts.values("pk"),
            RELATION: patient.relationships.values("pk"),
            SOURCE: account.referral_sources.filter(patient=patient).values("pk"),
        },
        "cases": {CASE: patient.cases.values("pk")},
        "appointments": {
            VISIT: visits,
            BOOKING: bookings,
            CANDIDATE: patient.candidacies.values("pk"),
            WAITING: patient.waiting_entries.values("pk"),
        },
        "files": {FILE: patient.attachments.values("pk")},
        "letters": {LETTER: patient.letters.values("pk")},
        "invoices": {
            INVOICE: patient.invoices.values("pk"),
            DRAFT: patient.draftinvoices.values("pk"),
            PAYMENT: patient.payments.values("pk"),
        },
        "claims": {CLAIM: patient.claims.values("pk")},
        "apps": {LAUNCH: patient.app_launches.values("pk")},
    }
    shown = {name: kinds for name, kinds in parts.items() if name not in hidden}
    chosen = [shown[part]] if part in shown else shown.values()
    rows = [rows_of(account, kind, keys) for one in chosen for kind, keys in one.items()]
    if shown["details"] in chosen:  # and what was said of those who were merged into this one
        rows.append(rows_of(account, PATIENT, patient.redirects.values("former_id")))
    return together(rows)


def changes_of_case(case: PatientCase, *, hidden: Collection[str] = ()) -> QuerySet[Change]:
    """The changes of a case, its terms and papers; which visits and files came and left.

    The `hidden` parts are left out, as in `changes_of_patient`.
    """
    account = case.account
    visits = rows_of(account, VISIT, case.patient.attendees.values("pk"))
    files = rows_of(account, FILE, case.patient.attachments.values("pk"))
    joined = [rows.filter(changes__case__contains=[case.pk]) for rows in (visits, files)]
    terms = [
        rows_of(account, APPROVAL, case.approvals.values("pk")),
        rows_of(account, DUTY, case.duties_done.values("pk")),
    ]
    papers: dict[str, tuple[str, Any]] = {
        "letters": (LETTER, case.letters),
        "invoices": (INVOICE, account.invoices.filter(attendee__case=case)),
        "claims": (CLAIM, account.claims.filter(attendee__case=case)),
    }
    written = [
        rows_of(account, kind, records.values("pk"))
        for part, (kind, records) in papers.items()
        if part not in hidden
    ]
    return together([rows_of(account, CASE, [case.pk]), *joined, *terms, *written])


def changes_of_booking(booking: Booking) -> QuerySet[Change]:
    """The changes of a booking and of the visits in it."""
    account = booking.account
    visits = rows_of(account, VISIT, booking.attendees.values("pk"))
    waited = rows_of(account, CANDIDATE, booking.candidates.values("pk"))
    classes = [waited] if booking.kind == booking.Kind.GROUP else []
    return together([rows_of(account, BOOKING, [booking.pk]), visits, *classes])


def rows_of(account: Account, kind: str, keys: Any) -> QuerySet[Change]:
    rows = account.changes.filter(target_type=kind, target_id__in=keys)
    return rows.select_related("user", "api_key")


def together(rows: list[QuerySet[Change]]) -> QuerySet[Change]:
    # One statement a kind, which each go by the index; of their OR it could not be used.
    return (
        rows[0].union(*rows[1:], all=True).order_by("-id") if rows[1:] else rows[0].order_by("-id")
    )
