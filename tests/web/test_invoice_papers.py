"""The paper of an invoice: what it says, hostile words as text, and its way into e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.core import mail

from casewell.audit.enclosures import CannotEnclose, Enclosed, enclosure_of
from casewell.audit.models import OutgoingMail
from tests.invoices.till import Till
from tests.web.pages import SLUG, said

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

HOSTILE = '#read("/etc/passwd") $x$ <b> {{ patient }} *not bold* فاطمة 王'


def words_on(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


def test_the_paper_says_what_was_issued_and_hostile_words_stay_words(
    till: Till, desk: Client
) -> None:
    case = till.practice.case("Left knee", max_sessions=10)
    till.practice.ada.last_name = HOSTILE
    till.practice.ada.save()
    invoice = till.invoice(visit=till.visit_in(case), notes=HOSTILE, invoice_to=f"{HOSTILE}\nBox 3")
    till.pay("40", {invoice: "40"})

    answer = desk.get(f"{SLUG}/invoices/{invoice.pk}/pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    said_there = words_on(answer.content)
    for words in ("Tax invoice 1", "Left knee", "1 of 10", "Owed: $60.00", '#read("/etc/passwd")'):
        assert words in said_there
    long = till.invoice_of("5", notes="W" * 10_000, invoice_to="Line\n" * 300)
    assert words_on(desk.get(f"{SLUG}/invoices/{long.pk}/pdf").content)


def test_an_invoice_is_sent_with_its_paper_and_that_is_kept(till: Till, desk: Client) -> None:
    invoice = till.invoice_of("90")
    page = f"{SLUG}/invoices/{invoice.pk}"
    assert desk.post(f"{page}/email", {"to": "nobody"}).status_code == 422

    answer = desk.post(f"{page}/email", {"to": "ada@example.org", "message": "As agreed."})

    assert said(answer) == ["Invoice 1 goes to ada@example.org within a minute."]
    OutgoingMail.objects.get().deliver()
    [sent] = mail.outbox
    [(name, content, kind)] = sent.attachments
    assert (sent.to, sent.body, name, kind) == (
        ["ada@example.org"],
        "As agreed.",
        "Invoice 1 – Ada Rossi.pdf",
        "application/pdf",
    )
    assert "Tax invoice 1" in words_on(content)
    [kept] = till.practice.ada.communications.all()
    assert (kept.invoice, kept.recipient, kept.content) == (
        invoice,
        "ada@example.org",
        "As agreed.",
    )
    with pytest.raises(CannotEnclose):
        enclosure_of(Enclosed("invoice", 77))
