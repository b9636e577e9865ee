"""Pages for makers of apps: the rule and a launch to look at, for everybody; launched by few."""

from __future__ import annotations

import html
import importlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from casewell.accounts.models import RESERVED_SLUGS, Account, User
from casewell.accounts.roles import Role
from casewell.connections.explained import explain
from casewell.connections.models import COMMAND_LINE, ApprovedApp
from casewell.connections.trials import trial_key_set
from tests.connections.world import PATTERN, URL, approved, proposed
from tests.web.operators import browser_of_olga, shown, token_in
from tests.world import BACKEND, open_practice

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.django_db

HOME = "/integrators"
SITE = "https://casewell.example"
TRY = {"pattern": "*.example.com/patients", "url": URL, "patient_id": "77"}
PROPOSAL = {
    "name": "Imaging",
    "vendor": "Rays Pty Ltd",
    "contact": "hello@rays.example",
    "addresses": "*.rays.example.com/open",
}
SIGNED = TRY | {"signed": "yes"}
LAUNCH = {"url": URL, "patient_id": "77"}


def policy_of(answer: Any) -> str:
    found = re.search(r"form-action ([^;]*)", answer.headers["Content-Security-Policy"])
    assert found
    return found[1].strip()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def olga() -> Client:
    return browser_of_olga()


@pytest.fixture
def demo() -> Practice:
    return open_practice("demo", "Hillside")


def test_a_stranger_reads_the_guide_and_the_keys_without_signing_in() -> None:
    home = Client().get(HOME)
    guide = Client().get(f"{HOME}/guide")

    assert (home.status_code, guide.status_code) == (200, 200)
    assert 'href="/integrators/guide"' in home.content.decode()
    assert 'href="/.well-known/jwks.json"' in home.content.decode()
    assert 'id="verify-a-signed-launch"' in guide.content.decode()
    assert Client().get(f"{HOME}/jwks.json").json() == trial_key_set()
    assert "no-store" in home.headers["Cache-Control"]


def test_a_stranger_sees_what_would_be_sent_and_is_sent_nowhere() -> None:
    proposed()
    answer = Client().get(HOME, TRY)

    page = html.unescape(answer.content.decode())
    assert "GET /patients?patient_id=77 HTTP/1.1\nHost: au.example.com" in page
    assert f"Location: {URL}?patient_id=77\nReferrer-Policy: no-referrer" in page
    assert "launch_token" not in page
    assert "Launch it" not in page
    assert policy_of(answer) == "'self'"
    sent = Client().post(f"{HOME}/launch", LAUNCH)
    assert sent.status_code == 403
    assert "Location" not in sent.headers
    assert ApprovedApp.objects.get().decisions.count() == 1


@pytest.mark.parametrize(
    ("pattern", "url", "words"),
    [
        ("*.com/p", "https://a.com/p", "The pattern cannot be approved."),
        ("*.example.com/p", "https://a.b.example.com/p", "wildcard_depth"),
        ("example.com/p?patient_id=1", "", "reserved_parameter"),
        ("", URL, "The pattern cannot be approved."),
        ("*.example.com/p", "javascript:alert(1)", "scheme"),
        ("x" * 9000, "y" * 9000, "too_long"),
        ("<script>", "\0", "character"),
    ],
)
def test_what_the_rule_refuses_is_said_with_its_code(pattern: str, url: str, words: str) -> None:
    answer = Client().get(HOME, {"pattern": pattern, "url": url, "signed": "yes"})

    assert answer.status_code == 200
    assert words in shown(answer)
    assert "What is sent" not in shown(answer)
    assert b"<script>" not in answer.content


def test_a_pattern_alone_is_tried_with_an_address_of_its_own() -> None:
    wild = shown(Client().get(HOME, {"pattern": PATTERN}))
    exact = shown(Client().get(HOME, {"pattern": "app.example.com/open?src=pm"}))

    assert "https://au.example.com/patients?patient_id=" in wild
    assert "GET /open?src=pm&patient_id=" in exact


def test_an_operator_launches_what_is_only_proposed_and_it_is_on_record(olga: Client) -> None:
    app = proposed()
    page = olga.get(HOME, SIGNED)
    assert "“Exercises” is proposed." in shown(page)
    assert policy_of(page) == "'self' https://au.example.com"

    sent = olga.post(f"{HOME}/launch", LAUNCH | {"signed": "yes"})

    assert sent.status_code == 303
    assert sent.headers["Location"].startswith(f"{URL}?patient_id=77&launch_token=ey")
    assert sent.headers["Referrer-Policy"] == "no-referrer"
    assert sent.headers["Cache-Control"] == "no-store"
    tried = app.decisions.all()[0]
    assert (tried.verb, tried.who, tried.why) == ("tried", "Olga Perez", f"{URL}?patient_id=77")
    latest = html.unescape(olga.get(f"{HOME}/launch/latest").content.decode())
    assert f"GET {sent.headers['Location'].removeprefix('https://au.example.com')} " in latest
    assert "launch_token" not in Client().get(f"{HOME}/launch/latest").content.decode()


def test_nobody_is_sent_to_an_address_that_is_not_on_the_list_or_is_suspended(
    olga: Client,
) -> None:
    page = olga.get(HOME, TRY)
    assert "Launch it" not in page.content.decode()
    assert policy_of(page) == "'self'"
    nowhere = olga.post(f"{HOME}/launch", LAUNCH)
    app = approved()
    assert olga.post(f"{HOME}/launch", LAUNCH).status_code == 303
    app.suspend(by=COMMAND_LINE)
    gone = olga.post(f"{HOME}/launch", LAUNCH)
    declined = proposed("d.example.com/p", name="D")
    declined.suspend(by=COMMAND_LINE)
    never = olga.post(f"{HOME}/launch", LAUNCH | {"url": "https://d.example.com/p"})

    for refused in (nowhere, gone, never):
        assert refused.status_code == 403
        assert "Location" not in refused.headers


def test_a_member_of_the_demo_practice_launches_with_its_patients(demo: Practice) -> None:
    app, client = proposed(), signed_in(demo.member.user)
    page = client.get(HOME, SIGNED).content.decode()
    link = re.search(rf'href="(\?[^"]*patient_id={demo.ada.pk}[^"]*)"', page)
    assert link
    chosen = client.get(HOME + html.unescape(link[1]))

    assert json.loads(explain(token_in(chosen)).claims["account"]) == demo.account.pk
    assert client.post(f"{HOME}/launch", LAUNCH | {"patient_id": demo.ada.pk}).status_code == 303
    assert app.decisions.all()[0].why == f"{URL}?patient_id={demo.ada.pk}"
    assert "Rossi" not in Client().get(HOME, SIGNED).content.decode()


def test_members_of_other_practices_and_former_ones_launch_nothing(
    northside: Practice, demo: Practice
) -> None:
    proposed()
    former = open_practice("former", "Former")
    demo.account.admit(former.member.user, role=Role.RECEPTIONIST)
    demo.account.memberships.filter(user=former.member.user).update(active=False)

    for user in (northside.member.user, former.member.user):
        client = signed_in(user)
        assert client.post(f"{HOME}/launch", LAUNCH).status_code == 403
        assert "Rossi" not in client.get(HOME, TRY).content.decode()


def test_a_launch_from_another_site_is_refused(olga: Client) -> None:
    proposed()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = olga.cookies

    assert strict.post(f"{HOME}/launch", LAUNCH).status_code == 403
    assert strict.get(f"{HOME}/launch").status_code == 405
    assert strict.post(f"{HOME}/propose", PROPOSAL).status_code == 403


def test_no_practice_can_have_these_addresses() -> None:
    assert {"integrators", ".well-known", "operator"} <= RESERVED_SLUGS
    with pytest.raises(Exception, match="taken by Casewell itself"):
        Account.open(name="X", slug="integrators", time_zone="Australia/Sydney")


def test_a_practice_that_has_one_of_them_stops_the_migration() -> None:
    migration = importlib.import_module("casewell.accounts.migrations.0007_reserved_addresses")
    with connection.schema_editor() as editor:
        migration.refuse_practices_there(apps, editor)
        Account(name="Old", slug="integrators", time_zone="Australia/Sydney").save()
        with pytest.raises(RuntimeError, match="“Old” is at /integrators/"):
            migration.refuse_practices_there(apps, editor)
