"""What templates draw: the case meter, icons, the navigation, dates in words."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import set_script_prefix
from django.utils import timezone

from casewell.accounts.models import Account, Membership
from casewell.accounts.roles import Role
from casewell.web.templatetags import look

TUESDAY = date(2026, 3, 3)


def drawn(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("counted", "limit", "state"),
    [
        (7, None, "unlimited"),
        (0, 5, "open"),
        (2, 5, "open"),
        (3, 5, "low"),
        (4, 5, "low"),
        (5, 5, "full"),
        (6, 5, "over"),
        (0, 0, "full"),
    ],
)
def test_a_meter_says_in_one_word_how_full_a_case_is(
    counted: int, limit: int | None, state: str
) -> None:
    assert look.meter_state(counted, limit) == state


def test_a_meter_draws_used_and_booked_in_the_proportions_of_the_limit() -> None:
    shown = drawn("{% case_meter 3 1 5 'in 2026' %}")

    assert 'viewBox="0 0 5 1"' in shown
    assert '<rect class="case-meter__used" width="3" height="1">' in shown
    assert '<rect class="case-meter__booked" x="3" width="1" height="1">' in shown
    assert "<b>4 of 5</b> in 2026" in shown
    assert "used 3 · booked 1 · left 1" in shown


def test_a_meter_beyond_its_limit_stays_inside_its_frame_and_says_by_how_much() -> None:
    shown = drawn("{% case_meter 4 3 5 %}")

    assert 'viewBox="0 0 7 1"' in shown
    assert "over by 2" in shown


def test_a_case_without_a_limit_has_words_and_no_bar() -> None:
    shown = drawn("{% case_meter 4 3 None %}")

    assert "<svg" not in shown
    assert "<b>7</b> sessions, no limit" in shown


def test_an_icon_is_silent_unless_it_carries_a_label() -> None:
    assert "aria-hidden=true" in look.icon("check")
    assert 'role="img" aria-label="Medical &quot;alert&quot;"' in look.icon(
        "check", 'Medical "alert"'
    )


def test_the_navigation_marks_the_section_of_the_page_and_no_other() -> None:
    request = RequestFactory().get("/")
    request.member = Membership(  # type: ignore[attr-defined]
        account=Account(slug="northside"), role=Role.RECEPTIONIST
    )

    shown = drawn("{% navigation %} patients {% endnavigation %}", request=request)

    assert shown.count("aria-current") == 1
    assert '<a href="/northside/patients" aria-current="page">' in shown
    assert 'href="/northside/cases"' in shown
    assert "/northside/settings" not in shown


def test_the_navigation_leads_those_to_settings_who_may_change_them() -> None:
    request = RequestFactory().get("/")
    request.member = Membership(  # type: ignore[attr-defined]
        account=Account(slug="northside"), role=Role.POWER_RECEPTIONIST
    )

    shown = drawn("{% navigation %} settings {% endnavigation %}", request=request)

    assert '<a href="/northside/settings" aria-current="page">' in shown


def test_outside_a_practice_there_is_no_navigation() -> None:
    request = RequestFactory().get("/")

    assert drawn("{% navigation %}{% endnavigation %}", request=request) == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 3), "today"),
        (date(2026, 3, 4), "tomorrow"),
        (date(2026, 3, 2), "yesterday"),
        (date(2026, 3, 9), "in 6 days"),
        (date(2026, 3, 10), "10 Mar"),
        (date(2026, 2, 25), "6 days ago"),
        (date(2025, 12, 31), "31 Dec 2025"),
    ],
)
def test_a_day_is_told_as_people_tell_it(day: date, words: str) -> None:
    assert look.day_in_words(day, TUESDAY) == words


def test_a_date_in_words_tells_the_exact_one_on_hover() -> None:
    assert look.when(date(2026, 3, 4), TUESDAY) == (
        '<time datetime="2026-03-04" title="Wed 4 Mar 2026">tomorrow</time>'
    )
    assert look.when(None) == ""


def test_a_moment_is_told_by_the_clock_of_the_current_zone() -> None:
    moment = datetime(2026, 3, 3, 22, 5, tzinfo=UTC)

    with timezone.override("Australia/Sydney"):
        assert ">tomorrow 9:05 am<" in look.when(moment, TUESDAY)


def test_the_address_of_a_record_in_a_list_is_that_of_its_route() -> None:
    both = Template("{% url route slug key %} {% url_of route slug key %}")
    try:
        for prefix in ("/", "/clinic/"):
            set_script_prefix(prefix)
            for route, slug, key in itertools.product(
                ("case", "case-duties"), ("northside", "46-11"), (7, 244132508861443)
            ):
                asked = {"route": route, "slug": slug, "key": key}
                address, in_a_list = both.render(Context(asked)).split()
                assert in_a_list == address
                assert address.startswith(f"{prefix}{slug}/cases/{key}")
    finally:
        set_script_prefix("/")
