"""Named fields in letters: a fixed list, filled in where they stand in braces, and read only once.

What a field says is text: it is neither Markdown nor searched for further fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casewell.letters.text import Block, Run, cleaned, joined, read
from casewell.lib import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GROUPS: dict[str, tuple[str, ...]] = {
    "Letter": (
        "today",
        "recipient name",
        "recipient salutation",
        "recipient address",
        "duty",
        "missing from the referral",
    ),
    "Patient": (
        "patient name",
        "patient title",
        "patient first name",
        "patient last name",
        "patient date of birth",
        "patient age",
        "patient address",
        "patient phone",
        "patient email",
        "patient reference",
        "patient they",
        "patient them",
        "patient their",
        "Medicare number",
        "DVA card number",
        "health fund",
        "health fund number",
    ),
    "Practitioner": ("practitioner name", "practitioner discipline", "provider number"),
    "Practice": (
        "practice name",
        "business name",
        "business address",
        "business contact",
        "business website",
    ),
    "Referrer": (
        "referrer name",
        "referrer salutation",
        "referrer practice",
        "referrer address",
        "referrer provider number",
    ),
    "Case": (
        "case name",
        "condition",
        "programme",
        "referral type",
        "issue date",
        "plan date",
        "expiry date",
        "sessions allowed",
        "sessions used",
        "sessions used elsewhere",
        "sessions booked",
        "sessions left",
        "first date attended",
        "last date attended",
        "dates attended",
        "claim number",
        "injury date",
        "employer",
        "case manager",
        "payer",
    ),
}


@dataclass(frozen=True)
class Field:
    """A field as authors know it."""

    name: str
    group: str

    @property
    def typed(self) -> str:
        """As it stands in a text."""
        return f"{{{self.name}}}"

    @property
    def key(self) -> str:
        return self.name.lower()


FIELDS = tuple(Field(name, group) for group, names in GROUPS.items() for name in names)
KNOWN = {field.key: field for field in FIELDS}


def filled(text: str, values: Mapping[str, str]) -> list[Block]:
    """The blocks of a text, its fields filled in by `values`, whose keys are `Field.key`.

    A field that is not known stays as typed, so that its author sees it. One that is known, but
    of which nothing is, says nothing.

    >>> [block.words for block in filled("Dear {Patient name}, {x}", {"patient name": "{today}"})]
    ['Dear {today}, {x}']
    """
    return [replace(block, runs=tuple(_filled(joined(block.runs), values))) for block in read(text)]


def _filled(runs: tuple[Run, ...], values: Mapping[str, str]) -> Iterator[Run]:
    for run in runs:
        done = 0
        for found in placeholders.FIELD.finditer(run.text):
            if found.start() > done:
                yield replace(run, text=run.text[done : found.start()])
            done = found.end()
            field = KNOWN.get(found[1].strip().lower())
            if field is None:
                yield replace(run, text=found[0], unknown=True)
            else:
                said = cleaned(values.get(field.key, ""))
                yield replace(run, text=said, field=field.name)
        if done < len(run.text):
            yield replace(run, text=run.text[done:])


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """A subject with its fields filled in, on one line.

    >>> filled_line("Report: {patient name}", {"patient name": "Ada\\nRossi"})
    'Report: Ada Rossi'
    """
    said = dict.fromkeys(KNOWN, "") | dict(values)
    return " ".join(cleaned(placeholders.filled(cleaned(text), said)).split())


def unknown_fields(text: str) -> list[str]:
    """What stands in braces and is no field, once each, in order, for the text's author.

    >>> unknown_fields("{patient nam}, {today}, {patient nam}")
    ['patient nam']
    """
    runs = (run for block in filled(text, {}) for run in block.runs)
    return list(dict.fromkeys(run.text[1:-1] for run in runs if run.unknown))


def empty_fields(text: str, values: Mapping[str, str]) -> list[str]:
    """The fields of the text of which nothing is known, once each, in order.

    >>> empty_fields("{Condition}, {today}", {"today": "4 Mar 2026"})
    ['condition']
    """
    runs = (run for block in filled(text, values) for run in block.runs)
    return list(dict.fromkeys(run.field for run in runs if run.field and not run.text.strip()))
