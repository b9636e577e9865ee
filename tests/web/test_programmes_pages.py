"""Programmes in settings: taken over, edited in versions, retired and restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.cases.models import Programme, shipped_programmes
from tests.web.test_case_form import Fields
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

LIST = "/northside/settings/programmes"
DVA, MEDICARE = "au-dva-cycle", "au-medicare-gpccmp"


def typed(admin: Client, address: str) -> dict[str, Any]:
    """The form as it is drawn, to send again."""
    page = admin.get(address).content.decode()
    values = Fields(page).values
    del values["once"]  # each sending is one of its own
    for name in ("source", "notes", "letter_must_contain", "unconfirmed"):
        start = page.index(f'name="{name}"')
        values[name] = page[page.index(">", start) + 1 : page.index("</textarea>", start)].strip()
    for name in ("sessions_by_discipline", "cap_by_discipline"):
        values[name] = ""
    return values


def test_what_ships_is_listed_with_its_source_and_what_is_not_confirmed(admin: Client) -> None:
    page = admin.get(LIST).content.decode()

    for shipped in shipped_programmes().values():
        assert shipped["name"].replace("'", "&#x27;") in page
    assert "Whether the year runs from issue or from the first session: ask the funder." in page
    assert "Department of Veterans" in page


def test_a_list_takes_the_same_few_statements_for_one_programme_and_for_three(
    northside: Practice, admin: Client
) -> None:
    counts = []
    for codes in ([DVA], [MEDICARE, "nz-acc"]):
        for code in codes:
            own = Programme.adopt(northside.account, code, by=northside.by)
            northside.case(programme=own)
        admin.get(LIST)
        counts.append(statements_of(admin, LIST))

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_programme_that_is_taken_over_and_edited_becomes_a_version_of_its_own(
    northside: Practice, admin: Client
) -> None:
    taken = admin.post(f"{LIST}/adoption", {"code": DVA})
    first = northside.account.programmes.get()
    case = northside.case(programme=first)
    body = typed(admin, taken.headers["Location"])

    answer = admin.post(taken.headers["Location"], body | {"sessions_per_case": "10"}, follow=True)

    newer = northside.account.programmes.current().get()
    case.refresh_from_db()
    assert "Cases made before keep the former version." in answer.content.decode()
    assert (newer.version, newer.sessions_per_case, newer.duties) == (2, 10, first.duties)
    assert newer.unconfirmed == first.unconfirmed
    assert case.programme == first
    stale = admin.post(f"{LIST}/{first.pk}", body, follow=True)
    assert "not in use any more" in stale.content.decode()
    assert northside.account.programmes.count() == 2


def test_duties_are_changed_added_and_taken_out_row_by_row(
    northside: Practice, admin: Client
) -> None:
    own = Programme.adopt(northside.account, DVA, by=northside.by)
    body = typed(admin, f"{LIST}/{own.pk}")
    assert body["duties-1-number"] == "12"
    body |= {"duties-0-name": "", "duties-1-number": "11"}
    body |= {"duties-2-name": "Ring the GP", "duties-2-when": "after last_session"}

    admin.post(f"{LIST}/{own.pk}", body)

    newer = northside.account.programmes.current().get()
    assert [(d["code"], d["name"]) for d in newer.duties] == [
        ("end_of_cycle_report", "End-of-cycle report to the GP"),
        ("ring_the_gp", "Ring the GP"),
    ]
    assert newer.duties[0]["due_by_session"] == 11
    assert newer.duties[1]["after"] == "last_session"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("sessions_per_case", "-1"),
        ("cap_sessions", "9" * 40),
        ("cap_by_discipline", "dietetics"),
        ("cap_by_discipline", "dietetics: ²"),
        ("clock_anchor", ""),
        ("duties-0-when", ""),
    ],
)
def test_rules_that_cannot_be_are_refused(
    northside: Practice, admin: Client, field: str, value: str
) -> None:
    own = Programme.adopt(northside.account, DVA, by=northside.by)
    body = typed(admin, f"{LIST}/{own.pk}")

    answer = admin.post(f"{LIST}/{own.pk}", body | {field: value})

    assert answer.status_code == 422
    assert northside.account.programmes.count() == 1


def test_a_programme_of_ones_own_blocks_at_its_cap(northside: Practice, admin: Client) -> None:
    body = typed(admin, f"{LIST}/new") | {
        "name": "Class pack",
        "cap_period": "calendar_year",
        "cap_sessions": "2",
        "cap_action": "block",
        "duties-0-name": "",
    }

    for _ in range(2):
        assert admin.post(f"{LIST}/new", body).status_code == 302

    first, second = northside.account.programmes.order_by("id")
    assert (first.code, second.code) == ("own-class-pack", "own-class-pack-2")
    assert (first.cap_sessions, first.cap_action) == (2, "block")


def test_a_retired_programme_is_no_choice_and_comes_back(
    northside: Practice, admin: Client
) -> None:
    own = Programme.adopt(northside.account, DVA, by=northside.by)
    new_case = f"/northside/patients/{northside.ada.pk}/cases/new"

    admin.post(f"{LIST}/{own.pk}/archive")
    gone = admin.get(new_case).content.decode()
    retired = admin.get(f"{LIST}?archived=yes").content.decode()
    admin.post(f"{LIST}/{own.pk}/restore")

    assert ">DVA treatment cycle</option>" not in gone
    assert "Restore DVA treatment cycle" in retired
    assert ">DVA treatment cycle</option>" in admin.get(new_case).content.decode()


def test_a_former_version_does_not_come_back_beside_the_one_in_use(
    northside: Practice, admin: Client
) -> None:
    own = Programme.adopt(northside.account, DVA, by=northside.by)
    Programme.objects.get(pk=own.pk).revise(by=northside.by)

    answer = admin.post(f"{LIST}/{own.pk}/restore", follow=True)

    assert "is in use" in answer.content.decode()
    assert [one.version for one in northside.account.programmes.current()] == [2]


def test_what_does_not_ship_cannot_be_taken_over(northside: Practice, admin: Client) -> None:
    answer = admin.post(f"{LIST}/adoption", {"code": "../../etc"}, follow=True)

    assert "No such programme" in answer.content.decode()
    assert not northside.account.programmes.exists()
