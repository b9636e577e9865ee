"""Practices, members and keys: what may be, and what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from casewell.accounts.models import RESERVED_SLUGS, Account, Business, User
from casewell.accounts.practice import usual_hours, validate_hours
from casewell.accounts.roles import Permission, Role
from tests.world import PASSWORD

if TYPE_CHECKING:
    from tests.world import Practice


def opened(**fields: str) -> Account:
    return Account.open(**{"name": "Hill", "slug": "hill", "time_zone": "UTC"} | fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("slug", ""),
        ("slug", "Hill"),
        ("slug", "-hill"),
        ("slug", "hill/street"),
        ("slug", "hill\n"),
        ("slug", "sign-in"),
        ("slug", "h" * 64),
        ("time_zone", "Sydney"),
        ("time_zone", ""),
    ],
)
def test_a_practice_is_not_opened_with_a_bad_name_slug_or_zone(
    db: None, field: str, value: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        opened(**{field: value})

    assert set(refused.value.message_dict) == {field}
    assert not Account.objects.exists()


def test_two_practices_never_have_one_slug(db: None) -> None:
    opened()

    with pytest.raises(ValidationError, match="already exists"):
        opened(name="Another Hill")


def test_no_practice_takes_the_address_of_one_of_our_pages() -> None:
    routes = [str(entry.pattern) for entry in get_resolver().url_patterns]
    words = {route.lstrip("^").split("/")[0] for route in routes} - {""}

    assert {word for word in words if "<" not in word} <= RESERVED_SLUGS | {".well-known"}
    assert words


def test_today_is_the_practices_own(db: None) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)):
        assert opened(time_zone="Australia/Sydney").today() == date(2026, 3, 3)
        assert opened(slug="west", time_zone="America/Denver").today() == date(2026, 3, 2)


def test_a_user_signs_in_with_an_address_in_lower_case(db: None) -> None:
    user = User.objects.create_user(
        "Rita@Hill.Example", PASSWORD, first_name="Rita", last_name="Desk"
    )

    assert user.email == "rita@hill.example"
    assert user.check_password(PASSWORD)
    assert PASSWORD not in user.password


@pytest.mark.parametrize("email", ["", "rita", "rita@"])
def test_a_user_needs_an_address_that_can_be_one(db: None, email: str) -> None:
    with pytest.raises(ValidationError):
        User.objects.create_user(email, PASSWORD, first_name="Rita", last_name="Desk")


def test_a_member_admitted_again_has_the_new_role_and_one_membership(northside: Practice) -> None:
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)

    assert northside.account.memberships.get().role == Role.BOOKKEEPER


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (Role.ADMINISTRATOR, Permission.ARCHIVE_CASES, True),
        (Role.RECEPTIONIST, Permission.EDIT_CASES, True),
        (Role.RECEPTIONIST, Permission.ARCHIVE_CASES, False),
        (Role.SCHEDULER, Permission.BOOK, True),
        (Role.SCHEDULER, Permission.EDIT_PATIENTS, False),
        (Role.BOOKKEEPER, Permission.BOOK, False),
        (Role.BOOKKEEPER, Permission.CREDIT_INVOICES, True),
        (Role.RECEPTIONIST, Permission.EDIT_INVOICES, True),
        (Role.RECEPTIONIST, Permission.CREDIT_INVOICES, False),
        (Role.SCHEDULER, Permission.SEE_INVOICES, False),
    ],
)
def test_a_member_may_what_the_role_may(
    northside: Practice, role: Role, permission: Permission, may: bool
) -> None:
    assert northside.account.admit(northside.member.user, role=role).may(permission) is may


def test_only_practitioners_who_work_at_a_business_have_a_column_there(
    northside: Practice,
) -> None:
    other = Business.objects.create(business_name="Lake Road", time_zone="Australia/Perth")

    assert list(northside.account.practitioners.working_at(northside.business)) == [northside.amy]
    assert list(northside.account.practitioners.working_at(other)) == []
    northside.amy.active = False
    northside.amy.save()
    assert list(northside.account.practitioners.working_at(northside.business)) == []


@pytest.mark.parametrize(
    "hours",
    [
        usual_hours(),
        {},
        {"monday": []},
        {"sunday": [["00:00", "24:00"]]},
        {"monday": [["08:00", "12:00"], ["13:00", "18:00"]]},
    ],
)
def test_opening_hours_are_spans_in_order_by_weekday(hours: Any) -> None:
    validate_hours(hours)


@pytest.mark.parametrize(
    "hours",
    [
        [],
        {"someday": []},
        {"monday": 5},
        {"monday": [5]},
        {"monday": ["ab"]},
        {"monday": [[8, 18]]},
        {"monday": [[8, "18:00"]]},
        {"monday": [["08:00"]]},
        {"monday": [["08:00", "08:00"]]},
        {"monday": [["18:00", "08:00"]]},
        {"monday": [["08:00", "12:00"], ["11:00", "18:00"]]},
        {"monday": [["8:00", "9:00"]]},
        {"monday": [["08:00", "24:01"]]},
    ],
)
def test_other_opening_hours_are_refused(hours: Any) -> None:
    with pytest.raises(ValidationError):
        validate_hours(hours)
