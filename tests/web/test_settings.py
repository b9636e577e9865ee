"""Settings: what an administrator sets, is what the practice then does; the rest is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from casewell.accounts.models import Account
from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.tenancy.scope import account_scope
from tests.web.pages import LONG, said
from tests.web.test_pages import statements_of
from tests.web.test_settings_businesses import BUSINESS
from tests.web.walls import furnish
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

PRACTICE = {
    "name": "Northside Physio",
    "country_code": "AU",
    "time_zone": "Australia/Sydney",
    "currency": "AUD",
    "date_format": "Y-m-d",
    "time_format": "24",
    "week_start": "0",
    "slot_minutes": "10",
    "booking_conflict_action": "block",
}


def test_the_practices_formats_are_those_of_its_pages_from_the_next_one_on(
    northside: Practice, admin: Client
) -> None:
    northside.patient("Cleo", "Ng", date_of_birth=NOON.date())

    answer = admin.post("/northside/settings/practice", PRACTICE)

    assert answer.status_code == 302, answer.content
    account = Account.objects.get(pk=northside.account.pk)
    assert (account.slot_minutes, account.booking_conflict_action) == (10, "block")
    assert b"2026-03-03" in admin.get("/northside/patients?q=cleo").content
    told = Change.objects.of(account).get()
    assert told.changes["time_format"] == ["12", "24"]
    assert told.user == northside.member.user


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "time_zone",
            "Mars/Olympus",
            "“Mars/Olympus” is not a time zone, such as Australia/Sydney.",
        ),
        ("name", LONG, "at most 255 characters"),
        ("name", "  ", "required"),
        ("slot_minutes", "7", "valid choice"),
        ("currency", "XXX", "valid choice"),
        ("country_code", "ZZ", "valid choice"),
        ("date_format", "<script>", "valid choice"),
    ],
)
def test_a_practice_that_cannot_be_is_refused_at_its_field(
    northside: Practice, admin: Client, field: str, value: str, sentence: str
) -> None:
    answer = admin.post("/northside/settings/practice", PRACTICE | {field: value})

    assert answer.status_code == 422
    at_field = re.search(rf'id="id_{field}_error">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    assert at_field is not None
    assert sentence in at_field[1]
    assert Account.objects.get(pk=northside.account.pk).date_format == "j M Y"


def test_a_zone_under_an_old_name_stays_until_another_is_chosen(
    northside: Practice, admin: Client
) -> None:
    Account.objects.filter(pk=northside.account.pk).update(time_zone="US/Pacific")

    kept = admin.post("/northside/settings/practice", PRACTICE | {"time_zone": "US/Pacific"})
    business = admin.post("/northside/settings/businesses/new", BUSINESS | {"time_zone": "EST"})

    assert (kept.status_code, business.status_code) == (302, 422)
    assert Account.objects.get(pk=northside.account.pk).time_zone == "US/Pacific"


def test_a_name_of_markup_is_shown_as_it_was_typed(northside: Practice, admin: Client) -> None:
    admin.post("/northside/settings/practice", PRACTICE | {"name": "<b>North</b>"})

    shown = admin.get("/northside/settings/practice").content.decode()
    assert "&lt;b&gt;North&lt;/b&gt;" in shown
    assert "<b>North" not in shown


def test_an_edit_over_a_newer_change_is_shown_first(northside: Practice, admin: Client) -> None:
    seen = northside.account.updated_at.isoformat()
    admin.post("/northside/settings/practice", PRACTICE | {"name": "Newer"})

    answer = admin.post("/northside/settings/practice", PRACTICE | {"name": "Mine", "seen": seen})

    assert answer.status_code == 422
    assert "Rita Desk changed name from “Northside Physio” to “Newer”" in answer.content.decode()
    assert Account.objects.get(pk=northside.account.pk).name == "Newer"


def test_keeping_bookings_apart_lists_those_to_come_that_clash_and_no_others(
    northside: Practice, admin: Client
) -> None:
    soon = timezone.now().replace(microsecond=0) + timedelta(days=1)
    for at, patient in ((soon, "Ben"), (soon + timedelta(minutes=30), "Cleo")):
        northside.attend(at=at, patient=northside.patient(patient, "Wu"))
    northside.attend(at=soon + timedelta(hours=5))
    for at in (NOON, NOON):
        northside.attend(at=at, patient=northside.patient("Past", "Wu"))

    answer = admin.post("/northside/settings/practice", PRACTICE)
    shown = admin.get("/northside/settings/practice").content.decode()

    assert said(answer) == [
        "The practice's settings are saved. 2 bookings to come clash already: see the list."
    ]
    assert shown.count('hx-target="#panel"') == 2 + shown.count('id="book"')


def test_an_administrator_gives_roles_and_switches_members_off_and_on(
    northside: Practice, elsewhere: Practice, admin: Client
) -> None:
    other = northside.account.admit(elsewhere.member.user, role=Role.RECEPTIONIST)
    here = f"/northside/settings/users/{other.pk}"

    admin.post(f"{here}/role", {"role": "bookkeeper", "seen": "receptionist"})
    nonsense = admin.post(f"{here}/role", {"role": "owner"})
    admin.post(f"{here}/leave")

    other.refresh_from_db()
    assert (other.role, other.active, nonsense.status_code) == (Role.BOOKKEEPER, False, 400)
    admin.post(f"{here}/return")
    own = northside.account.memberships.get(user=northside.member.user)
    refused = admin.post(f"/northside/settings/users/{own.pk}/leave")
    demoted = admin.post(
        f"/northside/settings/users/{own.pk}/role", {"role": "scheduler", "seen": own.role}
    )
    assert said(refused)[-1].startswith("You cannot switch yourself off.")
    assert said(demoted)[-1] == "Ask another administrator to change your own role."


def test_the_table_of_roles_is_that_of_the_code(northside: Practice, admin: Client) -> None:
    shown = admin.get("/northside/settings/roles").content.decode()

    assert shown.count('aria-label="yes"') > 40
    assert "Invite users, give them roles, switch them off" in shown


PAGES = (
    "settings",
    "settings/practice",
    "settings/roles",
    "settings/businesses",
    "settings/businesses/{business}",
    "settings/practitioners",
    "settings/practitioners/{practitioner}",
    "settings/availability",
    "settings/practitioners/{practitioner}/availability",
    "settings/appointment-types",
    "settings/appointment-types/{type}",
    "settings/unavailable-blocks",
    "settings/concessions",
    "settings/referral-sources",
    "settings/users",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_settings_takes_the_same_few_statements_for_one_row_and_for_three(
    northside: Practice, elsewhere: Practice, admin: Client, path: str
) -> None:
    counts = []
    keys = furnish(northside)
    admin.get("/northside/settings")  # a session's first page notes its beginning
    for n in range(2):
        for i in range(2 * n):
            add_another(northside, f"{n}{i}")
        counts.append(statements_of(admin, f"/northside/{path.format(**keys)}"))

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def add_another(practice: Practice, name: str) -> None:
    """One more of each thing that settings list."""
    account = practice.account
    place = account.businesses.create(business_name=name, time_zone="Australia/Perth")
    tom = account.practitioners.create(first_name="Tom", last_name=name)
    kind = account.appointment_types.create(name=name, duration_in_minutes=30)
    account.practitioner_businesses.create(practitioner=tom, business=place)
    account.appointment_type_practitioners.create(practitioner=tom, appointment_type=kind)
    account.appointment_type_practitioners.create(practitioner=practice.amy, appointment_type=kind)
    account.practitioner_businesses.create(practitioner=practice.amy, business=place)
    account.reference_numbers.create(
        practitioner=practice.amy, business=place, name="Medicare", reference_number=name
    )
    account.unavailable_block_types.create(name=name)
    account.concession_types.create(name=name)
    account.referral_source_types.create(name=name, subcategories=[name])
    account.admit(
        type(practice.member.user).objects.create_user(
            f"{name}@example.org", None, first_name="Tom", last_name=name
        ),
        role=Role.SCHEDULER,
    )


def test_the_other_practice_keeps_its_settings(
    northside: Practice, elsewhere: Practice, admin: Client
) -> None:
    admin.post("/northside/settings/practice", PRACTICE)

    with account_scope(elsewhere.account):
        assert Account.objects.get(pk=elsewhere.account.pk).date_format == "j M Y"
        assert not elsewhere.account.changes.exists()
