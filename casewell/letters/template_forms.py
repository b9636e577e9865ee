"""What an author may set on a letter template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import GroupedForm
from casewell.cases.models import shipped_programmes
from casewell.letters.merge import unknown_fields
from casewell.letters.models import LetterTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casewell.accounts.models import Account

Choices = list[tuple[str, str]]


class LetterTemplateForm(GroupedForm[LetterTemplate]):
    """A template's text, and when it is offered.

    What is no field is no error: it stays as typed, and `unknown` tells the author.
    """

    groups: ClassVar = {
        "What it is for": (
            "name",
            "purpose",
            "addressee",
            "programme_code",
            "duty_code",
            "discipline",
        ),
        "What it says": ("title", "body"),
    }
    spans: ClassVar = {"name": 12, "title": 12} | dict.fromkeys(
        ("purpose", "addressee", "programme_code", "duty_code", "discipline"), 6
    )

    programme_code = forms.ChoiceField(label="For the programme", required=False)
    duty_code = forms.ChoiceField(label="For the duty", required=False)

    class Meta:
        model = LetterTemplate
        fields: ClassVar = [
            "name",
            "purpose",
            "addressee",
            "programme_code",
            "duty_code",
            "discipline",
            "title",
            "body",
        ]
        help_texts: ClassVar = {
            "discipline": "Such as Physiotherapy. Empty for any.",
            "body": "**bold**, *italic*, # heading, - list; --- begins a new page.",
        }
        widgets: ClassVar = {"body": forms.Textarea({"rows": 18, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        programmes, duties = _rules_of(one.account)
        self._offer("programme_code", "Any", programmes, one.programme_code)
        self._offer("duty_code", "None", duties, one.duty_code)

    def _offer(self, name: str, nothing: str, choices: Choices, kept: str) -> None:
        """Offer `choices`, nothing, and what is kept already though nobody offers it any more."""
        field: Any = self.fields[name]
        known = {code for code, _ in choices}
        former = [(kept, kept)] if kept and kept not in known else []
        field.choices = [("", nothing), *choices, *former]

    @property
    def unknown(self) -> list[str]:
        """What stands in braces in the text as it is now, and is no field."""
        texts = (str(self[name].value() or "") for name in ("title", "body"))
        return list(dict.fromkeys(name for text in texts for name in unknown_fields(text)))


def _rules_of(account: Account) -> tuple[Choices, Choices]:
    """The programmes by code, and their duties: the practice's own, and those that ship."""
    own = account.programmes.filter(archived_at=None).order_by("name", "version")
    rows = list(own.values_list("code", "name", "duties"))
    shipped = ((p["code"], p["name"], p.get("duties", [])) for p in shipped_programmes().values())
    known = {code: (name, duties) for code, name, duties in (*shipped, *rows)}
    programmes = sorted(((code, name) for code, (name, _) in known.items()), key=lambda c: c[1])
    return programmes, list(_duties(known.values()))


def _duties(rules: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each duty once by its code, with its name and the programmes that ask for it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for programme, duties in rules:
        for duty in duties:
            found.setdefault(duty["code"], (duty["name"], []))[1].append(programme)
    for code, (name, programmes) in sorted(found.items(), key=lambda kept: kept[1][0]):
        more = f" and {len(programmes) - 1} more" if len(programmes) > 1 else ""
        yield code, f"{name} ({programmes[0]}{more})"
