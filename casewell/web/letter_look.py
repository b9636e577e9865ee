"""A letter as its paper shows it, on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.letters.merge import empty_fields, filled, unknown_fields
from casewell.letters.preview import html_of

if TYPE_CHECKING:
    from casewell.accounts.models import Business
    from casewell.letters.letter_forms import LetterForm
    from casewell.letters.models import LetterVersion

PIXEL = 25.4 / 96  # millimetres
HIGHEST_LOGO = round(25 / PIXEL)  # pixels, as on paper


def paper_of(
    body: str,
    said: dict[str, Any],
    business: Business | None,
    logo: int | None,
    *,
    for_author: bool = False,
) -> dict[str, Any]:
    """What `letters/_paper.html` shows: `said` is that of a version, `logo` the id of one."""
    fields: dict[str, str] = said.get("fields", {})
    return {
        "business": business,
        "logo": logo,
        "logo_height": height_of_logo(business),
        "head": said.get("head", {}),
        "to": said.get("to", []),
        "dated": said.get("date", ""),
        "body": html_of(filled(body, fields), for_author=for_author),
        "signed": said.get("signed", []),
    }


def logo_at(business: Business | None) -> int | None:
    """The id of the business's logo."""
    return business.logos.values_list("id", flat=True).first() if business else None


def height_of_logo(business: Business | None) -> int:
    """In pixels, as on paper."""
    return min(business.logo_height, HIGHEST_LOGO) if business else 0


def paper_of_version(version: LetterVersion, letter: Any) -> dict[str, Any]:
    """The letter as it was written that time; `letter` knows its `logo`."""
    return paper_of(version.body, version.said, letter.business, letter.logo)


def paper_of_form(form: LetterForm) -> dict[str, Any]:
    """The letter as it is in the form, and what its author should know of the fields."""
    said, text = form.said(), form.text
    letter: Any = form.instance
    paper = paper_of(text, said, letter.business, letter.logo, for_author=True)
    told = {"unknown": unknown_fields(text), "empty": empty_fields(text, said["fields"])}
    return {"paper": paper} | told
