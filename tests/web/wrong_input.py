"""Every form of the pages, filled in rightly, and what may stand wrongly in each kind of field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.letters.models import write
from tests.appointments.a_class import a_class
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.letters.models import Letter
    from tests.world import Practice

HOME = "/northside"
LONGEST_NOTE = 10_000
SCRIPT = "<script>alert('x')</script>"
TEXTS = (SCRIPT, "nul \x00 in it", "\u202e\U0001f600", "Z" * LONGEST_NOTE, "%s %(a)s {x}")
DATES = ("2026-02-31", "0001-01-01", "31/02/2026", "\x00")
NUMBERS = ("-1", "0", "9" * 40, "1e400", "½")
KEYS = ("77", "9" * 40, "²", "77\x00")
TIMES = ("25:00", "noon", "23:59")
WRONG = {"date": DATES, "number": NUMBERS, "key": KEYS, "time": TIMES, "text": TEXTS}


@dataclass(frozen=True)
class Sent:
    """A form as a browser sends it: where to, and its fields."""

    path: str
    body: dict[str, str]

    def kind(self, field: str) -> str:
        """Which kind of wrong value the field may be given."""
        value = self.body[field]
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return "date"
        if re.fullmatch(r"\d\d:\d\d", value):
            return "time"
        if value.isdecimal():
            return "key" if len(value) > 9 else "number"
        return "text"


def forms_of(northside: Practice) -> dict[str, Sent]:
    """Each form by its name, every field with something right in it."""
    knee, visit, doctor = northside.case(), northside.attend(), northside.doctor()
    ada, booking = northside.ada.pk, f"{HOME}/bookings/{visit.booking_id}"
    lesson, other = a_class(northside), a_class(northside, days=9)
    letter = written(northside)
    check_up = northside.account.recall_types.create(name="Check-up")
    template = northside.account.letter_templates.create(name="Report", body="Dear")
    return {
        "letter": Sent(f"{HOME}/letters/{letter.pk}/edit", letter_fields(letter)),
        "letter template": Sent(
            f"{HOME}/settings/letter-templates/{template.pk}", template_fields()
        ),
        "reminders": Sent(f"{HOME}/settings/reminders", reminder_fields(northside)),
        "recall type": Sent(
            f"{HOME}/settings/recall-types/{check_up.pk}",
            {"name": "Review", "usual_weeks": "12", "message": "Dear {patient first name}"},
        ),
        "new recall": Sent(
            f"{HOME}/patients/{ada}/recalls",
            {"recall_type": str(check_up.pk), "recall_date": "2026-09-01", "note": "Mornings"},
        ),
        "new patient": Sent(f"{HOME}/patients/new", patient_fields(doctor.pk)),
        "patient": Sent(f"{HOME}/patients/{ada}/edit", patient_fields(doctor.pk)),
        "alert": Sent(f"{HOME}/patients/{ada}/alerts", {"name": "Latex"}),
        "new case": Sent(f"{HOME}/patients/{ada}/cases/new", case_fields(doctor.pk)),
        "case": Sent(f"{HOME}/cases/{knee.pk}/edit", case_fields(doctor.pk)),
        "new contact": Sent(f"{HOME}/contacts/new", contact_fields()),
        "contact": Sent(f"{HOME}/contacts/{doctor.pk}/edit", contact_fields()),
        "booking": Sent(f"{HOME}/bookings/new", booking_fields(northside)),
        "block": Sent(f"{HOME}/blocks/new", {**time_fields(northside), "notes": "Lunch"}),
        "class": Sent(f"{HOME}/classes/new", class_fields(northside)),
        "places": Sent(f"{HOME}/bookings/{lesson.pk}/places", {"places": "4"}),
        "joining": Sent(
            f"{HOME}/bookings/{lesson.pk}/joining",
            {"patient": str(ada), "case": str(knee.pk), "also": str(other.pk), "wait": "on"},
        ),
        "time": Sent(f"{booking}/time", time_fields(northside)),
        "type": Sent(
            f"{booking}/type", {"appointment_type": str(northside.standard.pk), "minutes": "30"}
        ),
        "note": Sent(f"{booking}/note", {"notes": "Brings scans"}),
        "case of a visit": Sent(f"{booking}/case", {"case": str(knee.pk)}),
        "cancellation": Sent(f"{booking}/cancellation", {"reason": "30", "note": "Flu"}),
        "away": Sent(away_address(northside), away_fields(visit.pk)),
    }


def class_fields(northside: Practice) -> dict[str, str]:
    kind = {"appointment_type": str(northside.standard.pk), "places": "8", "notes": "Mats"}
    return time_fields(northside) | kind


def reminder_fields(northside: Practice) -> dict[str, str]:
    return {
        "by_email": "on",
        "first_hours": "48",
        "second_hours": "3",
        "quiet_from": "20:00",
        "quiet_until": "08:00",
        "types": str(northside.standard.pk),
        "subject": "Your visit",
        "email_text": "Come at {time}",
        "text_message": "Come",
        "last_visit_text": "See your GP",
    }


def patient_fields(doctor: int) -> dict[str, str]:
    return {
        "first_name": "Eve",
        "last_name": "Lin",
        "preferred_first_name": "Evie",
        "date_of_birth": "1961-03-12",
        "phone_numbers_0": "Mobile",
        "phone_numbers_1": "0400 000 000",
        "email": "eve@example.com",
        "state": "NSW",
        "medicare": "2950 12345 1",
        "medicare_expiry_date": "2027-01-01",
        "dva_card_number": "NX123456",
        "referring_doctor": str(doctor),
        "old_reference_id": "R-77",
        "notes": "Speaks Italian",
    }


def case_fields(doctor: int) -> dict[str, str]:
    return {
        "name": "Shoulder",
        "limit_kind": "sessions",
        "max_sessions": "10",
        "issue_date": "2026-01-01",
        "expiry_date": "2027-01-01",
        "contact": str(doctor),
        "referral_period": "months",
        "referral_period_months": "12",
        "plan_date": "2026-01-01",
        "payer": str(doctor),
        "claim_number": "C-1",
        "injury_date": "2025-12-01",
        "notes": "Two reports",
    }


def letter_fields(letter: Letter) -> dict[str, str]:
    return {
        "recipient": str(letter.recipient_id),
        "case": str(letter.case_id),
        "practitioner": str(letter.practitioner_id),
        "business": str(letter.business_id),
        "title": "Report",
        "body": "Dear {recipient salutation}",
    }


def template_fields() -> dict[str, str]:
    return {
        "name": "Report",
        "purpose": "report",
        "addressee": "referrer",
        "programme_code": "au-dva-cycle",
        "duty_code": "care_plan",
        "discipline": "Physiotherapy",
        "title": "Report: {patient name}",
        "body": "Dear {recipient salutation}",
    }


def written(northside: Practice) -> Letter:
    """A draft in a case of Ada's, to a doctor."""
    return write(
        northside.ada,
        practitioner=northside.amy,
        business=northside.business,
        case=northside.case("Back"),
        recipient=northside.doctor(),
        by=northside.by,
    )


def contact_fields() -> dict[str, str]:
    return {
        "type_code": "1",
        "first_name": "Jane",
        "last_name": "Lee",
        "company_name": "Hill Street Medical",
        "provider_number": "2429591L",
        "phone_numbers_0": "Work",
        "phone_numbers_1": "03 9000 0000",
        "notes": "Not on Mondays",
    }


def time_fields(northside: Practice) -> dict[str, str]:
    return {
        "business": str(northside.business.pk),
        "practitioner": str(northside.amy.pk),
        "date": "2026-03-05",
        "time": "10:00",
        "minutes": "45",
    }


def booking_fields(northside: Practice) -> dict[str, str]:
    """An appointment with a new patient and a new case, made on the way."""
    return {
        **time_fields(northside),
        "appointment_type": str(northside.standard.pk),
        "notes": "Brings scans",
        "new_patient": "yes",
        "patient_new-first_name": "Eve",
        "patient_new-last_name": "Lin",
        "patient_new-date_of_birth": "1961-03-12",
        "patient_new-phone_numbers_0": "Mobile",
        "patient_new-phone_numbers_1": "0400 000 000",
        "case": "new",
        "case_new-name": "Shoulder",
        "case_new-max_sessions": "10",
        "case_new-issue_date": "2026-01-01",
        "case_new-expiry_date": "2027-01-01",
    }


def away_address(northside: Practice) -> str:
    day = timezone.localtime(NOON, northside.account.zone).date()
    return f"{HOME}/bookings/away?practitioner={northside.amy.pk}&from={day}&until={day}"


def away_fields(visit: int) -> dict[str, str]:
    return {
        "ticked": "yes",
        "visit": str(visit),
        "action": "postpone",
        "other_date": "2026-03-06",
        "reason": "30",
        "note": "Sick",
        "subject": "Your appointment on {date}",
        "body": "It {what happens}.",
    }


class Scripts(HTMLParser):
    """Counts the script elements of a page that have a text of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.inline.append(data)


def inline_scripts(page: str) -> list[str]:
    """The scripts that stand in the page itself."""
    reader = Scripts()
    reader.feed(page)
    return reader.inline
