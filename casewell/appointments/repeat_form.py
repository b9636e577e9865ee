"""How often a booking repeats, as it is asked beside one that is being made."""

from __future__ import annotations

from typing import Any

from django import forms

from casewell.lib.fields import DayField
from casewell.lib.recurrence import MOST, MOST_BETWEEN, Frequency, Rule

NOT = "Does not repeat"
WORDS = {Frequency.DAILY: "days", Frequency.WEEKLY: "weeks", Frequency.MONTHLY: "months"}
TIMES, UNTIL = "times", "until"


class RepeatForm(forms.Form):
    """Every so many days, weeks or months: so many times in all, or until a day."""

    repeat = forms.ChoiceField(
        label="Repeats",
        required=False,
        choices=[("", NOT), *((one.value, f"Every … {WORDS[one]}") for one in Frequency)],
    )
    repeat_every = forms.IntegerField(
        label="Every",
        required=False,
        min_value=1,
        max_value=MOST_BETWEEN,
        initial=1,
    )
    repeat_ends = forms.ChoiceField(
        label="Ends",
        required=False,
        choices=[(TIMES, "After … times"), (UNTIL, "On a day")],
        initial=TIMES,
    )
    repeat_times = forms.IntegerField(
        label="Times in all", required=False, min_value=2, max_value=MOST, initial=6
    )
    repeat_until = DayField(label="Last day", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("repeat"):
            # What does not repeat is not refused for how it would.
            self.errors.clear()
            return cleaned
        ends = UNTIL if cleaned.get("repeat_ends") == UNTIL else TIMES
        name = f"repeat_{ends}"
        if cleaned.get(name) is None and name not in self.errors:
            says = {TIMES: "Say how many times.", UNTIL: "Say until when."}
            self.add_error(name, says[ends])
        return cleaned

    @property
    def rule(self) -> Rule | None:
        """The rule of a valid form; None where it is not to repeat."""
        cleaned = self.cleaned_data
        if not cleaned.get("repeat"):
            return None
        frequency, every = Frequency(cleaned["repeat"]), cleaned.get("repeat_every") or 1
        if cleaned.get("repeat_ends") == UNTIL:
            return Rule(frequency, every, until=cleaned["repeat_until"])
        return Rule(frequency, every, times=cleaned["repeat_times"])
