"""Settings of who treats and of what is booked: practitioners, types and what goes with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import Practitioner
from casewell.appointments.models import AppointmentType
from casewell.audit.archiving import archive
from casewell.audit.models import Change
from tests.web.pages import LONG, said
from tests.web.walls import furnish

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

NUMBERS: dict[str, Any] = {"numbers-TOTAL_FORMS": "2", "numbers-INITIAL_FORMS": "0"}


def test_a_practitioner_is_added_with_places_types_and_numbers(
    northside: Practice, admin: Client
) -> None:
    form = NUMBERS | {
        "first_name": "Tom",
        "last_name": "Reid",
        "active": "on",
        "user": northside.member.user.pk,
        "businesses": [northside.business.pk],
        "appointment_types": [northside.standard.pk],
        "numbers-0-business": northside.business.pk,
        "numbers-0-name": "Medicare",
        "numbers-0-reference_number": "2429591X",
    }

    answer = admin.post("/northside/settings/practitioners/new", form)

    assert answer.status_code == 302, answer.content
    tom = Practitioner.objects.get(first_name="Tom")
    assert tom.user == northside.member.user
    assert [place.business for place in tom.places.all()] == [northside.business]
    assert [link.appointment_type for link in tom.appointment_type_links.all()] == [
        northside.standard
    ]
    assert [str(n) for n in tom.reference_numbers.all()] == ["Medicare 2429591X"]
    assert "The check letter of provider number 2429591X does not fit. It was kept." in said(answer)
    here = f"/northside/settings/practitioners/{tom.pk}"
    gone = form | {"appointment_types": [], "numbers-0-reference_number": "", "active": ""}
    admin.post(here, gone)
    assert not tom.reference_numbers.exists()
    assert not tom.appointment_type_links.exists()
    assert "Tom Reid" in admin.get("/northside/settings/practitioners?former=yes").content.decode()
    told = [name for change in Change.objects.of(tom) for name in change.changes]
    assert told.count("reference_numbers") == 2
    assert told.count("appointment_types") == 2


def test_what_a_practitioner_has_at_archived_places_comes_back_with_them(
    northside: Practice, admin: Client
) -> None:
    account, amy = northside.account, northside.amy
    closed = account.businesses.create(business_name="Closed", time_zone="Australia/Perth")
    former = account.appointment_types.create(name="Former", duration_in_minutes=30)
    account.practitioner_businesses.create(practitioner=amy, business=closed)
    account.appointment_type_practitioners.create(practitioner=amy, appointment_type=former)
    account.reference_numbers.create(
        practitioner=amy, business=closed, name="Medicare", reference_number="2429591L"
    )
    for record in (closed, former):
        archive(record, by=northside.by)
    form = NUMBERS | {"first_name": "Amy", "last_name": "New", "active": "on"}
    form |= {"businesses": [northside.business.pk], "appointment_types": []}

    answer = admin.post(f"/northside/settings/practitioners/{amy.pk}", form)

    assert answer.status_code == 302, answer.content
    assert [place.business for place in amy.places.filter(business=closed)] == [closed]
    assert [link.appointment_type for link in amy.appointment_type_links.all()] == [former]
    assert [str(number) for number in amy.reference_numbers.all()] == ["Medicare 2429591L"]


def test_a_new_type_is_offered_by_all_and_lasts_the_usual_time_unless_said_otherwise(
    northside: Practice, admin: Client
) -> None:
    shown = admin.get("/northside/settings/appointment-types/new").content.decode()

    assert re.search(rf'name="practitioners" value="{northside.amy.pk}"[^>]* checked', shown)
    assert re.search(r'name="duration_in_minutes" value="30"', shown)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("businesses", [], "Choose at least one."),
        ("numbers-0-business", "", "Say at which business."),
        ("numbers-0-name", "", "Say what it is."),
        ("first_name", LONG, "at most 150"),
    ],
)
def test_a_practitioner_who_cannot_be_is_refused_and_what_was_typed_is_kept(
    northside: Practice, admin: Client, field: str, value: Any, sentence: str
) -> None:
    form = NUMBERS | {
        "first_name": "Tom",
        "last_name": "Reid",
        "businesses": [northside.business.pk],
        "numbers-0-business": northside.business.pk,
        "numbers-0-name": "Medicare",
        "numbers-0-reference_number": "2429591L",
    }

    answer = admin.post("/northside/settings/practitioners/new", form | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "2429591L" in answer.content.decode()
    assert Practitioner.objects.count() == 1


def test_another_practices_business_user_or_type_cannot_be_chosen(
    northside: Practice, elsewhere: Practice, admin: Client
) -> None:
    form = NUMBERS | {"first_name": "Tom", "last_name": "Reid"}
    theirs: list[dict[str, Any]] = [
        {"businesses": [elsewhere.business.pk]},
        {"businesses": [northside.business.pk], "appointment_types": [elsewhere.standard.pk]},
        {"businesses": [northside.business.pk], "user": elsewhere.member.user.pk},
        {
            "businesses": [northside.business.pk],
            "numbers-0-business": elsewhere.business.pk,
            "numbers-0-name": "Medicare",
            "numbers-0-reference_number": "1",
        },
    ]

    answers = [admin.post("/northside/settings/practitioners/new", form | t) for t in theirs]

    assert [answer.status_code for answer in answers] == [422] * 4
    assert Practitioner.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"color": "red"}, "A colour is written #rrggbb."),
        ({"duration_in_minutes": "0"}, "greater than or equal to 1"),
        ({"duration_in_minutes": "5000"}, "less than or equal to 1439"),
        ({"max_attendees": "x"}, "whole number"),
        ({"name": LONG}, "at most 255"),
    ],
)
def test_a_type_that_cannot_be_is_refused_at_its_field(
    northside: Practice, admin: Client, change: dict[str, str], sentence: str
) -> None:
    form = {"name": "Initial", "duration_in_minutes": "60", "max_attendees": "1"}

    refused = admin.post(
        "/northside/settings/appointment-types/new", form | {"color": "#00ff00"} | change
    )
    stored = admin.post(
        "/northside/settings/appointment-types/new",
        form | {"color": "#00ff00", "practitioners": [northside.amy.pk]},
    )

    assert (refused.status_code, stored.status_code) == (422, 302)
    assert sentence in refused.content.decode()
    initial = AppointmentType.objects.get(name="Initial")
    assert [link.practitioner for link in initial.practitioner_links.all()] == [northside.amy]


@pytest.mark.parametrize(
    "path", ["appointment-types", "unavailable-blocks", "concessions", "referral-sources"]
)
def test_types_blocks_and_concessions_are_archived_out_of_the_list_and_restored(
    northside: Practice, admin: Client, path: str
) -> None:
    keys = furnish(northside)
    key = {
        "appointment-types": keys["type"],
        "unavailable-blocks": keys["block type"],
        "concessions": keys["concession"],
        "referral-sources": keys["referral source"],
    }[path]
    link, here = f'href="/northside/settings/{path}/{key}"', f"/northside/settings/{path}"

    admin.post(f"{here}/{key}/archive")
    assert link not in admin.get(here).content.decode()
    assert link in admin.get(f"{here}?archived=yes").content.decode()
    admin.post(f"{here}/{key}/restore")
    assert link in admin.get(here).content.decode()


def test_a_way_to_the_practice_is_kept_with_its_subcategories_one_a_line(
    northside: Practice, admin: Client
) -> None:
    here = "/northside/settings/referral-sources"
    sent = {"name": "The web", "subcategories": " Search \r\n\r\nOur page\r\nSearch"}

    assert admin.post(f"{here}/new", sent).status_code == 302

    way = northside.account.referral_source_types.get()
    assert (way.referrer_type, way.subcategories) == ("", ["Search", "Our page"])
    assert "Search\nOur page</textarea>" in admin.get(f"{here}/{way.pk}").content.decode()
    assert "Search, Our page" in admin.get(here).content.decode()
    long = admin.post(f"{here}/new", sent | {"subcategories": "x" * 256})
    assert "A line has at most 255 characters." in long.content.decode()
