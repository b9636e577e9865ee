"""What a programme asks for, as rows of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.text import slugify

if TYPE_CHECKING:
    from casewell.cases.models import Programme

SPARE_ROWS = 2


class DutyForm(forms.Form):
    """A duty, and the rule by which it is due."""

    WHEN: ClassVar = [
        ("", "Choose…"),
        ("after first_session", "after the first visit"),
        ("after last_session", "after the last visit"),
        ("before session", "before visit number"),
        ("by session", "by visit number"),
        ("before last_session", "so many before the last"),
        ("before clock_end", "before the clock ends"),
    ]
    NUMBERED: ClassVar = ("before session", "by session", "before last_session")

    name = forms.CharField(label="Duty", max_length=255, required=False)
    when = forms.ChoiceField(label="Due", choices=WHEN, required=False)
    number = forms.IntegerField(label="Number", required=False, min_value=1, max_value=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name"):
            return cleaned
        if not cleaned.get("when"):
            self.add_error("when", "Say when it is due.")
        if cleaned.get("when") in self.NUMBERED and not cleaned.get("number"):
            self.add_error("number", "Say which number.")
        return cleaned


class DutyRows(BaseFormSet):  # type: ignore[type-arg]
    """The duties of a programme, an emptied one removed."""

    rules: list[dict[str, Any]]

    def as_rules(self) -> list[dict[str, Any]]:
        """The duties as `Programme.duties` has them; one that is kept keeps its code."""
        rules: list[dict[str, Any]] = []
        for number, form in enumerate(self.forms):
            typed = form.cleaned_data
            if typed.get("name"):
                former = self.rules[number] if number < len(self.rules) else {}
                rules.append(_rule(typed, former, {rule["code"] for rule in rules}))
        return rules


def duty_rows(programme: Programme, posted: Any) -> DutyRows:
    """Rows for the duties that there are, and a few more."""
    kind: Any = formset_factory(DutyForm, formset=DutyRows, extra=SPARE_ROWS, max_num=30)
    shown = [_typed(rule) for rule in programme.duties]
    rows: DutyRows = kind(posted, prefix="duties", initial=shown)
    rows.rules = list(programme.duties)
    return rows


def _typed(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the form shows it."""
    if rule.get("after"):
        return {"name": rule["name"], "when": f"after {rule['after']}"}
    if "due_by_session" in rule:
        return {"name": rule["name"], "when": "by session", "number": rule["due_by_session"]}
    number = rule.get("session") or rule.get("sessions_before")
    if rule.get("before") == "last_session":
        number = rule.get("sessions_before", 2)
    return {"name": rule["name"], "when": f"before {rule.get('before', '')}", "number": number}


def _rule(typed: dict[str, Any], former: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """A typed duty as a rule; what the form does not show is kept where the rule stays."""
    word, _, event = typed["when"].partition(" ")
    number = typed.get("number") or 0
    said = {k: v for k, v in _typed(former).items() if v} if former else {}
    if said == {k: v for k, v in typed.items() if v}:
        return former
    code = former.get("code") or slugify(typed["name"]).replace("-", "_")[:80] or "duty"
    while code in taken:
        code = f"{code}_2"
    rule = {"code": code, "name": typed["name"]}
    if word == "after":
        return rule | {"after": event}
    if word == "by":
        return rule | {"window_from_session": max(number - 2, 0), "due_by_session": number}
    if event == "clock_end":
        return rule | {"before": event}
    return rule | {"before": event, "session" if event == "session" else "sessions_before": number}
