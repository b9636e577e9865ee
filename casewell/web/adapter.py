"""What Casewell decides about sign-in, where the library asks."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError

from casewell.lib.demo_password import DEMO_PASSWORD

if TYPE_CHECKING:
    from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; the demo's password opens nothing from afar."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        if credentials.get("password") == DEMO_PASSWORD and not is_from_this_machine(request):
            raise ValidationError("The demo's password works on the machine itself only.")

    def clean_password(self, password: str, user: Any = None) -> str:
        if password == DEMO_PASSWORD:
            raise ValidationError("Everybody knows this password. Choose another.")
        cleaned: str = super().clean_password(password, user)
        return cleaned


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether both ends are loopback: the sender, and the name that the page was asked by."""
    name = request.get_host().rsplit(":", 1)[0].strip("[]")
    forwarded = "HTTP_X_FORWARDED_FOR" in request.META
    return not forwarded and _is_loopback(request.META["REMOTE_ADDR"]) and _is_loopback(name)


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
