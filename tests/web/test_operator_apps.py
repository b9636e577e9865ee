"""The operator's pages: what practices may open, decided with reasons, and at once everywhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from casewell.accounts.roles import Role
from casewell.connections.allowances import Allowances
from casewell.connections.models import COMMAND_LINE
from casewell.tenancy.scope import account_scope
from tests.connections.world import PATTERN, URL, approved, button, proposed
from tests.web.operators import browser_of_olga, said, shown

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.django_db

APPS = "/operator/apps"


@pytest.fixture
def olga() -> Client:
    return browser_of_olga()


def test_what_waits_comes_first_with_counts_by_state_and_is_found_by_words(olga: Client) -> None:
    approved("a.example.com/p", name="Aardvark")
    proposed("z.example.com/p", name="Zebra", vendor="Stripes Ltd")
    approved("g.example.com/p", name="Gone").suspend(by=COMMAND_LINE)
    proposed("n.example.com/p", name="Never").suspend(by=COMMAND_LINE)

    everything = olga.get(APPS)
    names = re.findall(r'href="/operator/apps/\d+">(\w+)<', everything.content.decode())
    assert names == ["Zebra", "Aardvark", "Gone", "Never"]
    assert "All 4 Proposed 1 Approved 1 Suspended 1 Declined 1" in shown(everything)

    for words in ("stripes", "z.example", "ZEBRA"):
        page = olga.get(APPS, {"q": words}).content.decode()
        assert re.findall(r'href="/operator/apps/\d+">(\w+)<', page) == ["Zebra"], words
    assert "No app found" in shown(olga.get(APPS, {"q": "nobody\0"}))
    only = olga.get(APPS, {"state": "suspended"}).content.decode()
    assert re.findall(r'href="/operator/apps/\d+">(\w+)<', only) == ["Gone"]
    assert olga.get(APPS, {"state": "odd", "page": "99"}).status_code == 200


def test_a_long_list_asks_no_more_than_a_short_one(olga: Client) -> None:
    olga.get(APPS)  # a session that has begun
    counts = []
    for number in range(60):
        proposed(f"a{number}.example.com/p", name=f"App {number}")
        if number in (0, 59):
            with CaptureQueriesContext(connection) as captured:
                page = olga.get(APPS)
            counts.append(len(captured))
    assert counts == [8, 8]
    assert "1–50 of 60" in shown(page)


def test_a_suspended_app_is_gone_from_every_practice_at_once_and_comes_back_as_quickly(
    olga: Client, northside: Practice
) -> None:
    app = approved()
    button(northside)
    buttons = northside.account.connected_apps
    assert len(buttons.shown_to(Role.RECEPTIONIST)) == 1

    page = olga.get(f"{APPS}/{app.pk}")
    assert "taken away from every practice at once" in shown(page)
    without = olga.post(f"{APPS}/{app.pk}/suspension", {"why": " "})
    assert without.status_code == 422
    assert "Say why" in shown(without)
    assert len(buttons.shown_to(Role.RECEPTIONIST)) == 1

    answer = olga.post(f"{APPS}/{app.pk}/suspension", {"why": "A leak <b>"})
    assert said(answer) == ["Exercises is suspended: no practice can open it any more."]
    assert buttons.shown_to(Role.RECEPTIONIST) == []
    page = olga.get(f"{APPS}/{app.pk}")
    assert "Olga Perez suspended it: A leak <b>" in shown(page)
    assert b"A leak &lt;b&gt;" in page.content

    olga.post(f"{APPS}/{app.pk}/approval", {"why": "Mended"})
    assert len(buttons.shown_to(Role.RECEPTIONIST)) == 1
    assert [d.why for d in app.decisions.all()[:2]] == ["Mended", "A leak <b>"]


def test_a_proposal_is_declined_with_a_reason_and_can_be_approved_later(olga: Client) -> None:
    app = proposed()

    declined = olga.post(f"{APPS}/{app.pk}/suspension", {"why": "Who is this?", "once": "a"})
    twice = olga.post(f"{APPS}/{app.pk}/suspension", {"why": "Who is this?", "once": "a"})
    late = olga.post(f"{APPS}/{app.pk}/suspension", {"why": "Again", "once": "b"})

    assert said(declined) == ["Exercises is declined: nothing changes."]
    assert (twice.status_code, late.status_code) == (302, 422)
    assert "is declined already" in shown(late)
    assert app.decisions.count() == 2
    assert olga.post(f"{APPS}/{app.pk}/approval").status_code == 302
    app.refresh_from_db()
    assert app.is_in_force


def test_ticked_proposals_are_declined_at_once_each_with_a_decision(olga: Client) -> None:
    spam = [proposed(f"s{n}.example.com/p", name=f"Spam {n}") for n in range(3)]
    kept, meanwhile = proposed(name="Kept"), approved("m.example.com/p", name="Meanwhile")
    here = f"{APPS}?state=proposed&q=a"
    assert shown(olga.get(here)).count("All proposals on this page") == 1

    answer = olga.post(
        here, {"tick": [*(one.pk for one in spam), meanwhile.pk, "x"], "why": "Nonsense"}
    )

    assert answer.headers["Location"] == here
    told = "3 proposals declined: nothing changes. 1 had been decided already."
    assert said(answer) == [told]
    for one in spam:
        one.refresh_from_db()
        latest = one.decisions.all()[0]
        assert (one.state, latest.verb, latest.who, latest.why) == (
            *("declined", "declined"),
            *("Olga Perez", "Nonsense"),
        )
    for one in (kept, meanwhile):
        before = one.state
        one.refresh_from_db()
        assert one.state == before


def test_what_is_declined_together_needs_ticks_and_a_reason(olga: Client) -> None:
    one, other = proposed(), proposed("o.example.com/p", name="Other")

    unsaid = olga.post(APPS, {"tick": [one.pk], "why": " "})
    unticked = olga.post(APPS, {"why": "Spam <b>"})

    assert (unsaid.status_code, unticked.status_code) == (422, 422)
    assert "Say why" in shown(unsaid)
    boxes = re.findall(r'name="tick" value="(\d+)"[^>]*?( checked)?>', unsaid.content.decode())
    assert sorted(boxes) == sorted([(str(one.pk), " checked"), (str(other.pk), "")])
    assert "Tick what to decline." in shown(unticked)
    assert 'value="Spam &lt;b&gt;"' in unticked.content.decode()
    approved_only = olga.get(APPS, {"state": "approved"}).content.decode()
    assert "Decline the ticked" not in approved_only
    one.refresh_from_db()
    assert one.state == "proposed"


def test_practices_that_have_it_are_counted_and_nothing_more_is_told(
    olga: Client, northside: Practice, elsewhere: Practice
) -> None:
    app = approved()
    other = approved(URL, name="The Australian one")
    button(northside, name="Secret name")
    with account_scope(elsewhere.account):
        button(elsewhere, url="https://nz.example.com/patients")
        button(elsewhere, name="Removed", url=URL).archive(by=elsewhere.by)

    page = olga.get(f"{APPS}/{app.pk}?count=yes")
    assert "1 practice has it" in shown(page)
    assert "1 practice has it" in shown(olga.get(f"{APPS}/{other.pk}?count=yes"))
    for secret in ("Secret name", "nz.example", "Northside", "Elsewhere"):
        assert secret not in page.content.decode()
    assert "practice has it" not in shown(olga.get(f"{APPS}/{app.pk}"))


def test_the_list_says_what_the_installation_admits_and_tries_an_address(olga: Client) -> None:
    off = shown(olga.get(APPS))
    assert "localhost off Private names off" in off

    with override_settings(APP_ALLOWANCES=Allowances(localhost=True, suffixes=("clinic.lan",))):
        on = shown(olga.get(APPS))
        local = shown(olga.get(APPS, {"pattern": "http://localhost:5000/p"}))
    assert "localhost by http and https, for trying things out" in on
    assert "below clinic.lan" in on
    assert "http://localhost:5000/p?patient_id=1" in local

    right = shown(olga.get(APPS, {"pattern": PATTERN, "url": URL}))
    assert f"Patient 1 is opened at {URL}?patient_id=1" in right
    wrong = shown(olga.get(APPS, {"pattern": PATTERN, "url": "https://a.b.example.com/patients"}))
    assert "does not admit this address" in wrong
    assert "wildcard_depth" in wrong
    never = shown(olga.get(APPS, {"pattern": "*.co.uk/p", "url": URL}))
    assert "cannot be approved" in never
    assert "public_suffix" in never


def test_what_the_installation_no_longer_admits_is_marked(olga: Client) -> None:
    with override_settings(APP_ALLOWANCES=Allowances(localhost=True)):
        app = approved("http://localhost:5000/p")

    assert "no longer admitted here" in shown(olga.get(f"{APPS}/{app.pk}"))


def test_an_operator_is_led_there_and_others_are_not(olga: Client, desk: Client) -> None:
    assert f'href="{APPS}"' in olga.get("/").content.decode()
    assert f'href="{APPS}"' not in desk.get("/northside/").content.decode()
    page = olga.get(APPS).content.decode()
    assert 'class="frame__nav"' not in page
    assert "data-outside" in page


def test_the_shortest_address_leads_to_the_list(olga: Client) -> None:
    answer = olga.get("/operator")

    assert (answer.status_code, answer.headers["Location"]) == (302, APPS)
    assert olga.get("/operator/").status_code == 404


@pytest.mark.parametrize("key", ["1", "9" * 30])
def test_an_app_that_is_not_there_is_not_found(olga: Client, key: str) -> None:
    for path in ("", "/edit"):
        assert olga.get(f"{APPS}/{key}{path}").status_code == 404
    for path in ("/approval", "/suspension"):
        assert olga.post(f"{APPS}/{key}{path}", {"why": "x"}).status_code == 404


def test_dates_of_decisions_say_their_clock(olga: Client) -> None:
    app = proposed()
    app.created_at -= timedelta(days=400)
    app.save()

    assert re.search(r"\d:\d\d [ap]m UTC", shown(olga.get(f"{APPS}/{app.pk}")))


def test_the_note_of_a_refused_approval_stays_with_the_approval(olga: Client) -> None:
    approved()
    late = proposed(name="Late")

    answer = olga.post(f"{APPS}/{late.pk}/approval", {"why": "Seen them"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'id="approve-why"[^>]*>Seen them<', page)
    assert re.search(r'id="suspend-why"[^>]*></textarea>', page)
