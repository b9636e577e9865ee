"""What the rules of letters forbid."""

from __future__ import annotations

from casewell.lib.errors import RuleViolation


class LetterIsFinal(RuleViolation):
    """What a final letter says does not change; it is taken back, or copied."""


class LetterIsDraft(RuleViolation):
    """Only a final letter is sent."""


class LetterArchived(RuleViolation):
    """An archived letter is restored before anything else."""


class NoAddress(RuleViolation):
    """There is nobody to send it to, or no address to send it to."""
