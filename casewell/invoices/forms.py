"""A draft as it is written: to whom, when, by whom, and its lines."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.html import format_html

from casewell.accounts.models import Business, Practitioner
from casewell.audit.forms import RecordForm
from casewell.contacts.models import Contact
from casewell.invoices.models import DraftInvoice
from casewell.lib.fields import ChoiceOfFew, RecordSearch


class DraftForm(RecordForm[DraftInvoice]):
    """All of a draft but its lines. The place and the practitioner of a visit are the visit's."""

    practitioner = ChoiceOfFew(
        Practitioner.objects.active().order_by("last_name", "first_name", "id"), empty_label=None
    )
    business = ChoiceOfFew(Business.objects.live().order_by("id"), empty_label=None)
    payer = forms.ModelChoiceField(
        Contact.objects.live(),
        required=False,
        widget=RecordSearch("contact-search", {"placeholder": "The patient, or search a payer"}),
        label="Who pays",
    )

    class Meta:
        model = DraftInvoice
        fields: ClassVar = [
            "practitioner",
            "business",
            "payer",
            "invoice_to",
            "issue_date",
            "due_date",
            "extra_information",
            "notes",
        ]
        widgets: ClassVar = {
            "invoice_to": forms.Textarea({"rows": 2}),
            "extra_information": forms.Textarea({"rows": 2}),
            "notes": forms.Textarea({"rows": 2}),
        }
        labels: ClassVar = {"extra_information": "About the patient", "notes": "Notes"}
        help_texts: ClassVar = {
            "invoice_to": "Empty: name and address of who pays.",
            "extra_information": "Stands on the invoice.",
            "notes": "Stand on the invoice.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].widget.know(self.instance.payer)
        if self.instance.attendee_id:
            del self.fields["practitioner"], self.fields["business"]
        elif not self.instance._state.adding:
            self._keep_who_it_names()

    def _keep_who_it_names(self) -> None:
        """A stored draft names whom it named, though new ones are not given to who left since."""
        practitioner, business = self.instance.practitioner, self.instance.business
        if not practitioner.active:
            self._keep("practitioner", practitioner, Q(active=True))
        if business.archived_at:
            self._keep("business", business, Q(archived_at=None))

    def _keep(self, name: str, record: Practitioner | Business, usual: Q) -> None:
        field: Any = self.fields[name]
        kept: Any = type(record).objects
        field.queryset = kept.filter(usual | Q(pk=record.pk)).order_by(
            *field.queryset.query.order_by
        )
        field.help_text = format_html(
            "{} is not active any more: issue it all the same, or choose another.", record
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        issued, due = cleaned.get("issue_date"), cleaned.get("due_date")
        if issued and due and due < issued:
            self.add_error("due_date", "This is before the day of issue.")
        return cleaned
