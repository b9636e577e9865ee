"""Ids: ordered, never twice, and safe in every client's number type."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.patients.models import Patient
from casewell.tenancy.ids import EPOCH_MS, RANDOM_BITS, first_id_at, new_id
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from tests.world import Practice

LARGEST_SAFE_IN_JAVASCRIPT = 2**53 - 1


def thousands(_: int = 0) -> list[int]:
    return [new_id() for _ in range(5_000)]


def test_each_id_is_greater_than_the_one_before() -> None:
    ids = thousands()

    assert all(former < latter for former, latter in pairwise(ids))


def test_no_id_is_given_twice_where_threads_ask_together() -> None:
    with ThreadPoolExecutor(4) as threads:
        ids = [given for each in threads.map(thousands, range(4)) for given in each]

    assert len(set(ids)) == len(ids) == 20_000


def test_an_id_tells_the_millisecond_of_its_making() -> None:
    with time_machine.travel(datetime(2025, 1, 2, tzinfo=UTC), tick=False):
        floor = first_id_at(EPOCH_MS + 86_400_000)

        assert new_id() >= floor


def test_ids_go_on_rising_where_the_clock_is_put_back() -> None:
    before = new_id()

    with time_machine.travel(datetime(2025, 2, 1, tzinfo=UTC)):
        assert new_id() == before + 1


def test_the_last_id_of_all_is_still_safe_in_javascript() -> None:
    last_millisecond = EPOCH_MS + 2**41 - 1

    last = first_id_at(last_millisecond) + 2**RANDOM_BITS - 1

    assert last == LARGEST_SAFE_IN_JAVASCRIPT
    assert datetime.fromtimestamp(last_millisecond / 1000, UTC).year == 2094


def test_thousands_of_ids_are_asked_for_in_one_parameter_and_none_are_not_asked_for(
    northside: Practice, elsewhere: Practice, django_assert_num_queries: Any
) -> None:
    ada, bob = northside.ada, northside.patient()
    with account_scope(elsewhere.account):
        theirs = elsewhere.ada.pk
    wanted = [bob.pk, theirs, *range(5000)]

    with CaptureQueriesContext(connection) as captured:
        assert list(Patient.objects.filter(pk__any_of=wanted)) == [bob]
    assert "= ANY(" in captured.captured_queries[0]["sql"]
    assert Patient.objects.filter(pk__any_of=iter([ada.pk, bob.pk])).count() == 2
    with django_assert_num_queries(0):
        assert list(Patient.objects.filter(pk__any_of=set())) == []
        assert Patient.objects.filter(pk__any_of=()).update(first_name="") == 0
