from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.invoices.till import Till

if TYPE_CHECKING:
    from tests.world import Practice


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)
