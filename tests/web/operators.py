"""The operator's browser, and what the pages outside the practices answer."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from casewell.accounts.models import User
from tests.web.pages import said as said
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


def token_in(answer: Any) -> str:
    """The launch token that the page shows."""
    found = re.search(r"launch_token=([\w.-]+)", answer.content.decode())
    assert found
    return found[1]
