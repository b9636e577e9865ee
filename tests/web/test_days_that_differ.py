"""Settings › Availability: days off, extra hours and those that repeat, and where they are seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import Business
from casewell.appointments.away import blocks_of
from casewell.availability.models import AvailabilityBlock
from casewell.availability.weeks import set_week
from tests.web.calendar_feed import TUESDAY
from tests.web.pages import said, text_of
from tests.web.test_availability import MORNINGS, OFF, here, spans_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_day_off_is_added_shown_and_removed(northside: Practice, desk: Client) -> None:
    answer = desk.post(here(northside, "/exceptions"), OFF | {"reason": "Conference"})
    assert said(answer) == ["The hours of Amy Shaw are changed for those days."]
    page = text_of(desk.get(here(northside)))
    assert "Wed 4 Mar 2026 Not there · everywhere · Conference" in page

    off = northside.account.days_off.get()
    removed = desk.post(f"/northside/settings/days-off/{off.pk}/removal")
    assert said(removed)[-1] == "It is removed, and the usual hours hold."

    assert "None: each week is as above" in text_of(desk.get(here(northside)))
    assert desk.post(f"/northside/settings/days-off/{off.pk}/removal").status_code == 404


def test_other_hours_than_usual_are_a_day_off_with_extra_hours(
    northside: Practice, desk: Client
) -> None:
    form = {"kind": "other", "date": "2026-03-03", "starts": "14:00", "ends": "16:00"}

    desk.post(here(northside, "/exceptions"), form | {"business": northside.business.pk})

    assert spans_of(northside) == [("14:00", "16:00")]
    assert "Tue 3 Mar 2026 , 2:00 pm – 4:00 pm Extra hours" in text_of(desk.get(here(northside)))


def test_extra_hours_on_several_days_are_one_a_day_and_those_that_repeat_one_in_all(
    northside: Practice, desk: Client
) -> None:
    form = {"kind": "more", "date": "2026-03-07", "starts": "09:00", "ends": "00:00"}
    form |= {"business": str(northside.business.pk)}

    desk.post(here(northside, "/exceptions"), form | {"until": "2026-03-08"})
    rule = {"repeat_type": "Weekly", "repeating_interval": 2, "number_of_repeats": 5}
    desk.post(here(northside, "/exceptions"), form | rule)

    blocks: Any = northside.account.availability_blocks.order_by("id")
    assert [block.repeats_in_words for block in blocks] == ["", "", "again every 2 weeks, 5 times"]
    assert f"{blocks[0].local_end:%H:%M}" == "00:00"


def test_days_that_differ_stand_with_whose_they_are(
    northside: Practice, desk: Client, tom: Practitioner
) -> None:
    toms = f"/northside/settings/practitioners/{tom.pk}/availability"
    more = {"kind": "more", "date": "2026-03-07", "starts": "09:00", "ends": "12:00"}
    desk.post(f"{toms}/exceptions", OFF | {"until": "2026-03-04", "reason": "Conference"})
    desk.post(f"{toms}/exceptions", more | {"business": northside.business.pk})

    assert "Conference" in text_of(desk.get(toms))
    assert "Sat 7 Mar 2026" in text_of(desk.get(toms))
    assert "Conference" not in text_of(desk.get(here(northside)))
    assert "Sat 7 Mar 2026" not in text_of(desk.get(here(northside)))


def test_extra_hours_stand_there_for_a_week_after_they_are_over(
    northside: Practice, desk: Client
) -> None:
    amy, where = northside.amy, northside.business
    for days in (7, 8):
        start = NOON - timedelta(days=days)
        hours = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
        AvailabilityBlock(practitioner=amy, business=where, **hours).add(by=northside.by)

    page = text_of(desk.get(here(northside)))

    assert "Tue 24 Feb 2026" in page
    assert "Mon 23 Feb 2026" not in page


def test_a_day_off_at_one_business_is_none_at_the_others(northside: Practice, desk: Client) -> None:
    lane = Business.objects.create(business_name="Lane", time_zone="Australia/Sydney")
    northside.amy.places.create(business=lane)

    desk.post(here(northside, "/exceptions"), OFF | {"business": lane.pk})

    assert northside.account.days_off.get().business == lane
    assert spans_of(northside, TUESDAY + timedelta(days=1)) == [("08:00", "18:00")]


def test_extra_hours_are_given_for_a_month_at_once(northside: Practice, desk: Client) -> None:
    form = {"kind": "more", "date": "2026-03-04", "starts": "09:00", "ends": "12:00"}
    form |= {"business": str(northside.business.pk), "until": "2026-04-04"}

    assert desk.post(here(northside, "/exceptions"), form).status_code == 302

    assert northside.account.availability_blocks.count() == 32


def test_what_repeats_begins_on_its_first_day_alone(northside: Practice, desk: Client) -> None:
    form = {"kind": "more", "date": "2026-03-04", "until": "2026-03-06", "repeat_type": "Weekly"}
    form |= {"starts": "09:00", "ends": "12:00", "number_of_repeats": "2"}

    desk.post(here(northside, "/exceptions"), form | {"business": str(northside.business.pk)})

    assert northside.account.availability_blocks.get().local_start.date() == TUESDAY + timedelta(
        days=1
    )


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kind": "off"}, "This field is required"),
        (OFF | {"until": "2026-03-01"}, "The last day is on or after the first."),
        ({"kind": "more", "date": "2026-03-04"}, "Say at which business."),
        ({"kind": "more", "date": "2026-03-04", "starts": "09:00"}, "Give both times."),
        (
            {"kind": "more", "date": "2026-03-04", "starts": "09:00", "ends": "08:00"},
            "The hours end after they begin.",
        ),
        (
            {"kind": "more", "date": "2026-03-04", "until": "2026-08-04"},
            "At most a month at once",
        ),
        (
            {"kind": "other", "date": "2026-03-04", "until": "2026-03-05"},
            "Other hours are of one day.",
        ),
        (
            {"kind": "more", "date": "2026-03-04", "repeat_type": "Daily"},
            "Say how often again.",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(
    northside: Practice, desk: Client, form: dict[str, str], told: str
) -> None:
    answer = desk.post(here(northside, "/exceptions"), form)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not northside.account.days_off.exists()
    assert not northside.account.availability_blocks.exists()


def test_a_closed_day_with_extra_hours_is_not_called_closed(
    northside: Practice, desk: Client
) -> None:
    sunday = "/northside/calendar/2026-03-08?view=day"
    assert "day__closed" in desk.get(sunday).content.decode()

    form = {"kind": "more", "date": "2026-03-08", "starts": "09:00", "ends": "12:00"}
    desk.post(here(northside, "/exceptions"), form | {"business": northside.business.pk})

    assert "day__closed" not in desk.get(sunday).content.decode()


def test_the_days_of_somebody_who_is_off_are_blocked_in_their_own_hours(
    northside: Practice,
) -> None:
    set_week(northside.amy, northside.business, MORNINGS, by=northside.by)

    blocks = blocks_of(northside.account, northside.amy, TUESDAY, TUESDAY + timedelta(days=2))

    assert [(f"{b.local_start:%a %H:%M}", f"{b.local_end:%H:%M}") for b in blocks] == [
        ("Tue 08:00", "12:00")
    ]
