"""A form that is sent as it was drawn changes nothing."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from casewell.audit.models import Change
from casewell.patients.models import ConcessionType, Patient

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

PHONES = [{"number": f"0400 000 00{n}", "phone_type": "Work"} for n in range(5)]


class Drawn(HTMLParser):
    """What a browser would send of the page's record form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self.inside = False
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        if tag == "form":
            self.inside = "record-form" in (has.get("class") or "")
        elif not self.inside or (tag != "option" and not name):
            return
        elif tag == "input" and (has.get("type") not in {"checkbox", "radio"} or "checked" in has):
            self.fields[name] = has.get("value") or ("on" if has.get("type") == "checkbox" else "")
        elif tag in {"select", "textarea"}:
            self.open = name
        elif tag == "option" and ("selected" in has or self.open not in self.fields):
            self.fields[self.open] = has.get("value") or ""

    def handle_data(self, text: str) -> None:
        if self.lasttag == "textarea" and self.open and self.open not in self.fields:
            self.fields[self.open] = text.removeprefix("\n")


def drawn(desk: Client, address: str) -> dict[str, Any]:
    page = Drawn()
    page.feed(desk.get(address).content.decode())
    return page.fields


def filled(record: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    return record


def test_a_patients_form_keeps_every_field_and_every_phone_number(
    northside: Practice, desk: Client
) -> None:
    filled(
        northside.ada,
        phone_numbers=PHONES,
        pronouns={"nominative": "ze", "accusative": "zir", "reflexive": "zirself"},
        date_of_birth=date(1961, 3, 12),
        medicare_expiry_date=date(2027, 3, 1),
        first_nations_status="neither",
        reminder_type="SMS & Email",
        referring_doctor=northside.doctor(),
        concession_type=ConcessionType.objects.create(name="Pension"),
        notes="Two lines,\n\nand <one> more",
    )
    address = f"/northside/patients/{northside.ada.pk}/edit"

    sent = drawn(desk, address)
    answer = desk.post(address, sent)

    assert answer.status_code == 302, answer.content
    kept = Patient.objects.get(pk=northside.ada.pk)
    assert (sent["phone_numbers_1"], kept.phone_numbers) == ("0400 000 000", PHONES)
    changed = Change.objects.of(northside.ada)
    assert [row.changes for row in changed if set(row.changes) != {"notes"}] == []
    assert kept.notes.replace("\r\n", "\n") == "Two lines,\n\nand <one> more"


def test_a_contacts_form_keeps_every_field(northside: Practice, desk: Client) -> None:
    jane = northside.doctor(phone_numbers=PHONES, doctor_type="specialist", city="Brunswick")
    address = f"/northside/contacts/{jane.pk}/edit"

    assert desk.post(address, drawn(desk, address)).status_code == 302
    assert list(Change.objects.of(jane)) == []


def test_a_cases_form_keeps_every_field(northside: Practice, desk: Client) -> None:
    knee = northside.case(
        max_sessions=10,
        issue_date=date(2026, 3, 1),
        expiry_date=date(2027, 3, 1),
        referral=True,
        referral_type="medicare",
        contact=northside.doctor(),
        payer=northside.doctor(first_name="Paul"),
        include_dna_attendees=True,
        limit_action="warn",
    )
    address = f"/northside/cases/{knee.pk}/edit"

    assert desk.post(address, drawn(desk, address)).status_code == 302
    assert list(Change.objects.of(knee)) == []


def test_pronouns_are_chosen_and_kept_in_all_their_forms(northside: Practice, desk: Client) -> None:
    address = f"/northside/patients/{northside.ada.pk}"

    desk.post(f"{address}/edit", drawn(desk, f"{address}/edit") | {"pronouns": "they/them"})

    northside.ada.refresh_from_db()
    assert northside.ada.pronouns == {
        "nominative": "they",
        "accusative": "them",
        "pronominal_possessive": "their",
        "predicative_possessive": "theirs",
        "reflexive": "themself",
    }
    assert b"(they/them)" in desk.get(address).content
    assert b"they/them" in desk.get(f"{address}/history").content
