"""Texts with fields in braces. A fixed list of fields; what is typed never reaches a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FIELD = re.compile(r"\{([^{}\n]{1,40})\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field that is not known stays as it was typed.

    >>> filled("Dear {first name}, {x}", {"first name": "Ada {x}", "x": "bye"})
    'Dear Ada {x}, bye'
    >>> filled("{0.__class__}", {"first name": "Ada"})
    '{0.__class__}'
    """
    return FIELD.sub(lambda found: values.get(found[1].strip().lower(), found[0]), text)


def unknown_fields(text: str, known: Collection[str]) -> list[str]:
    """The fields of the text that nothing would be filled in for, in order.

    >>> unknown_fields("Dear {First name}, {surname}", ["first name"])
    ['surname']
    """
    return [name for name in FIELD.findall(text) if name.strip().lower() not in known]
