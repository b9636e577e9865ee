"""Phone numbers, as a client sends them and as a form keeps them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from django import forms

from casewell.lib.phones import validate_phone_numbers


class PhoneNumber(msgspec.Struct):
    """A phone number and what kind of phone it is."""

    number: str
    phone_type: Literal["Mobile", "Home", "Work", "Fax", "Other"] = "Mobile"


class PhonesAsSent(forms.JSONField):
    """The whole list, which replaces what was there."""

    def __init__(self) -> None:
        super().__init__(required=False, validators=[validate_phone_numbers])

    def clean(self, value: Any) -> Any:
        return super().clean(value) or []
