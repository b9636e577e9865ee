"""What the rules of claims forbid."""

from __future__ import annotations

from casewell.lib.errors import RuleViolation


class NotClaimable(RuleViolation):
    """The visit did not take place, or is claimed already."""


class ClaimStands(RuleViolation):
    """The claim is not in a state in which that can be done."""


class ClaimLacks(RuleViolation):
    """The claim says too little, or says what cannot be."""
