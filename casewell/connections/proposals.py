"""Proposals from the public form: taken once, and not more of them than an operator can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from casewell.connections.models import ANYBODY, ApprovedApp, check_patterns
from casewell.lib.errors import RuleViolation
from casewell.lib.turns import take_turns

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_WAITING = 200
PROPOSAL_LOCK = 4_202_535_413  # any number; the same for every Casewell


class TooManyProposals(RuleViolation):
    """So many proposals wait for an operator that no more are taken."""

    code = "too_many_proposals"


def take_proposal(patterns: Iterable[str], **fields: Any) -> ApprovedApp:
    """Add what a visitor proposes, or find it where the same waits already.

    Nothing is fetched from the addresses. Raises TooManyProposals, or ValidationError.
    """
    wanted = check_patterns(patterns)
    with transaction.atomic():
        take_turns(PROPOSAL_LOCK)
        waiting = ApprovedApp.objects.proposed()
        same = waiting.filter(name__iexact=fields["name"], contact__iexact=fields["contact"])
        for app in same.prefetch_related("patterns"):
            if set(app.written_patterns) == set(wanted):
                return app
        if waiting.count() >= MOST_WAITING:
            raise TooManyProposals(
                "Too many proposals wait to be looked at, so no more are taken just now. "
                "Please try again in some days."
            )
        return ApprovedApp.propose(wanted, by=ANYBODY, **fields)
