"""What a patient opens by the link of a reminder: a button confirms, and nothing is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from casewell.appointments.models import Attendee
from casewell.audit.models import Change
from casewell.patients.models import Patient
from casewell.reminders.links import VisitAt, links_of, read
from casewell.tenancy.scope import account_scope
from tests.reminders.world import visit_at
from tests.world import NOON, words_in

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
HOUR = timedelta(hours=1)


@pytest.fixture
def visit(northside: Practice) -> Attendee:
    northside.business.contact_information = "Call 02 9999 0000"
    northside.business.save()
    return visit_at(northside, NOON + 24 * HOUR)


def path(visit: Attendee, kind: str = "confirm") -> str:
    links = links_of(visit)
    return urlsplit(links.stop if kind == "stop" else links.confirm).path


def shown(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return words_in(answer.content.decode().partition("<main")[2])


def confirmed(visit: Attendee) -> bool:
    return Attendee.objects.get(pk=visit.pk).confirmed_at is not None


def test_opening_the_page_confirms_nothing_and_the_button_does(
    northside: Practice, visit: Attendee
) -> None:
    address = path(visit)
    for _ in range(2):
        said = shown(address)
    assert "Northside Physio" in said
    assert "on Wed 4 Mar 2026, 12:00 pm" in said
    assert "I will come" in said
    assert "Call 02 9999 0000" in said
    assert not confirmed(visit)

    answer = Client().post(address)

    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert confirmed(visit)
    assert "we know that you will come" in shown(address)
    change = Change.objects.get(verb="confirmed")
    assert (change.user, change.job) == (None, "the patient, by a link")
    Client().post(address)
    assert Change.objects.filter(verb="confirmed").count() == 1


def test_the_page_names_nobody(northside: Practice, visit: Attendee) -> None:
    knee = northside.case("Private words")
    visit.link_to(knee, by=northside.by)
    answer = Client().get(path(visit))
    page = answer.content.decode()

    for word in ("Ada", "Rossi", "Amy", "Shaw", "Private", "Standard"):
        assert word not in words_in(page)
    for one in (visit, visit.booking, northside.ada, knee):
        assert str(one.pk) not in page
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("moved", "moved to another time"),
        ("cancelled", "has been cancelled"),
        ("archived", "has been cancelled"),
        ("begun", "has begun or is over"),
    ],
)
def test_a_visit_that_is_no_more_as_the_link_has_it_says_so_and_is_not_confirmed(
    northside: Practice, visit: Attendee, what: str, words: str
) -> None:
    address, moment = path(visit), NOON
    start = visit.booking.starts_at
    if what == "moved":
        visit.booking.move(starts_at=start + HOUR, ends_at=start + 2 * HOUR, by=northside.by)
    elif what == "cancelled":
        visit.cancel(30, by=northside.by)
    elif what == "archived":
        visit.booking.archive(by=northside.by)
    else:
        moment = start

    with time_machine.travel(moment, tick=False):
        assert words in shown(address)
        assert Client().post(address).status_code == 302

    assert not confirmed(visit)


def test_a_link_that_was_changed_or_is_anothers_leads_nowhere(
    northside: Practice, elsewhere: Practice, visit: Attendee
) -> None:
    address = path(visit)
    with account_scope(elsewhere.account):
        theirs = elsewhere.attend(at=NOON + 24 * HOUR)
    # Signed by us, but of a visit that the named practice does not have.
    mixed = VisitAt(northside.account.pk, theirs.pk, NOON + 24 * HOUR).signed()

    for token in ("x", address.removeprefix("/visits/")[:-1], "1-2-3.abc", mixed):
        for route in ("", "/reminders"):
            answer = Client().get(f"/visits/{token}{route}")
            assert answer.status_code == 404, token
    assert Client().post(f"/visits/{mixed}").status_code == 302  # says nothing, does nothing
    with account_scope(elsewhere.account):
        assert not confirmed(theirs)
    assert read(address.removeprefix("/visits/")) == VisitAt(
        northside.account.pk, visit.pk, NOON + 24 * HOUR
    )


def test_no_more_reminders_is_a_button_too(northside: Practice, visit: Attendee) -> None:
    address = path(visit, "stop")
    assert "No more reminders" in shown(address)
    assert Patient.objects.get(pk=northside.ada.pk).reminder_type == ""

    assert Client().post(address).status_code == 302

    assert Patient.objects.get(pk=northside.ada.pk).reminder_type == "None"
    assert "no more reminders from us" in shown(address)
    change = Change.objects.get(verb="edited", target_id=northside.ada.pk)
    assert change.changes == {"reminder_type": ["", "None"]}


def test_one_address_opens_so_many_links_a_minute(visit: Attendee) -> None:
    cache.clear()
    address = path(visit)

    answers = [Client().get(address).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
