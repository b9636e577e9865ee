"""What is set on recalls and on their types, by pages and programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import GroupedForm, RecordForm
from casewell.lib.fields import ChoiceOfFew
from casewell.lib.placeholders import unknown_fields
from casewell.patients.models import Patient
from casewell.recalls.models import FIELDS, Recall, RecallType

if TYPE_CHECKING:
    from datetime import date


class RecallTypeForm(GroupedForm[RecallType]):
    """A reason to recall patients."""

    groups: ClassVar = {"Recall": ("name", "usual_weeks"), "What an e-mail says": ("message",)}
    spans: ClassVar = {"name": 8, "usual_weeks": 4, "message": 12}

    class Meta:
        model = RecallType
        fields: ClassVar = ["name", "usual_weeks", "message"]
        help_texts: ClassVar = {
            "usual_weeks": "What a new recall proposes.",
            "message": f"With the fields {', '.join(f'{{{name}}}' for name in FIELDS)}.",
        }
        widgets: ClassVar = {"message": forms.Textarea({"rows": 8, "dir": "auto"})}

    def clean_message(self) -> str:
        text: str = self.cleaned_data["message"]
        if unknown := unknown_fields(text, FIELDS):
            raise forms.ValidationError(f"No such field: {{{unknown[0]}}}.")
        return text


class RecallForm(RecordForm[Recall]):
    """Which recall, from which day on, and what to know about it."""

    recall_type = ChoiceOfFew(
        RecallType.objects.live().in_order(), label="Recall", empty_label=None
    )

    class Meta:
        model = Recall
        fields: ClassVar = ["recall_type", "recall_date", "note"]
        widgets: ClassVar = {"note": forms.Textarea({"rows": 3, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.recall_type_id
        choices: Any = self.fields["recall_type"]
        if kept:  # an archived type stays with its recalls
            rows = RecallType.objects
            choices.queryset = (rows.live() | rows.filter(pk=kept)).in_order()

    @property
    def has_types(self) -> bool:
        """Whether there is any type to choose."""
        choices: Any = self.fields["recall_type"]
        return bool(choices.queryset)

    def propose(self, today: date) -> None:
        """For a new one: the first type, and the day on which that is usual."""
        choices: Any = self.fields["recall_type"]
        first = next(iter(choices.queryset), None)
        if first and self.instance._state.adding:
            usual = today + timedelta(weeks=first.usual_weeks)
            self.initial.update(recall_type=first.pk, recall_date=usual)


class RecallAsSent(RecallForm):
    """The same with its patient, whom a program names in a new one."""

    patient = forms.ModelChoiceField(Patient.objects.live())

    class Meta(RecallForm.Meta):
        fields: ClassVar = ["patient", *RecallForm.Meta.fields]
