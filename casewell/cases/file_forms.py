"""What a client may set on a file: what is in it, and which cases it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import RecordForm
from casewell.cases.models import CaseAttachment, PatientCase
from casewell.patients.models import PatientAttachment

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class CaseChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of a patient's cases, closed ones among them."""

    def label_from_instance(self, case: Any) -> str:
        word = "archived" if case.archived_at else "closed" if case.closed_at else ""
        return f"{case.name} ({word})" if word else case.name


LONGEST_KEY = 19  # digits


class FileForm(RecordForm[PatientAttachment]):
    """A file's description and its cases. What others ticked meanwhile stays ticked."""

    cases = CaseChoices(
        PatientCase.objects.none(),
        label="In these cases",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # The cases that were ticked as the form was drawn.
    were = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = PatientAttachment
        fields: ClassVar = ["description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now_in = list(self.instance.case_links.values_list("case_id", flat=True))
        self.initial.update(cases=now_in, were=" ".join(map(str, now_in)))
        offered = self.fields["cases"]
        assert isinstance(offered, CaseChoices)  # noqa: S101 - for the types
        offered.queryset = PatientCase.objects.filter(patient=self.instance.patient_id).order_by(
            "-id"
        )

    def save(self, *, by: Actor) -> PatientAttachment:  # type: ignore[override]
        attachment = super().save(by=by)
        chosen = {case.pk: case for case in self.cleaned_data["cases"]}
        words = self.cleaned_data["were"].split()
        were = {int(word) for word in words if word.isdecimal() and len(word) <= LONGEST_KEY}
        for key in sorted(chosen.keys() - were):
            CaseAttachment.put(attachment, chosen[key], by=by)
        for case in PatientCase.objects.filter(pk__in=were - chosen.keys()).order_by("id"):
            CaseAttachment.take_out(attachment, case, by=by)
        return attachment
