"""The list of invoices, takings and statements: what they show, add up, and hand out."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.audit.mail import OutgoingMail
from casewell.audit.models import Change
from casewell.invoices.statement import statement_of, statement_of_open
from tests.invoices.till import Till
from tests.web.pages import LONG, said, text_of
from tests.web.test_pages import statements_of
from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.invoices.models import Invoice
    from tests.world import Practice

LIST, TAKINGS = "/northside/invoices", "/northside/takings"


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


@pytest.fixture
def issued(till: Till) -> dict[str, Invoice]:
    """One invoice in each state, each of an amount of its own, and a draft."""
    today = till.practice.account.today()
    late = {"due_date": today - timedelta(days=1), "issue_date": today - timedelta(days=15)}
    found = {
        "open": till.invoice_of("10", due_date=today),
        "overdue": till.invoice_of("20", **late),
        "part-paid": till.invoice_of("40"),
        "paid": till.invoice_of("80"),
        "void": till.invoice_of("160"),
        "credited": till.invoice_of("320"),
    }
    till.pay("15", {found["part-paid"]: "15"})
    till.pay("80", {found["paid"]: "80"})
    found["void"].void("Wrong", by=till.practice.by)
    item = found["credited"].items.get()
    found["credit"] = found["credited"].credit({item: Decimal(1)}, by=till.practice.by)
    till.draft(visit=till.practice.attend()).save()
    return found


def cells_of(answer: Any) -> list[list[str]]:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    text = b"".join(parts).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize(
    ("state", "found", "head"),
    [
        ("open", ["open", "overdue", "part-paid"], "3 invoices · total $70.00 · owed $55.00"),
        ("overdue", ["overdue"], "1 invoice · total $20.00 · owed $20.00"),
        ("part-paid", ["part-paid"], "1 invoice · total $40.00 · owed $25.00"),
        ("paid", ["paid", "credited"], "2 invoices · total $400.00 · owed $0.00"),
        ("void", ["void"], "1 invoice · total $0.00 · owed $0.00"),
        ("credit", ["credit"], "1 invoice · total $−320.00 · owed $0.00"),
    ],
)
def test_the_list_has_the_invoices_of_a_state_and_what_they_come_to(
    issued: dict[str, Invoice], desk: Client, state: str, found: list[str], head: str
) -> None:
    answer = desk.get(f"{LIST}?state={state}")

    rows = [row.one for row, _ in answer.context["lines"]]
    assert rows == [issued[name] for name in reversed(found)]
    assert head.replace("$−", "−$") in text_of(answer)


def test_all_of_it_is_newest_first_and_drafts_are_apart(
    issued: dict[str, Invoice], desk: Client
) -> None:
    answer = desk.get(LIST)

    assert [row.one.number for row, _ in answer.context["lines"]] == [7, 6, 5, 4, 3, 2, 1]
    assert "1 draft" in text_of(answer)
    assert "overdue" in text_of(answer)
    drafts = desk.get(f"{LIST}?state=draft")
    assert "1 draft · total $100.00" in text_of(drafts)
    assert [row.number for row, _ in drafts.context["lines"]] == ["Draft"]


def test_days_and_people_narrow_the_list(till: Till, desk: Client) -> None:
    account, ben = till.practice.account, till.practice.patient()
    harbour = till.practice.doctor(last_name="Harbour")
    today = account.today()
    old = till.invoice_of("10", issue_date=today - timedelta(days=400), payer=harbour)
    new = till.invoice_of("20", patient=ben)

    def found(query: str) -> list[Invoice]:
        return [row.one for row, _ in desk.get(f"{LIST}?{query}").context["lines"]]

    assert found("when=today") == found(f"patient={ben.pk}") == found("when=year") == [new]
    assert found(f"payer={harbour.pk}") == [old]
    assert found(f"when=dates&start={old.issue_date}&until={old.issue_date}") == [old]
    assert found(f"practitioner={till.practice.amy.pk}&business={till.practice.business.pk}") == [
        new,
        old,
    ]
    wrong = desk.get(f"{LIST}?when=dates&start={today}&until={today - timedelta(days=1)}")
    assert "The last day is before the first one." in text_of(wrong)


def test_the_csv_holds_amounts_as_numbers_and_no_formulas(till: Till, admin: Client) -> None:
    eve = till.practice.patient("Eve", "=HYPERLINK(1)")
    invoice = till.invoice_of("10", patient=eve, notes="+1")
    invoice.credit({invoice.items.get(): Decimal(1)}, by=till.practice.by)
    admin.cookies["invoice-columns"] = "total.notes.state"

    rows = cells_of(admin.get(f"{LIST}.csv"))

    issued = invoice.issue_date.isoformat()
    assert rows == [
        ["Number", "Issued", "Patient", "State", "Total", "Notes"],
        ["2", issued, "'=HYPERLINK(1), Eve", "credit", "-10.00", ""],
        ["1", issued, "'=HYPERLINK(1), Eve", "paid", "10.00", "'+1"],
    ]
    assert Change.objects.get(verb="exported").changes["rows"] == [None, 2]


def test_the_list_asks_the_same_for_one_row_and_three(till: Till, desk: Client) -> None:
    addresses = [LIST, f"{LIST}?state=open", f"{LIST}?state=draft", TAKINGS]
    counts = []
    desk.get(LIST)
    for number in range(2):
        for _ in range(2 * number + 1):
            patient = till.practice.patient(LONG[:250], f"N{number}")
            till.pay("5", {till.invoice_of("10", patient=patient): "5"})
            till.draft(visit=till.practice.attend(patient=patient)).save()
        page = f"/northside/patients/{till.practice.ada.pk}/statement"
        till.invoice_of("10")
        counts.append([statements_of(desk, url) for url in [*addresses, page]])

    assert counts[0] == counts[1] == [9, 9, 8, 10, 7]


def test_takings_are_those_of_terminal_and_bank(till: Till, admin: Client) -> None:
    practice, today = till.practice, till.practice.account.today()
    first, second = till.invoice_of("100"), till.invoice_of("50")
    till.pay("170", {first: "100", second: "50"})
    gone = till.pay("33", {})
    gone.reverse(today + timedelta(days=1), by=practice.by)

    day = text_of(admin.get(TAKINGS))
    both = admin.get(f"{TAKINGS}?start={today}&until={today + timedelta(days=1)}")

    assert "$203.00 in 2 payments" in day
    assert "$170.00 in 3 payments" in text_of(both)
    by_practitioner = both.context["tables"][1]
    assert by_practitioner.lines == [
        ("Amy Shaw", [Decimal(150), Decimal(150)]),
        ("On account, no invoice yet", [Decimal(20), Decimal(20)]),
    ]
    rows = cells_of(admin.get(f"{TAKINGS}.csv?start={today}&until={today + timedelta(days=1)}"))
    assert [row[3:] for row in rows[1:]] == [
        ["Amy Shaw", "150.00"],
        ["On account, no invoice yet", "53.00"],
        ["On account, no invoice yet", "-33.00"],
    ]
    assert "Nothing came in" in text_of(admin.get(f"{TAKINGS}?start=2020-01-01"))
    too_long = admin.get(f"{TAKINGS}?start=2020-01-01&until=2021-06-01")
    assert (too_long.status_code, "No more than a year at once." in text_of(too_long)) == (
        422,
        True,
    )


def test_a_statement_says_what_is_owed_and_how_it_came_to_that(till: Till, desk: Client) -> None:
    today, ada = till.practice.account.today(), till.practice.ada
    old = till.invoice_of("100", issue_date=today - timedelta(days=200))
    new = till.invoice_of("60")
    till.pay("70", {old: "70"})
    till.pay("15")
    till.invoice_of("999").void("Wrong", by=till.practice.by)

    owed = statement_of_open(ada)
    spanned = statement_of(ada, today, today)

    assert [(e.what, e.charged, e.paid, e.balance) for e in owed.entries] == [
        (str(old), Decimal(100), Decimal(70), Decimal(30)),
        (str(new), Decimal(60), Decimal(0), Decimal(90)),
    ]
    assert (owed.on_account, owed.closing) == (Decimal(15), Decimal(75))
    assert (spanned.opening, spanned.charged, spanned.paid) == (
        Decimal(100),
        Decimal(60),
        Decimal(85),
    )
    assert spanned.closing == owed.closing
    address = f"/northside/patients/{ada.pk}/statement"
    assert "Owed: $75.00" in text_of(desk.get(address))
    days = text_of(desk.get(f"{address}?of=days&start={today}&until={today}"))
    assert "Owed before $100.00" in days
    assert desk.get(f"{address}?of=days&start={today}&until=2020-01-01").status_code == 422
    paper = desk.get(f"{address}.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert desk.get(f"{address}.pdf?of=days&start=").content.startswith(b"%PDF-")


def test_a_statement_goes_by_email_as_it_is_when_it_is_sent(
    till: Till, desk: Client, mailoutbox: list[Any]
) -> None:
    address = f"/northside/patients/{till.practice.ada.pk}/statement/email"
    till.invoice_of("100")

    wrong = desk.post(address, {"to": "nobody"})
    sent = desk.post(address, {"to": "ada@example.com"})

    assert said(wrong)[0].startswith("Say a whole email address")
    assert "The statement is on its way to ada@example.com." in said(sent)
    OutgoingMail.objects.get().deliver()
    [(name, content, kind)] = mailoutbox[0].attachments
    assert (name, kind) == ("Statement – Ada Rossi.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    assert Change.objects.of(till.practice.ada).filter(verb="sent statement").exists()


@pytest.mark.parametrize("path", [LIST, TAKINGS])
def test_who_may_not_see_invoices_sees_no_list_and_no_link_to_it(
    northside: Practice, path: str
) -> None:
    member = northside.account.admit(northside.member.user, role=Role.SCHEDULER)
    client = signed_in(member)

    assert client.get(path).status_code == 403
    assert "Invoices" not in client.get("/northside/calendar").content.decode()
