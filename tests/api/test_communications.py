"""Communications through the API: what was sent stays, memos are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.letters.models import Communication
from tests.api.examples import EXAMPLES
from tests.api.examples.money import issued

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def sent(practice: Practice, way: Communication.Way) -> Communication:
    """An invoice that went to its patient."""
    invoice = issued(practice)
    return Communication.objects.create(
        patient=invoice.patient,
        invoice=invoice,
        attendee=invoice.attendee,
        type_code=way,
        direction_code=Communication.Direction.SENT,
        category_code=Communication.Category.INVOICE,
        recipient="ada@example.com",
        subject="Your invoice",
    )


def test_what_was_sent_has_the_fields_of_its_kind_and_is_not_rewritten(
    program: Program, northside: Practice
) -> None:
    mail, text = (sent(northside, way) for way in (Communication.Way.EMAIL, Communication.Way.SMS))
    answer = program.get(f"/communications/{mail.pk}")
    assert (answer["category"], answer["type"]) == ("Invoice", "Email")
    assert (answer["content_subject"], answer["to"]) == ("Your invoice", "ada@example.com")
    for name, record in (("invoices", mail.invoice), ("attendees", mail.attendee)):
        link = answer[name.removesuffix("s")]["links"]["self"]
        assert link.endswith(f"/{name}/{record.pk if record else 0}")
    assert answer["booking"]["links"]["self"].endswith(f"/{mail.attendee.booking_id}")  # type: ignore[union-attr]
    assert "confidential" not in answer
    assert "content_subject" not in program.get(f"/communications/{text.pk}")
    status, body = program.call("PATCH", f"/communications/{mail.pk}", {"content": "Pay now"})
    assert (status, body["code"]) == (422, "no_memo")
    assert program.post(f"/communications/{mail.pk}/archive") is None
    assert program.get("/communications")["total_entries"] == 1
    assert (
        program.get("/communications?q[]=category_code:=3&q[]=archived_at:?")["total_entries"] == 1
    )


def test_a_memo_is_one_where_nothing_else_is_said_and_has_to_say_all(
    program: Program, northside: Practice
) -> None:
    body = EXAMPLES["communications"].body(northside)
    plain = {name: value for name, value in body.items() if name != "category_code"}
    assert program.post("/communications", plain)["category"] == "Memo"
    nothing = dict.fromkeys(plain) | {"patient_id": northside.ada.pk}
    made = program.post("/communications", nothing)
    assert (made["from"], made["type"], made["confidential"]) == (None, None, None)
    status, told = program.call("POST", "/communications", {"from": "Reception"})
    assert set(told["errors"]) == (plain.keys() - {"from", "patient_id"}) | {"patient"}
    assert status == 422
    elsewhere = {**plain, "patient_id": northside.amy.pk}
    assert program.call("POST", "/communications", elsewhere)[1]["errors"] == {
        "patient": "Select a valid choice. That choice is not one of the available choices."
    }
