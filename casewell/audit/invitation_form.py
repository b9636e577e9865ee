"""Whom an administrator invites into the practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django import forms

from casewell.accounts.models import Invitation
from casewell.audit.forms import GroupedForm
from casewell.audit.members import invite

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class InvitationForm(GroupedForm[Invitation]):
    """Whom to invite, and as what."""

    groups: ClassVar = {"Invite somebody": ("email", "role", "first_name", "last_name")}
    spans: ClassVar = {"email": 6, "role": 6, "first_name": 6, "last_name": 6}

    class Meta:
        model = Invitation
        fields: ClassVar = ["email", "role", "first_name", "last_name"]
        labels: ClassVar = {"email": "Email"}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        members = self.instance.account.memberships.filter(user__email=email)
        if member := members.select_related("user").first():
            state = "is a member already" if member.active else "is a member who is switched off"
            raise forms.ValidationError(f"{member.user} {state}.")
        return email

    def issue(self, *, by: Actor) -> str:
        """Store the invitation of a valid form; its token, known from this answer alone."""
        assert by.member is not None  # noqa: S101 - the type's promise: a person invites
        self.instance.invited_by = by.member.user
        return invite(self.instance, by=by)
