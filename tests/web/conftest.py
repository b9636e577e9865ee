"""Who looks at pages: a browser without scripts, signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


@pytest.fixture
def desk(northside: Practice) -> Client:
    """The receptionist's browser."""
    return signed_in(northside.member)
