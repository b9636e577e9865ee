"""What is in a case, set as whole lists: its visits and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.api.errors import Invalid
from casewell.api.resources.doors import pass_door
from casewell.appointments.models.linking import relink
from casewell.appointments.ways_on import door_of_many
from casewell.cases.models import CaseAttachment

if TYPE_CHECKING:
    from casewell.api.calls import Call
    from casewell.cases.models import PatientCase


def put_visits(call: Call, case: PatientCase, values: dict[str, Any]) -> None:
    """The whole list, or nothing of it."""
    wanted = {int(key) for key in values["attendee_ids"] or []}
    there = set(case.attendees.filter(archived_at=None).values_list("pk", flat=True))
    live = call.account.attendees.filter(archived_at=None, pk__any_of=list(wanted))
    if live.count() < len(wanted):
        raise Invalid({"attendee_ids": "must exist"})
    add, remove = wanted - there, there - wanted

    def enter(into: PatientCase | None) -> None:
        relink(case, into or case, add=add, remove=remove, by=call.actor)

    if add:
        door = door_of_many(case, enter, add=add, remove=remove)
        pass_door(call, door, values, at="attendee_ids")
    elif remove:
        enter(case)


def put_files(call: Call, case: PatientCase, wanted: set[int]) -> None:
    files = call.account.patient_attachments.filter(archived_at=None)
    known = {file.pk: file for file in files.filter(pk__any_of=list(wanted))}
    if len(known) < len(wanted):
        raise Invalid({"patient_attachment_ids": "must exist"})
    there = {
        link.attachment_id: link.attachment
        for link in case.attachment_links.select_related("attachment")
    }
    for key in wanted - there.keys():
        CaseAttachment.put(known[key], case, by=call.actor)
    for key in there.keys() - wanted:
        CaseAttachment.take_out(there[key], case, by=call.actor)
