"""The settings as one object: its groups are the contract's (`settings.json`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from tests.api.client import BASE, program_of
from tests.api.contract import FOLDER, wrong_type
from tests.api.examples.practice import picture

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

FACTS: dict[str, Any] = json.loads((FOLDER / "settings.json").read_text())
PATHS = {"settings": "/settings", "public_settings": "/settings/public"}
both = pytest.mark.parametrize("name", FACTS)


def problems(at: str, fields: dict[str, Any], answer: Any) -> list[str]:
    """What differs between an object and the contract's, and where."""
    known = {name: one for name, one in fields.items() if not one.get("removed")}
    found = [f"{at}: {name}" for name in known.keys() ^ answer.keys()]
    for name in known.keys() & answer.keys():
        one, value = known[name], answer[name]
        if wrong := wrong_type(value, one):
            found.append(f"{at}.{name} {wrong}")
        nested = [value] if isinstance(value, dict) else value
        for part in nested if "fields" in one else []:
            found += problems(f"{at}.{name}", one["fields"], part)
    return found


@both
def test_each_group_and_value_is_there_in_the_contracts_type(name: str, program: Program) -> None:
    answer = program.get(PATHS[name])
    assert problems(name, FACTS[name], answer) == []


def test_who_may_not_change_settings_reads_the_public_ones_alone(northside: Practice) -> None:
    northside.member.role = Role.SCHEDULER
    northside.member.save()
    reader = program_of(northside)
    assert reader.call("GET", "/settings")[0] == 403
    assert reader.get("/settings/public")["account"]["name"] == "Northside Physio"


def test_the_account_is_the_practice_with_an_administrator(
    program: Program, northside: Practice
) -> None:
    northside.business.email_reply_to = "desk@northside.example"
    northside.business.save()
    account = program.get("/settings")["account"]
    assert account["id"] == str(northside.account.pk)
    assert (account["first_name"], account["last_name"]) == ("Rita", "Desk")
    assert account["email_from"] == "desk@northside.example"
    assert (account["country"], account["currency_symbol"]) == ("Australia", "$")


def test_the_calendar_is_as_long_as_any_business_is_open(
    program: Program, northside: Practice
) -> None:
    shown = program.get("/settings/public")["calendar"]
    assert (shown["start_hour"], shown["end_hour"]) == (8, 18)
    northside.business.opening_hours = {"monday": [["06:30", "12:00"], ["13:00", "20:15"]]}
    northside.business.save()
    shown = program.get("/settings/public")["calendar"]
    assert (shown["start_hour"], shown["end_hour"]) == (6, 21)


def test_a_business_elsewhere_makes_time_travellers(program: Program, northside: Practice) -> None:
    assert program.get("/settings/public")["account"]["has_time_travelers"] is False
    program.patch(f"/businesses/{northside.business.pk}", {"time_zone": "Perth"})
    assert program.get("/settings/public")["account"]["has_time_travelers"] is True


def test_the_papers_have_the_first_logo(program: Program, northside: Practice) -> None:
    assert program.get("/settings")["documents_and_printing"]["logo_url"] is None
    northside.business.logos.create(
        account=northside.account, media_type="image/png", content=picture()
    )
    papers = program.get("/settings")["documents_and_printing"]
    assert papers["logo_url"] == f"{BASE}/businesses/{northside.business.pk}/logo"
    shown = program.send("GET", papers["logo_url"].removeprefix(BASE))
    assert shown.content == picture()
