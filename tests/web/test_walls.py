"""Every route: who may take it, and another practice's ids, which are as if they had never been."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from casewell.accounts.models import Account, Invitation, User
from casewell.accounts.roles import PERMISSIONS, Permission, Role
from casewell.appointments.models import Absence
from casewell.cases.models import Approval, DutyDone, Programme
from casewell.tenancy.fields import is_tenant
from casewell.tenancy.scope import account_scope
from tests.connections.world import button
from tests.files import keep_file
from tests.web.pages import booked
from tests.world import BACKEND, NOON, PASSWORD, Practice

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "post", "put", "patch", "delete")
NEVER = 1_234_567
TOKENS = re.compile(rb"[\w-]{20,}|\d{7,}")  # one-time values, and the ids themselves


def permission_of(entry: URLPattern) -> Any:
    return getattr(entry.callback, "permission", None)


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each address pattern of the installation, with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route, entry


PRACTICE_ROUTES = sorted(r for r, _ in routes() if r.startswith("<slug:practice>/"))
KEYED_ROUTES = [route for route in PRACTICE_ROUTES if "<int:" in route]
# Which kind of record the key of a route names, by the words in the route.
KINDS = {
    "bookings/": "booking",
    "patients/": "patient",
    "cases/<": "case",
    "files/<": "file",
    "contacts/": "contact",
    "alerts/<": "alert",
    "call-lists/<": "call list",
    "call-list-entries/<": "call list entry",
    "settings/businesses/": "business",
    "settings/practitioners/": "practitioner",
    "settings/appointment-types/": "type",
    "settings/unavailable-blocks/": "block type",
    "settings/concessions/": "concession",
    "settings/programmes/": "programme",
    "approvals/<": "approval",
    "duties/<": "duty",
    "settings/apps/<": "app",
    "settings/users/": "member",
    "settings/invitations/": "invitation",
}


def kind_of(route: str) -> str:
    return next(kind for words, kind in KINDS.items() if f">/{words}" in route)


def filled(route: str, slug: str, key: int) -> str:
    day = re.sub(r"<day:\w+>", "2026-03-03", route)
    return "/" + re.sub(r"<int:\w+>", str(key), day).replace("<slug:practice>", slug)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def furnish(practice: Practice) -> dict[str, int]:
    """One record of each kind, and their ids."""
    knee = practice.case("Foreign knee", max_sessions=5)
    visit, account = practice.attend(knee), practice.account
    absence = practice.account.absences.create(
        practitioner=practice.amy,
        from_date=NOON.date(),
        until_date=NOON.date(),
        action=Absence.Action.CANCEL,
    )
    call = absence.entries.create(
        attendee=visit,
        former_practitioner=practice.amy,
        former_starts_at=NOON,
        former_ends_at=NOON,
        booking_left_at=NOON,
        visit_left_at=NOON,
    )
    lunch = account.unavailable_block_types.create(name="Lunch")
    invitation = Invitation(
        account=account,
        email="new@elsewhere.example",
        role=Role.SCHEDULER,
        invited_by=practice.member.user,
    )
    invitation.renew()
    invitation.save()
    return {
        "programme": Programme.adopt(account, "au-dva-cycle", by=practice.by).pk,
        "approval": Approval.grant(knee, by=practice.by, sessions=5).pk,
        "duty": DutyDone.mark(knee, "care_plan", by=practice.by).pk,
        "call list": absence.pk,
        "call list entry": call.pk,
        "business": practice.business.pk,
        "practitioner": practice.amy.pk,
        "type": practice.standard.pk,
        "block type": lunch.pk,
        "concession": account.concession_types.create(name="Pensioner").pk,
        "app": button(practice).pk,
        "member": practice.member.pk,
        "invitation": invitation.pk,
        "booking": visit.booking_id,
        "patient": practice.ada.pk,
        "case": knee.pk,
        "contact": practice.doctor().pk,
        "file": keep_file(practice).pk,
        "alert": practice.account.medical_alerts.create(patient=practice.ada, name="Latex").pk,
    }


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


@pytest.mark.parametrize("route", KEYED_ROUTES)
def test_another_practices_id_is_as_one_that_never_existed(
    elsewhere: Practice, foreign: dict[str, int], northside: Practice, route: str
) -> None:
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    client, before = signed_in(northside.member.user), fingerprint(elsewhere.account)
    theirs = foreign[kind_of(route)]
    for method in METHODS:
        send = getattr(client, method)
        answers = [send(filled(route, "northside", key)) for key in (theirs, NEVER)]
        assert {a.status_code for a in answers} <= {404, 405}, f"{method} {route}"
        shown = [TOKENS.sub(b"", answer.content) for answer in answers]
        assert shown[0] == shown[1]
    assert fingerprint(elsewhere.account) == before


@pytest.mark.parametrize("route", PRACTICE_ROUTES)
def test_another_practices_pages_are_as_if_there_were_none(
    elsewhere: Practice, foreign: dict[str, int], northside: Practice, route: str
) -> None:
    key = foreign[kind_of(route)] if route in KEYED_ROUTES else NEVER
    for method in METHODS:
        answer = getattr(signed_in(northside.member.user), method)(filled(route, "elsewhere", key))
        assert answer.status_code == 404, f"{method} {route}"
        nowhere = getattr(Client(), method)(filled(route, "elsewhere", key))
        assert nowhere.status_code == 302
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
    client, before = signed_in(northside.member.user), fingerprint(northside.account)

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
    visit, client = northside.attend(), signed_in(northside.member.user)

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
    client = signed_in(northside.member.user)
    for route, entry in routes():
        if route not in PRACTICE_ROUTES:
            continue
        allowed = permission_of(entry) in PERMISSIONS[role]
        answer = client.get(filled(route, "northside", NEVER))
        assert (answer.status_code == 403) is not allowed, f"{role} {route}"


def test_fields_that_are_not_the_senders_to_set_change_nothing(
    elsewhere: Practice, northside: Practice
) -> None:
    client = signed_in(northside.member.user)
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


def test_a_disabled_user_and_a_former_member_are_let_in_nowhere(northside: Practice) -> None:
    client = signed_in(northside.member.user)
    northside.member.active = False
    northside.member.save()
    assert client.get("/northside/").status_code == 404

    User.objects.filter(pk=northside.member.user_id).update(is_active=False)
    assert client.get("/northside/").status_code == 302


def test_the_demos_password_is_refused_from_afar(northside: Practice) -> None:
    user = northside.member.user
    user.set_password("casewell-demo")
    user.save()
    form = {"login": user.email, "password": "casewell-demo"}

    far = Client(REMOTE_ADDR="203.0.113.9").post("/sign-in/", form)
    near = Client(SERVER_NAME="localhost").post("/sign-in/", form)

    assert b"on the machine itself only" in far.content
    assert near.status_code == 302


def test_sign_in_says_the_same_of_an_unknown_user_and_a_wrong_password(
    northside: Practice,
) -> None:
    wrong = {"login": northside.member.user.email, "password": PASSWORD + "!"}
    unknown = {"login": "nobody@northside.example", "password": PASSWORD}

    answers = [Client(SERVER_NAME="localhost").post("/sign-in/", form) for form in (wrong, unknown)]

    said = [re.search(rb'role="alert".*?</div>', a.content, re.DOTALL) for a in answers]
    assert said[0] is not None
    assert said[1] is not None
    assert said[0][0] == said[1][0]
