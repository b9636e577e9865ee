"""What a practice decides about its patient cases: what blocks, who may do what, who is told."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from casewell.accounts.roles import Permission, Role


class LimitAction(models.TextChoices):
    """What happens at a limit: the practice's word, which a case may overrule."""

    BLOCK = "block", "Block"
    WARN = "warn", "Warn"


class WhenFull(models.TextChoices):
    """Ways on from a full case that change what else is in it, or the limit."""

    REPLACE = "replace", "Let its last appointment make room"
    RAISE = "raise", "Raise the limit, with a reason"
    FOLLOW = "follow", "Start the next case"


def everyone_who_edits_cases() -> dict[str, list[str]]:
    """Until a practice decides otherwise, who may change cases may do all of it."""
    editors = [role.value for role in Role if role.may(Permission.EDIT_CASES)]
    return {way.value: editors for way in WhenFull}


class CasePolicy(models.Model):
    """The columns of a practice that its cases go by."""

    case_limit_action = models.CharField(
        max_length=5, choices=LimitAction, default=LimitAction.BLOCK
    )
    case_expiry_action = models.CharField(
        max_length=5, choices=LimitAction, default=LimitAction.WARN
    )
    when_full_roles = models.JSONField(default=everyone_who_edits_cases)
    # With nothing booked for so long, the last visit was the last of its course.
    course_ends_after_weeks = models.PositiveSmallIntegerField(
        default=8, validators=[MinValueValidator(1), MaxValueValidator(104)]
    )
    remind_desk_at = models.EmailField("the desk, at", blank=True)
    remind_practitioners = models.BooleanField("the practitioner, by e-mail", default=False)
    remind_patients = models.BooleanField("the patient, by e-mail", default=False)
    # The practice's day on which reminders were last looked for.
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def lets(self, role: str, way: WhenFull) -> bool:
        """Whether that role may take that way on from a full case: the limit, wherever it grows."""
        editors: list[str] = self.when_full_roles.get(way.value, [])
        return role in editors and Role(role).may(Permission.EDIT_CASES)

    def who_may(self, way: WhenFull) -> str:
        """The roles that may take that way on, in words: “only an administrator may”."""
        roles = [role.label.lower() for role in Role if self.lets(role, way)]
        if not roles:
            return "the practice lets no role do it"
        words = [f"{'an' if role[0] in 'aeiou' else 'a'} {role}" for role in roles]
        last = f" or {words.pop()}" if len(words) > 1 else ""
        return f"only {', '.join(words)}{last} may"
