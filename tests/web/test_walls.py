"""Every route: who may take it, and another practice's ids, which are as if they had never been."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from casewell.accounts.roles import PERMISSIONS, Permission, Role
from casewell.tenancy.fields import is_tenant
from casewell.tenancy.scope import account_scope
from tests.web.pages import booked
from tests.web.walls import (
    KEYED_ROUTES,
    NEVER,
    PRACTICE_ROUTES,
    areas,
    filled,
    furnish,
    kind_of,
    permission_of,
    routes,
)
from tests.world import Practice, signed_in

if TYPE_CHECKING:
    from casewell.accounts.models import Account

METHODS = ("get", "post", "put", "patch", "delete")
TOKENS = re.compile(rb"[\w-]{20,}|\d{7,}")  # one-time values, and the ids themselves


@pytest.fixture
def foreign(elsewhere: Practice) -> dict[str, int]:
    with account_scope(elsewhere.account):
        return furnish(elsewhere)


def fingerprint(account: Account) -> dict[str, Any]:
    """All that a practice has, table by table."""
    with account_scope(account), connection.cursor() as cursor:
        found = {}
        for model in apps.get_models():
            if is_tenant(model):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT count(*), sum(hashtext(t::text)) FROM {table} t "
                    f'WHERE t."account_id" = %s',
                    [account.pk],
                )
                found[table] = cursor.fetchone()
        return found


def test_every_route_says_who_may_take_it() -> None:
    undeclared = [route for route, entry in routes() if permission_of(entry) is None]

    assert undeclared == []
    assert {permission_of(e) for r, e in routes() if r in PRACTICE_ROUTES} <= set(Permission)


@pytest.mark.parametrize("area", areas(KEYED_ROUTES))
def test_another_practices_id_is_as_one_that_never_existed(
    elsewhere: Practice, foreign: dict[str, int], northside: Practice, area: str
) -> None:
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    client, before = signed_in(northside.member), fingerprint(elsewhere.account)
    for route, method in product(areas(KEYED_ROUTES)[area], METHODS):
        send, theirs = getattr(client, method), foreign[kind_of(route)]
        answers = [send(filled(route, "northside", key)) for key in (theirs, NEVER)]
        assert {a.status_code for a in answers} <= {404, 405}, f"{method} {route}"
        shown = [TOKENS.sub(b"", answer.content) for answer in answers]
        assert shown[0] == shown[1], f"{method} {route}"
    assert fingerprint(elsewhere.account) == before


@pytest.mark.parametrize("area", areas(PRACTICE_ROUTES))
def test_another_practices_pages_are_as_if_there_were_none(
    elsewhere: Practice, foreign: dict[str, int], northside: Practice, area: str
) -> None:
    member = signed_in(northside.member)
    for route, method in product(areas(PRACTICE_ROUTES)[area], METHODS):
        key = foreign[kind_of(route)] if route in KEYED_ROUTES else NEVER
        answer = getattr(member, method)(filled(route, "elsewhere", key))
        assert answer.status_code == 404, f"{method} {route}"
        nowhere = getattr(Client(), method)(filled(route, "elsewhere", key))
        assert nowhere.status_code == 302, f"{method} {route}"
        assert nowhere.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "field", ["patient", "practitioner", "business", "appointment_type", "case"]
)
def test_another_practices_id_in_a_booking_is_refused_and_changes_nothing(
    elsewhere: Practice, foreign: dict[str, int], northside: Practice, field: str
) -> None:
    theirs = {
        "patient": foreign["patient"],
        "case": foreign["case"],
        "practitioner": elsewhere.amy.pk,
        "business": elsewhere.business.pk,
        "appointment_type": elsewhere.standard.pk,
    }
    body = booked(northside)
    client, before = signed_in(northside.member), fingerprint(northside.account)

    good = client.post("/northside/bookings/new", body)
    assert good.status_code == 302
    northside.account.attendees.all().delete()
    northside.account.bookings.all().delete()
    answer = client.post("/northside/bookings/new", body | {field: theirs[field]})

    assert answer.status_code in (404, 422)
    assert b"Foreign knee" not in answer.content
    counted = ("appointments_booking", "appointments_attendee")
    after = fingerprint(northside.account)
    assert [after[table] for table in counted] == [before[table] for table in counted]


def test_another_practices_case_cannot_be_linked_nor_its_calendar_read(
    elsewhere: Practice, foreign: dict[str, int], northside: Practice
) -> None:
    visit, client = northside.attend(), signed_in(northside.member)

    linked = client.post(f"/northside/bookings/{visit.booking_id}/case", {"case": foreign["case"]})
    feed = client.get(f"/northside/calendar/2026-03-03/bookings?business={elsewhere.business.pk}")
    like = client.get(f"/northside/bookings/new?like={foreign['booking']}")

    assert [linked.status_code, feed.status_code, like.status_code] == [404, 404, 404]
    visit.refresh_from_db()
    assert visit.case_id is None


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_take_exactly_the_routes_of_its_permissions(
    northside: Practice, role: Role
) -> None:
    northside.account.admit(northside.member.user, role=role)
    client = signed_in(northside.member)
    for route, entry in routes():
        if route not in PRACTICE_ROUTES:
            continue
        allowed = permission_of(entry) in PERMISSIONS[role]
        answer = client.get(filled(route, "northside", NEVER))
        assert (answer.status_code == 403) is not allowed, f"{role} {route}"


def test_fields_that_are_not_the_senders_to_set_change_nothing(
    elsewhere: Practice, northside: Practice
) -> None:
    client = signed_in(northside.member)
    body = {
        "first_name": "New",
        "last_name": "Name",
        "id": str(NEVER),
        "account": str(elsewhere.account.pk),
        "account_id": str(elsewhere.account.pk),
        "archived_at": "2026-01-01",
        "created_at": "2001-01-01",
        "phone_numbers_0": "Mobile",
    }

    answer = client.post(f"/northside/patients/{northside.ada.pk}/edit", body)

    assert answer.status_code == 302, answer.content
    northside.ada.refresh_from_db()
    assert northside.ada.last_name == "Name"
    assert northside.ada.archived_at is None
    assert northside.ada.created_at.year > 2001
    assert northside.ada.account_id == northside.account.pk
