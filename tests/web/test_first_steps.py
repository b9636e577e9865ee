"""A practice that cannot book yet is led there, by what it has and what it lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType
from tests.world import BACKEND

if TYPE_CHECKING:
    from tests.world import Practice

STEPS = {"business": "businesses", "practitioner": "practitioners", "type": "appointment-types"}


def signed_in(practice: Practice, role: Role) -> Client:
    practice.account.admit(practice.member.user, role=role)
    client = Client()
    client.force_login(practice.member.user, BACKEND)
    return client


def marks(client: Client) -> list[tuple[str, str]]:
    """The steps on the page of settings, each done, next, open or later."""
    page = client.get("/northside/settings").content.decode()
    steps = re.findall(r"<li( data-done)?( aria-current=.step.)?>(.*?)</li>", page, re.DOTALL)
    found = []
    for done, following, step in steps:
        title = re.search(r"<b>(.*?)</b>", step)
        if title is None or "first-steps" not in page:
            continue
        mark = "done" if done else "next" if following else "open" if "Do this" in step else "later"
        found.append((title[1], mark))
    return found[:5]


@pytest.mark.parametrize("lacking", STEPS)
def test_a_practice_that_cannot_book_yet_is_led_to_the_next_step(
    northside: Practice, lacking: str
) -> None:
    admin = signed_in(northside, Role.ADMINISTRATOR)
    if lacking == "business":
        Business.objects.update(archived_at=timezone.now())
    elif lacking == "practitioner":
        Practitioner.objects.update(active=False)
    else:
        AppointmentType.objects.update(archived_at=timezone.now())
    step = f"/northside/settings/{STEPS[lacking]}/new"

    assert f'href="{step}"' in admin.get("/northside/").content.decode()
    assert f'href="{step}"' in admin.get("/northside/settings").content.decode()
    northside.account.admit(northside.member.user, role=Role.RECEPTIONIST)
    assert "Ask an administrator" in admin.get("/northside/").content.decode()


def test_the_steps_mark_themselves_by_what_is_there(northside: Practice) -> None:
    admin = signed_in(northside, Role.ADMINISTRATOR)
    Practitioner.objects.update(active=False)

    assert marks(admin) == [
        ("Add a business", "done"),
        ("Add a practitioner", "next"),
        ("Add an appointment type", "done"),
        ("Invite who works with you", "open"),
        ("Book the first appointment", "later"),
    ]
    Practitioner.objects.update(active=True)
    assert dict(marks(admin))["Book the first appointment"] == "open"
    northside.attend()
    assert "Before the first booking" not in admin.get("/northside/settings").content.decode()


def test_who_may_not_invite_is_not_told_to(northside: Practice) -> None:
    power = signed_in(northside, Role.POWER_RECEPTIONIST)

    page = power.get("/northside/settings").content.decode()

    assert "Add a business" in page
    assert "Invite who works with you" not in page


def test_what_is_added_on_the_way_leads_back_to_the_steps_and_later_to_its_list(
    northside: Practice,
) -> None:
    admin = signed_in(northside, Role.ADMINISTRATOR)

    on_the_way = admin.post("/northside/settings/concessions/new", {"name": "Pensioner"})
    northside.attend()
    later = admin.post("/northside/settings/concessions/new", {"name": "Student"})

    assert on_the_way.headers["Location"] == "/northside/settings"
    assert later.headers["Location"] == "/northside/settings/concessions"
