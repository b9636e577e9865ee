"""The search over the whole practice: what is found, with the answer beside it, and for whom."""

from __future__ import annotations

import importlib
import logging
import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from casewell.accounts.models import Account
from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.cases.models import CaseWord
from casewell.cases.quick_form import QuickCaseForm
from casewell.tenancy.scope import account_scope
from casewell.web.views import search as page
from tests.world import NOON, words_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.world import Practice

SEARCH = "/northside/search"

pytestmark = pytest.mark.usefixtures("at_noon")


def options(desk: Client, query: str) -> list[str]:
    """What the box offers, option by option."""
    answer = desk.get(f"{SEARCH}/found", {"q": query}).content.decode()
    parts = re.findall(r'<(li|div)[^>]*role="option".*?</\1>', answer, re.DOTALL)
    whole = re.finditer(r'<(li|div)[^>]*role="option".*?</\1>', answer, re.DOTALL)
    assert len(parts) == answer.count('role="option"')
    return [words_in(match[0]) for match in whole]


def shown(answer: Any) -> str:
    return words_in(answer.content.decode().split("<main", 1)[1].split("</main>")[0])


def cases_found(northside: Practice, query: str) -> list[str]:
    return sorted(str(case) for case in northside.account.patient_cases.matching(query))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("knee", ["Left knee", "Right knee"]),
        ("LEFT kn", ["Left knee"]),
        ("wc-2024/17", ["Left knee"]),
        ("2024", ["Left knee"]),
        ("rossi knee", ["Left knee"]),
        ("knee ross", ["Left knee"]),
        ("wu knee", ["Right knee"]),
        ("rossi", []),
        ("rossi wu", []),
        ("elbow", []),
    ],
)
def test_a_case_is_found_by_its_name_and_number_and_its_patient_beside_them(
    northside: Practice, query: str, names: list[str]
) -> None:
    northside.case("Left knee", claim_number="WC-2024/17")
    northside.case("Right knee", patient=northside.patient())
    northside.case("Back")

    assert cases_found(northside, query) == names


def test_a_case_that_was_renamed_is_found_by_its_new_name(northside: Practice) -> None:
    knee = northside.case("Left knee")
    form = QuickCaseForm({"name": "Torn meniscus"}, instance=knee)
    assert form.is_valid()

    form.save(by=northside.by)

    assert cases_found(northside, "meniscus") == ["Torn meniscus"]
    assert cases_found(northside, "knee") == []


@pytest.fixture
def written_anew(northside: Practice) -> Callable[[str, str], None]:
    """Runs a migration's data step, as if that practice were the only one."""
    known = {"Account": SimpleNamespace(objects=Account.objects.filter(pk=northside.account.pk))}
    ours = SimpleNamespace(get_model=lambda app, name: known.get(name) or apps.get_model(app, name))

    def run(migration: str, step: str) -> None:
        module = importlib.import_module(migration)
        getattr(module, step)(ours, SimpleNamespace(connection=connection))

    return run


def test_cases_from_before_the_search_are_found_too(
    northside: Practice, elsewhere: Practice, written_anew: Callable[[str, str], None]
) -> None:
    northside.case("Left knee", claim_number="WC-17")
    wanted = sorted(CaseWord.objects.values_list("word", flat=True))
    CaseWord.objects.all().delete()

    written_anew("casewell.cases.migrations.0003_words_of_cases", "write_words")

    with account_scope(northside.account):
        assert sorted(CaseWord.objects.values_list("word", flat=True)) == wanted


@pytest.mark.parametrize(
    ("app", "migration"),
    [("patients", "0006_found_by_email"), ("contacts", "0003_found_by_email")],
)
def test_who_was_there_before_is_found_by_the_email_address_too(
    northside: Practice, written_anew: Callable[[str, str], None], app: str, migration: str
) -> None:
    northside.doctor(first_name="Ada")
    kept: Any = getattr(northside.account, app)
    kept.update(email="Ada.R@Rossi.example")
    assert not kept.matching("ada.r@ROSSI.example").exists()

    written_anew(f"casewell.{app}.migrations.{migration}", "write_addresses")

    with account_scope(northside.account):
        assert kept.matching("ada.r@ROSSI.example").count() == kept.count() > 0


def test_a_patients_row_has_the_next_visit_and_the_cases_counts(
    northside: Practice, desk: Client
) -> None:
    ada = northside.ada
    ada.date_of_birth = date(1961, 3, 12)
    ada.phone_numbers = [{"number": "0400 111 222", "phone_type": "Mobile"}]
    ada.save()
    knee = northside.case(max_sessions=5)
    northside.case("Closed", closed_at=timezone.now())
    northside.attend(knee, at=NOON - timedelta(days=7))
    northside.attend(knee, at=NOON + timedelta(days=2))
    northside.attend(at=NOON + timedelta(days=1), cancelled_at=NOON)
    northside.attend(at=NOON + timedelta(days=3))

    answer = "next Thu 5 Mar 2026, 12:00 pm · Left knee 2 of 5"
    row = f"Rossi, Ada 12 Mar 1961 · 0400 111 222 {answer}"
    assert options(desk, "rossi") == [row]
    assert f"Patients 1 Name Who At a glance {row}" in shown(desk.get(f"{SEARCH}?q=rossi"))


def test_of_many_cases_two_are_told_and_of_none_that_there_is_none(
    northside: Practice, desk: Client
) -> None:
    for name in ("A", "B", "C", "D"):
        northside.case(name)
    northside.patient()

    assert options(desk, "ada") == ["Rossi, Ada D 0 · C 0 · 2 more cases"]
    assert options(desk, "wu") == ["Wu, Ben no visit booked, no open case"]


def test_cases_and_contacts_stand_below_the_patients_each_with_its_answer(
    northside: Practice, desk: Client
) -> None:
    northside.patient(first_name="Lee", last_name="Knee")
    knee = northside.case("Knee", max_sessions=1, claim_number="WC-17")
    northside.attend(knee)
    northside.case("Knee, first", closed_at=timezone.now())
    northside.doctor(
        last_name="Kneebone",
        company_name="Hill Street Medical",
        provider_number="2429591L",
        phone_numbers=[{"number": "03 9000", "phone_type": "Work"}],
    )

    assert options(desk, "knee") == [
        "Knee, Lee no visit booked, no open case",
        "Knee Rossi, Ada 1 of 1 · full · WC-17",
        "Knee, first Rossi, Ada 0 · closed",
        "Dr Jane Kneebone Hill Street Medical 2429591L · 03 9000",
    ]
    assert options(desk, "2429591L") == [options(desk, "knee")[3]]


def test_what_is_archived_is_not_found(northside: Practice, desk: Client) -> None:
    northside.case("Gone", archived_at=timezone.now())
    northside.doctor(last_name="Gone", archived_at=timezone.now())
    northside.patient(last_name="Gone", archived_at=timezone.now())

    assert "Nothing found" in options(desk, "gone")[0]


def test_who_may_not_see_contacts_finds_none(northside: Practice, desk: Client) -> None:
    northside.doctor(last_name="Rossi")
    assert len(options(desk, "rossi")) == 2

    northside.account.admit(northside.member.user, role=Role.SCHEDULER)

    assert options(desk, "rossi") == ["Rossi, Ada no visit booked, no open case"]
    assert "Contacts" not in shown(desk.get(f"{SEARCH}?q=rossi"))


def test_another_practices_records_are_not_found(
    elsewhere: Practice, northside: Practice, desk: Client
) -> None:
    with account_scope(elsewhere.account):
        elsewhere.case("Foreign knee")
        elsewhere.patient(last_name="Foreign")
        elsewhere.doctor(last_name="Foreign")

    assert "Nothing found" in options(desk, "foreign")[0]


@pytest.mark.parametrize("query", ["", "  ", "-", "'", "%", "😀"])
def test_a_search_for_nothing_finds_nothing_and_says_what_can_be_searched(
    northside: Practice, desk: Client, query: str
) -> None:
    answer = shown(desk.get(SEARCH, {"q": query}))

    assert ("Nothing found" if query.strip() else "Type part of a name") in answer
    assert [option[:13] for option in options(desk, query)] == ["Nothing found"] * bool(
        query.strip()
    )


def test_of_too_many_the_first_are_shown_and_the_rest_is_a_page_away(
    northside: Practice, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "AS_ONE_TYPES", 2)
    monkeypatch.setattr(page, "ON_THE_PAGE", 3)
    for first_name in ("Ann", "Ben", "Cid"):
        northside.patient(first_name=first_name)

    offered = options(desk, "wu")
    assert [option[:7] for option in offered] == ["Wu, Ann", "Wu, Ben", "All tha"]
    assert "Patients 3 Name" in shown(desk.get(f"{SEARCH}?q=wu"))

    northside.patient(first_name="Dan")
    assert "Patients the first 3: type more to find fewer" in shown(desk.get(f"{SEARCH}?q=wu"))


def test_what_is_typed_is_shown_as_text(desk: Client) -> None:
    asked = "<script>alert(1)</script>" * 50

    for address in (SEARCH, f"{SEARCH}/found"):
        assert b"<script>alert" not in desk.get(address, {"q": asked}).content


def test_what_is_searched_is_written_nowhere(
    northside: Practice,
    desk: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    desk.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        desk.get(SEARCH, {"q": "zzyzx"})
        monkeypatch.setattr(page, "search_all", fails)
        assert desk.get(SEARCH, {"q": "zzyzx"}).status_code == 500

    assert f"Internal Server Error: {SEARCH}" in caplog.text
    assert "zzyzx" not in caplog.text
    assert not Change.objects.exists()
