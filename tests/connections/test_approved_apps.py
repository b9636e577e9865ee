"""Proposing, approving and suspending apps: who did it, when, and what it said then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from casewell.accounts.roles import Role
from casewell.connections.addresses import Pattern
from casewell.connections.allowances import Allowances
from casewell.connections.models import ANYBODY, COMMAND_LINE, AppDecision, ApprovedApp, NotDecided
from casewell.connections.models.approvals import AddressNotApproved, Approvals, AppSuspended
from casewell.connections.reasons import Reason
from tests.connections.world import PATTERN, URL, approved, button, operator, proposed

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.django_db


def test_a_proposal_waits_and_admits_nothing() -> None:
    app = ApprovedApp.propose(
        ["*.Example.com:443/patients", " *.example.com/patients "],
        by=ANYBODY,
        name="Exercises",
        vendor="Example Pty Ltd",
        contact="hello@example.com",
    )

    assert app.state == ApprovedApp.State.PROPOSED
    assert app.written_patterns == [PATTERN]
    assert Approvals.read().find(URL) is None
    trial = Approvals.read(with_proposed=True).of(URL)
    assert (trial.app, trial.label) == (app, "au")


def test_decisions_are_written_down_with_who_and_what_and_why() -> None:
    by, app = operator(), proposed()
    app.approve(by=by, why="Contract of 3 March")
    app.revise([PATTERN, "app.example.com/p"], by=by, vendor="Example Ltd")
    app.suspend(by=COMMAND_LINE, why="Complaint")

    told = [(d.verb, d.who, d.why, len(d.told["patterns"])) for d in app.decisions.all()]
    assert told == [
        ("suspended", "command line", "Complaint", 2),
        ("changed", "Olga Perez", "", 2),
        ("approved", "Olga Perez", "Contract of 3 March", 1),
        ("proposed", "command line", "", 1),
    ]
    assert app.decisions.all()[1].told["before"]["vendor"] == "Example Pty Ltd"
    app.refresh_from_db()
    assert (app.state, app.decided_by, app.decided_at is not None) == ("suspended", None, True)


def test_a_change_of_nothing_is_no_decision() -> None:
    app = proposed()
    app.revise([PATTERN], by=COMMAND_LINE, name="Exercises")

    assert app.decisions.count() == 1


def test_a_decision_cannot_be_changed_or_removed() -> None:
    decision = proposed().decisions.get()

    for change in (AppDecision.objects.filter(pk=decision.pk).delete, decision.save):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_what_is_so_already_is_no_decision() -> None:
    app = approved()
    with pytest.raises(NotDecided, match="approved already"):
        app.approve(by=COMMAND_LINE)
    app.suspend(by=COMMAND_LINE)
    with pytest.raises(NotDecided, match="suspended already"):
        app.suspend(by=COMMAND_LINE)
    app.approve(by=COMMAND_LINE)

    assert app.is_in_force


@pytest.mark.parametrize(
    ("patterns", "words"),
    [
        ([], "at least one"),
        (["  "], "at least one"),
        (["*.com/", "https://ok.example.com/"], r"^\['\*\.com/: Anybody can get"),
        ([f"a{n}.example.com/" for n in range(21)], "at most 20"),
    ],
)
def test_addresses_that_break_the_rule_are_named(patterns: list[str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ApprovedApp.propose(patterns, by=ANYBODY, name="X", vendor="X", contact="hello@example.com")
    assert ApprovedApp.objects.count() == 0


def test_a_name_and_an_address_belong_to_one_app_that_was_decided_about() -> None:
    first = approved()
    same_name = proposed("other.example.com/", name="EXERCISES")
    same_address = proposed(name="Imaging")

    with pytest.raises(ValidationError, match="app of this name"):
        same_name.approve(by=COMMAND_LINE)
    with pytest.raises(ValidationError, match="is an address of “Exercises” already"):
        same_address.approve(by=COMMAND_LINE)
    first.suspend(by=COMMAND_LINE)
    with pytest.raises(ValidationError, match="is an address of"):
        same_address.approve(by=COMMAND_LINE)
    third = approved("third.example.com/", name="Third")
    with pytest.raises(ValidationError, match="is an address of"):
        third.revise([PATTERN], by=COMMAND_LINE)
    same_address.refresh_from_db()
    assert not same_address.is_in_force


def test_a_declined_proposal_takes_no_name_and_no_address_away(northside: Practice) -> None:
    stranger = proposed()
    app = approved()
    stranger.suspend(by=COMMAND_LINE, why="Not theirs")
    button(northside)

    assert (stranger.state, stranger.decisions.all()[0].verb) == ("declined", "declined")
    with pytest.raises(NotDecided, match="declined already"):
        stranger.suspend(by=COMMAND_LINE)
    assert Approvals.read(with_proposed=True).of(URL).app == app
    [shown] = northside.account.connected_apps.shown_to(Role.RECEPTIONIST)
    assert shown.approval
    assert shown.approval.app == app
    with pytest.raises(ValidationError, match="is an address of “Exercises” already"):
        stranger.approve(by=COMMAND_LINE)


def test_a_suspended_address_is_told_from_one_that_nobody_approved() -> None:
    app = approved()
    assert Approvals.read().of(URL).launch_address(7).href == f"{URL}?patient_id=7"

    app.suspend(by=COMMAND_LINE)
    with pytest.raises(AppSuspended, match="“Exercises” is suspended"):
        Approvals.read().of(URL)
    with pytest.raises(AddressNotApproved) as refused:
        Approvals.read().of("https://au.example.org/patients")
    assert refused.value.reason == Reason.OTHER_HOST


def test_the_exact_entry_decides_before_the_wildcard() -> None:
    approved()
    approved(URL, name="The Australian one").suspend(by=COMMAND_LINE)

    with pytest.raises(AppSuspended):
        Approvals.read().of(URL)
    assert Approvals.read().of("https://nz.example.com/patients").label == "nz"


def test_what_the_installation_no_longer_admits_is_no_longer_approved(settings: object) -> None:
    local = "http://localhost:5000/p"
    settings.APP_ALLOWANCES = Allowances(localhost=True)  # type: ignore[attr-defined]
    app = approved(local)
    assert Approvals.read().of(local).pattern == Pattern.parse(local, Allowances(localhost=True))

    settings.APP_ALLOWANCES = Allowances()  # type: ignore[attr-defined]
    assert Approvals.read().find(local) is None
    app.suspend(by=COMMAND_LINE)
    with pytest.raises(ValidationError, match="localhost"):
        app.approve(by=COMMAND_LINE)
