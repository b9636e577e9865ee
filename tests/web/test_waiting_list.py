"""The list of who waits: changed, taken off, narrowed, and whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from casewell.accounts.roles import Role
from casewell.waiting.models import WaitingEntry
from tests.waiting.world import LATER, place, wait, wait_with_visit
from tests.web.pages import said, text_of
from tests.web.test_pages import statements_of
from tests.web.test_waiting import HERE, wish
from tests.world import NOON, Practice, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner

pytestmark = pytest.mark.usefixtures("at_noon")
TWO = NOON + timedelta(hours=2)


def test_an_entry_is_changed_and_shows_who_changed_it_meanwhile(
    northside: Practice, desk: Client
) -> None:
    entry = wait(northside)
    seen = desk.get(f"{HERE}/{entry.pk}").context["form"].initial["seen"]
    with time_machine.travel(NOON + timedelta(minutes=1)):
        desk.post(f"{HERE}/{entry.pk}", wish(northside, note="Only by bus"))

    answer = desk.post(f"{HERE}/{entry.pk}", wish(northside, note="By car", seen=seen))

    assert answer.status_code == 422
    assert "Rita Desk changed note from “” to “Only by bus”" in text_of(answer)
    entry.refresh_from_db()
    assert entry.note == "Only by bus"


def test_somebody_is_taken_off_with_a_reason_and_put_back(
    northside: Practice, desk: Client
) -> None:
    entry = wait(northside)
    assert desk.post(f"{HERE}/{entry.pk}/removal", {"reason": "bored"}).status_code == 422

    answer = desk.post(f"{HERE}/{entry.pk}/removal", {"reason": "not reached", "note": "Twice"})

    assert said(answer) == ["Ada Rossi is taken off the waiting list."]
    assert "Nobody is waiting" in text_of(desk.get(HERE))
    assert "Could not be reached" in text_of(desk.get(f"{HERE}?state=removed"))
    shown = text_of(desk.get(f"{HERE}/{entry.pk}"))
    assert "Taken off the list: Could not be reached Note Twice" in shown
    again = desk.post(f"{HERE}/{entry.pk}/removal", {"reason": "other"})
    assert "took the patient off the list" in said(again)[-1]

    back = desk.post(f"{HERE}/{entry.pk}/return")
    assert said(back)[-1] == "Ada Rossi is on the waiting list again."
    assert "Rossi, Ada" in text_of(desk.get(HERE))
    assert said(desk.post(f"{HERE}/{entry.pk}/return"))[-1] == "Ada Rossi is waiting already."


def test_who_got_a_time_and_who_was_taken_off_are_listed_apart_the_latest_first(
    northside: Practice, desk: Client
) -> None:
    entries = [wait(northside, northside.patient(last_name=f"Wu{n}")) for n in range(2)]
    moved = wait_with_visit(northside)
    gone = wait(northside, northside.patient("Gone", "Away"))
    for number, one in enumerate([*entries, moved], 1):
        at = NOON + timedelta(hours=number)
        with time_machine.travel(NOON + timedelta(minutes=number)):
            one.give(place(northside, at), by=northside.by)
    gone.remove("other", by=northside.by)

    def listed(state: str) -> list[WaitingEntry]:
        return [line.entry for line in desk.get(f"{HERE}?state={state}").context["lines"]]

    assert listed("given") == [moved, *reversed(entries)]
    assert listed("removed") == [gone]
    assert listed("waiting") == []


def test_the_list_is_narrowed_to_a_practitioner_and_a_type(
    northside: Practice, desk: Client, tom: Practitioner
) -> None:
    wait(northside, northside.patient("Any", "Body"))
    with_tom = wait(northside, northside.patient("With", "Tom"))
    with_tom.practitioner_links.create(practitioner=tom)
    long = northside.account.appointment_types.create(name="Long", duration_in_minutes=90)
    wait(northside, northside.patient("Much", "Time"), appointment_type=long)

    def listed(query: str) -> list[str]:
        lines = desk.get(f"{HERE}?{query}").context["lines"]
        return [str(line.entry.patient) for line in lines]

    assert listed("") == ["Any Body", "With Tom", "Much Time"]
    assert listed(f"practitioner={northside.amy.pk}") == ["Any Body", "Much Time"]
    assert listed(f"practitioner={tom.pk}&type={northside.standard.pk}") == ["Any Body", "With Tom"]
    assert listed("practitioner=17") == ["Any Body", "With Tom", "Much Time"]


def test_only_those_who_book_have_the_list(northside: Practice, desk: Client) -> None:
    entry = wait(northside)
    assert f'href="{HERE}"' in desk.get("/northside/").content.decode()

    keeper = signed_in(northside.account.admit(northside.member.user, role=Role.BOOKKEEPER))

    assert keeper.get(HERE).status_code == 403
    assert keeper.post(f"{HERE}/{entry.pk}/removal", {"reason": "other"}).status_code == 403
    assert WaitingEntry.objects.waiting().count() == 1
    assert f'href="{HERE}"' not in keeper.get("/northside/").content.decode()


def test_the_pages_take_the_same_few_statements_for_one_who_waits_and_for_three(
    northside: Practice, desk: Client
) -> None:
    freed = northside.attend(at=TWO, patient=northside.patient("Gone", "Away"))
    freed.cancel(30, by=northside.by)
    counts = []
    desk.get(HERE)  # notes that it is in use
    for wanted in (1, 3):
        while WaitingEntry.objects.count() < wanted:
            patient = northside.patient(last_name=f"Wu{WaitingEntry.objects.count()}")
            at = LATER + timedelta(hours=WaitingEntry.objects.count())
            entry = wait_with_visit(northside, at=at, patient=patient)
        urls = [HERE, f"{HERE}/{entry.pk}", f"{HERE}/new?visit={entry.attendee_id}"]
        urls += [f"{HERE}/freed", f"/northside/bookings/{freed.booking_id}/fits"]
        counts.append([statements_of(desk, url) for url in urls])

    assert counts[0] == counts[1] == [9, 9, 9, 9, 9]
