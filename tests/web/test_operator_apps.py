"""The operator's pages: what practices may open, decided with reasons, and at once everywhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from casewell.accounts.models import User
from casewell.accounts.roles import Role
from casewell.connections.allowances import Allowances
from casewell.connections.models import COMMAND_LINE, ApprovedApp
from casewell.tenancy.scope import account_scope
from tests.connections.world import PATTERN, URL, approved, button, proposed
from tests.world import BACKEND, words_in

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.django_db

APPS = "/operator/apps"
FORM = {
    "name": "Imaging",
    "vendor": "Rays Pty Ltd",
    "contact": "hello@rays.example",
    "addresses": "*.rays.example.com/open\r\n\r\napp.rays.example.com/open?src=pm\r\n",
    "note": "Seen on 3 March",
}


@pytest.fixture
def olga() -> Client:
    """An operator's browser; Olga is in no practice."""
    user = User.objects.create_user(
        email="olga@example.com", first_name="Olga", last_name="Perez", is_operator=True
    )
    client = Client()
    client.force_login(user, BACKEND)
    return client


def shown(answer: Any) -> str:
    return words_in(answer.content.decode())


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


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


def test_an_app_is_added_and_approved_at_once_with_each_address_in_its_form(olga: Client) -> None:
    answer = olga.post(f"{APPS}/new", FORM | {"approve": "yes", "is_signed": "on", "once": "t"})
    again = olga.post(f"{APPS}/new", FORM | {"approve": "yes", "is_signed": "on", "once": "t"})

    app = ApprovedApp.objects.get()
    assert answer.headers["Location"] == again.headers["Location"] == f"{APPS}/{app.pk}"
    assert (app.state, app.is_signed, str(app.decided_by)) == ("approved", True, "Olga Perez")
    assert app.written_patterns == [
        "https://*.rays.example.com/open",
        "https://app.rays.example.com/open?src=pm",
    ]
    assert [d.verb for d in app.decisions.all()] == ["approved", "proposed"]
    assert said(answer) == ["Imaging is approved."]


def test_without_the_second_button_it_waits(olga: Client) -> None:
    olga.post(f"{APPS}/new", FORM)

    assert ApprovedApp.objects.get().state == "proposed"


def test_each_wrong_address_is_told_with_its_sentence_and_what_was_typed_stays(
    olga: Client,
) -> None:
    wrong = "*.com/p\nok.example.com/p\nhttp://plain.example.com/p"
    answer = olga.post(f"{APPS}/new", FORM | {"addresses": wrong, "approve": "yes"})

    page = answer.content.decode()
    assert answer.status_code == 422
    at_field = re.search(r'id="id_addresses_error">(.*?)</ul>', page, re.DOTALL)
    assert at_field
    assert "*.com/p: Anybody can get a name under this ending" in at_field[1]
    assert "http://plain.example.com/p: The address has to begin with https://" in at_field[1]
    assert "ok.example.com/p:" not in at_field[1]
    assert wrong in page
    assert not ApprovedApp.objects.exists()


def test_a_name_or_an_address_that_is_anothers_is_refused_and_nothing_is_kept(
    olga: Client,
) -> None:
    approved()
    named = olga.post(f"{APPS}/new", FORM | {"name": "EXERCISES", "approve": "yes"})
    there = olga.post(f"{APPS}/new", FORM | {"addresses": PATTERN, "approve": "yes"})
    assert (named.status_code, there.status_code) == (422, 422)
    assert "There is an app of this name already." in shown(named)
    assert "is an address of “Exercises” already" in shown(there)

    waiting = proposed(name="Other")
    answer = olga.post(f"{APPS}/{waiting.pk}/approval", {"why": "x"})
    assert answer.status_code == 422
    assert "is an address of “Exercises” already" in shown(answer)
    assert [app.state for app in ApprovedApp.objects.order_by("id")] == ["approved", "proposed"]


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


def test_an_edit_is_told_in_the_decisions_and_not_over_somebody_faster(olga: Client) -> None:
    app = approved()
    page = olga.get(f"{APPS}/{app.pk}/edit").content.decode()
    assert f">\n{PATTERN}</textarea>" in page
    assert "a change of its addresses holds at once" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    body = FORM | {"seen": seen[1]}
    app.revise([PATTERN], by=COMMAND_LINE, vendor="Faster Ltd")

    stopped = olga.post(f"{APPS}/{app.pk}/edit", body)
    assert stopped.status_code == 422
    assert "command line was faster: changed." in shown(stopped)
    assert "Rays Pty Ltd" in stopped.content.decode()
    now = re.search(r'name="seen" value="(\d+)"', stopped.content.decode())
    assert now
    assert olga.post(f"{APPS}/{app.pk}/edit", body | {"seen": now[1]}).status_code == 302

    history = shown(olga.get(f"{APPS}/{app.pk}"))
    assert "Olga Perez changed it" in history
    assert "Vendor Faster Ltd Rays Pty Ltd" in history
    assert f"Addresses {PATTERN} https://*.rays.example.com/open, https://app." in history


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


@pytest.mark.parametrize("key", ["1", "9" * 30])
def test_an_app_that_is_not_there_is_not_found(olga: Client, key: str) -> None:
    for path in ("", "/edit"):
        assert olga.get(f"{APPS}/{key}{path}").status_code == 404
    for path in ("/approval", "/suspension"):
        assert olga.post(f"{APPS}/{key}{path}", {"why": "x"}).status_code == 404


@pytest.mark.parametrize(
    "field", ["name", "vendor", "contact", "addresses", "note", "seen", "why", "once"]
)
def test_wrong_values_are_refused_or_kept_and_never_an_error(olga: Client, field: str) -> None:
    app = proposed()
    for value in ("", "\0", "<script>", "x" * 50_000, "²", "-1", "9" * 400):
        for path in ("new", f"{app.pk}/edit", f"{app.pk}/suspension"):
            body = FORM | {"why": "w", field: value, "once": f"{field}{value}"[:60]}
            assert olga.post(f"{APPS}/{path}", body).status_code in {200, 302, 422}
    pages = [olga.get(APPS).content, olga.get(f"{APPS}/{app.pk}").content]
    assert not any(b"<script>" in page for page in pages)


def test_dates_of_decisions_say_their_clock(olga: Client) -> None:
    app = proposed()
    app.created_at -= timedelta(days=400)
    app.save()

    assert re.search(r"\d:\d\d [ap]m UTC", shown(olga.get(f"{APPS}/{app.pk}")))
