"""What a claim says, as data: its fields in the order of the form, and where a value came from.

No database and no Django: a claim keeps these as JSON, a gateway sends them, a page draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """Whom a claim goes to; the values are those of a case's referral type."""

    MEDICARE = "medicare"
    DVA = "dva"

    @property
    def label(self) -> str:
        return "Medicare" if self is Kind.MEDICARE else "DVA"


class Source(StrEnum):
    """Which record a value was taken from; `TYPED` by somebody, `NOWHERE` where none had it."""

    PATIENT = "patient"
    CASE = "case"
    REFERRER = "referrer"
    PRACTITIONER = "practitioner"
    VISIT = "visit"
    INVOICE = "invoice"
    PRICE = "price"
    PROGRAMME = "programme"
    TYPED = "typed"
    NOWHERE = ""


class Shape(StrEnum):
    """How a value is written: dates as 2026-03-03, times as 12:00, amounts as 100.00."""

    TEXT = "text"
    DATE = "date"
    TIME = "time"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Field:
    """One thing that a claim says; `kinds` are the claims that say it."""

    name: str
    label: str
    group: str
    shape: Shape = Shape.TEXT
    kinds: tuple[Kind, ...] = (Kind.MEDICARE, Kind.DVA)
    required: bool = True
    longest: int = 100


@dataclass(frozen=True)
class Value:
    """What a field says, and the record it came from by its kind and id."""

    value: str = ""
    source: Source = Source.NOWHERE
    key: int | None = None

    @classmethod
    def of(cls, value: object, source: Source, key: int | None) -> Value:
        """A value of a record; nothing where the record does not have it."""
        text = "" if value is None else str(value).strip()
        return cls(text, source, key) if text else cls()

    def written(self) -> dict[str, Any]:
        """It as JSON."""
        return {"value": self.value, "source": str(self.source), "key": self.key}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Value:
        """It from its JSON."""
        return cls(written["value"], Source(written["source"]), written["key"])


Values = dict[str, Value]

PATIENT, PROVIDER, REFERRAL, SERVICE = "Patient", "Servicing provider", "Referral", "Service"
FIELDS = (
    Field("patient_name", "Patient", PATIENT, longest=255),
    Field("birth_date", "Date of birth", PATIENT, Shape.DATE),
    Field("card_number", "Medicare card number", PATIENT, kinds=(Kind.MEDICARE,)),
    Field("reference_number", "Reference number on the card", PATIENT, kinds=(Kind.MEDICARE,)),
    Field("dva_file_number", "DVA file number", PATIENT, kinds=(Kind.DVA,)),
    Field("provider_name", "Provider", PROVIDER, longest=255),
    Field("provider_number", "Provider number", PROVIDER),
    Field("referrer_name", "Referring provider", REFERRAL, longest=255),
    Field("referrer_number", "Referring provider number", REFERRAL),
    Field("referral_date", "Issue date", REFERRAL, Shape.DATE),
    Field("referral_period", "Period", REFERRAL, required=False),
    Field("item_number", "Item number", SERVICE),
    Field("service_date", "Date of service", SERVICE, Shape.DATE),
    Field("service_time", "Time of service", SERVICE, Shape.TIME, required=False),
    Field("fee", "Fee", SERVICE, Shape.AMOUNT),
)


def fields_of(kind: Kind) -> list[Field]:
    """What a claim of that kind says, in the order of the form."""
    return [field for field in FIELDS if kind in field.kinds]


def texts_of(values: Mapping[str, Value]) -> dict[str, str]:
    """The values alone, by the names of their fields."""
    return {name: value.value for name, value in values.items()}


def written(values: Mapping[str, Value]) -> dict[str, Any]:
    """Values as JSON."""
    return {name: value.written() for name, value in values.items()}


def read(kept: Mapping[str, Mapping[str, Any]]) -> Values:
    """Values from their JSON."""
    return {name: Value.read(value) for name, value in kept.items()}


def typed_over(former: Mapping[str, Value], texts: Mapping[str, str]) -> Values:
    """What a form was sent with: a value that is as it was keeps where it came from.

    >>> card = Value("2123456701", Source.PATIENT, 7)
    >>> typed_over({"card_number": card}, {"card_number": "2123456701", "fee": "9.00"})["fee"]
    Value(value='9.00', source=<Source.TYPED: 'typed'>, key=None)
    """
    return {
        name: former[name]
        if name in former and former[name].value == text
        else Value.of(text, Source.TYPED, None)
        for name, text in texts.items()
    }
