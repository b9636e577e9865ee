"""Apps that anybody proposes: taken once, so many an hour, and not without end."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import cache
from django.test import Client

from casewell.connections import proposals
from casewell.connections.models import COMMAND_LINE, ApprovedApp
from tests.web.operators import shown

pytestmark = pytest.mark.django_db

HOME = "/integrators"
PROPOSAL = {
    "name": "Imaging",
    "vendor": "Rays Pty Ltd",
    "contact": "hello@rays.example",
    "addresses": "*.rays.example.com/open",
}


def test_a_proposal_waits_for_an_operator_and_is_taken_once() -> None:
    client = Client()
    answers = [client.post(f"{HOME}/propose", PROPOSAL | {"once": once}) for once in "aab"]

    assert {a.headers["Location"] for a in answers} == {f"{HOME}/propose/thanks"}
    app = ApprovedApp.objects.get()
    assert (app.state, app.written_patterns) == ("proposed", ["https://*.rays.example.com/open"])
    assert app.decisions.get().who == "the public form"
    thanks = client.get(f"{HOME}/propose/thanks")
    assert "Your app is proposed" in shown(thanks)
    onward = thanks.content.decode().split('class="row-of"')[1].split("</div>")[0]
    links = re.findall(r'<a class="btn[^"]*" href="([^"]+)"', onward)
    assert links == [HOME, f"{HOME}/guide"]
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


def test_the_field_for_nobody_is_hidden_and_drawn_once() -> None:
    page = Client().get(f"{HOME}/propose").content.decode()

    assert page.count('name="website"') == 1
    assert re.search(r"<p hidden><label[^>]*>[^<]*</label><input[^>]*name=\"website\"", page)
