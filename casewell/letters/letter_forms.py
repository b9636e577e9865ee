"""What may be set on a letter while it is a draft, and where a final one is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.db.models import Q

from casewell.audit.forms import GroupedForm
from casewell.letters.models import LONGEST, Letter
from casewell.letters.saying import said_by
from casewell.lib.fields import ChoiceOfFew, RecordSearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase


class LetterForm(GroupedForm[Letter]):
    """A draft: its text, whom it goes to, and what it belongs to."""

    groups: ClassVar = {
        "To whom, and from whom": (
            "recipient",
            "case",
            "duty_code",
            "practitioner",
            "business",
        ),
        "What it says": ("title", "body"),
    }
    spans: ClassVar = {
        "recipient": 12,
        "case": 6,
        "duty_code": 6,
        "practitioner": 6,
        "business": 6,
        "title": 12,
    }
    left_open: ClassVar = {"case": "No case", "duty_code": "No duty"}

    duty_code = forms.ChoiceField(label="Does the duty", required=False)
    body = forms.CharField(
        label="Text",
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 20, "dir": "auto"}),
        help_text="**bold**, *italic*, # heading, - list; --- begins a new page.",
    )

    class Meta:
        model = Letter
        fields: ClassVar = [
            "recipient",
            "case",
            "duty_code",
            "practitioner",
            "business",
            "title",
        ]
        field_classes: ClassVar = {
            "case": ChoiceOfFew,
            "practitioner": ChoiceOfFew,
            "business": ChoiceOfFew,
        }
        labels: ClassVar = {"recipient": "To", "practitioner": "Signed by", "business": "From"}
        help_texts: ClassVar = {"title": "Seen in lists and as the file's name."}
        widgets: ClassVar = {
            "recipient": RecordSearch("contact-search"),
            "title": forms.TextInput({"dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letter, chosen = self.instance, cast("dict[str, Any]", self.fields)
        if "body" not in self.initial and letter.pk:
            self.initial["body"] = letter.version.body
        account = letter.account
        cases = letter.patient.cases.filter(Q(archived_at=None) | Q(pk=letter.case_id))
        chosen["case"].queryset = cases.select_related("programme", "account").order_by("-pk")
        chosen["practitioner"].queryset = account.practitioners.filter(
            Q(active=True) | Q(pk=letter.practitioner_id)
        ).order_by("last_name", "first_name", "pk")
        chosen["business"].queryset = account.businesses.filter(
            Q(archived_at=None) | Q(pk=letter.business_id)
        ).order_by("pk")
        chosen["recipient"].queryset = account.contacts.filter(
            Q(archived_at=None) | Q(pk=letter.recipient_id)
        )
        chosen["recipient"].widget.know(letter.recipient)
        chosen["recipient"].widget.attrs["placeholder"] = f"{letter.patient}, or search a contact"
        chosen["duty_code"].choices = [("", "No duty"), *_duties(chosen["case"].queryset)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        code, case = cleaned.get("duty_code"), cleaned.get("case")
        if code and code not in _codes(case):
            words = "has no such duty" if case else "is needed: without a case there is no duty"
            self.add_error("duty_code", f"{case or 'A case'} {words}.")
        return cleaned

    def save(self, *, by: Actor) -> Letter:  # type: ignore[override]
        """Raises LetterIsFinal, LetterArchived."""
        self.instance.rewrite(self.cleaned_data["body"], by=by)
        return self.instance

    @property
    def text(self) -> str:
        """The text as it is in the form."""
        return str(self["body"].value() or "")

    def said(self) -> dict[str, Any]:
        """What stands around the text as the form is now: what is wrong in it counts as kept."""
        if self.is_bound:
            self.is_valid()  # puts what is right of it into the letter
        return said_by(self.instance)


def _codes(case: PatientCase | None) -> set[str]:
    return {rule["code"] for rule in (case.programme.duties if case and case.programme else ())}


def _duties(cases: Iterable[PatientCase]) -> Iterator[tuple[str, str]]:
    """Each duty of the cases once, in words."""
    rules = {
        rule["code"]: f"{rule['name']} ({case.programme})"
        for case in cases
        if case.programme
        for rule in case.programme.duties
    }
    yield from rules.items()


class SendForm(forms.Form):
    """Where a final letter goes by e-mail, and what stands above it there."""

    to = forms.EmailField(label="To", max_length=254)
    subject = forms.CharField(max_length=255)
    message = forms.CharField(max_length=5000, widget=forms.Textarea({"rows": 6}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
