"""What Casewell decides about sign-in, where the library asks."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; practices make their users."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
