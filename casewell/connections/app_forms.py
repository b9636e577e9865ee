"""What an operator writes about an app, and what a visitor proposes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from casewell.connections.addresses import LONGEST
from casewell.connections.models import (
    MOST_PATTERNS,
    AppDecision,
    ApprovedApp,
    Decider,
    check_patterns,
)
from casewell.connections.proposals import take_proposal

LONGEST_ADDRESSES = MOST_PATTERNS * (LONGEST + 12)
WORDS = ("name", "vendor", "contact", "is_signed", "note")
ONE_A_LINE = (
    "One a line: an exact address, or one with * as the first part of its host, such as "
    "*.example.com/patients. https:// may be left out."
)


class AppForm(forms.ModelForm):  # type: ignore[type-arg]
    """An app's words and its addresses, one a line; each wrong one is told by itself."""

    addresses = forms.CharField(
        max_length=LONGEST_ADDRESSES,
        help_text=ONE_A_LINE,
        widget=forms.Textarea(
            {"rows": 4, "spellcheck": "false", "autocapitalize": "none", "dir": "ltr"}
        ),
    )

    class Meta:
        model = ApprovedApp
        fields = ("name", "vendor", "contact", "addresses", "is_signed", "note")
        labels: ClassVar = {"name": "App name", "is_signed": "Signed launch"}
        help_texts: ClassVar = {
            "name": "As practices know it.",
            "is_signed": "Each launch carries a token that the app verifies.",
        }
        widgets: ClassVar = {"note": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if not self.instance._state.adding:
            self.initial["addresses"] = "\n".join(self.instance.written_patterns)

    def clean_addresses(self) -> list[str]:
        return check_patterns(self.cleaned_data["addresses"].splitlines())

    def said(self) -> tuple[list[str], dict[str, Any]]:
        """The addresses, and all the rest."""
        said = self.cleaned_data
        return said["addresses"], {name: said[name] for name in WORDS}


class ApprovedAppForm(AppForm):
    """The operator's own; `seen` says how many decisions there were when it was drawn."""

    seen = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = "For operators; practices do not see it."
        self.initial["seen"] = str(self._decided().count())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen, now = cleaned.get("seen", ""), self._decided().count()
        if seen.isdecimal() and int(seen) < now:
            self._show_what_was_decided(now - int(seen))
        return cleaned

    def _show_what_was_decided(self, latest: int) -> None:
        """Say who was faster, and let a second sending go over it."""
        for decision in self._decided()[:latest]:
            self.add_error(None, f"{decision.who} was faster: {decision.verb}.")
        self.add_error(None, "What you typed is still here: compare, and save again to keep yours.")
        drawn: Any = self.data.copy()  # type: ignore[attr-defined]
        drawn["seen"] = self.initial["seen"]
        self.data = drawn

    def save(self, *, by: Decider) -> ApprovedApp:  # type: ignore[override]
        """Propose a new app, or change this one. Raises ValidationError."""
        patterns, rest = self.said()
        if self.instance._state.adding:
            return ApprovedApp.propose(patterns, by=by, **rest)
        self.instance.revise(patterns, by=by, **rest)
        return self.instance  # type: ignore[no-any-return]

    def _decided(self) -> Any:
        decisions = AppDecision.objects.filter(app=self.instance.pk)
        return decisions.exclude(verb="tried")


class ProposalForm(AppForm):
    """The public one. A field that is drawn for nobody, `website`, tells who is no person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vendor"].help_text = "Who makes it, as on its invoices."
        self.fields["contact"].help_text = "Where the decision, and questions, can be sent."
        self.fields["note"].label = "What it does"
        self.fields["note"].help_text = "And for which practices, if you know."

    @property
    def is_by_a_person(self) -> bool:
        return not self.data.get("website")

    def save(self) -> ApprovedApp:  # type: ignore[override]
        """Raises TooManyProposals, or ValidationError."""
        patterns, rest = self.said()
        return take_proposal(patterns, **rest)
