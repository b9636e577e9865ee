"""The editor of a draft: what its form sent, counted and drawn again, or saved and issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from casewell.cases.models import AmountPassed
from casewell.invoices.forms import DraftForm
from casewell.invoices.line_forms import LineRows, Typed, repriced, typed_in, typed_of
from casewell.invoices.models import AlreadyInvoiced
from casewell.invoices.price_list import PriceList
from casewell.invoices.stating import stated_of_visit
from casewell.lib.errors import RuleViolation
from casewell.web.forms import prepared
from casewell.web.invoice_facts import facts_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.invoices.models import DraftInvoice, Invoice
    from casewell.web.requests import PracticeRequest

SAVES = ("draft", "issue", "knowingly", "pay")
CHANGED = "The lines below changed with what you chose last: look them over, and send them again."


class Editor:
    """One showing of a draft's form. `act` is the button that was pressed."""

    def __init__(self, request: PracticeRequest, draft: DraftInvoice) -> None:
        self.request, self.draft = request, draft
        self.posted = request.POST if request.method == "POST" else None
        self.act = request.POST.get("act", "look")
        self.prices = PriceList(request.account, draft.typed)
        self.changed = False
        rows = [typed_of(line) for line in draft.typed] if self.posted is None else self._sent()
        self.rows = LineRows(rows, self.prices, tax_inclusive=draft.tax_inclusive)
        self.form = prepared(DraftForm(self.posted, instance=draft), request)

    def _sent(self) -> list[Typed]:
        """The rows as they were typed, with what was just added, taken away or priced anew."""
        posted = self.request.POST
        gone = self.act.removeprefix("remove-")
        without = int(gone) if gone.isdecimal() and len(gone) < 4 else None
        typed = typed_in(posted, without)
        rows = [repriced(row, self.prices) for row in typed]
        if words := posted.get("added", "").strip():
            concession = self.draft.patient.concession_type
            rows.append(typed_of(self.prices.line_of(words, concession)))
        self.changed = rows != typed
        return rows

    def answer(self) -> HttpResponse:
        """The page, or where saving leads."""
        if self.posted is None or self.act not in SAVES:
            return self.drawn()
        if self.changed:
            return self.drawn(CHANGED)
        if not (self.form.is_valid() and self.rows.is_valid()):
            return self.drawn(wrong=True)
        self.draft.lines = [line.written() for line in self.rows.lines]
        return self._kept() if self.act == "draft" else self._issued()

    def _kept(self) -> HttpResponse:
        saved = self.form.save(by=self.request.actor)
        messages.success(self.request, "The draft is saved.")
        return redirect("invoice", self.request.account.slug, saved.pk)

    def _issued(self) -> HttpResponse:
        if refusal := self._not_to_issue():
            return self.drawn(refusal)
        again = self.request.POST.get("again") == "yes"
        try:
            invoice = self.draft.issue(
                knowingly=self.act == "knowingly", again=again, by=self.request.actor
            )
        except RuleViolation as refused:
            return self.drawn(str(refused), refused=refused)
        return self._led_on(invoice)

    def _not_to_issue(self) -> str:
        if not self.draft.lines:
            return "Nothing is charged yet: add a line."
        return (
            "An invoice cannot come to less than nothing." if self.draft.amounts.total < 0 else ""
        )

    def _led_on(self, invoice: Invoice) -> HttpResponse:
        messages.success(self.request, f"{invoice} is issued.")
        page = "invoice-pay" if self.act == "pay" and invoice.total_amount else "invoice"
        return redirect(page, self.request.account.slug, invoice.pk)

    def drawn(
        self, refusal: str = "", *, refused: RuleViolation | None = None, wrong: bool = False
    ) -> HttpResponse:
        """The page with all that was typed; 422 where saving it was refused."""
        visit = self.draft.attendee
        former = getattr(visit, "invoiced", [])
        context: dict[str, Any] = {
            "draft": self.draft,
            "sends_to": self._address(),
            "form": self.form,
            "rows": self.rows,
            "prices": self.prices,
            "amounts": self.rows.amounts,
            "visit": visit,
            "facts": facts_of(stated_of_visit(visit)),
            "former": former,
            "asks_again": bool(former) or isinstance(refused, AlreadyInvoiced),
            "passed": isinstance(refused, AmountPassed),
            "refusal": refusal,
            "wrong": wrong,
        }
        status = 422 if wrong or refusal else 200
        return render(self.request, "invoices/draft.html", context, status=status)

    def _address(self) -> str:
        """Where the form is sent: a stored draft's own address, else that of this page."""
        if self.draft._state.adding:
            return self.request.get_full_path()
        return reverse("invoice-draft", args=[self.request.account.slug, self.draft.pk])
