"""What filters of lists that go by days have in common: which days, whom with and where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from casewell.accounts.models import Business, Practitioner
from casewell.lib.days import validate_day
from casewell.lib.fields import ChoiceOfFew, DateInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.accounts.models import Account

DATES = "dates"  # the `when` that says from – until


def days_of(when: str, today: date, week_start: int) -> tuple[date, date]:
    """The first and the last day of a span that is told by its name.

    >>> days_of("week", date(2026, 3, 4), 0)
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 8))
    >>> days_of("last_month", date(2026, 3, 4), 0)
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    monday = today - timedelta(days=(today.weekday() - week_start) % 7)
    last_of_month = today.replace(day=1) - timedelta(days=1)
    spans = {
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "week": (monday, monday + timedelta(days=6)),
        "next_7": (today, today + timedelta(days=6)),
        "last_month": (last_of_month.replace(day=1), last_of_month),
    }
    return spans.get(when, (today, today))


class DayFilter(forms.Form):
    """A filter as the address carries it; what it leaves out is not filtered by.

    A list's own has a field `when`, with DATES among its choices.
    """

    start = forms.DateField(
        required=False, label="From", widget=DateInput, validators=[validate_day]
    )
    until = forms.DateField(
        required=False, label="Until", widget=DateInput, validators=[validate_day]
    )
    practitioner = ChoiceOfFew(
        Practitioner.objects.order_by("last_name", "first_name", "id"),
        required=False,
        empty_label="Every practitioner",
    )
    business = ChoiceOfFew(
        Business.objects.order_by("id"), required=False, empty_label="Every business"
    )

    def __init__(self, asked: Mapping[str, Any], account: Account) -> None:
        super().__init__(asked)
        self.account = account
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label or name.capitalize()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("start"), cleaned.get("until")
        if cleaned.get("when") == DATES and start and until and until < start:
            self.add_error("until", "The last day is before the first one.")
        return cleaned

    @property
    def query(self) -> QueryDict:
        """What the address says of it, and no more than that."""
        dates = {"start", "until"} if self.data.get("when") != DATES else set()
        query = QueryDict(mutable=True)
        for name in self.fields:
            if name not in dates and self.data.get(name):
                query[name] = self.data[name]
        return query
