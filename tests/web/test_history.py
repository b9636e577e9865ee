"""Histories: who did what, when, and from what to what, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client

from casewell.accounts.models import ApiKey, Membership
from casewell.appointments.models import CancellationReason
from casewell.audit.actors import Actor
from casewell.audit.models import Change, recorded
from casewell.patients.models import (
    ConcessionType,
    MedicalAlert,
    ReferralSource,
    ReferralSourceType,
    Relationship,
)
from casewell.web.history import entries_of
from casewell.web.history_rows import changes_of_booking, changes_of_case, changes_of_patient
from tests.web.histories import edit
from tests.web.pages import text_of
from tests.world import BACKEND, NOON

if TYPE_CHECKING:
    from casewell.web.history import Entry
    from tests.world import Practice


def sentence(entry: Entry) -> str:
    return f"{entry.who} {entry.before}{entry.about}{entry.after}{entry.through}"


def told(entries: list[Entry]) -> list[tuple[str, str, str]]:
    return [(line.label, line.former, line.latter) for entry in entries for line in entry.lines]


def history_of_ada(northside: Practice, part: str = "") -> list[Entry]:
    return entries_of(northside.account, changes_of_patient(northside.ada, part))


def test_fields_are_told_by_their_labels_in_the_practices_formats_and_by_names(
    northside: Practice,
) -> None:
    northside.account.date_format = "d/m/Y"
    northside.account.save()
    jane, pension = northside.doctor(), ConcessionType.objects.create(name="Pension")
    edit(
        northside.ada,
        northside.by,
        city="Perth",
        date_of_birth="1961-03-12",
        dva_card_colour="gold",
        referring_doctor=jane,
        concession_type=pension,
        receives_confirmation_emails=False,
        phone_numbers=[{"number": "0400 000 000", "phone_type": "Mobile"}],
    )

    client = Client()
    client.force_login(northside.member.user, BACKEND)
    said = text_of(client.get(f"/northside/patients/{northside.ada.pk}/history"))

    assert "Rita Desk changed the details of Ada Rossi" in said
    for words in (
        "Suburb Perth",
        "Date of birth 12/03/1961",
        "DVA card colour Gold",
        "Referring doctor Dr Jane Lee",
        "Concession type Pension",
        "Receives confirmation emails yes no",
        "Phone numbers Mobile 0400 000 000",
    ):
        assert words in said


def test_what_was_emptied_is_told_as_nothing(northside: Practice) -> None:
    edit(northside.ada, northside.by, city="Perth")
    edit(northside.ada, northside.by, city="")

    assert told(history_of_ada(northside)) == [("Suburb", "Perth", ""), ("Suburb", "", "Perth")]


def test_one_act_on_a_visit_and_its_booking_is_one_sentence_by_the_local_clock(
    northside: Practice,
) -> None:
    northside.business.time_zone = "Australia/Perth"
    northside.business.save()
    visit = northside.attend()
    visit.booking.move(
        by=northside.by,
        starts_at=NOON + timedelta(days=1),
        ends_at=NOON + timedelta(days=1, minutes=45),
    )
    visit.cancel(CancellationReason.SICK, "Flu", by=northside.by)
    visit.reinstate(by=northside.by)
    visit.mark(did_not_arrive=True, by=northside.by)

    entries = history_of_ada(northside)

    there = "the appointment of Wed 4 Mar 2026, 9:00 am"
    assert [sentence(entry) for entry in entries] == [
        f"Rita Desk marked {there} as did not arrive",
        f"Rita Desk took back the cancellation of {there}",
        f"Rita Desk cancelled {there}",
        f"Rita Desk moved {there}",
        f"Rita Desk booked {there}",
    ]
    assert told(entries) == [
        ("Cancellation reason", "", "Sick"),
        ("Cancellation note", "", "Flu"),
        ("Starts at", "Tue 3 Mar 2026, 9:00 am", "Wed 4 Mar 2026, 9:00 am"),
        ("Business", "", "Hill Street"),
        ("Practitioner", "", "Amy Shaw"),
        ("Appointment type", "", "Standard"),
        ("Starts at", "", "Tue 3 Mar 2026, 9:00 am"),
        ("Ends at", "", "Tue 3 Mar 2026, 9:45 am"),
    ]


def test_a_patients_history_holds_cases_alerts_and_visits_and_can_be_narrowed(
    northside: Practice,
) -> None:
    knee = northside.case()
    other = northside.attend(patient=northside.patient())
    alert = MedicalAlert.raise_for(northside.ada, "Latex", by=northside.by)
    alert.archive(by=northside.by)
    northside.attend().link_to(knee, by=northside.by)
    knee.close("Moved away", by=northside.by)
    other.mark(arrived=True, by=northside.by)

    everything = [sentence(entry) for entry in history_of_ada(northside)]

    assert everything == [
        "Rita Desk closed the case “Left knee”",
        "Rita Desk put the appointment of Tue 3 Mar 2026, 12:00 pm into a case",
        "Rita Desk booked the appointment of Tue 3 Mar 2026, 12:00 pm",
        "Rita Desk removed the medical alert “Latex”",
        "Rita Desk added the medical alert “Latex”",
    ]
    for part, which in (("cases", [0]), ("appointments", [1, 2]), ("details", [3, 4])):
        found = [sentence(entry) for entry in history_of_ada(northside, part)]
        assert found == [everything[n] for n in which]


def test_whose_relative_a_patient_is_and_how_they_came_is_told(northside: Practice) -> None:
    ben, by = northside.patient("Ben", "Wu"), northside.by
    web = ReferralSourceType.objects.create(account=northside.account, name="The web")
    whose: dict[str, Any] = {"account": northside.account, "patient": northside.ada}
    relation = Relationship(**whose, related_patient=ben, relation=Relationship.Relation.SIBLING)
    with recorded(relation, "created", by=by):
        relation.save()
    edit(relation, by, relation=Relationship.Relation.PARTNER)
    relation.archive(by=by)
    source = ReferralSource(**whose, referral_source_type=web, subcategory="Search")
    with recorded(source, "created", by=by):
        source.save()
    edit(source, by, referrer_patient=ben, subcategory="")

    entries = history_of_ada(northside, "details")

    assert [sentence(entry).removeprefix("Rita Desk ") for entry in entries] == [
        "changed how the patient came to the practice",
        "wrote down how the patient came to the practice",
        "removed a relationship",
        "changed a relationship",
        "added a relationship",
    ]
    assert told(entries) == [
        ("Subcategory", "Search", ""),
        ("Referrer patient", "", "Ben Wu"),
        ("Referral source type", "", "The web"),
        ("Subcategory", "", "Search"),
        ("Relation", "Sibling", "Partner"),
        ("Related patient", "", "Ben Wu"),
        ("Relation", "", "Sibling"),
    ]
    assert entries_of(northside.account, changes_of_patient(ben, "details")) == []


def test_a_cases_history_says_which_visits_came_and_went(northside: Practice) -> None:
    knee, back = northside.case(), northside.case("Back")
    visit = northside.attend()
    visit.link_to(back, by=northside.by)
    visit.link_to(knee, by=northside.by)
    visit.unlink(by=northside.by)
    knee.close(by=northside.by)

    entries = entries_of(northside.account, changes_of_case(knee))

    assert [sentence(entry).removeprefix("Rita Desk ") for entry in entries] == [
        "closed the case “Left knee”",
        "took the appointment of Tue 3 Mar 2026, 12:00 pm out of its case",
        "put the appointment of Tue 3 Mar 2026, 12:00 pm into a case",
    ]
    assert told(entries) == [("Case", "Left knee", ""), ("Case", "Back", "Left knee")]


def test_a_block_has_a_history_of_its_own(northside: Practice) -> None:
    block = northside.booking(appointment_type=None, notes="Lunch")
    block.block(by=northside.by)

    entries = entries_of(northside.account, changes_of_booking(block), known=block)

    assert [sentence(entry) for entry in entries] == [
        "Rita Desk blocked the blocked time of Tue 3 Mar 2026, 12:00 pm"
    ]
    assert ("Notes", "", "Lunch") in told(entries)


def test_keys_jobs_and_those_who_left_are_named(northside: Practice) -> None:
    named, _ = ApiKey.issue(northside.member, name="Reporting")
    plain, _ = ApiKey.issue(northside.member)
    for by in (
        Actor(member=northside.member, api_key=named),
        Actor(member=northside.member, api_key=plain),
        Actor(job="reminders"),
    ):
        edit(northside.ada, by, city=f"{northside.ada.city}x")
    Membership.objects.filter(pk=northside.member.pk).update(active=False)

    assert [(entry.who, entry.through) for entry in history_of_ada(northside)] == [
        ("Casewell (reminders)", ""),
        ("Rita Desk", f"through the API key {plain.prefix}…"),
        ("Rita Desk", "through the API key “Reporting”"),
    ]


def test_a_field_or_a_record_that_is_there_no_more_breaks_nothing(northside: Practice) -> None:
    Change.objects.create(
        account=northside.account,
        job="import",
        verb="merged",
        target_type="patients.patient",
        target_id=northside.ada.pk,
        changes={"fax_machine": ["1", "2"], "referring_doctor": [None, 12345]},
    )

    assert told(history_of_ada(northside)) == [
        ("Referring doctor", "", "what is there no more"),
        ("Fax machine", "1", "2"),
    ]
