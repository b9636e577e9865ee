"""Who arrives on a day, and what the desk should put right while they are there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from casewell.accounts.roles import Permission
from casewell.cases.duties import DutyState
from casewell.cases.referral import has_expired, is_expiring, missing_of
from casewell.lib.formats import formats
from casewell.web.desk_facts import owed_by_patient, pressing_duties, waits_for_invoice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from casewell.accounts.models import Account, Membership
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.web.case_page import Duty


@dataclass(frozen=True)
class Mend:
    """Where something is put right by one click; `name` is the act as a sentence begins."""

    label: str
    name: str
    icon: str
    url: str


@dataclass(frozen=True)
class Concern:
    """Something to put right; `state` is one that the status words know, `more` says it at length.

    `mend` is the way there, where it is not the case's page or the row's own.
    """

    words: str
    icon: str
    state: str
    mended_in_case: bool = True
    mend: Mend | None = None
    more: str = ""


@dataclass(frozen=True)
class Arrival:
    """One visit of the day. `fitting` are the cases that a visit without one could join."""

    visit: Attendee
    concerns: list[Concern]
    fitting: list[PatientCase]
    has_started: bool

    @property
    def position(self) -> str:
        """“3 of 10”, without a limit “3”, nothing where it does not count."""
        place, limit = self.visit.position, self.visit.session_limit
        return f"{place} of {limit}" if place and limit else str(place or "")

    @property
    def only_case(self) -> PatientCase | None:
        """The case that the visit can join by one click."""
        return self.fitting[0] if len(self.fitting) == 1 else None

    @property
    def is_mended_in_case(self) -> bool:
        return any(concern.mended_in_case for concern in self.concerns)


def arrivals_of(member: Membership, visits: list[Attendee], now: datetime) -> list[Arrival]:
    """The visits, in their order, each with what is wrong; asks once for the cases that fit.

    The visits come `with_position()` and `with_desk_facts`, with booking, business and patient.
    """
    account = member.account
    for visit in visits:
        if visit.case:
            visit.case.account = account
    fitting = _fitting(account, [visit for visit in visits if visit.case_id is None])
    return [
        Arrival(
            visit=visit,
            concerns=[*_concerns(visit, now), *_to_see_to(member, visit, now)],
            fitting=fitting.get(visit.pk, []),
            has_started=visit.booking.starts_at <= now,
        )
        for visit in visits
    ]


def _fitting(account: Account, uncased: Iterable[Attendee]) -> dict[int, list[PatientCase]]:
    """The cases that fit each of these visits on its own date, by the visit's id."""
    cases: dict[int, list[PatientCase]] = defaultdict(list)
    patients = {visit.patient_id for visit in uncased}
    for case in account.patient_cases.unclosed().filter(patient__in=patients).with_usage():
        cases[case.patient_id].append(case)
    return {
        visit.pk: [c for c in cases[visit.patient_id] if c.fits_on(_local_day(visit))]
        for visit in uncased
    }


def _local_day(visit: Attendee) -> date:
    return visit.booking.local_start.date()


def _concerns(visit: Attendee, now: datetime) -> Iterator[Concern]:
    yield from _of_attendance(visit, now)
    if visit.case is None:
        yield Concern("no case", "folder-off", "low", mended_in_case=False)
        return
    yield from _of_limit(visit)
    yield from _of_referral(visit.case, _local_day(visit))


def _to_see_to(member: Membership, visit: Attendee, now: datetime) -> Iterator[Concern]:
    """What is done elsewhere: a report that is due, and money, for those who see it."""
    slug = member.account.slug
    if duties := pressing_duties(visit, _local_day(visit), now):
        yield _of_duties(duties, reverse("case", args=[slug, visit.case_id]))
    if member.may(Permission.SEE_INVOICES):
        yield from _of_money(visit, slug, may_edit=member.may(Permission.EDIT_INVOICES))


def _of_duties(duties: list[Duty], case_url: str) -> Concern:
    late = any(duty.state is DutyState.OVERDUE for duty in duties)
    word = "overdue" if late else "due"
    words = f"report {word}" if len(duties) == 1 else f"{len(duties)} reports {word}"
    mend = Mend("Report", "See to the report", "clipboard-list", f"{case_url}#duties")
    more = "; ".join(duty.name for duty in duties)
    look = "expired" if late else "expiring"
    return Concern(words, "clipboard-list", look, mended_in_case=False, mend=mend, more=more)


def _of_money(visit: Any, slug: str, *, may_edit: bool) -> Iterator[Concern]:
    if waits_for_invoice(visit):
        url = f"{reverse('invoice-new', args=[slug])}?visit={visit.pk}"
        mend = Mend("Invoice", "Write the invoice", "receipt-2", url) if may_edit else None
        yield Concern("not invoiced", "receipt-2", "low", mended_in_case=False, mend=mend)
    if owed := owed_by_patient(visit):
        url = reverse("invoice-pay", args=[slug, visit.owing[0]["id"]])
        mend = Mend("Pay", "Take the payment", "report-money", url) if may_edit else None
        words = f"owes {formats().money(owed)}"
        yield Concern(words, "report-money", "low", mended_in_case=False, mend=mend)


def _of_attendance(visit: Attendee, now: datetime) -> Iterator[Concern]:
    booking = visit.booking
    if visit.arrived or visit.did_not_arrive or booking.starts_at > now:
        return
    minutes = int((now - booking.starts_at).total_seconds()) // 60
    over = booking.ends_at <= now
    words = "arrived or not?" if over else f"due {minutes} min ago"
    yield Concern(words, "clock", "low", mended_in_case=False)


def _of_limit(visit: Attendee) -> Iterator[Concern]:
    limit, place = visit.session_limit, visit.position
    if limit is None or place is None or place < limit:
        return
    if place > limit:
        yield Concern(f"past the limit of {limit}", "stack-2", "full")
    else:
        yield Concern("last visit of the case", "stack-2", "full")


def _of_referral(case: PatientCase, day: date) -> Iterator[Concern]:
    if lack := missing_of(case):
        yield Concern(lack, "file-text", "expired")
    written = formats().day(case.expires_on) if case.expires_on else ""
    if has_expired(case, day):
        yield Concern(f"expired {written}", "calendar-off", "expired")
    elif is_expiring(case, day):
        yield Concern(f"expires {written}", "hourglass", "expiring")
