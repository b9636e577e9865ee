"""A word by which a case is found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewell.cases.models.case import PatientCase
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.search import SearchWord


class CaseWord(SearchWord):
    """A word by which a case is found."""

    account = AccountField(related_name="case_words")
    record = TenantForeignKey(PatientCase, models.CASCADE, related_name="words")

    class Meta(SearchWord.Meta):
        abstract = False
        indexes: ClassVar = SearchWord.indexes("case")
