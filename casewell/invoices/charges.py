"""What a type of visit is charged with, as rows to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from casewell.audit.models import record_change
from casewell.invoices.models import AppointmentTypeBillableItem, BillableItem
from casewell.invoices.models.prices import A_PRICE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.appointments.models import AppointmentType
    from casewell.audit.actors import Actor

    Charges = forms.BaseFormSet["ChargeForm"]

EXTRA = 2  # empty rows
PERCENT, MONEY = "%", "$"


class ChargeForm(forms.Form):
    """So many of an item, less a discount; a row without an item is none."""

    billable_item = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label="Item"
    )
    quantity = forms.DecimalField(
        required=False, max_digits=14, decimal_places=4, validators=A_PRICE
    )
    discount = forms.DecimalField(
        required=False, min_value=0, max_value=1_000_000, max_digits=11, decimal_places=2
    )
    unit = forms.ChoiceField(
        choices=[(PERCENT, "per cent"), (MONEY, "off the line")],
        required=False,
        label="Discount is",
    )

    def __init__(self, *args: Any, items: Iterable[BillableItem], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["billable_item"]
        field.choices = [("", "Choose…"), *((item.pk, str(item)) for item in items)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unit") != MONEY and (cleaned.get("discount") or 0) > 100:
            self.add_error("discount", "No more than 100 per cent.")
        return cleaned

    @property
    def given(self) -> dict[str, Any] | None:
        """The columns of a valid row; None for an empty one."""
        row = self.cleaned_data
        if not row.get("billable_item"):
            return None
        quantity, discount = row.get("quantity"), row.get("discount") or None
        in_money = row.get("unit") == MONEY
        return {
            "billable_item_id": row["billable_item"],
            "quantity": 1 if quantity is None else quantity,
            "discount_percentage": None if in_money else discount,
            "discounted_amount": discount if in_money else None,
        }


def charges_of(kind: AppointmentType, posted: Any = None) -> Charges:
    """The rows of what a type is charged with, and empty ones."""
    items: Any = BillableItem.objects.live().in_order()
    formset = forms.formset_factory(ChargeForm, extra=EXTRA, max_num=50)
    kept = [_initial(link) for link in _links(kind)]
    return formset(posted, prefix="charges", initial=kept, form_kwargs={"items": list(items)})


def store_charges(kind: AppointmentType, rows: Charges, *, by: Actor) -> None:
    """Charge visits of the type with the valid rows from now on."""
    wanted = [form.given for form in rows.forms if form.given]
    links = list(_links(kind))
    former = _words(links)
    for link, values in zip(links, wanted, strict=False):
        for name, value in values.items():
            setattr(link, name, value)
        link.save()
    for link in links[len(wanted) :]:
        link.delete()
    for values in wanted[len(links) :]:
        kind.billable_item_links.create(account_id=kind.account_id, **values)
    told = [former, _words(_links(kind))]
    if told[0] != told[1]:
        record_change(kind, "edited", {"charged_with": told}, by=by)


def _links(kind: AppointmentType) -> Iterable[AppointmentTypeBillableItem]:
    """Those whose item can be chosen; the others come back with their item."""
    rows = kind.billable_item_links.filter(billable_item__archived_at=None)
    return rows.select_related("billable_item").order_by("id")


def _initial(link: AppointmentTypeBillableItem) -> dict[str, Any]:
    in_money = link.is_monetary_discount
    discount = link.discounted_amount if in_money else link.discount_percentage
    return {
        "billable_item": link.billable_item_id,
        "quantity": f"{link.quantity.normalize():f}",
        "discount": None if discount is None else f"{discount:.2f}",
        "unit": MONEY if in_money else PERCENT,
    }


def _words(links: Iterable[AppointmentTypeBillableItem]) -> list[str]:
    """As in “1 × Consultation” and “2 × Class, less 10 %”."""
    said = []
    for link in links:
        row = _initial(link)
        less = f", less {row['discount']} {row['unit']}" if row["discount"] else ""
        said.append(f"{row['quantity']} × {link.billable_item}{less}")
    return said
