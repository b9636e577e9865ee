"""What speaks against lodging a claim, in sentences: what stops it, and what one should look at.

Pure: texts go in as they stand in the claim, with what is known of the day and the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from casewell.claims.particulars import Kind, fields_of
from casewell.lib.dva_files import is_file_number
from casewell.lib.formats import formats
from casewell.lib.medicare_cards import is_card_number, is_reference_number
from casewell.lib.provider_numbers import is_provider_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field; one that `stops` keeps the claim from being lodged."""

    field: str
    sentence: str
    stops: bool = True


@dataclass(frozen=True)
class Known:
    """What the values are held against: today, and the last day of the case, where it has one."""

    today: date
    expires_on: date | None = None


def faults_of(kind: Kind, texts: Mapping[str, str], known: Known) -> list[Fault]:
    """All that is wrong, in the order of the form."""
    found = [*_missing(kind, texts), *_of_numbers(texts), *_of_the_service(texts, known)]
    found += _of_the_referral(texts, known)
    places = [field.name for field in fields_of(kind)]
    return sorted(
        (fault for fault in found if fault.field in places),
        key=lambda fault: places.index(fault.field),
    )


def _missing(kind: Kind, texts: Mapping[str, str]) -> Iterator[Fault]:
    for field in fields_of(kind):
        if field.required and not texts.get(field.name):
            yield Fault(field.name, f"{field.label} is missing.")


def _of_numbers(texts: Mapping[str, str]) -> Iterator[Fault]:
    card, place = texts.get("card_number"), texts.get("reference_number")
    if card and not is_card_number(card):
        yield Fault("card_number", "This is no Medicare card number: its check digit does not fit.")
    if place and not is_reference_number(place):
        yield Fault("reference_number", "The reference number is one digit, from 1 to 9.")
    file_number = texts.get("dva_file_number")
    if file_number and not is_file_number(file_number):
        yield Fault("dva_file_number", "A DVA file number is like NX123456 or QSM12345.")
    for name in ("provider_number", "referrer_number"):
        number = texts.get(name)
        if number and not is_provider_number(number):
            sentence = f"The check letter of provider number {number} does not fit."
            yield Fault(name, sentence, stops=False)


def _of_the_service(texts: Mapping[str, str], known: Known) -> Iterator[Fault]:
    served = day_of(texts.get("service_date", ""))
    if served and served > known.today:
        yield Fault("service_date", "The service is still to come.")
    fee = amount_of(texts.get("fee", ""))
    if fee is not None and fee <= 0:
        yield Fault("fee", "The fee is nothing.")


def _of_the_referral(texts: Mapping[str, str], known: Known) -> Iterator[Fault]:
    served = day_of(texts.get("service_date", ""))
    issued = day_of(texts.get("referral_date", ""))
    if served and issued and issued > served:
        yield Fault("referral_date", "The referral was issued after the service.", stops=False)
    if served and known.expires_on and known.expires_on < served:
        ended = formats().day(known.expires_on)
        sentence = f"The case had expired at the service: it ran until {ended}."
        yield Fault("referral_date", sentence, stops=False)


def day_of(text: str) -> date | None:
    """The date of a value; None for an empty one or what is no date.

    >>> day_of("2026-03-03"), day_of("soon")
    (datetime.date(2026, 3, 3), None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def amount_of(text: str) -> Decimal | None:
    """The amount of a value; None for an empty one or what is none.

    >>> amount_of("100.50"), amount_of("free"), amount_of("NaN")
    (Decimal('100.50'), None, None)
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
