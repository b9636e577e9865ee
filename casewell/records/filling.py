"""The fields of two patients side by side, and what the one that stays may take of the other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import capfirst

from casewell.lib.formats import formats
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

EMPTY: tuple[Any, ...] = (None, "", [], {})
# What is said together is taken together: half of an address is none.
TOGETHER = {
    "address": (
        *("address_1", "address_2", "address_3", "city", "state", "post_code"),
        *("country", "country_code"),
    ),
    "medicare": ("medicare", "medicare_reference_number", "medicare_expiry_date"),
    "dva_card_number": ("dva_card_number", "dva_card_colour"),
    "health_fund": ("health_fund", "health_fund_number"),
}
OWN = {"id", "account", "created_at", "updated_at", "archived_at", "merged_at", "merged_with"}
OF_A_GROUP = {name: group for group, names in TOGETHER.items() for name in names}
LISTED = "phone_numbers"  # the other one's further numbers are added

# `{"field": [before, after]}`, values as in JSON.
Filled = dict[str, list[Any]]


@dataclass(frozen=True)
class Side:
    """A field, or a few that belong together, of both patients in words."""

    name: str
    label: str
    kept: str
    gone: str
    can_be_taken: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.gone


def choices(kept: Patient, gone: Patient) -> list[Side]:
    """What at least one of them has, in the order of the form."""
    return [side for name in _names() if (side := _side(name, kept, gone)).kept or side.gone]


def fill(kept: Patient, gone: Patient, names: Collection[str]) -> Filled:
    """Give `kept` what it lacks of those names; what was and is there now. Nothing is stored."""
    before = {name: _stored(kept, name) for name in _columns()}
    for side in choices(kept, gone):
        if side.name in names and side.can_be_taken:
            _take(side.name, kept, gone)
    after = {name: _stored(kept, name) for name in _columns()}
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def empty_again(kept: Patient, filled: Filled) -> list[str]:
    """Take back what `fill` gave and nobody has changed since; the names of those fields."""
    same = [name for name, (_, after) in filled.items() if _stored(kept, name) == after]
    for name in same:
        field: Any = Patient._meta.get_field(name)
        setattr(kept, field.attname, field.to_python(filled[name][0]))
    return same


def _names() -> Iterator[str]:
    """Each field once, those of a group by the group's name."""
    told = [OF_A_GROUP.get(name, name) for name in _columns()]
    yield from dict.fromkeys(told)


def _columns() -> list[str]:
    return [field.name for field in Patient._meta.local_fields if field.name not in OWN]


def _side(name: str, kept: Patient, gone: Patient) -> Side:
    fields = TOGETHER.get(name, (name,))
    ours, theirs = (_words(name, one) for one in (kept, gone))
    lacks = all(_value(kept, each) in EMPTY for each in fields)
    gives = any(_value(gone, each) not in EMPTY for each in fields)
    more = name == LISTED and bool(_further(kept, gone))
    label = "Address" if name == "address" else capfirst(str(_field(name).verbose_name))
    return Side(name, label, ours, theirs, can_be_taken=(lacks and gives) or more)


def _take(name: str, kept: Patient, gone: Patient) -> None:
    if name == LISTED:
        kept.phone_numbers = [*kept.phone_numbers, *_further(kept, gone)]
        return
    for each in TOGETHER.get(name, (name,)):
        attname = _field(each).attname
        setattr(kept, attname, getattr(gone, attname))


def _further(kept: Patient, gone: Patient) -> list[dict[str, str]]:
    """The other one's numbers that are not there yet, however they are spaced."""
    known = {_digits(entry["number"]) for entry in kept.phone_numbers}
    return [entry for entry in gone.phone_numbers if _digits(entry["number"]) not in known]


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _field(name: str) -> Any:
    return Patient._meta.get_field(name if name != "address" else "address_1")


def _value(patient: Patient, name: str) -> Any:
    return getattr(patient, _field(name).attname)


def _stored(patient: Patient, name: str) -> Any:
    """The value as it is kept in JSON, so that it can be compared with one that was."""
    return json.loads(json.dumps(_value(patient, name), cls=DjangoJSONEncoder))


def _words(name: str, patient: Patient) -> str:
    """What is said there, for people; empty where nothing is."""
    if name == "address":
        return ", ".join(patient.address)
    if name == LISTED:
        return ", ".join(entry["number"] for entry in patient.phone_numbers)
    if name == "pronouns":
        return patient.pronoun
    if name == "date_of_birth":
        return formats().day(patient.date_of_birth) if patient.date_of_birth else ""
    return ", ".join(filter(None, (_told(patient, n) for n in TOGETHER.get(name, (name,)))))


def _told(patient: Patient, name: str) -> str:
    field, value = _field(name), getattr(patient, name)
    if value in EMPTY:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.get_internal_type() == "DateField":
        return formats().day(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)
