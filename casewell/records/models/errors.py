"""What the rules of merging forbid."""

from __future__ import annotations

from casewell.lib.errors import RuleViolation


class NotMergeable(RuleViolation):
    """These two cannot become one: one of them went already, or is archived."""

    code = "not_mergeable"


class MergeStands(RuleViolation):
    """It is undone no more: too long ago, or the one who stayed was merged on."""

    code = "merge_stands"


class MergeMixed(RuleViolation):
    """Since then, what came and what was there have become of one another."""

    code = "merge_mixed"
