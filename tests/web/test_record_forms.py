"""How the forms of records are drawn: each field once, choices in words, further rows folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

import casewell.appointments.setting_up
import casewell.audit.invitation_form
import casewell.audit.letterhead_form
import casewell.audit.practice_forms
import casewell.contacts.forms
import casewell.patients.forms  # noqa: F401 - so that every form is known
from casewell.audit.forms import GroupedForm
from casewell.lib.errors import RuleViolation
from casewell.web.middleware import ShowRefusals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import Practice


def below(form: type) -> Iterator[Any]:
    for one in form.__subclasses__():
        yield one
        yield from below(one)


def is_drawn(form: type) -> bool:
    """Whether pages have it; those of the API have no look."""
    return hasattr(form, "groups") and not form.__module__.startswith("casewell.api.")


@pytest.mark.parametrize("form", [form for form in below(GroupedForm) if is_drawn(form)])
def test_every_field_stands_under_one_heading(form: Any) -> None:
    drawn = [name for names in form.groups.values() for name in names]

    assert sorted(drawn) == sorted(set(form.base_fields) - {"seen"})
    assert set(form.spans) <= set(drawn)


@pytest.mark.parametrize(
    ("page", "words"),
    [("patients/new", "Choose…"), ("patients/{}/cases/new", "As the practice has it")],
)
def test_what_is_not_chosen_is_called_so(
    northside: Practice, admin: Client, page: str, words: str
) -> None:
    shown = admin.get(f"/northside/{page.format(northside.ada.pk)}").content.decode()

    assert f'<option value="" selected>{words}</option>' in shown
    assert "-----" not in shown


def test_phones_without_a_number_are_folded_but_for_the_first(
    northside: Practice, admin: Client
) -> None:
    def folded() -> int:
        page = admin.get(f"/northside/patients/{northside.ada.pk}/edit").content.decode()
        return page.count('<details class="add-row">')

    northside.ada.phone_numbers = []
    northside.ada.save()
    assert folded() == 2

    northside.ada.phone_numbers = [
        {"number": f"0400 000 00{n}", "phone_type": "Work"} for n in range(3)
    ]
    northside.ada.save()
    assert folded() == 0


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/northside/today", "http://testserver/northside/today"),
        ("https://evil.example/northside/today", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_leads_back_to_where_one_came_from_and_nowhere_else(
    northside: Practice, came_from: str, leads_to: str
) -> None:
    request = RequestFactory().post("/northside/today", headers={"referer": came_from})
    request.user = northside.member.user

    answer = ShowRefusals(lambda _: HttpResponse()).process_exception(
        request, RuleViolation("The case is full.")
    )

    assert answer is not None
    assert f'<a class="btn btn-primary" href="{leads_to}">' in answer.content.decode()


def test_signing_in_says_each_thing_once() -> None:
    page = Client(SERVER_NAME="localhost").get("/sign-in/").content.decode()

    assert page.count("/password/reset/") == 1
    assert "placeholder" not in page
