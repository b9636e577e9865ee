"""Change rows as sentences: who did what to which record, and each field's former and new value.

Which rows belong to a record's history is asked here too. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from casewell.cases.models import Approval, DutyDone
from casewell.web.history_words import (
    ALERT,
    BOOKING,
    CASE,
    FILE,
    LAUNCH,
    LETTER,
    PATIENT,
    PHRASES,
    TARGETS,
    TERMS,
    UNTOLD,
    VISIT,
    WAITING,
    Line,
    fields_of,
    lines_of,
    marked,
    words_of_start,
)
from casewell.web.money_words import DRAFT, INVOICE, PAYMENT
from casewell.web.record_names import Names, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.appointments.models import Booking
    from casewell.audit.models import Change
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient

AT_ONCE = timedelta(seconds=5)


@dataclass
class Entry:
    """One act: “Rita Desk moved [the appointment of …]”, with what it changed."""

    change: Change
    before: str
    after: str
    about: str = ""
    url: str = ""
    booking: int | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def who(self) -> str:
        user = self.change.user
        if user is None:
            return f"Casewell ({self.change.job})"
        return user.full_name or user.email

    @property
    def through(self) -> str:
        """The API key by which the user acted; empty where it was on a page."""
        key = self.change.api_key
        return f"through the API key {key.called}" if key else ""

    def is_one_with(self, other: Entry) -> bool:
        """Whether both were one act: a visit and its booking change together."""
        ours, theirs = self.change, other.change
        return (
            self.booking is not None
            and (self.booking, ours.verb, ours.user_id)
            == (other.booking, theirs.verb, theirs.user_id)
            and ours.target_type != theirs.target_type
            and abs(ours.created_at - theirs.created_at) < AT_ONCE
        )


def changes_of_patient(
    patient: Patient, part: str = "", *, letters: bool = True
) -> QuerySet[Change]:
    """The changes of a patient and of all that is theirs, or of one `part`, latest first.

    `letters` are left out for those who may not see them.
    """
    # Ids instead of subqueries: the index is then used whatever the planner knows of the tables.
    visits, bookings = {0}, {0}
    for visit, booking in patient.attendees.values_list("pk", "booking_id"):
        visits.add(visit)
        bookings.add(booking)
    parts: dict[str, dict[str, Any]] = {
        "details": {PATIENT: [patient.pk], ALERT: patient.medical_alerts.values("pk")},
        "cases": {CASE: patient.cases.values("pk")},
        "appointments": {
            VISIT: visits,
            BOOKING: bookings,
            WAITING: patient.waiting_entries.values("pk"),
        },
        "files": {FILE: patient.attachments.values("pk")},
        "invoices": {
            INVOICE: patient.invoices.values("pk"),
            DRAFT: patient.draftinvoices.values("pk"),
            PAYMENT: patient.payments.values("pk"),
        },
        "apps": {LAUNCH: patient.app_launches.values("pk")},
    }
    if letters:
        parts["letters"] = {LETTER: patient.letters.values("pk")}
    chosen = [parts[part]] if part in parts else parts.values()
    account = patient.account
    return together([rows_of(account, kind, keys) for one in chosen for kind, keys in one.items()])


def changes_of_case(
    case: PatientCase, *, letters: bool = True, invoices: bool = True
) -> QuerySet[Change]:
    """The changes of a case, its terms and papers; which visits and files came and left."""
    account = case.account
    visits = rows_of(account, VISIT, case.patient.attendees.values("pk"))
    files = rows_of(account, FILE, case.patient.attachments.values("pk"))
    joined = [rows.filter(changes__case__contains=[case.pk]) for rows in (visits, files)]
    terms = [
        rows_of(account, Approval._meta.label_lower, case.approvals.values("pk")),
        rows_of(account, DutyDone._meta.label_lower, case.duties_done.values("pk")),
    ]
    issued = account.invoices.filter(attendee__case=case).values("pk")
    written = [rows_of(account, LETTER, case.letters.values("pk"))] if letters else []
    written += [rows_of(account, INVOICE, issued)] if invoices else []
    return together([rows_of(account, CASE, [case.pk]), *joined, *terms, *written])


def changes_of_booking(booking: Booking) -> QuerySet[Change]:
    """The changes of a booking and of the visits in it."""
    account = booking.account
    visits = rows_of(account, VISIT, booking.attendees.values("pk"))
    return together([rows_of(account, BOOKING, [booking.pk]), visits])


def rows_of(account: Account, kind: str, keys: Any) -> QuerySet[Change]:
    rows = account.changes.filter(target_type=kind, target_id__in=keys)
    return rows.select_related("user", "api_key")


def together(rows: list[QuerySet[Change]]) -> QuerySet[Change]:
    # One statement a kind, which each go by the index; of their OR it could not be used.
    return (
        rows[0].union(*rows[1:], all=True).order_by("-id") if rows[1:] else rows[0].order_by("-id")
    )


def entries_of(
    account: Account, changes: Iterable[Change], known: Booking | None = None
) -> list[Entry]:
    """The acts behind those changes, in their order, in two statements.

    `known` is a booking that is at hand: a block has no visit by which it would be found.
    """
    rows = list(changes)
    bookings = _bookings(account, rows) | ({(BOOKING, known.pk): known} if known else {})
    names = _names(rows) | {key: words_of_start(b) for key, b in bookings.items()}
    entries: list[Entry] = []
    for change in rows:
        entry = _entry(account, change, bookings, names)
        if entries and entries[-1].is_one_with(entry):
            latest = entries[-1]
            told = [entry, latest] if entry.change.target_type == BOOKING else [latest, entry]
            latest.lines = [line for one in told for line in one.lines]
        else:
            entries.append(entry)
    return entries


def _bookings(account: Account, rows: list[Change]) -> dict[tuple[str, int], Booking]:
    """The bookings that the rows are about or mention, by the target's type and id."""
    keys = {kind: {r.target_id for r in rows if r.target_type == kind} for kind in (VISIT, BOOKING)}
    launches = [row.changes for row in rows if row.target_type == LAUNCH]
    keys[BOOKING] |= {told["booking"][1] for told in launches if "booking" in told}
    if not any(keys.values()):
        return {}
    wanted = Q(pk__in=keys[VISIT]) | Q(booking_id__in=keys[BOOKING])
    visits = account.attendees.filter(wanted).select_related("booking__business")
    found: dict[tuple[str, int], Booking] = {}
    for visit in visits:
        found[VISIT, visit.pk] = found[BOOKING, visit.booking_id] = visit.booking
    return found


def _names(rows: list[Change]) -> Names:
    """What the records are called that the rows are about and mention."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for change in rows:
        wanted[TARGETS.get(change.target_type)].add(change.target_id)
        fields = fields_of(change.target_type)
        for name, values in change.changes.items():
            if name not in UNTOLD:
                related = getattr(fields.get(name), "related_model", None)
                wanted[related].update(value for value in values if isinstance(value, int))
    return names_of(wanted)


def _entry(
    account: Account, change: Change, bookings: dict[tuple[str, int], Booking], names: Names
) -> Entry:
    target = (change.target_type, change.target_id)
    booking = bookings.get(target)
    phrase = marked(change) or PHRASES.get((change.target_type, change.verb))
    before, _, after = (phrase or f"{change.verb} {{}}").partition("{}")
    entry = Entry(change, before, after)
    if change.verb != "reinstated":  # what was written on cancelling goes, and says nothing
        zone = booking.business.zone if booking else account.zone
        entry.lines = lines_of(change, zone, names)
    if booking is not None:
        thing = "the blocked time" if booking.is_block else "the appointment"
        entry.about = f"{thing} of {words_of_start(booking)}"
        entry.url = reverse("booking", args=[account.slug, booking.pk])
        entry.booking = booking.pk
    else:
        entry.about, entry.url = _about(account, change, names)
    return entry


def _about(account: Account, change: Change, names: Names) -> tuple[str, str]:
    """What a record that is no booking is called in a sentence, and where it is shown."""
    kind, key = change.target_type, change.target_id
    name = names.get((kind, key), "")
    if kind in TERMS:
        shown = kind in (INVOICE, DRAFT)
        url = reverse("invoice", args=[account.slug, key]) if shown else ""
        return TERMS[kind][1], url
    called = {
        PATIENT: name,
        CASE: f"the case “{name}”",
        ALERT: f"the medical alert “{name}”",
        FILE: f"the file “{name}”",
        LETTER: f"the letter “{name}”",
        LAUNCH: f"“{name}”",
        WAITING: "the patient",
    }
    pages = {CASE: "case", FILE: "file", LETTER: "letter", WAITING: "waiting-entry"}
    url = reverse(pages[kind], args=[account.slug, key]) if kind in pages else ""
    return called.get(kind, ""), url
