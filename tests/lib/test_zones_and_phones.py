"""Local days and times, and phone numbers as they are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from casewell.lib.phones import validate_phone_numbers
from casewell.lib.provider_numbers import LETTERS, LOCATIONS, check_letter, is_provider_number
from casewell.lib.zones import at, day_span, exists, validate_zone, zone_names

SYDNEY = ZoneInfo("Australia/Sydney")


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 3), 24), (date(2026, 10, 4), 23), (date(2026, 4, 5), 25)],
)
def test_a_day_has_the_hours_that_the_clocks_give_it(day: date, hours: int) -> None:
    start, end = day_span(day, SYDNEY)

    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


def test_a_time_that_clocks_show_twice_is_the_first_of_the_two() -> None:
    doubled = at(date(2026, 4, 5), time(2, 30), SYDNEY)

    assert doubled.astimezone(UTC) == datetime(2026, 4, 4, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "shown"),
    [
        (datetime(2026, 10, 4, 1, 59), True),  # noqa: DTZ001 - a clock's own time
        (datetime(2026, 10, 4, 2, 0), False),  # noqa: DTZ001
        (datetime(2026, 10, 4, 3, 0), True),  # noqa: DTZ001
        (datetime(2026, 4, 5, 2, 30), True),  # noqa: DTZ001
    ],
)
def test_a_time_that_daylight_saving_skips_does_not_exist(local: datetime, shown: bool) -> None:
    assert exists(local, SYDNEY) is shown


def test_only_iana_names_are_zones() -> None:
    validate_zone("Australia/Sydney")
    for name in ("Sydney", "australia/sydney", "", "AEST", "../etc/passwd"):
        with pytest.raises(ValidationError):
            validate_zone(name)
    assert {"UTC", "Australia/Darwin"} <= set(zone_names())


def phone(number: Any = "0400 000 123", kind: Any = "Mobile") -> dict[str, Any]:
    return {"number": number, "phone_type": kind}


@pytest.mark.parametrize("numbers", [[], [phone()], [phone(), phone("123", "Fax")]])
def test_phone_numbers_are_a_list_of_number_and_type(numbers: Any) -> None:
    validate_phone_numbers(numbers)


@pytest.mark.parametrize(
    "numbers",
    [
        None,
        {},
        "0400 000 123",
        ["0400 000 123"],
        [{"number": "0400 000 123"}],
        [phone() | {"id": 1}],
        [phone(kind="Pager")],
        [phone(kind=[])],
        [phone("12")],
        [phone("1" * 31)],
        [phone(400_000_123)],
        [phone(None)],
    ],
)
def test_anything_else_is_no_phone_number(numbers: Any) -> None:
    with pytest.raises(ValidationError):
        validate_phone_numbers(numbers)


def test_of_all_check_letters_one_fits() -> None:
    for location in LOCATIONS:
        fitting = [x for x in LETTERS if is_provider_number(f"242959{location}{x}")]
        assert fitting == [check_letter("242959", location)]


@pytest.mark.parametrize("text", ["", "2429591", "242959IL", "24295911L", "2429591L2", "L", "ab"])
def test_what_has_another_shape_is_no_provider_number(text: str) -> None:
    assert not is_provider_number(text)


def test_leading_zeros_may_be_left_out() -> None:
    letter = check_letter("4295", "1")

    assert is_provider_number(f"0042951{letter}")
    assert is_provider_number(f" 4295 1{letter.lower()} ")
