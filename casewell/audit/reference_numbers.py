"""A practitioner's reference numbers, each with one funder at one business, as rows to fill in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django import forms

from casewell.accounts.models import Business, Practitioner, ReferenceNumber
from casewell.audit.models import record_change
from casewell.lib.provider_numbers import is_provider_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db import models

    from casewell.audit.actors import Actor


class NumberForm(forms.Form):
    """One reference number of a practitioner; an empty row is none."""

    business = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    name = forms.CharField(max_length=255, required=False, label="Kind of number")
    reference_number = forms.CharField(max_length=255, required=False, label="Number")

    def __init__(self, *args: Any, businesses: Iterable[Business], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        place: Any = self.fields["business"]
        place.choices = [("", "Choose…"), *((b.pk, str(b)) for b in businesses)]
        self.fields["name"].widget.attrs |= {
            "placeholder": "such as Medicare",
            "list": "number-names",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reference_number"):
            for name in ("business", "name"):
                if not cleaned.get(name) and name not in self.errors:
                    said = "Say at which business." if name == "business" else "Say what it is."
                    self.add_error(name, said)
        return cleaned

    @property
    def given(self) -> tuple[int, str, str] | None:
        """Business, kind and number of a valid row; None for an empty one."""
        row = self.cleaned_data
        if not row.get("reference_number"):
            return None
        return row["business"], row["name"], row["reference_number"]

    @property
    def warning(self) -> str:
        """What looks wrong and is kept all the same."""
        if not self.given or not self.given[1].lower().startswith(("medicare", "provider")):
            return ""
        number = self.given[2]
        if is_provider_number(number):
            return ""
        return f"The check letter of provider number {number} does not fit. It was kept."


def number_rows(
    practitioner: Practitioner, businesses: list[Business], posted: Any = None
) -> forms.BaseFormSet[NumberForm]:
    """The rows of a practitioner's reference numbers, with two empty ones."""
    kept: list[Any] = []
    if not practitioner._state.adding:
        rows = _numbers_in_use(practitioner)
        kept = list(rows.values("business", "name", "reference_number"))
    formset = forms.formset_factory(NumberForm, extra=2, max_num=50)
    return formset(posted, prefix="numbers", initial=kept, form_kwargs={"businesses": businesses})


def _numbers_in_use(practitioner: Practitioner) -> models.QuerySet[ReferenceNumber]:
    """Those at businesses that are open; the others come back with their business."""
    return practitioner.reference_numbers.filter(business__archived_at=None).order_by("id")


def store_numbers(
    practitioner: Practitioner, rows: forms.BaseFormSet[NumberForm], *, by: Actor
) -> None:
    """Make the practitioner's reference numbers those of the valid rows."""
    wanted = [form.given for form in rows.forms if form.given]
    stored = _numbers_in_use(practitioner)
    former = list(stored.values_list("business_id", "name", "reference_number"))
    if former == wanted:
        return
    stored.delete()
    ReferenceNumber.objects.bulk_create(
        ReferenceNumber(
            account_id=practitioner.account_id,
            practitioner=practitioner,
            business_id=business,
            name=name,
            reference_number=number,
        )
        for business, name, number in wanted
    )
    told = [[" ".join(row[1:]) for row in rows] for rows in (former, wanted)]
    record_change(practitioner, "edited", {"reference_numbers": told}, by=by)


class ReferenceNumberForm(forms.ModelForm):  # type: ignore[type-arg]
    """One reference number as a program sends it, who may leave open what pages ask for."""

    class Meta:
        model = ReferenceNumber
        fields = ("practitioner", "business", "name", "reference_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["reference_number"].required = False

    def save(self, *, by: Actor) -> ReferenceNumber:  # type: ignore[override]
        """Store the number; its practitioners' history tells of it."""
        number: ReferenceNumber = self.instance
        former = {} if number._state.adding else {p.pk: p for p in _holders(number)}
        theirs = {p.pk: p for p in [number.practitioner]} | former
        with _told(theirs.values(), by=by):
            number.save()
        return number


def remove_number(number: ReferenceNumber, *, by: Actor) -> None:
    """Take a reference number away for good."""
    with _told([number.practitioner], by=by):
        number.delete()


def _holders(number: ReferenceNumber) -> models.QuerySet[Practitioner]:
    return Practitioner.objects.filter(reference_numbers=number.pk)


@contextmanager
def _told(practitioners: Iterable[Practitioner], *, by: Actor) -> Iterator[None]:
    """Write down what the block changes of those practitioners' reference numbers."""
    holders = list(practitioners)
    former = [_words_of_numbers(holder) for holder in holders]
    yield
    for holder, before in zip(holders, former, strict=True):
        after = _words_of_numbers(holder)
        if before != after:
            record_change(holder, "edited", {"reference_numbers": [before, after]}, by=by)


def _words_of_numbers(practitioner: Practitioner) -> list[str]:
    stored = practitioner.reference_numbers.order_by("id")
    return [" ".join(row) for row in stored.values_list("name", "reference_number")]
