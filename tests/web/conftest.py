"""Who looks at pages: a browser without scripts, signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


@pytest.fixture
def desk(northside: Practice) -> Client:
    """The receptionist's browser."""
    return signed_in(northside.member)


@pytest.fixture
def admin(northside: Practice) -> Client:
    """The browser of somebody who may change everything."""
    return signed_in(northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR))
