"""Events: put out by every change that a receiver asked for, with the change or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from casewell.audit.models import Change, record_change
from casewell.cases.models import Approval
from casewell.events.kinds import SOURCES, EventType
from casewell.events.models import Delivery, Event
from casewell.letters.models import Communication
from casewell.tenancy.scope import account_scope
from tests.events.world import ALL, happened, listen
from tests.invoices.till import Till
from tests.letters.desk import letter
from tests.world import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.audit.actors import Actor
    from casewell.invoices.models import Invoice
    from casewell.letters.models import Letter
    from tests.world import Practice

DAY = timedelta(days=1)


def jobs() -> list[dict[str, Any]]:
    rows = ProcrastinateJob.objects.filter(task_name="call_webhook").order_by("id")
    return list(rows.values_list("args", flat=True))


def credited(invoice: Invoice, *, by: Actor) -> None:
    invoice.credit({line: line.quantity for line in invoice.items.all()}, by=by)


def sent(one: Letter, *, by: Actor) -> None:
    one.finalise(by=by)
    one.send("ada@example.com", by=by)


CHANGES: dict[str, tuple[Callable[[Practice], Any], list[str]]] = {
    "booked": (
        lambda p: p.booking().book(p.ada, by=p.by),
        ["appointment.created", "attendee.created"],
    ),
    "moved": (
        lambda p: p.attend().booking.move(starts_at=NOON + DAY, ends_at=NOON + 1.5 * DAY, by=p.by),
        ["appointment.updated"],
    ),
    "cancelled": (
        lambda p: p.attend().cancel(50, by=p.by),
        ["attendee.cancelled", "appointment.cancelled"],
    ),
    "archived": (
        lambda p: p.attend().booking.archive(by=p.by),
        ["attendee.archived", "appointment.archived"],
    ),
    "arrived": (lambda p: p.attend().mark(arrived=True, by=p.by), ["attendee.updated"]),
    "linked": (lambda p: p.attend().link_to(p.case(), by=p.by), ["attendee.updated"]),
    "patient archived": (lambda p: p.ada.archive(by=p.by), ["patient.archived"]),
    "merged": (
        lambda p: record_change(p.ada, "merged", {"merged_with": [None, 1]}, by=p.by),
        ["patient.merged"],
    ),
    "closed": (lambda p: p.case().close(by=p.by), ["patient_case.closed"]),
    "granted": (
        lambda p: Approval.grant(p.case(), sessions=5, by=p.by),
        ["patient_case.updated"],
    ),
    "issued": (lambda p: Till.of(p).invoice_of("10"), ["invoice.issued"]),
    "voided": (
        lambda p: Till.of(p).invoice_of("10").void("by mistake", by=p.by),
        ["invoice.issued", "invoice.voided"],
    ),
    "paid": (
        lambda p: (till := Till.of(p)).pay("10", {till.invoice_of("10"): "10"}),
        ["invoice.issued", "invoice.updated"],
    ),
    "credited": (
        lambda p: credited(Till.of(p).invoice_of("10"), by=p.by),
        ["invoice.issued", "invoice.issued", "invoice.updated"],
    ),
    "a letter sent": (lambda p: sent(letter(p), by=p.by), ["communication.created"]),
    "a memo put away": (
        lambda p: Communication.log(p.ada, content="Rang", by=p.by).archive(by=p.by),
        ["communication.created", "communication.archived"],
    ),
    "a contact's own": (lambda p: p.doctor().archive(by=p.by), []),
    "a block": (
        lambda p: p.booking(appointment_type=None).block(by=p.by),
        [],
    ),
}
BEFORE = {"appointment.created", "attendee.created"}  # by what the world builds with its verbs


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_the_event_that_the_table_says(northside: Practice, change: str) -> None:
    act, expected = CHANGES[change]
    listen(northside)

    act(northside)

    found = happened()
    if change != "booked" and set(found[:2]) == BEFORE:
        found = found[2:]
    assert found == expected


def test_an_event_holds_ids_and_a_link_and_nothing_personal(northside: Practice) -> None:
    listen(northside)
    northside.ada.archive(by=northside.by)

    event = Event.objects.get()
    said = json.loads(event.payload)
    stamp = said.pop("timestamp")
    assert said == {
        "type": "patient.archived",
        "data": {
            "id": str(northside.ada.pk),
            "links": {"self": f"/v1/patients/{northside.ada.pk}"},
        },
    }
    assert stamp.endswith("Z")
    assert event.payload == event.payload


def test_appointments_link_to_the_list_that_the_api_has_them_in(northside: Practice) -> None:
    listen(northside)
    booking = northside.booking()
    attendee = booking.book(northside.ada, by=northside.by)

    links = [json.loads(e.payload)["data"]["links"]["self"] for e in Event.objects.order_by("id")]
    assert links == [f"/v1/individual_appointments/{booking.pk}", f"/v1/attendees/{attendee.pk}"]


def test_a_change_that_is_undone_leaves_no_event_and_no_job(northside: Practice) -> None:
    listen(northside)
    with transaction.atomic():
        northside.ada.archive(by=northside.by)
        assert (Event.objects.count(), len(jobs())) == (1, 1)
        transaction.set_rollback(True)

    assert (Event.objects.count(), Delivery.objects.count(), jobs()) == (0, 0, [])


def test_a_receiver_is_told_of_what_it_chose_alone(northside: Practice) -> None:
    _closed, _ = listen(northside, types=["patient_case.closed"])
    patients, _ = listen(northside, types=["patient.archived", "patient.unarchived"])
    northside.ada.archive(by=northside.by)

    [delivery] = Delivery.objects.all()
    assert delivery.endpoint == patients
    assert jobs() == [
        {"account_id": northside.account.pk, "endpoint_id": patients.pk, "is_slow": False}
    ]


@pytest.mark.parametrize("state", ["switched off", "archived"])
def test_a_receiver_that_is_off_or_gone_is_told_of_nothing(northside: Practice, state: str) -> None:
    endpoint, _ = listen(northside)
    (endpoint.disable if state == "switched off" else endpoint.archive)(by=northside.by)

    northside.ada.archive(by=northside.by)

    assert happened() == []


def test_another_practices_receiver_hears_nothing(northside: Practice, elsewhere: Practice) -> None:
    with account_scope(elsewhere.account):
        listen(elsewhere)
    northside.ada.archive(by=northside.by)

    assert happened() == []
    with account_scope(elsewhere.account):
        assert happened() == []


def statements(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    quiet = ("SAVEPOINT", "RELEASE", "SET LOCAL")
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(quiet)]


def test_without_a_receiver_a_change_takes_no_statement_more(northside: Practice) -> None:
    alone = statements(lambda: northside.ada.archive(by=northside.by))
    assert len(alone) == 2
    assert "audit_change" in alone[1]

    listen(northside, types=["patient_case.closed"])
    assert len(statements(lambda: northside.ada.restore(by=northside.by))) == 2

    listen(northside)
    told = statements(lambda: northside.ada.archive(by=northside.by))
    assert len(told) == 5  # the event, its delivery and the job


def test_the_change_row_is_as_complete_as_ever(northside: Practice) -> None:
    listen(northside)
    with time_machine.travel(NOON, tick=False):
        northside.ada.archive(by=northside.by)

    [change] = Change.objects.of(northside.ada)
    assert (change.verb, change.user, change.created_at) == (
        "archived",
        northside.member.user,
        NOON,
    )
    assert set(change.changes) == {"archived_at"}


def test_a_secret_is_in_no_change_row_and_sealed_in_its_own(northside: Practice) -> None:
    endpoint, first = listen(northside)
    second = endpoint.rotate(by=northside.by)

    endpoint.refresh_from_db()
    assert endpoint.secrets_at(timezone.now()) == [second, first]
    for secret in (first, second):
        assert secret.removeprefix("whsec_") not in endpoint.secret + endpoint.former_secret
    [change] = Change.objects.of(endpoint)
    assert set(change.changes) == {"rotated_at"}


def test_whatever_a_record_is_put_through_is_a_type_that_can_be_chosen_and_all_come_about() -> None:
    said = {
        source.type_of(verb)
        for source in SOURCES.values()
        for verb in (
            "created",
            "booked",
            "cancelled",
            "restored",
            "archived",
            "closed",
            "merged",
            "issued",
            "voided",
            "x",
        )
    }
    assert said | {EventType.CASE_FULL, EventType.CASE_EXPIRING} == set(ALL)
