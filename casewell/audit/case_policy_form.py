"""What an administrator decides about patient cases: what blocks, who may do what, who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from casewell.accounts.case_policy import WhenFull
from casewell.accounts.models import Account
from casewell.accounts.roles import Permission, Role
from casewell.audit.forms import GroupedForm

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class CasePolicyForm(GroupedForm[Account]):
    """The practice's word on its cases."""

    groups: ClassVar = {
        "At limits": ("case_limit_action", "case_expiry_action"),
        "Reports after the last visit": ("course_ends_after_weeks",),
        "Who is told that a case is about to expire or be used up": (
            "remind_desk_at",
            "remind_practitioners",
            "remind_patients",
        ),
    }

    class Meta:
        model = Account
        fields: ClassVar = [
            "case_limit_action",
            "case_expiry_action",
            "course_ends_after_weeks",
            "remind_desk_at",
            "remind_practitioners",
            "remind_patients",
        ]
        labels: ClassVar = {
            "case_limit_action": "When a case is full",
            "case_expiry_action": "When a case has expired by then",
            "course_ends_after_weeks": "Weeks without a booking that end a course",
            "remind_desk_at": "The desk, at this e-mail address",
            "remind_practitioners": "The practitioner of the next or last visit, by e-mail",
            "remind_patients": "The patient, by e-mail",
        }
        help_texts: ClassVar = {
            "case_limit_action": "A case may overrule this.",
            "case_expiry_action": "The funder keeps the true count, so most practices warn.",
            "course_ends_after_weeks": "A report after the last visit is due then.",
            "remind_desk_at": "Today shows it in any case. Once each morning, once per case.",
            "remind_patients": "Not those who want no reminders, or text messages alone.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = [(way, self._ticks(way)) for way in WhenFull]

    @property
    def roles(self) -> list[Role]:
        """Those who may change cases at all."""
        return [role for role in Role if role.may(Permission.EDIT_CASES)]

    def _ticks(self, way: WhenFull) -> list[tuple[str, Role, bool]]:
        """For each role: the name of its box, and whether it is ticked."""
        allowed = self.instance.when_full_roles.get(way.value, [])
        if self.is_bound:
            allowed = [role for role in self.roles if self._name(way, role) in self.data]
        return [(self._name(way, role), role, role in allowed) for role in self.roles]

    def _name(self, way: WhenFull, role: Role) -> str:
        return f"{way.value}-{role.value.replace(' ', '-')}"

    def save(self, *, by: Actor) -> Account:  # type: ignore[override]
        self.instance.when_full_roles = {
            way.value: [role.value for _, role, ticked in ticks if ticked]
            for way, ticks in self.ways
        }
        return super().save(by=by)
