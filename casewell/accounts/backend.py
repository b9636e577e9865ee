"""Who is signed in, read together with the practices that they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.auth_backends import AuthenticationBackend

from casewell.accounts.models import Membership

if TYPE_CHECKING:
    from casewell.accounts.models import User


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's; a member's user comes with their memberships, so a page asks once for both."""

    def get_user(self, user_id: Any) -> User | None:
        """The user with `known_memberships`, where they are in a practice at all."""
        rows = Membership.objects.select_related("account", "user").filter(active=True)
        found = list(rows.filter(user=user_id).order_by("account__name"))
        if not found:
            user: User | None = super().get_user(user_id)
            return user
        user = found[0].user
        user.known_memberships = found
        return user if self.user_can_authenticate(user) else None
