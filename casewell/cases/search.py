"""Search for cases, by their own words and those of their patients."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from casewell.lib.words import LAST_CHARACTER, spellings
from casewell.patients.models import PatientWord
from casewell.tenancy.models import TenantQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable

CaseT = TypeVar("CaseT", bound=models.Model, covariant=True)


class SearchedCaseQuerySet(TenantQuerySet[CaseT]):
    """Cases, each with `words` of its own and a patient with theirs."""

    def matching(self, query: str) -> Self:
        """Cases of which a word starts with one of `query`, and the patient's with the others.

        “Knee” finds every knee and “Rossi knee” that of Ada Rossi; “Rossi” is a patient, no case.
        """
        found, own = self, Q(pk=None)
        for prefixes in spellings(query):
            of_case = Q(pk__in=_records(self._words(), prefixes))
            own |= of_case
            found = found.filter(of_case | Q(patient__in=_records(PatientWord.objects, prefixes)))
        return found.filter(own)

    def _words(self) -> Any:
        return self.model._meta.get_field("words").related_model._base_manager  # type: ignore[union-attr]


def _records(words: Any, prefixes: Iterable[str]) -> Any:
    """The ids of the records that have a word which starts with one of these."""
    ranges = (Q(word__gte=p, word__lt=p + LAST_CHARACTER) for p in prefixes)
    return words.filter(functools.reduce(Q.__or__, ranges)).values("record")
