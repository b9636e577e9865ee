"""What came in or goes out, as it is typed: several payments at once, a credit, a refund."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from casewell.invoices.models import Received
from casewell.invoices.models.prices import MOST
from casewell.invoices.money import NOTHING
from casewell.lib.fields import DayField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from casewell.invoices.models import Invoice, InvoiceItem, PaymentType

ROWS = 4
LEAST = Decimal("0.01")


class AmountField(forms.DecimalField):
    """An amount above nothing, to the cent; written without a number's spin buttons."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", LEAST)
        super().__init__(max_digits=14, decimal_places=2, max_value=MOST, **kwargs)
        self.widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})


class WayField(forms.TypedChoiceField):
    """A way to pay out of those that are known."""

    def __init__(self, types: Mapping[int, PaymentType], **kwargs: Any) -> None:
        choices = [("", "Choose…"), *((key, str(one)) for key, one in types.items())]
        super().__init__(
            choices=choices, coerce=lambda key: types[int(key)], empty_value=None, **kwargs
        )


class TellsWhatIsWrong(forms.Form):
    """A form that a page draws field by field, with a summary of what is wrong at its head."""

    @property
    def wrong_fields(self) -> list[tuple[forms.BoundField, Any]]:
        return [(field, field.errors) for field in self if field.errors]


class PaymentsForm(TellsWhatIsWrong):
    """Up to four payments at once, and how they are split over a patient's open invoices.

    `invoices` have their balances; the first is the one at hand, which takes what the others do
    not. A payment without an amount is the rest of what is wanted.
    """

    def __init__(
        self, posted: Any, invoices: Sequence[Invoice], types: Iterable[PaymentType], today: date
    ) -> None:
        self.invoices = invoices
        super().__init__(posted, label_suffix="", initial={"paid_on": today})
        known = {one.pk: one for one in types}
        for row in range(ROWS):
            of = f", payment {row + 1}"
            self.fields[f"type_{row}"] = WayField(known, required=False, label="How")
            self.fields[f"amount_{row}"] = AmountField(required=False, label="Amount")
            self.fields[f"reference_{row}"] = forms.CharField(
                required=False, max_length=255, label="Reference"
            )
            for name in ("type", "amount", "reference"):
                field = self.fields[f"{name}_{row}"]
                field.widget.attrs |= {"aria-label": f"{field.label}{of}"}
        self.fields["amount_0"].initial = invoices[0].balance
        self.fields["paid_on"] = DayField(label="Paid on")
        for invoice in invoices[1:]:
            self.fields[f"pays_{invoice.pk}"] = AmountField(
                required=False, min_value=NOTHING, label=f"To {invoice}"
            )

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        names = ("type", "amount", "reference")
        return [{name: self[f"{name}_{row}"] for name in names} for row in range(ROWS)]

    @property
    def others(self) -> list[tuple[Invoice, forms.BoundField]]:
        """The patient's other open invoices, each with the field of what goes to it."""
        return [(one, self[f"pays_{one.pk}"]) for one in self.invoices[1:]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = 0
        for row in range(ROWS):
            way, amount = cleaned.get(f"type_{row}"), cleaned.get(f"amount_{row}")
            given += way is not None
            if amount is not None and way is None and f"type_{row}" not in self.errors:
                self.add_error(f"type_{row}", "Say how it was paid.")
        if not given and not self.errors:
            self.add_error("type_0", "Say how it was paid.")
        if not self.errors:
            self._fill_in_the_rest(cleaned)
        return cleaned

    def _fill_in_the_rest(self, cleaned: dict[str, Any]) -> None:
        rest = self.invoices[0].balance + self._to_others - self.total
        for row in range(ROWS):
            if cleaned[f"type_{row}"] is not None and cleaned[f"amount_{row}"] is None:
                if rest <= 0:
                    self.add_error(f"amount_{row}", "Nothing is left to pay. Say how much it is.")
                    return
                cleaned[f"amount_{row}"], rest = rest, NOTHING

    @property
    def _to_others(self) -> Decimal:
        named = (self.cleaned_data.get(f"pays_{one.pk}") for one in self.invoices[1:])
        return sum((amount for amount in named if amount), NOTHING)

    @property
    def total(self) -> Decimal:
        """What came in, as far as amounts are there."""
        amounts = (self.cleaned_data.get(f"amount_{row}") for row in range(ROWS))
        return sum((amount for amount in amounts if amount), NOTHING)

    @property
    def here(self) -> Decimal:
        """What of it goes to the invoice at hand."""
        return max(min(self.invoices[0].balance, self.total - self._to_others), NOTHING)

    @property
    def rest(self) -> Decimal:
        """What stays the patient's; below nothing where more is given away than came in."""
        return self.total - self._to_others - self.here

    @property
    def received(self) -> list[Received]:
        typed = self.cleaned_data
        return [
            Received(way, typed[f"amount_{row}"], typed[f"reference_{row}"])
            for row in range(ROWS)
            if (way := typed[f"type_{row}"])
        ]

    @property
    def pays(self) -> list[tuple[Invoice, Decimal]]:
        """Each invoice with what goes to it; the one at hand is the first, even with nothing."""
        others = ((one, self.cleaned_data[f"pays_{one.pk}"]) for one in self.invoices[1:])
        return [(self.invoices[0], self.here), *((one, part) for one, part in others if part)]


class RefundForm(forms.Form):
    """A credit, or what else is the patient's, that is paid out: `most` or a part of it."""

    amount = AmountField()
    reference = forms.CharField(required=False, max_length=255)
    paid_on = DayField(label="Paid out on")

    def __init__(
        self, posted: Any, most: Decimal, types: Iterable[PaymentType], today: date
    ) -> None:
        initial = {"amount": most, "paid_on": today}
        super().__init__(posted, label_suffix="", initial=initial)
        self.fields["type"] = WayField({one.pk: one for one in types}, label="How")
        self.order_fields(["type", "amount", "reference", "paid_on"])


class CreditForm(TellsWhatIsWrong):
    """How many of each line are taken back."""

    notes = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea({"rows": 2}), label="Why"
    )

    def __init__(
        self, posted: Any, items: Iterable[InvoiceItem], left: Mapping[int, Decimal]
    ) -> None:
        super().__init__(posted, label_suffix="")
        self.items, self.left = list(items), left
        for item in self.items:
            number = left[item.pk]
            self.fields[f"of_{item.pk}"] = forms.DecimalField(
                required=False,
                max_digits=14,
                decimal_places=4,
                min_value=NOTHING,
                max_value=number,
                initial=f"{number.normalize():f}",
                label=f"How many of {item.name}",
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )

    @property
    def rows(self) -> list[tuple[InvoiceItem, str, forms.BoundField]]:
        """Each line with how many of it are left to credit, and its field."""
        told = ((item, f"{self.left[item.pk].normalize():f}") for item in self.items)
        return [(item, left, self[f"of_{item.pk}"]) for item, left in told]

    @property
    def quantities(self) -> dict[InvoiceItem, Decimal]:
        named = ((item, self.cleaned_data.get(f"of_{item.pk}")) for item in self.items)
        return {item: number for item, number in named if number}


class VoidForm(forms.Form):
    """Why an invoice is taken back whole."""

    reason = forms.CharField(max_length=255)


class EmailForm(forms.Form):
    """To whom an invoice is sent, and with which words."""

    to = forms.EmailField(max_length=254)
    message = forms.CharField(required=False, max_length=5000)
