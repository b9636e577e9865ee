"""How text messages leave: an interface, and a bridge over HTTP to whoever sends them.

A vendor's own interface is one more class with `send`, chosen in `chosen_gateway`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import phonenumbers
from django.conf import settings

from casewell.events.gateways import Verdict, hand_over

if TYPE_CHECKING:
    from casewell.patients.models import Patient

MOBILES = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,  # as it is in North America
)


class TextGateway(Protocol):
    """A way for text messages to leave; called by the job worker alone."""

    def send(self, key: int, to: str, text: str) -> Verdict:
        """Hand one over; the same key again is the same message, never a second one."""


@dataclass(frozen=True)
class HttpTextGateway:
    """Posts each message as JSON to an address of the operator's."""

    url: str
    secret: str = ""

    def send(self, key: int, to: str, text: str) -> Verdict:
        body = json.dumps({"id": str(key), "to": to, "text": text})
        return hand_over(self.url, self.secret, key, body)


def chosen_gateway() -> TextGateway | None:
    """The installation's gateway; None where the operator has connected none."""
    if settings.SMS_GATEWAY:
        return HttpTextGateway(settings.SMS_GATEWAY, settings.SMS_GATEWAY_SECRET)
    return None


def mobile_of(patient: Patient) -> str:
    """The patient's first mobile number as the world dials it, `+61400000000`; empty for none."""
    for entry in patient.phone_numbers:
        try:
            number = phonenumbers.parse(entry["number"], patient.account.country_code)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.number_type(number) in MOBILES:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""
