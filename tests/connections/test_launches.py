"""A clinic's buttons, for whom they are there, and what is kept of each launch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casewell.accounts.roles import Role
from casewell.connections.models import (
    COMMAND_LINE,
    AppLaunch,
    AppSwitchedOff,
    ConnectedApp,
    NotOfPatient,
    RoleMayNot,
)
from casewell.connections.models.approvals import AddressNotApproved, AppSuspended, NotOpened
from casewell.tenancy.fields import CrossAccountError
from tests.connections.world import URL, approved, button, member_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.connections.models import ApprovedApp
    from tests.world import Practice


def test_a_launch_opens_the_patient_and_is_on_record(northside: Practice) -> None:
    app, case, visit = approved(), northside.case(), northside.attend()
    launch = button(northside).launch(
        northside.ada, by=northside.by, case=case, booking=visit.booking
    )

    assert launch.address == f"{URL}?patient_id={northside.ada.pk}"
    kept = northside.ada.app_launches.get()
    assert (kept.app.name, kept.user, kept.case, kept.booking, kept.approved_app) == (
        "Exercises",
        northside.member.user,
        case,
        visit.booking,
        app,
    )
    change = northside.account.changes.of(launch).get()
    assert (change.verb, change.user) == ("opened", northside.member.user)
    assert change.changes["app_name"] == [None, "Exercises"]


def test_each_launch_is_a_row_of_its_own_that_stays(northside: Practice) -> None:
    approved()
    one = button(northside)
    for _ in range(3):
        one.launch(northside.ada, by=northside.by)
    one.archive(by=northside.by)

    assert [launch.app for launch in northside.ada.app_launches.all()] == [one] * 3
    rows = AppLaunch.objects.filter(app=one)
    for change in (rows.delete, lambda: rows.update(app_name="")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def suspended(app: ApprovedApp, one: ConnectedApp) -> None:
    app.suspend(by=COMMAND_LINE)


def without_its_address(app: ApprovedApp, one: ConnectedApp) -> None:
    app.revise(["other.example.com/patients"], by=COMMAND_LINE)


def switched_off(app: ApprovedApp, one: ConnectedApp) -> None:
    ConnectedApp.objects.filter(pk=one.pk).update(switched_off=True)


def for_others(app: ApprovedApp, one: ConnectedApp) -> None:
    ConnectedApp.objects.filter(pk=one.pk).update(roles=[Role.BOOKKEEPER.value])


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        (suspended, AppSuspended),
        (without_its_address, AddressNotApproved),
        (switched_off, AppSwitchedOff),
        (for_others, RoleMayNot),
    ],
)
def test_what_changed_since_the_page_was_drawn_stops_the_launch(
    northside: Practice,
    meanwhile: Callable[[ApprovedApp, ConnectedApp], None],
    refusal: type[NotOpened],
) -> None:
    app, drawn = approved(), button(northside)
    meanwhile(app, drawn)

    with pytest.raises(refusal) as refused:
        drawn.launch(northside.ada, by=northside.by)
    assert refused.value.status == 403
    assert not northside.ada.app_launches.exists()
    assert northside.member.role == Role.RECEPTIONIST
    assert northside.account.connected_apps.shown_to(Role.RECEPTIONIST) == []


def test_a_removed_button_opens_nothing_and_frees_its_name(northside: Practice) -> None:
    approved()
    removed = button(northside)
    removed.archive(by=northside.by)

    with pytest.raises(AppSwitchedOff):
        removed.launch(northside.ada, by=northside.by)
    assert northside.account.changes.of(removed).get().verb == "archived"
    assert button(northside, "exercises") != removed


def test_only_the_patients_own_case_and_appointment_go_with_a_launch(northside: Practice) -> None:
    approved()
    one, ben = button(northside), northside.patient()
    visit = northside.attend(patient=ben)

    with pytest.raises(NotOfPatient):
        one.launch(northside.ada, by=northside.by, case=northside.case(patient=ben))
    with pytest.raises(NotOfPatient):
        one.launch(northside.ada, by=northside.by, booking=visit.booking)


def test_a_patient_of_another_practice_is_never_opened(
    elsewhere: Practice, northside: Practice
) -> None:
    approved()
    with pytest.raises(CrossAccountError):
        button(northside).launch(elsewhere.ada, by=northside.by)


def test_buttons_are_those_of_the_role_in_the_practices_order(northside: Practice) -> None:
    approved()
    button(northside, "Second", position=2)
    button(northside, "First", position=1, roles=["receptionist", "practitioner"])
    button(northside, "For others", position=0, roles=["bookkeeper"])
    button(northside, "Off", position=3, switched_off=True)
    button(northside, "Nowhere", position=4, url="https://nowhere.example.org/")

    def names(role: Role) -> list[str]:
        return [one.name for one in northside.account.connected_apps.shown_to(role)]

    assert names(Role.RECEPTIONIST) == ["First", "Second"]
    assert names(Role.SCHEDULER) == ["Second"]
    with CaptureQueriesContext(
        connection,
    ) as sent:
        assert names(Role.BOOKKEEPER) == ["For others", "Second"]
    assert len(sent) == 1


def test_another_role_may_launch_what_is_for_it(northside: Practice) -> None:
    approved()
    one = button(northside, roles=["practitioner"])
    launch = one.launch(northside.ada, by=member_of(northside, Role.PRACTITIONER))

    assert launch.user.full_name == "Mel Brown"


def test_a_practices_buttons_have_different_names(elsewhere: Practice, northside: Practice) -> None:
    button(northside)
    with pytest.raises(IntegrityError), transaction.atomic():
        button(northside, "EXERCISES")
    with pytest.raises(ValidationError, match="this name already"):
        ConnectedApp(name="exercises", url=URL).validate_constraints()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "http://au.example.com/"}, "has to begin with https"),
        ({"roles": ["boss"]}, "Choose among the roles"),
        ({"roles": "receptionist"}, "Choose among the roles"),
        ({"name": "n" * 201}, "at most 200"),
    ],
)
def test_a_button_that_could_not_work_is_refused_in_words(
    northside: Practice, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        ConnectedApp(**{"name": "Exercises", "url": URL, **fields}).full_clean()
