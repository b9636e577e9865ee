"""Lodging claims: all of them or none, frozen with what was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from casewell.audit.actors import Actor
from casewell.audit.models import record_change
from casewell.claims.gateways import Document, chosen_gateway
from casewell.claims.models import Claim, ClaimStep, Lodgement, State
from casewell.events.gateways import Verdict
from casewell.tenancy.locking import all_held
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casewell.claims.gateways import Gateway

JOB = Actor(job="claim gateway")


def lodge(claims: Iterable[Claim], *, by: Actor) -> Lodgement:
    """Hand over claims in one lodgement, through the installation's gateway.

    A file is lodged at once; what goes to a remote gateway is sending until the worker has an
    answer. Raises ClaimStands, NotClaimable or ClaimLacks, and then none is lodged.
    """
    gateway = chosen_gateway()
    with transaction.atomic():
        held = _held(claims)
        for claim in held:
            claim.refuse_unless_lodgeable()
        lodgement = _written(gateway, held)
        state = State.SENDING if gateway.is_remote else State.LODGED
        for claim in held:
            said = claim.particulars
            ClaimStep.add(claim, state, lodgement=lodgement, particulars=said, by=by)
            record_change(claim, "lodged", {"lodgement": [None, lodgement.filename]}, by=by)
        if gateway.is_remote:
            from casewell.claims.tasks import send_lodgement

            # The job names the row alone: the queue's tables are no practice's.
            send_lodgement.defer(account_id=lodgement.account_id, lodgement_id=lodgement.pk)
    return lodgement


def _held(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, locked in order of their ids, as everybody locks them."""
    rows = Claim.objects.select_for_update(of=("self",), no_key=True)
    return all_held(rows.with_all(), {claim.pk for claim in claims})


def _written(gateway: Gateway, claims: Sequence[Claim]) -> Lodgement:
    lodgement = Lodgement(account_id=claims[0].account_id, gateway=gateway.name)
    document = gateway.document(claims, lodgement.pk)
    lodgement.filename, lodgement.media_type = document.filename, document.media_type
    lodgement.document = document.text
    lodgement.save(force_insert=True)
    return lodgement


def send(account_id: int, lodgement_id: int, *, last_try: bool) -> Verdict:
    """Hand a lodgement to its gateway and write down what became of it; a call holds no lock.

    What was answered already is not sent again.
    """
    with account_scope(account_id):
        lodgement = Lodgement.objects.get(pk=lodgement_id)
        waiting = Claim.objects.in_state(State.SENDING).filter(steps__lodgement=lodgement)
        if not waiting.exists():
            return Verdict(taken=True)
    verdict = _sent(lodgement)
    if verdict.taken or last_try or not verdict.try_again:
        with account_scope(account_id):
            _conclude(lodgement, verdict)
    return verdict


def _sent(lodgement: Lodgement) -> Verdict:
    gateway = chosen_gateway()
    if gateway.name != lodgement.gateway:
        reason = "Not sent: the gateway it was for is connected no more."
        return Verdict(taken=False, reason=reason, try_again=True)
    document = Document(lodgement.filename, lodgement.media_type, lodgement.document)
    return gateway.send(lodgement.pk, document)


def _conclude(lodgement: Lodgement, verdict: Verdict) -> None:
    steps = lodgement.steps.filter(state=State.SENDING)
    for claim in _held(Claim.objects.filter(pk__in=steps.values("claim"))):
        if claim.state is not State.SENDING:
            continue
        state = State.LODGED if verdict.taken else State.REJECTED
        ClaimStep.add(claim, state, lodgement=lodgement, reason=verdict.reason, by=JOB)
        verb = "taken by the gateway" if verdict.taken else "rejected"
        record_change(claim, verb, {"reason": [None, verdict.reason]}, by=JOB)
