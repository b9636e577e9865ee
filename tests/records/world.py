"""A merge, as the tests of merging make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.records.models import Merge

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.world import Practice


def merged(northside: Practice, gone: Patient, **fields: Any) -> Merge:
    """`gone` into Ada."""
    return Merge.make(northside.ada, gone, by=northside.by, **fields)
