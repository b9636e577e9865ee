"""Pronouns as the API's contract keeps them, five forms of one word; and the choice among them."""

from __future__ import annotations

from typing import Any

from django import forms

FORMS = (
    "nominative",
    "accusative",
    "pronominal_possessive",
    "predicative_possessive",
    "reflexive",
)
USUAL = (
    ("she", "her", "her", "hers", "herself"),
    ("he", "him", "his", "his", "himself"),
    ("they", "them", "their", "theirs", "themself"),
)


def written(pronouns: Any) -> str:
    """As people write them; empty where they are not known.

    >>> written({"nominative": "she", "accusative": "her", "reflexive": "herself"}), written(None)
    ('she/her', '')
    """
    known = pronouns or {}
    return "/".join(filter(None, (known.get("nominative"), known.get("accusative"))))


class PronounsField(forms.ChoiceField):
    """One of the usual pronouns, or those that the record has already (`keep`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.known = {
            written(one): one for one in (dict(zip(FORMS, u, strict=True)) for u in USUAL)
        }
        self._offer()

    def keep(self, pronouns: Any) -> None:
        """Offer a record's own, as they are."""
        if written(pronouns):
            self.known = self.known | {written(pronouns): pronouns}
            self._offer()

    def _offer(self) -> None:
        self.choices = [("", "Not known"), *((words, words) for words in self.known)]

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        return self.known.get(super().clean(value))
