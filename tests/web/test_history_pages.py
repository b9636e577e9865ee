"""The pages of histories: what was typed as text, in pages, to whom, and in how few statements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from tests.web.histories import edit
from tests.web.pages import text_of
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_what_was_typed_is_shown_as_text_and_never_as_markup(
    northside: Practice, desk: Client
) -> None:
    edit(northside.ada, northside.by, notes="<script>alert(1)</script>", city="<b>x</b>")
    edit(northside.ada, northside.by, notes="<i>" + "long " * 100)

    page = desk.get(f"/northside/patients/{northside.ada.pk}/history").content

    assert b"&lt;script&gt;alert(1)" in page
    assert b"<script>alert" not in page
    assert b"<b>x</b>" not in page
    assert b"<i>" not in page


def test_long_histories_come_in_pages(northside: Practice, desk: Client) -> None:
    for number in range(60):
        edit(northside.ada, northside.by, city=f"Town {number}")
    address = f"/northside/patients/{northside.ada.pk}/history"

    first, second = text_of(desk.get(address)), text_of(desk.get(f"{address}?page=2"))

    assert "Town 59" in first
    assert "1–50 of 60" in first
    assert "Town 59" not in second
    assert "Town 5 " in second


def test_who_may_read_the_record_may_read_its_history(northside: Practice, desk: Client) -> None:
    knee = northside.case()
    visit = northside.attend(knee)
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)
    slug = "/northside"

    for address in (
        f"{slug}/patients/{northside.ada.pk}",
        f"{slug}/cases/{knee.pk}",
        f"{slug}/bookings/{visit.booking_id}",
    ):
        assert f'href="{address}/history"' in desk.get(address).content.decode()
        assert desk.get(f"{address}/history").status_code == 200


@pytest.mark.parametrize("kind", ["patients", "cases", "bookings"])
def test_a_history_takes_the_same_few_statements_for_one_change_and_for_many(
    northside: Practice, desk: Client, kind: str
) -> None:
    knee = northside.case(max_sessions=9, contact=northside.doctor())
    visit = northside.attend(patient=northside.ada)
    keys = {"patients": northside.ada.pk, "cases": knee.pk, "bookings": visit.booking_id}
    address = f"/northside/{kind}/{keys[kind]}/history"
    counts = []
    desk.get(address)  # the first of a session also stores it
    for number in range(2):
        for _ in range(1 + 2 * number):
            visit.link_to(knee, by=northside.by)
            visit.unlink(by=northside.by)
            edit(knee, northside.by, payer=northside.doctor(), closed_reason=str(number))
            edit(northside.ada, northside.by, referring_doctor=northside.doctor())
            visit.booking.move(by=northside.by, starts_at=NOON - timedelta(minutes=number))
        counts.append(statements_of(desk, address))

    assert counts == [{"patients": 9, "cases": 8, "bookings": 9}[kind]] * 2
