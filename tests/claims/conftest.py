from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.claims.veteran import Veteran
from tests.invoices.till import Till

if TYPE_CHECKING:
    from tests.world import Practice


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


@pytest.fixture
def vic(till: Till) -> Veteran:
    till.consultation.item_code, till.consultation.price = "PH30", Decimal("80.50")
    till.consultation.save()
    return Veteran.of(till)
