"""What a client may send: properties with their types, read one by one so that each is named."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, get_args, get_type_hints

import msgspec

from casewell.api.errors import Invalid
from casewell.api.rows import plain_name

Text255 = Annotated[str, msgspec.Meta(max_length=255)]
Text1To255 = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Ref = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,19}$")] | int
"""An id, as text or as a number."""
Amount = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$")] | int | float
"""A decimal number, as text or as a number."""
Moment = Annotated[datetime, msgspec.Meta(extra_json_schema={"format": "date-time"})]
Day = Annotated[date, msgspec.Meta(extra_json_schema={"format": "date"})]

OF_THE_CLASS = ("required", "into")
BLANK = "can't be blank"
NUL = "can't contain the character NUL"
EXPECTED = re.compile(r"Expected `([^`]+)`(?: of length (<=|>=) (\d+))?(.*)", re.DOTALL)
WORDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "datetime": "a date and time in ISO 8601",
    "date": "a date, YYYY-MM-DD",
    "null": "null",
}
BOUNDS = {"<=": "at most", ">=": "at least"}


class Body:
    """Properties by name and type; `required` are those that a new record needs.

    `into` says which field of a form a property fills: the one of its name, an id the relation.
    """

    required: ClassVar[tuple[str, ...]] = ()
    into: ClassVar[dict[str, str]] = {}

    @classmethod
    @cache
    def types(cls) -> dict[str, Any]:
        """The type of each property."""
        hints = get_type_hints(cls, include_extras=True)
        return {plain_name(n): kind for n, kind in hints.items() if n not in OF_THE_CLASS}

    @classmethod
    def read(cls, sent: dict[str, Any], *, creating: bool) -> dict[str, Any]:
        """The known properties that were sent, as Python has them.

        Raises Invalid for a wrong type, and where a new record lacks what is required.
        """
        values, errors = {}, {}
        for name, kind in cls.types().items():
            if name in sent:
                try:
                    values[name] = value_of(sent[name], kind)
                except msgspec.ValidationError as error:
                    errors[cls.told_as(name)] = in_words(str(error))
            elif creating and name in cls.required:
                errors[cls.told_as(name)] = BLANK
        if errors:
            raise Invalid(errors)
        return values

    @classmethod
    def field_of(cls, name: str) -> str:
        """The form's field that the property fills."""
        return cls.into.get(name, cls.told_as(name))

    @classmethod
    def told_as(cls, name: str) -> str:
        """How errors name a property: one that names a record, by the relation."""
        return shown(name) if Ref.__args__[0] in get_args(cls.types()[name]) else name


def shown(name: str) -> str:
    """The relation of a property that names a record.

    >>> shown("patient_id"), shown("name"), shown("attendee_ids")
    ('patient', 'name', 'attendee_ids')
    """
    return name.removesuffix("_id")


def value_of(sent: Any, kind: Any) -> Any:
    """`sent` as that type. Raises msgspec.ValidationError."""
    if has_nul(sent):
        raise msgspec.ValidationError(NUL)
    value = msgspec.convert(sent, kind)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    is_nested = isinstance(value, (msgspec.Struct, list))
    return msgspec.to_builtins(value) if is_nested else value


def has_nul(sent: Any) -> bool:
    """Whether a text in it has the one character that the database cannot keep."""
    if isinstance(sent, str):
        return "\0" in sent
    if isinstance(sent, dict):
        return any(has_nul(key) or has_nul(one) for key, one in sent.items())
    return isinstance(sent, list) and any(has_nul(one) for one in sent)


def in_words(error: str) -> str:
    """What msgspec says of a wrong value, as people read it.

    >>> in_words("Expected `str`, got `int`"), in_words("Expected `str` of length <= 9")
    ('must be a string', 'must have at most 9 characters')
    >>> in_words("Expected `str | int`, got `object`")
    'must be a string or a whole number'
    """
    found = EXPECTED.match(error)
    if not found:
        return error[:1].lower() + error[1:]
    kinds, bound, length, _ = found.groups()
    if bound:
        unit = "entries" if kinds == "array" else "characters"
        return f"must have {BOUNDS[bound]} {length} {unit}"
    known = [WORDS.get(kind, kind) for kind in kinds.split(" | ") if kind != "null"]
    return f"must be {' or '.join(known)}"


def key_of(ref: str | int | None) -> int | None:
    """The id that a property names, as a number."""
    return None if ref is None else int(ref)


def decimal_of(amount: str | float | None) -> Decimal | None:
    """The amount that a property gives, exactly as it was written."""
    return None if amount is None else Decimal(str(amount))
