"""The booking panel given what is wrong: said at its field, and what was typed is kept."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.pages import SLUG, booked, text_of
from tests.world import words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_what_somebody_did_meanwhile_is_shown_before_it_is_overwritten(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend()
    page = f"{SLUG}/bookings/{visit.booking_id}"
    shown = desk.get(page).content.decode()
    fields = dict(re.findall(r'name="(seen_changes|seen)" value="([^"]*)"', shown))
    visit.booking.set_notes("Meanwhile", by=northside.by)

    cancel = desk.post(f"{page}/cancellation", fields | {"reason": "30", "note": "typed"})
    note = desk.post(f"{page}/note", {"notes": "typed", "seen": fields["seen"]})

    assert cancel.status_code == 422
    assert "Somebody was faster: Rita Desk – noted at" in text_of(cancel)
    assert 'value="typed"' in cancel.content.decode()
    assert note.status_code == 422
    assert "Rita Desk changed notes from “” to “Meanwhile”" in text_of(note)
    assert ">\ntyped</textarea>" in note.content.decode()
    again = dict(re.findall(r'name="(seen_changes)" value="([^"]*)"', cancel.content.decode()))
    assert desk.post(f"{page}/cancellation", again | {"reason": "30"}).status_code == 302


@pytest.mark.parametrize(
    ("act", "label", "wrong"),
    [
        ("time", "Move", {"date": "soon"}),
        ("type", "Change the type", {"appointment_type": "0"}),
        ("cancellation", "Cancel", {}),
    ],
)
def test_the_fold_of_what_was_refused_stands_open_and_no_other(
    northside: Practice, desk: Client, act: str, label: str, wrong: dict[str, str]
) -> None:
    page = f"{SLUG}/bookings/{northside.attend().booking_id}"
    assert folds_open_in(desk.get(page)) == []
    assert folds_open_in(desk.post(f"{page}/{act}", wrong)) == [label]


def folds_open_in(answer: Any) -> list[str]:
    """The labels of the panel's forms that need no click to be seen."""
    heads = answer.content.decode().split('<details class="sheet__more" open>')[1:]
    return [words_in(f"<p>{head.split('</summary>')[0]}") for head in heads]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("minutes", "0", "greater than or equal to 1"),
        ("minutes", "-45", "greater than or equal to 1"),
        ("minutes", "1441", "less than or equal to 1440"),
        ("minutes", "100000", "less than or equal to 1440"),
        ("date", "2026-02-31", "Enter a valid date."),
        ("date", "31/02/2026", "Enter a valid date."),
        ("time", "25:00", "Enter a valid time."),
        ("practitioner", "77", "Select a valid choice."),
        ("practitioner", "²", "Select a valid choice."),
        ("business", "9" * 40, "Select a valid choice."),
        ("appointment_type", "", "This field is required."),
        ("patient", "77", "Choose a patient, or add a new one."),
        ("notes", "x" * 10_001, "at most 10000 characters"),
    ],
)
def test_a_wrong_value_is_said_at_its_field_and_the_rest_is_kept(
    northside: Practice, desk: Client, field: str, value: str, said: str
) -> None:
    kept = {"notes": "Brings the scans"} if field != "notes" else {"minutes": "33"}
    answer = desk.post(f"{SLUG}/bookings/new", booked(northside, **kept | {field: value}))

    assert answer.status_code == 422
    content = html.unescape(answer.content.decode())
    place = content.index(f'name="{field}"')
    assert said in content[place : content.find('class="field"', place)]
    assert next(iter(kept.values())) in content
    assert not northside.account.bookings.exists()


def test_an_unknown_case_and_addresses_out_of_order_change_nothing(
    northside: Practice, desk: Client
) -> None:
    for case in ("77", "²", "x", "9" * 40):
        assert desk.post(f"{SLUG}/bookings/new", booked(northside, case=case)).status_code == 404
    for query in ("start=2026-02-31T09:00", "start=x", "date=2026-02-31", "practitioner=²"):
        assert desk.get(f"{SLUG}/bookings/new?{query}").status_code == 200
        assert desk.get(f"{SLUG}/blocks/new?{query}").status_code == 200
    for like in ("77", "²", "9" * 40):
        assert desk.get(f"{SLUG}/bookings/new?like={like}").status_code == 404
    assert not northside.account.bookings.exists()


def test_a_new_patients_name_of_300_letters_is_refused_at_the_field(
    northside: Practice, desk: Client
) -> None:
    body = booked(northside, patient="", new_patient="yes")
    names = {"patient_new-first_name": "A" * 300, "patient_new-last_name": "Klick"}

    answer = desk.post(f"{SLUG}/bookings/new", body | names)

    assert answer.status_code == 422
    assert "at most 255 characters (it has 300)" in text_of(answer)
    assert 'value="Klick"' in answer.content.decode()
    assert northside.account.patients.count() == 1


def test_a_script_in_a_note_is_text(northside: Practice, desk: Client) -> None:
    visit, script = northside.attend(), "<script>alert(1)</script>"
    page = f"{SLUG}/bookings/{visit.booking_id}"
    desk.post(f"{page}/note", {"notes": script})
    desk.post(f"{page}/cancellation", {"reason": "30", "note": script})

    shown = desk.get(page).content.decode()

    assert script not in shown
    assert shown.count(html.escape(script)) == 2
