"""What a member says of a new key to the API."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from django import forms

from casewell.accounts.models import ApiKey
from casewell.audit.api_keys import issue
from casewell.audit.forms import RecordForm
from casewell.lib.fields import DayField

if TYPE_CHECKING:
    from datetime import date

    from casewell.audit.actors import Actor


class ApiKeyForm(RecordForm[ApiKey]):
    """A name to know it by, and perhaps an end; of the member of its instance."""

    name = forms.CharField(max_length=100, help_text="What will use it, such as Online bookings.")
    until = DayField(
        label="Last day", required=False, help_text="Left empty, it lasts until it is revoked."
    )

    class Meta:
        model = ApiKey
        fields: ClassVar = ["name"]

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until < self.instance.membership.account.today():
            raise forms.ValidationError("Choose today or a later day.")
        return until

    def issue(self, *, by: Actor) -> tuple[ApiKey, str]:
        """Make the key of a valid form, and its only showing. Raises TooManyApiKeys."""
        name: str = self.cleaned_data["name"]
        return issue(self.instance.membership, name=name, expires_at=self._end(), by=by)

    def _end(self) -> datetime | None:
        """The end of the last day, where the practice is."""
        until: date | None = self.cleaned_data["until"]
        if until is None:
            return None
        zone = self.instance.membership.account.zone
        return datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC)
