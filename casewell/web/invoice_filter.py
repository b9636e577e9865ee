"""Which invoices are asked for: state, days, people, places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from casewell.contacts.models import Contact
from casewell.invoices.models import DraftInvoice, Invoice
from casewell.invoices.states import in_state
from casewell.lib.fields import RecordSearch
from casewell.lib.formats import formats
from casewell.patients.models import Patient
from casewell.web.day_filter import DATES, DayFilter, days_of

DRAFT = "draft"
STATE_WORDS = [
    ("", "Every state"),
    (DRAFT, "Draft"),
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("part-paid", "Part-paid"),
    ("paid", "Paid"),
    ("void", "Void"),
    ("credit", "Credit"),
]
WHEN = [
    ("", "Issued at any time"),
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "This week"),
    ("month", "This month"),
    ("last_month", "Last month"),
    ("year", "Last 12 months"),
    (DATES, "From – until …"),
]
PEOPLE = ("practitioner", "business", "patient", "payer")


class InvoiceFilter(DayFilter):
    """By state, day of issue, people and places."""

    field_order = ("state", "when", "start", "until", "practitioner", "business")

    state = forms.ChoiceField(choices=STATE_WORDS, required=False)
    when = forms.ChoiceField(choices=WHEN, required=False, label="Issued")
    patient = forms.ModelChoiceField(
        Patient.objects.all(),
        required=False,
        widget=RecordSearch("patient-search", {"placeholder": "Every patient"}),
    )
    payer = forms.ModelChoiceField(
        Contact.objects.all(),
        required=False,
        widget=RecordSearch("contact-search", {"placeholder": "Every payer"}),
    )

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day of issue; None where that end is open."""
        asked, today = self.cleaned_data, self.account.today()
        if asked["when"] == DATES:
            return asked["start"], asked["until"]
        spans = {
            "": (None, None),
            "month": (today.replace(day=1), today),
            "year": (today - timedelta(days=365), today),
        }
        return spans.get(asked["when"]) or days_of(asked["when"], today, self.account.week_start)

    @property
    def asks_for_drafts(self) -> bool:
        return self.is_valid() and self.cleaned_data["state"] == DRAFT

    def found(self) -> Any:
        """The invoices, or drafts, that are asked for, newest first; none if it is not valid."""
        model: Any = DraftInvoice if self.asks_for_drafts else Invoice
        if not self.is_valid():
            return model.objects.none()
        asked = self.cleaned_data
        first, last = self.days
        wanted = {name: asked[name] for name in PEOPLE if asked[name]}
        if first:
            wanted["issue_date__gte"] = first
        if last:
            wanted["issue_date__lte"] = last
        found = model.objects.filter(account=self.account, **wanted)
        if self.asks_for_drafts:
            return found.order_by("-issue_date", "-id")
        return in_state(found, asked["state"], self.account.today()).order_by("-number")

    @property
    def words(self) -> str:
        """What is shown, as a line of words."""
        if not self.is_valid():
            return ""
        asked = self.cleaned_data
        said = [word for key, word in STATE_WORDS if key and key == asked["state"]]
        first, last = self.days
        if first and last:
            said.append(formats().span(first, last) if first != last else formats().day(first))
        elif first or last:
            said.append(f"{'from' if first else 'until'} {formats().day(first or last)}")  # type: ignore[arg-type]
        return " · ".join([*said, *(str(asked[name]) for name in PEOPLE if asked[name])])
