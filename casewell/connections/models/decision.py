"""What was decided about an approved app, kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from casewell.accounts.models import Shared, User


@dataclass(frozen=True)
class Decider:
    """Who decides: an operator who is signed in, or what `name` says."""

    user: User | None = None
    name: str = ""


COMMAND_LINE = Decider(name="command line")
ANYBODY = Decider(name="the public form")


class AppDecision(Shared):
    """What was decided about an app, by whom, and what it said then. Never changed."""

    append_only = True

    app = models.ForeignKey("connections.ApprovedApp", models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=10)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=50, blank=True)
    why = models.TextField(blank=True)
    told = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.verb} by {self.who}"

    @property
    def who(self) -> str:
        return str(self.user) if self.user else self.by_name

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What was changed: its words, what it was and what it is since."""
        before = self.told.get("before", {})
        return [
            (words, _written(before[name]), _written(self.told[name]))
            for name, words in WORDS.items()
            if name in before and before[name] != self.told.get(name)
        ]


WORDS = {
    "name": "Name",
    "vendor": "Vendor",
    "contact": "Contact",
    "is_signed": "Signed launch",
    "patterns": "Addresses",
}


def _written(value: str | bool | list[str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else ", ".join(value)
