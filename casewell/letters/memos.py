"""What somebody notes by hand of a call, a message or a talk."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from casewell.audit.forms import RecordForm
from casewell.letters.models import Communication
from casewell.lib.errors import RuleViolation
from casewell.patients.models import Patient


class NoMemo(RuleViolation):
    """What was sent stays as it was sent."""

    code = "no_memo"


class MemoForm(RecordForm[Communication]):
    """A memo: by what way, which way, between whom, and what was said."""

    patient = forms.ModelChoiceField(Patient.objects.live())

    class Meta:
        model = Communication
        fields: ClassVar = [
            *("patient", "type_code", "direction_code", "category_code"),
            *("sender", "recipient", "content", "confidential"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sender", "recipient", "content"):
            text: Any = self.fields[name]
            text.strip = False


def refuse_unless_memo(communication: Communication) -> None:
    """Raise NoMemo for what was sent: only what was noted by hand can be written anew."""
    kinds = Communication.Category
    if communication.category_code not in (None, kinds.MEMO):
        raise NoMemo("Only memos can be changed: this was sent as it stands.")
