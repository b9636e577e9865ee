"""Which recalls are asked for: by when, and of which type."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from casewell.lib.fields import ChoiceOfFew
from casewell.recalls.models import RecallType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.accounts.models import Account
    from casewell.recalls.models import RecallQuerySet

WHEN = [
    ("", "Due by today"),
    ("overdue", "Overdue by more than four weeks"),
    ("month", "Due within four weeks"),
    ("all", "All that are open"),
    ("booked", "Booked"),
]
FOUR_WEEKS = timedelta(weeks=4)


class RecallFilter(forms.Form):
    """The filter as the address carries it."""

    when = forms.ChoiceField(choices=WHEN, required=False)
    type = ChoiceOfFew(
        RecallType.objects.in_order(), required=False, empty_label="Every recall type"
    )

    def __init__(self, asked: Mapping[str, Any]) -> None:
        super().__init__(asked)
        for name, label in (("when", "When"), ("type", "Recall type")):
            self.fields[name].widget.attrs["aria-label"] = label

    def recalls(self, account: Account) -> RecallQuerySet:
        """Those that are asked for, the first ones first; none where the filter is wrong."""
        rows: RecallQuerySet = account.recalls.all()
        if not self.is_valid():
            return rows.none()
        found = self._in_time(rows, account)
        if self.cleaned_data["type"]:
            found = found.filter(recall_type=self.cleaned_data["type"])
        related = ("patient", "recall_type", "attendee__booking__business")
        return found.select_related(*related).in_order()

    def _in_time(self, rows: RecallQuerySet, account: Account) -> RecallQuerySet:
        today, when = account.today(), self.cleaned_data["when"]
        if when == "booked":
            return rows.booked()
        if when == "all":
            return rows.open().filter(patient__archived_at=None)
        days = {"": timedelta(), "overdue": -FOUR_WEEKS, "month": FOUR_WEEKS}
        return rows.due(today + days[when])

    @property
    def words(self) -> str:
        """What is asked for, in words."""
        if not self.is_valid():
            return ""
        kind = self.cleaned_data["type"]
        said = dict(WHEN)[self.cleaned_data["when"]]
        return f"{said}, {kind}" if kind else said
