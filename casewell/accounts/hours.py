"""The form field of opening hours: for each weekday some spans, each from one time to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from casewell.accounts.practice import CLOCK, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.accounts.practice import OpeningHours

SPANS, MOST = 2, 6  # spans of a day that are drawn at least, and at most with one to add
MIDNIGHT = "24:00"  # which a time picker cannot say: a day that ends at 00:00 ends at midnight


class HoursWidget(forms.Widget):
    """A row a weekday, in it two spans, or one more than there are."""

    template_name = "widgets/hours.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__()
        self.wrong: dict[str, str] = {}

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_{WEEKDAYS[0]}_0_from" if id_ else ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> OpeningHours:
        """The spans that have a time at all, as typed."""
        found: OpeningHours = {}
        for day in WEEKDAYS:
            spans, n = [], 0
            while f"{name}_{day}_{n}_from" in data and n < len(WEEKDAYS):
                edges = [data[f"{name}_{day}_{n}_from"], data.get(f"{name}_{day}_{n}_to", "")]
                if any(edges):
                    spans.append([edges[0], MIDNIGHT if edges[1] == "00:00" else edges[1]])
                n += 1
            if spans:
                found[day] = spans
        return found

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}_{WEEKDAYS[0]}_0_from" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        hours = value if isinstance(value, dict) else {}
        context["days"] = [
            {
                "name": day.title(),
                "key": day,
                "spans": _rows(hours, day),
                "wrong": self.wrong.get(day),
            }
            for day in WEEKDAYS
        ]
        return context


def _rows(hours: OpeningHours, day: str) -> list[tuple[str, str]]:
    spans = hours.get(day, [])
    blank = [["", ""]] * max(int(len(spans) < MOST), SPANS - len(spans))
    return [(start, "00:00" if end == MIDNIGHT else end) for start, end in [*spans, *blank]]


class HoursField(forms.Field):
    """Opening hours as a business keeps them, with a sentence for each day that cannot be."""

    widget = HoursWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or {}) != (data or {}))

    def clean(self, value: Any) -> OpeningHours:
        hours: OpeningHours = value or {}
        wrong = {day: said for day in hours if (said := what_is_wrong(hours[day]))}
        self.widget.wrong = wrong
        if wrong:
            raise forms.ValidationError([f"{day.title()}: {said}" for day, said in wrong.items()])
        return hours


def what_is_wrong(spans: list[list[str]]) -> str:
    """Why a day cannot have these spans, as a sentence; an empty string where it can.

    >>> what_is_wrong([["08:00", "12:00"], ["13:00", "18:00"]])
    ''
    >>> what_is_wrong([["09:00", "08:00"]])
    'closes at 08:00, before it opens at 09:00.'
    >>> what_is_wrong([["08:00", "13:00"], ["12:00", "18:00"]])
    'opens again at 12:00, before it closed at 13:00.'
    """
    closed = ""
    for start, end in spans:
        if not start or not end:
            return "give both times, when it opens and when it closes."
        if not (CLOCK.fullmatch(start) and CLOCK.fullmatch(end)):
            return "a time is written 08:30."
        if end <= start:
            return f"closes at {end}, before it opens at {start}."
        if closed and start <= closed:
            return f"opens again at {start}, before it closed at {closed}."
        closed = end
    return ""
