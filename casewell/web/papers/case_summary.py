"""What the one-page summary of a case says, and its drawing by typst.

The template reads the words as JSON and puts them where they belong: no markup is ever made of
them, and the drawing has neither files nor network.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.cases.models import cap_uses
from casewell.lib import typeset
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.contacts.models import Contact

TEMPLATE = Path(__file__).with_name("case_summary.typ")
MOST_VISITS = 40  # on a page of A4, in two columns


def summary_of(case: PatientCase, *, to_referrer: bool) -> dict[str, Any]:
    """All texts of the page, in the practice's own formats."""
    visits = [visit for visit in _visits(case) if visit.counts]
    latest = visits[-MOST_VISITS:]
    usage, today = case.usage, case.account.today()
    counts = {"Used": usage.used, "Booked": usage.booked}
    if usage.elsewhere:
        counts["Used elsewhere"] = usage.elsewhere
    status = case.status_on(today)
    return {
        "practice": case.account.name,
        "places": _places(visits, case),
        "to": _addressee(case, to_referrer=to_referrer),
        "case": case.name,
        "status": f"{status.capitalize()}: {case.reason_on(today)}",
        "patient": _patient(case),
        "referral": _referral(case),
        "headline": str(usage),
        "counts": [[label, str(number)] for label, number in counts.items()],
        "left": "no limit" if usage.left is None else str(usage.left),
        "until": formats().day(case.expires_on) if case.expires_on else "no date",
        "periods": [*map(str, cap_uses(case)), *([case.amount.words] if case.amount else [])],
        "earlier": len(visits) - len(latest),
        "visits": [_visit(visit) for visit in latest],
        "made": f"{formats().day(today)}, {formats().clock(timezone.localtime())}",
    }


def _visits(case: PatientCase) -> Iterable[Attendee]:
    rows = case.attendees.with_position().select_related(
        "booking__business", "booking__practitioner", "booking__appointment_type"
    )
    for visit in rows.in_order():
        visit.case = case
        yield visit


def _visit(visit: Attendee) -> list[str]:
    start = visit.booking.local_start
    when = f"{formats().weekday(start)}, {formats().clock(start)}"
    coming = visit.booking.starts_at > timezone.now()
    return [str(visit.position), when, str(visit.booking.practitioner), "booked" if coming else ""]


def _places(visits: list[Attendee], case: PatientCase) -> list[str]:
    """Where the visits are, with how to reach them; else the practice's first place."""
    businesses = {visit.booking.business_id: visit.booking.business for visit in visits}
    shown = list(businesses.values()) or list(
        case.account.businesses.filter(archived_at=None).order_by("id")[:1]
    )
    lines = []
    for one in shown[:3]:
        town = " ".join(part for part in (one.city, one.state, one.post_code) if part)
        parts = (one.display_name or one.business_name, one.address_1, one.address_2, town)
        lines.append(", ".join(part for part in (*parts, one.contact_information) if part))
    return lines


def _addressee(case: PatientCase, *, to_referrer: bool) -> list[str]:
    if not to_referrer or case.contact is None:
        return [str(case.patient)]
    return [part for part in (str(case.contact), case.contact.place) if part]


def _patient(case: PatientCase) -> list[list[str]]:
    patient = case.patient
    born = patient.date_of_birth
    return _filled(
        ("Patient", str(patient)),
        ("Born", formats().day(born) if born else ""),
        ("Case", case.name),
        ("Programme", str(case.programme or "")),
        ("Condition", case.condition),
        ("Claim number", case.claim_number),
        ("Payer", str(case.payer or "")),
    )


def _referral(case: PatientCase) -> list[list[str]]:
    referrer: Contact | None = case.contact
    return _filled(
        ("Referral", case.get_referral_type_display() if case.referral_type else ""),
        ("Referrer", str(referrer or "")),
        ("Practice", referrer.place if referrer else ""),
        ("Provider number", referrer.provider_number if referrer else ""),
        ("Issued", formats().day(case.issue_date) if case.issue_date else ""),
        ("Plan or review", formats().day(case.plan_date) if case.plan_date else ""),
    )


def _filled(*rows: tuple[str, str]) -> list[list[str]]:
    return [[label, text] for label, text in rows if text]


def pdf_of(texts: dict[str, Any]) -> bytes:
    """The page as PDF."""
    return typeset.pdf_of(TEMPLATE, texts)
