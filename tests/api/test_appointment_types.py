"""Appointment types through the API: who offers them, where, and on which terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.accounts.models import Practitioner
from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType
from tests.api.client import program_of
from tests.api.examples.bookings import appointment_type_body

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def offered(program: Program, practitioner: Practitioner) -> list[str]:
    body = program.get(f"/practitioners/{practitioner.pk}/appointment_types")
    return [one["name"] for one in body["appointment_types"]]


def test_who_offers_a_type_is_said_by_ids_and_asked_of_the_practitioner(
    program: Program, northside: Practice
) -> None:
    bea = Practitioner.objects.create(first_name="Bea", last_name="Low")
    made = program.post("/appointment_types", {"name": "Hydro", "duration_in_minutes": 30})
    assert offered(program, northside.amy) == offered(program, bea) == ["Hydro"]
    path = f"/appointment_types/{made['id']}"
    program.patch(path, {"practitioner_ids": [str(bea.pk)]})
    assert (offered(program, northside.amy), offered(program, bea)) == ([], ["Hydro"])
    program.patch(path, {"name": "Hydro 2"})
    assert offered(program, bea) == ["Hydro 2"]
    status, body = program.call("PATCH", path, {"practitioner_ids": [17]})
    assert (status, list(body["errors"])) == (422, ["practitioner_ids"])
    assert program.call("GET", "/practitioners/17/appointment_types")[0] == 404


def test_its_businesses_and_terms_are_kept_and_left_alone_by_other_changes(
    program: Program, northside: Practice
) -> None:
    made = program.post("/appointment_types", appointment_type_body(northside))
    program.patch(f"/appointment_types/{made['id']}", {"name": "Mat", "deposit_price": 10.5})
    kind = AppointmentType.objects.get(pk=int(made["id"]))
    assert [one.business_id for one in kind.business_links.all()] == [northside.business.pk]
    changed = program.get(f"/appointment_types/{made['id']}")
    assert changed == made | {
        "name": "Mat",
        "deposit_price": "10.50",
        "updated_at": changed["updated_at"],
    }
    assert changed["online_payments_enabled"] is True


def test_what_a_type_cannot_be_is_refused_by_name(program: Program, northside: Practice) -> None:
    wrong = {
        "color": "red",
        "duration_in_minutes": 1440,
        "max_attendees": 0,
        "deposit_price": "-1",
        "name": "x" * 256,
        "business_ids": [17],
        "billable_item_id": 17,
        "appointment_reminder_template_ids": [17],
        "online_payments_mode": "cash",
    }
    for name, value in wrong.items():
        sent = {"name": "Hydro", "duration_in_minutes": 30, name: value}
        status, body = program.call("POST", "/appointment_types", sent)
        told = name.removesuffix("_id") if name == "billable_item_id" else name
        assert (status, list(body["errors"])) == (422, [told]), body


def test_who_books_reads_types_and_may_not_change_them(northside: Practice) -> None:
    northside.member.role = Role.RECEPTIONIST
    northside.member.save()
    desk = program_of(northside)
    assert desk.get("/appointment_types")["total_entries"] == 1
    sent = {"name": "Hydro", "duration_in_minutes": 30}
    assert desk.call("POST", "/appointment_types", sent)[0] == 403
