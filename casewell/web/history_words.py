"""The words of the history: what an act is called, and how a stored value is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst

from casewell.appointments.models import Attendee, Booking, ClassCandidate
from casewell.cases.models import CaseAttachment, PatientCase
from casewell.connections.models import AppLaunch
from casewell.letters.models import Letter
from casewell.lib.formats import formats
from casewell.patients.models import MedicalAlert, Patient, PatientAttachment
from casewell.patients.pronouns import written
from casewell.waiting.models import WaitingEntry
from casewell.web.availability_words import (
    HOURS_PHRASES,
    HOURS_TERMS,
    OF_PRACTITIONERS,
    PRACTITIONER,
    UNTOLD_OF_HOURS,
)
from casewell.web.money_words import CLAIM, MONEY_PHRASES, MONEY_TERMS, TOLD_OF_MONEY, claimed
from casewell.web.term_words import RECORD_PHRASES, RECORD_TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from casewell.audit.models import Change
    from casewell.web.record_names import Names

TARGETS: dict[str, type[models.Model]] = {
    model._meta.label_lower: model
    for model in (
        Patient,
        PatientCase,
        MedicalAlert,
        Attendee,
        Booking,
        PatientAttachment,
        AppLaunch,
        Letter,
        ClassCandidate,
        WaitingEntry,
    )
}
PATIENT, CASE, ALERT, VISIT, BOOKING, FILE, LAUNCH, LETTER, CANDIDATE, WAITING = TARGETS
# What the sentence itself says, or what nobody at the desk needs to know.
UNTOLD = {"archived_at", "cancelled_at", "closed_at", "closed_by", "confirmed_at", "arrived"}
UNTOLD |= {"did_not_arrive", "patient", "exclusive", "kind", "max_attendees", "series"}
UNTOLD |= {"user", "filename", "content_type", "size"}  # of a file
UNTOLD |= {"app_name"}  # of a launch
UNTOLD |= {"merged_at"}  # of a patient
UNTOLD |= {"rank", "left_at", "visit"}  # of who waits for a place
UNTOLD |= {"finalised_at", "duty_done"}  # of a letter
# Of somebody who waits: what the sentence says, and what would be numbers.
UNTOLD |= {"ended_at", "outcome", "given", "former_place", "attendee"}
UNTOLD |= {"weekdays", "practitioners", "businesses"}
# What is told of a record, though another table holds it.
FURTHER_FIELDS: dict[str, dict[str, models.Field[Any, Any]]] = {
    PatientAttachment._meta.label_lower: {"case": CaseAttachment._meta.get_field("case")},
    PRACTITIONER: OF_PRACTITIONERS,
}
# What somebody did; the record stands in the braces. Another verb is told as it is.
_SENTENCES: dict[type[models.Model], dict[str, str]] = {
    Patient: {
        "created": "added {}",
        "edited": "changed the details of {}",
        "archived": "archived {}",
        "restored": "restored {}",
        "merged": "merged {} into another patient",
        "took over": "merged another patient into {}",
        "unmerged": "undid the merge of {}",
        "gave back": "undid the merge of another patient into {}",
    },
    PatientCase: {"created": "added {}", "edited": "changed {}"},
    MedicalAlert: {"raised": "added {}", "edited": "changed {}", "archived": "removed {}"},
    PatientAttachment: {
        "attached": "added {}",
        "edited": "changed the description of {}",
        "put into a case": "put {} into a case",
        "taken out of a case": "took {} out of a case",
    },
    AppLaunch: {"opened": "opened the patient in {}"},
    Letter: {
        "written": "began {}",
        "edited": "changed {}",
        "rewritten": "rewrote {}",
        "taken back": "made {} a draft again",
        "sent": "e-mailed {}",
    },
    WaitingEntry: {
        "created": "put {} on the waiting list",
        "edited": "changed what {} waits for",
        "moved": "brought the visit of {} forward, from the waiting list",
        "booked": "booked {} from the waiting list",
        "removed": "took {} off the waiting list",
        "waits again": "put {} back on the waiting list",
    },
    Booking: {
        "changed type": "changed the type of {}",
        "changed reason": "changed the reason of {}",
        "changed the places of": "changed the places of {}",
        "noted": "wrote a note on {}",
        "edited": "wrote a note on {}",
        "reinstated": "took back the cancellation of {}",
        "repeated": "let {} repeat",
    },
    Attendee: {
        "booked from the waiting list": "booked {} from the waiting list",
        "linked": "put {} into a case",
        "unlinked": "took {} out of its case",
        "released": "took {} out of its case to make room",
        "moved to the successor": "moved {} to the next case",
        "confirmed": "marked {} as confirmed",
        "unconfirmed": "marked {} as not confirmed",
        "reinstated": "took back the cancellation of {}",
        "noted": "wrote a note on {}",
        "edited": "wrote a note on {}",
    },
}
_SENTENCES[ClassCandidate] = {
    "put on the list": "began {}",
    "moved on the list": "moved {} up or down",
    "taken off the list": "ended {}",
    "given a place": "ended {} with a place",
}
PHRASES = {
    (model._meta.label_lower, verb): phrase
    for model, phrases in _SENTENCES.items()
    for verb, phrase in phrases.items()
}
# What has no name of its own, and what it is called in a sentence.
TERMS = RECORD_TERMS | MONEY_TERMS | HOURS_TERMS
PHRASES |= RECORD_PHRASES | MONEY_PHRASES | HOURS_PHRASES
LONG = 160
SPAN = ("starts_at", "ends_at")


@dataclass(frozen=True)
class Line:
    """What one field said before and says now; empty where it said nothing."""

    label: str
    former: str
    latter: str

    @property
    def is_long(self) -> bool:
        return max(len(self.former), len(self.latter)) > LONG


def marked(change: Change) -> str:
    """The sentence for whether the patient came; empty for any other change."""
    if change.verb != "marked":
        return ""
    now = {name for name, (_, value) in change.changes.items() if value}
    if "arrived" in now:
        return "marked {} as arrived"
    return "marked {} as did not arrive" if now else "took back whether the patient came to {}"


def fields_of(kind: str) -> dict[str, Any]:
    """The fields of that kind of record by name, in their order; none for one that is no more."""
    model = TERMS[kind][0] if kind in TERMS else TARGETS.get(kind)
    own = {field.name: field for field in model._meta.local_fields} if model else {}
    return own | FURTHER_FIELDS.get(kind, {})


def lines_of(change: Change, zone: ZoneInfo, names: Names) -> list[Line]:
    """What changed, field by field, in the order of the record's fields."""
    fields = fields_of(change.target_type)
    # JSON keeps no order; a field that is there no more comes last.
    known = [name for name in fields if name in change.changes]
    lines = []
    for name in [*known, *sorted(set(change.changes) - set(known))]:
        if _is_said(change, name):
            continue
        label = fields[name].verbose_name if name in fields else name.replace("_", " ")
        values = change.changes[name]
        if (change.target_type, name) == (CLAIM, "particulars"):
            lines += [Line(*told) for told in claimed(*values)]
            continue
        former, latter = (words_of_value(fields.get(name), v, zone, names) for v in values)
        lines.append(Line(capfirst(label), former, latter))
    return lines


def _is_said(change: Change, name: str) -> bool:
    """Whether the sentence, or another line, says what this field says."""
    kind = change.target_type
    if name == "max_attendees" and change.verb == "changed the places of":
        return False
    return (
        name in UNTOLD
        or (kind, name) in {(ALERT, "name"), (VISIT, "booking"), (CANDIDATE, "booking")}
        or (kind, name) in UNTOLD_OF_HOURS
        or (name == "case" and kind in TERMS)
        or (name == "ends_at" and keeps_length(change.changes))
        or name not in TOLD_OF_MONEY.get(kind, {name})
    )


def words_of_start(booking: Booking) -> str:
    """When it begins, on its business's clocks."""
    return words_of_value(None, booking.local_start, booking.business.zone)


def keeps_length(changes: Mapping[str, Any]) -> bool:
    """Whether a booking was moved as a whole, so that its end need not be told."""
    spans = [[parse_datetime(value or "") for value in changes.get(n, ())] for n in SPAN]
    if not all(len(span) == 2 and all(span) for span in spans):
        return False
    (began, begins), (ended, ends) = spans
    return bool(ended - began == ends - begins)  # type: ignore[operator]


def words_of_value(
    field: Any, value: Any, zone: ZoneInfo, names: Mapping[tuple[str, int], str] | None = None
) -> str:
    """A value as it was stored in JSON, in the words and formats of the practice.

    >>> from zoneinfo import ZoneInfo
    >>> words_of_value(models.BooleanField(), True, ZoneInfo("UTC"))
    'yes'
    >>> words_of_value(models.DateTimeField(), "2026-03-03T01:00:00Z", ZoneInfo("Australia/Sydney"))
    'Tue 3 Mar 2026, 12:00 pm'
    """
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{formats().weekday(local)}, {formats().clock(local)}"
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(value)
        return words_of_value(None, moment, zone) if moment else value
    if isinstance(field, models.DateField):
        day = parse_date(value)
        return formats().day(day) if day else value
    if isinstance(field, models.ForeignKey):
        named: Any = field.related_model
        key = (named._meta.label_lower, value)
        return (names or {}).get(key, "what is there no more")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)


def _plain(value: Any) -> str:
    """Lists and groups of texts as one text; others as they are.

    >>> _plain([{"phone_type": "Mobile", "number": "0400 000 000"}]), _plain(10)
    ('Mobile 0400 000 000', '10')
    """
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict) and "nominative" in value:
        return written(value)
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda item: item[0] != "phone_type")
        return " ".join(str(part) for _, part in ordered if part)
    return str(value)
