"""What a client may set of a claim: its values, and what came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from casewell.claims.particulars import Field, Kind, Shape, fields_of
from casewell.lib.fields import DayField, TimeInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.claims.models import Claim

MOST = Decimal("99999999.99")
CENT = Decimal("0.01")
CHANGED = (
    "Somebody changed this claim meanwhile. What you typed is still here: compare, and save again "
    "to keep yours."
)


def drawn_as(field: Field) -> forms.Field:
    """The form's field for a value; a draft may leave each of them open."""
    said: dict[str, Any] = {"required": False, "label": field.label}
    if field.shape is Shape.DATE:
        return DayField(**said)
    if field.shape is Shape.TIME:
        return forms.TimeField(widget=TimeInput(), **said)
    if field.shape is Shape.AMOUNT:
        return forms.DecimalField(min_value=0, max_value=MOST, decimal_places=2, **said)
    return forms.CharField(max_length=field.longest, **said)


class ClaimForm(forms.Form):
    """All values of a claim; `texts` are they as the claim keeps them."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, claim: Claim, posted: Mapping[str, Any] | None = None) -> None:
        self.claim = claim
        self.asked = fields_of(Kind(claim.kind))
        state = claim.updated_at.isoformat()
        super().__init__(posted, initial=claim.texts | {"seen": state}, label_suffix="")
        for field in self.asked:
            self.fields[field.name] = drawn_as(field)
            self.fields[field.name].widget.attrs |= {"autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        now = self.claim.updated_at.isoformat()
        if cleaned.get("seen") and cleaned["seen"] != now:
            self.add_error(None, CHANGED)
            drawn: Any = self.data.copy()  # type: ignore[attr-defined]
            drawn["seen"] = now
            self.data = drawn
        return cleaned

    @property
    def texts(self) -> dict[str, str]:
        """The valid form's values by name: dates as ISO, amounts with two places."""
        return {field.name: _text(self.cleaned_data[field.name]) for field in self.asked}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(value.quantize(CENT))
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


class BenefitForm(forms.Form):
    """What came for a lodged claim."""

    benefit = forms.DecimalField(
        min_value=0,
        max_value=MOST,
        decimal_places=2,
        help_text="0 where it was paid to the patient: then no payment is written.",
    )
    paid_on = DayField(label="Paid on")
    reference = forms.CharField(required=False, max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class RejectionForm(forms.Form):
    """Why a lodged claim was refused."""

    reason = forms.CharField(max_length=500, label="Why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
