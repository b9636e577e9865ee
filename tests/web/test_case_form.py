"""The form of a case: a programme fills it, all of it can be overruled, and what cannot be."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from casewell.cases.models import Programme
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

DVA, MEDICARE = "au-dva-cycle", "au-medicare-gpccmp"


class Fields(HTMLParser):
    """The values of a form's fields as they are drawn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, kind = said.get("name") or "", said.get("type")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said and self._select:
            self.values[self._select] = said.get("value") or ""
        elif tag == "input" and kind in ("radio", "checkbox"):
            if "checked" in said:
                self.values[name] = said.get("value") or "on"
        elif tag == "input" and name:
            self.values[name] = said.get("value") or ""


def filled(desk: Client, northside: Practice, **typed: Any) -> tuple[dict[str, str], str]:
    answer = desk.post(f"/northside/patients/{northside.ada.pk}/cases/new", typed)
    assert answer.status_code == 200
    page = " ".join(answer.content.decode().split())
    return Fields(page).values, page


def test_a_chosen_programme_fills_the_form_and_keeps_what_else_was_typed(
    northside: Practice, desk: Client
) -> None:
    values, page = filled(
        desk,
        northside,
        fill="programme",
        programme=DVA,
        condition="Both knees",
        issue_date="2028-02-29",
        expiry_date="2030-01-01",
    )

    assert values["name"] == "DVA treatment cycle"
    assert (values["limit_kind"], values["max_sessions"]) == ("sessions", "12")
    assert (values["referral_type"], values["condition"]) == ("dva", "Both knees")
    assert values["expiry_date"] == ""
    assert "until 28 Feb 2029, 12 months from the issue date" in page
    assert not northside.account.programmes.exists()


def test_the_discipline_decides_where_a_programme_has_numbers_for_it(
    northside: Practice, desk: Client
) -> None:
    northside.account.country_code = "NZ"
    northside.account.save()

    values, _ = filled(
        desk, northside, fill="programme", programme="nz-acc", discipline="Acupuncture"
    )

    assert values["max_sessions"] == "12"


def test_a_date_alone_moves_the_computed_expiry_and_nothing_that_was_overruled(
    northside: Practice, desk: Client
) -> None:
    values, page = filled(
        desk,
        northside,
        fill="dates",
        programme=DVA,
        name="Own name",
        limit_kind="sessions",
        max_sessions="7",
        issue_date="2026-03-09",
    )

    assert (values["name"], values["max_sessions"]) == ("Own name", "7")
    assert "until 9 Mar 2027" in page


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2026-02-31", "\x00", "x"])
def test_a_date_that_nobody_means_is_no_anchor(
    northside: Practice, desk: Client, typed: str
) -> None:
    _, page = filled(desk, northside, fill="dates", programme=DVA, issue_date=typed)

    assert "12 months from the issue date, once that date is given" in page


def test_saving_with_a_shipped_programme_makes_it_the_practices_own(
    northside: Practice, desk: Client
) -> None:
    typed = {"name": "Cycle 1", "programme": DVA, "limit_kind": "sessions", "max_sessions": "10"}

    answer = desk.post(f"/northside/patients/{northside.ada.pk}/cases/new", typed)

    case = northside.account.patient_cases.get()
    assert answer.status_code == 302
    assert case.programme == northside.account.programmes.get(code=DVA)
    assert case.usage.limit == 10


def test_a_shipped_programme_that_was_taken_over_meanwhile_is_chosen_all_the_same(
    northside: Practice, desk: Client
) -> None:
    address = f"/northside/patients/{northside.ada.pk}/cases/new"
    assert f'value="{DVA}"' in desk.get(address).content.decode()
    own = Programme.adopt(northside.account, DVA, by=northside.by)
    typed = {"name": "Cycle 1", "programme": DVA, "limit_kind": "none"}

    filled = desk.post(address, typed | {"fill": "programme"})
    saved = desk.post(address, typed)

    assert f'value="{own.pk}" selected' in filled.content.decode()
    assert saved.status_code == 302
    assert northside.account.patient_cases.get().programme == own


def test_an_edited_case_keeps_the_version_it_was_made_under_until_another_is_chosen(
    northside: Practice, desk: Client
) -> None:
    old = Programme.adopt(northside.account, DVA, by=northside.by)
    case = northside.case(programme=old)
    new = Programme.objects.get(pk=old.pk).revise(by=northside.by)
    address = f"/northside/cases/{case.pk}/edit"

    page = desk.get(address).content.decode()
    desk.post(address, {"name": "Renamed", "programme": str(old.pk), "limit_kind": "none"})
    case.refresh_from_db()
    kept = case.programme
    desk.post(address, {"name": "Renamed", "programme": str(new.pk), "limit_kind": "none"})
    case.refresh_from_db()

    assert "(former version)" in page
    assert (kept, case.programme) == (old, new)


def test_sessions_elsewhere_need_somebody_who_said_so(northside: Practice, desk: Client) -> None:
    address = f"/northside/patients/{northside.ada.pk}/cases/new"
    typed = {"name": "Knee", "limit_kind": "none", "sessions_elsewhere": "2"}

    refused = desk.post(address, typed)
    desk.post(address, typed | {"elsewhere_source": "The patient"})

    case = northside.account.patient_cases.get()
    assert refused.status_code == 422
    assert "Say who said so." in refused.content.decode()
    assert case.sessions_elsewhere == 2
    assert case.elsewhere_checked_on == northside.account.today()


def test_a_limit_below_what_is_counted_is_kept_with_a_warning_and_shown_as_it_is(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_sessions=10)
    for number in range(7):
        northside.attend(case, NOON + timedelta(days=number))
    typed = {"name": "Left knee", "limit_kind": "sessions", "max_sessions": "5"}

    answer = desk.post(f"/northside/cases/{case.pk}/edit", typed, follow=True)

    page = answer.content.decode()
    assert "This case now has 7 of 5 sessions: more than its limit." in page
    assert "<b>7 of 5</b>" in page
    assert "over by 2" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("max_sessions", "-1"),
        ("max_sessions", "9" * 40),
        ("sessions_elsewhere", "-3"),
        ("sessions_elsewhere", "201"),
        ("expiry_date", "2025-12-31"),
        ("programme", "no-such"),
        ("contact", "payer"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    northside: Practice, desk: Client, field: str, typed: str
) -> None:
    payer = northside.account.contacts.create(type_code=2, company_name="Insurer")
    right = {
        "name": "Knee",
        "limit_kind": "sessions",
        "max_sessions": "5",
        "issue_date": "2026-01-01",
    }
    value = str(payer.pk) if typed == "payer" else typed

    answer = desk.post(f"/northside/patients/{northside.ada.pk}/cases/new", right | {field: value})

    assert answer.status_code == 422
    assert not northside.account.patient_cases.exists()
