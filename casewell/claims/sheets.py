"""What is keyed into a payment terminal by hand, as data: two sheets, each in its keying order.

Pure. A terminal of another make may ask in another order: then the tuples below are what changes.
Source of the orders: docs/domain.md#terminal-sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewell.claims.checks import day_of
from casewell.lib.medicare_cards import digits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Order:
    """What a terminal asks for: once a claim, then again for each service."""

    name: str
    title: str
    once: tuple[tuple[str, str], ...]
    each: tuple[tuple[str, str], ...]


SERVICE = (("item_number", "Item"), ("service_date", "Date"), ("fee", "Fee"))
HEALTH_FUND = Order(
    "health_fund",
    "Health fund claim",
    (("provider_number", "Servicing provider"), ("member_number", "Member")),
    SERVICE,
)
EASYCLAIM = Order(
    "easyclaim",
    "Medicare Easyclaim",
    (
        ("card_number", "Medicare card"),
        ("reference_number", "Reference number"),
        ("provider_number", "Servicing provider"),
        ("referrer_number", "Referrer"),
        ("referral_date", "Referral date"),
        ("referral_period", "Referral period"),
    ),
    SERVICE,
)


@dataclass(frozen=True)
class Service:
    """One thing that is charged: `key` tells it from others, on either sheet."""

    key: int
    name: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Key:
    """A value to key, as it is keyed; empty where it is not known."""

    label: str
    value: str


@dataclass(frozen=True)
class Sheet:
    """A terminal's claim, in the order of its keys; `services` are what it is for."""

    order: Order
    once: list[Key]
    services: list[tuple[Service, list[Key]]]

    @property
    def can_be_keyed(self) -> bool:
        """Whether the patient has what the claim is made from: a membership, a card."""
        return bool(self.services) and any(
            key.value for key in self.once if key.label in ("Member", "Medicare card")
        )


def sheet_of(order: Order, texts: Mapping[str, str], services: Sequence[Service]) -> Sheet:
    """A sheet of what is known."""
    each = [(service, _keys(order.each, service.texts)) for service in services]
    return Sheet(order, _keys(order.once, texts), each)


def _keys(names: tuple[tuple[str, str], ...], texts: Mapping[str, str]) -> list[Key]:
    return [Key(label, keyed(name, texts.get(name, ""))) for name, label in names]


def keyed(name: str, text: str) -> str:
    """A value as it is keyed: dates as 03/03/2026, numbers without spaces.

    >>> keyed("service_date", "2026-03-03"), keyed("card_number", "2123 45670 1")
    ('03/03/2026', '2123456701')
    """
    if name.endswith("_date"):
        day = day_of(text)
        return f"{day:%d/%m/%Y}" if day else ""
    return digits_of(text).upper() if name.endswith("_number") else text


def on_both(one: Sheet, other: Sheet) -> list[Service]:
    """The services that both sheets would claim, in the order of the first."""
    if not (one.can_be_keyed and other.can_be_keyed):
        return []
    theirs = {service.key for service, _ in other.services}
    return [service for service, _ in one.services if service.key in theirs]
