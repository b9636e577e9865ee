"""A real gateway can be added: a server that takes claims, refuses them or is away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from casewell.claims.address import gateway_address
from casewell.claims.gateways import FileGateway, HttpGateway, chosen_gateway
from casewell.claims.lodging import lodge, send
from casewell.claims.models import Claim, ClaimStands, State
from casewell.events.addresses import NotAllowed
from tests.events.receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from casewell.claims.models import Lodgement
    from tests.claims.veteran import Veteran
    from tests.events.receiver import Receiver

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def server(settings: Any) -> Iterator[Receiver]:
    """A gateway on this machine, and the setting that connects it."""
    with receiving() as found:
        settings.WEBHOOK_LOOPBACK = True
        settings.CLAIM_GATEWAY = found.url
        settings.CLAIM_GATEWAY_SECRET = "opensesame"
        yield found


def sent(lodgement: Lodgement, *, last_try: bool = False) -> bool:
    return send(lodgement.account_id, lodgement.pk, last_try=last_try).taken


def state_of(claim: Claim) -> State:
    return Claim.objects.get(pk=claim.pk).state


def test_without_a_setting_claims_go_into_a_file_and_an_address_is_held_to_the_rules_of_webhooks(
    settings: Any,
) -> None:
    assert isinstance(chosen_gateway(), FileGateway)
    settings.CLAIM_GATEWAY = gateway_address("https://claims.example.com/in")
    chosen = chosen_gateway()
    assert isinstance(chosen, HttpGateway)
    assert chosen.url == "https://claims.example.com/in"
    for refused in ("http://claims.example.com/", "https://10.0.0.1/", "https://localhost/", "x"):
        with pytest.raises(NotAllowed):
            gateway_address(refused)


def test_a_gateway_takes_a_claim_once_however_often_the_worker_asks(
    vic: Veteran, server: Receiver
) -> None:
    claim = vic.claim()
    lodgement = lodge([claim], by=vic.practice.by)
    assert (state_of(claim), server.calls) == (State.SENDING, [])
    with pytest.raises(ClaimStands, match="This claim is sending"):
        claim.write({"fee": "1.00"}, by=vic.practice.by)

    assert [sent(lodgement), sent(lodgement)] == [True, True]

    (call,) = server.calls
    assert call.headers["authorization"] == "Bearer opensesame"
    assert call.headers["idempotency-key"] == str(lodgement.pk)
    assert call.body.decode() == lodgement.document
    assert json.loads(call.body) == {
        "lodgement": str(lodgement.pk),
        "claims": [{"id": str(claim.pk), "kind": "dva", "values": claim.texts}],
    }
    steps = claim.steps.order_by("number").values_list("state", "said_by")
    assert list(steps) == [(State.SENDING, "Rita Desk"), (State.LODGED, "claim gateway")]


def test_what_a_gateway_refuses_is_rejected_with_its_reason_and_can_be_mended(
    vic: Veteran, server: Receiver
) -> None:
    server.answers = [422, 200]
    claim = vic.claim()
    sent(lodge([claim], by=vic.practice.by))

    rejected = claim.steps.order_by("-number").first()
    assert rejected is not None
    assert (rejected.state, rejected.reason) == (State.REJECTED, "The gateway refused it (422).")
    claim = Claim.objects.get(pk=claim.pk)
    claim.write(claim.texts | {"item_number": "PH20"}, by=vic.practice.by)
    sent(lodge([claim], by=vic.practice.by))
    assert state_of(claim) == State.LODGED


@pytest.mark.parametrize("answer", [503, 429, b"rubbish"])
def test_a_gateway_that_is_away_is_asked_again_until_the_last_time(
    vic: Veteran, server: Receiver, answer: int | bytes
) -> None:
    server.answers = [answer]
    claim = vic.claim()
    lodgement = lodge([claim], by=vic.practice.by)

    assert [sent(lodgement), state_of(claim)] == [False, State.SENDING]
    assert [sent(lodgement, last_try=True), state_of(claim)] == [False, State.REJECTED]
    step = claim.steps.order_by("-number").first()
    assert step is not None
    assert step.reason.startswith("Not sent: ")
    assert len({call.headers["idempotency-key"] for call in server.calls}) == 1


def test_a_gateway_that_was_disconnected_meanwhile_has_taken_nothing(
    vic: Veteran, server: Receiver, settings: Any
) -> None:
    claim = vic.claim()
    lodgement = lodge([claim], by=vic.practice.by)
    settings.CLAIM_GATEWAY = ""

    assert [sent(lodgement), state_of(claim)] == [False, State.SENDING]
    assert server.calls == []
