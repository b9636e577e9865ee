"""What a practice may set on its programmes: a funder's rules, each change a new version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.text import slugify

from casewell.audit.forms import GroupedForm
from casewell.audit.models import recorded
from casewell.cases.models import Programme

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

MOST_SESSIONS, MOST_MONTHS, MOST_DAYS = 200, 120, 3650
SPARE_ROWS = 2


class LinesField(forms.CharField):
    """A list of texts, one in each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]


class ByDisciplineField(LinesField):
    """Sessions by discipline, `{"dietetics": 20}`, each in a line: dietetics: 20."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{name}: {number}" for name, number in value.items())
        return value

    def to_python(self, value: Any) -> Any:
        found = {}
        for line in super().to_python(value):
            name, _, number = line.rpartition(":")
            if not name.strip() or not re.fullmatch(r"\s*[1-9]\d{0,2}\s*", number, re.ASCII):
                raise forms.ValidationError("Write each line as in “dietetics: 20”.")
            found[name.strip().lower()] = int(number)
        return found


def _number(label: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=most)


class ProgrammeForm(GroupedForm[Programme]):
    """The rules of a programme, with their source."""

    groups: ClassVar = {
        "The programme": ("name", "referral_type", "valid_from", "source", "notes"),
        "A case under it": (
            "sessions_per_case",
            "sessions_by_discipline",
            "limit_action",
            "include_cancelled_attendees",
            "include_dna_attendees",
        ),
        "Cap over all of a patient's cases": (
            "cap_period",
            "cap_sessions",
            "cap_sessions_first_nations",
            "cap_by_discipline",
            "cap_months",
            "cap_action",
        ),
        "Clock": ("clock_anchor", "clock_months", "clock_days"),
        "Letter and doubts": ("letter_must_contain", "unconfirmed"),
    }

    sessions_per_case = _number("Sessions a case", MOST_SESSIONS)
    sessions_by_discipline = ByDisciplineField(
        label="Other numbers by discipline", required=False, help_text="As in “acupuncture: 12”."
    )
    cap_sessions = _number("Sessions a period", MOST_SESSIONS)
    cap_sessions_first_nations = _number("Sessions a period, First Nations patients", MOST_SESSIONS)
    cap_by_discipline = ByDisciplineField(
        label="Other caps by discipline", required=False, help_text="As in “dietetics: 20”."
    )
    cap_months = _number("Months of a funding period", MOST_MONTHS)
    clock_months = _number("Months", MOST_MONTHS)
    clock_days = _number("Days", MOST_DAYS)
    letter_must_contain = LinesField(
        required=False, help_text="One in each line; a case's page checks them off."
    )
    unconfirmed = LinesField(
        label="Not confirmed: ask the funder",
        required=False,
        help_text="One in each line. What you have confirmed, set above and take out here.",
    )

    class Meta:
        model = Programme
        fields: ClassVar = [
            "name",
            "referral_type",
            "valid_from",
            "source",
            "notes",
            "sessions_per_case",
            "sessions_by_discipline",
            "limit_action",
            "include_cancelled_attendees",
            "include_dna_attendees",
            "cap_period",
            "cap_sessions",
            "cap_sessions_first_nations",
            "cap_by_discipline",
            "cap_months",
            "cap_action",
            "clock_anchor",
            "clock_months",
            "clock_days",
            "letter_must_contain",
            "unconfirmed",
        ]
        labels: ClassVar = {"cap_period": "Counted over", "clock_anchor": "Starts at"}
        widgets: ClassVar = {
            "source": forms.Textarea({"rows": 2}),
            "notes": forms.Textarea({"rows": 3}),
        }
        help_texts: ClassVar = {
            "limit_action": "Empty: as the practice has it.",
            "cap_action": "Funders keep the count, so most practices warn.",
        }

    def clean_cap_months(self) -> int:
        return self.cleaned_data["cap_months"] or 3

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        granted = cleaned.get("cap_sessions") or cleaned.get("cap_sessions_first_nations")
        if granted and not cleaned.get("cap_period"):
            self.add_error("cap_period", "Say over which time they count.")
        runs = cleaned.get("clock_months") or cleaned.get("clock_days")
        if runs and not cleaned.get("clock_anchor"):
            self.add_error("clock_anchor", "Say from when the clock runs.")
        return cleaned

    def store(self, duties: list[dict[str, Any]], *, by: Actor) -> Programme:
        """A new programme, or a new version of one; cases keep the version they were made under."""
        self.instance.duties = duties
        if not self.instance._state.adding:
            return self.instance.revise(by=by)
        Programme.hold(self.instance.account)
        self.instance.code = _free_code(self.instance)
        with recorded(self.instance, "created", by=by):
            self.instance.save(force_insert=True)
        return self.instance


def _free_code(programme: Programme) -> str:
    """A code of its own among the practice's programmes, from the name."""
    stem = f"own-{slugify(programme.name)[:60]}"
    taken = set(programme.account.programmes.values_list("code", flat=True))
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)


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
