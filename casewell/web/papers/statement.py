"""What a patient's statement says on paper, and its drawing by typst."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewell.audit.enclosures import CannotEnclose, Enclosure, encloses
from casewell.invoices.models import InvoiceTerms
from casewell.invoices.statement import statement_of_open
from casewell.lib import typeset
from casewell.lib.formats import formats, written_as
from casewell.lib.uploads import plain_name
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from casewell.invoices.statement import Entry, Statement

TEMPLATE = Path(__file__).with_name("statement.typ")
STATEMENT = "statement"  # what a message names that encloses one, by the patient's id


def pdf_of(statement: Statement) -> bytes:
    """The paper as PDF. Raises CannotDraw."""
    return typeset.pdf_of(TEMPLATE, words_of(statement))


def filename_of(patient: Patient) -> str:
    return plain_name(f"Statement – {patient}.pdf".replace("/", "-"))


def words_of(statement: Statement) -> dict[str, Any]:
    """All texts of the paper, in the practice's own formats."""
    patient, money = statement.patient, formats().money
    account = patient.account
    spanned = statement.first is not None and statement.last is not None
    today = formats().day(account.today())
    return {
        "practice": account.name,
        "title": "Statement",
        "span": formats().span(statement.first, statement.last)  # type: ignore[arg-type]
        if spanned
        else f"What is owed on {today}",
        "to": _addressee(patient),
        "opening": money(statement.opening) if spanned else "",
        "lines": [_line(entry) for entry in statement.entries],
        "sums": [
            ["Charged", money(statement.charged)],
            ["Paid and credited" if not spanned else "Paid", money(statement.paid)],
            *([["On account", money(statement.on_account)]] if statement.on_account else []),
        ],
        "closing": money(abs(statement.closing)),
        "owes": "To pay" if statement.closing >= 0 else "In your favour",
        "how_to_pay": InvoiceTerms.of(account).how_to_pay,
        "made": today,
    }


def _addressee(patient: Patient) -> list[str]:
    town = " ".join(part for part in (patient.city, patient.state, patient.post_code) if part)
    parts = (str(patient), patient.address_1, patient.address_2, town)
    return [part for part in parts if part]


def _line(entry: Entry) -> list[str]:
    money = formats().money
    charged = money(entry.charged) if entry.charged else ""
    paid = money(entry.paid) if entry.paid else ""
    return [formats().day(entry.day), entry.what, charged, paid, money(entry.balance)]


def enclosed(patient_id: int) -> Enclosure:
    """The statement of what is owed when the message is sent."""
    patient = Patient.objects.select_related("account").filter(pk=patient_id).first()
    if patient is None:
        raise CannotEnclose("The patient is no longer there.")
    with written_as(patient.account.formats):
        try:
            return Enclosure(filename_of(patient), pdf_of(statement_of_open(patient)))
        except typeset.CannotDraw as error:
            raise CannotEnclose("The statement could not be drawn.") from error


def register() -> None:
    """Let messages enclose statements."""
    encloses(STATEMENT, enclosed)
