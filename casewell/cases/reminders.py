"""Saying in time that cases near their end: once a threshold, each morning, to whom it concerns.

Source: docs/domain.md#reminders.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.accounts.models import Account
from casewell.audit.mail import send_later
from casewell.cases import reminder_words as words
from casewell.cases.models import CaseReminder, PatientCase
from casewell.cases.models.standing import standings
from casewell.events.kinds import EventType
from casewell.events.outbox import tell as tell_events
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from casewell.cases.models.standing import Standing

Threshold, Recipient = CaseReminder.Threshold, CaseReminder.Recipient
EXPIRIES = (Threshold.EXPIRES_SOON, Threshold.EXPIRES_NOW)
MORNING = 7  # o'clock, where the practice is
SOON, NOW, FEW = timedelta(days=30), timedelta(days=7), 2
BY_EMAIL = ("", Patient.ReminderType.EMAIL, Patient.ReminderType.BOTH)


@dataclass(frozen=True)
class Crossing:
    """A case that has crossed a threshold; `mark` tells one crossing from the next."""

    standing: Standing
    threshold: str
    mark: str

    @property
    def key(self) -> tuple[int, str, str]:
        return (self.standing.pk, self.threshold, self.mark)


def crossings_of(one: Standing, today: date) -> Iterator[Crossing]:
    """The thresholds behind which an unclosed case is: of its expiry, and of its limit.

    None for a case that is over: what is left of it tells nobody anything.
    """
    ends, left = one.expires_on, one.left
    if ends and ends < today:
        return
    if ends and ends <= today + SOON:
        near = ends <= today + NOW
        threshold = Threshold.EXPIRES_NOW if near else Threshold.EXPIRES_SOON
        yield Crossing(one, threshold, ends.isoformat())
    if left is not None and left <= FEW:
        yield Crossing(one, Threshold.FULL if left <= 0 else Threshold.FEW_LEFT, str(one.limit))


def is_due(account: Account, now: datetime) -> bool:
    """Whether it is morning there, on a day on which nothing was looked for yet."""
    there = now.astimezone(account.zone)
    return there.hour >= MORNING and account.reminded_on != there.date()


def remind(account_id: int) -> int:
    """Tell what was not told yet, inside the account's scope; how many cases that were.

    The account's row is locked: of two who do it at once, the second finds it done.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    if not is_due(account, timezone.now()):
        return 0
    Account.objects.filter(pk=account.pk).update(reminded_on=account.today())
    return tell(account)


def tell(account: Account) -> int:
    """Write down each new crossing for each recipient, and write to those with an address."""
    today = account.today()
    unclosed = standings(account, account.patient_cases.unclosed())
    crossed = [crossing for one in unclosed for crossing in crossings_of(one, today)]
    told = _told(account, {crossing.standing.pk for crossing in crossed})
    new = [c for c in crossed if (*c.key, Recipient.DESK) not in told]
    cases = account.patient_cases.select_related("patient", "contact").in_bulk(
        {crossing.standing.pk for crossing in new}
    )
    fresh = [row for row in _rows(account, new, cases) if (*_key(row), row.recipient) not in told]
    expiring = {c.standing.pk for c in new if c.threshold in EXPIRIES}
    tell_events(account, EventType.CASE_EXPIRING, "patient_cases", sorted(expiring))
    # Whoever was quicker has told those that are there now.
    CaseReminder.objects.bulk_create(fresh, ignore_conflicts=True)
    ours = account.case_reminders.filter(pk__in=[row.pk for row in fresh])
    _write(account, list(ours), {c.key: c for c in new}, cases)
    return len(cases)


def _told(account: Account, cases: set[int]) -> set[tuple[Any, ...]]:
    rows = account.case_reminders.filter(case__in=cases)
    return set(rows.values_list("case_id", "threshold", "mark", "recipient"))


def _key(row: CaseReminder) -> tuple[int, str, str]:
    return (row.case_id, row.threshold, row.mark)


def _rows(
    account: Account, crossings: list[Crossing], cases: dict[int, PatientCase]
) -> Iterator[CaseReminder]:
    """The desk always, in the product; the others where the practice wants it."""
    treats = _practitioners(account, set(cases)) if account.remind_practitioners else {}
    for one in crossings:
        case = cases[one.standing.pk]
        told = {Recipient.DESK: account.remind_desk_at}
        if case.pk in treats:
            told[Recipient.PRACTITIONER] = treats[case.pk]
        if account.remind_patients and is_written_to(case.patient):
            told[Recipient.PATIENT] = case.patient.email
        for recipient, address in told.items():
            yield CaseReminder(
                account=account,
                case=case,
                threshold=one.threshold,
                mark=one.mark,
                recipient=recipient,
                address=address,
            )


def is_written_to(patient: Patient) -> bool:
    """Whether the patient has an address, and has not asked for no reminders by e-mail."""
    return bool(patient.email) and not patient.archived_at and patient.reminder_type in BY_EMAIL


def _practitioners(account: Account, cases: set[int]) -> dict[int, str]:
    """By case: the address of who sees the patient next or, with nothing booked, saw them last."""
    now = timezone.now()
    visits = account.attendees.filter(case__in=cases, archived_at=None, cancelled_at=None)
    rows = visits.filter(
        booking__practitioner__user__is_active=True,
        booking__practitioner__user__memberships__account=account,
        booking__practitioner__user__memberships__active=True,
    ).values_list("case_id", "booking__starts_at", "booking__practitioner__user__email")
    found: dict[int, tuple[Any, str]] = {}
    for case, starts_at, address in rows:
        away = (starts_at < now, abs(starts_at - now))
        if case not in found or away < found[case][0]:
            found[case] = (away, address)
    return {case: address for case, (_, address) in found.items()}


def _write(
    account: Account,
    rows: list[CaseReminder],
    crossings: dict[tuple[int, str, str], Crossing],
    cases: dict[int, PatientCase],
) -> None:
    """One e-mail for all that one recipient is told."""
    letters: defaultdict[tuple[Any, ...], list[CaseReminder]] = defaultdict(list)
    for row in rows:
        if row.address:
            patient = cases[row.case_id].patient_id if row.recipient == Recipient.PATIENT else 0
            letters[row.recipient, row.address, patient].append(row)
    for (recipient, address, _), told in letters.items():
        lines = [(crossings[_key(row)].standing, row, cases[row.case_id]) for row in told]
        to_patient = recipient == Recipient.PATIENT
        letter = words.to_patient if to_patient else words.to_practice
        subject, body = letter(account, lines)
        reply_to = account.remind_desk_at if to_patient else ""
        mail = send_later(account, to=address, subject=subject, body=body, reply_to=reply_to)
        keys = [row.pk for row in told]
        account.case_reminders.filter(pk__in=keys).update(mail=mail)
