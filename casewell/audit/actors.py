"""Who acts: a member, a member's API key, or a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casewell.accounts.models import ApiKey, Membership


@dataclass(frozen=True)
class Actor:
    """Given to every verb as `by:`. Exactly one of member (with or without a key) and job."""

    member: Membership | None = None
    api_key: ApiKey | None = None
    job: str = ""

    def __post_init__(self) -> None:
        if (self.member is None) == (not self.job):
            raise ValueError("an actor is a member or a job")
        if self.api_key and not self.member:
            raise ValueError("a key acts with its member")

    def __str__(self) -> str:
        return str(self.member.user) if self.member else self.job
