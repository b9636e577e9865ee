"""Change rows as sentences: who did what to which record, and each field's former and new value.

Which rows belong to a record's history, `history_rows` asks. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from casewell.web.history_words import (
    ALERT,
    BOOKING,
    CANDIDATE,
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
from casewell.web.money_words import CLAIM, DRAFT, INVOICE
from casewell.web.record_names import Names, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.accounts.models import Account
    from casewell.appointments.models import Booking
    from casewell.audit.models import Change

AT_ONCE = timedelta(seconds=5)
SHOWN_AT = {INVOICE: "invoice", DRAFT: "invoice", CLAIM: "claim"}


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


def entries_of(
    account: Account, changes: Iterable[Change], known: Booking | None = None
) -> list[Entry]:
    """The acts behind those changes, in their order, in two statements.

    `known` is a booking that is at hand: a block has no visit by which it would be found.
    """
    rows = list(changes)
    bookings = _bookings(account, rows)
    if known:
        bookings[BOOKING, known.pk] = known
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


def _bookings(account: Account, rows: list[Change]) -> dict[tuple[str, int], Any]:
    """The bookings that the rows are about or mention, by the target's type and id; each knows
    `whose` the visit is by which it was found.
    """
    kinds = (VISIT, BOOKING, CANDIDATE)
    keys = {kind: {r.target_id for r in rows if r.target_type == kind} for kind in kinds}
    launches = [row.changes for row in rows if row.target_type == LAUNCH]
    keys[BOOKING] |= {told["booking"][1] for told in launches if "booking" in told}
    if not any(keys.values()):
        return {}
    wanted = Q(pk__in=keys[VISIT]) | Q(booking_id__in=keys[BOOKING])
    visits: Any = account.attendees.filter(wanted).select_related("booking__business", "patient")
    found: dict[tuple[str, int], Any] = {}
    for visit in visits:
        found[VISIT, visit.pk] = found[BOOKING, visit.booking_id] = visit.booking
        visit.booking.whose = str(visit.patient)
    if keys[CANDIDATE]:
        waited: Any = account.class_candidates.filter(pk__in=keys[CANDIDATE])
        for one in waited.select_related("booking__business", "patient"):
            found[CANDIDATE, one.pk] = one.booking
            one.booking.whose = str(one.patient)
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
    account: Account, change: Change, bookings: dict[tuple[str, int], Any], names: Names
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
        entry.about = f"{_thing(change.target_type, booking)} of {words_of_start(booking)}"
        entry.url = reverse("booking", args=[account.slug, booking.pk])
        entry.booking = booking.pk
    else:
        entry.about, entry.url = _about(account, change, names)
    return entry


def _thing(kind: str, booking: Any) -> str:
    """What was acted on: of a class, whose place."""
    if kind == CANDIDATE:
        return f"the wait of {booking.whose} for the class"
    if booking.kind != booking.Kind.GROUP:
        return "the blocked time" if booking.is_block else "the appointment"
    return f"the place of {booking.whose} in the class" if kind == VISIT else "the class"


def _about(account: Account, change: Change, names: Names) -> tuple[str, str]:
    """What a record that is no booking is called in a sentence, and where it is shown."""
    kind, key = change.target_type, change.target_id
    name = names.get((kind, key), "")
    if kind in TERMS:
        url = reverse(SHOWN_AT[kind], args=[account.slug, key]) if kind in SHOWN_AT else ""
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
