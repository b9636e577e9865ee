"""A new appointment that repeats: its dates before it is booked, and what is done about each."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from casewell.accounts.models import LimitAction
from casewell.appointments.models import Attendee, Booking, Series
from casewell.cases.models import PatientCase
from tests.web.full_case import sent_with
from tests.web.pages import SLUG, booked, text_of
from tests.web.series import dates_in, known_in, weekly
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
NEW = f"{SLUG}/bookings/new"
SYDNEY = ZoneInfo("Australia/Sydney")
FIRST = datetime(2026, 3, 15, 22, 0, tzinfo=UTC)  # nine in Sydney, a Monday


def looked(desk: Client, fields: dict[str, Any]) -> Any:
    """The look that the panel takes while one chooses."""
    case = {"case_of": fields["patient"]}
    answer = desk.get(f"{NEW}?{urlencode(fields | case, doseq=True)}")
    assert answer.status_code == 200
    return answer


def test_the_dates_are_shown_on_the_clock_with_what_each_would_pass(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=10)

    answer = looked(desk, weekly(northside, case=knee.pk))

    shown = dates_in(answer)
    assert [when for when, _, _ in shown[:4]] == [
        "Mon 16 Mar 2026, 9:00 am",
        "Mon 23 Mar 2026, 9:00 am",
        "Mon 30 Mar 2026, 9:00 am",
        "Mon 6 Apr 2026, 9:00 am",
    ]
    assert [warnings for _, _, warnings in shown] == [""] * 10 + [
        "It would be number 11, over the limit.",
        "It would be number 12, over the limit.",
    ]
    said = text_of(answer)
    assert "12 appointments, Mon 16 Mar 2026 – Mon 1 Jun 2026." in said
    assert said.count("These 12 pass the limit at number 11.") == 1
    assert "Saving it asks what to do instead." in said


def test_those_that_do_not_fit_are_left_out_or_booked_without_the_case_at_one_choice(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=10)
    fields = weekly(northside, case=knee.pk)

    without = looked(desk, fields | {"beyond": "without"})
    left_out = looked(desk, fields | {"beyond": "skip"})

    assert [act for _, act, _ in dates_in(without)] == ["book"] * 10 + ["without"] * 2
    assert "12 appointments, Mon 16 Mar 2026 – Mon 1 Jun 2026. 2 without the case." in text_of(
        without
    )
    assert [act for _, act, _ in dates_in(left_out)] == ["book"] * 10 + ["skip"] * 2
    assert "10 appointments, Mon 16 Mar 2026 – Mon 18 May 2026. 2 left out." in text_of(left_out)


def test_a_series_passes_the_limit_and_then_the_expiry_and_says_both(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=5, expiry_date=FIRST.date() + timedelta(weeks=6))

    answer = looked(desk, weekly(northside, 8, case=knee.pk))

    assert "These 8 pass the limit at number 6 and the expiry date at number 7." in text_of(answer)


def test_what_clashes_is_said_of_its_date_and_once_more_before_it_is_booked(
    northside: Practice, desk: Client
) -> None:
    northside.attend(at=FIRST + timedelta(days=7), patient=northside.patient())
    fields = weekly(northside, 3)

    refused = desk.post(NEW, fields)

    assert refused.status_code == 422
    assert "Look at the dates first: something else is booked on one of them." in text_of(refused)
    assert [warnings for _, _, warnings in dates_in(refused)] == [
        "",
        "Amy Shaw has Ben Wu 9:00 – 9:45 am.",
        "",
    ]
    answer = desk.post(NEW, fields | known_in(refused))
    assert answer.status_code == 302
    assert Booking.objects.filter(series__isnull=False).count() == 3


def test_dates_are_left_out_or_booked_without_the_case_as_chosen(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=1)
    dates = ["2026-03-16:skip", "2026-03-23:without", "2026-03-30:book", "2026-04-06:skip"]

    answer = desk.post(
        NEW, weekly(northside, 5, case=knee.pk, dates=[*dates, "2026-04-13:without"])
    )

    assert answer.status_code == 302, text_of(answer)
    visits = Attendee.objects.order_by("booking__starts_at").select_related("booking__business")
    told = [(f"{one.booking.local_start:%d %b %H:%M}", one.case_id) for one in visits]
    assert told == [("23 Mar 09:00", None), ("30 Mar 09:00", knee.pk), ("13 Apr 09:00", None)]
    [series] = Series.objects.all()
    assert answer["Location"] == f"{SLUG}/bookings/{series.pk}"


def test_a_full_case_is_asked_about_for_the_whole_series_and_raised_for_it(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=10)
    fields = weekly(northside, case=knee.pk, known_ahead="These 12 pass the limit at number 11.")

    refused = desk.post(NEW, fields)

    assert refused.status_code == 422
    assert 'name="raise_to" type="number" min="12"' in refused.content.decode()
    raised = fields | sent_with(refused, "raise", raise_to="12", raise_reason="Agreed by phone")
    assert desk.post(NEW, raised).status_code == 302
    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "12 of 12"


def test_all_may_be_booked_without_the_full_case(northside: Practice, desk: Client) -> None:
    knee = northside.case(max_sessions=2)
    fields = weekly(northside, 3, case=knee.pk, known_ahead="These 3 pass the limit at number 3.")
    refused = desk.post(NEW, fields)

    assert "Book all of them without a case" in text_of(refused)
    assert desk.post(NEW, fields | sent_with(refused, "none")).status_code == 302
    assert Attendee.objects.filter(case=None).count() == 3


def test_who_has_not_seen_that_the_limit_is_passed_sees_it_first(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=2, limit_action=LimitAction.WARN)

    refused = desk.post(NEW, weekly(northside, 3, case=knee.pk))

    assert refused.status_code == 422
    assert "Look at the dates first: These 3 pass the limit at number 3." in text_of(refused)
    again = desk.post(NEW, weekly(northside, 3, case=knee.pk) | known_in(refused))
    assert again.status_code == 302
    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "3 of 2"


def test_without_scripts_the_dates_are_shown_by_a_button(northside: Practice, desk: Client) -> None:
    answer = desk.post(NEW, weekly(northside, 3, look="yes"))

    assert answer.status_code == 200
    assert len(dates_in(answer)) == 3
    assert 'role="alert"' not in answer.content.decode()  # to have looked is no mistake
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"repeat_times": ""}, "Say how many times."),
        ({"repeat_times": "53"}, "Ensure this value is less than or equal to 52."),
        ({"repeat_every": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"repeat_ends": "until", "repeat_until": ""}, "Say until when."),
        (
            {"repeat": "daily", "repeat_ends": "until", "repeat_until": "2026-12-31"},
            "That is more than 52 dates: the most that a series may have.",
        ),
        (
            {"repeat_ends": "until", "repeat_until": "2026-03-15"},
            "The last day is before the first.",
        ),
        (
            {"dates": [f"2026-03-{day}:skip" for day in (16, 23, 30)]},
            "All dates are left out: leave one of them in.",
        ),
    ],
)
def test_a_rule_that_gives_no_series_is_refused_in_words(
    northside: Practice, desk: Client, wrong: dict[str, Any], sentence: str
) -> None:
    answer = desk.post(NEW, weekly(northside, 3) | wrong)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Booking.objects.exists()


def test_what_does_not_repeat_is_not_refused_for_how_it_would(
    northside: Practice, desk: Client
) -> None:
    answer = desk.post(NEW, booked(northside, repeat="", repeat_every="0", repeat_times="x"))

    assert answer.status_code == 302
    assert not Series.objects.exists()


def test_a_time_that_clocks_skip_says_so_at_its_date(northside: Practice, desk: Client) -> None:
    fields = weekly(northside, 2, date="2026-09-27", time="02:30")

    assert [when for when, _, _ in dates_in(looked(desk, fields))] == [
        "Sun 27 Sep 2026, 2:30 am",
        "Sun 4 Oct 2026, 3:30 am clocks skip 2:30 am that day",
    ]


def test_book_another_keeps_the_case_and_says_where_the_series_passes_it(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=3)
    visit = northside.attend(knee, FIRST)

    page = desk.get(f"{NEW}?like={visit.booking_id}&repeat=weekly&repeat_times=3")

    assert f'value="{knee.pk}" id="case-{knee.pk}" checked' in page.content.decode()
    assert "These 3 pass the limit at number 3." in text_of(page)


def test_the_look_takes_the_same_few_statements_for_three_dates_and_for_fifty(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=10)
    looks = [
        f"{NEW}?{urlencode(weekly(northside, n, case=knee.pk) | {'case_of': northside.ada.pk})}"
        for n in (3, 3, 50)
    ]

    assert [statements_of(desk, look) for look in looks][1:] == [10, 10]


def test_blocks_repeat_and_their_dates_are_shown_by_a_button(
    northside: Practice, desk: Client
) -> None:
    northside.attend(at=FIRST + timedelta(days=14))
    fields = weekly(northside, 3, minutes="60", notes="Team meeting")

    shown = desk.post(f"{SLUG}/blocks/new", fields | {"look": "yes"})
    assert shown.status_code == 200
    assert 'role="alert"' not in shown.content.decode()
    assert [warnings for _, _, warnings in dates_in(shown)] == [
        "",
        "",
        "Amy Shaw has Ada Rossi 9:00 – 9:45 am.",
    ]
    dates = {"dates": ["2026-03-30:skip"]}
    assert desk.post(f"{SLUG}/blocks/new", fields | dates).status_code == 302
    blocks = Booking.objects.filter(kind=Booking.Kind.BLOCK).order_by("starts_at")
    assert [one.starts_at for one in blocks] == [FIRST, FIRST + timedelta(days=7)]
    assert {str(one.series) for one in blocks} == {"weekly"}
    assert "1st of 2, weekly" in text_of(desk.get(f"{SLUG}/bookings/{blocks[0].pk}"))


@pytest.mark.parametrize("page", ["bookings/new", "blocks/new", "classes/new"])
def test_enter_books_and_does_not_only_look_at_the_dates(desk: Client, page: str) -> None:
    text = desk.get(f"{SLUG}/{page}").content.decode()
    form = text[text.index('class="sheet__form"') :]

    buttons = re.findall(r'<button[^>]*type="submit"[^>]*>', form)

    assert "name=" not in buttons[0]  # the first is what Enter presses
    assert sum('name="look"' in one for one in buttons) == 1
