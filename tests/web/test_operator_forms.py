"""What an operator writes about an app: told where it is wrong, kept where it is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from casewell.connections.models import COMMAND_LINE, ApprovedApp
from tests.connections.world import PATTERN, approved, proposed
from tests.web.operators import browser_of_olga, said, shown

if TYPE_CHECKING:
    from django.test import Client

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
    return browser_of_olga()


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
