"""What the list of appointments tells of each: the columns of its page and of its CSV."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casewell.accounts.roles import Permission
from casewell.lib.formats import formats
from casewell.web.visit_invoices import with_invoices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from casewell.accounts.models import Account
    from casewell.appointments.models import Attendee
    from casewell.web.requests import PracticeRequest

KEPT = "appointment-columns"  # the cookie
INVOICE = "invoice"
# What a list is ordered by, each with the lookups; then always by start.
ORDERS = {
    "when": (),
    "patient": ("patient__last_name", "patient__first_name"),
    "practitioner": ("booking__practitioner__last_name", "booking__practitioner__first_name"),
    "type": ("booking__appointment_type__name",),
    "case": ("case__name",),
}


@dataclass(frozen=True)
class Column:
    """One column: `text` of a visit; `wide` ones are left out on a phone."""

    key: str
    label: str
    text: Callable[[Attendee], str]
    usual: bool = False
    wide: bool = True

    @property
    def order(self) -> str:
        """The name of its order; empty where the list cannot be ordered by it."""
        return self.key if self.key in ORDERS else ""


def _local(visit: Attendee, moment: datetime | None) -> str:
    if moment is None:
        return ""
    there = moment.astimezone(visit.booking.business.zone)
    return f"{formats().day(there)}, {formats().clock(there)}"


def position_of(visit: Attendee) -> str:
    """“3 of 10”, without a limit “3”; a slash would be a date to a spreadsheet."""
    if visit.case is None or visit.position is None:
        return ""
    limit = visit.session_limit
    return f"{visit.position} of {limit}" if limit else str(visit.position)


def _expiry(visit: Attendee) -> str:
    if visit.case is None:
        return ""
    if visit.case.awaits_first_visit:
        return "starts at first visit"
    expires = visit.case.expires_on
    return formats().day(expires) if expires else ""


def _referrer(visit: Attendee) -> str:
    return str(visit.case.contact) if visit.case and visit.case.contact else ""


def invoices_in_words(visit: Any) -> str:
    """“12, owes $30.00”, “12, paid”; nothing where none stands. The visit is `with_invoices`."""
    return "; ".join(f"{one['number']}, {_paid(one['owed'])}" for one in visit.invoiced)


def _paid(owed: float) -> str:
    return f"owes {formats().money(Decimal(str(owed)))}" if owed else "paid"


COLUMNS = [
    Column("practitioner", "With", lambda v: str(v.booking.practitioner), usual=True),
    Column("business", "Business", lambda v: str(v.booking.business)),
    Column("type", "Type", lambda v: str(v.booking.appointment_type or ""), usual=True),
    Column("minutes", "Minutes", lambda v: str(v.booking.minutes)),
    Column("status", "State", lambda v: v.state, usual=True, wide=False),
    Column("case", "Case", lambda v: str(v.case or ""), usual=True, wide=False),
    Column("position", "Position", position_of, usual=True, wide=False),
    Column(INVOICE, "Invoice", invoices_in_words, wide=False),
    Column("expiry", "Case expires", _expiry),
    Column("referrer", "Referrer", _referrer),
    Column("phone", "Phone", lambda v: v.patient.phone),
    Column("email", "Email", lambda v: v.patient.email),
    Column("confirmed", "Confirmed", lambda v: _local(v, v.confirmed_at)),
    Column("reason", "Cancelled because", lambda v: v.get_cancellation_reason_display() or ""),
    Column("note", "Note", lambda v: v.booking.notes),
    Column("booked", "Booked on", lambda v: _local(v, v.created_at)),
]


def columns_for(request: PracticeRequest) -> list[Column]:
    """All that the member may choose from."""
    sees_money = request.member.may(Permission.SEE_INVOICES)
    return [column for column in COLUMNS if sees_money or column.key != INVOICE]


def columns_of(request: PracticeRequest, keys: Iterable[str]) -> list[Column]:
    """The columns with those keys, in the list's own order; the usual ones where there is none."""
    wanted, known = set(keys), columns_for(request)
    chosen = [column for column in known if column.key in wanted]
    return chosen or [column for column in known if column.usual]


def kept_columns(request: PracticeRequest) -> list[Column]:
    """Those that were last chosen in this browser, and the one that the filter asks about."""
    chosen = columns_of(request, request.COOKIES.get(KEPT, "").split("."))
    asked = INVOICE if request.GET.get("invoice") else ""
    return [one for one in columns_for(request) if one in chosen or one.key == asked]


def order_of(word: str) -> tuple[str, ...]:
    """The ordering that `sort` asks for: a name of ORDERS, backwards after a minus."""
    name, backwards = word.removeprefix("-"), word.startswith("-")
    fields = (*ORDERS.get(name, ()), "booking__starts_at", "id")
    return tuple(f"-{field}" for field in fields) if backwards else fields


def visits_with_all(
    account: Account, keys: Iterable[int], columns: Iterable[Column]
) -> list[Attendee]:
    """These visits in this order, with all that these columns tell.

    Asked for by their ids, so that positions are not counted for rows that were only passed over.
    """
    places = {key: place for place, key in enumerate(keys)}
    rows = account.attendees.filter(pk__in=places).with_position().with_cases()
    if any(column.key == INVOICE for column in columns):
        rows = with_invoices(rows)
    found = rows.select_related(
        "booking__business",
        "booking__practitioner",
        "booking__appointment_type",
        "patient",
    )
    visits = sorted(found, key=lambda visit: places[visit.pk])
    for visit in visits:
        visit.account = account
    return visits
