"""The operator's browser, and what its pages answer."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.test import Client

from casewell.accounts.models import User
from tests.world import BACKEND, words_in


def browser_of_olga() -> Client:
    """An operator's browser; Olga is in no practice."""
    user = User.objects.create_user(
        email="olga@example.com", first_name="Olga", last_name="Perez", is_operator=True
    )
    client = Client()
    client.force_login(user, BACKEND)
    return client


def shown(answer: Any) -> str:
    """The words of the page."""
    return words_in(answer.content.decode())


def said(answer: Any) -> list[str]:
    """The messages that the answer leaves for the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]
