"""Businesses, practitioners, their numbers and users: what is special about them."""

from __future__ import annotations

import base64
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from PIL import Image

from casewell.accounts.models import Practitioner
from casewell.audit.models import Change
from tests.api.examples.practice import picture

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_a_business_with_nothing_but_a_name_is_as_the_practice_is(
    program: Program, northside: Practice
) -> None:
    made = program.post("/businesses", {"business_name": "Harbour"})
    assert made["label"] == "Harbour"
    assert (made["time_zone"], made["time_zone_identifier"]) == ("Sydney", "Australia/Sydney")
    assert (made["country_code"], made["country"]) == ("AU", "Australia")
    assert made["appointment_type_ids"] == [str(northside.standard.pk)]


@pytest.mark.parametrize(
    ("sent", "zone"),
    [
        ({"time_zone": "Canberra"}, "Australia/Melbourne"),
        ({"time_zone": "Pacific Time (US & Canada)"}, "America/Los_Angeles"),
        ({"time_zone": "Australia/Perth"}, "Australia/Perth"),
        ({"time_zone_identifier": "Europe/London", "time_zone": "Perth"}, "Europe/London"),
        ({"time_zone_identifier": None, "time_zone": "Perth"}, "Australia/Perth"),
    ],
)
def test_a_zone_is_known_by_either_name(
    sent: dict[str, str], zone: str, program: Program, northside: Practice
) -> None:
    changed = program.patch(f"/businesses/{northside.business.pk}", sent)
    assert changed["time_zone_identifier"] == zone


def test_what_is_no_zone_is_refused_by_the_name_it_came_under(
    program: Program, northside: Practice
) -> None:
    path = f"/businesses/{northside.business.pk}"
    for name in ("time_zone", "time_zone_identifier"):
        status, body = program.call("PATCH", path, {name: "Atlantis"})
        assert (status, list(body["errors"])) == (422, [name])


def test_types_of_a_business_are_all_until_some_are_named(
    program: Program, northside: Practice
) -> None:
    path, standard = f"/businesses/{northside.business.pk}", str(northside.standard.pk)
    held = f"/businesses?q[]=appointment_type_ids:~{standard}"
    assert program.get(held)["total_entries"] == 1
    assert program.patch(path, {"appointment_type_ids": []})["appointment_type_ids"] == []
    assert program.get(held)["total_entries"] == 0
    status, body = program.call("PATCH", path, {"appointment_type_ids": ["123"]})
    assert (status, body["errors"]) == (422, {"appointment_type_ids": "must exist"})
    assert program.patch(path, {"appointment_type_ids": None})["appointment_type_ids"] == [standard]


def test_a_logo_is_kept_shown_replaced_and_removed(program: Program, northside: Practice) -> None:
    path = f"/businesses/{northside.business.pk}"
    assert program.call("GET", f"{path}/logo")[0] == 404
    for kind, before in (("PNG", ""), ("JPEG", "data:image/jpeg;base64,")):
        text = before + base64.b64encode(picture(kind)).decode()
        program.patch(path, {"logo": text, "logo_height": 120})
        shown = program.send("GET", f"{path}/logo")
        assert shown.headers["Content-Type"] == f"image/{kind.lower()}"
        drawn, sent = Image.open(BytesIO(shown.content)), Image.open(BytesIO(picture(kind)))
        assert (drawn.format, drawn.size) == (kind, sent.size)
    northside.business.refresh_from_db()
    assert northside.business.logo_height == 120
    program.patch(path, {"remove_logo": True})
    assert program.call("GET", f"{path}/logo")[0] == 404


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("?", "must be a picture in base64"),
        (base64.b64encode(b"<svg/>").decode(), "must be a PNG, JPEG or GIF"),
        ("A" * 1_500_000, "must be at most 1 MB"),
        (
            base64.b64encode(b"\x89PNG\r\n\x1a\n<?php").decode(),
            "must be a picture that can be shown",
        ),
    ],
)
def test_what_is_no_small_picture_is_no_logo(
    text: str, told: str, program: Program, northside: Practice
) -> None:
    status, body = program.call("PATCH", f"/businesses/{northside.business.pk}", {"logo": text})
    assert (status, body["errors"]) == (422, {"logo": told})


def test_a_business_where_somebody_is_booked_stays_open(
    program: Program, northside: Practice
) -> None:
    northside.attend(at=timezone.now() + timedelta(days=1))
    path = f"/businesses/{northside.business.pk}"
    status, body = program.call("POST", f"{path}/archive")
    assert (status, body["code"]) == (422, "bookings_to_come")
    assert program.get(path)["archived_at"] is None


def test_lists_of_practitioners_show_the_active_ones_unless_asked(
    program: Program, northside: Practice
) -> None:
    northside.account.appointment_type_practitioners.create(
        practitioner=northside.amy, appointment_type=northside.standard
    )
    places = (
        "/practitioners",
        f"/businesses/{northside.business.pk}/practitioners",
        f"/appointment_types/{northside.standard.pk}/practitioners",
    )
    assert [_shown(program, place) for place in places] == [["Amy"]] * 3
    Practitioner.objects.filter(pk=northside.amy.pk).update(active=False)
    for place in places:
        assert _shown(program, place) == []
        assert _shown(program, f"{place}/inactive") == ["Amy"]
        assert _shown(program, f"{place}?q[]=active:=false") == ["Amy"]
        assert _shown(program, f"{place}?q[]=active:=true") == []
    assert program.get(f"/practitioners/{northside.amy.pk}")["active"] is False


def _shown(program: Program, path: str) -> list[str]:
    return [one["first_name"] for one in program.get(path)["practitioners"]]


def test_a_practitioners_history_tells_of_numbers_that_came_and_went(
    program: Program, northside: Practice
) -> None:
    sent = {"business_id": northside.business.pk, "practitioner_id": northside.amy.pk}
    made = program.post("/practitioner_reference_numbers", sent | {"name": "WorkCover"})
    path = f"/practitioner_reference_numbers/{made['id']}"
    program.patch(path, {"reference_number": "W-17"})
    assert program.call("DELETE", path) == (204, None)
    told = [one.changes for one in Change.objects.of(northside.amy)]
    assert told == [
        {"reference_numbers": [["WorkCover W-17"], []]},
        {"reference_numbers": [["WorkCover "], ["WorkCover W-17"]]},
        {"reference_numbers": [[], ["WorkCover "]]},
    ]


def test_a_number_moves_to_another_practitioner_and_both_histories_tell(
    program: Program, northside: Practice
) -> None:
    other = Practitioner.objects.create(
        account=northside.account, first_name="Bo", last_name="Lind"
    )
    sent = {"business_id": northside.business.pk, "practitioner_id": northside.amy.pk}
    made = program.post("/practitioner_reference_numbers", sent | {"name": "Medicare"})
    path = f"/practitioner_reference_numbers/{made['id']}"
    moved = program.patch(path, {"practitioner_id": str(other.pk)})
    assert moved["practitioner"]["links"]["self"].endswith(str(other.pk))
    assert [Change.objects.of(one).count() for one in (northside.amy, other)] == [2, 1]


def test_the_keys_own_user_is_shown_by_its_own_address(
    program: Program, northside: Practice
) -> None:
    own = program.get("/user")
    assert own == program.get(f"/users/{northside.member.user_id}")
    assert (own["role"], own["email"]) == ("administrator", northside.member.user.email)
    assert (own["time_zone"], own["phone_numbers"]) == ("Sydney", [])


def test_a_member_who_is_switched_off_is_shown_as_that(
    program: Program, northside: Practice, elsewhere: Practice
) -> None:
    northside.account.admit(elsewhere.member.user, role="scheduler")  # type: ignore[arg-type]
    northside.account.memberships.filter(user=elsewhere.member.user).update(active=False)
    shown = program.get(f"/users/{elsewhere.member.user_id}")
    assert (shown["role"], shown["user_active"]) == ("scheduler", False)
