"""Addresses of pages as they stand in e-mail."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def full_address(route: str, *keys: object) -> str:
    """Where people reach the page of that route, from outside: with scheme and host."""
    return settings.SITE_ADDRESS.rstrip("/") + reverse(route, args=keys)
