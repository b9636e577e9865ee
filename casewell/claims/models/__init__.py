"""What is claimed from Medicare and DVA. What was lodged, and what came of it, is only added to."""

from __future__ import annotations

from casewell.claims.models.claim import Claim, State, kind_for
from casewell.claims.models.errors import ClaimLacks, ClaimStands, NotClaimable
from casewell.claims.models.settling import take_back
from casewell.claims.models.step import ClaimStep, Lodgement

__all__ = [
    "Claim",
    "ClaimLacks",
    "ClaimStands",
    "ClaimStep",
    "Lodgement",
    "NotClaimable",
    "State",
    "kind_for",
    "take_back",
]
