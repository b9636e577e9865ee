"""What a practice says of a webhook."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone

from casewell.audit.forms import GroupedForm
from casewell.events.addresses import LONGEST, NotAllowed, checked_url
from casewell.events.kinds import EventType
from casewell.events.models import WebhookEndpoint

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.audit.actors import Actor

HEADINGS = {
    "appointment": "Appointments",
    "attendee": "Visits of patients",
    "patient": "Patients",
    "patient_case": "Cases",
    "invoice": "Invoices",
    "communication": "Communications",
}


def in_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """All types under the kind of record that they are about, each with what it is called."""
    choices = [(kind.value, f"{kind.label} ({kind.value})") for kind in EventType]
    parts = groupby(choices, key=lambda choice: choice[0].partition(".")[0])
    return [(HEADINGS[word], list(group)) for word, group in parts]


class EndpointForm(GroupedForm[WebhookEndpoint]):
    """The address and the events. A new one gets its secret when it is saved."""

    groups: ClassVar = {
        "Who is called": ("url", "description"),
        "What it is told of": ("types",),
    }
    spans: ClassVar = {"url": 8, "types": 12}

    url = forms.CharField(
        label="Address",
        strip=True,
        max_length=LONGEST,
        help_text="What receives the calls, such as https://example.com/casewell.",
        widget=forms.TextInput(
            {"inputmode": "url", "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    types = forms.MultipleChoiceField(
        label="Events",
        choices=in_groups,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one event."},
    )

    class Meta:
        model = WebhookEndpoint
        fields: ClassVar = ["url", "description", "types"]

    def clean_url(self) -> str:
        try:
            return checked_url(self.cleaned_data["url"], loopback=settings.WEBHOOK_LOOPBACK)
        except NotAllowed as reason:
            raise forms.ValidationError(str(reason)) from reason

    def add(self, *, by: Actor) -> str:
        """Store a new one; its secret, told this once. Raises TooManyEndpoints."""
        WebhookEndpoint.refuse_one_too_many(self.instance.account)
        secret = self.instance.new_secret()
        self.save(by=by)
        return secret


class SendAgainForm(forms.Form):
    """Which failed deliveries are sent anew: those of the last so many hours."""

    HOURS: ClassVar[dict[str, str]] = {
        "24": "in the last day",
        "72": "in the last three days",
        "720": "in the last 30 days",
    }
    hours = forms.ChoiceField(label="Failed", choices=list(HOURS.items()), initial="72")

    @property
    def since(self) -> datetime:
        return timezone.now() - timedelta(hours=int(self.cleaned_data["hours"]))
