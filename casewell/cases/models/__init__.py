"""The patient case with what belongs to it: programmes, approvals, duties."""

from __future__ import annotations

from casewell.cases.models.amounts import AmountUsage
from casewell.cases.models.approval import Approval
from casewell.cases.models.caps import CapUse, cap_uses, shares_cap
from casewell.cases.models.case import PatientCase, the_one_that_fits
from casewell.cases.models.case_queryset import PatientCaseQuerySet
from casewell.cases.models.duty import DutyDone
from casewell.cases.models.errors import (
    AmountPassed,
    CapReached,
    CaseClosed,
    CaseExpired,
    CaseFull,
    NotRaised,
    NotReleased,
    WrongPatient,
)
from casewell.cases.models.papers import CaseAttachment, CaseReminder
from casewell.cases.models.programme import Programme, shipped_programmes
from casewell.cases.models.succession import draft_of_successor
from casewell.cases.models.word import CaseWord

__all__ = [
    "AmountPassed",
    "AmountUsage",
    "Approval",
    "CapReached",
    "CapUse",
    "CaseAttachment",
    "CaseClosed",
    "CaseExpired",
    "CaseFull",
    "CaseReminder",
    "CaseWord",
    "DutyDone",
    "NotRaised",
    "NotReleased",
    "PatientCase",
    "PatientCaseQuerySet",
    "Programme",
    "WrongPatient",
    "cap_uses",
    "draft_of_successor",
    "shares_cap",
    "shipped_programmes",
    "the_one_that_fits",
]
