"""What pages share on which a letter's text is typed: the fields to choose from, the preview."""

from __future__ import annotations

from itertools import groupby

from casewell.letters.merge import FIELDS, Field

# What a text is given that is previewed as it is typed: the page draws its form again, and the
# preview and what is said about the fields are taken out of the answer. `hx-post` is the page's.
PREVIEWED = {
    "hx-trigger": "input changed delay:400ms",
    "hx-params": "not once",
    "hx-vals": '{"look": "yes"}',
    "hx-target": "#letter-look",
    "hx-select": "#letter-look",
    "hx-swap": "outerHTML",
    "hx-sync": "closest form:replace",
    "data-looks": "",
    "data-letter-text": "",
}


def field_groups() -> list[tuple[str, list[Field]]]:
    """The fields under their headings."""
    return [(group, list(some)) for group, some in groupby(FIELDS, key=lambda field: field.group)]
