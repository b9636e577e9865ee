"""The lines of a draft as they are typed: rows to fill in, each with what it comes to."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from casewell.invoices.lines import Line
from casewell.invoices.models.prices import MOST
from casewell.invoices.money import Amounts, total_of
from casewell.lib.fields import LONGEST_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from casewell.invoices.price_list import PriceList

MOST_LINES = 100
MOST_OF_ONE = 1_000_000
MOST_IN_ALL = Decimal(10) ** 10  # of a line; a hundred of them still fit the columns
DISCOUNT = re.compile(r"(\d{1,10}(?:\.\d{1,4})?)\s*(%?)")
ROW = re.compile(r"lines-(\d{1,3})-name", re.ASCII)
FULL_PRICE = "Full price"
NO_TAX = "No tax"

Typed = dict[str, str]


class LineForm(forms.Form):
    """One line. `discount` is an amount, or a part such as `10%`."""

    name = forms.CharField(max_length=255, label="What")
    quantity = forms.DecimalField(
        max_digits=14, decimal_places=4, min_value=Decimal("0.0001"), max_value=MOST_OF_ONE
    )
    unit_price = forms.DecimalField(
        max_digits=14, decimal_places=2, min_value=-MOST, max_value=MOST - 1, label="Price"
    )
    discount = forms.CharField(required=False, max_length=20)
    tax = forms.ChoiceField(required=False)
    concession = forms.ChoiceField(required=False)
    priced_for = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    item = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, typed: Mapping[str, str], number: int, prices: PriceList) -> None:
        self.number, self.prices = number, prices
        prefix = f"lines-{number}"
        named = {f"{prefix}-{name}": value for name, value in typed.items()}
        super().__init__(named, prefix=prefix, label_suffix="")
        tax: Any = self.fields["tax"]
        tax.choices = [("", NO_TAX), *((t.key, t.label) for t in prices.taxes.values())]
        concession: Any = self.fields["concession"]
        concession.choices = [("", FULL_PRICE), *((name, name) for name in prices.concessions)]
        for name, field in self.fields.items():
            of_row = f"{field.label or name.capitalize()}, line {number + 1}"
            field.widget.attrs |= {"aria-label": of_row, "autocomplete": "off"}
        for name in ("quantity", "unit_price"):
            self.fields[name].widget = _amount_input(self.fields[name].widget.attrs)

    def clean_discount(self) -> str:
        typed: str = self.cleaned_data["discount"].strip().replace(",", ".")
        if not typed:
            return ""
        found = DISCOUNT.fullmatch(typed)
        if found is None:
            raise forms.ValidationError("An amount such as 5.00, or a part such as 10%.")
        if found[2] and Decimal(found[1]) > 100:
            raise forms.ValidationError("At most 100%.")
        if not found[2] and round(Decimal(found[1]), 2) != Decimal(found[1]):
            raise forms.ValidationError("An amount has at most two places.")
        return f"{found[1]}{found[2]}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        charge = self.line.charge(tax_inclusive=False)
        if (charge.discounted_amount or 0) > abs(charge.gross):
            self.add_error("discount", "More than the line comes to.")
        elif abs(charge.amounts.total) > MOST_IN_ALL:
            self.add_error("unit_price", "More than can be invoiced.")
        return cleaned

    @property
    def line(self) -> Line:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        part, amount = _discount(typed["discount"])
        tax = self.prices.taxes.get(typed["tax"])
        key = key_of(typed["item"])
        return Line(
            name=typed["name"],
            code=typed["code"],
            billable_item=key if key in self.prices.items else None,
            quantity=typed["quantity"],
            unit_price=typed["unit_price"],
            discount_percentage=part,
            discounted_amount=amount,
            concession_type_name=typed["concession"],
            tax_name=tax.name if tax else "",
            tax_rate=Decimal(tax.rate) if tax else Decimal("0.00"),
        )

    def amounts(self, *, tax_inclusive: bool) -> Amounts | None:
        """What it comes to; None while it cannot be told."""
        return self.line.charge(tax_inclusive=tax_inclusive).amounts if self.is_valid() else None


class LineRows:
    """The rows of a draft, from its lines or from what was sent."""

    def __init__(self, rows: Iterable[Typed], prices: PriceList, *, tax_inclusive: bool) -> None:
        self.typed = list(rows)[:MOST_LINES]
        self.tax_inclusive = tax_inclusive
        self.forms = [LineForm(row, at, prices) for at, row in enumerate(self.typed)]

    def __iter__(self) -> Iterable[tuple[LineForm, Amounts | None]]:
        for form in self.forms:
            yield form, form.amounts(tax_inclusive=self.tax_inclusive)

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    @property
    def lines(self) -> list[Line]:
        return [form.line for form in self.forms if form.is_valid()]

    @property
    def amounts(self) -> Amounts:
        """What the rows come to that can be told."""
        return total_of(line.charge(tax_inclusive=self.tax_inclusive) for line in self.lines)


def typed_in(posted: Mapping[str, str], without: int | None = None) -> list[Typed]:
    """The rows that a form sent, in their order; those that say nothing are left out."""
    numbers = sorted({int(found[1]) for name in posted if (found := ROW.fullmatch(name))})
    numbers = [number for number in numbers if number != without]
    names = list(LineForm.base_fields)
    rows = [{name: posted.get(f"lines-{n}-{name}", "") for name in names} for n in numbers]
    return [row for row in rows if row["name"].strip() or row["unit_price"].strip()]


def typed_of(line: Line) -> Typed:
    """A line as its row shows it."""
    discount = "" if line.discounted_amount is None else str(line.discounted_amount)
    if line.discount_percentage is not None and line.discounted_amount is None:
        discount = f"{_short(line.discount_percentage)}%"
    return {
        "name": line.name,
        "quantity": _short(line.quantity),
        "unit_price": f"{line.unit_price:.2f}",
        "discount": discount,
        "tax": f"{line.tax_rate:.4f} {line.tax_name}" if line.tax_name else "",
        "concession": line.concession_type_name,
        "priced_for": line.concession_type_name,
        "item": str(line.billable_item or ""),
        "code": line.code,
    }


def repriced(row: Typed, prices: PriceList) -> Typed:
    """The row at the price of the concession that was chosen for it since it was drawn."""
    if row["concession"] == row["priced_for"]:
        return row
    price = prices.price_of(key_of(row["item"]), row["concession"])
    now = row["unit_price"] if price is None else f"{price:.2f}"
    return row | {"unit_price": now, "priced_for": row["concession"]}


def _discount(typed: str) -> tuple[Decimal | None, Decimal | None]:
    """The part in per cent or the amount."""
    if not typed:
        return None, None
    amount = Decimal(typed.removesuffix("%"))
    return (amount, None) if typed.endswith("%") else (None, amount)


def _short(number: Decimal) -> str:
    """Without the noughts behind the point that say nothing: 2, 0.5."""
    return f"{number.normalize():f}"


def key_of(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0


def _amount_input(attrs: Mapping[str, Any]) -> forms.TextInput:
    # Not a number's own field, which the wheel of a mouse changes and which knows one way to
    # write a decimal.
    return forms.TextInput(dict(attrs) | {"inputmode": "decimal"})
