"""What the fields of a letter say, read from its patient, case and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from casewell.cases.models import PatientCase
from casewell.cases.referral import missing_in_letter
from casewell.cases.terms import local_date
from casewell.cases.usage import uses_a_session
from casewell.contacts.models import Contact
from casewell.letters.merge import KNOWN
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Business, Practitioner
    from casewell.letters.models import Letter
    from casewell.patients.models import Patient

MOST_DATES = 60
THEY = {"nominative": "they", "accusative": "them", "pronominal_possessive": "their"}


def fields_of(letter: Letter) -> dict[str, str]:
    """What each field says today in the practice's formats, by `Field.key`; empty left out."""
    case = _counted(letter.case_id)
    said: dict[str, Any] = (
        _of_letter(letter, case)
        | _of_patient(letter.patient, letter.account.today())
        | _of_practice(letter.business, letter.practitioner)
        | _of_referrer(referrer_of(letter.patient, case))
        | (_of_case(case) if case else {})
    )
    found = {
        name.lower(): str(text).strip() for name, text in said.items() if text not in ("", None)
    }
    return {key: text for key, text in found.items() if key in KNOWN and text}


def _counted(case_id: int | None) -> PatientCase | None:
    if case_id is None:
        return None
    rows = PatientCase.objects.with_usage()
    return rows.select_related("account", "programme", "contact", "payer").get(pk=case_id)


def referrer_of(patient: Patient, case: PatientCase | None) -> Contact | None:
    """Who referred: as the case has it, else the patient's referring doctor."""
    return (case.contact if case else None) or patient.referring_doctor


def salutation(person: Patient | Contact) -> str:
    """As a letter greets: “Dr Lee”, “Ada”, “colleague” where no name is known."""
    if isinstance(person, Contact):
        formal = f"{person.title} {person.last_name}".strip() if person.title else ""
        plain = person.preferred_name or person.first_name or person.last_name
        return (formal if person.last_name else "") or plain or "colleague"
    return person.called or person.full_name


def address_of(contact: Contact) -> list[str]:
    """The lines of a contact's address, the practice first, without empty ones."""
    town = " ".join(filter(None, (contact.city, contact.state, contact.post_code)))
    lines = (contact.company_name, contact.address_1, contact.address_2, contact.address_3, town)
    return [line for line in (*lines, contact.country) if line]


def provider_number(practitioner: Practitioner, business: Business) -> str:
    """The practitioner's number there: one that is called so, else the first; else none."""
    rows = practitioner.reference_numbers.filter(business=business).order_by("id")
    numbers = [(row.name, row.reference_number) for row in rows]
    named = [number for name, number in numbers if "provider" in name.lower()]
    return next(iter([*named, *(number for _, number in numbers)]), "")


def town_of(business: Business) -> str:
    return " ".join(filter(None, (business.city, business.state, business.post_code)))


def _day(day: date | None) -> str:
    return formats().day(day) if day else ""


def _of_letter(letter: Letter, case: PatientCase | None) -> dict[str, Any]:
    to = letter.addressee
    lines = address_of(to) if isinstance(to, Contact) else to.address
    rules = case.programme.duties if case and case.programme else []
    duty = next((rule["name"] for rule in rules if rule["code"] == letter.duty_code), "")
    return {
        "today": _day(letter.business.today()),
        "recipient name": to,
        "recipient salutation": salutation(to),
        "recipient address": "\n".join(lines),
        "duty": duty,
        "missing from the referral": "\n".join(
            f"– {words}" for words in (missing_in_letter(case) if case else [])
        ),
    }


def _of_patient(patient: Patient, today: date) -> dict[str, Any]:
    words = THEY | {key: word for key, word in (patient.pronouns or {}).items() if word}
    card = (patient.medicare, patient.medicare_reference_number)
    return {
        "patient name": patient,
        "patient title": patient.title,
        "patient first name": patient.called,
        "patient last name": patient.last_name,
        "patient date of birth": _day(patient.date_of_birth),
        "patient age": patient.age_on(today),
        "patient address": "\n".join(patient.address),
        "patient phone": patient.phone,
        "patient email": patient.email,
        "patient reference": patient.old_reference_id,
        "patient they": words["nominative"],
        "patient them": words["accusative"],
        "patient their": words["pronominal_possessive"],
        "Medicare number": "-".join(filter(None, card)) if patient.medicare else "",
        "DVA card number": patient.dva_card_number,
        "health fund": patient.health_fund,
        "health fund number": patient.health_fund_number,
    }


def _of_practice(business: Business, practitioner: Practitioner) -> dict[str, Any]:
    return {
        "practice name": business.account.name,
        "business name": business.display_name or business.business_name,
        "business address": "\n".join(
            filter(None, (business.address_1, business.address_2, town_of(business)))
        ),
        "business contact": business.contact_information,
        "business website": business.website_address,
        "practitioner name": f"{practitioner.title} {practitioner}",
        "practitioner discipline": practitioner.designation,
        "provider number": provider_number(practitioner, business),
    }


def _of_referrer(referrer: Contact | None) -> dict[str, Any]:
    if referrer is None:
        return {}
    return {
        "referrer name": referrer,
        "referrer salutation": salutation(referrer),
        "referrer practice": referrer.company_name,
        "referrer address": "\n".join(address_of(referrer)),
        "referrer provider number": referrer.provider_number,
    }


def _of_case(case: PatientCase) -> dict[str, Any]:
    usage = case.usage
    return {
        "case name": case.name,
        "condition": case.condition or case.name,
        "programme": case.programme,
        "referral type": case.get_referral_type_display(),
        "issue date": _day(case.issue_date),
        "plan date": _day(case.plan_date),
        "expiry date": _day(case.expires_on),
        "sessions allowed": usage.limit,
        "sessions used": usage.used,
        "sessions used elsewhere": usage.elsewhere or "",
        "sessions booked": usage.booked,
        "sessions left": usage.left,
        "claim number": case.claim_number,
        "injury date": _day(case.injury_date),
        "employer": case.employer,
        "case manager": case.case_manager,
        "payer": case.payer,
    } | _dates(case)


def _dates(case: PatientCase) -> dict[str, str]:
    """The days on which the patient was there, by the clocks of each place."""
    came = case.attendees.filter(
        uses_a_session(), cancelled_at=None, did_not_arrive=False, booking__archived_at=None
    ).filter(booking__starts_at__lte=timezone.now())
    rows = came.annotate(on=local_date()).order_by(F("booking__starts_at"), "id")
    days = list(dict.fromkeys(rows.values_list("on", flat=True)))
    if not days:
        return {}
    return {
        "first date attended": _day(days[0]),
        "last date attended": _day(days[-1]),
        "dates attended": ", ".join(map(_day, days[-MOST_DATES:])),
    }
