"""What the calendar says of where a booking goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dateparse import parse_datetime

from casewell.accounts.models import Business, Practitioner
from casewell.appointments.clock_times import SkippedTime, moment_of
from casewell.lib.errors import RuleViolation
from casewell.lib.fields import ChoiceOfFew
from casewell.lib.zones import moments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.appointments.models import Booking

LONGEST = timedelta(days=1)


class PlaceForm(forms.Form):
    """Another place for a booking: what is left out stays as it is, its length too.

    Times are `2026-11-24T10:15` on the clocks of the business, or moments with their offset.
    """

    business = ChoiceOfFew(Business.objects.live().order_by("id"), required=False)
    practitioner = ChoiceOfFew(Practitioner.objects.active(), required=False)
    start = forms.CharField(required=False, max_length=40)
    end = forms.CharField(required=False, max_length=40)
    fold = forms.CharField(required=False, max_length=1)

    def __init__(self, sent: Mapping[str, str], *, booking: Booking) -> None:
        self.booking = booking
        # What stays is not checked: somebody who has left keeps their bookings.
        stays = {"business": booking.business_id, "practitioner": booking.practitioner_id}
        super().__init__({k: v for k, v in sent.items() if str(stays.get(k)) != v})

    def places(self) -> dict[str, Any]:
        """The booking's new values, from a valid form.

        Raises RuleViolation; SkippedTime or DoubledTime, where daylight saving has a say.
        """
        one, cleaned = self.booking, self.cleaned_data
        business = cleaned["business"] or one.business
        start, end = one.starts_at, one.starts_at + (one.ends_at - one.starts_at)
        if cleaned["start"]:
            start = self._start(_parsed(cleaned["start"]), business)
            end = start + (one.ends_at - one.starts_at)
        if cleaned["end"]:
            end = self._end(_parsed(cleaned["end"]), start, business)
        if not start < end <= start + LONGEST:
            raise RuleViolation("A booking ends after it starts, and within a day.")
        return {
            "business": business,
            "practitioner": cleaned["practitioner"] or one.practitioner,
            "starts_at": start,
            "ends_at": end,
        }

    def _start(self, given: datetime, business: Business) -> datetime:
        if given.tzinfo:
            return given.astimezone(UTC)
        fold = self.cleaned_data["fold"]
        if not fold and self._is_at(given, self.booking.starts_at, business):
            return self.booking.starts_at
        return moment_of(given, business.zone, fold)

    def _end(self, given: datetime, start: datetime, business: Business) -> datetime:
        """Of a doubled time that one which comes after the start."""
        if given.tzinfo:
            return given.astimezone(UTC)
        if self._is_at(given, self.booking.ends_at, business) and self.booking.ends_at > start:
            return self.booking.ends_at
        found = moments(given, business.zone)
        if not found:
            raise SkippedTime(given, business.zone)
        return next((moment for moment in found if moment > start), found[0])

    def _is_at(self, given: datetime, moment: datetime, business: Business) -> bool:
        """Whether that is a time which the booking has already: it then keeps it exactly."""
        local = moment.astimezone(business.zone).replace(second=0, microsecond=0)
        return given == local.replace(tzinfo=None, fold=0)


def _parsed(text: str) -> datetime:
    try:
        given = parse_datetime(text)
    except ValueError:
        given = None
    if given is None or not 1900 <= given.year < 2200:
        raise RuleViolation(f"“{text}” is no time to book.")
    return given
