"""What may be set of a practice's prices: on the pages of settings, and by programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS

from casewell.appointments.models import AppointmentType
from casewell.audit.forms import RecordForm
from casewell.audit.models import record_change
from casewell.invoices.models import (
    AppointmentTypeBillableItem,
    BillableItem,
    ConcessionPrice,
    Tax,
)
from casewell.lib.fields import ChoiceOfFew
from casewell.patients.models import ConcessionType

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

PRICED_BEFORE = "This item has a price for this concession already."


class TaxForm(RecordForm[Tax]):
    """A tax and its rate."""

    class Meta:
        model = Tax
        fields: ClassVar = ["name", "rate"]


class BillableItemForm(RecordForm[BillableItem]):
    """What can stand on an invoice."""

    left_open: ClassVar = {"tax": "No tax"}
    tax = ChoiceOfFew(Tax.objects.live().in_order(), required=False)

    class Meta:
        model = BillableItem
        fields: ClassVar = ["name", "item_code", "item_type", "price", "tax"]
        labels: ClassVar = {"item_code": "Code", "item_type": "Kind"}


class ConcessionPriceForm(RecordForm[ConcessionPrice]):
    """What an item costs those of a concession."""

    billable_item = ChoiceOfFew(BillableItem.objects.live().in_order())
    concession_type = ChoiceOfFew(ConcessionType.objects.filter(archived_at=None).order_by("name"))

    class Meta:
        model = ConcessionPrice
        fields: ClassVar = ["billable_item", "concession_type", "price"]
        error_messages: ClassVar = {NON_FIELD_ERRORS: {"unique_together": PRICED_BEFORE}}


class TypeItemForm(RecordForm[AppointmentTypeBillableItem]):
    """What a visit of a type is charged with; the type's own history tells of it."""

    appointment_type = ChoiceOfFew(AppointmentType.objects.live().in_order())
    billable_item = ChoiceOfFew(BillableItem.objects.live().in_order())

    class Meta:
        model = AppointmentTypeBillableItem
        fields: ClassVar = [
            *("appointment_type", "billable_item", "quantity"),
            *("discount_percentage", "discounted_amount"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].required = False

    def clean_quantity(self) -> Any:
        """One, where nobody says otherwise."""
        given = self.cleaned_data["quantity"]
        return self.instance.quantity if given is None else given

    def save(self, *, by: Actor) -> AppointmentTypeBillableItem:  # type: ignore[override]
        former = None if self.instance._state.adding else words_of(self._stored())
        link = super().save(by=by)
        _tell(link, former, words_of(link), by=by)
        return link

    def _stored(self) -> AppointmentTypeBillableItem:
        rows = AppointmentTypeBillableItem.objects.select_related("billable_item")
        return rows.get(pk=self.instance.pk)


def take_off(link: AppointmentTypeBillableItem, *, by: Actor) -> None:
    """Charge visits of the type with it no more."""
    link.delete()
    _tell(link, words_of(link), None, by=by)


def words_of(link: AppointmentTypeBillableItem) -> str:
    """So many of what, as the history says it."""
    return f"{Decimal(link.quantity).normalize():f} × {link.billable_item}"


def _tell(
    link: AppointmentTypeBillableItem, former: str | None, now: str | None, *, by: Actor
) -> None:
    if former != now:
        told = {"billable_items": [former, now]}
        record_change(link.appointment_type, "edited", told, by=by)


def first_item_of(kind: AppointmentType) -> AppointmentTypeBillableItem | None:
    """The first of what visits of the type are charged with."""
    links = kind.billable_item_links.select_related("appointment_type", "billable_item")
    return links.order_by("id").first()


def charge_first(kind: AppointmentType, item: BillableItem | None, *, by: Actor) -> None:
    """Let the first of what visits of the type are charged with be that item; None takes it off."""
    link = first_item_of(kind)
    if item is None:
        if link:
            take_off(link, by=by)
        return
    former = words_of(link) if link else None
    link = link or AppointmentTypeBillableItem(appointment_type=kind)
    link.billable_item = item
    link.save()
    _tell(link, former, words_of(link), by=by)
