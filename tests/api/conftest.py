from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from tests.api.client import Program, program_of

if TYPE_CHECKING:
    from tests.world import Practice


@pytest.fixture
def program(northside: Practice) -> Program:
    """A program with an administrator's key of the practice that a test is in."""
    northside.member.role = Role.ADMINISTRATOR
    northside.member.save()
    return program_of(northside)
