"""The address of a practitioner's calendar for other programs: who makes it, and who ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casewell.accounts.models import User
from casewell.accounts.roles import Role
from casewell.appointments.models import CalendarFeed
from casewell.audit.models import Change
from tests.web.calendar_readers import address_of
from tests.web.pages import said, text_of
from tests.web.test_my_info import places_of
from tests.world import signed_in

if TYPE_CHECKING:
    from casewell.accounts.models import Practitioner
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon", "nobody_has_read")
OWN = "/northside/my-info/calendar"


@pytest.fixture
def user(northside: Practice) -> User:
    """Amy's own sign-in: a member, and a practitioner."""
    user = User.objects.create_user(
        email="amy@northside.example", first_name="Amy", last_name="Shaw"
    )
    northside.account.admit(user, role=Role.PRACTITIONER)
    northside.amy.user = user
    northside.amy.save()
    return user


@pytest.fixture
def amys(northside: Practice, user: User) -> Client:
    return signed_in(northside.account.memberships.get(user=user))


@pytest.mark.parametrize("left", ["practitioner", "their user", "who made it", "revoked"])
def test_it_is_gone_when_somebody_has_left(northside: Practice, user: User, left: str) -> None:
    address = address_of(northside)
    assert Client().get(address).status_code == 200

    members = northside.account.memberships
    if left == "practitioner":
        northside.amy.active = False
        northside.amy.save()
    elif left == "their user":
        members.filter(user=user).update(active=False)
    elif left == "who made it":
        members.filter(user=northside.member.user).update(active=False)
    else:
        CalendarFeed.objects.get().revoke(by=northside.by)

    assert Client().get(address).status_code == 404


def test_the_page_makes_an_address_and_shows_it_once(northside: Practice, amys: Client) -> None:
    assert f'href="{OWN}"' in amys.get("/northside/my-info").content.decode()
    assert "Make an address" in text_of(amys.get(OWN))

    made = amys.post(OWN, {"act": "make", "names": "yes"})

    feed = CalendarFeed.objects.get()
    address = made.context["shown"]
    assert address.startswith(f"http://testserver/calendars/{northside.account.pk}/")
    assert (feed.practitioner, feed.with_names) == (northside.amy, True)
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert places_of(token, northside) == []
    assert token not in amys.get(OWN).content.decode()
    assert Client().get(address).status_code == 200
    assert "Last read" in text_of(amys.get(OWN))
    assert "never" not in text_of(amys.get(OWN))

    hidden = amys.post(OWN, {"act": "names", "names": "no"})
    assert said(hidden)[-1] == "The calendar is without names."
    assert not CalendarFeed.objects.get().with_names
    replaced = amys.post(OWN, {"act": "make", "names": "no"}).context["shown"]
    assert [Client().get(one).status_code for one in (address, replaced)] == [404, 200]
    amys.post(OWN, {"act": "revoke"})
    assert Client().get(replaced).status_code == 404
    assert "Make an address" in text_of(amys.get(OWN))
    amys.post(OWN, {"act": "revoke"})
    verbs = Change.objects.filter(target_type=CalendarFeed._meta.label_lower).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *("made", "hides names", "revoked", "made", "revoked")
    ]


def test_settings_have_each_practitioners_and_my_info_ones_own(
    northside: Practice, desk: Client, tom: Practitioner
) -> None:
    page = f"/northside/settings/practitioners/{tom.pk}"
    assert desk.get(OWN).status_code == 404
    assert desk.get(f"{page}/calendar").status_code == 403
    admin = signed_in(northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR))
    assert f'href="{page}/calendar"' in admin.get(page).content.decode()

    shown = admin.post(f"{page}/calendar", {"act": "make"}).context["shown"]

    assert CalendarFeed.objects.get().practitioner == tom
    assert Client().get(shown).status_code == 200


def test_what_is_closed_on_a_practitioners_page_is_their_own_address(
    northside: Practice, admin: Client, tom: Practitioner
) -> None:
    address = address_of(northside)

    admin.post(f"/northside/settings/practitioners/{tom.pk}/calendar", {"act": "revoke"})

    assert Client().get(address).status_code == 200


def test_who_is_a_practitioner_no_more_has_no_address_to_make(
    northside: Practice, amys: Client
) -> None:
    northside.amy.active = False
    northside.amy.save()

    assert amys.post(OWN, {"act": "make"}).status_code == 404
    assert not CalendarFeed.objects.exists()
