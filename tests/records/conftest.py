"""Who is merged into Ada."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.world import Practice


@pytest.fixture
def ben(northside: Practice) -> Patient:
    """Who goes into Ada, with an e-mail address that she has not given."""
    return northside.patient("Ben", "Rossi", email="ben@example.com")
