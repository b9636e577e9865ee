"""The launches of one connected app, as a list by days and as CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from casewell.accounts.roles import Role
from casewell.connections.models import AppLaunch, ConnectedApp
from tests.connections.world import URL, approved, button
from tests.web.app_rows import HERE, statements
from tests.world import signed_in, words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


@pytest.fixture
def app(northside: Practice) -> ConnectedApp:
    approved()
    return button(northside)


def listed(admin: Client, app: ConnectedApp, asked: str = "") -> str:
    return words_in(admin.get(f"{HERE}/{app.pk}/launches{asked}").content.decode())


def test_each_launch_is_told_with_who_whom_when_and_from_where(
    northside: Practice,
    admin: Client,
    app: ConnectedApp,
) -> None:
    visit, ben = northside.attend(), northside.patient("Ben", "Wu")
    app.launch(northside.ada, by=northside.by, case=northside.case("Hip"), booking=visit.booking)
    app.launch(northside.ada, by=northside.by, case=northside.case("Left knee"))
    app.launch(northside.ada, by=northside.by, booking=visit.booking)
    app.launch(ben, by=northside.by)

    page = listed(admin, app)

    assert "Appointment of Tue 3 Mar 2026 12:00 pm , Case Hip" in page
    assert page.index("Wu, Ben") < page.index("Rossi, Ada")
    for words in ("Case Left knee", "Appointment of Tue 3 Mar 2026 12:00 pm", "Rita Desk"):
        assert words in page


def test_an_app_that_nobody_opened_says_what_the_list_is_for(
    admin: Client,
    app: ConnectedApp,
) -> None:
    assert "Not opened yet" in listed(admin, app)
    assert "CSV" not in listed(admin, app)


def test_days_are_the_practices_own_and_a_wrong_one_is_said(
    northside: Practice,
    admin: Client,
    app: ConnectedApp,
) -> None:
    for moment in (datetime(2026, 3, 3, 12, 59, tzinfo=UTC), datetime(2026, 3, 3, 13, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):
            app.launch(northside.ada, by=northside.by)

    assert listed(admin, app, "?start=2026-03-03&until=2026-03-03").count("Rossi, Ada") == 1
    assert "11:59 pm" in listed(admin, app, "?start=2026-03-03&until=2026-03-03")
    assert "12:00 am" in listed(admin, app, "?start=2026-03-04")
    assert "Nothing on these days" in listed(admin, app, "?until=2026-03-02")
    assert "The last day is before the first one." in listed(
        admin, app, "?start=2026-03-04&until=2026-03-03"
    )


def test_the_file_holds_the_same_and_runs_nothing_and_who_took_it_is_written_down(
    northside: Practice,
    admin: Client,
    app: ConnectedApp,
) -> None:
    formula = northside.patient("Eve", "=1+1")
    with time_machine.travel(datetime(2026, 3, 3, 13, 0, tzinfo=UTC), tick=False):
        app.launch(formula, by=northside.by, case=northside.case("Knee", patient=formula))

    answer: Any = admin.get(f"{HERE}/{app.pk}/launches.csv?start=2026-03-04")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines == [
        "Date,Time,Time zone,User,Patient,From,Opened,Signed",
        f'2026-03-04,00:00,Australia/Sydney,Rita Desk,"\'=1+1, Eve",Case: Knee,'
        f"{URL}?patient_id={formula.pk},no",
    ]
    told = northside.account.changes.get(verb="exported")
    assert told.target_type == AppLaunch._meta.label_lower
    assert told.changes["rows"] == [None, 1]
    assert told.changes["days"] == [None, "from 4 Mar 2026"]


def test_a_launch_from_an_appointment_in_a_case_has_both_in_the_file_and_in_the_history(
    northside: Practice, admin: Client, app: ConnectedApp
) -> None:
    visit, knee = northside.attend(), northside.case("Knee")
    app.launch(northside.ada, by=northside.by, case=knee, booking=visit.booking)
    app.launch(northside.ada, by=northside.by, booking=visit.booking)

    file: Any = admin.get(f"{HERE}/{app.pk}/launches.csv")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert '"Appointment: Tue 3 Mar 2026 12:00 pm, Case: Knee"' in lines[2]
    assert ",Appointment: Tue 3 Mar 2026 12:00 pm," in lines[1]

    told = admin.get(f"/northside/patients/{northside.ada.pk}/history?of=apps")
    history = words_in(told.content.decode())
    assert history.count("Appointment Tue 3 Mar 2026, 12:00 pm") == 2
    assert history.count("Case Knee") == 1


def test_days_that_cannot_be_are_no_file(admin: Client, app: ConnectedApp) -> None:
    answer = admin.get(f"{HERE}/{app.pk}/launches.csv?start=nonsense")

    assert answer.headers["Location"] == f"{HERE}/{app.pk}/launches"


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.BOOKKEEPER])
def test_who_may_take_lists_out_but_not_see_settings_gets_no_file(
    northside: Practice, app: ConnectedApp, role: Role
) -> None:
    northside.account.admit(northside.member.user, role=role)

    answer = signed_in(northside.member).get(f"{HERE}/{app.pk}/launches.csv")

    assert answer.status_code == 403


def test_the_list_is_paged_and_takes_the_same_few_statements(
    northside: Practice,
    admin: Client,
    app: ConnectedApp,
) -> None:
    admin.get(HERE)
    counts = []
    for n in (1, 2, 50):
        for _ in range(n):
            app.launch(northside.ada, by=northside.by, case=northside.case())
        counts.append(statements(admin, f"{HERE}/{app.pk}/launches"))

    assert counts == [6, 6, 6]
    assert "1–50 of 53" in listed(admin, app)
    assert "51–53 of 53" in listed(admin, app, "?page=2")
