"""What an administrator sets up of money: items, taxes, ways to pay, the terms of invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from casewell.audit.archiving import archive
from casewell.audit.forms import GroupedForm
from casewell.audit.models import record_change
from casewell.invoices.models import BillableItem, InvoiceTerms, PaymentType, Tax
from casewell.invoices.models.prices import A_PRICE
from casewell.lib.errors import RuleViolation
from casewell.lib.fields import ChoiceOfFew

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.audit.actors import Actor
    from casewell.patients.models import ConcessionType

NAMED = 3  # items that a refusal names


class TaxInUse(RuleViolation):
    """A tax that items are charged with stays."""


def archive_tax(tax: Tax, *, by: Actor) -> None:
    """Put a tax away. Raises TaxInUse while an item that can be chosen has it."""
    names = list(tax.billable_items.filter(archived_at=None).order_by("name").values("name"))
    if names:
        said = ", ".join(f"“{row['name']}”" for row in names[:NAMED])
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        raise TaxInUse(f"{tax} is the tax of {said}{more}. Give them another, then archive it.")
    archive(tax, by=by)


class TaxForm(GroupedForm[Tax]):
    """A tax, by its rate."""

    groups: ClassVar = {"The tax": ("name", "rate")}
    spans: ClassVar = {"name": 8}

    class Meta:
        model = Tax
        fields: ClassVar = ["name", "rate"]
        labels: ClassVar = {"rate": "Rate (%)"}
        help_texts: ClassVar = {"rate": "What is issued keeps the rate that it says."}


class PaymentTypeForm(GroupedForm[PaymentType]):
    """A way to pay."""

    groups: ClassVar = {"The way to pay": ("name",)}
    spans: ClassVar = {"name": 8}

    class Meta:
        model = PaymentType
        fields: ClassVar = ["name"]
        help_texts: ClassVar = {"name": "Takings are added up by it, to match terminal and bank."}
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {"unique_together": "There is a payment type of that name already."}
        }


class InvoiceTermsForm(GroupedForm[InvoiceTerms]):
    """What invoices say, and until when they are due."""

    groups: ClassVar = {
        "Invoices": ("title", "days_due", "first_number", "tax_inclusive"),
        "What stands below": ("how_to_pay", "footer"),
    }
    spans: ClassVar = {"tax_inclusive": 12, "how_to_pay": 12, "footer": 12}

    class Meta:
        model = InvoiceTerms
        fields: ClassVar = [
            "title",
            "days_due",
            "first_number",
            "tax_inclusive",
            "how_to_pay",
            "footer",
        ]
        labels: ClassVar = {"tax_inclusive": "Prices include tax"}
        help_texts: ClassVar = {
            "first_number": "Numbers go on from the last one; a higher number here leaps ahead.",
            "tax_inclusive": "Otherwise tax is added to the prices of items. "
            "What is issued stays as it is.",
            "how_to_pay": "Such as the bank account, for those who pay later.",
        }
        widgets: ClassVar = {
            "how_to_pay": forms.Textarea({"rows": 4}),
            "footer": forms.Textarea({"rows": 3}),
        }


class BillableItemForm(GroupedForm[BillableItem]):
    """What can stand on an invoice, with what it costs those of each concession."""

    groups: ClassVar = {"The item": ("name", "item_code", "item_type", "price", "tax")}
    spans: ClassVar = {"name": 8}
    tax = ChoiceOfFew(
        Tax.objects.live().in_order(),
        required=False,
        empty_label="No tax",
    )

    class Meta:
        model = BillableItem
        fields: ClassVar = ["name", "item_code", "item_type", "price", "tax"]
        labels: ClassVar = {"item_type": "Kind", "item_code": "Item code"}
        help_texts: ClassVar = {"item_code": "As funders and terminals know it, such as 10960."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concessions: dict[str, ConcessionType] = {
            f"concession_{each.pk}": each
            for each in self.instance.account.concession_types.filter(archived_at=None).order_by(
                "name", "id"
            )
        }
        self.agreed = self._agreed()
        for name, concession in self.concessions.items():
            self.fields[name] = forms.DecimalField(
                required=False,
                label=concession.name,
                max_digits=14,
                decimal_places=2,
                validators=A_PRICE,
            )
            self.initial[name] = self.agreed.get(concession.pk)

    def grouped(self) -> dict[str, tuple[str, ...]]:
        agreed = {"Price by concession, where it is another": tuple(self.concessions)}
        return {**self.groups, **(agreed if self.concessions else {})}

    def save(self, *, by: Actor) -> BillableItem:  # type: ignore[override]
        item = super().save(by=by)
        changes: dict[str, Any] = {}
        for name, concession in self.concessions.items():
            former, wanted = self.agreed.get(concession.pk), self.cleaned_data[name]
            if former != wanted:
                self._agree(item, concession, wanted)
                changes[f"price for {concession}"] = [former, wanted]
        if changes:
            record_change(item, "edited", changes, by=by)
        return item

    def _agreed(self) -> dict[int, Decimal]:
        if self.instance._state.adding:
            return {}
        rows = self.instance.concession_prices.values_list("concession_type_id", "price")
        return dict(rows)

    def _agree(self, item: BillableItem, concession: ConcessionType, price: Decimal | None) -> None:
        if price is None:
            item.concession_prices.filter(concession_type=concession).delete()
            return
        item.concession_prices.update_or_create(
            concession_type=concession, defaults={"account_id": item.account_id, "price": price}
        )
