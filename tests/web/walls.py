"""Every route, filled with the key of a record of the kind that it names."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

from casewell.accounts.models import ApiKey, Invitation
from casewell.accounts.roles import Role
from casewell.appointments.models import Absence
from casewell.cases.models import Approval, DutyDone, Programme
from casewell.claims.models import Claim
from casewell.letters.models import write
from casewell.records.models import Merge
from tests.connections.world import button
from tests.events.world import listen
from tests.files import keep_file
from tests.invoices.till import Till
from tests.waiting.world import wait
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER = 1_234_567


def permission_of(entry: URLPattern) -> Any:
    return getattr(entry.callback, "permission", None)


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each address pattern of the installation, with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route, entry


PRACTICE_ROUTES = sorted(r for r, _ in routes() if r.startswith("<slug:practice>/"))
KEYED_ROUTES = [route for route in PRACTICE_ROUTES if "<int:" in route]
# Which kind of record the key of a route names, by the words in the route.
KINDS = {
    "bookings/": "booking",
    "patients/": "patient",
    "merges/<": "merge",
    "cases/<": "case",
    "claims/<": "claim",
    "lodgements/<": "lodgement",
    "visits/<": "visit",
    "files/<": "file",
    "letters/<": "letter",
    "contacts/": "contact",
    "alerts/<": "alert",
    "recalls/<": "recall",
    "settings/recall-types/": "recall type",
    "call-lists/<": "call list",
    "waiting/<": "waiting entry",
    "call-list-entries/<": "call list entry",
    "settings/businesses/": "business",
    "businesses/<": "business",
    "settings/practitioners/": "practitioner",
    "settings/days-off/": "day off",
    "settings/extra-hours/": "extra hours",
    "settings/appointment-types/": "type",
    "settings/unavailable-blocks/": "block type",
    "settings/concessions/": "concession",
    "settings/referral-sources/": "referral source",
    "settings/letter-templates/": "letter template",
    "settings/programmes/": "programme",
    "settings/items/": "item",
    "settings/taxes/": "tax",
    "settings/payment-types/": "payment type",
    "invoices/<": "invoice",
    "payments/<": "payment",
    "approvals/<": "approval",
    "duties/<": "duty",
    "settings/apps/<": "app",
    "settings/webhooks/<": "webhook",
    "settings/webhook-deliveries/<": "delivery",
    "settings/users/": "member",
    "settings/invitations/": "invitation",
    "my-info/api-keys/": "api key",
    "settings/api-keys/": "api key",
}


def areas(found: list[str]) -> dict[str, list[str]]:
    """Routes by their first word: what they need beside them is made once for all of an area."""
    by_area = defaultdict(list)
    for route in found:
        by_area[route.split("/")[1]].append(route)
    return by_area


def kind_of(route: str) -> str:
    return next(kind for words, kind in KINDS.items() if f">/{words}" in route)


def filled(route: str, slug: str, key: int) -> str:
    day = re.sub(r"<day:\w+>", "2026-03-03", route)
    return "/" + re.sub(r"<int:\w+>", str(key), day).replace("<slug:practice>", slug)


def furnish(practice: Practice) -> dict[str, int]:
    """One record of each kind, and their ids."""
    knee = practice.case("Foreign knee", max_sessions=5)
    visit, account = practice.attend(knee), practice.account
    absence = practice.account.absences.create(
        practitioner=practice.amy,
        from_date=NOON.date(),
        until_date=NOON.date(),
        action=Absence.Action.CANCEL,
    )
    call = absence.entries.create(
        attendee=visit,
        former_practitioner=practice.amy,
        former_starts_at=NOON,
        former_ends_at=NOON,
        booking_left_at=NOON,
        visit_left_at=NOON,
    )
    lunch = account.unavailable_block_types.create(name="Lunch")
    invitation = Invitation(
        account=account,
        email="new@elsewhere.example",
        role=Role.SCHEDULER,
        invited_by=practice.member.user,
    )
    invitation.renew()
    invitation.save()
    till = Till.of(practice)
    bill = till.invoice_of("90")
    payment = till.pay("40", {bill: "40"})
    webhook, _ = listen(practice)
    event = account.events.create(type="patient.updated", path="patients", target_id=1)
    delivery = webhook.deliveries.create(account=account, event=event, failed_at=NOON)
    claim = Claim.of_visit(visit, by=practice.by)
    check_up = account.recall_types.create(name="Foreign check-up")
    recall = account.recalls.create(
        patient=practice.ada, recall_type=check_up, recall_date=NOON.date()
    )
    return {
        "recall": recall.pk,
        "recall type": check_up.pk,
        "claim": claim.pk,
        "lodgement": account.lodgements.create(gateway="File", filename="claims.csv").pk,
        "visit": visit.pk,
        "webhook": webhook.pk,
        "delivery": delivery.pk,
        "letter": write(
            practice.ada, practitioner=practice.amy, business=practice.business, by=practice.by
        ).pk,
        "letter template": account.letter_templates.create(name="Report", body="Dear").pk,
        "programme": Programme.adopt(account, "au-dva-cycle", by=practice.by).pk,
        "approval": Approval.grant(knee, by=practice.by, sessions=5).pk,
        "duty": DutyDone.mark(knee, "care_plan", by=practice.by).pk,
        "call list": absence.pk,
        "waiting entry": wait(practice, attendee=visit).pk,
        "call list entry": call.pk,
        "business": practice.business.pk,
        "practitioner": practice.amy.pk,
        "day off": account.days_off.create(
            practitioner=practice.amy, first_date=NOON.date(), last_date=NOON.date()
        ).pk,
        "extra hours": account.availability_blocks.create(
            practitioner=practice.amy,
            business=practice.business,
            starts_at=NOON,
            ends_at=NOON + timedelta(hours=2),
        ).pk,
        "type": practice.standard.pk,
        "block type": lunch.pk,
        "referral source": account.referral_source_types.create(name="The web").pk,
        "concession": account.concession_types.create(name="Pensioner").pk,
        "item": account.billable_items.create(name="Foreign item", price=10).pk,
        "tax": account.taxes.create(name="Foreign tax", rate=10).pk,
        "payment type": account.payment_types.create(name="Foreign cheque").pk,
        "invoice": bill.pk,
        "payment": payment.pk,
        "app": button(practice).pk,
        "member": practice.member.pk,
        "invitation": invitation.pk,
        "api key": ApiKey.issue(practice.member, name="Reports")[0].pk,
        "merge": Merge.make(practice.ada, practice.patient(), by=practice.by).pk,
        "booking": visit.booking_id,
        "patient": practice.ada.pk,
        "case": knee.pk,
        "contact": practice.doctor().pk,
        "file": keep_file(practice).pk,
        "alert": practice.account.medical_alerts.create(patient=practice.ada, name="Latex").pk,
    }
