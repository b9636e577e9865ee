"""A database of its own, for rows that are committed in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests import database
from tests.world import open_practice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

    from tests.world import Practice


@pytest.fixture
def large(django_db_blocker: DjangoDbBlocker, django_db_setup: None) -> Iterator[Practice]:
    """A practice in a database of its own, whose rows are committed."""
    usual = connection.settings_dict["NAME"]
    name = f"large_{usual}"
    with django_db_blocker.unblock():
        database.copy(name)
        database.use(name)
        try:
            practice = open_practice("northside", "Northside Physio")
            yield practice
        finally:
            database.use(usual)
            database.drop(name)
