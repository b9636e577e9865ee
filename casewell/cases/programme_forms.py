"""What a practice may set on its programmes: a funder's rules, each change a new version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.text import slugify

from casewell.audit.forms import GroupedForm
from casewell.audit.models import recorded
from casewell.cases.models import Programme
from casewell.lib.fields import LinesField

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

MOST_SESSIONS, MOST_MONTHS, MOST_DAYS = 200, 120, 3650


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
    cap_sessions_first_nations = _number("A period, First Nations patients", MOST_SESSIONS)
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
