"""A practice's members and invitations as somebody changes them, written down.

The records are those of `accounts`, which knows nothing of Change rows.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from casewell.accounts.models import Account, Invitation, Membership, User
from casewell.accounts.roles import Role
from casewell.accounts.sessions import end_sign_ins
from casewell.audit.actors import Actor
from casewell.audit.models import record_change, recorded
from casewell.lib.errors import RuleViolation
from casewell.tenancy.scope import account_scope


class LastAdministrator(RuleViolation):
    """A practice without an administrator could never be mended from within."""

    code = "last_administrator"


class OnOneself(RuleViolation):
    """Somebody would shut the door on themselves."""

    code = "on_oneself"


class RoleChangedMeanwhile(RuleViolation):
    """Somebody else gave the member another role since the page was drawn."""

    code = "role_changed_meanwhile"


def change_role(member: Membership, role: Role, *, seen: str, by: Actor) -> None:
    """Give a member whose role was `seen` another one.

    Raises RoleChangedMeanwhile, OnOneself or LastAdministrator.
    """
    if seen != member.role:
        raise RoleChangedMeanwhile(
            f"{member.user} has become {member.get_role_display()} meanwhile. Look again."
        )
    if by.member == member and role != member.role:
        raise OnOneself("Ask another administrator to change your own role.")
    with transaction.atomic(), recorded(member, "given a role", by=by):
        if role != Role.ADMINISTRATOR:
            _refuse_for_the_last_administrator(member)
        member.role = role
        member.save(update_fields=["role", "updated_at"])


def switch_off(member: Membership, *, by: Actor) -> None:
    """Let a member in no more, from this moment. Raises OnOneself or LastAdministrator."""
    if by.member == member:
        raise OnOneself("You cannot switch yourself off. Ask another administrator.")
    with transaction.atomic(), recorded(member, "switched off", by=by):
        _refuse_for_the_last_administrator(member)
        member.active = False
        member.save(update_fields=["active", "updated_at"])
        if not member.user.memberships.filter(active=True).exists():
            end_sign_ins(member.user)


def switch_on(member: Membership, *, by: Actor) -> None:
    """Let a former member in again."""
    with recorded(member, "switched on", by=by):
        member.active = True
        member.save(update_fields=["active", "updated_at"])


def invite(invitation: Invitation, *, by: Actor) -> str:
    """Store an invitation; its token, known from this answer alone."""
    with transaction.atomic():
        earlier = invitation.account.invitations.pending().filter(email=invitation.email)
        for old in earlier.select_for_update(no_key=True):
            revoke(old, by=by)
        token = invitation.renew()
        with recorded(invitation, "invited", by=by):
            invitation.save(force_insert=True)
    return token


def renew(invitation: Invitation, *, by: Actor) -> str:
    """A new token, which lasts anew; the former link opens nothing any more."""
    with recorded(invitation, "invited again", by=by):
        token = invitation.renew()
        invitation.save(update_fields=["digest", "expires_at", "updated_at"])
    return token


def revoke(invitation: Invitation, *, by: Actor) -> None:
    """Take an invitation back."""
    with recorded(invitation, "taken back", by=by):
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at", "updated_at"])


def join(invitation: Invitation, user: User) -> Membership:
    """Accept an invitation as `user`, who thereby acts. Raises InvitationGone."""
    with account_scope(invitation.account):
        before = Invitation.objects.get(pk=invitation.pk)
        member = invitation.accept(user)
        with recorded(invitation, "accepted", by=Actor(member=member), before=before):
            pass
    return member


def renamed(user: User) -> None:
    """Store how a user is called, and tell each of their practices."""
    fields = ("title", "first_name", "last_name")
    with transaction.atomic():
        former = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        pairs = {name: [getattr(former, name), getattr(user, name)] for name in fields}
        changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        user.save(update_fields=[*fields, "updated_at"])
        for member in user.memberships.filter(active=True).select_related("account", "user"):
            with account_scope(member.account):
                record_change(member, "renamed", changes, by=Actor(member=member))


def _refuse_for_the_last_administrator(member: Membership) -> None:
    # The account's row is held, so that two administrators cannot remove each other at once.
    Account.objects.select_for_update(no_key=True).get(pk=member.account_id)
    others = Membership.objects.live().administrators().exclude(pk=member.pk)
    if member.role == Role.ADMINISTRATOR and not others.filter(account=member.account_id).exists():
        raise LastAdministrator(
            f"{member.user} is the only administrator. Make somebody else one first."
        )
