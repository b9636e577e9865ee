"""What the frame of every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.accounts.roles import Permission
from casewell.web.shortcuts import shortcuts_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.accounts.models import Membership


class May:
    """A member's permissions as a template asks for them: `{% if may.book %}`."""

    def __init__(self, member: Membership) -> None:
        self.member = member

    def __getitem__(self, name: str) -> bool:
        return self.member.may(Permission(name))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The user's practices and permissions; nothing where no practice is entered."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    memberships = getattr(request, "memberships", [])
    practices = [(m.account.name, m.account.slug) for m in memberships]
    return {"may": May(member), "practices": practices, "shortcuts": shortcuts_of(member)}
