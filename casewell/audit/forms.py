"""The form of a record: narrowed to the account, saved by somebody, never over a newer change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from casewell.audit.models import Change, recorded
from casewell.lib.days import validate_day
from casewell.lib.fields import NOTHING_CHOSEN, DateInput, say_nothing_chosen
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

RecordT = TypeVar("RecordT", bound=models.Model)


class RecordForm(forms.ModelForm, Generic[RecordT]):  # type: ignore[type-arg]
    """A ModelForm whose `save` says who acts and leaves a Change row.

    `seen` is the state that the form was drawn from: where somebody has changed the record since,
    the form shows what, and saves only when it is sent again.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    instance: RecordT
    # What leaving a choice open means, where that is more than not having chosen.
    left_open: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            say_nothing_chosen(field, self.left_open.get(name, NOTHING_CHOSEN))
            if isinstance(field, forms.DateField):
                field.widget = DateInput(field.widget.attrs)
                field.validators.append(validate_day)
        if self.is_bound and "seen" not in self.data:
            self.fields.pop("seen")  # the API and small forms change single fields
        else:
            self.initial["seen"] = self._state()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen")
        if not self.instance._state.adding and seen and seen != self._state():
            self._show_what_changed(seen)
        return cleaned

    def save(self, *, by: Actor) -> RecordT:  # type: ignore[override]
        """Store the record. `by` acts."""
        verb = "created" if self.instance._state.adding else "edited"
        record: Any = self.instance
        stored = type(record)._base_manager.filter(pk=record.pk)
        before = None if record._state.adding else stored.get()
        with recorded(record, verb, by=by, before=before):
            record.save()
        return self.instance

    def _state(self) -> str:
        changed = getattr(self.instance, "updated_at", None)
        return changed.isoformat() if changed else ""

    def _show_what_changed(self, seen: str) -> None:
        """Say who changed what meanwhile, and let a second sending go over it."""
        since = parse_datetime(seen) or timezone.now()
        record: Any = self.instance
        changes = Change.objects.of(record).filter(created_at__gt=since)
        for change in changes.select_related("user"):
            when = formats().clock(timezone.localtime(change.created_at))
            for name, (former, latter) in change.changes.items():
                words = f"{name.replace('_', ' ')} from “{former or ''}” to “{latter or ''}”"
                self.add_error(None, f"{change.user or change.job} changed {words} at {when}.")
        self.add_error(
            None,
            "Somebody changed this while you were editing. What you typed is still here: "
            "compare, and save again to keep yours.",
        )
        # What is drawn now has been seen.
        drawn: Any = self.data.copy()  # type: ignore[attr-defined]
        drawn[self.add_prefix("seen")] = self._state()
        self.data = drawn

    def _get_validation_exclusions(self) -> set[str]:
        # Else uniqueness inside the account would go unchecked.
        return super()._get_validation_exclusions() - {"account"}  # type: ignore[misc, no-any-return]


class SpanningField(forms.BoundField):
    """A field that knows how wide it is drawn."""

    @property
    def span(self) -> int | None:
        """Twelfths of the form's width; None is a third."""
        spans: dict[str, int] = getattr(self.form, "spans", {})
        return spans.get(self.name)


class GroupedForm(RecordForm[RecordT]):
    """A long form, whose fields stand under headings: `{"Heading": ("field", …)}`, each once.

    `spans` are the widths of fields that are not a third of the form's, in twelfths.
    """

    groups: ClassVar[dict[str, tuple[str, ...]]]
    spans: ClassVar[dict[str, int]] = {}
    bound_field_class = SpanningField
    template_name = "django/forms/groups.html"

    def get_context(self) -> dict[str, Any]:
        groups = self.grouped().items()
        named = {heading: [self[name] for name in names] for heading, names in groups}
        return super().get_context() | {"groups": named.items()}

    def grouped(self) -> dict[str, tuple[str, ...]]:
        """The groups as they are drawn: a form with fields of its records adds theirs."""
        return self.groups
