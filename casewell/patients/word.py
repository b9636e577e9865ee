"""The words by which patients are found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.search import SearchWord


class PatientWord(SearchWord):
    """A word, tail of digits or date by which a patient is found."""

    account = AccountField(related_name="patient_words")
    record = TenantForeignKey(Patient, models.CASCADE, related_name="words")

    class Meta(SearchWord.Meta):
        abstract = False
        indexes: ClassVar = SearchWord.indexes("patient")
