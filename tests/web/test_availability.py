"""Settings › Availability: the hours of a week, and whose one may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import User
from casewell.accounts.roles import Role
from casewell.availability.hours import hours_of
from casewell.availability.weeks import set_week
from tests.web.calendar_feed import TUESDAY, feed
from tests.web.pages import said, text_of
from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
MORNINGS = {"tuesday": [["08:00", "10:00"], ["10:30", "12:00"]]}
OFF = {"kind": "off", "date": "2026-03-04"}


def here(practice: Practice, then: str = "") -> str:
    return f"/northside/settings/practitioners/{practice.amy.pk}/availability{then}"


def sent(practice: Practice, week: dict[str, list[list[str]]]) -> dict[str, str]:
    """A week as its form sends it."""
    name = f"at_{practice.business.pk}-hours"
    form = {f"{name}_monday_0_from": "", f"{name}_monday_0_to": ""}
    for day, spans in week.items():
        for number, (start, end) in enumerate(spans):
            form |= {f"{name}_{day}_{number}_from": start, f"{name}_{day}_{number}_to": end}
    return form


def spans_of(practice: Practice, day: Any = TUESDAY) -> list[tuple[str, str]]:
    return hours_of(practice.amy, practice.business, day, day).clock_spans(day)


def test_a_week_is_saved_shades_the_calendar_and_is_told_in_the_history(
    northside: Practice, desk: Client
) -> None:
    answer = desk.post(here(northside, f"/{northside.business.pk}"), sent(northside, MORNINGS))

    assert said(answer) == ["The hours of Amy Shaw at Hill Street are saved."]
    assert spans_of(northside) == [("08:00", "10:00"), ("10:30", "12:00")]
    [column] = feed(desk)["resources"]
    assert column["open"] == {"2026-03-03": [["08:00", "10:00"], ["10:30", "12:00"]]}
    page = desk.get(f"/northside/settings/practitioners/{northside.amy.pk}/history")
    assert "changed the weekly hours of the practitioner Business Hill Street" in text_of(page)
    assert "Tuesday as the business is open 08:00 – 10:00, 10:30 – 12:00" in text_of(page)


def test_the_opening_hours_hold_again_by_one_click(northside: Practice, desk: Client) -> None:
    set_week(northside.amy, northside.business, MORNINGS, by=northside.by)
    assert "Whenever it is open" in text_of(desk.get(here(northside)))

    desk.post(here(northside, f"/{northside.business.pk}"), {"as": "open"})

    assert spans_of(northside) == [("08:00", "18:00")]
    assert "No hours of their own" in text_of(desk.get(here(northside)))


def test_hours_that_cannot_be_are_refused_and_stay_typed(northside: Practice, desk: Client) -> None:
    wrong = {"tuesday": [["12:00", "08:00"]]}

    answer = desk.post(here(northside, f"/{northside.business.pk}"), sent(northside, wrong))

    assert answer.status_code == 422
    assert "closes at 08:00, before it opens at 12:00" in text_of(answer)
    assert 'value="12:00"' in answer.content.decode()
    assert spans_of(northside) == [("08:00", "18:00")]


def test_the_hours_of_another_are_copied_and_hold_when_they_are_saved(
    northside: Practice, desk: Client, tom: Practitioner
) -> None:
    set_week(tom, northside.business, MORNINGS, by=northside.by)
    query = f"?to={northside.business.pk}&copy={tom.pk}-{northside.business.pk}"

    page = desk.get(here(northside) + query)

    assert "These are the hours of Tom Reid at Hill Street" in text_of(page)
    assert 'value="10:30"' in page.content.decode()
    assert spans_of(northside) == [("08:00", "18:00")]


def test_a_practitioner_changes_their_own_and_nobody_elses(
    northside: Practice, tom: Practitioner
) -> None:
    northside.member.role = Role.PRACTITIONER
    northside.member.save()
    tom.user = northside.member.user
    tom.save()
    northside.amy.user = User.objects.create_user(
        email="amy@northside.example", first_name="Amy", last_name="Shaw"
    )
    northside.amy.save()
    toms = signed_in(northside.member)

    assert "Amy Shaw" not in text_of(toms.get("/northside/settings/availability"))
    assert "Tom Reid" in text_of(toms.get("/northside/settings/availability"))
    assert toms.get(here(northside)).status_code == 403
    assert toms.post(here(northside, "/exceptions"), OFF).status_code == 403
    own = f"/northside/settings/practitioners/{tom.pk}/availability"
    assert toms.post(f"{own}/exceptions", OFF).status_code == 302
    amys = northside.account.days_off.create(
        practitioner=northside.amy, first_date=TUESDAY, last_date=TUESDAY
    )
    assert toms.post(f"/northside/settings/days-off/{amys.pk}/removal").status_code == 404
    assert northside.account.days_off.live().count() == 2


def test_a_bookkeeper_changes_nobodys(northside: Practice) -> None:
    northside.member.role = Role.BOOKKEEPER
    northside.member.save()

    assert signed_in(northside.member).get(here(northside)).status_code == 403
