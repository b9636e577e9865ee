"""Pages for makers of apps: the rule and a launch to look at, tokens explained, proposals."""

from __future__ import annotations

import html
import importlib
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from joserfc import jwt

from casewell.accounts.models import RESERVED_SLUGS, Account, User
from casewell.accounts.roles import Role
from casewell.connections import proposals
from casewell.connections.allowances import Allowances
from casewell.connections.explained import explain
from casewell.connections.models import COMMAND_LINE, ApprovedApp, LaunchKey, key_set
from casewell.connections.tokens import launch_token
from casewell.connections.trials import trial_key_set
from casewell.connections.verdicts import verdict
from examples.connected_app.verify import (
    LaunchRefused,
    PublishedKeys,
    UsedTokens,
    Verifier,
    _usable,
)
from tests.connections.world import PATTERN, URL, approved, proposed
from tests.world import BACKEND, open_practice, words_in

if TYPE_CHECKING:
    from pathlib import Path

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


def shown(answer: Any) -> str:
    return words_in(answer.content.decode())


def token_in(answer: Any) -> str:
    found = re.search(r"launch_token=([\w.-]+)", answer.content.decode())
    assert found
    return found[1]


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
    return signed_in(
        User.objects.create_user(
            email="olga@example.com", first_name="Olga", last_name="Perez", is_operator=True
        )
    )


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


@override_settings(SITE_ADDRESS=SITE)
def test_a_test_token_is_right_for_its_own_keys_and_wrong_for_the_clinics(
    tmp_path: Path,
) -> None:
    LaunchKey.tend()
    token = token_in(Client().get(HOME, SIGNED))

    tried = verifier(f"{SITE}/integrators", trial_key_set(), tmp_path / "a")
    assert tried.verify(token, "77").patient_id == "77"
    for issuer, keys in (
        (SITE, key_set()),
        (SITE, trial_key_set()),
        (f"{SITE}/integrators", key_set()),
    ):
        with pytest.raises(LaunchRefused):
            verifier(issuer, keys, tmp_path / "b").verify(token, "77")
    assert not {k["kid"] for k in trial_key_set()["keys"]} & {k["kid"] for k in key_set()["keys"]}
    assert "d" not in trial_key_set()["keys"][0]


def verifier(issuer: str, keys: dict[str, Any], file: Path) -> Verifier:
    """The example's, with keys that it need not fetch."""
    published = PublishedKeys("https://casewell.example/keys")
    answer = httpx.Response(200, json=keys)
    published._keys = dict(_usable(answer.json()["keys"]))
    published._fetched_at = published._asked_at = published._clock()
    return Verifier(issuer=issuer, audience=URL, keys=published, used=UsedTokens(file))


def test_the_page_shows_what_the_token_says() -> None:
    answer = Client().get(HOME, SIGNED)
    page, token = html.unescape(answer.content.decode()), token_in(answer)

    claims = json.loads(re.findall(r">(\{.*?\})</pre>", page, re.DOTALL)[1])
    assert claims == explain(token).claims
    assert claims["aud"] == URL
    assert claims["patient_id"] == "77"
    assert claims["sub"] == "test-user"
    assert claims["iss"].endswith("/integrators")


def test_a_pasted_token_is_explained_and_a_wrong_one_told_what_is_wrong() -> None:
    client = Client()
    good = token_in(client.get(HOME, SIGNED))
    answer = client.post(f"{HOME}/token", {"token": good})
    assert "A right test token of this page." in shown(answer)
    assert f"{good}</textarea>" in answer.content.decode()

    changed = client.post(f"{HOME}/token", {"token": f"{good[:-4]}AAAA"})
    assert "Its signature does not fit" in shown(changed)
    other = client.post(
        f"{HOME}/token",
        {"token": f"https://nz.example.com/patients?patient_id=8&launch_token={good}"},
    )
    assert "and not for “https://nz.example.com/patients”" in shown(other)
    assert "It is for patient 77, the address names 8." in shown(other)
    for pasted in ("", "a.b.c", "\0", "x" * 20_000, "eyJhIjoiXHVkODAwIn0.eyJhIjoiXHVkODAwIn0.x"):
        assert "strip" in client.post(f"{HOME}/token", {"token": pasted}).content.decode()


def test_a_token_of_a_clinic_is_explained_as_well() -> None:
    key = LaunchKey.to_sign_with()
    opened = verdict(PATTERN, URL, Allowances(), 77).launch
    assert opened
    token = launch_token(opened, key.pair, sub="u", account="5", patient_id="77")

    assert "A right token of this installation." in shown(
        Client().post(f"{HOME}/token", {"token": token})
    )
    forged = jwt.encode(
        {"alg": "ES256", "typ": "casewell-launch+jwt", "kid": trial_key_set()["keys"][0]["kid"]},
        explain(token).claims,
        key.pair,
    )
    assert "none that this installation publishes" in shown(
        Client().post(f"{HOME}/token", {"token": forged})
    )


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


def test_a_proposal_waits_for_an_operator_and_is_taken_once() -> None:
    client = Client()
    answers = [client.post(f"{HOME}/propose", PROPOSAL | {"once": once}) for once in "aab"]

    assert {a.headers["Location"] for a in answers} == {f"{HOME}/propose/thanks"}
    app = ApprovedApp.objects.get()
    assert (app.state, app.written_patterns) == ("proposed", ["https://*.rays.example.com/open"])
    assert app.decisions.get().who == "the public form"
    assert "Your app is proposed" in shown(client.get(f"{HOME}/propose/thanks"))
    client.post(f"{HOME}/propose", PROPOSAL | {"addresses": "other.rays.example.com/open"})
    assert ApprovedApp.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("name", "x" * 101, "at most 100 characters"),
        ("vendor", "x" * 201, "at most 200 characters"),
        ("contact", "nobody", "valid email"),
        ("note", "x" * 2001, "at most 2000 characters"),
        ("addresses", "", "required"),
        ("addresses", "*.com/p", "*.com/p: Anybody can get"),
        ("addresses", "\n".join(f"a{n}.example.com/" for n in range(21)), "at most 20"),
        ("addresses", "x" * 50_000, "at most"),
        ("vendor", "\0", "Null characters"),
    ],
)
def test_a_wrong_proposal_is_told_at_its_field_and_not_kept(
    field: str, value: str, words: str
) -> None:
    answer = Client().post(f"{HOME}/propose", PROPOSAL | {field: value})

    assert answer.status_code == 422
    at_field = re.search(rf'id="id_{field}_error">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    assert at_field
    assert words in html.unescape(at_field[1])
    assert not ApprovedApp.objects.exists()


def test_fields_that_are_not_the_visitors_to_set_change_nothing() -> None:
    Client().post(
        f"{HOME}/propose", PROPOSAL | {"state": "approved", "decided_by": "1", "id": "5", "pk": "5"}
    )

    app = ApprovedApp.objects.get()
    assert (app.state, app.decided_by, app.pk != 5) == ("proposed", None, True)


def test_what_fills_in_the_field_that_nobody_sees_is_thanked_and_forgotten() -> None:
    answer = Client().post(f"{HOME}/propose", PROPOSAL | {"website": "https://spam.example"})

    assert answer.headers["Location"] == f"{HOME}/propose/thanks"
    assert not ApprovedApp.objects.exists()


def test_proposals_from_one_address_are_so_many_an_hour() -> None:
    cache.clear()
    bodies = [PROPOSAL | {"name": f"App {n}"} for n in range(21)]
    answers = [Client().post(f"{HOME}/propose", body) for body in bodies]

    assert [a.status_code for a in answers] == [302] * 20 + [429]
    assert Client().get(f"{HOME}/propose").status_code == 200
    elsewhere = Client(REMOTE_ADDR="203.0.113.9").post(f"{HOME}/propose", bodies[20])
    assert elsewhere.status_code == 302


def test_no_more_wait_than_an_operator_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "MOST_WAITING", 2)
    bodies = [PROPOSAL | {"name": f"App {n}"} for n in range(3)]
    answers = [Client().post(f"{HOME}/propose", body) for body in bodies]

    assert [a.status_code for a in answers] == [302, 302, 422]
    assert "no more are taken just now" in shown(answers[2])
    ApprovedApp.objects.order_by("id")[0].suspend(by=COMMAND_LINE)
    assert Client().post(f"{HOME}/propose", bodies[2]).status_code == 302


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


def test_the_field_for_nobody_is_hidden_and_drawn_once() -> None:
    page = Client().get(f"{HOME}/propose").content.decode()

    assert page.count('name="website"') == 1
    assert re.search(r"<p hidden><label[^>]*>[^<]*</label><input[^>]*name=\"website\"", page)
